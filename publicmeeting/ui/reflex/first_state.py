"""What a page that opens or connects again is sent first: what differs from the defaults it was
built with.

Reflex reads every var of every state, makes JSON of each and compares it with the default, some
hundred states a page. But a var that nobody has read or written is its default, and lies in no
instance: only the others are compared here.

A page that connects again may hold anything, and Reflex sends it every state whole. Ours says of
which defaults it was built (`defaults_named`), and puts every state back to them before it takes
over what differs (`told_again.js`): afterwards it holds the same as if it had been sent all. To one
of an earlier build those states are sent whole whose defaults are others there. A page that opens
and was built with other states is left to Reflex, and so is one that opens with values of its own.

A page that opens is told in the same message what it loads: it shows nothing before that, and would
be drawn twice.
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
from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.reflex.whereabouts import note_document

_OPENS = f"{State.get_full_name()}.hydrate_and_load"
_LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
OVER_DEFAULTS = f"over_defaults{FIELD_MARKER}"
"""A var of the root state that no page has: what comes with it is to be put over the defaults."""
_STORAGES = (rx.Cookie, rx.LocalStorage, rx.SessionStorage)


class FirstState(rx.Middleware):
    """Answers the event with which a page opens or connects again."""

    def __init__(self, page_load: PageLoad) -> None:
        self._page_load = page_load

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None for every other event, and for a page that is not sent differences alone."""
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
        # One whose state still lives is sent it first, also where what it loads fails. Where the
        # state is gone, with its process or with the minutes she wrote without a network, the
        # defaults alone would take her form away, and what she had typed with it.
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
    """Whether a page asks for its first state that was open before."""
    hashes = event.payload.get("hashes")
    return event.name == _OPENS and (not hashes or hashes[0] == AGAIN)


def _built_with(hashes: object) -> Mapping[str, Mapping[str, str]] | None:
    """The defaults of all states, where the page was built with the same; None also before Reflex
    has computed them, at the first page of a process."""
    known = _known()
    if known is None:
        return None
    in_order = (known.hashes[name] for name in sorted(known.hashes))
    return known.serialized if hashes == [known.names_digest, *in_order] else None


def _same_defaults(named: object) -> Mapping[str, Mapping[str, str]] | None:
    """The defaults of those states that a page names which connects again and that are the same
    there; None where it names none, or before Reflex has computed them."""
    known = _known()
    if known is None or not isinstance(named, list) or not named:
        return None
    ours = defaults_named(known.hashes)
    return {ours[one]: known.serialized[ours[one]] for one in map(str, named) if one in ours}


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
    """What tabs keep for us begins anew, as Reflex has it: this page has brought nothing."""
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
