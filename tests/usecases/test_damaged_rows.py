"""An unreadable row removes no list from an office, and a sentence over the list reports it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from support.damage import Damage, history, lane, order_words, person, words
from support.documents import Documents
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.orders import issue_undrawn

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import rules_text
from publicmeeting.text.meetings import hall_text
from publicmeeting.ui.public import rules as rules_state
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import lane_rates
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list, open_monday
from publicmeeting.usecases.meetings.in_hall.hall import screen_of
from publicmeeting.usecases.meetings.on_paper.paper_entry import print_day
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.briefs import DUE, Briefs, briefs
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.oversight.promises import CityPromises, city_promises
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.usecases.screening.lane_judging import lane_list
from publicmeeting.usecases.tracking.my_data import my_data
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.web.hall.view import news_of

DAY = timedelta(days=1)
HERE = ADay(district=DISTRICT)
UNREADABLE = pytest.mark.parametrize("damage", [words, lane, history])


def _both_have_come(line: Line) -> list[Citizen]:
    guests = line.drawn(2)
    for guest in guests:
        guest.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    for guest in guests:
        line.official("reception", guest, Action.ARRIVE, identity=guest.identity)
    return guests


@pytest.fixture
def hall_of_two(line: Line) -> tuple[Citizen, Citizen]:
    """Two citizens in the hall, whom no message has reached."""
    guests = line.begun(_both_have_come)
    with line.city.application.store.engine.begin() as connection:
        statement = "UPDATE outbox SET state = 'to_call' WHERE person_id IS NOT NULL"
        connection.execute(text(statement))
    first, second = guests
    return first, second


Ask = Callable[..., Any]


@pytest.fixture
def ask(line: Line) -> Ask:
    def asks(who: str | Actor, usecase: Callable[..., object], query: object = HERE) -> object:
        actor = line.city.as_(who) if isinstance(who, str) else who
        application = line.city.application
        by = application.execute_as if usecase in (open_monday, print_day) else application.query_as
        return by(actor, usecase, query)

    return asks


@pytest.mark.on_postgresql
@UNREADABLE
def test_a_mondays_lists_show_everybody_else_and_say_it(
    line: Line, hall_of_two: tuple[Citizen, Citizen], ask: Ask, damage: Damage
) -> None:
    broken, other = hall_of_two
    code = other.code
    damage(line, broken)
    line.overlooked.add("has lane")
    for who in ("reception", "mayor"):
        for usecase in (monday_list, open_monday):
            board = ask(who, usecase)
            assert ([visitor.code for visitor in board.visitors], board.unread) == ([code], 1)
            assert board.next is not None
    assert [visitor.code for visitor in ask("reception", print_day).board.visitors] == [code]
    seen = ask("mayor", agenda)
    assert ([visitor.code for visitor in seen.board.visitors], seen.unread) == ([code], 1)
    with line.reading() as uow:
        screen = screen_of(uow, DISTRICT, line.clock())
    assert screen is not None
    assert ([visitor.code for visitor in screen.board.visitors], screen.unread) == ([code], 1)
    assert hall_text.UNREAD.format(people=dates_text.people(1)) in str(
        news_of(screen, {})["summary"]
    )


@UNREADABLE
def test_a_units_briefs_show_everybody_elses_and_say_it(
    line: Line, ask: Ask, damage: Damage
) -> None:
    broken, other = line.drawn(2)
    code = other.code
    damage(line, broken)
    line.overlooked.add("has lane")
    (unit,) = {one for one in ("technical", "services") if ask(one, briefs, Briefs()).counts[DUE]}
    seen = ask(unit, briefs, Briefs())
    assert ([one.line.code for one in seen.lines], seen.unread) == ([code], 1)


@UNREADABLE
def test_a_list_of_calls_shows_everybody_elses_and_says_it(
    line: Line, hall_of_two: tuple[Citizen, Citizen], ask: Ask, damage: Damage
) -> None:
    broken, other = hall_of_two
    codes = {other.code}
    damage(line, broken)
    line.overlooked.add("has lane")
    for who in ("desk", Actor(account_id="p", grants=(Grant(Role.PHONE),))):
        seen = ask(who, calls, Nothing())
        assert {one.code for one in seen.waiting} == codes
        assert seen.unread == 1


@UNREADABLE
def test_her_own_pages_are_there_and_her_case_says_that_it_cannot_be_read(
    line: Line, hall_of_two: tuple[Citizen, Citizen], ask: Ask, damage: Damage
) -> None:
    broken, other = hall_of_two
    code = broken.code
    damage(line, broken)
    line.overlooked.add("has lane")
    (mine,) = ask(broken.actor, my_page, Nothing()).requests
    assert (mine.line.code, mine.is_unread) == (code, True)
    data = ask(broken.actor, my_data, Nothing())
    assert (data.cases, data.left_out) == ((), 1)
    with pytest.raises(Denied, match="case_unreadable"):
        ask(broken.actor, timeline_page, OneCase(code=code))
    step = TakeStep(code=code, action=Action.CALL_IN)
    with pytest.raises(Denied, match="case_unreadable"):
        line.city.application.execute_as(line.city.as_("mayor"), take_step, step)
    with pytest.raises(Denied, match="not_found"):
        ask(other.actor, timeline_page, OneCase(code=code))


def test_a_person_who_cannot_be_read_is_a_visitor_without_a_name(
    line: Line, hall_of_two: tuple[Citizen, Citizen], ask: Ask
) -> None:
    broken, other = hall_of_two
    person(line, broken)
    board = ask("reception", open_monday)
    names = {visitor.code: visitor.name for visitor in board.visitors}
    assert names[broken.code] is None
    assert names[other.code]
    assert board.unread == 1
    line.expected.add("cannot be compared with its ticket")


def test_an_order_that_cannot_be_read_takes_no_list_and_no_frame(
    line: Line, hall_of_two: tuple[Citizen, Citizen], ask: Ask
) -> None:
    mayor = line.city.as_("mayor")
    for citizen in sorted(
        hall_of_two, key=lambda one: str(one.request.seat and one.request.seat.time)
    ):
        line.official("reception", citizen, Action.CALL_IN)
        order = IssueOrders(code=citizen.code, units=("d06-technical",), note="تا آذر ترمیم شود.")
        issue_undrawn(line.city.application, mayor, order)
        finish = FinishMeeting(code=citizen.code)
        line.city.application.execute_as(mayor, finish_meeting, finish)
    order_words(line, hall_of_two[0])
    line.clock.set(at_tehran(MONDAY + 20 * DAY))
    with line.reading() as uow:
        units = [Grant(Role.UNIT, DISTRICT, one.id) for one in uow.city.units(DISTRICT)]
        promised = len(uow.orders.listed(district=DISTRICT, limit=None))
        assert (promised, uow.unread) == (1, 1)
    unit = Actor(account_id="u", grants=tuple(units))
    for who in (unit, "mayor"):
        seen = ask(who, orders_list, OrdersList())
        assert (len(seen.lines), seen.unread >= 1) == (promised, True)
    assert ask("mayor", agenda).unread >= 1
    ask("overseer", city_promises, CityPromises())
    ask("overseer", workplaces, Nothing())
    ask(unit, workplaces, Nothing())


def test_a_lane_that_cannot_be_read_takes_neither_its_judges_list_nor_the_figures(
    line: Line, documents: Documents, ask: Ask
) -> None:
    broken, other = line.file(2, accepted=False)
    for citizen in (broken, other):
        documents.ask(citizen)
    key = broken.request.id
    with line.city.application.store.engine.begin() as connection:
        spoilt = text("UPDATE lane_ask SET lane = :none WHERE request_id = :key")
        connection.execute(spoilt, {"none": b"\0", "key": key})
    with line.reading() as uow:
        week_later = line.clock() + timedelta(weeks=1)
        lanes = lane_rates(uow, line.city.as_("overseer"), Nothing(), week_later)
        judges = {
            one
            for _, one in uow.session.connection().execute(
                text("SELECT ask_id, account_id FROM lane_judge")
            )
        }
    assert [rate.asked for rate in lanes.rates] == [1]
    assert lanes.unread == 1
    assert rules_state.lanes_unread(lanes.unread) == rules_text.LANES_UNREAD.format(count="۱")
    found = [
        ask(Actor(account_id=judge, grants=(Grant(Role.DESK, DISTRICT),)), lane_list, Nothing())
        for judge in judges
    ]
    assert {len(one.lines) for one in found} <= {0, 1}
    assert sum(one.unread for one in found) >= 1
