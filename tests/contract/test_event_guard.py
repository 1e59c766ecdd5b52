"""The event guard passes only events of the shape that a handler takes; no handler sees others."""

import asyncio
import dataclasses
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from contract.surface import handlers
from reflex.state import State, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from support.each import for_each

from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.live.sockets import FAULTS_MOST, SOCKET_HEADER, Page, Sockets
from publicmeeting.ui.citizen.home import HomeState
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.city.audit import AuditState
from publicmeeting.ui.reflex.bundle import AGAIN
from publicmeeting.ui.reflex.sending import SendingLess
from publicmeeting.ui.shell.connection import event_guard
from publicmeeting.ui.shell.connection.event_guard import (
    FIELDS_MOST,
    FORM_MOST,
    STORED_MOST,
    TEXT_MOST,
    EventGuard,
    framework_shapes,
    shapes,
)
from publicmeeting.ui.shell.connection.redelivery import KEY, has_key

ROOT = State.get_full_name()
FORM = "__reflex_form_data__"
NOTE = f"{TimelineState.get_full_name()}.saved_note_rx_state_"
FIND = f"{BookingState.get_full_name()}.find"
SEARCH = f"{AuditState.get_full_name()}.search"
CHOOSE = f"{BookingState.get_full_name()}.choose"
MONDAY = f"{TimelineState.get_full_name()}.monday"
TAKE = f"{TimelineState.get_full_name()}.take"
CHECK_IN = f"{TimelineState.get_full_name()}.check_in"
HYDRATE = f"{ROOT}.hydrate_and_load"
FAULT = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
LOAD = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
STORE = f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal"
WATCH = Event(name=f"{HomeState.get_full_name()}.watch")
Payload = Mapping[str, Any]
_APP: Any = SimpleNamespace(event_namespace=None)


def passes(name: str, payload: Any) -> bool:
    shape = shapes().get(name)
    return shape is not None and shape.fits(payload)


def test_every_handler_of_ours_has_a_shape() -> None:
    """A handler with an unknown kind of annotation fails here, not at its first event."""
    assert {handler.full_name for handler in handlers()} <= shapes().keys()


def test_the_handlers_of_reflex_are_those_that_are_known() -> None:
    """A new Reflex may bring another handler: look at it before you list it."""
    found = {
        f"{state.get_full_name()}.{name}"
        for state in [State, *_below(State)]
        if state.__module__.startswith("reflex")
        for name in state.event_handlers
    }
    known = set(framework_shapes())
    assert known <= found
    assert {name.rpartition(".")[2] for name in found - known} == {"setvar"}
    assert not [name for name in shapes() if name.endswith(".setvar")]


def test_no_state_has_a_cookie() -> None:
    """The pages are built without the library for them (`ui/reflex/bundle.py`)."""
    cookies = [
        f"{state.get_full_name()}.{name}"
        for state in [State, *_below(State)]
        for name, field in state.get_fields().items()
        if isinstance(field.default, rx.Cookie)
    ]
    assert cookies == []


def _below(state: type[State]) -> list[Any]:
    return [one for child in state.get_substates() for one in (child, *_below(child))]


@for_each(
    [
        (FIND, {"typed": "ونک"}),
        (CHOOSE, {"district": 6}),
        (CHOOSE, {"district": "6"}),
        (MONDAY, {"on": "2026-11-30", "out": True}),
        (TAKE, {"form": {FORM: [["note", "x"], ["note", "y"], ["urgent", True], ["gone", None]]}}),
        (TAKE, {"form": {"note": "x", "photos": ["1", "2"]}}),
        (TAKE, {"form": {}}),
        (HYDRATE, {}),
        (HYDRATE, {"hashes": ["0a" * 8] * 60}),
        (HYDRATE, {"hashes": None, "vars": {NOTE: "x" * STORED_MOST}}),
        (f"{ROOT}.set_is_hydrated", {"value": True}),
        (STORE, {"vars": {NOTE: ""}}),
        (FAULT, {"info": "TypeError: x\n at y", "component_stack": ""}),
    ]
)
def test_what_pages_send_passes(name: str, payload: Payload) -> None:
    assert passes(name, payload)


