"""One sentence over the page when a part of the service is missing, and the page anew afterwards.

It is no state var: where Redis is gone, no state can be read or kept. The sentence is put straight
into an element that every page has.
"""

import contextlib
import logging

import reflex as rx
from reflex_base.event import Event, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_ref

from publicmeeting.application import application
from publicmeeting.kit.figures import FAULTS
from publicmeeting.kit.request_id import set_request_id
from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.sheets import TROUBLE
from publicmeeting.usecases.missing_parts import is_part_missing

POLICY_VIOLATION = 1008
"""The code a socket is closed with."""

_said: set[str] = set()
"""Pages of this process over which a sentence stands."""
_log = logging.getLogger(__name__)


async def say_page_is_stale(*, aloud: bool = True, part_missing: bool = False) -> None:
    """The page of this event could not be read: say so, and let it be read anew when it can be
    (sooner where only a part was missing)."""
    with contextlib.suppress(LookupError):  # in no event of a page
        context = EventContext.get()
        socket = _socket_of(context)
        application().sockets.mark_stale(socket, part_missing=part_missing)
        # A page that has connected anew in the meantime has been read anew: nobody would take the
        # sentence away from it.
        if aloud and application().sockets.is_open(socket):
            await _say(context, chrome_text.OUT_OF_REACH)


async def say_again_over_page(sentence: str) -> None:
    """What a form says at its head, above the button that was pressed: on a phone the head is far
    from it."""
    with contextlib.suppress(LookupError):
        await _say(EventContext.get(), sentence)


async def take_away() -> None:
    """The page works again."""
    context = EventContext.get()
    if context.token in _said:
        await _say(context, "")


def take_away_next() -> None:
    """The same with the page's next event: what it is told first is its state."""
    _said.add(EventContext.get().token)


def on_fault(exception: Exception) -> EventSpec:
    """What a handler has not caught itself: once into the log, and as a sentence over the page."""
    with contextlib.suppress(LookupError):
        context = EventContext.get()
        set_request_id(context.txid)
        _said.add(context.token)
        if is_part_missing(exception):
            application().sockets.mark_stale(_socket_of(context), part_missing=True)
        else:
            application().sockets.count_fault(_socket_of(context), POLICY_VIOLATION)
    FAULTS.labels("handler").inc()
    _log.error("a handler failed", exc_info=exception)
    return rx.set_value(TROUBLE, refusal("part_missing"))


async def _say(context: EventContext, sentence: str) -> None:
    if sentence:
        _said.add(context.token)
    else:
        _said.discard(context.token)
    payload = {"ref": format_ref(TROUBLE), "value": sentence}
    await context.emit_event(Event(name="_set_value", payload=payload))


def _socket_of(context: EventContext) -> str:
    headers = context.router_data.get("headers", {})
    return str(headers.get(SOCKET_HEADER, ""))
