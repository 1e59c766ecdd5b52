"""Paging through a list that becomes shorter, or another list, meanwhile."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import reflex as rx
from support.each import for_each
from support.hall import SERVICES, TECHNICAL, Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.orders import unit_text
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.shell.narrowing import narrowing
from publicmeeting.ui.staff import briefs
from publicmeeting.ui.staff.desk import page as desk_page
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.unit import page as unit_page
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.narrowing import Sort


def test_the_last_case_of_the_last_page_is_decided_and_the_others_come(
    city, clock, a_request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publicmeeting.usecases.screening.inbox.PAGE", 2)
    for subject in ("street", "dues", "green"):
        a_request(subject=subject)
        clock.forward(minutes=1)
    tab = Tab(city.application, "desk")
    state = tab.state(DeskState)
    asyncio.run(do(state, DeskState.load))
    asyncio.run(do(state, DeskState.turn_page, 1))
    (last,) = state.lines.rows
    code = last.href.partition("case=")[2]
    city.application.execute_as(
        city.as_("desk"), take_step, TakeStep(code=code, action=Action.ACCEPT.value)
    )
    asyncio.run(state._reread())
    assert len(state.lines.rows) == 2
    assert (state.sought.page, state.sought.page_label) == (0, "")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("typed", ["چر", "؟!"])
def test_words_too_short_to_search_for_leave_the_list_whole_and_say_so(
    city, a_request, typed: str
) -> None:
    a_request(subject="street")
    a_request(subject="dues")
    tab = Tab(city.application, "desk")
    state = tab.state(DeskState)
    asyncio.run(do(state, DeskState.load))
    asyncio.run(do(state, DeskState.find, typed))
    assert (len(state.lines.rows), state.sought.short) == (2, True)
    asyncio.run(do(state, DeskState.narrow, "subject", "green"))
    assert state.lines.rows == ()
    assert state.lines.none == chrome_text.LIST_NOTHING_FOUND
    asyncio.run(do(state, DeskState.find, "چراغ"))
    assert not state.sought.short
    asyncio.run(do(state, DeskState.widen))
    assert (state.sought.words, state.sought.short) == ("", False)


def test_the_search_field_says_how_much_to_type() -> None:
    drawn = str(narrowing(DeskState, "", (Sort.PRESSING,), ()).render()).replace("\\\\", "\\")
    assert json.dumps(chrome_text.LIST_TOO_SHORT) in drawn


def test_another_unit_is_read_from_its_first_page(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publicmeeting.usecases.orders.lists.PAGE", 2)
    for guest in hall.guests:
        hall.met(guest, TECHNICAL, SERVICES)
    tab = Tab(hall.application, "mayor")
    state = tab.opens(MayorOrdersState, "/mayor/orders/?which=open")
    asyncio.run(do(state, MayorOrdersState.turn_page, 2))
    assert (state.sought.page, state.sought.pages) == (2, 3)
    tab.go(f"/mayor/orders/?which=open&unit={TECHNICAL}")
    asyncio.run(do(state, MayorOrdersState.load))
    assert (state.sought.page, state.sought.pages, len(state.lines.rows)) == (0, 2, 2)
    assert state.sought.page_label


@pytest.mark.on_postgresql
def test_the_units_beside_the_mayors_list_are_counted_over_all_its_pages(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publicmeeting.usecases.orders.lists.PAGE", 1)
    first, *others = hall.guests
    hall.met(first, TECHNICAL, SERVICES)
    for guest in others:
        hall.met(guest, SERVICES)
    tab = Tab(hall.application, "mayor")
    state = tab.state(MayorOrdersState)
    for unit in ("", TECHNICAL):
        tab.go(f"/mayor/orders/?which=open&unit={unit}")
        asyncio.run(do(state, MayorOrdersState.load))
        counts = [(one.href.partition("&unit=")[2], one.count) for one in state.lines.units]
        assert counts == [("", "۴"), (SERVICES, "۳"), (TECHNICAL, "۱")]
        assert len(state.lines.rows) == 1


@for_each(
    {
        unit_page.the_order: unit_text.CHOOSE,
        briefs.the_visit: unit_text.BRIEF_CHOOSE,
        desk_page.the_case: inbox_text.CHOOSE,
    }.items()
)
def test_nobody_is_asked_to_choose_from_an_empty_list(
    part: tuple[Callable[[], list[rx.Component]], str],
) -> None:
    drawn, sentence = part
    conditions = [found for one in drawn() for found in asked_under(one.render(), sentence)]
    assert conditions
    assert all(re.search(r'"(rows|first)"', condition) for condition in conditions)


def asked_under(node: Any, sentence: str, condition: str = "") -> Iterator[str]:
    """Yield the condition of each place at which the sentence is rendered."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from asked_under(one, sentence, condition)
    elif isinstance(node, dict):
        if json.dumps(sentence) in str(node.get("contents", "")):
            yield condition
        condition += str(node.get("cond_state", ""))
        for value in node.values():
            yield from asked_under(value, sentence, condition)
