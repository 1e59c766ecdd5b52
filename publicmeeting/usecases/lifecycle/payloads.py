"""The payload of a step on a request, checked before it is recorded in the event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.districts.city import district
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.line.lanes import LOST
from publicmeeting.domain.mondays import DrawState, MondayState
from publicmeeting.domain.people import IdentityKind, Level, parse_identity
from publicmeeting.domain.records import FREE, PRESSED_AT, Request
from publicmeeting.domain.stages import IN_HALL, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits, bare, whole_number
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.base import Command
from publicmeeting.usecases.estimate import range_at_arrival
from publicmeeting.usecases.lifecycle.effects.costs import cost_of_giving_up
from publicmeeting.usecases.lifecycle.effects.seat_effects import losses_by_no_show
from publicmeeting.usecases.rate_limits import Limit, count, is_over_locked

# The instant of a late press, from a tablet that had no network.

_LATE_PRESS = 15
"""Seconds under which a press counts as arriving immediately."""
_LONGEST_AGO = 24 * 60 * 60


def pressed_before(request: Request, ago: int, now: datetime) -> dict[str, object]:
    """Return the payload of a press that arrives `ago` seconds late: its instant.

    The instant is used for the minutes of the meeting. It is the tablet's claim, so it lies between
    the last event of the case and now, and decides nothing. The tablet sends seconds since the
    press, because its own clock may be wrong.
    """
    if ago < _LATE_PRESS:
        return {}
    earliest = request.history[-1].pressed_at if request.history else now
    pressed = max(earliest, press_instant(ago, now))
    return {PRESSED_AT: pressed.isoformat()} if pressed < now else {}


def press_instant(ago: int, now: datetime) -> datetime:
    """Return when a press was made that arrives `ago` seconds later, as the tablet claims."""
    return now - timedelta(seconds=min(max(ago, 0), _LONGEST_AGO))


MOVE_WITHIN = timedelta(weeks=4)
LEFT_OUT_WITHIN = MOVE_WITHIN + timedelta(weeks=1)
"""How far ahead a Monday may be left out; her page offers no later one.

