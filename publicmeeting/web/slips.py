"""Content of a receipt and a pass, as the words and numbers in a saved picture."""

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts import subject
from publicmeeting.domain.timeline import MarkState
from publicmeeting.kit.digits import persian
from publicmeeting.kit.ical import Appointment
from publicmeeting.kit.jalali import day_month, moment_words, parts, weekday_name
from publicmeeting.media.sheets import slips as drawn
from publicmeeting.media.sheets.signs import Icon
from publicmeeting.media.sheets.slips import NextStep
from publicmeeting.text.common.dates_text import clock, until_words
from publicmeeting.text.filing import receipt_text, slips_text
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.filing.receipts import ProofSheet, Receipt
from publicmeeting.usecases.meetings.in_hall.passes import REMIND, SeatPass

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
        steps.append(NextStep(receipt_text.DRAWN, moment_words(facts.draw_at)))
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
