"""Somebody left a Monday out in a citizen's name; it is hers again until its list is fixed."""

from deciding_steps import at_her_page
from person import Meet
from playwright.sync_api import expect
from support.audited import all_draws
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.line import listing_text
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

OWN_CITY = True

DISTRICT = 6
LIST_OF = "2026-12-07"


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
        her = Actor(person_id=case.person_id, grants=(Grant(Role.CITIZEN),))
        application.execute_as(her, take_step, command)
    return two
