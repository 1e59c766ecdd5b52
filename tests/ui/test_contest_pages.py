"""A contest of a no-show on the judges' page and on the citizen's."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.contests import (
    answer,
    confirmed_for_second_monday,
    contest_id,
    decide,
    gave_up_on_second_monday,
    is_missed,
    judges_of,
    missed_on_second_monday,
)
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.line import lanes_text
from publicmeeting.text.tracking import case_text, day_text, road_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.timeline.asked import ask_view
from publicmeeting.ui.citizen.timeline.moves import request_moves
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.ui.citizen.timeline.status import status_view
from publicmeeting.ui.citizen.timeline.turn import TurnView, turn_view
from publicmeeting.ui.staff.lanes import LanesState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page
from publicmeeting.usecases.tracking.turn import case_page, my_turn

MAY_CONTEST = "می‌توانید اعتراض کنید"
WORDS = "در سالن بودم و کسی نام مرا نخواند."


@pytest.fixture
def contested(line: Line) -> Citizen:
    (citizen,) = line.begun(missed_on_second_monday)
    citizen.does(Action.CONTEST_NO_SHOW, note=WORDS)
    return citizen


def tab_of(line: Line, username: str, address: str = "/lanes/") -> Any:
    return Tab(line.city.application, username).opens(LanesState, address)


def hers(citizen: Citizen) -> tuple[TimelinePage, TurnView]:
    application, command = citizen.line.city.application, OneCase(code=citizen.code)
    page = application.query_as(citizen.actor, timeline_page, command)
    turn = application.query_as(citizen.actor, my_turn, command)
    return page, turn_view(page, turn, request_moves(page.steps, turn))


def test_she_contests_under_no_words_of_another_question(line: Line) -> None:
    (one,) = line.begun(confirmed_for_second_monday)
    line.official("technical", one, Action.OFFER_ANSWER, note="تا ۲۵ آذر ترمیم می‌شود.")
    line.until(MONDAY + timedelta(weeks=1), "10:00")
    is_missed(line, one)
    page = one.line.city.application.query_as(one.actor, timeline_page, OneCase(code=one.code))
    turn = one.line.city.application.query_as(one.actor, my_turn, OneCase(code=one.code))
    card = ask_view(page, request_moves(page.steps, turn))
    assert [(move.action, move.photos) for move in card.moves] == [(Action.CONTEST_NO_SHOW, True)]
    assert card.quote == ""


def test_a_judge_reads_her_words_and_the_day_and_answers(line: Line, contested: Citizen) -> None:
    judge = judges_of(line, contested)[0]
    state = tab_of(line, judge.name)
    (row,) = state.rows
    assert (row.title, row.late) == (lanes_text.CONTEST_KIND, False)
    assert contested.code not in repr(row)
    state = tab_of(line, judge.name, row.href)
    ask = state.ask
    assert (ask.is_contest, ask.words, ask.photos) == (True, WORDS, ())
    assert ask.seat == "نوبت: دوشنبه ۱۶ آذر، ساعت ۹:۰۰"
    assert [(one.time, one.what) for one in ask.day] == [
        (lanes_text.CONTEST_NO_TIME, lanes_text.CONTEST_NEVER_PRESENT),
        ("۱۰:۰۰", lanes_text.CONTEST_CALLED),
        ("۱۰:۰۰", lanes_text.CONTEST_CALLED),
        ("۱۰:۰۰", lanes_text.CONTEST_MISSED),
    ]
    assert [one.value for one in ask.no] == ["no/called_and_absent", "no/not_shown"]
    assert contested.code not in repr(state.dict())
    asyncio.run(do(state, LanesState.judge, {}))
    assert state.errors == {"reason": lanes_text.NEED}
    asyncio.run(do(state, LanesState.judge, {"ask": ask.id, "reason": "yes/was_there"}))
    assert state.done == lanes_text.DONE
    assert (state.rows, state.ask.id) == ([], "")


@in_one_city(
    "sent",
    [
        {"reason": "yes/not_shown"},
        {"reason": "no/was_there"},
        {"reason": "yes/certified"},
        {"reason": "perhaps/was_there"},
        {"reason": ["yes/was_there"]},
        {"reason": {"yes": 1}},
        {"reason": 7},
    ],
)
def test_what_no_form_of_ours_sends_is_no_answer(
    line: Line, contested: Citizen, sent: dict[str, Any]
) -> None:
    judge = judges_of(line, contested)[0]
    state = tab_of(line, judge.name, f"/lanes/?ask={contest_id(line, contested)}")
    asyncio.run(do(state, LanesState.judge, {"ask": state.ask.id, **sent}))
    assert state.refused or state.errors
    assert not state.done
    assert contested.request.count(Action.JUDGE_NO_SHOW) == 0


def test_whoever_was_not_picked_finds_nothing(line: Line, contested: Citizen) -> None:
    picked = {actor.name for actor in judges_of(line, contested)}
    others = {"desk", "second_desk", "technical", "services", "desk4"} - picked
    for name in others:
        state = tab_of(line, name, f"/lanes/?ask={contest_id(line, contested)}")
        assert (state.rows, state.ask.id) == ([], "")
        assert state.ask_refused


def test_she_reads_who_decides_how_far_it_is_and_what_came_of_it(
    line: Line, contested: Citizen
) -> None:
    view = hers(contested)[1].contest
    assert view.head == lanes_text.CONTEST_HEAD
    assert "۰ از ۲" in view.text
    # The judges' deadline stands in this card alone: beside her place it looks like hers.
    (now,) = [step for step in case_steps(hers(contested)[0]) if step.kind == "now"]
    assert road_text.DUE.partition(":")[0] not in now.meaning
    assert not any(MAY_CONTEST in step.meaning for step in case_steps(hers(contested)[0]))
    answer(line, judges_of(line, contested)[0], contest_id(line, contested), "yes")
    assert "۱ از ۲" in hers(contested)[1].contest.text
    line.until(MONDAY + timedelta(days=16), "09:00")
    view = hers(contested)[1].contest
    assert "دیرکرد شهرداری" in view.text
    assert view.badge.tone == "brick"
    answer(line, judges_of(line, contested)[1], contest_id(line, contested), "yes")
    page, turn = hers(contested)
    assert turn.contest.head == ""
    (step,) = [
        case_step for case_step in case_steps(page) if case_step.title == "نتیجهٔ اعتراض معلوم شد"
    ]
    assert step.meaning == "اعتراض پذیرفته شد: سر وقت در ساختمان بوده‌اید."


def test_who_falls_ill_reads_before_her_tap_that_a_document_gives_the_weeks_back(
    line: Line,
) -> None:
    (one,) = line.begun(confirmed_for_second_monday)
    assert road_text.TURN_GIVE_UP_EXCUSED not in hers(one)[1].keeps, "her weeks are safe so far"
    line.until(MONDAY + timedelta(weeks=1), "07:00")
    assert road_text.TURN_GIVE_UP_EXCUSED in hers(one)[1].keeps
    one.does(Action.GIVE_UP_SEAT)
    status = status_view(hers(one)[0], None)
    assert status.head == case_text.STATUS_GAVE_UP
    page = hers(one)[0]  # she then stood in for somebody in the hall, and was not there: it is free
    free = replace(page.newest[Action.GIVE_UP_SEAT], action=Action.NO_SHOW, event_id=10_000)
    after = replace(page, marks=(*page.marks, free))
    assert status_view(after, None).head == case_text.STATUS_GAVE_UP
    assert "تا پنجشنبه ۱۹\N{NO-BREAK SPACE}آذر" in status.means
    (step,) = [step for step in case_steps(hers(one)[0]) if road_text.GAVE_UP_LATE in step.meaning]
    assert step.title == case_text.OWN[Action.GIVE_UP_SEAT]
    assert MAY_CONTEST in step.meaning
    with line.reading() as uow:
        found = [notice for notice in uow.outbox.due(1000) if notice.action == Action.GIVE_UP_SEAT]
        (told,) = [notice_text(about(uow, notice, line.clock.now)) for notice in found]
    assert "مهلت اعتراض با مدرک تا پنجشنبه" in told.sms
    one.does(Action.CONTEST_NO_SHOW, note=WORDS)
    page = hers(one)[0]
    assert status_view(page, None).head != case_text.STATUS_GAVE_UP
    assert not any(MAY_CONTEST in step.meaning for step in case_steps(page)), "she has done so"
    ask = tab_of(line, judges_of(line, one)[0].name, f"/lanes/?ask={contest_id(line, one)}").ask
    assert (ask.rule, len(ask.yes), len(ask.no)) == (lanes_text.GIVEN_UP_RULE, 2, 1)
    assert [(row.time, row.what) for row in ask.day] == [("۷:۰۰", lanes_text.CONTEST_GAVE_UP)]


def test_the_top_of_her_page_says_on_the_day_itself_how_far_her_contest_is(line: Line) -> None:
    (one,) = line.begun(missed_on_second_monday)

    def reads() -> str:
        command = OneCase(code=one.code)
        page, turn = line.city.application.query_as(one.actor, case_page, command)
        assert turn.day is not None
        return status_view(page, words_of(turn.day)).means

    words = day_text.CONTEST
    assert words[Action.NO_SHOW] in reads()
    one.does(Action.CONTEST_NO_SHOW, note=WORDS)
    assert words[Action.NO_SHOW] not in reads()
    assert words[Action.CONTEST_NO_SHOW] in reads()
    decide(line, one, ("yes", "no"))
    assert words[Action.DECIDE_NO_SHOW] in reads()


def test_a_no_is_told_with_its_reason_and_the_first_answer_is_not(
    line: Line, contested: Citizen
) -> None:
    decide(line, contested, ("yes", "no"))
    road = case_steps(hers(contested)[0])
    (step,) = [case_step for case_step in road if case_step.title == "نتیجهٔ اعتراض معلوم شد"]
    why = "دو بار پس از وقت نوبت صدا زده‌اند و نبوده‌اید."
    assert step.meaning == f"اعتراض پذیرفته نشد: {why} این نتیجه پایانی است."
    assert not any("سر وقت در ساختمان" in one.meaning for one in road)


def test_who_gave_a_seat_up_and_missed_the_next_one_reads_of_the_absence(line: Line) -> None:
    (one,) = line.begun(gave_up_on_second_monday)
    line.until(MONDAY + timedelta(days=9), "20:00")
    one.does(Action.CONFIRM)
    line.until(MONDAY + timedelta(weeks=2), "10:00")
    is_missed(line, one)
    status = status_view(hers(one)[0], None)
    assert status.head == case_text.STATUS_ABSENT
    assert "تا پنجشنبه ۲۶\N{NO-BREAK SPACE}آذر" in status.means
