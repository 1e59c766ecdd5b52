"""A part of the service is missing: one sentence appears, and nothing typed is lost.

The page reloads when the part is back.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisIsGone
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from sqlalchemy.exc import OperationalError
from support.city import City
from support.staff_tab import Tab, do

from publicmeeting import application as applications
from publicmeeting.application import Application
from publicmeeting.domain.errors import TooBusy
from publicmeeting.live.sockets import SOCKET_HEADER, Page
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.home import HomeState
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.shell.connection import trouble
from publicmeeting.ui.shell.session import Session

AWAY = OperationalError("SELECT", {}, Exception("server closed the connection"))
BUG = RuntimeError("a bug")
SAID = refusal("part_missing")
FAULTS = pytest.mark.parametrize(
    "fault", [AWAY, RedisIsGone("gone"), BUG], ids=["db", "redis", "bug"]
)
SOCKET = "a socket"


class Heard:
    """Events sent to the browser outside of any state."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.context = EventContext(
            token="0" * 32,
            state_manager=None,
            enqueue_impl=self._no,
            emit_event_impl=self._hear,
            router_data={"headers": {SOCKET_HEADER: SOCKET}},
        )

    async def _no(self, token: str, *events: Event) -> None:
        raise AssertionError(events)

    async def _hear(self, token: str, *events: Event) -> None:
        del token
        for event in events:
            assert event.name == "_set_value"
            assert event.payload["ref"] == "ref_trouble"
            self.sentences.append(event.payload["value"])


@pytest.fixture
def application_in_use(application: Application, city: City) -> Application:
    applications.use(application)
    return application


@pytest.fixture
def tab(application_in_use: Application) -> Tab:
    return Tab(application_in_use, keys=Keys(visit="v" * 43))


@pytest.fixture
def heard() -> Iterator[Heard]:
    trouble._pages_with_a_sentence.clear()  # other tests leave pages with the same token
    yield Heard()
    trouble._pages_with_a_sentence.clear()


def broken(application: Application, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def raising(*_: object) -> None:
        raise fault

    monkeypatch.setattr(application, "execute", raising)
    monkeypatch.setattr(application, "query", raising)


async def during(heard: Heard, application: Application, handler: Any) -> None:
    """Run a handler inside the event of an open page."""
    EventContext.set(heard.context)
    application.sockets.open(SOCKET, Page(closing=asyncio.get_running_loop().create_future()))
    await handler


@FAULTS
def test_a_wish_says_it_in_its_form_keeps_what_was_typed_and_works_when_pressed_again(
    tab: Tab, application_in_use: Application, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tab.state(BookingState)
    matter = {"subject": "street", "title": "پیاده‌روی شکسته", "text": "سنگ‌فرش شکسته است. " * 5}
    with monkeypatch.context() as patched:
        broken(application_in_use, fault, patched)
        assert asyncio.run(do(state, BookingState.leave_matter, matter)) is None
        assert state.refused == SAID
        assert state.why == "part_missing"
        assert not state.errors
    asyncio.run(do(state, BookingState.leave_matter, matter))
    assert state.why != "part_missing"
    assert state.refused != SAID


def test_it_is_said_above_the_button_as_well_and_once(
    tab: Tab, application_in_use: Application, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a phone a form's head may be far away. Her page could not be read either."""
    broken(application_in_use, AWAY, monkeypatch)
    state = tab.state(BookingState)
    asyncio.run(during(heard, application_in_use, do(state, BookingState.choose, 6)))
    assert heard.sentences == [SAID]
    assert application_in_use.sockets.stale() == 1


@FAULTS
def test_filing_that_fails_says_so_beside_its_button(
    tab: Tab, application_in_use: Application, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tab.state(BookingState)
    broken(application_in_use, fault, monkeypatch)
    asyncio.run(do(state, BookingState.file))
    assert state.refused == SAID


@pytest.mark.parametrize("fault", [AWAY, BUG, TooBusy()], ids=["db", "bug", "busy"])
def test_a_page_that_cannot_be_read_says_so_over_itself_and_waits(
    tab: Tab,
    application_in_use: Application,
    heard: Heard,
    fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(application_in_use, fault, monkeypatch)
    state = tab.state(BookingState)
    asyncio.run(during(heard, application_in_use, do(state, BookingState.load)))
    assert heard.sentences == [chrome_text.OUT_OF_REACH]
    assert application_in_use.sockets.stale() == 1
    assert not state.ready
    assert not state.missing


def test_a_page_that_has_connected_anew_hears_nothing_of_what_failed_before(
    tab: Tab, application_in_use: Application, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing would remove the sentence again."""
    broken(application_in_use, AWAY, monkeypatch)

    async def late() -> None:
        application_in_use.sockets.close(SOCKET)
        await do(tab.state(BookingState), BookingState.load)

    asyncio.run(during(heard, application_in_use, late()))
    assert heard.sentences == []


@pytest.mark.parametrize("fault", [AWAY, TooBusy()], ids=["db", "busy"])
def test_the_frame_of_a_page_is_no_exception(
    tab: Tab,
    application_in_use: Application,
    heard: Heard,
    fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(application_in_use, fault, monkeypatch)
    asyncio.run(during(heard, application_in_use, do(tab.state(Session), Session.load)))
    assert heard.sentences == [chrome_text.OUT_OF_REACH]


def test_a_page_shown_before_stays_as_it_was(
    tab: Tab, application_in_use: Application, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tab.state(HomeState)
    asyncio.run(do(state, HomeState.load))
    before = state.dict()
    broken(application_in_use, AWAY, monkeypatch)
    asyncio.run(during(heard, application_in_use, do(state, HomeState.load)))
    assert state.dict() == before


@FAULTS
def test_what_no_handler_has_caught_says_it_over_the_page(
    application_in_use: Application, heard: Heard, fault: Exception
) -> None:
    async def failed() -> Any:
        spec = trouble.on_fault(fault)
        return Event.from_event_type(spec)

    async def run() -> Any:
        EventContext.set(heard.context)
        application_in_use.sockets.open(SOCKET)
        return await failed()

    (event,) = asyncio.run(run())
    assert event.name == "_set_value"
    assert event.payload == {
        "ref": "ref_trouble",
        "value": SAID,
    }
    assert application_in_use.sockets.stale() == (fault is not BUG)


def test_the_sentence_goes_with_the_next_event_that_passes(heard: Heard) -> None:
    async def run() -> None:
        EventContext.set(heard.context)
        await trouble.take_away()
        trouble.on_fault(BUG)
        await trouble.take_away()
        await trouble.take_away()

    asyncio.run(run())
    assert heard.sentences == [""]
