"""Run everything a page loads in one event, with one message to the browser.

Reflex runs each handler of a page's `on_load` as a separate event. One event before them says that
the page is not ready, and one after them says that it is. Each takes the state's lock, computes
what has changed and sends a message. Our pages do not need that. Their ordinary handlers run one
after another in the first of these events, and the page is updated once.

Background handlers are queued as before. Exceptions are those that do the same at every address
(`outlives_page`): Reflex would end them with each page and start them again with the next. They
start once for each socket.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

import reflex as rx
from reflex.state import BaseState, OnLoadInternalState, StateUpdate
from reflex_base.event import Event, EventHandler
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.ui.reflex.whereabouts import headers_of, note_page, url_of

if TYPE_CHECKING:
    from reflex_base.event.processor import EventFuture

_LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
_READY = f"{OnLoadInternalState.get_full_name()}.set_is_hydrated"
_OUTLIVES_PAGE = "_outlives_page"
_log = logging.getLogger(__name__)

Handler = TypeVar("Handler", bound=Callable[..., Any])


def outlives_page(handler: Handler) -> Handler:
    """Decorator: this background handler does the same at every address, so it ends only with its
    socket."""
    setattr(handler, _OUTLIVES_PAGE, True)
    return handler


@dataclass(frozen=True, slots=True)
class _Load:
    """One handler of a page's `on_load`, and the event as which Reflex would run it."""

    event: Event
    handler: EventHandler
    state: type[BaseState]

    @property
    def runs_here(self) -> bool:
        """Whether the handler is an ordinary one, which changes its state and returns the events
        that follow."""
        return not self.handler.is_background and iscoroutinefunction(self.handler.fn)

    @property
    def outlives_page(self) -> bool:
        return self.handler.is_background and getattr(self.handler.fn, _OUTLIVES_PAGE, False)


async def update_of(state: BaseState, events: Sequence[Event] = ()) -> StateUpdate:
    """Return what has changed in a page's states, which counts as sent from now on."""
    root = state._get_root_state()  # noqa: SLF001  (as Reflex's own processor)
    delta = await root._get_resolved_delta()  # noqa: SLF001
    root._clean()  # type: ignore[no-untyped-call]  # noqa: SLF001
    return StateUpdate(delta=delta, events=list(events))


class PageLoad(rx.Middleware):
    """Middleware that answers the event with which a page asks for what it loads.

    A page that opens receives the result with its first state (`FirstState`).
    """

    def __init__(self) -> None:
        self._loads: dict[int, Sequence[_Load]] = {}
        """Handlers by the identity of the page's list, which lives as long as the app."""
        self._going: dict[tuple[str, str], EventFuture] = {}
        """Running handlers by the socket's id and the handler's name."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return the page's update, or None for all other events and for a page that loads
        nothing."""
        if event.name != _LOADS:
            return None
        follow = await self.load(app, state)
        if follow is None:
            return None
        return await update_of(state, follow)

    async def load(self, app: rx.App, state: BaseState) -> list[Event] | None:
        """Run the handlers of the page at this event's address and return the events that follow.

        None for a page that loads nothing. If a handler fails, it and the handlers after it are
        returned as events, so that Reflex runs them and reports the error.
        """
        await note_page(state)
        loads = self._loads_of(app, url_of(state).path)
        if not loads:
            return None
        state.is_hydrated = False
        follow = list[Event]()
        for at, one in enumerate(loads):
            if one.outlives_page:
                await self._begin(app, state, one.event)
                continue
            if not one.runs_here:
                follow.append(one.event)
                continue
            try:
                leads_to = await one.handler.fn(await state.get_state(one.state))
            except Exception as fault:  # noqa: BLE001  (Reflex runs it again and reports it)
                _log.info("a page's load failed (%s)", type(fault).__name__)
                rest = [each.event for each in loads[at:]]
                follow += [*rest, Event(name=_READY, payload={"value": True})]
                break
            if leads_to is not None:
                follow += Event.from_event_type(leads_to)
        else:
            state.is_hydrated = True
        return follow

    async def _begin(self, app: rx.App, state: BaseState, event: Event) -> None:
        """Start a handler unless it already runs for this socket.

        The new event has no parent event, so it does not end with the page that started it.
        """
        key = headers_of(state).raw_headers.get(SOCKET_HEADER, ""), event.name
        if key in self._going:
            return
        context = EventContext.get()
        alone = replace(context.fork(), parent_txid=None)
        future = await app.event_processor.enqueue(context.token, event, ev_ctx=alone)
        self._going[key] = future
        future.add_done_callback(lambda _: self._going.pop(key, None))

    def _loads_of(self, app: rx.App, path: str) -> Sequence[_Load]:
        wanted = app.get_load_events(path)
        known = self._loads.get(id(wanted))
        if known is None:
            known = self._loads[id(wanted)] = [
                _load(event) for event in Event.from_event_type(wanted)
            ]
        return known


def _load(event: Event) -> _Load:
    registered = RegistrationContext.get().event_handlers[event.name]
    return _Load(event, registered.handler, registered.states[0])
