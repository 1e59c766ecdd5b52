"""Everybody of a list that was put right learns when its draw runs now."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line
from support.overlooked import overlooked

from publicmeeting.domain.line.history import moved_draw_payload
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.wording import notice_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.tracking.my_page import my_page

DAY = timedelta(days=1)
TUESDAY, THURSDAY = MONDAY - 6 * DAY, MONDAY - 4 * DAY


def objects(line: Line, citizen: Citizen) -> None:
    line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList())


@pytest.fixture
def missing(line: Line) -> Citizen:
    """Tuesday 13:00: a list of three in which one is missing."""
    *_, missing = line.file(4)
    with overlooked(line, missing):
        line.until(TUESDAY, "12:00")
    line.until(TUESDAY, "13:00")
    return missing


def told_of_the_move(citizen: Citizen) -> list[Event]:
    return [one for one in citizen.request.history if one.action is Action.MOVE_DRAW]


def test_everybody_of_a_list_that_was_put_right_is_told_when_the_draw_is_now(line: Line) -> None:
    *others, leaves, missing = line.file(5)
    (late,) = line.file(1, accepted=False)
    with overlooked(line, missing), overlooked(line, late):
        line.until(TUESDAY, "12:00")
    leaves.does(Action.WITHDRAW)
    line.until(TUESDAY, "13:00")
    deadline = missing.request.due_at
    objects(line, missing)
    for one in (*others, missing, late):
        (event,) = told_of_the_move(one)
        assert event.payload == moved_draw_payload(MONDAY, at_tehran(THURSDAY, "12:00"))
        assert (event.at, event.to_stage, one.stage) == (line.clock.now, "waiting", "waiting")
    assert told_of_the_move(leaves) == []
    assert missing.request.due_at == deadline
    letter = line.city.application.query_as(missing.actor, my_page, Nothing()).notices[0]
    said = notice_text(letter.about)
    assert "دوشنبه ۹ آذر به پنجشنبه ۵ آذر، ساعت ۱۲:۰۰" in said.text
    assert "پنجشنبه ۵ آذر، ساعت ۱۲:۰۰" in said.sms


def test_who_is_in_another_line_or_has_left_the_monday_out_is_not_told(line: Line) -> None:
    *_, missing = line.file(3)
    (away,) = line.file(1)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    (elsewhere,) = line.file(1, district=4, accepted=False)
    line.official("desk4", elsewhere, Action.ACCEPT)
    with overlooked(line, missing):
        line.until(TUESDAY, "12:30")
    objects(line, missing)
    assert told_of_the_move(away) == told_of_the_move(elsewhere) == []


def test_a_right_list_tells_nobody(line: Line) -> None:
    (stays,) = line.file(1)
    line.until(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    line.until(TUESDAY, "12:30")
    objects(line, late)
    assert told_of_the_move(stays) == told_of_the_move(late) == []


def test_a_second_fault_tells_those_only_who_have_not_heard(line: Line) -> None:
    *_, first, one, other = line.file(4)
    with overlooked(line, one), overlooked(line, other):
        line.until(TUESDAY, "12:00")
    with overlooked(line, other):
        objects(line, one)
    objects(line, other)
    assert [len(told_of_the_move(who)) for who in (first, one, other)] == [1, 1, 1]


def test_the_books_agree_after_a_draw_has_moved(line: Line, missing: Citizen) -> None:
    objects(line, missing)
    line.until(THURSDAY, "12:00")
    found = line.city.application.execute_as(line.city.as_("administrator"), examine, Checkup())
    assert [one.findings for one in found] == [()] * len(found)
