"""Estimate of when each visitor of a Monday goes in, and the count of how often it was right.

What counts is the range that was on her page when reception received her, because from then on she
plans by it. The arrival event stores it. A range is wrong when she was never called in. No range is
counted when she left and was noted as absent. A district publishes only a count per week, without
times or persons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TypeAlias

from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.meetings.estimate import (
    LOOKING_BACK,
    EntryRange,
    Pace,
    RangesHeld,
    before_her,
    entry_range,
    is_within,
)
from publicmeeting.domain.mondays import NOT_RECEIVED, ON, TAKEN, SeatState
from publicmeeting.domain.records import PAPER, PAPER_UNTIL, Event, Monday, Request, own_time
from publicmeeting.domain.stages import IN_HALL, INSIDE, SEATED, Action
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.store.line.seats import SeatDay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import readable_requests

ENDS = frozenset({Action.FINISH, Action.FINISH_REFUSED})
_SHOWN = TAKEN | NOT_RECEIVED | {SeatState.MISSED}
"""Seat states that belong to the day; a seat given up before it belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visitor who is still to go in: the time of her seat, and whether she came late."""

    request_id: str
    own_time: datetime
    is_late: bool

    @property
    def place(self) -> tuple[bool, datetime]:
        return self.is_late, self.own_time


@dataclass(frozen=True, slots=True)
class DayLine:
    """The line of a Monday on the day itself, in the order in which visitors go in."""

    pace: Pace
    inside: int
    """The number of the visitor in the room; 0 when the room is empty."""
    waiting: tuple[Waiting, ...]
    from_at: datetime
    """Now, or the time of the first seat if that is later."""
    seats: tuple[SeatDay, ...]
    """The seats from which the line was computed."""

    def of(self, request_id: str) -> Waiting | None:
        """Return her place in the line, or None when she no longer waits."""
        return next((waiting for waiting in self.waiting if waiting.request_id == request_id), None)

    def before(self, visitor: Waiting) -> int:
        """Count those who go in before her: visitors in the hall and those who may still come."""
        return before_her([other.place for other in self.waiting], visitor.place)

    def entry(self, visitor: Waiting) -> EntryRange:
        """Return the range of time in which she probably goes in."""
        return self.entry_at(visitor.place)

    def late_from(self, visitor: Waiting, delay: timedelta) -> datetime:
        """Return when her likely time is `delay` after her own, if nothing happens until then.

        The line stands still while the room is empty, or occupied longer than a meeting takes.
        """
        ahead = self.before(visitor) * self.pace.mean
        return visitor.own_time + delay - ahead - self.pace.least_left

    def entry_at(self, place: tuple[bool, datetime]) -> EntryRange:
        """Return the entry range of a place in the line (is she late, her seat's time)."""
        before = before_her([other.place for other in self.waiting], place)
        return entry_range(self.pace, before, place[1], self.from_at)


Seated: TypeAlias = tuple[Request, str, str]
"""Request, time and reason of a seat that belongs to a day."""


@dataclass(frozen=True, slots=True)
class SeatedDay:
    """Everybody whose seat belongs to a day, by time; `unread` counts unreadable requests."""

    seated: tuple[Seated, ...]
    unread: int

    @property
    def requests(self) -> list[Request]:
        return [request for request, _, _ in self.seated]


def seated_on(uow: UnitOfWork, day: Monday) -> SeatedDay:
    rows = [row for row in uow.seats.assigned(day.district, day.on) if row.state in _SHOWN]
    found = readable_requests(uow, [row.request_id for row in rows])
    requests = {request.id: request for request in found}
    seated = [
        (request, own_time(request.history, day.on, day.seats, row.time), row.why)
        for row in rows
        if (request := requests.get(row.request_id)) is not None
    ]
    seated.sort(key=itemgetter(1))
    return SeatedDay(tuple(seated), len(rows) - len(seated))


def slot(uow: UnitOfWork, day: Monday) -> timedelta:
    """Return the length of one meeting by the rules of that Monday."""
    rules = uow.city.rules_on(day.on)
    return timedelta(minutes=int(rules.body.get("slot_minutes", 0)) if rules else 0)


def visitor_number(day: Monday, time: str) -> int:
    """Return the number of a start time, from 1; reception calls it out and the hall shows it."""
    return day.seats.index(time) + 1 if time in day.seats else 0


def day_line(uow: UnitOfWork, day: Monday, now: datetime) -> DayLine | None:
    """Compute the line of today's Monday; None on another day or when the Monday is called off.

    It takes one statement and loads no request, because every phone in the hall asks at the same
    moment.
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
        waiting=tuple(sorted(waiting, key=lambda visitor: visitor.place)),
        from_at=max(now, at_tehran(day.on, day.seats[0])),
        seats=seats,
    )


def line_shown(uow: UnitOfWork, day: Monday, now: datetime) -> DayLine | None:
    """Return `day_line` for a reader, computed at most once a second.

    Every page of a hall asks at the same moment.
    """
    if not uow.is_reading:  # a cached answer lacks what this transaction wrote
        return day_line(uow, day, now)
    topics = (f"district:{day.district}", "rules")
    key = ("day line", day.district, day.on)
    return uow.recent.get_or_compute(key, topics, now, lambda: day_line(uow, day, now))


def _times(done: Sequence[Event], *actions: Action) -> list[datetime]:
    return [event.pressed_at for event in done if event.action in actions]


def length_of(seat: SeatDay) -> timedelta | None:
    """Return the length of a finished meeting, from its last call into the room.

    A meeting entered from paper has the length that the paper states. The time of entering says
    nothing about it.
    """
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
    """Return a visitor who has come, or who is still expected until ten minutes after her time."""
    own_time = at_tehran(day.on, seat.time)
    is_here = seat.stage in IN_HALL
    if seat.state is not SeatState.HELD or not (is_here or _may_come(seat, own_time, now)):
        return None
    is_late = bool(_times(seat.done, Action.COME_LATE))
    return Waiting(seat.request_id, own_time, is_late)


def _may_come(seat: SeatDay, own_time: datetime, now: datetime) -> bool:
    """On the day itself an invited citizen may come without having confirmed."""
    return seat.stage in SEATED and now < own_time + LATE_AFTER


EARLIEST, LATEST = "entry_from", "entry_until"
"""Keys of an arrival's payload."""
_RECEIVED = (Action.ARRIVE, Action.COME_LATE)


def range_at_arrival(
    uow: UnitOfWork, request: Request, now: datetime, *, is_late: bool
) -> dict[str, object]:
    """Return the payload that stores the range shown at arrival; empty when the day has no line."""
    seat = request.seat or uow.seats.last(request.id)
    day = uow.city.monday(request.district, seat.monday) if seat else None
    line = day_line(uow, day, now) if day else None
    if seat is None or line is None:
        return {}
    entry = line.entry_at((is_late, at_tehran(seat.monday, seat.time)))
    return {EARLIEST: entry.earliest.isoformat(), LATEST: entry.latest.isoformat()}


def count_ranges(uow: UnitOfWork, day: Monday) -> tuple[int, int]:
    """Return how many visitors went in within their range, and how many were shown a range."""
    rows = uow.seats.day(day.district, day.on, at_tehran(day.on), end_of_day(day.on))
    verdicts = [was_held(seat) for seat in rows]
    known = [verdict for verdict in verdicts if verdict is not None]
    return sum(known), len(known)


def was_held(seat: SeatDay) -> bool | None:
    """Return whether the shown range was right; None without a range, or if she left uncalled."""
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
    """Return when she went in; on a day without network, by the hour written on paper."""
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
    """Sum the counts of several Mondays, each a pair (ranges right, ranges shown)."""
    counts = list(ranges)
    return RangesHeld(sum(held for held, _ in counts), sum(shown for _, shown in counts))


def lately_held(uow: UnitOfWork, district: int, today: date) -> RangesHeld:
    """Return the counts of a district's past Mondays in the window of the published figures."""
    days = uow.city.mondays(district=district, from_on=today - LOOKING_BACK)
    return ranges_held(day.ranges for day in days if day.on < today)
