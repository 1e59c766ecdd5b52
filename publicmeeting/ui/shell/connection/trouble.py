"""What is around every page: lost connection, failing service, and scripts of the next page.

While the connection is lost, a pressed button says that it waits. On a slow line it says that it is
being sent. The sentence about a failing service is not a state var: if Redis fails, no state can be
read or saved. It is written directly into an element that every page has, and the page is read
again later.
"""

import contextlib
import logging
from collections.abc import Callable

import reflex as rx
from reflex_base.constants import CompileVars, Hooks, Imports
from reflex_base.event import Event, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_ref
from reflex_base.vars import VarData
from reflex_base.vars.number import BooleanVar

from publicmeeting.application import application
from publicmeeting.kit.process.context import set_request_id
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.chrome_text import NO_ANSWER, OFFLINE, SENDS, WAITS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.flow import pick
from publicmeeting.ui.design.sheets import TROUBLE, offline_bar, trouble_line
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.usecases.alone import is_part_missing

_pages_with_a_sentence: set[str] = set()
"""Tokens of this process's pages over which a sentence is shown."""
_log = logging.getLogger(__name__)


async def report_stale_page(*, aloud: bool = True, part_missing: bool = False) -> None:
    """Show that the page could not be read, and have it read again later.

    It is read sooner if only a part of the service failed (`part_missing`).
    """
    with contextlib.suppress(LookupError):  # not in an event of a page
        context = EventContext.get()
        socket = _socket_of(context)
        application().sockets.mark_stale(socket, part_missing=part_missing)
        # A page that has reconnected meanwhile was read again, and nothing would remove the
        # sentence from it.
        if aloud and application().sockets.is_open(socket):
            await _send_sentence(context, chrome_text.OUT_OF_REACH)


async def repeat_over_page(sentence: str) -> None:
    """Show a form's refusal over the page too: on a phone the form's head may be out of view."""
    with contextlib.suppress(LookupError):
        await _send_sentence(EventContext.get(), sentence)


async def take_away() -> None:
    """Remove the sentence over the page, because the page works again."""
    context = EventContext.get()
    if context.token in _pages_with_a_sentence:
        await _send_sentence(context, "")


def take_away_next() -> None:
    """Remove the sentence at the page's next event, because its state is sent first."""
    _pages_with_a_sentence.add(EventContext.get().token)


def on_fault(exception: Exception) -> EventSpec:
    """Log an exception that a handler did not catch, and show a sentence over the page."""
    with contextlib.suppress(LookupError):
        context = EventContext.get()
        set_request_id(context.txid)
        _pages_with_a_sentence.add(context.token)
        if is_part_missing(exception):
            application().sockets.mark_stale(_socket_of(context), part_missing=True)
        else:
            application().sockets.count_fault(_socket_of(context))
    FAULTS.labels("handler").inc()
    _log.error("a handler failed", exc_info=exception)
    return rx.set_value(TROUBLE, refusal("part_missing"))


async def _send_sentence(context: EventContext, sentence: str) -> None:
    if sentence:
        _pages_with_a_sentence.add(context.token)
    else:
        _pages_with_a_sentence.discard(context.token)
    payload = {"ref": format_ref(TROUBLE), "value": sentence}
    await context.emit_event(Event(name="_set_value", payload=payload))


def _socket_of(context: EventContext) -> str:
    headers = context.router_data.get("headers", {})
    return str(headers.get(SOCKET_HEADER, ""))


_ERRORS = VarData(imports=Imports.CONNECT_ERRORS, hooks={Hooks.CONNECT_ERRORS: None})
is_offline = rx.Var(f"({CompileVars.CONNECT_ERROR}.length > 0)", _var_data=_ERRORS).to(BooleanVar)


def live_sign() -> rx.Component:
    """The word «به‌روز»: this page updates by itself, while it is connected."""
    return rx.el.span(
        rx.el.i(),
        pick(~is_offline, chrome_text.LIVE, chrome_text.NOT_LIVE),
        class_name=pick(~is_offline, "live-sign", "live-sign live-sign-off"),
    )


link_script(__name__, "gone_on.js")  # redelivery.js imports it from its own folder
link_script(__name__, "redelivery.js")  # offline.js imports both from its own folder
link_script(__name__, "twice.js")


class AtThumb(rx.Component):
    """Component of offline.js: it always draws its first child, and the second while offline."""

    library = link_script(__name__, "offline.js")
    tag = "AtThumb"

    waits: rx.Var[str]
    sends: rx.Var[str]
    fails: rx.Var[str]


class Ahead(rx.Component):
    """Component of ahead.js. It draws nothing."""

    library = link_script(__name__, "ahead.js")
    tag = "Ahead"


class PageFocus(rx.Component):
    """Component of page_focus.js. It draws nothing."""

    library = link_script(__name__, "page_focus.js")
    tag = "PageFocus"


class UnderFinger(rx.Component):
    """Component of under_finger.js. It draws nothing."""

    library = link_script(__name__, "under_finger.js")
    tag = "UnderFinger"


def wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Return the components around every page; set here once so that no page can omit them."""
    return {
        (59, "AtThumb"): lambda _stateful: rx.fragment(
            AtThumb.create(
                trouble_line(), offline_bar(OFFLINE), waits=WAITS, sends=SENDS, fails=NO_ANSWER
            )
        ),
        (57, "Ahead"): lambda _stateful: rx.fragment(Ahead.create()),
        (56, "PageFocus"): lambda _stateful: rx.fragment(PageFocus.create()),
        (55, "UnderFinger"): lambda _stateful: rx.fragment(UnderFinger.create()),
    }
