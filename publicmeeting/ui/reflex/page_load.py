"""Everything a page loads, in one event and one message.

Reflex runs each handler of a page's `on_load` as an event of its own, between one that says the
page is not ready and one that says it is: each takes the state's lock, reckons what has changed and
sends a message. A page of ours needs none of them apart, so its ordinary handlers run one after
another in the first of these events, and the page is told once. Handlers that run in the background
are queued as before.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction

import reflex as rx
from reflex.state import BaseState, OnLoadInternalState, StateUpdate
from reflex_base.event import Event, EventHandler
from reflex_base.registry import RegistrationContext

from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.reflex.whereabouts import note_page

_LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
_READY = f"{OnLoadInternalState.get_full_name()}.set_is_hydrated"
_log = logging.getLogger(__name__)


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


class PageLoad(rx.Middleware):
    """Answers the event with which a page asks for what it loads."""

    def __init__(self) -> None:
        self._loads: dict[int, Sequence[_Load]] = {}
        """By the identity of the page's list, which lives as long as the app."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None for every other event, and for a page that loads nothing."""
        if event.name != _LOADS:
            return None
        await note_page(state)
        loads = self._loads_of(app, url_of(state).path)
        if not loads:
            return None
        state.is_hydrated = False
        follow = list[Event]()
        for at, one in enumerate(loads):
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
        root = state._get_root_state()  # noqa: SLF001  (as Reflex's own processor)
        delta = await root._get_resolved_delta()  # noqa: SLF001
        root._clean()  # type: ignore[no-untyped-call]  # noqa: SLF001
        return StateUpdate(delta=delta, events=follow)

    def _loads_of(self, app: rx.App, path: str) -> Sequence[_Load]:
        wanted = app.get_load_events(path)
        known = self._loads.get(id(wanted))
        if known is None:
            known = self._loads[id(wanted)] = [_load(one) for one in Event.from_event_type(wanted)]
        return known


def _load(event: Event) -> _Load:
    registered = RegistrationContext.get().event_handlers[event.name]
    return _Load(event, registered.handler, registered.states[0])
