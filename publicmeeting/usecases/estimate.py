"""When each visitor of a Monday is likely to go in, and whether the range shown to her was right.

A range counts as it was on her page at the instant at which reception received her: from then on
she plans by it. It is written into that event. A range is wrong if she was never called in; if she
left and was noted as absent, none is counted. Published is a count of a district's weeks, with no
time and no person in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from publicmeeting.domain.estimate import (
    LOOKING_BACK,
    EntryRange,
    Pace,
    RangesHeld,
    before_her,
    entry_range,
    is_within,
)
from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.mondays import NOT_RECEIVED, ON, TAKEN, SeatState
from publicmeeting.domain.records import PAPER, PAPER_UNTIL, Event, Monday, Request
from publicmeeting.domain.stages import IN_HALL, INSIDE, SEATED, Action
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.store.line.seats import SeatDay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import readable_requests

ENDS = frozenset({Action.FINISH, Action.FINISH_REFUSED})
_SHOWN = TAKEN | NOT_RECEIVED | {SeatState.MISSED}
"""States of a seat that belong to the day; one given up before it is another's."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is still to go in: the time of her seat, and whether she came late."""

    request_id: str
    number: int
    own_time: datetime
    is_late: bool
    is_here: bool
    """Reception has seen her."""

    @property
    def place(self) -> tuple[bool, datetime]:
        return self.is_late, self.own_time


@dataclass(frozen=True, slots=True)
class DayLine:
    """The line of a Monday on the day itself, in the order in which it goes in."""

    pace: Pace
    inside: int
    """The number of whoever is in the room; 0 while nobody is."""
    waiting: tuple[Waiting, ...]
    from_at: datetime
    """Now, or the time of the first seat where that is still ahead."""
    seats: tuple[SeatDay, ...]
    """What it was read from."""

    def of(self, request_id: str) -> Waiting | None:
        """None for whoever does not wait any more."""
        return next((one for one in self.waiting if one.request_id == request_id), None)

    def before(self, one: Waiting) -> int:
        """How many go in before her: who has come, and who is still in time to."""
        return before_her([other.place for other in self.waiting], one.place)

    def entry(self, one: Waiting) -> EntryRange:
        """When she goes in, as far as the day lets it be known."""
        return self.entry_at(one.place)

    def late_from(self, one: Waiting, delay: timedelta) -> datetime:
        """When her likely hour will be so much after her own, if nothing happens until then: the
        line stops while the room is empty, or occupied longer than a meeting takes."""
        return one.own_time + delay - self.before(one) * self.pace.mean - self.pace.least_left

    def entry_at(self, place: tuple[bool, datetime]) -> EntryRange:
        """The same for a place in the line: whether she comes late, and the time of her seat."""
        before = before_her([other.place for other in self.waiting], place)
        return entry_range(self.pace, before, place[1], self.from_at)


Seated: TypeAlias = tuple[Request, str, str]
"""Request, time and reason of somebody whose seat belongs to a day."""


@dataclass(frozen=True, slots=True)
class SeatedDay:
    """Everybody whose seat belongs to a day, by time; `unread` more cannot be read."""

    seated: tuple[Seated, ...]
    unread: int

    @property
    def requests(self) -> list[Request]:
        return [request for request, _, _ in self.seated]


def seated_on(uow: UnitOfWork, day: Monday) -> SeatedDay:
    rows = [row for row in uow.seats.assigned(day.district, day.on) if row[3] in _SHOWN]
    found = readable_requests(uow, [request_id for _, request_id, _, _ in rows])
    requests = {request.id: request for request in found}
    seated = [(requests[key], time, why) for time, key, why, _ in rows if key in requests]
    return SeatedDay(tuple(seated), len(rows) - len(seated))


def slot(uow: UnitOfWork, day: Monday) -> timedelta:
    """The time of one meeting, by the rules of that Monday."""
    rules = uow.city.rules_on(day.on)
    return timedelta(minutes=int(rules.body.get("slot_minutes", 0)) if rules else 0)


def visitor_number(day: Monday, time: str) -> int:
    """The number of a start time, from 1; what is called out and shown on the hall's display."""
    return day.seats.index(time) + 1 if time in day.seats else 0


def day_line(uow: UnitOfWork, day: Monday, now: datetime) -> DayLine | None:
    """The line of today's Monday; None on every other day, and where it is called off.

    One statement, and no request is loaded: every phone of the hall asks at the same moment.
    """
    if day.on != tehran_day(now) or day.state not in ON or not day.seats:
        return None
    rows = uow.seats.day(day.district, day.on, at_tehran(day.on), end_of_day(day.on))
    seats = tuple(seat for seat in rows if seat.state in _SHOWN)
    inside = next((seat for seat in seats if seat.stage in INSIDE), None)
    lengths = (length_of(seat) for seat in seats)
    waiting = [one for seat in seats if (one := _waiting(day, seat, now))]
    return DayLine(
        pace=Pace(
            slot=slot(uow, day),
            finished=tuple(length for length in lengths if length is not None),
            inside_for=_inside_for(inside, now) if inside else None,
        ),
        inside=visitor_number(day, inside.time) if inside else 0,
        waiting=tuple(sorted(waiting, key=lambda one: one.place)),
        from_at=max(now, at_tehran(day.on, day.seats[0])),
        seats=seats,
    )


