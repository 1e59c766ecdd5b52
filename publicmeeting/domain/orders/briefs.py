"""The brief that a unit writes before a meeting, and its deadline."""

from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import end_of_day

BRIEF_LEAD = timedelta(hours=48)
"""Time before the end of the Monday, that is Saturday 24:00.

By then it is known who comes, and she has all of Sunday to read the brief and accept it instead of
the meeting.
"""
LAST_LEAD = timedelta(hours=24)
"""For a seat assigned after that: Sunday 24:00."""
_SEATING = (Action.SEAT, Action.OFFER, Action.TAKE_FREE)


def brief_due_at(monday: date, seated_at: datetime) -> datetime:
    """Return when the brief on a visitor of this Monday, seated at that time, becomes late."""
    over = end_of_day(monday)
    due = over - BRIEF_LEAD
    return due if seated_at < due else over - LAST_LEAD


def brief_due(request: Request) -> datetime | None:
    """Return the same for a request; None without a seat."""
    seated = request.last(*_SEATING)
    return brief_due_at(request.seat.monday, seated.at) if request.seat and seated else None


def briefs_of(request: Request) -> tuple[Event, ...]:
    """Return what units have written on this request, newest first."""
    return tuple(
        event
        for event in reversed(request.history)
        if event.action is Action.OFFER_ANSWER and event.role is Role.UNIT
    )


def owes_brief(request: Request) -> bool:
    """Whether the request has a seat and no unit has written a brief."""
    return request.seat is not None and not briefs_of(request)


def is_brief_late(request: Request, now: datetime) -> bool:
    return owes_brief(request) and is_late(brief_due(request), now)
