"""By telephone, a citizen denies acts in her name or a no-show; an officer enters it for her."""

from datetime import timedelta

import pytest
from support.contests import missed_on_second_monday
from support.line import Citizen, Line
from support.together import refusal

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.usecases.tracking.for_caller import (
    CallersAnswer,
    CallersCase,
    CallersPage,
    answer_for_caller,
    case_of_caller,
)

PIN, DAY = "604938", timedelta(days=1)


def without_mobile(line: Line, citizen: Citizen) -> Citizen:
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
        uow.people.set_pin(citizen.request.person_id, PIN)
    return citizen


def comes(line: Line, citizen: Citizen, who: str = "phone") -> CallersPage:
    command = CallersCase(code=citizen.code, digits=PIN)
    return line.city.application.execute_as(line.city.as_(who), case_of_caller, command)


def says(line: Line, citizen: Citizen, action: Action, note: str = "", who: str = "phone") -> None:
    comes(line, citizen, who)
    command = CallersAnswer(code=citizen.code, action=action.value, note=note)
    line.city.application.execute_as(line.city.as_(who), answer_for_caller, command)


@pytest.mark.on_postgresql
def test_she_contests_a_no_show_by_telephone_and_the_officer_does_not_judge_it(line: Line) -> None:
    (citizen,) = missed_on_second_monday(line)
    without_mobile(line, citizen)
    line.until(tehran_day(line.clock.now) + DAY, "10:00")
    assert [asked.action for asked in comes(line, citizen).questions] == [Action.CONTEST_NO_SHOW]
    assert comes(line, citizen).lost is not None
    says(line, citizen, Action.CONTEST_NO_SHOW, "در سالن بودم، صدایم نزدند.", who="desk")
    assert comes(line, citizen).lost is None
    assert citizen.request.count(Action.CONTEST_NO_SHOW) == 1
    line.worker.tick()
    picked = citizen.request.last(Action.PICK_CONTEST)
    assert picked is None or line.city.as_("desk").account_id not in str(picked.payload)


def test_she_says_by_telephone_that_she_has_not_withdrawn(line: Line) -> None:
    citizen = without_mobile(line, next(c for c in line.drawn(10) if c.stage == Stage.WAITING))
    assert comes(line, citizen).answers == ()
    citizen.does(Action.WITHDRAW)  # done by somebody who found her receipt
    assert comes(line, citizen).answers == (Action.UNDO,)
    says(line, citizen, Action.UNDO)
    assert citizen.stage == Stage.WAITING
    assert comes(line, citizen).answers == ()


def test_she_takes_her_seat_back_by_telephone(line: Line) -> None:
    citizen = without_mobile(line, next(c for c in line.drawn(10) if c.stage == Stage.INVITED))
    says(line, citizen, Action.CONFIRM)
    says(line, citizen, Action.GIVE_UP_SEAT)
    assert Action.UNDO_GIVE_UP in comes(line, citizen).answers
    says(line, citizen, Action.UNDO_GIVE_UP)
    assert citizen.stage == Stage.CONFIRMED


def test_who_passed_on_the_giving_up_does_not_pass_on_its_denial_alone(line: Line) -> None:
    people = line.drawn(30)
    citizen = without_mobile(line, next(c for c in people if c.stage == Stage.INVITED))
    says(line, citizen, Action.GIVE_UP_SEAT, who="desk")
    line.until(tehran_day(line.clock.now) + DAY, "10:00")  # the seat has gone to somebody else
    assert Action.DENY_GIVE_UP in comes(line, citizen).answers
    word = refusal(lambda: says(line, citizen, Action.DENY_GIVE_UP, who="desk"))
    assert word.key == "passed_yourself"
    says(line, citizen, Action.DENY_GIVE_UP)
    assert citizen.request.count(Action.DENY_GIVE_UP) == 1


def test_nobody_denies_anything_by_four_digits(line: Line) -> None:
    citizen = without_mobile(line, next(c for c in line.drawn(10) if c.stage == Stage.WAITING))
    citizen.does(Action.WITHDRAW)
    command = CallersCase(code=citizen.code, digits=citizen.identity[-4:])
    page = line.city.application.execute_as(line.city.as_("phone"), case_of_caller, command)
    assert page.answers == ()
    act = CallersAnswer(code=citizen.code, action=Action.UNDO.value)
    phone = line.city.as_("phone")
    word = refusal(lambda: line.city.application.execute_as(phone, answer_for_caller, act))
    assert word.key == "not_found"
    assert citizen.stage == Stage.WITHDRAWN
