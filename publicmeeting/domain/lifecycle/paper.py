"""Meetings on paper that are entered after their day: until when, and what follows from them."""

from collections.abc import Iterable
from datetime import date, timedelta

from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.guards import UNDOABLE
from publicmeeting.domain.lifecycle.order_guards import is_right_order_open
from publicmeeting.domain.line.history import NOTED_ON
from publicmeeting.domain.records import Event, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action

PAPER_WITHIN = timedelta(days=3)
"""Until the end of Thursday, as long as a no-show of that Monday can be contested."""


def is_paper_open(monday: date, today: date) -> bool:
    """Whether a paper meeting of that Monday can still be entered."""
    return monday <= today <= monday + PAPER_WITHIN


def is_confirmed(request: Request, note: Event) -> bool:
    """Whether she confirmed the noted meeting and has not undone that."""
    confirmed, left = False, None
    for event in request.history:
        if event.id <= note.id:
            continue
        if event.action is Action.NOTE_PAPER:  # her later statements concern another Monday
            break
        if event.action in UNDOABLE:
            left = event.action
            confirmed = confirmed or left is Action.SAY_MET
        elif event.action is Action.UNDO and left is Action.SAY_MET:
            confirmed = False
    return confirmed


def noted_open(request: Request, today: date) -> Event | None:
    """Return the note of a paper meeting while its promises can still be entered, or None.

    Units begin with the work whether or not she has confirmed the meeting.
    """
    noted = request.last(Action.NOTE_PAPER)
    if noted is None or not is_paper_open(date.fromisoformat(str(noted.payload[NOTED_ON])), today):
        return None
    return noted


def role_of_paper(
    request: Request, orders: Iterable[Order], actor: Actor, today: date
) -> Role | None:
    """Return the role in which this actor may write these orders, or None.

    That is the mayor, or the deputy who noted the meeting. The mayor also writes the right order if
    nothing that was issued still stands, or one of these orders has become void since: the citizen
    is, or may be, still owed what she came for.
    """
    if is_right_order_open(request, orders) and plays(actor, Role.MAYOR, request):
        return Role.MAYOR
    noted = noted_open(request, today)
    if noted is None:
        return None
    if plays(actor, Role.MAYOR, request):
        return Role.MAYOR
    is_deputy = request.district in actor.districts(Role.DEPUTY)
    return Role.DEPUTY if is_deputy and noted.account_id == actor.account_id else None
