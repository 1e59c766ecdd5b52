"""The facts of a notice, and their wording for its templates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.lifecycle.advance import open_until
from publicmeeting.domain.lifecycle.guards import is_final, may_object_to, objection_until
from publicmeeting.domain.lifecycle.notices import (
    DISPLACED,
    HIDDEN,
    TRUE_UNTIL,
    UNREACHED,
    Timely,
    TrueUntil,
)
from publicmeeting.domain.lifecycle.order_guards import DONE_BY, reopened_until
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.lifecycle.telephone import is_rung, was_rung
from publicmeeting.domain.line.history import is_given_in_hall, is_offered
from publicmeeting.domain.line.lanes import LOST
from publicmeeting.domain.records import SAME_HOUSE, Event, Order, Request, is_move_to
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import SEATING, Action
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.store.lifecycle.delays import Delay
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.common.dates_text import clock, near_day, until_words
from publicmeeting.text.lifecycle.reasons_text import because
from publicmeeting.text.notices.notices_text import (
    PLACE_UNSURE,
    displaced,
    final,
    gave_up_late,
    hidden,
    late_receipt,
    lateness,
    missed_hall_seat,
    moved_for_standby,
    not_held,
    notice_by_telephone,
    refused_offer,
    reminder,
    reminder_by_telephone,
    unreached,
)
from publicmeeting.text.notices.notices_text import Notice as NoticeText
from publicmeeting.text.notices.notices_text import notice as notice_for

MINUTE_LASTS = timedelta(minutes=15)
"""City time after which a notice that is true for a minute is not sent any more."""

STILL_ON_HER_WAY = timedelta(hours=1)
"""How long after her time a notice may still save somebody the journey."""


@dataclass(frozen=True, slots=True)
class About:
    """The facts of one notice, as they were when it happened."""

    action: AnyAction | None
    """None for the reminder of a seat, and for a Monday that runs late."""
    role: Role
    at: datetime
    """When it happened."""
    read_at: datetime
    """When it is read, which decides whether its day is tomorrow, today, or neither."""
    true_until: datetime | None
    """From then on it is not sent."""
    code: str
    district: int
    day: date | None = None
    time: str = ""
    until: datetime | None = None
    """The deadline of the new stage, or until when she may object."""
    due_on: date | None = None
    order: str = ""
    unit: str = ""
    log: str = ""
    """Mark of her newest entry in the public log; empty if it cannot be read now."""
    offered: bool = False
    """Whether the seat that she lost was an offer she had not accepted."""
    is_of_hall: bool = False
    """Whether it was given in the hall."""
    is_costly: bool = False
    """Whether giving it up took weeks that she may contest."""
    why: str = ""
    """The reason for which a Monday was closed."""
    by_telephone: bool = False
    """Whether she is rung at her time and stays at home."""
    delay: Delay | None = None
    """How late the Monday runs, for a notice about that."""
    is_unreached: bool = False
    """Whether she has longer because the question had not reached her in time."""
    is_displaced: bool = False
    """Whether she has longer because her identity was proved to be another's."""
    is_hidden: bool = False
    """Whether she has longer because the sheet was hidden from her."""
    is_final: bool = False
    """Whether it was decided against her after her one objection."""
    place: str = ""
    """Where the Monday is held now, for a notice that it has moved and for the reminder."""


class ForgedNoticeError(ValueError):
    """The notice, or the event that it is about, was written or changed past this program."""


