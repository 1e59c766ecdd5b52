"""A page loads by one event and one message, even if a part of it fails."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from support.citizens import citizen, own_visit, someone
from support.city import City
from support.staff_tab import Tab

from publicmeeting.application import Application
from publicmeeting.live.sockets import SOCKET_HEADER
from publicmeeting.ui.citizen.mine import MineState
from publicmeeting.ui.reflex.page_load import PageLoad
from publicmeeting.ui.shell.demo import DemoState
from publicmeeting.ui.shell.session import Session

ROOT = State.get_full_name()
LOADS = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
READY = Event(
    name=f"{OnLoadInternalState.get_full_name()}.set_is_hydrated", payload={"value": True}
)


def asked(tab: Tab, loads: list[Any], name: str = LOADS) -> StateUpdate | None:
    """Return the answer to the event by which a page loads."""
    app: Any = SimpleNamespace(get_load_events=lambda _path: loads)
    root = tab.state(State)
    return asyncio.run(PageLoad().preprocess(app, root, Event(name=name)))


@pytest.fixture
def tab(application: Application, city: City) -> Tab:
    anna = someone(1)
    return Tab(
        application, keys=citizen(application, anna.mobile, visit=own_visit(application, "hers"))
    )


def test_two_loads_are_told_in_one_message_and_those_beside_the_page_follow(tab: Tab) -> None:
    answer = asked(tab, [Session.load, MineState.watch, MineState.load])
    assert answer is not None
    assert answer.delta[ROOT]["is_hydrated_rx_state_"] is True
    assert answer.delta[Session.get_full_name()]["reader_rx_state_"].is_known
    assert MineState.get_full_name() in answer.delta
    assert [event.name for event in answer.events] == [f"{MineState.get_full_name()}.watch"]


def test_what_has_been_told_is_not_told_again(tab: Tab) -> None:
    asked(tab, [Session.load])
    again = asked(tab, [MineState.load])
    assert again is not None
    assert Session.get_full_name() not in again.delta


def test_a_load_that_fails_is_left_to_reflex_with_all_behind_it(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_requested: object) -> None:
        raise OSError

    monkeypatch.setattr("publicmeeting.ui.citizen.mine.query", fails)
    answer = asked(tab, [Session.load, MineState.load, MineState.watch])
    assert answer is not None
    assert Session.get_full_name() in answer.delta, "what was read before it is told"
    assert answer.delta[ROOT]["is_hydrated_rx_state_"] is False
    mine = MineState.get_full_name()
    assert [event.name for event in answer.events] == [f"{mine}.load", f"{mine}.watch", READY.name]
    assert answer.events[-1].payload == READY.payload


def test_other_events_and_pages_that_load_nothing_pass(tab: Tab) -> None:
    assert asked(tab, [Session.load], name=f"{Session.get_full_name()}.load") is None
    assert asked(tab, []) is None


def test_what_goes_on_beside_every_page_is_begun_once_for_each_socket(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = list[tuple[str, str | None]]()
    going = list[asyncio.Future[None]]()

    async def enqueue(token: str, event: Event, ev_ctx: EventContext) -> asyncio.Future[None]:
        assert (token, ev_ctx.token) == ("tab", "tab")
        begun.append((event.name, ev_ctx.parent_txid))
        going.append(asyncio.get_running_loop().create_future())
        return going[-1]

    async def pages() -> None:
        loading: Any = EventContext(token="tab", state_manager=None, enqueue_impl=None)  # type: ignore[arg-type]
        EventContext.set(loading)
        loads = [DemoState.watch, MineState.watch]
        app: Any = SimpleNamespace(
            get_load_events=lambda _path: loads, event_processor=SimpleNamespace(enqueue=enqueue)
        )
        page_load, root = PageLoad(), tab.state(State)

        async def load(socket: str, answers: int) -> None:
            headers = SimpleNamespace(raw_headers={SOCKET_HEADER: socket})
            monkeypatch.setattr(
                "publicmeeting.ui.reflex.page_load.headers_of", lambda _state: headers
            )
            answer = await page_load.preprocess(app, root, Event(name=LOADS))
            assert answer is not None
            of_page = [event.name for event in answer.events]
            assert of_page == [f"{MineState.get_full_name()}.watch"], "it ends with its page"
            assert len(begun) == answers

        await load("first", 1)
        await load("first", 1)
        await load("second", 2)
        going[0].cancel()  # its socket has closed
        await asyncio.sleep(0)
        await load("second", 2)
        await load("first", 3)
        assert set(begun) == {(f"{DemoState.get_full_name()}.watch", None)}

    asyncio.run(pages())
