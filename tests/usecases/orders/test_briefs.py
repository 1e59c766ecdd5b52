"""A unit's brief before the meeting: whose list it is in, until when, and what follows."""

from datetime import date

import pytest
from support.city import FEW
from support.hall import Hall
from support.line import MONDAY
from support.together import refusal

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.refusals.refusals_text import refusal as words_of
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.room import open_meeting
from publicmeeting.usecases.orders.briefs import (
    BRIEF_LEAD,
    DUE,
    LATE,
    WRITTEN,
    Briefs,
    brief_due_at,
    brief_page,
    briefs,
    open_brief,
)
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.inbox import Inbox, inbox
from publicmeeting.usecases.tracking.timeline import timeline_page

NOTE = "محل را دیدیم؛ کار با همین واحد است."
SATURDAY, SUNDAY = date(2026, 11, 28), date(2026, 11, 29)


@pytest.fixture
def friday(hall: Hall) -> Hall:
    """Friday: seats are given, and no brief is written."""
    hall.clock.set(at_tehran(date(2026, 11, 27), "10:00"))
    return hall


def write(hall: Hall, code: str, who: str = "technical", note: str = NOTE) -> object:
    command = TakeStep(code=code, action=Action.OFFER_ANSWER, note=note)
    return hall.execute(who, take_step, command)


def listed(hall: Hall, which: str = DUE, who: str = "technical") -> list[str]:
    return [line.line.code for line in hall.query(who, briefs, Briefs(which=which)).lines]


@pytest.mark.parametrize(
    ("seated", "due"),
    [
        (at_tehran(date(2026, 11, 25), "12:00"), at_tehran(SUNDAY)),
        (at_tehran(SATURDAY, "23:59"), at_tehran(SUNDAY)),
        (at_tehran(SUNDAY), at_tehran(MONDAY)),
        (at_tehran(SUNDAY, "12:00"), at_tehran(MONDAY)),
    ],
)
def test_a_brief_is_due_when_the_saturday_is_over_or_the_sunday_for_a_later_seat(seated, due):
    assert brief_due_at(MONDAY, seated) == due
    assert BRIEF_LEAD.total_seconds() == 48 * 3600


def test_a_unit_reads_who_comes_in_its_subject_and_nobody_elses(friday: Hall) -> None:
    with friday.reading() as uow:
        seats = uow.seats.held(6, MONDAY)
        codes = {uow.requests.by_id(seat).code for seat in seats.values()}
    found = listed(friday)
    assert set(found) == codes
    lines = friday.query("technical", briefs, Briefs()).lines
    assert {line.line.person_id for line in lines} == {""}
    assert [line.line.seat.time for line in lines] == sorted(line.line.seat.time for line in lines)
    assert listed(friday, who="services") == []
    assert len(FEW) > 1


@pytest.mark.parametrize("who", ["mayor", "desk", "reception"])
def test_the_list_is_for_units(friday: Hall, who: str) -> None:
    assert refusal(lambda: listed(friday, who=who)).key == "not_your_role"
    assert words_of("not_your_role")


def test_a_brief_that_is_not_written_turns_late_and_comes_first(friday: Hall) -> None:
    first, *rest = listed(friday)
    assert listed(friday, LATE) == []
    write(friday, first)
    assert listed(friday) == rest
    assert listed(friday, WRITTEN) == [first]
    owed = friday.query("technical", workplaces, Nothing())
    assert owed.briefs == len(rest)
    friday.clock.set(at_tehran(SUNDAY))
    assert listed(friday, LATE) == rest
    assert all(line.late for line in friday.query("technical", briefs, Briefs()).lines)
    write(friday, rest[0])
    assert rest[0] not in listed(friday, LATE)


def test_opening_is_written_down_and_shows_no_person(friday: Hall) -> None:
    code = friday.guests[0].code
    command = OneCase(code=code)
    assert refusal(lambda: friday.query("technical", brief_page, command)).key == "not_opened"
    page = friday.execute("technical", open_brief, command)
    assert (page.request.person_id, page.request.history) == ("", ())
    assert [step.action for step in page.steps] == [Action.OFFER_ANSWER]
    assert friday.query("technical", brief_page, command).request.text == page.request.text
    with friday.reading() as uow:
        openings = uow.requests.openings(friday.guests[0].request)
    assert [opening[0] for opening in openings] == [Role.UNIT.value]
    assert friday.guests[0].request.name_seen_by == frozenset()


@pytest.mark.parametrize("who", ["services", "technical"])
def test_a_matter_of_another_unit_or_without_a_seat_is_not_found(friday: Hall, who: str) -> None:
    guest = friday.guests[0]
    if who == "technical":
        friday.clock.set(at_tehran(MONDAY, "00:30"))
        guest.hall.execute(
            guest.actor, take_step, TakeStep(code=guest.code, action=Action.GIVE_UP_SEAT)
        )
    word = refusal(lambda: friday.execute(who, open_brief, OneCase(code=guest.code)))
    assert word.key == "not_found"


def test_an_empty_brief_is_refused_and_an_unknown_part_too(friday: Hall) -> None:
    assert refusal(lambda: write(friday, friday.guests[0].code, note="  ")).key == "need_note"
    assert refusal(lambda: listed(friday, "all")).key == "form_broken"


@pytest.mark.on_postgresql
def test_the_citizen_reads_it_and_only_she_can_take_it_as_the_solution(friday: Hall) -> None:
    guest = friday.guests[0]
    write(friday, guest.code)
    hers = friday.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert NOTE in {mark.note for mark in hers.marks}
    accept = TakeStep(code=guest.code, action=Action.ACCEPT_ANSWER)
    for who in ("technical", "desk", "mayor"):
        word = refusal(lambda who=who: friday.execute(who, take_step, accept))
        assert word.key == "not_your_role"
    friday.clock.set(at_tehran(MONDAY, "00:30"))
    assert friday.execute(guest.actor, take_step, accept).stage is Stage.CLOSED
    with friday.reading() as uow:
        assert guest.request.id not in uow.seats.held(6, MONDAY).values()
    assert guest.code not in listed(friday, WRITTEN)


@pytest.mark.on_postgresql
def test_the_mayor_has_it_beside_the_visitor(friday: Hall) -> None:
    guest = friday.guests[0]
    write(friday, guest.code)
    friday.clock.set(at_tehran(MONDAY, "09:00"))
    friday.receive(guest)
    screen = friday.execute("mayor", open_meeting, OneCase(code=guest.code))
    assert [brief.note for brief in screen.briefs] == [NOTE]


def test_units_of_two_districts_answer_each_for_its_own(friday: Hall) -> None:
    services = friday.as_("services")
    grants = (*services.grants, Grant(Role.UNIT, unit_id="d04-technical"))
    both = Actor(account_id=services.account_id, name=services.name, grants=grants)
    alone = [one.line.code for one in friday.query(services, briefs, Briefs()).lines]
    for line in friday.query(both, briefs, Briefs()).lines:
        friday.execute(both, open_brief, OneCase(code=line.line.code))
    found = [one.line.code for one in friday.query(both, briefs, Briefs()).lines]
    assert found == alone
    assert friday.query(both, workplaces, Nothing()).briefs == len(alone)
    assert listed(friday), "technical of 6 has some, technical of 4 none"
    inboxes = [
        [one.line.code for one in friday.query(who, inbox, Inbox(which="all")).lines]
        for who in (services, both)
    ]
    assert inboxes[0] == inboxes[1]
