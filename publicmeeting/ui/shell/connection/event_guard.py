"""Check of every event that a browser sends, before its handler runs.

A browser can call a handler by name with any arguments, and Reflex passes on even those that do not
fit. This middleware drops four kinds of events without an answer:

- an event whose arguments do not have the shape that its handler takes: no page of ours sends one;
- a call of a handler of Reflex's own that is not listed here;
- a background handler of a socket that is gone;
- an event that the browser sends again although it was carried out, unless its answer led on.

From the texts of all others it removes halves of surrogate pairs, which have no UTF-8. A field that
cuts an emoji in two sends one, and so does whoever wants a handler to fail.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import Parameter, isasyncgenfunction, isgeneratorfunction, signature
from typing import Any, cast, get_type_hints

import reflex as rx
from reflex.state import (
    BaseState,
    FrontendEventExceptionState,
    OnLoadInternalState,
    State,
    StateUpdate,
    UpdateVarsInternalState,
)
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from publicmeeting.application import application
from publicmeeting.kit.digits import is_number
from publicmeeting.kit.process.context import press, set_press, set_request_id
from publicmeeting.kit.process.figures import EVENTS_REFUSED
from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.ui.reflex.first_state import connects_again
from publicmeeting.ui.reflex.page_load import update_of
from publicmeeting.ui.reflex.sending import REDIRECT, SendingLess
from publicmeeting.ui.reflex.whereabouts import is_loaded, opened
from publicmeeting.ui.shell.connection.redelivery import (
    Addressed,
    Done,
    Seen,
    comes_too_late,
    has_key,
    key_of,
)
from publicmeeting.ui.shell.connection.trouble import take_away, take_away_next

TEXT_MOST = 16_000
"""Maximum characters of one text. It is generous because a form answers by how much a text is too
long."""

FORM_MOST = 32_000
"""Maximum characters of all fields of a form together."""

FIELDS_MOST = 200
STORED_MOST = 4_000
"""Maximum characters of a value that a tab stores for us."""

HASHES_MOST, HASH_MOST = 400, 16
"""Maximum number and length of the hashes of states with whose defaults a page was built."""

_DIGITS_MOST = 9
_VAR_ENDING = "_rx_state_"
_STORAGES = (rx.Cookie, rx.LocalStorage, rx.SessionStorage)
_OURS = "publicmeeting."

Fits = Callable[[object], bool]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shape:
    """The arguments that a handler takes: a test for each, and which are required."""

    arguments: Mapping[str, Fits]
    needed: frozenset[str] = frozenset()
    is_background: bool = False
    sends_once: bool = False
    """Whether the handler changes its page only at its end."""
    page: type[Addressed] | None = None
    """The handler's state class, if it shows one case at a time."""

    def fits(self, payload: object) -> bool:
        return (
            isinstance(payload, Mapping)
            and self.needed <= payload.keys() <= self.arguments.keys()
            and all(self.arguments[name](value) for name, value in payload.items())
        )


