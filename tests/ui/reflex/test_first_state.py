"""A page that opens or reconnects gets the same state as from Reflex itself."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from reflex import state as reflex_state
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import json_dumps
from support.browser_scripts import Scripts
from support.citizens import citizen, own_visit, someone
from support.city import City
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.reflex import bundle
from publicmeeting.ui.reflex.bundle import AGAIN, defaults_named
from publicmeeting.ui.reflex.first_state import OVER_DEFAULTS, FirstState
from publicmeeting.ui.reflex.page_load import PageLoad

OPENS = f"{State.get_full_name()}.hydrate_and_load"
APP: Any = SimpleNamespace(get_load_events=lambda _path: [BookingState.load])
ROOT = State.get_full_name()
NOTE = f"{TimelineState.get_full_name()}.saved_note_rx_state_"
Delta = dict[str, dict[str, Any]]
MOST_OF_AN_EARLIER_BUILD = 1024
"""Most bytes for a page in which one state was built differently, before anything is loaded."""


@pytest.fixture(scope="module", autouse=True)
def defaults() -> list[str]:
    """Hashes of the defaults, as Reflex computes them at a process's first page."""
    root = State(_reflex_internal_init=True)
    reflex_state.cache_initial_snapshot(State, root.dict(initial=True))
    known = reflex_state._initial_snapshot_cache[State]
    return [known.names_digest, *(known.hashes[name] for name in sorted(known.hashes))]


@pytest.fixture
def named(defaults: list[str]) -> list[str]:
    """What a page of this build sends when it reconnects."""
    assert len(defaults) > 2
    return [AGAIN, *defaults_named(reflex_state._initial_snapshot_cache[State].hashes)]


@pytest.fixture
def tabs(application: Application, city: City) -> tuple[Tab, Tab]:
    """Two equal tabs."""
    hers = citizen(application, someone(1).mobile, visit=own_visit(application, "hers"))
    both = Tab(application, keys=hers), Tab(application, keys=hers)
    for tab in both:
        tab.go("/request/")
    return both


def ours(tab: Tab, **payload: Any) -> StateUpdate | None:
    event = Event(name=OPENS, payload=payload)
    return asyncio.run(FirstState(PageLoad()).preprocess(APP, tab.state(State), event))


def reflexs(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, *, loads: bool = False, **payload: Any
) -> Delta:
    found, manager = Delta(), StateManagerMemory()

    async def emit(_token: str, delta: Delta) -> None:
        for name, changes in delta.items():
            found.setdefault(name, {}).update(changes)

    async def opened() -> None:
        context = EventContext(
            token="tab",
            txid="one",
            parent_txid=None,
            state_manager=manager,
            enqueue_impl=emit,  # type: ignore[arg-type]
            emit_delta_impl=emit,  # type: ignore[arg-type]
            emit_event_impl=None,
        )
        EventContext.set(context)
        await do(tab.state(State), State.hydrate_and_load, *payload.values())
        if loads:
            await do(tab.state(BookingState), BookingState.load)
            tab.state(State).is_hydrated = True
            await emit("tab", tab.state(State).get_delta())
            tab.state(State)._clean()

    with monkeypatch.context() as patch:
        patch.setattr(RegistrationContext, "get", lambda: SimpleNamespace(app=APP))
        asyncio.run(opened())
    return found


def use(tab: Tab) -> None:
    """Use a tab, like a page that was open before and whose tab has sent a message."""
    asyncio.run(do(tab.state(BookingState), BookingState.load))
    asyncio.run(do(tab.state(BookingState), BookingState.choose, 6))
    tab.state(TimelineState).saved_note = "نیمه‌کاره"
    tab.state(State).is_hydrated = True


