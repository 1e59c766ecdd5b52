"""Whether she is in the list of her next draw, and what one tap of hers changes."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line
from support.overlooked import overlooked

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.why_not_listed import Absence, ObjectionAnswer
from publicmeeting.usecases.tracking.turn import MyList, my_turn

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


def sees(line: Line, citizen: Citizen) -> MyList | None:
    command = OneCase(code=citizen.code)
    return line.city.application.query_as(citizen.actor, my_turn, command).list


def objects(line: Line, citizen: Citizen) -> ObjectionAnswer:
    return line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList())


def test_it_is_shown_from_the_freeze_to_the_end_of_the_objections(line: Line) -> None:
    (there,) = line.file(1)
    line.until(TUESDAY, "11:59")
    assert sees(line, there) is None
    line.until(TUESDAY, "12:00")
    seen = sees(line, there)
    assert seen is not None
    assert (seen.listed, seen.absence, seen.objected) == (True, None, False)
    assert (seen.draw, seen.until) == ("d06-1405-09-09", at_tehran(TUESDAY, "20:00"))
    line.until(TUESDAY, "19:59")
    assert sees(line, there) is not None
    line.until(TUESDAY, "20:00")
    assert sees(line, there) is None


def test_an_act_in_her_name_is_seen_and_one_tap_makes_it_void(line: Line) -> None:
    *_, missing = line.file(3)
    missing.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "13:00")
    seen = sees(line, missing)
    assert seen is not None
    assert (seen.listed, seen.may_void, seen.objected) == (False, True, False)
    assert objects(line, missing).changed
    again = sees(line, missing)
    assert again is not None
    assert (again.listed, again.is_added, again.may_void) == (False, True, False)
    line.until(TUESDAY, "19:59")
    assert sees(line, missing).is_added


def test_why_she_is_not_in_it_is_told_before_and_after(line: Line) -> None:
    line.begins(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    line.until(TUESDAY, "12:30")
    seen = sees(line, late)
    assert seen is not None
    assert (seen.listed, seen.absence, seen.objected) == (False, Absence.FILED_LATE, False)
    assert objects(line, late).absence is Absence.FILED_LATE
    asked = sees(line, late)
    assert asked is not None
    assert asked.objected
    with pytest.raises(Denied, match="objection_raised"):
        objects(line, late)


@pytest.mark.on_postgresql
def test_what_the_desk_had_said_is_for_her_own_eyes(line: Line) -> None:
    lacks, refused, answered = line.file(3, accepted=False)
    line.official("desk", lacks, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    line.official("desk", refused, Action.DECLINE, reason="judged", note="کار دادگاه است.")
    line.official("desk", answered, Action.ANSWER, note="انجام شده است.")
    line.until(TUESDAY, "12:30")
    lacks.does(Action.GIVE_INFO, note="کوچهٔ سوم")
    refused.does(Action.OBJECT, note="جای آن در معبر است.")
    answered.does(Action.INSIST, note="انجام نشده است.")
    whys = (Absence.INFO_LACKED, Absence.TURNED_AWAY, Absence.TURNED_AWAY)
    for citizen, why in zip((lacks, refused, answered), whys, strict=True):
        somebody = Actor(visit=f"visit {citizen.code}")
        command = ObjectToList(ticket=citizen.request.ticket)
        assert sees(line, citizen).absence is why
        answer = line.city.application.execute_as(somebody, object_to_list, command)
        assert answer.absence is Absence.NOT_IN_LINE


def test_a_fault_that_can_no_longer_be_put_right_stands_on_her_page_until_it_is_made_good(
    line: Line,
) -> None:
    *_, there, missing = line.file(20)
    with overlooked(line, missing):
        line.until(TUESDAY, "20:00")
    assert sees(line, there) is None
    seen = sees(line, missing)
    assert seen is not None
    assert (seen.draw, seen.until, seen.listed) == ("d06-1405-09-09", None, False)
    line.until(WEDNESDAY, "19:00")
    assert sees(line, missing) == seen
    objects(line, missing)
    assert sees(line, missing) is None


def test_who_has_left_the_line_sees_no_list(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(TUESDAY, "12:30")
    citizen.does(Action.WITHDRAW)
    assert sees(line, citizen) is None
