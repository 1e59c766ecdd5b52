"""Was it right: the range a visitor was shown at her arrival, and whether she went in within it.

What counts is what her page says at the instant at which reception receives her: from then on she
sits there and plans by it. It is written into that event. Whoever was never called in had a wrong
one; whoever left and was noted as absent none. What is published is a count of a district's weeks:
no time, and nobody's.
"""

from collections.abc import Iterable
from datetime import date, datetime

from publicmeeting.domain.estimate import LOOKING_BACK, RangesHeld, is_within
from publicmeeting.domain.records import PAPER, Event, Monday, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.store.line.seats import SeatDay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.estimate.pace import day_line

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
    known = [one for one in verdicts if one is not None]
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