@pytest.mark.parametrize("is_used", [False, True])
def test_a_page_is_told_what_reflex_would_tell_it(
    tabs: tuple[Tab, Tab],
    defaults: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_used: bool,
) -> None:
    for tab in (*tabs, *tabs) if is_used else ():  # twice, so that both read the first's choice
        use(tab)
    answer = ours(tabs[0], hashes=defaults)
    assert answer is not None
    theirs = reflexs(tabs[1], monkeypatch, loads=True, vars=None, hashes=defaults)
    assert answer.delta == theirs
    assert answer.delta[ROOT]["is_hydrated_rx_state_"] is True
    assert answer.events == [], "what it loads is in it"
    for tab in tabs:
        assert tab.state(State).is_hydrated
        assert tab.state(TimelineState).saved_note == ""
        assert tab.state(State).get_delta() == {}, "nothing of it is told twice"


def test_a_load_that_fails_as_a_page_opens_is_left_to_reflex(
    tabs: tuple[Tab, Tab], defaults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_requested: object) -> None:
        raise OSError

    monkeypatch.setattr("publicmeeting.ui.citizen.request.state.query", fails)
    answer = ours(tabs[0], hashes=defaults)
    assert answer is not None
    assert answer.delta[ROOT].get("is_hydrated_rx_state_", False) is False
    ready = f"{OnLoadInternalState.get_full_name()}.set_is_hydrated"
    assert [event.name for event in answer.events] == [
        f"{BookingState.get_full_name()}.load",
        ready,
    ]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    """The script by which a page takes over what it receives."""
    folder = tmp_path_factory.mktemp("told")
    registry = folder / "utils" / "context-registry.js"
    registry.parent.mkdir()
    registry.write_text("export const app = (globalThis.app = {});", encoding="utf-8")
    where = {"compilerOptions": {"paths": {"$/*": ["./*"]}}}
    (folder / "jsconfig.json").write_text(json.dumps(where), encoding="utf-8")
    script = Path(bundle.__file__).with_name("over_defaults.js")
    shutil.copy(script, folder)
    with Scripts(folder, script.name) as scripts:
        yield scripts


def plain(values: Any) -> Any:
    """Return values as a browser reads them."""
    return json.loads(json_dumps(values))


@pytest.mark.parametrize("stored", [{}, {NOTE: "نیمه‌کاره"}], ids=["", "with a note"])
@pytest.mark.parametrize("is_used", [False, True])
def test_a_page_that_connects_again_holds_what_reflex_would_tell_it_whole(
    tabs: tuple[Tab, Tab],
    named: list[str],
    browser: Scripts,
    monkeypatch: pytest.MonkeyPatch,
    stored: dict[str, str],
    *,
    is_used: bool,
) -> None:
    for tab in (*tabs, *tabs) if is_used else ():
        use(tab)
    answer = ours(tabs[0], hashes=named, vars=stored)
    assert answer is not None
    is_new = not is_used  # a new page gets what it loads in the same message
    theirs = plain(reflexs(tabs[1], monkeypatch, loads=is_new, vars=stored, hashes=named))
    assert bool(answer.events) is is_used
    begun = plain(State(_reflex_internal_init=True).dict(initial=True))
    assert len(theirs) == len(begun), "Reflex tells it everything"
    browser.run(
        "(name, defaults) => void Object.assign(app, {state_name: name, defaults})", ROOT, begun
    )
    assert browser.run("(delta) => whole(delta)", plain(answer.delta)) == theirs
    assert browser.run("() => app.defaults") == begun, "they are there for the next time"
    assert tabs[0].state(TimelineState).saved_note == stored.get(NOTE, "")
    assert tabs[0].state(State).get_delta() == {}, "nothing of it is told twice"


def test_any_other_message_is_taken_as_it_is(browser: Scripts) -> None:
    browser.run("(name) => void Object.assign(app, {state_name: name, defaults: {a: {}}})", ROOT)
    for delta in ({ROOT: {"is_hydrated_rx_state_": False}}, {"a": {"x": 1}}, {}, None):
        assert browser.run("(delta) => whole(delta)", delta) == delta