def about(uow: UnitOfWork, notice: Notice, now: datetime) -> About:
    """Read the event of a notice for a reader at `now`.

    Raises KeyError if the event is gone, and ForgedNoticeError if the database owner could have
    chosen what the notice says.
    """
    request = uow.requests.by_id(notice.request_id)
    order = uow.orders.by_id(notice.order_id) if notice.order_id else None
    history = order.history if order else request.history
    event = next((event for event in history if event.id == notice.event_id), None)
    if event is None:
        raise KeyError(notice.event_id)
    is_timely = notice.action in set(Timely)
    if not event.is_genuine or (order is not None and order.request_id != request.id):
        raise ForgedNoticeError(notice.id)
    if notice.person_id is not None and not _is_hers(notice, request):
        raise ForgedNoticeError(notice.id)
    if notice.action == Timely.LATENESS.value and notice.delay is None:
        raise ForgedNoticeError(notice.id)
    if not is_timely:  # its own row could make «come now» true for longer
        notice = replace(notice, at=event.at)
    day, time = _place(request, event)
    seat = (request.seat.monday, request.seat.time) if request.seat else None
    is_reminder = notice.action == Timely.REMINDER.value
    is_idle = is_reminder and seat != (day, time)  # seat has changed
    unit = uow.city.unit(order.unit_id) if order else None
    return About(
        action=None if is_timely else event.action,
        role=Role(notice.role),
        at=notice.at,
        read_at=now,
        true_until=notice.at if is_idle else true_until(notice, event, day, time),
        code=request.code,
        district=int(str(event.payload.get("district", request.district))),
        day=day,
        time=time,
        until=_until(request, order, event, now),
        due_on=_due_on(order, event),
        order=order.number if order else "",
        unit=unit.name if unit else "",
        log=_log_mark(uow, request.ticket),
        offered=is_offered(one.action for one in history if one.id < event.id),
        is_of_hall=is_given_in_hall(one.action for one in history if one.id < event.id),
        is_costly=event.action is Action.GIVE_UP_SEAT and bool(event.payload.get(LOST)),
        why=str(event.payload.get("why", "")) if event.action is Action.CANCEL_MONDAY else "",
        by_telephone=_is_rung(request, event),
        is_unreached=event.payload.get("why") == UNREACHED,
        is_displaced=event.payload.get("why") == DISPLACED,
        is_hidden=event.payload.get("why") == HIDDEN,
        is_final=is_final(event, history),
        delay=notice.delay,
        place=_hall(uow, request, day) if is_reminder else _where(uow, request, event, day),
    )


def _log_mark(uow: UnitOfWork, ticket: str) -> str:
    """Return the mark of a ticket's newest entry; empty while rows of the log are wrong.

    The message goes out without it: whoever damages the log must not silence the whole city.
    """
    seq = uow.log_index.last_seq(ticket)
    try:
        return (uow.log.head() if seq is None else uow.log.mark(seq)).short
    except (Unavailable, KeyError):
        return ""


def _is_hers(notice: Notice, request: Request) -> bool:
    """Return whether it goes to the citizen of its request, with the words for her."""
    return notice.role == Role.CITIZEN and notice.person_id == request.person_id


def _until(request: Request, order: Order | None, event: Event, now: datetime) -> datetime | None:
    """Return the end of her time, for a reader at `now`.

    The days of an objection begin when she is notified, if that is late.
    """
    if order is not None and event.action in DONE_BY:
        return reopened_until(order, event, now)
    against = may_object_to(request)
    if against is not None and against.id == event.id:
        return objection_until(request, event, now)
    return open_until(event) or event.due_at


def notice_text(facts: About, host: str = "") -> NoticeText:
    """Return title, sentence and SMS in Persian; `host` is the site to which an SMS refers."""
    day = weekday_day(facts.day) if facts.day else ""
    time = clock(facts.time) if facts.time else ""
    if facts.delay is not None:
        return lateness(
            code=facts.code,
            earliest=clock_words(facts.delay.earliest),
            latest=clock_words(facts.delay.latest),
            day=near_day(tehran_day(facts.at), tehran_day(facts.read_at)),
            by_telephone=facts.by_telephone,
        )
    if facts.action is None:
        assert facts.day is not None
        ahead = (facts.day - tehran_day(facts.read_at)).days
        hers = {"code": facts.code, "day": day, "time": time, "log": facts.log}
        if facts.by_telephone:
            return reminder_by_telephone(**hers, days_ahead=ahead)
        return reminder(**hers, place=facts.place, days_ahead=ahead)
    values = {
        "code": facts.code,
        "district": facts.district,
        "day": day,
        "time": time,
        "until": until_words(facts.until) if facts.until else "",
        "due": weekday_day(facts.due_on) if facts.due_on else "",
        "order": facts.order,
        "unit": facts.unit,
        "log": facts.log,
        "why": because(facts.why),
        "where": host,
        "place": facts.place,
    }
    own = _overriding_text(facts)
    if own is not None:
        return own(**values)
    words = notice_by_telephone if facts.by_telephone else notice_for
    if facts.is_unreached:
        words = unreached
    elif facts.is_displaced:
        words = displaced
    elif facts.is_hidden:
        words = hidden
    elif facts.is_final and facts.role is Role.CITIZEN:
        words = final
    return words(facts.action, facts.role, **values)


