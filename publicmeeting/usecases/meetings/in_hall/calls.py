"""The calls of a Monday, in order, as the hall shows and speaks them; each is an event.

They are computed from the requests' histories and not stored, so every page and process has the
same calls with the same ids.
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
"""A press that arrives later from a tablet without a network is no call: it is out of date."""


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of a visitor's number, or her going in."""

    id: int
    """The event's id; a screen that has announced it does not announce it again."""
    number: int
    """Number of her seat; a standby who takes a free seat at the door has that seat's number."""
    at: datetime
    """When it was pressed."""
    nth: int
    """How often she has been called so far, from 1; this call counts if it is announced."""
    is_announced: bool
    """Whether the hall hears it.

    True for every call, and for going in if she was not called before. False for visitors met by
    telephone.
    """


def day_calls(day: Monday, seated: Iterable[Seated]) -> tuple[DayCall, ...]:
    """Return all calls of that day for the holders of its seats, oldest first."""
    calls = [
        call
        for request, time, _ in seated
        for call in calls_of(request, day, visitor_number(day, time))
    ]
    return tuple(sorted(calls, key=lambda call: (call.at, call.id)))


def calls_of(request: Request, day: Monday, number: int) -> list[DayCall]:
    """Return the calls of one visitor, in the order of her history."""
    calls: list[DayCall] = []
    announced_count = 0
    was_called = False
    for event in request.history:
        if tehran_day(event.at) != day.on:
            continue
        if event.action in CALLS:
            is_announced = was_called = True
        elif event.action is Action.CALL_IN:
            # A call entered from paper happened hours ago, so the hall must not announce it.
            is_new = event.at - event.pressed_at < _ANNOUNCED_WITHIN and PAPER not in event.payload
            is_heard = is_new and not is_rung(request)
            is_announced, was_called = is_heard and not was_called, False
        else:
            continue
        announced_count += is_announced
        calls.append(
            DayCall(
                id=event.id,
                number=number,
                at=event.pressed_at,
                nth=announced_count,
                is_announced=is_announced,
            )
        )
    return calls
