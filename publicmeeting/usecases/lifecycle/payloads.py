"""The payload of a step on a request, checked before it becomes part of the audit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.districts import district
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.mondays import DrawState, MondayState
from publicmeeting.domain.people import IdentityKind, Level, parse_identity
from publicmeeting.domain.records import FREE, PRESSED_AT, Request
from publicmeeting.domain.stages import IN_HALL, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import bare
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.week import Week
from publicmeeting.usecases.base import Command
from publicmeeting.usecases.estimate import range_at_arrival
from publicmeeting.usecases.lifecycle.effects.costs import cost_of_giving_up
from publicmeeting.usecases.lifecycle.effects.slips import taken_by_a_no_show
from publicmeeting.usecases.rate_limits import Limit, count, is_over_locked

# The instant of a press that comes late, from a tablet that had no network.

_LATE_PRESS = 15
"""Seconds under which a press counts as having arrived at once."""
_LONGEST_AGO = 24 * 60 * 60


def pressed_before(request: Request, ago: int, now: datetime) -> dict[str, object]:
    """The payload of a press that arrives `ago` seconds late: its instant, for the minutes of the
    meeting.

    The tablet's word, so it lies between the last event of the case and now and decides nothing;
    seconds since, because the tablet's own clock may be wrong.
    """
    if ago < _LATE_PRESS:
        return {}
    earliest = request.history[-1].pressed_at if request.history else now
    pressed = max(earliest, press_instant(ago, now))
    return {PRESSED_AT: pressed.isoformat()} if pressed < now else {}


def press_instant(ago: int, now: datetime) -> datetime:
    """When a press was made that arrives `ago` seconds later, by the tablet's word."""
    return now - timedelta(seconds=min(max(ago, 0), _LONGEST_AGO))


MOVE_WITHIN = timedelta(weeks=4)


class TakeStep(Command):
    """One action on one request; only what its row needs is read."""

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
    """Of a call, or a ring: how many of today the page showed that it was pressed on."""
    about: str = ""
    """The number of the event that the pressed page showed as what is answered; empty where it
    showed none."""
    photos: tuple[str, ...] = ()
    ago: int = 0
    """Of a call into the room: seconds since it was pressed on a tablet without a network."""


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step that is being taken, and its command."""

    uow: UnitOfWork
    request: Request
    step: Step
    command: TakeStep
    now: datetime


def payload_for(taken: StepInput) -> dict[str, object]:
    """What this row needs or may have of the command's fields; nothing else is read.

    Raises Invalid for a field, Denied `need_skip` where an earlier visitor waits, `form_broken` for
    a code that no form of ours offers, `stage_moved` with `already` for a Monday chosen before.
    """
    payload: dict[str, object] = {}
    step = taken.step
    if step.action is Action.NO_SHOW:
        payload |= taken_by_a_no_show(taken.uow, taken.request)
    if step.action is Action.GIVE_UP_SEAT and taken.request.seat is not None:
        cost = cost_of_giving_up(taken.uow, taken.request, taken.now)
        payload |= {FREE: 1} if cost.needs_no_answer else {}
    if step.action in (Action.ARRIVE, Action.COME_LATE):
        is_late = step.action is Action.COME_LATE
        payload |= range_at_arrival(taken.uow, taken.request, taken.now, is_late=is_late)
    if step.action is Action.CALL_IN:
        payload.update(pressed_before(taken.request, taken.command.ago, taken.now))
    for need in (*step.needs, *step.may):
        value = _READERS[need](taken) if need in _READERS else None
        if value:
            payload[need.value] = value
        if value == LAST_FOUR:  # the card itself is no part of the audit, how it was matched is
            payload[CARD] = LAST_FOUR
    return payload


def _skip(taken: StepInput) -> str | None:
    if not _earlier_one_waits(taken.uow, taken.request):
        return None
    if not taken.command.skip:
        raise Denied("need_skip")
    return taken.command.skip


MATCHED = "matched"
"""The whole number of the card was typed."""


def match_identity(uow: UnitOfWork, request: Request, typed: str) -> str:
    """The card shown at the door must be hers, and the ticket made of its number; gives `MATCHED`,
    never the number.

    Invalid `identity_mismatch`; `ticket_of_another` where the row leads to somebody else than the
    ticket, which only a hand in the database does. What stands in the row already is hers in the
    form it has: what is refused to whoever files by now sends nobody home.
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
"""How a card was matched, and the key under which a step says so; the whole number is not named."""


def match_card(uow: UnitOfWork, request: Request, typed: str) -> str:
    """The same at the door, where the last four digits of the card are enough for whoever was
    proved before: who is there holds it, and her pass or her name has led to her line. Gives
    `LAST_FOUR` for these.

    Invalid `card_unproved` for whoever has only typed her number: a broker makes fifty numbers up
    that end like one card, and it would be the card of each. `card_whole` once they were wrong five
    times a day for this visitor. A wrong guess is counted before its refusal, under the count's
    lock: nothing else has been written by then.
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
    known = len(text) < 3 and text.isdecimal()  # noqa: PLR2004  (two digits name a district)
    number = district(int(text) if known else 0).number
    if number == taken.request.district:
        raise Invalid("same_district", field="district")
    return number


def _named_monday(taken: StepInput) -> str | None:
    return _monday(taken).isoformat() if taken.command.monday else None


def _monday(taken: StepInput) -> date:
    """A Monday she names: within four weeks for a move, before its freeze to take it out or in.

    What she has chosen already is done: a second press writes nothing into the log, where an entry
    that changes nothing is a fault for ever (docs/turns.md 1).
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
    rules = taken.uow.city.rules_on(day)
    if rules is None or taken.now >= Week(day, rules.body).freeze_at:
        raise Invalid("monday_frozen", field="monday")
    taken.uow.witnesses.lock(day)  # its list may be fixed while a press of noon waits
    draw = taken.uow.draws.get(taken.request.district, day)
    if draw is not None and draw.state is not DrawState.OPEN:
        raise Invalid("monday_frozen", field="monday")
    action = taken.step.action
    if is_out(taken.request, day) == (action is Action.EXCLUDE):
        raise Denied("stage_moved", stage=taken.request.stage.value, already=action.value)
    return day


def is_closed(uow: UnitOfWork, request: Request, on: date) -> bool:
    """Whether it is known already that her district holds no meeting on this Monday."""
    day = uow.city.monday(request.district, on)
    return day is not None and day.state is MondayState.CLOSED


def _earlier_one_waits(uow: UnitOfWork, request: Request) -> bool:
    """Whether somebody in the hall is to go in before her: the earlier time, the late ones last."""
    if request.seat is None:
        return False
    held = uow.seats.held(request.district, request.seat.monday)
    others = (uow.clock_requests.by_id(one) for one in held.values() if one != request.id)
    present = (one for one in others if one.stage in IN_HALL)
    return any(_place(one) < _place(request) for one in present)


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
"""How each need is read; a note is read apart, the rest belongs to use cases of its own."""
