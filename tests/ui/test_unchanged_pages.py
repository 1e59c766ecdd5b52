"""An open page that is read again sends only what differs: nothing, if nothing has changed."""

import asyncio
from typing import Any

import pytest
from bench.visits import load
from contract.surface import states
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from support.background import Held
from support.citizens import own_visit
from support.hall import Hall
from support.staff_tab import Tab

from publicmeeting.domain.people import Door
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.ui.citizen.mine import MineState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.routes import PAGES
from publicmeeting.ui.shell import live
from publicmeeting.ui.shell.session import Session

READ_AGAIN = {
    "/": "",
    "/mine": "",
    "/mine/[code]": "",
    "/mayor": "mayor",
    "/mayor/meeting/[code]": "mayor",
    "/mayor/orders": "mayor",
    "/mayor/review": "mayor",
    "/monday": "reception",
    "/desk": "desk",
    "/desk/calls": "desk",
    "/lanes": "desk",
    "/district": "mayor",
    "/unit": "technical",
    "/unit/briefs": "technical",
}
"""Pages that follow their topics, and who opens them."""


@pytest.fixture
def hers(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The browser of the first guest, whose meeting is over; the second is in the room."""
    guest = hall.guests[0]
    hall.met(guest)
    hall.receive(hall.guests[1])
    code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
    monkeypatch.setattr(code_of, lambda _: guest.code)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        person = uow.people.get(guest.request.person_id)
        session = uow.sessions.open_proved(None, person.id, person.mobile, Door.DEMO)
    return Keys(session, own_visit(hall.application, "hers"))


@pytest.fixture(autouse=True)
def _one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each page that follows its topics get one message, and then be left."""
    got = set[Any]()

    async def published(subscription: Any, *_: Any) -> None:
        if subscription in got:
            raise asyncio.CancelledError
        got.add(subscription)

    monkeypatch.setattr(live, "published", published)
    monkeypatch.setattr(live, "PAUSE_SECONDS", 0)


def sent(tab: Tab) -> dict[str, Any]:
    """Return what the browser of this tab gets now."""
    root = tab.state(Session)._get_root_state()
    delta = asyncio.run(root._get_resolved_delta())
    root._clean()
    return {name.rpartition(".")[2]: changes for name, changes in delta.items()}


def read_again(tab: Tab, loads: list[Any]) -> None:
    for event in Event.from_event_type(loads):
        one = RegistrationContext.get().event_handlers[event.name]
        if one.handler.is_background and one.handler.fn.__name__ == "watch":
            with pytest.raises(asyncio.CancelledError):
                asyncio.run(one.handler.fn(Held(tab.state(one.states[0]))))


@pytest.mark.parametrize("path", READ_AGAIN)
def test_a_page_that_is_read_again_without_a_change_sends_nothing(
    hall: Hall, hers: Keys, path: str
) -> None:
    who = READ_AGAIN[path]
    tab = Tab(hall.application, who) if who else Tab(hall.application, keys=hers)
    tab.go(f"{path.rstrip('/')}/".replace("[code]", hall.guests[1 if who else 0].code))
    loads = [Session.load, *next(page.on_load for page in PAGES if page.path == path)]
    for _ in range(2):  # after the first time her messages are no longer new
        asyncio.run(load(tab, loads))
    assert len(sent(tab)) > 1
    read_again(tab, loads)
    assert sent(tab) == {}


def test_her_messages_that_she_has_seen_are_no_news(hall: Hall, hers: Keys) -> None:
    """They are marked as read when she opens the page, so the next reading shows them as old."""
    tab = Tab(hall.application, keys=hers)
    state = tab.opens(MineState, "/mine/")
    assert any(one.is_new for one in state.page.notices)
    read_again(tab, [MineState.watch])
    assert not any(one.is_new for one in state.page.notices)
    assert state.announcement == ""


def test_of_several_vars_that_are_set_only_the_one_that_differs_is_sent(
    hall: Hall, hers: Keys
) -> None:
    tab = Tab(hall.application, keys=hers)
    state = tab.opens(TimelineState, f"/mine/{hall.guests[0].code}/")
    sent(tab)
    state.case, state.announcement = state.get_value("case"), "خبر"
    assert list(sent(tab)["timeline_state"]) == ["around_rx_state_"]


def test_every_state_of_ours_sends_only_what_differs() -> None:
    assert [state for state in states() if not issubclass(state, LeanState)] == []
