"""A receipt and a pass in the words and numbers that a saved picture shows."""

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.subjects import subject
from publicmeeting.kit.digits import persian
from publicmeeting.kit.ical import Appointment
from publicmeeting.kit.jalali import day_month, moment_words, parts, weekday_name
from publicmeeting.media import receipt as drawn
from publicmeeting.media.icons import Icon
from publicmeeting.media.slip import NextStep
from publicmeeting.text import my_case
from publicmeeting.text import slips as words
from publicmeeting.text.dates import clock, until_words
from publicmeeting.usecases.receipts import ProofSheet, Receipt
from publicmeeting.usecases.seat_pass import REMIND, SeatPass

LOG_LETTERS = 8
_NEEDS: dict[AccessNeed, tuple[Icon, str]] = {
    AccessNeed.STEP_FREE: ("wheelchair", my_case.STEP_FREE),
    AccessNeed.SIGN_LANGUAGE: ("hand", my_case.SIGN_LANGUAGE),
    AccessNeed.COMPANION: ("people", my_case.COMPANION),
}


def track_address(public_url: str, code: str) -> str:
    """What the QR of a pass says: any telephone opens it, reception reads the code in it."""
    return f"{public_url}/track/?code={code}"


def proving_address(public_url: str, facts: Receipt) -> str:
    """The same with district and ticket behind the mark that no browser sends: the page of draws
    reads them from a picture of the receipt, and no server hears of it."""
    return f"{track_address(public_url, facts.code)}#d={facts.district}&t={facts.ticket}"


def receipt_slip(facts: Receipt, public_url: str) -> drawn.Receipt:
    return drawn.Receipt(
        district=facts.district,
        title=words.RECEIPT,
        place=_place(facts.district),
        code=(words.CODE, facts.code),
        values=(
            (words.SUBJECT, subject(facts.subject).name),
            (words.FILED, moment_words(facts.filed_at)),
        ),
        qr_text=proving_address(public_url, facts),
        ticket=(words.TICKET, facts.ticket),
        next_title=words.NEXT,
        next_steps=_road(facts),
        log=(words.LOG, facts.log_hash[:LOG_LETTERS]),
    )


def pass_slip(facts: SeatPass, public_url: str) -> drawn.Pass:
    year = persian(parts(facts.monday)[0])
    return drawn.Pass(
        district=facts.district,
        title=words.PASS,
        place=_place(facts.district),
        weekday=weekday_name(facts.monday),
        date=f"{day_month(facts.monday)} {year}",
        time=(words.TIME, clock(facts.time)),
        seat=facts.number,
        seats=facts.seats,
        seat_line=words.SEAT.format(number=persian(facts.number)),
        values=((words.NAME, facts.name), (words.IDENTITY[facts.kind], facts.identity)),
        qr_text=track_address(public_url, facts.code),
        code=(words.CODE, facts.code),
        notes=_notes(facts),
        log=(words.LOG, facts.log_hash[:LOG_LETTERS]),
    )


def appointment(facts: SeatPass, host: str) -> Appointment:
    """Her seat for a calendar: it names no person, since calendars are shared."""
    district = persian(facts.district)
    return Appointment(
        uid=f"{facts.code}@{host}",
        begins_at=facts.begins_at,
        ends_at=facts.ends_at,
        summary=words.CALENDAR.format(district=district),
        place=_where(facts),
        notes=words.CALENDAR_NOTES.format(code=facts.code, bring=words.BRING),
        reminders=REMIND,
    )


def proof_text(sheet: ProofSheet) -> str:
    """The identity is left out: whoever finds the file shall not have everything at once."""
    return words.PROOF.format(
        code=sheet.code,
        ticket=sheet.ticket,
        salt=sheet.salt,
        district=f"{sheet.district:02d}",
        formula="publicmeeting/ticket/v1",
        method="SHA-256",
    )


def _road(facts: Receipt) -> tuple[NextStep, ...]:
    steps = [NextStep(words.STEP_FILED, moment_words(facts.filed_at), "done")]
    if facts.screened_by:
        steps.append(NextStep(words.STEP_SCREENING, until_words(facts.screened_by), "now"))
    if facts.draw_at:
        steps.append(NextStep(words.STEP_DRAW, moment_words(facts.draw_at)))
    told = words.STEP_MEETING_WHEN if facts.has_mobile else words.STEP_MEETING_CALL
    return (*steps, NextStep(words.STEP_MEETING, told))


def _notes(facts: SeatPass) -> tuple[tuple[Icon, str], ...]:
    needs = (_NEEDS[AccessNeed(need)] for need in facts.needs)
    return (("pin", _where(facts)), *needs, ("paper", words.BRING))


def _place(district: int) -> str:
    return words.PLACE.format(district=persian(district))


def _where(facts: SeatPass) -> str:
    return words.WHERE.format(
        district=persian(facts.district), address=facts.address, hall=facts.hall
    )
