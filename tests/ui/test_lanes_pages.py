"""Lanes on pages: asking on the timeline, judging, and the result that she reads."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from support.documents import Documents
from support.line import MONDAY, Citizen, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.text.line import lanes_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.asked import ask_view
from publicmeeting.ui.citizen.timeline.moves import LANE, move_of, request_moves
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.ui.citizen.timeline.turn import turn_view
from publicmeeting.ui.citizen.timeline.waiting import lane_view
from publicmeeting.ui.shell.steps.keys import DONE
from publicmeeting.ui.staff.lanes import LanesState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import deny_giving_up
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page
from publicmeeting.usecases.tracking.turn import MyTurn, my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY, SUNDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY, MONDAY - DAY


@pytest.fixture
def documents(line: Line) -> Documents:
    return Documents(line)


@pytest.fixture
def citizen(line: Line) -> Citizen:
    (one,) = line.file(1, accepted=False)
    return one


def read(citizen: Citizen) -> tuple[TimelinePage, MyTurn]:
    application, command = citizen.line.city.application, OneCase(code=citizen.code)
    page = application.query_as(citizen.actor, timeline_page, command)
    return page, application.query_as(citizen.actor, my_turn, command)


def shown(citizen: Citizen) -> Any:
    page, turn = read(citizen)
    return lane_view(
        turn.lane, move_of(request_moves(page.steps, turn), Action.ASK_LANE), page.dates
    )


def tab_of(line: Line, username: str, address: str = "/lanes/") -> Any:
    return Tab(line.city.application, username).opens(LanesState, address)


def test_a_photo_takes_back_that_none_was_sent_and_nothing_else(citizen: Citizen) -> None:
    state = Tab(citizen.line.city.application).state(TimelineState)
    for refusal_key, left in (("need_photos", ""), ("need_lane", refusal("need_lane"))):
        state.refused, state.why = refusal(refusal_key), refusal_key
        asyncio.run(do(state, TimelineState.photos_sent, []))
        assert state.refused == left
    state.errors = {"photos": refusal("need_photos"), "lane": refusal("need_lane")}
    asyncio.run(do(state, TimelineState.photos_sent, []))
    assert state.errors == {"lane": refusal("need_lane")}


def test_a_second_tap_on_a_time_that_has_been_taken_is_no_fault(citizen: Citizen) -> None:
    state = Tab(citizen.line.city.application).state(TimelineState)
    state._taken, state.done = "/take_free", case_text.TAKEN
    asyncio.run(do(state, TimelineState.take_time, "10:30"))
    assert (state.refused, state.done) == ("", case_text.TAKEN)
    state._taken = ""
    asyncio.run(do(state, TimelineState.take_time, "10:30"))
    assert state.refused == refusal("stage_moved")


def test_who_waits_may_ask_and_is_told_what_each_lane_is_for(citizen: Citizen) -> None:
    view = shown(citizen)
    assert (view.shown, view.head, view.ask.place, view.ask.photos) == (True, "", LANE, True)
    assert [lane.value for lane in view.ask.lanes] == ["access", "urgent"]
    assert "گواهی معلولیت" in view.ask.lanes[0].label
    assert "بپوشانید" in view.ask.photos_hint


def test_an_open_ask_says_how_many_have_answered_and_until_when(
    citizen: Citizen, documents: Documents
) -> None:
    documents.ask(citizen)
    view = shown(citizen)
    assert view.head == "«سهمیهٔ معلولان» خواسته‌اید"
    assert view.text.startswith("۰ از ۲ کارشناس")
    assert "تا پایان دوشنبه ۲ آذر" in view.text
    assert view.ask.key == ""
    first, _ = documents.judges(citizen)
    documents.judge(first, documents.ask_id(citizen), "no")
    view = shown(citizen)
    assert view.text.startswith("۱ از ۲ کارشناس")
    assert view.reasons == ()


def test_a_late_judgement_is_the_citys_and_says_so(citizen: Citizen, documents: Documents) -> None:
    documents.ask(citizen)
    documents.line.until(WEDNESDAY)
    view = shown(citizen)
    assert view.badge.tone == "brick"
    assert "دیرکرد شهرداری" in view.text


@pytest.mark.parametrize(
    ("verdicts", "head", "reasons"),
    [
        (("yes", "yes"), "«سهمیهٔ معلولان» دارید", ("موافق: گواهی معلولیت معتبر است.",)),
        (
            ("yes", "no"),
            "«سهمیهٔ معلولان» داده نشد",
            ("مخالف: تاریخ مدرک گذشته است.", "موافق: گواهی معلولیت معتبر است."),
        ),
    ],
)
def test_the_outcome_comes_with_both_reasons(
    citizen: Citizen,
    documents: Documents,
    verdicts: tuple[str, str],
    head: str,
    reasons: tuple[str, ...],
) -> None:
    documents.ask(citizen)
    documents.decide(citizen, *verdicts)
    view = shown(citizen)
    assert (view.head, view.reasons) == (head, reasons)
    assert bool(view.ask.key) is ("no" in verdicts)
    road = case_steps(read(citizen)[0])
    by_title = {step.title: step for step in road}
    assert by_title["نتیجهٔ درخواست سهمیه معلوم شد"].meaning == f"{head}."
    assert len(by_title["سهمیه خواستید"].photos) == 1


def test_between_freeze_and_draw_she_reads_why_not_now(line: Line, citizen: Citizen) -> None:
    line.official("desk", citizen, Action.ACCEPT)
    line.until(TUESDAY, "13:00")
    view = shown(citizen)
    assert view.ask.key == ""
    assert "پس از قرعهٔ چهارشنبه" in view.why_not


def test_a_judge_finds_it_opens_it_answers_and_it_is_gone(
    line: Line, citizen: Citizen, documents: Documents
) -> None:
    documents.ask(citizen)
    judge = documents.judges(citizen)[0]
    state = tab_of(line, judge.name)
    (row,) = state.rows
    assert (row.title, row.late) == ("سهمیهٔ معلولان", False)
    assert citizen.code not in repr(row)
    state = tab_of(line, judge.name, row.href)
    assert [one.value for one in state.ask.yes] == ["yes/certified"]
    assert len(state.ask.photos) == 1
    asyncio.run(do(state, LanesState.judge, {}))
    assert state.errors == {"reason": "یکی از دلیل‌ها را انتخاب کنید."}
    asyncio.run(do(state, LanesState.chosen))
    assert state.errors == {}
    asyncio.run(do(state, LanesState.judge, {"ask": state.ask.id, "reason": "yes/certified"}))
    assert state.done.startswith("نظر شما ثبت شد")
    assert (state.rows, state.ask.id) == ([], "")


def test_an_answer_that_comes_late_is_given_on_the_document_it_was_pressed_for(
    line: Line, documents: Documents
) -> None:
    """Pressed into a dead connection, it arrives when the page shows the next document."""
    citizens = line.file(8, accepted=False)
    for one in citizens:
        documents.ask(one)
    judge = documents.judges(citizens[0])[0].name
    (first, second, *_) = [
        one for one in citizens if judge in {judge.name for judge in documents.judges(one)}
    ]
    late, shown = documents.ask_id(first), documents.ask_id(second)
    state = tab_of(line, judge, f"/lanes/?ask={shown}")
    asyncio.run(do(state, LanesState.judge, {"ask": late, "reason": "yes/certified"}))
    assert state.done.startswith("نظر شما ثبت شد")
    assert state.ask.id == shown
    left = documents.tasks(judge)
    assert (late in left, shown in left) == (False, True)


def test_a_second_press_of_his_answer_is_no_fault_but_a_second_answer_is(
    line: Line, citizen: Citizen, documents: Documents
) -> None:
    documents.ask(citizen)
    judge, ask = documents.judges(citizen)[0], documents.ask_id(citizen)
    state, other = (tab_of(line, judge.name, f"/lanes/?ask={ask}") for _ in range(2))
    answer = {"ask": ask, "reason": state.ask.yes[0].value}
    focused = [asyncio.run(do(state, LanesState.judge, answer))]
    assert asyncio.run(do(state, LanesState.judge, answer)) is None
    assert (state.done, state.refused) == (lanes_text.DONE, "")
    focused.append(asyncio.run(do(other, LanesState.judge, answer)))
    assert other.refused
    for focus in focused:
        assert DONE.replace("-", "_") in repr(focus), "his button has gone with the document"
    assert citizen.request.count(Action.JUDGE_LANE) == 1


def test_a_judge_reads_why_the_document_before_him_is_gone(
    line: Line, citizen: Citizen, documents: Documents
) -> None:
    """He has answered in another tab, or she withdraws while he reads."""
    documents.ask(citizen)
    (first, second), ask = documents.judges(citizen), documents.ask_id(citizen)
    answers, reads = (tab_of(line, one.name, f"/lanes/?ask={ask}") for one in (first, second))
    documents.judge(first, ask, "no")
    asyncio.run(answers._reread())
    assert (answers.ask.id, answers.ask_refused) == ("", refusal("judged_already"))
    asyncio.run(reads._reread())
    assert (reads.ask.id, reads.ask_refused) == (ask, "")
    citizen.does(Action.WITHDRAW)
    asyncio.run(reads._reread())
    assert (reads.ask.id, reads.ask_refused) == ("", refusal("stage_moved"))


def test_both_judges_may_answer_at_one_computer(
    line: Line, citizen: Citizen, documents: Documents
) -> None:
    documents.ask(citizen)
    judges, ask = documents.judges(citizen), documents.ask_id(citizen)
    tab = Tab(line.city.application)
    for count, judge in enumerate(judges, 1):
        tab.signs_in(judge.name)
        state = tab.opens(LanesState, f"/lanes/?ask={ask}")
        answer = {"ask": ask, "reason": state.ask.yes[0].value}
        asyncio.run(do(state, LanesState.judge, answer))
        assert (state.done, state.refused) == (lanes_text.DONE, "")
        assert citizen.request.count(Action.JUDGE_LANE) == count


def test_what_no_form_of_ours_sends_is_no_answer(
    line: Line, citizen: Citizen, documents: Documents
) -> None:
    documents.ask(citizen)
    judge = documents.judges(citizen)[0]
    state = tab_of(line, judge.name, f"/lanes/?ask={documents.ask_id(citizen)}")
    for reason in ("yes/date_near", "no/certified", "perhaps/certified", ["yes/certified"]):
        asyncio.run(do(state, LanesState.judge, {"ask": state.ask.id, "reason": reason}))
        assert state.refused
        assert not state.done
    assert citizen.request.count(Action.JUDGE_LANE) == 0


def test_an_ask_of_others_is_not_found(line: Line, citizen: Citizen, documents: Documents) -> None:
    documents.ask(citizen)
    picked = {judge.name for judge in documents.judges(citizen)}
    other = next(n for n in ("desk", "second_desk", "technical", "services") if n not in picked)
    state = tab_of(line, other, f"/lanes/?ask={documents.ask_id(citizen)}")
    assert state.rows == []
    assert state.ask.id == ""
    assert state.ask_refused


def test_an_offer_asks_can_you_come_and_is_declined_in_one_tap(line: Line) -> None:
    citizens = line.drawn(9)
    seated = next(one for one in citizens if one.stage == "invited")
    page, turn = read(seated)
    view = turn_view(page, turn, request_moves(page.steps, turn))
    assert (view.call.head, view.others[0].at_once) == ("نوبت شما", False)
    seated.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    invited = next(one for one in citizens if one.request.last(Action.OFFER))
    page, turn = read(invited)
    view = turn_view(page, turn, request_moves(page.steps, turn))
    assert view.call.head == "می‌توانید بیایید؟"
    assert [(move.action, move.at_once) for move in (view.confirm, *view.others)] == [
        (Action.CONFIRM, True),
        (Action.GIVE_UP_SEAT, True),
    ]
    assert "هیچ هزینه‌ای ندارد" in view.call.reassurance


def test_a_seat_that_went_on_in_her_name_has_one_tap_and_says_what_comes_back(
    line: Line,
) -> None:
    citizens = line.drawn(9)
    line.until(WEDNESDAY, "21:00")
    seated = next(one for one in citizens if one.stage == "invited")
    seated.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    page, turn = read(seated)
    ask = ask_view(page, request_moves(page.steps, turn))
    assert [(move.action, move.at_once) for move in ask.moves] == [(Action.DENY_GIVE_UP, True)]
    assert ask.until == case_text.DENY_OWED
    line.city.application.execute_as(seated.actor, deny_giving_up, OneCase(code=seated.code))
    page, turn = read(seated)
    assert ask_view(page, request_moves(page.steps, turn)).moves == ()


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        (
            WEDNESDAY,
            "21:00",
            "تا شنبه ۷ آذر، ساعت ۲۰:۰۰ نوبت را پس بدهید، هفته‌های انتظارتان می‌ماند",
        ),
        (SUNDAY, "12:00", "تا یکشنبه ۸ آذر، ساعت ۲۰:۰۰"),
        (SUNDAY, "20:01", "هفته‌های انتظار را از نو می‌شمارد"),
    ],
)
def test_what_giving_up_costs_is_told_before(
    line: Line, day: date, hour: str, sentence: str
) -> None:
    (citizen,) = line.drawn(1)
    line.until(WEDNESDAY, "21:00")
    citizen.does(Action.CONFIRM)
    line.until(day, hour)
    page, turn = read(citizen)
    assert sentence in turn_view(page, turn, request_moves(page.steps, turn)).keeps


def test_the_third_giving_up_and_the_second_silence_are_told_before(line: Line) -> None:
    gives_back, silent = line.file(2)
    costs = []
    for week in range(3):
        line.until(WEDNESDAY + week * WEEK, "21:00")
        for one in (gives_back, silent):
            page, turn = read(one)
            costs.append(turn_view(page, turn, request_moves(page.steps, turn)).call.reassurance)
        gives_back.does(Action.GIVE_UP_SEAT)
    third, second = "سومین نوبتی است", "بار دوم"
    assert [third in cost for cost in costs[::2]] == [False, False, True]
    assert [second in cost for cost in costs[1::2]] == [False, True, False]


def test_whoever_is_owed_a_seat_reads_what_becomes_of_it(line: Line) -> None:
    (citizen,) = line.drawn(1)
    line.until(WEDNESDAY, "21:00")
    assert line.close() == 1
    for week, sentence in ((1, "یک بار می‌ماند"), (2, "از میان می‌رود")):
        line.until(WEDNESDAY + week * WEEK, "21:00")
        page, turn = read(citizen)
        assert sentence in turn_view(page, turn, request_moves(page.steps, turn)).call.reassurance
        citizen.does(Action.GIVE_UP_SEAT)
