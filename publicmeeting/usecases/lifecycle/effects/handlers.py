"""The table of effects: which functions run after which step."""

from publicmeeting.domain.stages import Action
from publicmeeting.usecases.lifecycle.effects.entries import EventHandler
from publicmeeting.usecases.lifecycle.effects.seat_effects import SEAT_HANDLERS
from publicmeeting.usecases.lifecycle.effects.ticket_effects import TICKET_HANDLERS

HANDLERS: dict[Action, tuple[EventHandler, ...]] = {**TICKET_HANDLERS, **SEAT_HANDLERS}
"""Effects of each step, in the order in which they run."""
