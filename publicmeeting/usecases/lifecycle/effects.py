"""What a step changes beside its event: tickets, seats, weeks of waiting, debts, the public log."""

from publicmeeting.domain.stages import Action
from publicmeeting.usecases.lifecycle.entries import EventHandler
from publicmeeting.usecases.lifecycle.seat_effects import SEAT_HANDLERS
from publicmeeting.usecases.lifecycle.ticket_effects import TICKET_HANDLERS

HANDLERS: dict[Action, tuple[EventHandler, ...]] = {**TICKET_HANDLERS, **SEAT_HANDLERS}
"""What follows each step, in order."""
