"""Screening: what is in the inbox, and what opening a case shows and records."""

from dataclasses import replace

import pytest
from support.citizens import a_form
from support.city import City
from support.clock import FixedClock

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.inbox import Inbox, case_page, inbox, open_case


def query_as(city: City, who: str, query, command):
    return city.application.query_as(city.as_(who), query, command)


def execute(city: City, who: str, usecase, command):
    return city.application.execute_as(city.as_(who), usecase, command)


def codes(city: City, who: str = "desk", **command) -> list[str]:
    return [line.line.code for line in query_as(city, who, inbox, Inbox(**command)).lines]


def refused(act, *arguments) -> str:
    with pytest.raises(Denied) as word:
        act(*arguments)
    return word.value.key


def test_each_tab_holds_its_own_and_counts_all(city: City, a_request):
    new, asked = a_request(), a_request(at=Stage.NEEDS_INFO)
    objected = a_request(at=Stage.DECLINED)
    objected.citizen(Action.OBJECT, note="این کار شهرداری است.")
    other = "second_desk"
    assert codes(city, other) == [new.code, objected.code]
    assert codes(city, other, which="needs_info") == [asked.code]
    assert codes(city, other, which="objections") == [objected.code]
    assert codes(city, other, which="late") == []
    page = query_as(city, other, inbox, Inbox(which="all"))
    assert page.counts == {"submitted": 2, "needs_info": 1, "objections": 1, "late": 0, "all": 3}
    assert {line.line.person_id for line in page.lines} == {""}


@pytest.mark.on_postgresql
def test_whoever_declined_is_not_asked_again_and_finds_it_under_all(city: City, a_request):
    new, objected = a_request(), a_request(at=Stage.DECLINED)
    objected.citizen(Action.OBJECT, note="این کار شهرداری است.")
    assert codes(city) == [new.code]
    assert codes(city, which="objections") == []
    assert objected.code in codes(city, which="all")
    assert query_as(city, "desk", workplaces, Nothing()).to_screen == 1
    assert query_as(city, "second_desk", workplaces, Nothing()).to_screen == 2


@pytest.mark.on_postgresql
def test_a_unit_does_not_read_a_request_while_its_citizen_is_asked(city: City, a_request):
    new, asked = a_request(), a_request(at=Stage.NEEDS_INFO)
    assert codes(city, "technical") == [new.code]
    assert codes(city, "technical", which="needs_info") == []
    assert codes(city, "desk", which="needs_info") == [asked.code]


@pytest.mark.on_postgresql
def test_what_is_past_its_deadline_is_late(city: City, clock: FixedClock, a_request):
    walked = a_request()
    waiting = a_request(at=Stage.NEEDS_INFO)
    clock.forward(days=4)
    page = query_as(city, "desk", inbox, Inbox(which="late"))
    assert [one.line.code for one in page.lines] == [walked.code]
    assert page.lines[0].late_days == 2
    clock.forward(days=20)
    (line,) = query_as(city, "desk", inbox, Inbox(which="needs_info")).lines
    assert (line.line.code, line.late_days) == (waiting.code, 0)


@pytest.mark.on_postgresql
def test_persian_is_found_however_it_is_spelt(city: City, a_request):
    walked = a_request()
    a_request(title="نور کم کوچه", text="کوچه از غروب به بعد تاریک است و نور ندارد.")
    for words in ("پیاده روی شکسته", "پياده‌رو", "سنگفرش", "شکس"):
        assert codes(city, words=words) == [walked.code]


@pytest.mark.on_postgresql
def test_a_tracking_code_is_found_in_groups_and_in_persian_digits(city: City, a_request):
    walked, _ = a_request(), a_request()
    grouped = persian(f"{walked.code[:3]} {walked.code[3:6]} {walked.code[6:]}")
    assert codes(city, words=grouped) == [walked.code]
    assert codes(city, words="9999999999") == []


def test_another_district_sees_nothing_of_it(city: City, a_request):
    walked = a_request()
    assert codes(city, "desk4", which="all") == []
    assert refused(query_as, city, "desk4", inbox, Inbox(district=6)) == "not_found"
    assert refused(execute, city, "desk4", open_case, OneCase(code=walked.code)) == "not_found"
    assert refused(query_as, city, "mayor", inbox, Inbox()) == "not_your_role"
    assert refused(query_as, city, "desk", inbox, Inbox(which="mine")) == "form_broken"


def test_who_has_a_desk_and_a_unit_reads_that_of_the_district_he_works_in(city: City, a_request):
    """He is a substitute at a desk of district 4, and belongs to a unit of district 6."""
    walked = a_request()
    unit = city.as_("technical")
    both = replace(unit, grants=(*city.as_("desk4").grants, *unit.grants))

    def found(at: int, **command: object) -> list[str]:
        page = city.application.query_as(replace(both, at=at), inbox, Inbox(**command))
        return [line.line.code for line in page.lines]

    assert found(6) == [walked.code]
    assert found(0, district=6) == [walked.code]
    assert found(4) == found(0) == found(6, district=4) == []
    with pytest.raises(Denied, match="not_found"):
        found(6, district=5)


def test_a_unit_reads_the_requests_of_its_subjects_only(city: City, a_request):
    walked = a_request()
    a_request(subject="waste")
    assert codes(city, "technical") == [walked.code]
    assert codes(city, "technical", which="all") == [walked.code]


def test_opening_a_case_is_written_once_a_day_and_shows_no_name(
    city: City, clock: FixedClock, a_request
):
    walked = a_request()
    command = OneCase(code=walked.code)
    assert refused(query_as, city, "desk", case_page, command) == "not_opened"
    page = execute(city, "desk", open_case, command)
    execute(city, "desk", open_case, command)
    assert page.person is None
    assert Action.ACCEPT in {step.action for step in page.steps}
    assert query_as(city, "desk", case_page, command).request == page.request
    assert openings(city, walked) == ["desk"]
    clock.forward(days=1)
    assert refused(query_as, city, "desk", case_page, command) == "not_opened"
    execute(city, "desk", open_case, command)
    assert openings(city, walked) == ["desk", "desk"]


def test_earlier_requests_of_the_same_person_are_linked_without_identity(city: City, a_request):
    walked = a_request(at=Stage.WITHDRAWN)
    second = a_form(walked.who, title="پیاده‌رو هنوز شکسته")
    again = city.application.execute_now(submit, walked.keys, second)
    (line,) = query_as(city, "desk", inbox, Inbox()).lines
    assert line.line.linked == 1
    (linked,) = execute(city, "desk", open_case, OneCase(code=again.code)).linked
    assert (linked.subject, linked.outcome, linked.same_subject) == (
        "street",
        Stage.WITHDRAWN,
        True,
    )
    assert (linked.year, linked.month) == (1405, 8)
    assert walked.code not in repr(linked)


def test_a_step_that_is_closed_to_this_officer_says_why(city: City, a_request):
    walked = a_request(at=Stage.DECLINED)
    walked.citizen(Action.OBJECT, note="این کار شهرداری است.")
    command = OneCase(code=walked.code)
    mine = execute(city, "desk", open_case, command)
    other = execute(city, "second_desk", open_case, command)
    assert (Action.ACCEPT, "another_officer") in {(s.action, word) for s, word in mine.refused}
    assert Action.ACCEPT in {step.action for step in other.steps}


def openings(city: City, walked) -> list[str]:
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        return [role for role, *_ in uow.requests.openings(walked.request)]
