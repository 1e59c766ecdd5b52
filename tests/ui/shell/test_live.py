"""Open pages await the topics that concern them, whatever their state holds at the start."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from reflex.state import State
from support.background import Held
from support.each import for_each, in_one_city
from support.hall import Hall
from support.pages import drawn
from support.staff_tab import Tab

from publicmeeting.application import READERS, REREADERS, rereading
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.track import TrackState
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.routes import PAGES, Page
from publicmeeting.ui.shell import live
from publicmeeting.ui.shell.live import Here, follow, own
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.unit.state import UnitState
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import ROLES, Nothing, OneCase
from publicmeeting.usecases.officials.managing import EndRole, GiveRole, end_role, give_role
from publicmeeting.usecases.oversight.workplaces import Workplaces
from publicmeeting.usecases.tracking.by_code import Track, track

_SHEET = "/mayor/meeting/[code]"
"""It says beside the sheet whether what is written has arrived."""
_PATIENCE = 30
"""Seconds; only something that never comes takes so long."""


_AT = {
    Role.DESK: "desk",
    Role.PHONE: "phone",
    Role.RECEPTION: "reception",
    Role.UNIT: "technical",
    Role.OVERSEER: "overseer",
    Role.ADMINISTRATOR: "administrator",
}
"""An account of each role whose pages have a rail."""


async def until(done: Callable[[], object]) -> None:
    """Let other tasks run until this is true, for ten seconds at most."""
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep(0.01)


async def listening(hall: Hall, state: Any, topics: set[str]) -> set[str]:
    """Return which of these topics a page awaits that has only begun to follow."""
    waits = asyncio.Event()

    async def published(*_: object) -> None:
        waits.set()
        await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "published", published)
        following = asyncio.create_task(type(state).watch.fn(Held(state)))
        waiting = asyncio.create_task(waits.wait())
        async with asyncio.timeout(_PATIENCE):
            await asyncio.wait({following, waiting}, return_when=asyncio.FIRST_COMPLETED)
        heard = {topic for topic in topics if hall.application.pubsub.has_subscribers(topic)}
        waiting.cancel()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
    return heard


@in_one_city(
    "who, address, kind, topics",
    [
        ("desk", "/desk/?case={code}", DeskState, {"district:6", "request:{code}"}),
        ("desk", "/desk/", DeskState, {"district:6"}),
        ("reception", "/monday/", MondayState, {"district:6"}),
        ("technical", "/unit/", UnitState, {"district:6", "unit:d06-technical"}),
        ("mayor", "/mayor/", AgendaState, {"district:6"}),
        ("mayor", "/mayor/meeting/{code}/", MeetingState, {"district:6", "request:{code}"}),
        ("", "/track/", TrackState, set()),
        ("", "/mine/{code}/", TimelineState, set()),
        ("", "/track/?code={code}", TrackState, set()),
        ("", "/desk/?case={code}", DeskState, set()),
        ("", "/mayor/meeting/{code}/", MeetingState, set()),
    ],
)
def test_a_page_that_has_not_been_read_yet_listens_to_its_own(
    hall: Hall, who: str, address: str, kind: Any, topics: set[str]
) -> None:
    code = hall.guests[0].code
    tab = Tab(hall.application, who)
    tab.go(address.format(code=code))
    wanted = {topic.format(code=code) for topic in topics}
    strange = {"district:4", "unit:d06-urban_services"}
    strange |= {f"request:{guest.code}" for guest in hall.guests}
    assert asyncio.run(listening(hall, tab.state(kind), wanted | strange)) == wanted


@pytest.mark.parametrize(
    ("address", "kind"), [("/mine/{code}/", TimelineState), ("/track/?code={code}", TrackState)]
)
def test_who_may_see_a_case_is_told_when_something_happens_in_it(
    hall: Hall, address: str, kind: Any
) -> None:
    """But not someone who knows only its code (above), nor the owner of another case."""
    for guest, wanted in ((hall.guests[0], True), (hall.guests[1], False)):
        with hall.application.store.unit_of_work(hall.clock()) as uow:
            mobile = uow.people.get(guest.request.person_id).mobile or ""
            keys = Keys(
                session=uow.sessions.open_for_mobile(mobile, Door.CODE),
                visit=hall.application.cookies.new_visit(),
            )
        looks = Track(code=hall.guests[0].code, last_four=mobile[-4:])
        asyncio.run(hall.application.execute(track, keys, looks))
        tab = Tab(hall.application, keys=keys)
        tab.go(address.format(code=hall.guests[0].code))
        topics = {f"request:{hall.guests[0].code}"}
        heard = asyncio.run(listening(hall, tab.state(kind), topics))
        assert heard == (topics if wanted else set())


def test_a_page_whose_state_is_that_of_the_case_before_listens_to_the_new_one(hall: Hall) -> None:
    before, now = hall.guests[:2]
    tab = Tab(hall.application, "desk")
    tab.go(f"/desk/?case={before.code}")
    state = tab.state(DeskState)
    asyncio.run(DeskState.load.fn(state))
    tab.go(f"/desk/?case={now.code}")
    topics = {f"request:{before.code}", f"request:{now.code}"}
    assert asyncio.run(listening(hall, state, topics)) == {f"request:{now.code}"}


def test_a_page_that_hears_nothing_is_read_again_when_the_day_is_another(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """«امروز» on a page that stays open overnight would be yesterday."""
    monkeypatch.setattr(live, "NEW_DAY_WITHIN", 1)
    hall.clock.set(end_of_day(tehran_day(hall.clock.now)) - timedelta(seconds=0.05))
    tab = Tab(hall.application, "desk")
    tab.go("/desk/")
    read = asyncio.Event()

    async def reread() -> None:
        read.set()

    async def follows() -> None:
        following = asyncio.create_task(
            follow(Held(tab.state(DeskState)), live.always("quiet"), reread)
        )
        async with asyncio.timeout(_PATIENCE):
            await read.wait()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    asyncio.run(follows())


@pytest.mark.parametrize(
    ("address", "kind"), [("/mayor/", AgendaState), ("/mayor/meeting/{code}/", MeetingState)]
)
def test_a_page_at_the_mayors_table_waits_for_a_message_until_the_next_minute(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, address: str, kind: Any
) -> None:
    """Of the city's clock, which goes on although the page cannot be read."""
    waits = list[float]()

    async def published(_: object, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 2:
            raise asyncio.CancelledError
        hall.clock.forward(seconds=20)

    monkeypatch.setattr(live, "published", published)
    monkeypatch.setattr(live, "PAUSE_SECONDS", 0)
    tab = Tab(hall.application, "mayor")
    tab.go(address.format(code=hall.guests[0].code))
    state = tab.state(kind)
    asyncio.run(kind.load.fn(state))
    monkeypatch.setattr(kind, "_read", fails_to_read)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(kind.watch.fn(Held(state)))
    assert waits == [60, 40, 20]


async def fails_to_read(_: object) -> None:
    """Read nothing, as while the database is away."""


def test_pages_that_read_again_do_so_in_turn_and_keep_nobody_from_opening_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    has_begun, may_end = threading.Semaphore(0), threading.Event()

    def slow(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> None:
        begun.append(command.code)
        has_begun.release()
        assert may_end.wait(_PATIENCE)

    async def reads_again(name: str) -> None:
        with rereading():
            await hall.application.query(slow, Keys(), OneCase(code=name))

    async def scene() -> None:
        woken = [str(number) for number in range(READERS + REREADERS)]
        pages = [asyncio.create_task(reads_again(name)) for name in woken]
        for _ in range(REREADERS):
            assert await asyncio.to_thread(has_begun.acquire, timeout=_PATIENCE)
        async with asyncio.timeout(_PATIENCE):
            await hall.application.query(viewer, Keys(), Nothing())
        assert sorted(begun) == woken[:REREADERS]
        may_end.set()
        await asyncio.gather(*pages)
        assert sorted(begun) == sorted(woken)

    monkeypatch.setitem(ROLES, slow, ())
    asyncio.run(scene())


def test_a_page_that_could_not_learn_its_topics_in_a_rush_follows_those_it_had(hall: Hall) -> None:
    state = Tab(hall.application).state(TimelineState)
    asked, has_read = 0, asyncio.Event()

    async def topics(here: Here) -> tuple[str, ...]:
        nonlocal asked
        asked += 1
        if asked in {2, 3}:
            raise TooBusy
        return ("request:1",)

    async def reread() -> None:
        has_read.set()

    async def scene() -> None:
        following = asyncio.create_task(follow(Held(state), topics, reread))
        for _ in range(200):
            if hall.application.pubsub.has_subscribers("request:1"):
                break
            await asyncio.sleep(0.01)
        for _ in range(3):
            has_read.clear()
            hall.application.pubsub.publish({"request:1"})
            async with asyncio.timeout(_PATIENCE):
                await has_read.wait()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    asyncio.run(scene())


def test_a_page_follows_the_district_to_which_its_official_was_moved_meanwhile(hall: Hall) -> None:
    pubsub = hall.application.pubsub
    with hall.reading() as uow:
        account = uow.accounts.by_username("desk")
    (before,) = account.terms
    state = Tab(hall.application, "desk").state(DeskState)

    def moves() -> None:
        given = GiveRole(account=account.id, role="desk", district="4")
        hall.execute("administrator", give_role, given)
        hall.execute("administrator", end_role, EndRole(account=account.id, term=before.key))

    async def reread() -> None:
        pass

    async def scene() -> None:
        following = asyncio.create_task(follow(Held(state), own, reread))
        await until(lambda: pubsub.has_subscribers("district:6"))
        await asyncio.to_thread(moves)
        await until(lambda: pubsub.has_subscribers("district:4"))
        assert pubsub.has_subscribers("district:4")
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    asyncio.run(scene())


def test_a_page_that_could_not_learn_its_first_topics_is_opened_anew(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale: list[bool] = []

    async def mark() -> None:
        stale.append(True)

    async def topics(here: Here) -> tuple[str, ...]:
        raise TooBusy

    async def reread() -> None:
        raise AssertionError

    monkeypatch.setattr(live, "report_stale_page", mark)
    state = Tab(hall.application).state(TimelineState)
    asyncio.run(follow(Held(state), topics, reread))
    assert stale


@for_each(
    [page for page in PAGES if page.path != _SHEET and page.roles not in ((), (Role.CITIZEN,))],
    ids=lambda page: page.path,
)
def test_an_officials_page_says_that_it_follows_only_if_it_does(page: Page) -> None:
    names = [handler.fn.__qualname__ for handler in page.on_load]
    frame = ("Session.", "Rail.")
    follows = any(name.endswith(".watch") and not name.startswith(frame) for name in names)
    assert follows == ("live-sign" in drawn()[page.path])


@in_one_city("page", [page for page in PAGES if page.roles and page.roles[0] in _AT])
def test_what_waits_elsewhere_is_counted_again_while_an_officials_page_is_open(
    hall: Hall, page: Page
) -> None:
    tab, read, is_counted = Tab(hall.application, _AT[page.roles[0]]), Rail._read, asyncio.Event()
    tab.go(page.path)

    async def counted(rail: Rail) -> Workplaces | None:
        is_counted.set()
        return await read(rail)

    watches = [one for one in page.on_load if one.fn.__qualname__.endswith(".watch")]
    states = [tab.state(State.get_class_substate(one.state_full_name)) for one in watches]

    async def scene() -> None:
        following = [
            asyncio.create_task(one.fn(Held(state)))
            for one, state in zip(watches, states, strict=True)
        ]
        async with asyncio.timeout(_PATIENCE):
            while not is_counted.is_set():
                hall.application.pubsub.publish({EVERYTHING})
                await asyncio.sleep(0.05)
        for one in following:
            one.cancel()
        await asyncio.gather(*following, return_exceptions=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rail, "_read", counted)
        asyncio.run(scene())
