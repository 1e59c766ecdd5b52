"""Which effects run after which step, and the record of a step with its effects."""

from datetime import datetime

from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.effects.entries import EventHandler
from publicmeeting.usecases.lifecycle.effects.seat_effects import SEAT_HANDLERS
from publicmeeting.usecases.lifecycle.effects.ticket_effects import TICKET_HANDLERS

_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {**TICKET_HANDLERS, **SEAT_HANDLERS}
"""Effects of each step, in the order in which they run."""


def record_with_effects(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> int:
    """Record a step, run its effects and return the id of its event.

    `request` is the case as it was before the step.
    """
    event_id = uow.requests.record(request, event)
    for handle in _HANDLERS.get(Action(event.action), ()):
        handle(uow, request, event, now)
    return event_id
