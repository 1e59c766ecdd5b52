"""A meeting on paper that is entered after its day: how long, and what it leads to."""

from collections.abc import Iterable
from datetime import date, timedelta

from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.guards import UNDOABLE
from publicmeeting.domain.lifecycle.voiding import is_right_order_open
from publicmeeting.domain.line.history import NOTED_ON
from publicmeeting.domain.records import Event, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action

PAPER_WITHIN = timedelta(days=3)
"""To the end of Thursday, as long as a no-show of that Monday can be contested."""


def is_paper_open(monday: date, today: date) -> bool:
    """Whether what happened on paper on that Monday can still be entered."""
    return monday <= today <= monday + PAPER_WITHIN


def is_confirmed(request: Request, note: Event) -> bool:
    """Whether she has confirmed it, and not taken that back."""
    confirmed, left = False, None
    for event in request.history:
        if event.id <= note.id:
            continue
        if event.action is Action.NOTE_PAPER:  # what she says from then on is about another Monday
            break
        if event.action in UNDOABLE:
            left = event.action
            confirmed = confirmed or left is Action.SAY_MET
        elif event.action is Action.UNDO and left is Action.SAY_MET:
            confirmed = False
    return confirmed


def noted_open(request: Request, today: date) -> Event | None:
    """The note that she was met on paper, while what was promised there can still be written as
    orders: units begin with it whether she has confirmed the meeting yet or not."""
    noted = request.last(Action.NOTE_PAPER)
    if noted is None or not is_paper_open(date.fromisoformat(str(noted.payload[NOTED_ON])), today):
        return None
    return noted


def role_of_paper(
    request: Request, orders: Iterable[Order], actor: Actor, today: date
) -> Role | None:
    """In which role this actor writes those orders: the mayor, or the deputy who has noted it. The
    mayor too where nothing that stands was issued, or one of these orders has become void since:
    what she came for is still owed, or may be."""
    if is_right_order_open(request, orders) and plays(actor, Role.MAYOR, request):
        return Role.MAYOR
    noted = noted_open(request, today)
    if noted is None:
        return None
    if plays(actor, Role.MAYOR, request):
        return Role.MAYOR
    is_deputy = request.district in actor.districts(Role.DEPUTY)
    return Role.DEPUTY if is_deputy and noted.account_id == actor.account_id else None