@for_each(
    [
        (FIND, {}),
        (FIND, {"typed": 6}),
        (FIND, {"typed": None}),
        (FIND, {"typed": ["x"]}),
        (FIND, {"typed": "x", "more": 1}),
        (FIND, {"typed": "x" * (TEXT_MOST + 1)}),
        (FIND, ["x"]),
        (FIND, "x"),
        (FIND, None),
        (CHOOSE, {"district": True}),
        (CHOOSE, {"district": 6.5}),
        (CHOOSE, {"district": "6x"}),
        (CHOOSE, {"district": "۶"}),
        (CHOOSE, {"district": 10**30}),
        (CHOOSE, {"district": "9" * 5000}),
        (CHOOSE, {"district": {"a": 1}}),
        (MONDAY, {"on": "2026-11-30", "out": 1}),
        (TAKE, {"form": [["note", "x"]]}),
        (TAKE, {"form": {FORM: "x"}}),
        (TAKE, {"form": {FORM: [["note"]]}}),
        (TAKE, {"form": {FORM: [[1, "x"]]}}),
        (TAKE, {"form": {FORM: [["note", {"a": "b"}]]}}),
        (TAKE, {"form": {FORM: [["note", [["deep"]]]]}}),
        (TAKE, {"form": {FORM: [["note", "x"]] * (FIELDS_MOST + 1)}}),
        (TAKE, {"form": {f"f{n}": "x" * (FORM_MOST // 4) for n in range(5)}}),
        (HYDRATE, {"hashes": "x"}),
        (HYDRATE, {"hashes": ["x" * 17]}),
        (HYDRATE, {"hashes": ["x"] * 401}),
        (HYDRATE, {"vars": {NOTE: "x" * (STORED_MOST + 1)}}),
        (HYDRATE, {"vars": {NOTE: 1}}),
        (HYDRATE, {"vars": {f"{TimelineState.get_full_name()}.busy_rx_state_": True}}),
        (HYDRATE, {"vars": [NOTE]}),
        (f"{ROOT}.set_is_hydrated", {"value": "x" * 800_000}),
        (f"{ROOT}.set_is_hydrated", {}),
        (f"{ROOT}.hydrate", {"more": 1}),
        (STORE, {"vars": {NOTE: "x" * 800_000}}),
        (STORE, {"vars": None}),
        (FAULT, {"info": "x" * (TEXT_MOST + 1), "component_stack": ""}),
        (FAULT, {"info": 1, "component_stack": ""}),
        (f"{ROOT}.setvar", {"var_name": "is_hydrated", "value": True}),
        (f"{TimelineState.get_full_name()}.setvar", {"var_name": "busy", "value": True}),
        (f"{ROOT}.reflex___istate___shared____shared_state_base_internal.setvar", {}),
        (f"{HomeState.get_full_name()}._read", {}),
        ("nothing.at_all", {}),
    ],
    ids=lambda case: ascii(case)[:80],
)
def test_what_no_page_sends_does_not(name: str, payload: Any) -> None:
    assert not passes(name, payload)


async def guarded(
    sockets: Sockets, socket: str, event: Event
) -> tuple[StateUpdate | None, int, bool]:
    """Return the guard's answer, how many tasks the socket has, and whether this task ends."""
    guard, answered = EventGuard(), asyncio.Event()
    answers: list[StateUpdate | None] = []
    headers = SimpleNamespace(raw_headers={SOCKET_HEADER: socket})
    state: Any = SimpleNamespace(router=SimpleNamespace(headers=headers))

    async def handled() -> None:
        EventContext.set(_context())
        answers.append(await guard.preprocess(_APP, state, event))
        answered.set()
        if answers[0] is None:
            await asyncio.Event().wait()

    task = asyncio.create_task(handled())
    await answered.wait()
    running = sockets.tasks()
    sockets.close(socket)
    await asyncio.wait([task])
    assert sockets.tasks() == 0
    return answers[0], running, task.cancelled()


def _context() -> EventContext:
    async def emit(token: str, *events: Event) -> None:
        del token, events

    return EventContext(
        token=uuid4().hex,
        state_manager=None,
        enqueue_impl=emit,
        emit_event_impl=emit,
    )


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Sockets:
    found = Sockets()
    monkeypatch.setattr(event_guard, "application", lambda: SimpleNamespace(sockets=found))
    return found


def test_a_background_handler_ends_with_its_socket(sockets: Sockets) -> None:
    sockets.open("a")
    assert asyncio.run(guarded(sockets, "a", WATCH)) == (None, 1, True)


def test_a_background_handler_without_a_socket_does_not_begin(sockets: Sockets) -> None:
    assert asyncio.run(guarded(sockets, "gone", WATCH)) == (StateUpdate(), 0, False)


def test_the_next_event_of_an_address_begins_when_one_ends_or_goes_on_beside_the_page(
    sockets: Sockets,
) -> None:
    headers = {SOCKET_HEADER: "a"}
    state: Any = SimpleNamespace(
        router=SimpleNamespace(headers=SimpleNamespace(raw_headers=headers))
    )

    async def ended(event: Event) -> list[bool]:
        """Return whether the place is back after the guard, and after the event."""
        place = await sockets.at_once.take("group")
        sockets.open("a", page := Page())
        page.under_way.append(place)
        found = list[bool]()

        async def handled() -> None:
            EventContext.set(_context())
            await EventGuard().preprocess(_APP, state, event)
            found.append(place.is_back)

        await asyncio.wait([asyncio.create_task(handled())])
        await asyncio.sleep(0)
        return [*found, place.is_back]

    sent = {RouteVar.HEADERS: headers}
    press = Event(name=FIND, payload={"typed": "x"}, router_data=sent)
    assert asyncio.run(ended(press)) == [False, True]
    assert asyncio.run(ended(dataclasses.replace(WATCH, router_data=sent))) == [True, True]
    assert asyncio.run(ended(WATCH)) == [False, False], "another event has caused it"


def test_refused_events_are_counted_and_close_the_socket_that_goes_on(sockets: Sockets) -> None:
    closing: list[bool] = []
    state: Any = SimpleNamespace(
        router=SimpleNamespace(headers=SimpleNamespace(raw_headers={SOCKET_HEADER: "a"}))
    )

    async def refused() -> None:
        guard, page = EventGuard(), Page(closing=asyncio.get_running_loop().create_future())
        sockets.open("a", page)
        EventContext.set(_context())
        assert page.closing is not None
        for name in ("nothing", FIND, FIND):
            assert await guard.preprocess(_APP, state, Event(name=name)) == StateUpdate()
        closing.append(page.closing.done())
        page.faults = FAULTS_MOST
        await guard.preprocess(_APP, state, Event(name="_no_reason"))
        closing.append(page.closing.done())

    before = [_refused(reason) for reason in ("not_callable", "arguments")]
    asyncio.run(refused())
    after = [_refused(reason) for reason in ("not_callable", "arguments")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 2]
    assert closing == [False, True]


def _refused(reason: str) -> float:
    name = "publicmeeting_events_refused_total"
    return FIGURES.get_sample_value(name, {"reason": reason}) or 0


@pytest.mark.parametrize(
    ("payload", "expected"),
    [({}, [""]), ({"hashes": [AGAIN, "0a"]}, [""]), ({"hashes": ["0a"]}, [])],
    ids=["again", "again with hashes", "first"],
)
def test_a_page_that_connects_again_loses_its_sentence_after_its_state_has_come(
    payload: Payload, expected: list[str]
) -> None:
    heard: list[list[str]] = []

    async def hear(token: str, *events: Event) -> None:
        del token
        heard[-1].extend(event.payload["value"] for event in events)

    async def connects() -> None:
        EventContext.set(dataclasses.replace(_context(), emit_event_impl=hear))
        for event in (Event(name=HYDRATE, payload=dict(payload)), Event(name=LOAD)):
            heard.append([])
            assert await EventGuard().preprocess(_APP, _APP, event) is None

    asyncio.run(connects())
    assert heard == [[], expected]


def test_what_a_load_begins_beside_the_page_leaves_the_sentence_the_load_has_said(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    async def take_away() -> None:
        taken.append("away")

    monkeypatch.setattr(event_guard, "take_away", take_away)
    sockets.open("a")
    assert asyncio.run(guarded(sockets, "a", WATCH))[0] is None
    assert taken == []

    async def found() -> None:
        EventContext.set(_context())
        event = Event(name=FIND, payload={"typed": "a"})
        assert await EventGuard().preprocess(_APP, _APP, event) is None

    asyncio.run(found())
    assert taken == ["away"]


def test_an_event_that_comes_twice_with_its_key_is_carried_out_once(sockets: Sockets) -> None:
    async def heard() -> list[StateUpdate | None]:
        EventContext.set(_context())
        guard = EventGuard()
        events = [
            Event(name=FIND, payload={"typed": "a"}, router_data={KEY: key} if key else {})
            for key in ("0a" * 12, "0a" * 12, "0b" * 12, "", "")
        ]
        return [await guard.preprocess(_APP, page_that_is(ready=True), event) for event in events]

    del sockets
    assert asyncio.run(heard()) == [None, StateUpdate(), None, None, None]


def test_no_handler_gets_half_of_a_surrogate_pair(sockets: Sockets) -> None:
    """A field that cuts an emoji in two sends one, and so does whoever wants a handler to fail."""
    event = Event(name=SEARCH, payload={"form": {"note\ud83d": ["چاله\udc00", "🕳"], "on": True}})
    pairs = Event(name=SEARCH, payload={"form": {FORM: [["a\ud83d", "b\ud800"]]}})

    async def heard() -> list[StateUpdate | None]:
        EventContext.set(_context())
        guard, state = EventGuard(), page_that_is(ready=True)
        return [await guard.preprocess(_APP, state, one) for one in (event, pairs)]

    del sockets
    assert asyncio.run(heard()) == [None, None]
    assert event.payload == {"form": {"note": ["چاله", "🕳"], "on": True}}
    assert pairs.payload == {"form": {FORM: [["a", "b"]]}}


class Holding(SendingLess):
    """A namespace that notes whose messages it would hold back."""

    def __init__(self) -> None:
        self.held: list[str] = []

    async def hold_answer(self, token: str) -> None:
        self.held.append(token)


@pytest.mark.parametrize(
    ("event", "holds"),
    [
        (Event(name=FIND, payload={"typed": "a"}), True),
        (Event(name=CHECK_IN), False),
        (WATCH, False),
    ],
)
def test_what_a_press_sends_is_held_back_if_its_handler_allows_it(
    event: Event, sockets: Sockets, *, holds: bool
) -> None:
    namespace = Holding()
    app: Any = SimpleNamespace(event_namespace=namespace)
    pressed = dataclasses.replace(event, router_data={KEY: "0a" * 12})
    page = page_that_is(ready=True)
    page.router = SimpleNamespace(headers=SimpleNamespace(raw_headers={SOCKET_HEADER: "a"}))
    sockets.open("a")

    async def presses() -> None:
        EventContext.set(_context())
        await EventGuard().preprocess(app, page, pressed)

    asyncio.run(presses())
    assert bool(namespace.held) == holds


def page_that_is(*, ready: bool, opened: int = 1) -> Any:
    root = SimpleNamespace(get_value={"is_hydrated": ready}.get)

    async def get_state(_kind: object) -> Any:
        return SimpleNamespace(_opened=opened)

    headers = SimpleNamespace(raw_headers={SOCKET_HEADER: "a"})
    router = SimpleNamespace(headers=headers)
    return SimpleNamespace(_get_root_state=lambda: root, get_state=get_state, router=router)


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_press_that_comes_with_a_new_connection_stands_behind_the_load_once(
    sockets: Sockets, *, is_lost: bool
) -> None:
    """If Redis has lost the state, the page reconnects, loads, and sends its press again."""
    put: list[tuple[Event, EventContext]] = []

    async def enqueue(_token: str, event: Event, *, ev_ctx: EventContext) -> None:
        put.append((event, ev_ctx))

    processor = SimpleNamespace(enqueue=enqueue)
    app: Any = SimpleNamespace(event_processor=processor, event_namespace=None)
    guard, page = EventGuard(), page_that_is(ready=False, opened=not is_lost)
    closed: list[bool] = []

    async def presses(key: str) -> list[StateUpdate | None]:
        closing = asyncio.get_running_loop().create_future()
        sockets.open("a", Page(closing=closing))
        EventContext.set(_context())
        event = Event(name=FIND, payload={"typed": "a"}, router_data={KEY: key} if key else {})
        answers = [await guard.preprocess(app, page, event)]
        for again, context in put:
            EventContext.set(context)
            answers.append(await guard.preprocess(app, page, again))
        closed.append(closing.done())
        return answers

    assert asyncio.run(presses("")) == [None]
    again = StateUpdate() if is_lost else None
    assert asyncio.run(presses("0a" * 12)) == [StateUpdate(), again]
    assert closed == [False, is_lost]
    assert all(has_key(event) for event, _ in put) is is_lost
    assert [(event.name, context.parent_txid) for event, context in put] == [(FIND, None)]


def test_the_guard_is_a_middleware_of_the_app() -> None:
    assert issubclass(EventGuard, rx.Middleware)