@pytest.mark.parametrize("is_used", [False, True])
@pytest.mark.parametrize("earlier", ["one default", "one state", "all, named as before"])
def test_a_page_of_an_earlier_build_that_connects_again_holds_the_same(
    tabs: tuple[Tab, Tab],
    named: list[str],
    defaults: list[str],
    browser: Scripts,
    monkeypatch: pytest.MonkeyPatch,
    earlier: str,
    *,
    is_used: bool,
) -> None:
    """Only states that were built differently are sent whole, whatever others it had."""
    for tab in (*tabs, *tabs) if is_used else ():
        use(tab)
    for tab in tabs:
        tab.state(State).is_hydrated = True  # the state is alive: loading comes afterwards
    begun = plain(State(_reflex_internal_init=True).dict(initial=True))
    other = BookingState.get_full_name()
    says = named
    if earlier == "one default":
        begun[other] = {**begun[other], "answer_rx_state_": "another", "gone_rx_state_": 1}
    elif earlier == "one state":
        begun["reflex___state____state.gone_state"] = {"seen_rx_state_": "x"}
    if earlier == "all, named as before":
        begun = {name: dict.fromkeys(values, "another") for name, values in begun.items()}
        says = [AGAIN, *defaults]
    else:
        known = reflex_state._initial_snapshot_cache[State].hashes
        gone = {"reflex___state____state.gone_state": "0" * 16}
        hashes = {**known, other: "0" * 16} if earlier == "one default" else {**known, **gone}
        says = [AGAIN, *defaults_named(hashes)]
    answer = ours(tabs[0], hashes=says)
    assert answer is not None
    theirs = plain(reflexs(tabs[1], monkeypatch, vars=None, hashes=says))
    browser.run(
        "(name, defaults) => void Object.assign(app, {state_name: name, defaults})", ROOT, begun
    )
    holds = browser.run("(delta) => whole(delta)", plain(answer.delta))
    for state, values in theirs.items():
        assert {name: holds[state][name] for name in values} == values, state
    whole = [name for name, values in answer.delta.items() if len(values) >= len(theirs[name])]
    if earlier == "one default":
        assert other in whole
    if earlier != "all, named as before" and not is_used:
        assert len(json_dumps(answer.delta)) < MOST_OF_AN_EARLIER_BUILD


def test_a_page_that_names_nothing_is_told_all_by_reflex(
    tabs: tuple[Tab, Tab], defaults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a hint to merge it into defaults, of which the page stores none."""
    assert ours(tabs[0], hashes=[]) is None
    told = reflexs(tabs[1], monkeypatch, vars=None, hashes=[])
    assert len(told) == len(defaults) - 1
    assert OVER_DEFAULTS not in told[ROOT]


def test_a_page_built_otherwise_or_with_values_of_its_own_is_left_to_reflex(
    tabs: tuple[Tab, Tab], defaults: list[str]
) -> None:
    note = {NOTE: "x"}
    assert ours(tabs[0]) is None
    assert ours(tabs[0], hashes=[]) is None
    assert ours(tabs[0], hashes=defaults[:-1]) is None
    assert ours(tabs[0], hashes=[*defaults[:-1], "0" * 16]) is None
    assert ours(tabs[0], hashes="all of them") is None
    assert ours(tabs[0], hashes=defaults, vars=note) is None
    other = Event(name=f"{BookingState.get_full_name()}.load", payload={"hashes": defaults})
    assert asyncio.run(FirstState(PageLoad()).preprocess(APP, tabs[0].state(State), other)) is None


def test_a_page_that_loads_nothing_is_left_to_reflex(
    tabs: tuple[Tab, Tab], defaults: list[str]
) -> None:
    app: Any = SimpleNamespace(get_load_events=lambda _path: [])
    event = Event(name=OPENS, payload={"hashes": defaults})
    assert asyncio.run(FirstState(PageLoad()).preprocess(app, tabs[0].state(State), event)) is None


def test_before_reflex_has_computed_the_defaults_it_answers_itself(
    tabs: tuple[Tab, Tab], defaults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reflex_state, "_initial_snapshot_cache", {})
    monkeypatch.setattr("publicmeeting.ui.reflex.first_state._initial_snapshot_cache", {})
    assert ours(tabs[0], hashes=defaults) is None
