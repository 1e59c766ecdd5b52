"""Files for a citizen: receipt, pass, calendar entry, proof sheet; and an order's PDF.

An order's PDF is for everybody who may see the order.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.kit.digits import is_code, persian
from publicmeeting.kit.ical import Appointment, calendar_file
from publicmeeting.kit.jalali import day_month, moment_words, parts, weekday_name
from publicmeeting.media.sheets import slips as drawn
from publicmeeting.media.sheets.canvas import Composed
from publicmeeting.media.sheets.qr import qr_svg
from publicmeeting.media.sheets.signs import Icon
from publicmeeting.media.sheets.slips import NextStep, compose_pass, compose_receipt
from publicmeeting.media.storage import SealedStorage
from publicmeeting.text.common.dates_text import clock, moment, until_words
from publicmeeting.text.filing import receipt_text, slips_text
from publicmeeting.text.public_record import log_text
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.base import Nothing, OneCase, UseCase
from publicmeeting.usecases.filing.receipts import (
    OneReceipt,
    ProofSheet,
    Receipt,
    SignedReceipt,
    one_receipt,
    proof_sheet,
    receipt,
    signed_receipts,
)
from publicmeeting.usecases.meetings.in_hall.hall import CODE_DIGITS, my_door
from publicmeeting.usecases.meetings.in_hall.passes import REMIND, SeatPass, seat_pass
from publicmeeting.usecases.orders.pages import OneOrder
from publicmeeting.usecases.orders.paper.document_audit import printable_file
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import NO_TAKES, PRIVATE

_SIGN: dict[AccessNeed, Icon] = {
    AccessNeed.STEP_FREE: "wheelchair",
    AccessNeed.SIGN_LANGUAGE: "hand",
    AccessNeed.COMPANION: "people",
    AccessNeed.HARD_OF_HEARING: "ear",
    AccessNeed.LOW_VISION: "eye",
}


def track_address(public_url: str, code: str) -> str:
    """Return the content of a pass's QR code: an address with the tracking code in it.

    Any telephone opens it, and reception reads the code from it.
    """
    return f"{public_url}/track/?code={code}"


def proving_address(public_url: str, facts: Receipt) -> str:
    """Return the same with district and ticket in the fragment, which browsers do not send.

    The page of draws reads them from a picture of the receipt, and no server learns them.
    """
    return f"{track_address(public_url, facts.code)}#d={facts.district}&t={facts.ticket}"


def receipt_slip(facts: Receipt, public_url: str) -> drawn.Receipt:
    return drawn.Receipt(
        district=facts.district,
        title=slips_text.RECEIPT,
        place=_place(facts.district),
        code=(receipt_text.CODE, facts.code),
        values=(
            (slips_text.SUBJECT, subject(facts.subject).name),
            (slips_text.FILED, moment_words(facts.filed_at)),
        ),
        qr_text=proving_address(public_url, facts),
        ticket=(receipt_text.TICKET, facts.ticket),
        next_title=receipt_text.NEXT,
        next_steps=_road(facts),
        log=(slips_text.LOG, facts.log.on_paper),
    )


def pass_slip(facts: SeatPass, public_url: str) -> drawn.Pass:
    year = persian(parts(facts.monday)[0])
    return drawn.Pass(
        district=facts.district,
        title=slips_text.PASS,
        place=_place(facts.district),
        weekday=weekday_name(facts.monday),
        date=f"{day_month(facts.monday)} {year}",
        time=(slips_text.TIME, clock(facts.time)),
        seat=facts.number,
        seats=facts.seats,
        seat_line=slips_text.SEAT.format(number=persian(facts.number)),
        values=((slips_text.NAME, facts.name), (slips_text.IDENTITY[facts.kind], facts.identity)),
        qr_text=track_address(public_url, facts.code),
        code=(receipt_text.CODE, facts.code),
        notes=_notes(facts),
        log=(slips_text.LOG, facts.log.on_paper),
    )


def appointment(facts: SeatPass, host: str) -> Appointment:
    """Return the seat as a calendar entry; without names, because calendars are shared."""
    district = persian(facts.district)
    summary, place, bring = slips_text.CALENDAR, _where(facts), facts.place.bring
    if facts.by_telephone:
        summary, place, bring = slips_text.CALENDAR_BY_PHONE, "", case_text.BY_TELEPHONE
    return Appointment(
        uid=f"{facts.code}@{host}",
        begins_at=facts.begins_at,
        ends_at=facts.ends_at,
        summary=summary.format(district=district),
        place=place,
        notes=slips_text.CALENDAR_NOTES.format(code=facts.code, bring=bring),
        reminders=REMIND,
    )


def proof_text(sheet: ProofSheet) -> str:
    """Return the proof sheet, without the identity: the file alone must not contain everything."""
    return slips_text.PROOF.format(
        code=sheet.code,
        ticket=sheet.ticket,
        salt=sheet.salt,
        log=sheet.log.on_paper,
        district=f"{sheet.district:02d}",
        formula="publicmeeting/ticket/v1",
        method="SHA-256",
    )


def _road(facts: Receipt) -> tuple[NextStep, ...]:
    steps = [NextStep(receipt_text.FILED, moment_words(facts.filed_at), MarkState.PAST)]
    if facts.screened_by:
        until = until_words(facts.screened_by)
        steps.append(NextStep(receipt_text.SCREENED, until, MarkState.NOW))
    if facts.draw_at:
        steps.append(NextStep(receipt_text.DRAWN, moment(facts.draw_at)))
    step_text = slips_text.STEP_MEETING_WHEN if facts.has_mobile else slips_text.STEP_MEETING_CALL
    return (*steps, NextStep(receipt_text.MET, step_text))


def _notes(facts: SeatPass) -> tuple[tuple[Icon, str], ...]:
    if facts.by_telephone:
        return (("clock", case_text.BY_TELEPHONE),)
    needs = ((_SIGN[need], slips_text.NEED[need]) for need in map(AccessNeed, facts.needs))
    guest = case_text.GUEST.format(name=facts.guest)
    beside: tuple[tuple[Icon, str], ...] = (("people", guest),) if facts.guest else ()
    return (("pin", _where(facts)), *beside, *needs, ("paper", facts.place.bring))


def _place(district: int) -> str:
    return slips_text.PLACE.format(district=persian(district))


def _where(facts: SeatPass) -> str:
    return slips_text.where(facts.district, facts.place.address, facts.place.hall)


MADE_BY = "-//publicmeeting//FA"
_PDF = b"%PDF-"
_HER_PAGE = "/mine/"
R = TypeVar("R")


async def receipt_picture(request: Request) -> Response:
    facts = await _facts(request, receipt)
    if facts is None:
        return not_found(request, PRIVATE)
    slip = receipt_slip(facts, browser.settings(request).public_url)
    return await _picture(request, lambda: compose_receipt(slip), f"receipt-{facts.code}")


async def pass_picture(request: Request) -> Response:
    facts = await _facts(request, seat_pass)
    if facts is None:
        return not_found(request, PRIVATE)
    slip = pass_slip(facts, browser.settings(request).public_url)
    return await _picture(request, lambda: compose_pass(slip), f"pass-{facts.code}")


async def pass_calendar(request: Request) -> Response:
    facts = await _facts(request, seat_pass)
    if facts is None:
        return not_found(request, PRIVATE)
    host = urlsplit(browser.settings(request).public_url).hostname or ""
    made_at = browser.application(request).clock()
    text = calendar_file(appointment(facts, host), MADE_BY, made_at)
    return _file(text.encode(), "text/calendar; charset=utf-8", f"pass-{facts.code}.ics")


async def proof(request: Request) -> Response:
    sheet = await _facts(request, proof_sheet)
    if sheet is None:
        return not_found(request, PRIVATE)
    return _file(proof_text(sheet).encode(), "text/plain; charset=utf-8", f"proof-{sheet.code}.txt")


async def code_picture(request: Request) -> Response:
    """Return the QR code of a receipt or pass, for the page that shows it."""
    facts = await _facts(request, receipt)
    if facts is None:
        return not_found(request, PRIVATE)
    drawing = qr_svg(proving_address(browser.settings(request).public_url, facts))
    return Response(drawing, media_type="image/svg+xml", headers=PRIVATE)


async def door_picture(request: Request) -> Response:
    """Return the QR code for the hall's screen and door: it leads each citizen to her own page."""
    drawing = qr_svg(f"{browser.settings(request).public_url}/mine/")
    return Response(drawing, media_type="image/svg+xml")


