"""Two officers of one desk: each sees the other, and each gets a different next case."""

import asyncio
from dataclasses import fields
from datetime import timedelta
from typing import Any

from support.city import City
from support.clock import FixedClock
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.text.common import dates_text
from publicmeeting.text.officials.inbox_text import ALSO_OPEN
from publicmeeting.ui.shell.navigation import Place, Rail, arrived_words, places_of
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.case_access import LATELY
from publicmeeting.usecases.oversight.workplaces import Workplaces
from publicmeeting.usecases.tracking.timeline import openings


def opened(tab: Tab, code: str) -> DeskState:
    return tab.opens(DeskState, f"/desk/?case={code}")


def test_an_open_case_says_that_a_colleague_has_opened_it_and_forgets_it(
    application: Application, city: City, clock: FixedClock, a_request
) -> None:
    del city
    walked = a_request()
    mine = opened(Tab(application, "desk"), walked.code)
    assert mine.case.also_open == ""
    theirs = opened(Tab(application, "second_desk"), walked.code)
    assert "۰" in theirs.case.also_open or ":" in theirs.case.also_open
    asyncio.run(mine._reread())
    assert mine.case.also_open
    clock.forward(minutes=LATELY.seconds // 60 + 1)
    asyncio.run(mine._reread())
    assert mine.case.also_open == ""


def test_whoever_opens_it_again_in_the_afternoon_has_it_and_is_named(
    application: Application, city: City, clock: FixedClock, a_request
) -> None:
    walked = a_request()
    opened(Tab(application, "second_desk"), walked.code)
    clock.forward(hours=3)
    mine = opened(Tab(application, "desk"), walked.code)
    assert mine.case.also_open == ""
    opened(Tab(application, "second_desk"), walked.code)
    asyncio.run(mine._reread())
    hour = dates_text.near_moment(clock(), clock())
    assert mine.case.also_open == ALSO_OPEN.format(name="second_desk", moment=hour)
    hers = city.application.query_now(openings, walked.keys, OneCase(code=walked.code))
    assert [(her.role, clock() - her.at) for her in hers] == [
        (Role.DESK, timedelta()),
        (Role.DESK, timedelta(hours=3)),
    ]


def test_a_colleague_who_looks_at_another_part_of_the_work_is_no_second_officer(
    application: Application, city: City, a_request
) -> None:
    del city
    walked = a_request()
    tab = Tab(application, "technical")
    opened(tab, walked.code)
    assert opened(Tab(application, "desk"), walked.code).case.also_open == ""


def test_the_next_case_of_two_officers_is_another_one_for_each(
    application: Application, city: City, a_request
) -> None:
    del city
    first, second, third = a_request(), a_request(), a_request()
    opened(Tab(application, "second_desk"), second.code)
    mine = opened(Tab(application, "desk"), first.code)
    asyncio.run(do(mine, DeskState.choose, Action.ACCEPT))
    asyncio.run(do(mine, DeskState.send, {"note": ""}))
    assert third.code in mine.onward.href


def test_where_everything_is_in_other_hands_the_next_case_is_offered_all_the_same(
    application: Application, city: City, a_request
) -> None:
    del city
    first, second = a_request(), a_request()
    opened(Tab(application, "second_desk"), second.code)
    mine = opened(Tab(application, "desk"), first.code)
    asyncio.run(do(mine, DeskState.choose, Action.ACCEPT))
    asyncio.run(do(mine, DeskState.send, {"note": ""}))
    assert second.code in mine.onward.href


def test_whoever_hears_her_page_hears_how_many_wait_once_more_do(
    application: Application, city: City, a_request
) -> None:
    """It is one sentence, and not about cases of her own or a colleague's acts."""
    del city
    a_request()
    state = Tab(application, "desk").opens(DeskState, "/desk/")
    rail = asyncio.run(state.get_state(Rail))
    assert rail.arrived == ""
    walked = [a_request() for _ in range(2)]
    asyncio.run(state._reread())
    assert rail.arrived == "کار تازه رسید. بررسی: ۳ مورد"
    walked[0].official("second_desk", Action.ACCEPT)
    asyncio.run(state._reread())
    assert rail.arrived == ""


def test_the_rail_shows_how_many_wait_however_many_and_announces_each_more() -> None:
    nothing: dict[str, Any] = dict.fromkeys([field.name for field in fields(Workplaces)], 0)

    def desk(count: int) -> list[Place]:
        grants = {"roles": frozenset({Role.DESK}), "district": 6}
        return places_of(Workplaces(**{**nothing, **grants, "to_screen": count}))

    assert desk(305)[0].count == "۳۰۵"
    assert arrived_words(desk(305), desk(306)) == "کار تازه رسید. بررسی: ۳۰۶ مورد"
    assert arrived_words(desk(306), desk(305)) == ""
    assert arrived_words([], desk(305)) == "", "the first reading of a page is no news"
