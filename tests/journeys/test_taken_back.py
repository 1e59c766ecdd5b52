"""Acts in a citizen's own name that she undoes.

She gave a seat up by a slip of the thumb, and nobody was asked for it yet. Somebody else left a
Monday out in her name, and its list can still be changed.
"""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from person import Meet, Person
from playwright.sync_api import expect
from support.audited import all_draws
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.line import listing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.offers import TakeFree, take_free

OWN_CITY = True

DISTRICT = 6
LIST_OF = "2026-12-07"
FREE = "هنوز آزاد است"


@pytest.fixture(scope="module")
def seated(application: Application) -> Iterator[Request]:
    """People with a confirmed seat, one after another, of a draw without standbys."""
    found = []
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        lines = uow.lists.requests(Filter(stages=(Stage.CONFIRMED,)), limit=100)
        for request in (uow.requests.by_id(line.id) for line in lines):
            assert request.seat is not None
            draw = uow.draws.get(request.district, request.seat.monday)
            wait = Filter(districts=frozenset({request.district}), stages=(Stage.WAITING,))
            alone = not uow.lists.requests(wait, limit=1)
            if draw is not None and not draw.file.get("standby") and not alone:
                found.append(request)
    return iter(found)


def at_her_page(meet: Meet, town: Served, application: Application, case: Request) -> Person:
    with application.store.unit_of_work(application.clock()) as uow:
        mobile = uow.people.get(case.person_id).mobile
        session = uow.sessions.open_for_mobile(mobile or "", Door.CODE)
    person = meet("citizen", "phone")
    person.has_signed_in(session, town.origin)
    person.goes(f"/mine/{case.code}/")
    return person


def gives_her_seat_up(person: Person) -> None:
    person.button(ACTION[Action.GIVE_UP_SEAT]).click()
    person.button(case_text.BUTTON[Action.GIVE_UP_SEAT]).click()
    person.sees(FREE)


def stands(application: Application, case: Request) -> Request:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.requests.by_id(case.id)


def test_a_slip_of_the_thumb_costs_no_seat(
    meet: Meet, town: Served, application: Application, seated: Iterator[Request]
) -> None:
    case = next(seated)
    person = at_her_page(meet, town, application, case)
    gives_her_seat_up(person)
    person.shot("given-up")
    other = person.another_tab(f"/mine/{case.code}/")
    other.sees(FREE)
    back = person.button(ACTION[Action.UNDO_GIVE_UP])
    back.dblclick()
    person.sees(DONE[Action.UNDO_GIVE_UP])
    expect(back).to_have_count(0)
    expect(person.page.locator("main")).not_to_contain_text(refusal("stage_moved"))
    assert person.overflowing() == []
    person.shot("back")
    expect(other.button(ACTION[Action.UNDO_GIVE_UP])).to_have_count(0)
    expect(other.button(ACTION[Action.GIVE_UP_SEAT])).to_be_visible()
    after = stands(application, case)
    assert (after.stage, after.seat, after.waited) == (case.stage, case.seat, case.waited)


def test_a_seat_that_is_somebodys_by_now_is_refused_in_words(
    meet: Meet, town: Served, application: Application, seated: Iterator[Request]
) -> None:
    case = next(seated)
    seat = case.seat
    assert seat is not None
    person = at_her_page(meet, town, application, case)
    gives_her_seat_up(person)
    taker = somebody_who_waits(application, case)
    while not presses_unheard(person, town, lambda: takes(application, taker, seat.time)):
        pass
    person.sees(refusal("seat_gone"))
    expect(person.button(ACTION[Action.UNDO_GIVE_UP])).to_have_count(0)
    assert person.overflowing() == []
    person.shot("gone")
    person.goes(f"/mine/{case.code}/")
    expect(person.page.get_by_text(FREE)).to_have_count(0)
    taken = stands(application, taker).seat
    assert taken is not None
    assert (taken.monday, taken.time) == (seat.monday, seat.time)
    person.sees(case_text.DENY_OWED)
    deny = person.button(ACTION[Action.DENY_GIVE_UP])
    person.shot("to-be-denied")
    deny.dblclick()
    person.sees(case_text.THANKS[Action.DENY_GIVE_UP])
    expect(deny).to_have_count(0)
    expect(person.page.locator("main")).not_to_contain_text(refusal("nothing_to_deny"))
    assert person.overflowing() == []
    person.shot("denied")
    after = stands(application, case)
    assert (after.debt, after.waited, after.stage) == (1, case.waited, Stage.WAITING)


def presses_unheard(person: Person, town: Served, happens: Callable[[], None]) -> bool:
    """Let her press arrive before her page learns of an event.

    Return False if the city was stopped while it wrote.
    """
    signals(town, signal.SIGSTOP)
    try:
        happens()
        person.button(ACTION[Action.UNDO_GIVE_UP]).click()
    except TooBusy:
        return False
    finally:
        signals(town, signal.SIGCONT)
    return True


def signals(town: Served, number: signal.Signals) -> None:
    for process in town.processes:
        os.killpg(process, number)


def takes(application: Application, taker: Request, time: str) -> None:
    application.execute_as(of(taker), take_free, TakeFree(code=taker.code, time=time))


def somebody_who_waits(application: Application, case: Request) -> Request:
    wanted = Filter(districts=frozenset({case.district}), stages=(Stage.WAITING,))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        lines = uow.lists.requests(wanted, limit=100)
        return next(uow.requests.by_id(line.id) for line in lines if line.id != case.id)


def of(case: Request) -> Actor:
    return Actor(person_id=case.person_id, grants=(Grant(Role.CITIZEN),))


def test_a_monday_left_out_in_her_name_is_hers_again_until_the_evening(
    meet: Meet, town: Served, application: Application
) -> None:
    keeper = meet("keeper", "desk")
    case, asleep = wait_without_it(application)
    keeper.goes("/")
    keeper.moves_clock("freeze")
    person = at_her_page(meet, town, application, case)
    person.sees(listing_text.NOT_ME)
    person.shot("left-out")
    other = person.another_tab(f"/mine/{case.code}/")
    other.sees(listing_text.NOT_ME)
    void = person.button(listing_text.VOID)
    void.dblclick()
    person.sees(listing_text.CHANGED.format(district="۶"))
    expect(void).to_have_count(0)
    assert person.overflowing() == []
    person.shot("void")
    other.sees(listing_text.ADDED)
    expect(other.button(listing_text.VOID)).to_have_count(0)

    late = at_her_page(meet, town, application, asleep)
    expect(late.button(listing_text.VOID)).to_be_visible()
    late.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket")
    late.loses_network()
    keeper.moves_clock("reveals")
    late.finds_network()
    expect(late.button(listing_text.VOID)).to_have_count(0)
    late.shot("too-late")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        draw = next(
            one
            for one in all_draws(uow)
            if one.state is DrawState.FROZEN and one.district == DISTRICT
        )
    tickets = {row["ticket"] for row in draw.file["pool"]}
    assert tickets.isdisjoint({asleep.ticket})
    assert case.ticket in tickets


def wait_without_it(application: Application) -> list[Request]:
    """Return two requests of the line, with the next Monday left out in their names."""
    wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.WAITING,))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        two = [uow.requests.by_id(line.id) for line in uow.lists.requests(wanted, limit=2)]
    for case in two:
        command = TakeStep(code=case.code, action=Action.EXCLUDE, monday=LIST_OF)
        application.execute_as(of(case), take_step, command)
    return two
