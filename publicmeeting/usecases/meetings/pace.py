"""What a Monday has shown of itself so far, and when each who waits goes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.estimate import EntryRange, Pace, before_her, entry_range
from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.records import Event, Monday, Request
from publicmeeting.domain.stages import EXPECTED, IN_HALL, INSIDE, Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork

_ENDS = frozenset({Action.FINISH, Action.FINISH_REFUSED})
_SHOWN = frozenset({"held", "used", "missed", "cancelled", "not_called"})
"""States of a seat that belong to the day; one given up before it is another's."""
_ON = frozenset({"open", "held"})


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

    def of(self, request_id: str) -> Waiting | None:
        """None for whoever does not wait any more."""
        return next((one for one in self.waiting if one.request_id == request_id), None)

    def before(self, one: Waiting) -> int:
        """How many go in before her: who has come, and who is still in time to."""
        return before_her([other.place for other in self.waiting], one.place)

    def entry(self, one: Waiting) -> EntryRange:
        """When she goes in, as far as the day lets it be known."""
        return entry_range(self.pace, self.before(one), one.own_time, self.from_at)


def seated_on(uow: UnitOfWork, day: Monday) -> list[tuple[Request, str, str]]:
    """Request, time and why of everybody whose seat belongs to the day, by time."""
    rows = uow.seats.assigned(day.district, day.on)
    return [
        (uow.requests.by_id(request_id), time, why)
        for time, request_id, why, state in rows
        if state in _SHOWN
    ]


def slot(uow: UnitOfWork, day: Monday) -> timedelta:
    """The time of one meeting, by the rules of that Monday."""
    rules = uow.city.rules_on(day.on)
    return timedelta(minutes=int(rules.body.get("slot_minutes", 0)) if rules else 0)


def visitor_number(day: Monday, time: str) -> int:
    """The number of a start time, from 1; what is called out and stands on the hall's display."""
    return day.seats.index(time) + 1 if time in day.seats else 0


def day_line(
    uow: UnitOfWork, day: Monday, people: Sequence[tuple[Request, str, str]], now: datetime
) -> DayLine | None:
    """The line of those who are `seated_on` it; None on every other day, and where it is off."""
    if day.on != tehran_day(now) or day.state not in _ON or not day.seats:
        return None
    histories = [_today(request, day) for request, _, _ in people]
    inside = next(((r, time) for r, time, _ in people if r.stage in INSIDE), None)
    waiting = [_waiting(day, request, time, now) for request, time, _ in people]
    return DayLine(
        pace=Pace(
            slot=slot(uow, day),
            finished=tuple(length for events in histories for length in _lengths(events)),
            inside_for=_inside_for(_today(inside[0], day), now) if inside else None,
        ),
        inside=visitor_number(day, inside[1]) if inside else 0,
        waiting=tuple(sorted((one for one in waiting if one), key=lambda one: one.place)),
        from_at=max(now, at_tehran(day.on, day.seats[0])),
    )


def _today(request: Request, day: Monday) -> list[Event]:
    return [event for event in request.history if tehran_day(event.at) == day.on]


def _lengths(events: Sequence[Event]) -> list[timedelta]:
    """How long a meeting took, from its last going in; at most one for each visitor."""
    ended = next((event for event in events if event.action in _ENDS), None)
    before = [e for e in events if e.action is Action.CALL_IN and ended and e.at <= ended.at]
    return [ended.pressed_at - before[-1].pressed_at] if ended and before else []


def _inside_for(events: Sequence[Event], now: datetime) -> timedelta:
    entered = [event.pressed_at for event in events if event.action is Action.CALL_IN]
    return max(now - entered[-1], timedelta()) if entered else timedelta()


def _waiting(day: Monday, request: Request, time: str, now: datetime) -> Waiting | None:
    """Whoever has come; and whoever is expected, until ten minutes after her time."""
    own_time = at_tehran(day.on, time)
    is_here = request.stage in IN_HALL
    if not is_here and (request.stage not in EXPECTED or now >= own_time + LATE_AFTER):
        return None
    is_late = any(event.action is Action.COME_LATE for event in _today(request, day))
    return Waiting(request.id, visitor_number(day, time), own_time, is_late, is_here)