def _overriding_text(facts: About) -> Callable[..., NoticeText] | None:
    """Return another wording if the table's would not be true for her, or no longer is."""
    if _is_receipt(facts) and is_late(facts.until, facts.read_at):
        return late_receipt
    if facts.action is Action.CANCEL_MONDAY and _is_hour_over(facts):
        return not_held
    if facts.action is Action.CHANGE_PLACE and not facts.time:
        return moved_for_standby
    if (facts.action, facts.role) == (Action.GIVE_UP_SEAT, Role.CITIZEN):
        return refused_offer if facts.offered else gave_up_late if facts.is_costly else None
    if facts.is_of_hall and (facts.action, facts.role) == (Action.NO_SHOW, Role.CITIZEN):
        return missed_hall_seat
    return None


def _is_receipt(facts: About) -> bool:
    """Return whether it confirms her filing; it also names until when the desk answers."""
    return (facts.action, facts.role) == (Action.SUBMIT, Role.CITIZEN)


def _is_hour_over(facts: About) -> bool:
    """Return whether a notice not to come is too late."""
    if facts.day is None or not facts.time:
        return False
    return facts.read_at >= at_tehran(facts.day, facts.time) + STILL_ON_HER_WAY


def true_until(notice: Notice, event: Event, day: date | None, time: str) -> datetime | None:
    """Return the city time from which a notice is not sent.

    None if that never comes, and for officials, who get none.
    """
    if notice.role != Role.CITIZEN:
        return None
    own = Timely(notice.action) if notice.action in set(Timely) else event.action
    minute = notice.at + MINUTE_LASTS
    seat = at_tehran(day, time) if day and time else None
    comes_by = seat or (end_of_day(day) if day else minute)  # a standby has no time
    ends: dict[TrueUntil, datetime | None] = {
        TrueUntil.MINUTE: minute,
        TrueUntil.SEAT: seat,
        TrueUntil.AT_THE_DOOR: max(comes_by, minute),
        TrueUntil.ANSWER: event.due_at,
        TrueUntil.ALWAYS: None,
    }
    return ends[TRUE_UNTIL[own]]


def _is_rung(request: Request, event: Event) -> bool:
    """Return whether she is rung; of a missed seat, whether she was."""
    if event.action in (Action.NO_SHOW, Action.NOT_CALLED):
        before = [one for one in request.history if one.id <= event.id]
        return was_rung(before, tehran_day(event.at))
    return is_rung(request)


def _place(request: Request, event: Event) -> tuple[date | None, str]:
    """Return the seat that an event is about: its own, or the last one assigned before it."""
    named = event if "monday" in event.payload else None
    seat = next(
        (e for e in reversed(request.history) if e.action in SEATING and e.id <= event.id),
        None,
    )
    source = named or seat
    if event.action is Action.CANCEL_MONDAY:  # names the day only; the seat has the time
        source = seat or named
    if source is None:
        return None, ""
    if not source.is_genuine:  # the event is, but it names no seat itself
        raise ForgedNoticeError(event.id)
    return date.fromisoformat(str(source.payload["monday"])), str(source.payload.get("time", ""))


def _where(uow: UnitOfWork, request: Request, event: Event, day: date | None) -> str:
    """Return the place; only the hall if she knows the building."""
    if event.action is not Action.CHANGE_PLACE or day is None:
        return ""
    monday = uow.city.monday(request.district, day)
    if monday is not None and not monday.is_genuine:
        raise ForgedNoticeError(event.id)
    if monday is not None and not monday.is_set and is_move_to(event, day):
        raise ForgedNoticeError(event.id)
    if monday is not None and monday.place:
        return monday.place
    texts = uow.district_texts.on(request.district, day)
    if texts is None:
        return ""
    if not texts.is_genuine:
        raise ForgedNoticeError(event.id)
    is_same = bool(event.payload.get(SAME_HOUSE))
    return texts.hall if is_same else f"{texts.address}، {texts.hall}"


def _hall(uow: UnitOfWork, request: Request, day: date | None) -> str:
    """Return where her Monday is held, for a reminder, which goes out whatever the row says.

    Advice to ask 137 replaces a place that the database owner wrote or emptied.
    """
    if day is None:
        return ""
    monday = uow.city.monday(request.district, day)
    is_moved = any(is_move_to(event, day) for event in request.history)
    if monday is not None and not (monday.is_genuine and (monday.is_set or not is_moved)):
        return PLACE_UNSURE
    if monday is not None and monday.place:
        return monday.place
    texts = uow.district_texts.on(request.district, day)
    if texts is None or not texts.is_genuine:
        return PLACE_UNSURE if texts else ""
    return "، ".join(filter(None, (texts.address, texts.hall)))


def _due_on(order: Order | None, event: Event) -> date | None:
    if order is None:
        return None
    payload = event.payload.get("due_on")
    return date.fromisoformat(str(payload)) if payload else order.due_on
