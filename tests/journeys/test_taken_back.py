"""A citizen who gave her seat up by a slip of the thumb takes it back while nobody else has it."""

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
from deciding_steps import as_she_stands, at_her_page
from person import Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.line.offers import TakeFree, take_free

OWN_CITY = True

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


def gives_her_seat_up(person: Person) -> None:
    person.button(ACTION[Action.GIVE_UP_SEAT]).click()
    person.button(case_text.BUTTON[Action.GIVE_UP_SEAT]).click()
    person.sees(FREE)


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
    after = as_she_stands(application, case)
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
    # Once the server goes on, her page may learn of the taker before it handles her press.
    words = (refusal("seat_gone"), refusal("stage_moved"))
    expect(person.page.locator("main")).to_contain_text(re.compile("|".join(map(re.escape, words))))
    expect(person.button(ACTION[Action.UNDO_GIVE_UP])).to_have_count(0)
    assert person.overflowing() == []
    person.shot("gone")
    person.goes(f"/mine/{case.code}/")
    expect(person.page.get_by_text(FREE)).to_have_count(0)
    taken = as_she_stands(application, taker).seat
    assert taken is not None
    assert (taken.monday, taken.time) == (seat.monday, seat.time)
    expect(person.page.locator("main")).not_to_contain_text(case_text.DENY_HEAD)
    person = person.another_tab(f"/mine/{case.code}/")  # perhaps somebody had borrowed her phone
    person.sees(case_text.DENY_OWED)
    deny = person.button(ACTION[Action.DENY_GIVE_UP])
    person.shot("to-be-denied")
    deny.dblclick()
    person.sees(case_text.THANKS[Action.DENY_GIVE_UP])
    expect(deny).to_have_count(0)
    expect(person.page.locator("main")).not_to_contain_text(refusal("nothing_to_deny"))
    assert person.overflowing() == []
    person.shot("denied")
    after = as_she_stands(application, case)
    assert (after.debt, after.waited, after.stage) == (1, case.waited, Stage.WAITING)


def presses_unheard(person: Person, town: Served, happens: Callable[[], None]) -> bool:
    """Let her press arrive before her page learns of an event.

    Return False if the city was stopped while it wrote.
    """
    signals(town, signal.SIGSTOP)
    try:
        happens()
        person.sends(person.button(ACTION[Action.UNDO_GIVE_UP]).click)
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
