"""Day and time in a page's head follow the city's clock while the page is open."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from support.each import for_each
from support.hall import Hall
from support.line import MONDAY
from support.pages import drawn
from support.staff_tab import Tab, do
from ui.shell.test_live import Held, until

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.ui.routes import PAGES, Page
from publicmeeting.ui.shell import session
from publicmeeting.ui.shell.session import Session

HEAD_CLOCK = f'{Session.get_full_name().replace(".", "__")}.reader_rx_state_?.["clock"]'


async def following(hall: Hall, state: Session, clock: str, *, ring: bool) -> None:
    """Hold the page open until its head shows this."""
    pubsub = hall.application.pubsub
    watching = asyncio.create_task(Session.watch.fn(Held(state)))
    try:
        await until(pubsub.subscriptions)
        if ring:
            pubsub.publish({EVERYTHING})
        await until(lambda: watching.done() or state.reader.clock == clock)
        assert state.reader.clock == clock
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def head(hall: Hall, who: str = "desk") -> Session:
    state = Tab(hall.application, who).state(Session)
    asyncio.run(do(state, Session.load))
    assert state.reader.clock == clock_words(at_tehran(MONDAY, "09:00"))
    return state


def test_a_clock_that_was_moved_is_told_to_the_open_page(hall: Hall) -> None:
    state = head(hall)
    name = state.reader.name
    tomorrow = MONDAY + timedelta(days=1)
    hall.clock.set(at_tehran(tomorrow, "12:01"))
    asyncio.run(following(hall, state, clock_words(at_tehran(tomorrow, "12:01")), ring=True))
    assert state.reader.today == weekday_day(tomorrow)
    assert (state.reader.name, state.reader.is_staff) == (name, True)


def test_midnight_comes_without_a_ring(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "A_MINUTE", 0.01)
    state = head(hall)
    tomorrow = MONDAY + timedelta(days=1)
    hall.clock.set(at_tehran(tomorrow, "00:00"))
    asyncio.run(following(hall, state, clock_words(at_tehran(tomorrow, "00:00")), ring=False))
    assert state.reader.today == weekday_day(tomorrow)


def test_the_same_minute_is_not_told_again(hall: Hall) -> None:
    state = head(hall)
    state.dirty_vars.clear()
    asyncio.run(state._show_time())
    assert not state.dirty_vars


@for_each(PAGES, ids=lambda page: page.path)
def test_who_shows_the_clock_keeps_it_going_and_nobody_else(page: Page) -> None:
    shows = HEAD_CLOCK in drawn()[page.path].replace('\\"', '"')
    assert (Session.watch in page.on_load) is shows
