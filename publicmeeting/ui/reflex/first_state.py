"""The first message to a page that opens or reconnects: only what differs from the defaults it was
built with.

Reflex reads every var of every state, some hundred states a page. It serializes each var and
compares the result with the default. But a var that nothing has read or written is still its
default and is not stored in the instance. This module compares only the others.

A page that reconnects may hold anything, and Reflex sends it every state whole. Our page instead
names the defaults with which it was built (`defaults_named`). It resets every state to these
defaults before it applies what differs (`over_defaults.js`). Afterwards it holds the same as if it
had received everything. If the page is from an earlier build, the states whose defaults have
changed are sent whole.

Reflex handles two cases itself: a page that opens and was built with other states, and a page that
opens with stored values of its own.

A page that opens receives what it loads in the same message. Before that it shows nothing, and a
second message would draw it twice.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import reflex as rx
from reflex.state import (
    BaseState,
    OnLoadInternalState,
    State,
    StateUpdate,
    _apply_client_storage_vars,
    _initial_snapshot_cache,
    _InitialSnapshot,
    _serialize_var,
    all_base_state_classes,
)
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event

from publicmeeting.ui.reflex.bundle import AGAIN, defaults_named
from publicmeeting.ui.reflex.page_load import PageLoad
from publicmeeting.ui.reflex.whereabouts import note_document, url_of

_OPENS = f"{State.get_full_name()}.hydrate_and_load"
_LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
OVER_DEFAULTS = f"over_defaults{FIELD_MARKER}"
"""Name of a var of the root state that exists on no page: it marks a message that the browser
applies over the defaults."""
_STORAGES = (rx.Cookie, rx.LocalStorage, rx.SessionStorage)


class FirstState(rx.Middleware):
    """Middleware that answers the event with which a page opens or reconnects."""

    def __init__(self, page_load: PageLoad) -> None:
        self._page_load = page_load

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return the first message, or None for all other events and for a page that Reflex answers
        itself."""
        if event.name != _OPENS:
            return None
        again, stored = connects_again(event), event.payload.get("vars")
        if not again:
            await note_document(state)
        if stored and not again:
            return None
        hashes = event.payload.get("hashes")
        built = _same_defaults(hashes) if again else _built_with(hashes)
        if built is None or not app.get_load_events(url_of(state).path):
            return None
        root = state._get_root_state()  # noqa: SLF001  (as Reflex's own processor)
        _forget_stored(root)
        await _apply_client_storage_vars(root, stored or {})
        root._clean()  # type: ignore[no-untyped-call]  # noqa: SLF001
        # If a reconnecting page's state still exists, its values are sent first, so that the page
        # has them even if its load fails. If the state is gone, because its process ended or
        # because it expired while she wrote without a network, the page loads before anything is
        # sent: the defaults alone would remove her form and what she had typed.
        is_living = again and root.get_value("is_hydrated")
        root.is_hydrated = False
        loaded = None if is_living else await self._page_load.load(app, state)
        delta: dict[str, dict[str, Any]] = {}
        for one in _tree(root):
            name = one.get_full_name()
            if name not in built:
                delta[name] = _whole(one)
            elif (one.__dict__ or _computed(type(one))) and (changed := _changed(one, built[name])):
                delta[name] = changed
        for name, changes in (await root._get_resolved_delta()).items():  # noqa: SLF001
            delta.setdefault(name, {}).update(changes)
        if again:
            delta.setdefault(State.get_full_name(), {})[OVER_DEFAULTS] = True
        root._clean()  # type: ignore[no-untyped-call]  # noqa: SLF001
        events = [Event(name=_LOADS, payload={})] if loaded is None else loaded
        return StateUpdate(delta=delta, events=events)


def connects_again(event: Event) -> bool:
    """Return whether this event asks for the first state of a page that was open before."""
    hashes = event.payload.get("hashes")
    return event.name == _OPENS and (not hashes or hashes[0] == AGAIN)


def _built_with(hashes: object) -> Mapping[str, Mapping[str, str]] | None:
    """Return the defaults of all states if the page was built with the same ones, else None.

    Also None at the first page of a process, before Reflex has computed them.
    """
    known = _known()
    if known is None:
        return None
    in_order = (known.hashes[name] for name in sorted(known.hashes))
    return known.serialized if hashes == [known.names_digest, *in_order] else None


def _same_defaults(named: object) -> Mapping[str, Mapping[str, str]] | None:
    """Return the defaults of the states that are unchanged since a reconnecting page was built.

    None if the page names no state, or before Reflex has computed the defaults.
    """
    known = _known()
    if known is None or not isinstance(named, list) or not named:
        return None
    ours = defaults_named(known.hashes)
    return {ours[name]: known.serialized[ours[name]] for name in map(str, named) if name in ours}


def _known() -> _InitialSnapshot | None:
    known = _initial_snapshot_cache.get(State)
    is_of_all = known is not None and known.n_state_classes == len(all_base_state_classes)
    return known if is_of_all else None


def _tree(state: BaseState) -> Iterator[BaseState]:
    yield state
    for substate in state.substates.values():
        if substate.substates:
            yield from _tree(substate)
        else:
            yield substate


def _whole(state: BaseState) -> dict[str, Any]:
    names = (*state.base_vars, *_computed(type(state)))
    return {f"{name}{FIELD_MARKER}": state.get_value(name) for name in sorted(names)}


def _changed(state: BaseState, defaults: Mapping[str, str]) -> dict[str, Any]:
    names = [*(state.__dict__.keys() & state.base_vars.keys()), *_computed(type(state))]
    values = {f"{name}{FIELD_MARKER}": state.get_value(name) for name in sorted(names)}
    return {
        name: value
        for name, value in values.items()
        if name not in defaults or _serialize_var(value) != defaults[name]
    }


def _forget_stored(root: BaseState) -> None:
    """Reset the vars that tabs store for us, as Reflex does: this page may have sent none."""
    for state in _tree(root):
        if state.__dict__:
            for name in _stored(type(state)):
                if name in state.__dict__:
                    setattr(state, name, state.get_fields()[name].default_value())


@cache
def _computed(kind: type[BaseState]) -> tuple[str, ...]:
    return tuple(name for name, var in kind.computed_vars.items() if not var._backend)  # noqa: SLF001


@cache
def _stored(kind: type[BaseState]) -> tuple[str, ...]:
    fields = kind.get_fields()
    return tuple(name for name in kind.base_vars if isinstance(fields[name].default, _STORAGES))
