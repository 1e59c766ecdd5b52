"""What a step changes beside its event: tickets, seats, weeks of waiting, debts, the public log."""

from publicmeeting.domain.stages import Action
from publicmeeting.usecases.lifecycle.effects.entries import EventHandler
from publicmeeting.usecases.lifecycle.effects.seat_effects import SEAT_HANDLERS
from publicmeeting.usecases.lifecycle.effects.ticket_effects import TICKET_HANDLERS

HANDLERS: dict[Action, tuple[EventHandler, ...]] = {**TICKET_HANDLERS, **SEAT_HANDLERS}
"""What follows each step, in order."""