async def hall_picture(request: Request) -> Response:
    """Return the QR code for the hall's screen: her own page, with the code shown now."""
    digits = request.path_params["digits"]
    if not is_code(digits, CODE_DIGITS):
        return not_found(request, PRIVATE)
    drawing = qr_svg(f"{browser.settings(request).public_url}/here/{digits}/")
    return Response(drawing, media_type="image/svg+xml", headers=PRIVATE)


async def here(request: Request) -> Response:
    """Redirect from that QR code to the page of her seat today.

    Without a session she gets her requests, and types the code later. The redirect does not record
    that she is here; she presses a button for that.
    """
    try:
        code = await browser.query(request, my_door, Nothing())
    except Denied:
        code = ""
    digits = "".join(digit for digit in request.path_params["digits"] if digit in "0123456789")
    return see_other(f"{_HER_PAGE}{code}/?hall={digits[:CODE_DIGITS]}" if code else _HER_PAGE)


async def order_print(request: Request) -> Response:
    """Return the file that was stored when the order was signed.

    Numbers are consecutive, so the time of a refusal must not reveal how many orders exist. A row
    that names another file, such as a citizen's photograph, gives it to nobody.
    """
    asked_at = anyio.current_time()
    number, application = request.path_params["number"], browser.application(request)
    try:
        name = await browser.query(request, printable_file, OneOrder(number=number))
        data = await anyio.to_thread.run_sync(_pdf, application.images, name)
    except (Denied, KeyError):
        await anyio.sleep_until(asked_at + NO_TAKES)
        return not_found(request, PRIVATE)
    return _file(data, "application/pdf", f"order-{number}.pdf")


