"""Everything a page loads, in one event and one message.

Reflex runs each handler of a page's `on_load` as an event of its own, between one that says the
page is not ready and one that says it is: each takes the state's lock, reckons what has changed and
sends a message. A page of ours needs none of them apart, so its ordinary handlers run one after
another in the first of these events, and the page is updated once. Handlers that run in the
background are queued as before, but for those that say the same at every address (`goes_on`):
Reflex would end them with each page and begin them anew with the next, so they are begun once for
each socket.
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
from publicmeeting.ui.reflex.router import headers_of, url_of
from publicmeeting.ui.reflex.whereabouts import note_page

if TYPE_CHECKING:
    from reflex_base.event.processor import EventFuture

_LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
_READY = f"{OnLoadInternalState.get_full_name()}.set_is_hydrated"
_GOES_ON = "_goes_on"
_log = logging.getLogger(__name__)

Handler = TypeVar("Handler", bound=Callable[..., Any])


def goes_on(handler: Handler) -> Handler:
    """Declares that a background handler is the same at every address: it ends with its socket."""
    setattr(handler, _GOES_ON, True)
    return handler


@dataclass(frozen=True, slots=True)
class _Load:
    """One handler of a page's `on_load`, and the event it would be."""

    event: Event
    handler: EventHandler
    state: type[BaseState]

    @property
    def runs_here(self) -> bool:
        """Whether it is an ordinary one that changes its state and returns what follows."""
        return not self.handler.is_background and iscoroutinefunction(self.handler.fn)

    @property
    def goes_on(self) -> bool:
        return self.handler.is_background and getattr(self.handler.fn, _GOES_ON, False)


class PageLoad(rx.Middleware):
    """Answers the event with which a page asks for what it loads; a page that opens is told it with
    its first state (`FirstState`)."""

    def __init__(self) -> None:
        self._loads: dict[int, Sequence[_Load]] = {}
        """By the identity of the page's list, which lives as long as the app."""
        self._going: dict[tuple[str, str], EventFuture] = {}
        """By the socket's id and the handler's name."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None for every other event, and for a page that loads nothing."""
        if event.name != _LOADS:
            return None
        follow = await self.load(app, state)
        if follow is None:
            return None
        root = state._get_root_state()  # noqa: SLF001  (as Reflex's own processor)
        delta = await root._get_resolved_delta()  # noqa: SLF001
        root._clean()  # type: ignore[no-untyped-call]  # noqa: SLF001
        return StateUpdate(delta=delta, events=follow)

    async def load(self, app: rx.App, state: BaseState) -> list[Event] | None:
        """Run what the page of this event's address loads, into its states; the events that follow.

        None for a page that loads nothing.
        """
        await note_page(state)
        loads = self._loads_of(app, url_of(state).path)
        if not loads:
            return None
        state.is_hydrated = False
        follow = list[Event]()
        for at, one in enumerate(loads):
            if one.goes_on:
                await self._begin(app, state, one.event)
                continue
            if not one.runs_here:
                follow.append(one.event)
                continue
            try:
                leads_to = await one.handler.fn(await state.get_state(one.state))
            except Exception as fault:  # noqa: BLE001  (it fails again where Reflex answers for it)
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
        """Begin it, unless it goes on beside this socket already; of no event, so that it does not
        end with the page that happened to be the first."""
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
