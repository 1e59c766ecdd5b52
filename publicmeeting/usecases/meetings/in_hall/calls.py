"""The calls of a Monday, each an event of its own: what the hall shows and speaks, in its order.

Read from the histories of the requests alone; nothing is stored, so every page and every process
reads the same calls with the same identities.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.records import PAPER, Monday, Request
from publicmeeting.domain.stages import CALLS, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.usecases.estimate import Seated, visitor_number

_ANNOUNCED_WITHIN = timedelta(minutes=1)
"""A press of a tablet without a network that comes later is no call: she is inside already, or has
gone."""


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of a visitor's number, or her going in."""

    id: int
    """The event's: who has seen it once does not announce it again."""
    number: int
    """Of her seat; whoever takes a freed seat at the door has the number of that seat."""
    at: datetime
    """When it was pressed."""
    nth: int
    """How often she has been called by then, from 1; this one counts if it is announced."""
    is_announced: bool
    """Every call; going in only where nobody had called her before, for it is then her call. Who is
    telephoned sits at home: hers is none."""


def day_calls(day: Monday, seated: Iterable[Seated]) -> tuple[DayCall, ...]:
    """All calls of that day among those who have its seats, the oldest first."""
    calls = [
        call
        for request, time, _ in seated
        for call in calls_of(request, day, visitor_number(day, time))
    ]
    return tuple(sorted(calls, key=lambda call: (call.at, call.id)))


def calls_of(request: Request, day: Monday, number: int) -> list[DayCall]:
    """Those of one visitor, in the order of her history."""
    calls: list[DayCall] = []
    heard = 0
    was_called = False
    for event in request.history:
        if tehran_day(event.at) != day.on:
            continue
        if event.action in CALLS:
            is_announced = was_called = True
        elif event.action is Action.CALL_IN:
            # What is entered from a paper was called hours ago: nobody in the hall is to hear it.
            is_new = event.at - event.pressed_at < _ANNOUNCED_WITHIN and PAPER not in event.payload
            is_heard = is_new and not is_rung(request)
            is_announced, was_called = is_heard and not was_called, False
        else:
            continue
        heard += is_announced
        calls.append(
            DayCall(
                id=event.id,
                number=number,
                at=event.pressed_at,
                nth=heard,
                is_announced=is_announced,
            )
        )
    return calls
