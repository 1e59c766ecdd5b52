"""The demo's bar shows citizens' cards to reception, because nobody can bring one."""

import asyncio
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.common import demo_text
from publicmeeting.ui.shell import demo as bar
from publicmeeting.ui.shell.demo import DemoState, Shown
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import cards, mark_demo
from publicmeeting.usecases.meetings.in_hall.standby import (
    AtTheDoor,
    Standby,
    note_present,
    standbys,
)


@pytest.fixture
def demo(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """The same hall in a marked database, under the demo's settings."""
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        mark_demo(uow, hall.clock.now)
    monkeypatch.setattr(bar, "settings", lambda: SimpleNamespace(is_demo=True))
    return hall


def laid_out(hall: Hall, who: str) -> tuple[Shown, ...]:
    state = Tab(hall.application, who).state(DemoState)
    asyncio.run(do(state, DemoState.read_anew))
    assert state.offer.parts, "the bar itself was read"
    return state.offer.cards


def held(hall: Hall) -> list[str]:
    """Return the numbers of those with a seat, by time."""
    with hall.reading() as uow:
        return [uow.people.get(guest.request.person_id).identity for guest in hall.guests]


def seated(shown: tuple[Shown, ...]) -> list[Shown]:
    return [one for one in shown if "ذخیره" not in one.time]


@pytest.mark.parametrize("who", ["reception", "mayor"])
def test_whoever_admits_reads_the_cards_of_the_day(demo: Hall, who: str) -> None:
    shown = seated(laid_out(demo, who))
    assert [one.identity for one in shown] == held(demo)
    assert shown[0] == Shown("۹:۰۰", "مریم احمدی", held(demo)[0])


def test_a_card_of_the_bar_admits(demo: Hall) -> None:
    guest, shown = demo.guests[0], laid_out(demo, "reception")[0]
    demo.act("reception", guest, Action.ARRIVE, identity=shown.identity)
    assert guest.request.stage == "arrived"


def test_a_standbys_card_of_the_bar_takes_a_seat_that_came_free(demo: Hall) -> None:
    """After two calls without answer the seat goes to the first standby, who shows her card."""
    demo.clock.set(at_tehran(MONDAY, "09:15"))
    for action in (Action.CALL, Action.CALL, Action.NO_SHOW):
        demo.act("reception", demo.guests[0], action)
    first = next(shown for shown in laid_out(demo, "reception") if shown.time == "ذخیرهٔ ۱")
    line = demo.query("reception", standbys, AtTheDoor(district=6))
    command = Standby(code=line[0].code, identity=first.identity)
    demo.execute("reception", note_present, command)
    demo.clock.set(at_tehran(MONDAY, "09:30"))
    demo.application.worker.run_due()
    assert "ذخیرهٔ ۱" not in [one.time for one in laid_out(demo, "reception")]
    with demo.reading() as uow:
        assert uow.requests.find(line[0].code).stage == "confirmed"


def test_a_button_of_the_bar_leads_to_the_time_that_stands_on_it_or_nowhere(
    demo: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forged time that is on no button leads nowhere."""
    moved = []

    class Clock:
        async def move_clock(self, at: datetime) -> None:
            moved.append(at)

    monkeypatch.setattr(bar, "worker", Clock)
    state = Tab(demo.application, "reception").state(DemoState)
    asyncio.run(do(state, DemoState.read_anew))
    draw = next(jump for jump in state.offer.jumps if jump.label == demo_text.MOMENT["draw"])
    other = (datetime.fromisoformat(draw.at) + timedelta(hours=1)).isoformat()
    asyncio.run(do(state, DemoState.jump, other))
    assert (moved, state.refused) == ([], demo_text.JUMPS_CHANGED)
    asyncio.run(do(state, DemoState.jump, draw.at))
    assert ([at.isoformat() for at in moved], state.refused) == ([draw.at], "")


def test_before_the_day_the_next_mondays_cards_are_laid_out(demo: Hall) -> None:
    demo.clock.set(at_tehran(MONDAY - timedelta(days=2), "10:00"))
    assert [shown.identity for shown in seated(laid_out(demo, "reception"))] == held(demo)


@in_one_city("who", ["", "desk", "technical", "overseer", "administrator"])
def test_nobody_else_is_shown_a_card(demo: Hall, who: str) -> None:
    assert laid_out(demo, who) == ()


@pytest.mark.on_postgresql
def test_another_districts_mayor_reads_none_of_these(demo: Hall) -> None:
    assert laid_out(demo, "mayor4") == ()


@pytest.mark.parametrize("who", ["reception", "mayor"])
def test_a_real_citys_database_shows_no_card_even_where_the_settings_are_wrong(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(bar, "settings", lambda: SimpleNamespace(is_demo=True))
    state = Tab(hall.application, who).state(DemoState)
    asyncio.run(do(state, DemoState.read_anew))
    assert state.offer.cards == ()
    with pytest.raises(Denied, match="not_found"):
        hall.query(who, cards, Nothing())