class EventGuard(rx.Middleware):
    """The first middleware of the app."""

    def __init__(self) -> None:
        self._seen = Seen()
        self._behind = set[str]()
        """Ids of events that were queued behind their page's load."""

    async def preprocess(
        self,
        app: rx.App,
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Return None to let the event pass, or an empty update to drop it."""
        context = EventContext.get()
        set_request_id(context.txid)
        shape = shapes().get(event.name)
        _give_place_back(event, begins=shape is not None and shape.is_background)
        if await self._puts_behind_load(app, state, event):
            return StateUpdate()
        set_press(key_of(event))
        pressed = press()
        if pressed:
            socket_id = context.router_data.get(RouteVar.SESSION_ID, "")
            self._seen.answer_when_done(
                app, context.state_manager, pressed, context.token, socket_id
            )
            namespace = app.event_namespace
            if shape and shape.sends_once and isinstance(namespace, SendingLess):
                await namespace.hold_answer(context.token)
        if shape is None or not shape.fits(event.payload):
            return self._refuse("arguments" if shape else "not_callable", state, event.name)
        event.payload.update(_whole(event.payload))
        if shape.is_background and not _ends_with_its_socket(state, event.name):
            return self._refuse("no_socket", state, event.name)
        if pressed and (done := await self._seen.claim(context.state_manager, pressed)):
            pressed.leads_to = done.leads_to
            return await _answer_again(state, done)
        if connects_again(event):
            # The page reconnects, as after a fault: another process may have shown a sentence on
            # it.
            take_away_next()
        elif not shape.is_background:  # a page's load starts its background handlers, not a person
            await take_away()
            if shape.page is not None:
                return await _too_late(state, shape.page, event)
        return None

    async def _puts_behind_load(self, app: rx.App, state: BaseState, event: Event) -> bool:
        """Queue a press behind its page's load, and return whether this was done.

        After a reconnection a press arrives before the page has loaded. Its state may then be
        empty, and the load would remove the press's answer. If no load is on its way, Redis has
        lost the state of an open page. Its socket is closed: the browser reconnects, the page
        loads, and the press, which was not answered, is sent again behind that load.
        """
        context = EventContext.get()
        was_behind = context.txid in self._behind
        self._behind.discard(context.txid)
        if not has_key(event):
            return False
        root = state._get_root_state()  # noqa: SLF001  (as Reflex's own processor)
        if root.get_value("is_hydrated"):
            return False
        if was_behind:
            is_lost = not await opened(state)
            if is_lost:
                application().sockets.reload(_socket_of(state))
            return is_lost
        alone = replace(context.fork(), parent_txid=None)
        self._behind.add(alone.txid)
        await app.event_processor.enqueue(context.token, event, ev_ctx=alone)
        return True

    @staticmethod
    def _refuse(reason: str, state: BaseState, handler: str) -> StateUpdate:
        EVENTS_REFUSED.labels(reason).inc()
        application().sockets.count_fault(_socket_of(state))
        _log.warning("refused an event (%s): %.200r", reason, handler)
        return StateUpdate()


def _give_place_back(event: Event, *, begins: bool) -> None:
    """Let the next event of this address or owner begin when this one has ended.

    One that `begins` something in the background has nothing else to do. An event that another one
    has caused has no place, and no data of a browser.
    """
    sockets, task = application().sockets, asyncio.current_task()
    socket = event.router_data.get(RouteVar.HEADERS, {}).get(SOCKET_HEADER, "")
    if not event.router_data:
        return
    if begins or task is None:
        sockets.end_event(socket)
    else:
        task.add_done_callback(lambda _: sockets.end_event(socket))


async def _answer_again(state: BaseState, done: Done) -> StateUpdate:
    """Return the answer of a press that has been carried out: where it led, if it never came.

    The page has been loaded since the press, so that it shows everything else. If it shows another
    address by now, its user has gone on.
    """
    if not done.leads_to or not await is_loaded(state):
        return StateUpdate()
    goes = {"path": done.leads_to, "external": False, "popup": False, "replace": False}
    return StateUpdate(events=[Event(name=REDIRECT, payload=goes)])


async def _too_late(state: BaseState, page: type[Addressed], event: Event) -> StateUpdate | None:
    """Return the page's update if it shows another case by now than the one of the press."""
    of_page = await state.get_state(page)
    handler = event.name.rpartition(".")[2]
    if not await comes_too_late(of_page, handler, event.payload):
        return None
    return await update_of(state)


def _ends_with_its_socket(state: BaseState, name: str) -> bool:
    """Return whether the socket is open, and register this task to be cancelled when it closes."""
    task = asyncio.current_task()
    assert task is not None
    return application().sockets.register(_socket_of(state), name, task)


def _socket_of(state: BaseState) -> str:
    return str(state.router.headers.raw_headers.get(SOCKET_HEADER, ""))


@cache
def _hydrating() -> str:
    return f"{State.get_full_name()}.hydrate_and_load"


@cache
def shapes() -> Mapping[str, Shape]:
    """Return full name → shape of every handler that a browser may call. All others are refused.

    Call it at the first event: every page has been imported by then.
    """
    own = {
        f"{state.get_full_name()}.{name}": _shape_of(handler, state)
        for state in _own_states(State)
        for name, handler in state.event_handlers.items()
        if name != "setvar"
    }
    return {**framework_shapes(), **own}


def framework_shapes() -> Mapping[str, Shape]:
    """Return the handlers of Reflex's own states that a page calls."""
    flag = Shape({"value": _is_flag}, frozenset({"value"}))
    stored = _stored_vars()
    root, load = State.get_full_name(), OnLoadInternalState.get_full_name()
    vars_, faults = (
        one.get_full_name() for one in (UpdateVarsInternalState, FrontendEventExceptionState)
    )
    return {
        f"{root}.hydrate": Shape({}),
        f"{root}.set_is_hydrated": flag,
        _hydrating(): Shape({"vars": stored, "hashes": _are_hashes}),
        f"{load}.on_load_internal": Shape({}),
        f"{load}.set_is_hydrated": flag,
        f"{vars_}.update_vars_internal": Shape(
            # Unlike the hydration, Reflex reads them without asking whether there are any.
            {"vars": lambda value: value is not None and stored(value)},
            frozenset({"vars"}),
        ),
        f"{faults}.handle_frontend_exception": Shape(
            {"info": _is_text, "component_stack": _is_text}, frozenset({"info", "component_stack"})
        ),
    }


def _own_states(state: type[BaseState]) -> list[type[BaseState]]:
    below = [own_state for child in state.get_substates() for own_state in _own_states(child)]
    return [state, *below] if state.__module__.startswith(_OURS) else below


def _shape_of(handler: rx.EventHandler, state: type[BaseState]) -> Shape:
    hints = get_type_hints(handler.fn)
    taken = list(signature(handler.fn).parameters.values())[1:]
    return Shape(
        {parameter.name: _test_of(hints[parameter.name]) for parameter in taken},
        frozenset(parameter.name for parameter in taken if parameter.default is Parameter.empty),
        handler.is_background,
        not handler.is_background and not _in_steps(handler.fn),
        state if issubclass(state, Addressed) else None,
    )


def _in_steps(function: Callable[..., object]) -> bool:
    return isasyncgenfunction(function) or isgeneratorfunction(function)


def _test_of(annotation: Any) -> Fits:
    """Return the test for a type. Raises KeyError if there is none; a contract test walks all
    handlers."""
    return _TESTS[annotation]


def _stored_vars() -> Fits:
    """Return the test for vars that tabs store for us. Without it Reflex would set any var by this
    event."""
    names = {
        f"{state.get_full_name()}.{name}{_VAR_ENDING}"
        for state in _own_states(State)
        for name, field in state.get_fields().items()
        if isinstance(field.default, _STORAGES)
    }

    def fits(value: object) -> bool:
        return value is None or (
            isinstance(value, dict)
            and value.keys() <= names
            and all(isinstance(text, str) and len(text) <= STORED_MOST for text in value.values())
        )

    return fits


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MOST


def _is_number(value: object) -> bool:
    """Accept a number, or the digits that a select element sends, which Reflex converts."""
    if isinstance(value, str):
        return is_number(value, _DIGITS_MOST)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_DIGITS_MOST


def _are_hashes(value: object) -> bool:
    return value is None or (_are_texts(value, HASHES_MOST, HASH_MOST))


def _are_texts(value: object, most: int = FIELDS_MOST, longest: int = 200) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(text, str) and len(text) <= longest for text in value)
    )