def _pdf(images: SealedStorage, name: str) -> bytes:
    """Return a file; KeyError for one that is no PDF."""
    data = images.get(name)
    if not data.startswith(_PDF):
        raise KeyError(name)
    return data


async def _facts(request: Request, query: UseCase[OneCase, R]) -> R | None:
    """Return the result; None for missing and forbidden, both after the same time."""
    asked_at = anyio.current_time()
    command = OneCase(code=request.path_params["code"])
    try:
        return await browser.query(request, query, command)
    except Denied:
        await anyio.sleep_until(asked_at + NO_TAKES)
        return None


async def _picture(request: Request, compose: Callable[[], Composed], name: str) -> Response:
    limiter: anyio.CapacityLimiter = request.app.state.decoding
    made = await anyio.to_thread.run_sync(compose, limiter=limiter)
    return _file(made.image, made.kind, f"{name}.{made.kind.partition('/')[2]}")


def _file(data: bytes, kind: str, name: str) -> Response:
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, headers=headers)


# A citizen's signed receipts: each as a file and as a QR code of the whole text, and all of them as
# JSON for the page that checks them.

_PLAIN = "text/plain; charset=utf-8"


async def receipts(request: Request) -> Response:
    """Return the newest entries about a ticket, with their notes; 404 for all others."""
    found = await _facts(request, signed_receipts)
    if found is None:
        return not_found(request, PRIVATE)
    body = {
        "code": found.code,
        "ticket": found.ticket,
        "origin": found.origin,
        "keys": list(found.keys),
        "receipts": [_line(signed_receipt) for signed_receipt in found.receipts],
    }
    return JSONResponse(body, headers=PRIVATE)


async def receipt_file(request: Request) -> Response:
    """Return one note, byte for byte."""
    found = await _one(request)
    if found is None:
        return not_found(request, PRIVATE)
    name = f"receipt-{request.path_params['code']}-{found.entry.seq}.txt"
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.note.encode(), media_type=_PLAIN, headers=headers)


async def receipt_code(request: Request) -> Response:
    """Return the whole note as a QR code."""
    found = await _one(request)
    if found is None:
        return not_found(request, PRIVATE)
    try:
        drawing = qr_svg(found.note)
    except ValueError:  # an entry too long for any QR code: the file has it
        return not_found(request, PRIVATE)
    return Response(drawing, media_type="image/svg+xml", headers=PRIVATE)


async def _one(request: Request) -> SignedReceipt | None:
    asked_at = anyio.current_time()
    command = OneReceipt(code=request.path_params["code"], seq=request.path_params["seq"])
    try:
        return await browser.query(request, one_receipt, command)
    except Denied:
        await anyio.sleep_until(asked_at + NO_TAKES)
        return None


def _line(signed_receipt: SignedReceipt) -> Mapping[str, object]:
    return {
        "seq": signed_receipt.entry.seq,
        "what": log_text.KIND[signed_receipt.entry.kind],
        "at": moment_words(datetime.fromisoformat(signed_receipt.entry.at)),
        "note": signed_receipt.note,
    }


def routes() -> list[Route]:
    return [
        Route("/receipt/{code}.png", receipt_picture),
        Route("/pass/{code}.png", pass_picture),
        Route("/pass/{code}.ics", pass_calendar),
        Route("/proof/{code}.txt", proof),
        Route("/qr/mine.svg", door_picture),
        Route("/qr/hall/{digits}.svg", hall_picture),
        Route("/here/{digits}/", here),
        Route("/qr/{code}.svg", code_picture),
        Route("/orders/{number}.pdf", order_print),
        Route("/receipts/{code}.json", receipts),
        Route("/receipts/{code}/{seq:number}.txt", receipt_file),
        Route("/receipts/{code}/{seq:number}.svg", receipt_code),
    ]