Each is an entry of the public log, and the Jalali calendar has no name for a day of the year 9999.
"""


class TakeStep(Command):
    """One action on one request; only the fields that its row needs are read."""

    code: str
    action: str
    note: str = ""
    reason: str = ""
    district: str = ""
    monday: str = ""
    identity: str = ""
    verdict: str = ""
    skip: str = ""
    original: str = ""
    calls: str = ""
    """For a call or a ring: how many of today's the page showed when it was pressed."""
    about: str = ""
    """The event that the page showed as being answered, by its number; empty if it showed none."""
    photos: tuple[str, ...] = ()
    ago: int = 0
    """For a call into the room: seconds since the press on a tablet without network."""


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step that is being taken, and its command."""

    uow: UnitOfWork
    request: Request
    step: Step
    command: TakeStep
    now: datetime


def payload_for(taken: StepInput) -> dict[str, object]:
    """Read the fields of the command that this row needs or accepts, and no others.

    Raises Invalid for a field; Denied("need_skip") if an earlier visitor waits;
    Denied("form_broken") for a code that no form offers; Denied("stage_moved") with `already` for a
    Monday chosen before.
    """
    payload: dict[str, object] = {}
    step = taken.step
    if step.action is Action.NO_SHOW:
        payload |= losses_by_no_show(taken.uow, taken.request)
    if step.action is Action.GIVE_UP_SEAT and taken.request.seat is not None:
        cost = cost_of_giving_up(taken.uow, taken.request, taken.now)
        payload |= {FREE: 1} if cost.needs_no_answer else {}
        payload |= {LOST: taken.request.waited} if cost.contestable else {}
    if step.action in (Action.ARRIVE, Action.COME_LATE):
        is_late = step.action is Action.COME_LATE
        payload |= range_at_arrival(taken.uow, taken.request, taken.now, is_late=is_late)
    if step.action is Action.CALL_IN:
        payload.update(pressed_before(taken.request, taken.command.ago, taken.now))
    for need in (*step.needs, *step.may):
        value = _READERS[need](taken) if need in _READERS else None
        if value:
            payload[need.value] = value
        if value == LAST_FOUR:  # the event stores how the card was matched, not its digits
            payload[CARD] = LAST_FOUR
    return payload


def _skip(taken: StepInput) -> str | None:
    if not _earlier_one_waits(taken.uow, taken.request):
        return None
    if not taken.command.skip:
        raise Denied("need_skip")
    return taken.command.skip


MATCHED = "matched"
"""The officer typed the whole number of the card."""


def match_identity(uow: UnitOfWork, request: Request, typed: str) -> str:
    """Check that the typed card is hers and that her ticket was made from its number.

    Returns `MATCHED`, never the number. A number already in the row counts in the form it has
    there: a form that is no longer accepted for new requests must not send a visitor home. Raises
    Invalid("identity_mismatch"); Invalid("ticket_of_another") if row and ticket belong to different
    persons, which only a manual change of the database causes.
    """
    person = uow.people.get(request.person_id)
    is_as_filed = bool(person.identity) and bare(typed).upper() == person.identity
    try:
        same = is_as_filed or parse_identity(IdentityKind(person.kind), typed) == person.identity
    except Invalid as refusal:
        raise Invalid(refusal.key, field="identity", **refusal.facts) from refusal
    if not same:
        raise Invalid("identity_mismatch", field="identity")
    _refuse_other_ticket(uow, request, person.identity)
    return MATCHED


def _refuse_other_ticket(uow: UnitOfWork, request: Request, identity: str) -> None:
    if not uow.requests.is_hers(request, identity):
        raise Invalid("ticket_of_another", field="identity")


LAST_DIGITS = 4
LAST_FOUR, CARD = "last_four", "card"
"""How the card was matched, and the payload key that stores it. The number is not stored."""


def match_card(uow: UnitOfWork, request: Request, typed: str) -> str:
    """Check the card at the door, where the last four digits suffice for a proved person.

    The person at the door holds the card, and her pass or name has led to her line. Returns
    `LAST_FOUR` for four digits, else as `match_identity`.

    Raises Invalid("card_unproved") for a citizen who only typed her number: a broker could invent
    fifty numbers with the same ending, and one card would fit all of them. Raises
    Invalid("card_whole") after five wrong tries a day for this visitor. A wrong guess raises
    Invalid("identity_mismatch"). It is counted before that, under the counter's lock; nothing else
    has been written by then.
    """
    digits = bare(typed).upper()
    if len(digits) != LAST_DIGITS:
        return match_identity(uow, request, typed)
    if uow.people.get(request.person_id).level is Level.TYPED:
        raise Invalid("card_unproved", field="identity")
    if is_over_locked(uow, Limit.DOOR_DIGITS, request.code):
        raise Invalid("card_whole", field="identity")
    identity = uow.people.get(request.person_id).identity
    if not identity.endswith(digits):
        count(uow, Limit.DOOR_DIGITS, request.code)
        uow.keep_counts()
        raise Invalid("identity_mismatch", field="identity")
    _refuse_other_ticket(uow, request, identity)
    return LAST_FOUR


def _other_district(taken: StepInput) -> int | None:
    text = taken.command.district
    if not text:
        return None
    number = district(whole_number(ascii_digits(text), 2) or 0).number
    if number == taken.request.district:
        raise Invalid("same_district", field="district")
    return number


def _named_monday(taken: StepInput) -> str | None:
    return _monday(taken).isoformat() if taken.command.monday else None


def _monday(taken: StepInput) -> date:
    """Read the Monday that she names.

    A move allows four weeks; leaving a Monday out or taking it in is possible until its freeze, of
    the coming five weeks.
    Repeating a choice writes nothing, because a log entry that changes nothing is a permanent fault
    (docs/turns.md 1): Denied("stage_moved"). Invalid `monday_unknown`, `monday_too_far`, or
    `monday_frozen`.
    """
    try:
        day = date.fromisoformat(taken.command.monday)
    except ValueError:
        raise Invalid("monday_unknown", field="monday") from None
    if not is_meeting_monday(day):
        raise Invalid("monday_unknown", field="monday")
    if taken.step.action is Action.MOVE_ONCE:
        seat = taken.request.seat
        held = seat.monday if seat else tehran_day(taken.now)
        if not held < day <= held + MOVE_WITHIN:
            raise Invalid("monday_too_far", field="monday", weeks=MOVE_WITHIN.days // 7)
        if is_closed(taken.uow, taken.request, day):
            raise Invalid("monday_unknown", field="monday")
        return day
    if day > tehran_day(taken.now) + LEFT_OUT_WITHIN:
        raise Invalid("monday_unknown", field="monday")
    rules = taken.uow.city.rules_on(day)
    if rules is None or taken.now >= Week(day, rules.body).freeze_at:
        raise Invalid("monday_frozen", field="monday")
    taken.uow.witnesses.lock(day)  # its list may be fixed while this press waits
    draw = taken.uow.draws.get(taken.request.district, day)
    if draw is not None and draw.state is not DrawState.OPEN:
        raise Invalid("monday_frozen", field="monday")
    action = taken.step.action
    if is_out(taken.request, day) == (action is Action.EXCLUDE):
        raise Denied("stage_moved", stage=taken.request.stage.value, already=action.value)
    return day


def is_closed(uow: UnitOfWork, request: Request, on: date) -> bool:
    """Return whether her district is already known to hold no meeting on this Monday."""
    day = uow.city.monday(request.district, on)
    return day is not None and day.state is MondayState.CLOSED


def _earlier_one_waits(uow: UnitOfWork, request: Request) -> bool:
    """Return whether a visitor in the hall goes in before her: by time, late ones last."""
    if request.seat is None:
        return False
    held = uow.seats.held(request.district, request.seat.monday)
    others = (uow.clock_requests.by_id(key) for key in held.values() if key != request.id)
    present = (other for other in others if other.stage in IN_HALL)
    return any(_place(other) < _place(request) for other in present)


def _place(request: Request) -> tuple[bool, str]:
    came = request.last(Action.ARRIVE, Action.COME_LATE)
    late = came is not None and came.action is Action.COME_LATE
    return late, request.seat.time if request.seat else ""


def _identity(taken: StepInput) -> str | None:
    typed = taken.command.identity
    return match_card(taken.uow, taken.request, typed) if typed else None


_READERS: dict[Need, Callable[[StepInput], object]] = {
    Need.REASON: lambda taken: taken.command.reason,
    Need.VERDICT: lambda taken: taken.command.verdict,
    Need.SKIP: _skip,
    Need.ORIGINAL: lambda taken: taken.command.original,
    Need.DISTRICT: _other_district,
    Need.MONDAY: _named_monday,
    Need.IDENTITY: _identity,
    Need.PHOTOS: lambda taken: len(taken.command.photos),
}
"""Reader of each need; notes are read separately, and other needs have their own use cases."""