def _is_form(value: object) -> bool:
    """Accept field names with their values, as a mapping or as Reflex's list of pairs."""
    if not isinstance(value, Mapping):
        return False
    pairs = value.get(FORM_DATA_ENTRIES_KEY) if len(value) == 1 else None
    if pairs is None:
        return _are_fields(list(value.items()))
    return isinstance(pairs, list) and _are_fields(pairs)


def _are_fields(pairs: list[Any]) -> bool:
    if len(pairs) > FIELDS_MOST:
        return False
    length = 0
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != len(("name", "value")):
            return False
        name, value = pair
        values = value if isinstance(value, list) else [value]
        if not isinstance(name, str) or not all(map(_is_scalar, values)):
            return False
        length += len(name) + sum(len(str(value)) for value in values)
    return length <= FORM_MOST


def _whole(value: Any) -> Any:
    """Return the value with every text in it as UTF-8 can hold it."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="ignore").decode()
    if isinstance(value, Mapping):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return [_whole(part) for part in value] if isinstance(value, list | tuple) else value


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | bool | int | float)


_TESTS: Mapping[Any, Fits] = {
    bool: _is_flag,
    str: _is_text,
    int: _is_number,
    list[str]: _are_texts,
    cast("Any", rx.form.FormData[str, Any]): _is_form,
}