def line_shown(uow: UnitOfWork, day: Monday, now: datetime) -> DayLine | None:
    """The same for whoever only looks: every page of a hall asks at the same moment, so it is read
    once a second at most."""
    if not uow.is_reading:  # what this work has just written is in no stored answer
        return day_line(uow, day, now)
    topics = (f"district:{day.district}", "rules")
    key = ("day line", day.district, day.on)
    return uow.recent.get_or_compute(key, topics, now, lambda: day_line(uow, day, now))


def _times(done: Sequence[Event], *actions: Action) -> list[datetime]:
    return [event.pressed_at for event in done if event.action in actions]


def length_of(seat: SeatDay) -> timedelta | None:
    """How long a meeting took that is over, from its last going in; by the paper where that is what
    is known of it, for when it was entered says nothing."""
    ended = next(iter(_times(seat.done, *ENDS)), None)
    entered = [
        event
        for event in seat.done
        if event.action is Action.CALL_IN and ended is not None and event.pressed_at <= ended
    ]
    if ended is None or not entered:
        return None
    if PAPER in entered[-1].payload:
        return _minutes(entered[-1], PAPER_UNTIL) - _minutes(entered[-1], PAPER)
    return ended - entered[-1].pressed_at


def _minutes(event: Event, hour: str) -> timedelta:
    hours, minutes = str(event.payload[hour]).split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _inside_for(seat: SeatDay, now: datetime) -> timedelta:
    entered = _times(seat.done, Action.CALL_IN)
    return max(now - entered[-1], timedelta()) if entered else timedelta()


def _waiting(day: Monday, seat: SeatDay, now: datetime) -> Waiting | None:
    """Whoever has come; and whoever is expected, until ten minutes after her time."""
    own_time = at_tehran(day.on, seat.time)
    is_here = seat.stage in IN_HALL
    if seat.state is not SeatState.HELD or not (is_here or _may_come(seat, own_time, now)):
        return None
    is_late = bool(_times(seat.done, Action.COME_LATE))
    return Waiting(seat.request_id, visitor_number(day, seat.time), own_time, is_late, is_here)


def _may_come(seat: SeatDay, own_time: datetime, now: datetime) -> bool:
    """On the day itself a seat that is still given needs no answer."""
    return seat.stage in SEATED and now < own_time + LATE_AFTER


EARLIEST, LATEST = "entry_from", "entry_until"
"""Keys of an arrival's payload."""
_RECEIVED = (Action.ARRIVE, Action.COME_LATE)


def range_at_arrival(
    uow: UnitOfWork, request: Request, now: datetime, *, is_late: bool
) -> dict[str, object]:
    """The payload that records what she is shown; nothing where the day has no line."""
    seat = request.seat or uow.seats.last(request.id)
    day = uow.city.monday(request.district, seat.monday) if seat else None
    line = day_line(uow, day, now) if day else None
    if seat is None or line is None:
        return {}
    entry = line.entry_at((is_late, at_tehran(seat.monday, seat.time)))
    return {EARLIEST: entry.earliest.isoformat(), LATEST: entry.latest.isoformat()}


def count_ranges(uow: UnitOfWork, day: Monday) -> tuple[int, int]:
    """How many went in within their range, and how many were shown one."""
    rows = uow.seats.day(day.district, day.on, at_tehran(day.on), end_of_day(day.on))
    verdicts = [was_held(seat) for seat in rows]
    known = [verdict for verdict in verdicts if verdict is not None]
    return sum(known), len(known)


def was_held(seat: SeatDay) -> bool | None:
    """None for whoever was shown no range, or left before she was called in."""
    received = [event for event in seat.done if event.action in _RECEIVED]
    shown = _shown(received[-1]) if received else None
    if shown is None:
        return None
    later = [event for event in seat.done if event.id > received[-1].id]
    if any(event.action is Action.NO_SHOW for event in later):
        return None
    entered = next((event for event in later if event.action is Action.CALL_IN), None)
    return entered is not None and is_within(*shown, _entered_at(entered))


def _entered_at(entered: Event) -> datetime:
    """As it was written on paper, where the day had no network."""
    hour = entered.payload.get(PAPER)
    if isinstance(hour, str):
        return at_tehran(tehran_day(entered.at), hour)
    return entered.pressed_at


def _shown(received: Event) -> tuple[datetime, datetime] | None:
    earliest, latest = (received.payload.get(key) for key in (EARLIEST, LATEST))
    if not isinstance(earliest, str) or not isinstance(latest, str):
        return None
    return datetime.fromisoformat(earliest), datetime.fromisoformat(latest)


def ranges_held(ranges: Iterable[tuple[int, int]]) -> RangesHeld:
    """Of several Mondays, each how many were right and how many were shown."""
    counts = list(ranges)
    return RangesHeld(sum(held for held, _ in counts), sum(shown for _, shown in counts))


def lately_held(uow: UnitOfWork, district: int, today: date) -> RangesHeld:
    """Of the Mondays of a district that are over, as far as the figures look back."""
    days = uow.city.mondays(district=district, from_on=today - LOOKING_BACK)
    return ranges_held(day.ranges for day in days if day.on < today)
