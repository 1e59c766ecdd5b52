"""Two officers of two units judge a no-show without learning her name or each other's answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.audited import replay
from support.city import add_official
from support.contests import (
    answer,
    confirmed_for_second_monday,
    contest_id,
    decide,
    gave_up_on_second_monday,
    is_missed,
    judges_of,
    missed_on_second_monday,
    works_as,
)
from support.documents import Documents
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import contests, open_contests
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.line import lanes_text
from publicmeeting.ui.staff.lanes import day_lines
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.pictures import OnePhoto, see_photo
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import lane_rates
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.meetings.day_place import SetDayPlace, set_day_place
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.screening.lane_judging import (
    JudgeLane,
    LaneList,
    OneAsk,
    judge_lane,
    lane_list,
    open_lane,
)
from publicmeeting.usecases.tracking.timeline import openings, timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

A = Action
DAY = timedelta(days=1)
WORDS = "در سالن بودم و کسی نام مرا نخواند."
OFFICERS = {"desk", "second_desk", "technical", "services"}


@pytest.fixture
def contested(line: Line) -> Citizen:
    (citizen,) = line.begun(missed_on_second_monday)
    citizen.does(A.CONTEST_NO_SHOW, note=WORDS)
    return citizen


def listed(line: Line, name: str) -> LaneList:
    return line.city.application.query_as(line.city.as_(name), lane_list, Nothing())


def test_two_officers_of_two_units_find_it_in_their_lists(line: Line, contested: Citizen) -> None:
    judges = {actor.name for actor in judges_of(line, contested)}
    assert len(judges) == 2
    assert judges < OFFICERS
    assert not judges <= {"desk", "second_desk"}
    found = {name for name in OFFICERS if listed(line, name).lines}
    assert found == judges
    (row,) = listed(line, min(judges)).lines
    assert (row.is_contest, row.late_days) == (True, 0)


def test_a_judge_sees_her_words_and_the_day_and_nothing_else_of_her(
    line: Line, contested: Citizen
) -> None:
    judge = judges_of(line, contested)[0]
    command = OneAsk(id=contest_id(line, contested))
    page = line.city.application.execute_as(judge, open_lane, command)
    assert page.day is not None
    assert (page.day.words, page.day.monday) == (WORDS, MONDAY + timedelta(weeks=1))
    assert page.day.time == "09:00"
    assert [step.action for step in page.day.steps] == [A.CALL, A.CALL, A.NO_SHOW]
    request = contested.request
    with line.reading() as uow:
        person = uow.people.get(request.person_id)
    hidden = (request.code, request.title, request.text, request.ticket, person.name)
    for one in (*hidden, person.identity):
        assert one not in repr((page.line, page.day.words, page.day.time))
    seen = line.city.application.query_as(contested.actor, openings, OneCase(code=contested.code))
    assert seen[0].role is Role.JUDGE


def test_her_judges_alone_see_the_document_of_what_hindered_her(line: Line) -> None:
    (citizen,) = line.begun(missed_on_second_monday)
    photo = Documents(line).picture(citizen)
    citizen.does(A.CONTEST_NO_SHOW, note="در بیمارستان بودم.", photos=(photo,))
    judges, ask = judges_of(line, citizen), OneAsk(id=contest_id(line, citizen))
    execute, query = line.city.application.execute_as, line.city.application.query_as
    for actor in (*judges, citizen.actor):
        assert query(actor, see_photo, OnePhoto(id=photo)).id == photo
    assert [shown.id for shown in execute(judges[0], open_lane, ask).documents] == [photo]
    picked = {actor.name for actor in judges}
    for name in (OFFICERS | {"reception", "mayor", "overseer"}) - picked:
        with pytest.raises(Denied, match="not_found"):
            query(line.city.as_(name), see_photo, OnePhoto(id=photo))


def test_a_judge_sees_that_her_monday_was_moved_that_morning(line: Line) -> None:
    (one,) = line.begun(confirmed_for_second_monday)
    monday = MONDAY + timedelta(weeks=1)
    line.until(monday, "08:50")
    moved = SetDayPlace(monday=monday.isoformat(), place="مسجد امام حسین، خیابان شریعتی")
    line.city.application.execute_as(line.city.as_("mayor"), set_day_place, moved)
    line.until(monday, "10:00")
    is_missed(line, one)
    one.does(A.CONTEST_NO_SHOW, note=WORDS)
    command = OneAsk(id=contest_id(line, one))
    page = line.city.application.execute_as(judges_of(line, one)[0], open_lane, command)
    assert page.day is not None
    assert page.day.steps[0].action is A.CHANGE_PLACE
    assert lanes_text.CONTEST_MOVED in [shown.what for shown in day_lines(page.day)]


def test_the_other_judge_and_the_log_learn_nothing_before_both_have_answered(
    line: Line, contested: Citizen
) -> None:
    first, second = judges_of(line, contested)
    ask_id = contest_id(line, contested)
    answer(line, first, ask_id, "no")
    assert line.entries("contest_judged") == []
    page = line.city.application.execute_as(second, open_lane, OneAsk(id=ask_id))
    assert "called_and_absent" not in repr(page.day)
    line.until(MONDAY + 9 * DAY, "09:00")
    assert (line.entries("contest_judged"), line.entries("lane_judged")) == ([], [])
    answer(line, second, ask_id, "yes")
    assert len(line.entries("contest_judged")) == 2


def test_her_page_says_who_decides_and_then_why(line: Line, contested: Citizen) -> None:
    mine = line.city.application.query_as(
        contested.actor, my_turn, OneCase(code=contested.code)
    ).contest
    assert mine is not None
    assert (mine.answered, mine.has_judges, mine.late_days) == (0, True, 0)
    line.until(MONDAY + 16 * DAY, "09:00")
    mine = line.city.application.query_as(
        contested.actor, my_turn, OneCase(code=contested.code)
    ).contest
    assert mine is not None
    assert mine.late_days > 0
    decide(line, contested)
    page = line.city.application.query_as(
        contested.actor, timeline_page, OneCase(code=contested.code)
    )
    (mark,) = [one for one in page.marks if one.action is A.DECIDE_NO_SHOW]
    assert (mark.payload["verdict"], mark.payload["reasons"]) == ("yes", ["was_there"])
    turn = line.city.application.query_as(contested.actor, my_turn, OneCase(code=contested.code))
    assert turn.contest is None


def test_the_desk_does_not_learn_to_which_request_a_contest_belongs(
    line: Line, contested: Citizen
) -> None:
    decide(line, contested, ("yes", "no"))
    desk = line.city.as_("desk")
    page = line.city.application.execute_as(desk, open_case, OneCase(code=contested.code))
    hidden = {A.CONTEST_NO_SHOW, A.PICK_CONTEST, A.JUDGE_NO_SHOW, A.DECIDE_NO_SHOW}
    assert not hidden & {mark.action for mark in page.marks}
    assert WORDS not in repr(page.marks)


def test_nobody_judges_but_the_two_and_each_once(line: Line, contested: Citizen) -> None:
    ask_id = contest_id(line, contested)
    first, second = judges_of(line, contested)
    for name in {*OFFICERS, "desk4"} - {first.name, second.name}:
        with pytest.raises(Denied, match="not_found"):
            answer(line, line.city.as_(name), ask_id, "yes")
    for name in ("overseer", "mayor", "reception"):
        with pytest.raises(Denied, match="not_your_role"):
            answer(line, line.city.as_(name), ask_id, "yes")
    answer(line, first, ask_id, "yes")
    for again in ("yes", "no"):
        with pytest.raises(Denied, match="judged_already"):
            answer(line, first, ask_id, again)
    assert (contested.waited, line.entries("weeks_back")) == (0, [])
    answer(line, second, ask_id, "yes")
    with pytest.raises(Denied, match="judged_already"):
        answer(line, second, ask_id, "no")
    assert contested.waited == 1


@in_one_city("action", ["judge_no_show", "decide_no_show", "pick_contest"])
@in_one_city("who", ["overseer", "desk", "reception", "citizen"])
def test_no_step_of_a_case_judges_a_contest(
    line: Line, contested: Citizen, action: str, who: str
) -> None:
    actor = contested.actor if who == "citizen" else line.city.as_(who)
    command = TakeStep(code=contested.code, action=action, verdict="yes", reason="was_there")
    with pytest.raises(Denied, match=r"form_broken|not_your_role|not_found"):
        line.city.application.execute_as(actor, take_step, command)
    assert contested.request.count(A.JUDGE_NO_SHOW, A.DECIDE_NO_SHOW) == 0


@in_one_city(
    "verdict, reason, word",
    [
        ("", "was_there", "need_verdict"),
        ("yes", "", "need_reason"),
        ("yes", "not_shown", "form_broken"),
        ("no", "was_there", "form_broken"),
        ("yes", "certified", "form_broken"),
        ("maybe", "was_there", "form_broken"),
    ],
)
def test_an_answer_gives_a_reason_that_fits(
    line: Line, contested: Citizen, verdict: str, reason: str, word: str
) -> None:
    command = JudgeLane(id=contest_id(line, contested), verdict=verdict, reason=reason)
    with pytest.raises(Denied, match=word):
        line.city.application.execute_as(judges_of(line, contested)[0], judge_lane, command)
    assert contested.request.count(A.JUDGE_NO_SHOW) == 0


def test_who_wrote_the_no_show_is_never_picked(line: Line) -> None:
    """An officer of a unit who also helps at reception."""
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        account = uow.accounts.by_username("reception")
    assert account is not None
    (citizen,) = line.begun(missed_on_second_monday)
    citizen.does(A.CONTEST_NO_SHOW, note=WORDS)
    (contest,) = contests(citizen.request)
    assert contest.missed.account_id == account.id
    assert account.id not in contest.judges


@pytest.mark.on_postgresql
def test_both_may_answer_at_the_same_instant(line: Line, contested: Citizen) -> None:
    ask_id = contest_id(line, contested)
    actor, other = judges_of(line, contested)
    done, refused = together(
        lambda: answer(line, actor, ask_id, "yes"), lambda: answer(line, other, ask_id, "yes")
    )
    assert (len(done), refused) == (2, [])
    assert contested.request.count(A.DECIDE_NO_SHOW) == 1
    assert (contested.waited, len(line.entries("weeks_back"))) == (1, 1)


@pytest.mark.on_postgresql
def test_one_officer_in_two_tabs_answers_once(line: Line, contested: Citizen) -> None:
    ask_id, actor = contest_id(line, contested), judges_of(line, contested)[0]
    done, refused = together(*[lambda: answer(line, actor, ask_id, "yes")] * 2)
    assert len(done) == 1
    assert [word.key for word in refused] == ["judged_already"]
    assert contested.request.count(A.JUDGE_NO_SHOW) == 1


def test_the_clock_picks_somebody_else_for_a_judge_who_has_left(
    line: Line, contested: Citizen
) -> None:
    actor, other = judges_of(line, contested)
    answer(line, actor, contest_id(line, contested), "yes")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.accounts.dismiss(str(other.account_id))
    line.worker.tick()
    after = judges_of(line, contested)
    assert actor.name in {judge.name for judge in after}
    (new,) = [judge for judge in after if judge.name != actor.name]
    assert new.name != other.name
    answer(line, new, contest_id(line, contested), "yes")
    assert contested.waited == 1


def test_who_comes_to_know_the_name_judges_no_more(line: Line, contested: Citizen) -> None:
    judge = judges_of(line, contested)[0]
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.requests.record_opening(
            contested.request, judge, "reception", line.clock(), with_name=True
        )
    with pytest.raises(Denied, match="name_seen"):
        answer(line, judge, contest_id(line, contested), "yes")
    line.worker.tick()
    assert judge.name not in {actor.name for actor in judges_of(line, contested)}


def test_a_district_without_two_units_still_takes_the_contest_and_waits(line: Line) -> None:
    (citizen,) = line.begun(missed_on_second_monday)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        for name in ("technical", "services"):
            account = uow.accounts.by_username(name)
            assert account is not None
            uow.accounts.dismiss(account.id)
    citizen.does(A.CONTEST_NO_SHOW, note=WORDS)
    (contest,) = open_contests(citizen.request)
    assert contest.judges == ()
    mine = line.city.application.query_as(
        citizen.actor, my_turn, OneCase(code=citizen.code)
    ).contest
    assert mine is not None
    assert not mine.has_judges
    add_official(line.city.application, "technical6", ("unit", None, "d06-technical"))
    line.clock.forward(seconds=10)
    line.worker.tick()
    assert "technical6" in {judge.name for judge in judges_of(line, citizen)}
    decide(line, citizen)
    assert citizen.waited == 1


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(("moves", "alone"), [(0, True), (1, False)])
def test_two_who_come_to_work_in_one_unit_do_not_decide_together(
    line: Line, contested: Citizen, moves: int, *, alone: bool
) -> None:
    two = judges_of(line, contested)
    ask_id = contest_id(line, contested)
    answer(line, two[0], ask_id, "yes")
    works_as(line, two[moves], two[1 - moves], alone=alone)
    answer(line, line.city.as_(two[1].name), ask_id, "yes")
    assert line.entries("weeks_back") == []
    assert contested.request.count(A.DECIDE_NO_SHOW) == 0
    (new,) = {actor.name for actor in judges_of(line, contested)} - {two[0].name}
    assert new != two[1].name
    answer(line, line.city.as_(new), ask_id, "yes")
    assert contested.waited == 1


@pytest.mark.on_postgresql
def test_where_nobody_else_is_left_two_of_one_unit_wait_for_somebody(
    line: Line, contested: Citizen
) -> None:
    first, second = judges_of(line, contested)
    ask_id = contest_id(line, contested)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        for name in OFFICERS - {first.name, second.name}:
            account = uow.accounts.by_username(name)
            assert account is not None
            uow.accounts.dismiss(account.id)
    answer(line, first, ask_id, "yes")
    works_as(line, second, first, alone=True)
    answer(line, line.city.as_(second.name), ask_id, "yes")
    line.clock.forward(seconds=10)
    line.worker.tick()
    (contest,) = open_contests(contested.request)
    assert set(contest.judges) == {first.account_id, second.account_id}
    (there,) = second.grants
    add_official(line.city.application, "third6", (there.role.value, there.district, there.unit_id))
    line.clock.forward(seconds=10)  # a new account is no event; the periodic search finds it
    line.worker.tick()
    assert {actor.name for actor in judges_of(line, contested)} == {first.name, "third6"}
    answer(line, line.city.as_("third6"), ask_id, "yes")
    assert contested.waited == 1


def test_a_judge_whose_term_has_ended_is_replaced(line: Line, contested: Citizen) -> None:
    """Only when the answer is due: a role taken away for two minutes changes no judge."""
    judge = judges_of(line, contested)[0]
    with line.reading() as uow:
        _, due_at = uow.lanes.of_contests(contested.request)[1]
    ended = line.clock.now.date() - DAY
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        account = uow.accounts.get(str(judge.account_id))
        assert account is not None
        uow.accounts.date_term(account.id, account.terms[0], ended)
        account = uow.accounts.get(account.id)
    assert account is not None
    without = replace(judge, grants=account.grants)
    with pytest.raises(Denied, match="session_ended"):
        answer(line, without, contest_id(line, contested), "yes")
    line.worker.tick()
    assert judge.name in {actor.name for actor in judges_of(line, contested)}
    line.until(tehran_day(due_at) + DAY, "00:05")
    assert judge.name not in {actor.name for actor in judges_of(line, contested)}


def test_a_contest_comes_once_and_never_after_she_left(line: Line, contested: Citizen) -> None:
    with pytest.raises(Denied, match="contested_once"):
        contested.does(A.CONTEST_NO_SHOW, note=WORDS)
    line.until(MONDAY + 9 * DAY, "21:00")
    contested.does(A.CONFIRM)
    line.until(MONDAY + 14 * DAY, "10:00")
    is_missed(line, contested)
    contested.does(A.WITHDRAW)
    with pytest.raises(Denied, match="stage_moved"):
        contested.does(A.CONTEST_NO_SHOW, note=WORDS)


def test_what_is_still_judged_is_not_erased(line: Line, contested: Citizen) -> None:
    contested.does(A.WITHDRAW)
    step, late = STEP_FOR[A.ERASE], line.clock.now + 90 * DAY
    assert why_not(contested.request, step, contested.actor, late) == "erase_undecided"
    decide(line, contested, ("no", "no"))
    assert why_not(contested.request, step, contested.actor, late) is None


@pytest.fixture
def gave_up(line: Line) -> Citizen:
    (citizen,) = line.begun(gave_up_on_second_monday)
    return citizen


def test_who_gives_her_seat_up_late_gets_back_what_who_stays_away_does(
    line: Line, gave_up: Citizen
) -> None:
    assert (gave_up.waited, gave_up.request.missed) == (0, 0)
    gave_up.does(A.CONTEST_NO_SHOW, note="در بیمارستان بودم.")
    (contested,) = line.entries("contested")
    assert contested["because"] == line.seqs("seat_given_up", gave_up.request.ticket)
    judge, ask = judges_of(line, gave_up)[0], OneAsk(id=contest_id(line, gave_up))
    page = line.city.application.execute_as(judge, open_lane, ask)
    assert page.day is not None
    assert [step.action for step in page.day.steps] == [A.GIVE_UP_SEAT]
    assert [line.what for line in day_lines(page.day)] == [lanes_text.CONTEST_GAVE_UP]
    with pytest.raises(Denied, match="form_broken"):  # nobody had to call her
        answer(line, judge, ask.id, "yes", "not_called")
    decide(line, gave_up, reason="force")
    assert (gave_up.waited, gave_up.request.missed) == (1, 0)
    assert replay(entry.published for entry in line.log())[1] == []
    with pytest.raises(Denied, match="contested_once"):
        gave_up.does(A.CONTEST_NO_SHOW, note=WORDS)


@pytest.mark.parametrize("is_decided_first", [True, False])
def test_weeks_do_not_come_back_twice_with_the_seat(
    line: Line, gave_up: Citizen, *, is_decided_first: bool
) -> None:
    gave_up.does(A.CONTEST_NO_SHOW, note=WORDS)
    take_back = OneCase(code=gave_up.code)
    if is_decided_first:
        decide(line, gave_up, reason="force")
    line.city.application.execute_as(gave_up.actor, take_seat_back, take_back)
    assert (gave_up.stage, gave_up.waited) == ("confirmed", 1)
    if not is_decided_first:
        decide(line, gave_up, reason="force")
    assert gave_up.waited == 1
    assert len(line.entries("weeks_back")) == int(is_decided_first)
    assert replay(entry.published for entry in line.log())[1] == []


def test_a_seat_given_up_in_time_or_three_days_ago_is_not_contested(line: Line) -> None:
    (one,) = line.begun(confirmed_for_second_monday)
    line.until(MONDAY + 6 * DAY, "19:59")
    one.does(A.GIVE_UP_SEAT)
    with pytest.raises(Denied, match="nothing_missed"):
        one.does(A.CONTEST_NO_SHOW, note=WORDS)
    line.city.application.execute_as(one.actor, take_seat_back, OneCase(code=one.code))
    line.until(MONDAY + 6 * DAY, "20:00")
    one.does(A.GIVE_UP_SEAT)
    line.until(MONDAY + 9 * DAY, "20:01")
    with pytest.raises(Denied, match="contest_late"):
        one.does(A.CONTEST_NO_SHOW, note=WORDS)


def test_a_contest_is_no_lane_in_the_figures(line: Line, contested: Citizen) -> None:
    decide(line, contested)
    line.until(MONDAY + 9 * DAY)
    assert line.city.application.query_as(contested.actor, lane_rates, Nothing()).rates == ()
    assert (line.entries("lane_asked"), line.entries("lane_judged")) == ([], [])


def test_what_she_missed_before_she_was_sent_on_is_contested_under_her_new_ticket(
    line: Line,
) -> None:
    """The overseer grants her objection only after the no-show, which names her old ticket."""
    (citizen,) = line.file(1, accepted=False, district=4)
    line.official("desk4", citizen, A.REDIRECT, district="6", note="این خیابان در منطقهٔ ۶ است.")
    citizen.does(A.OBJECT_REDIRECT, note="خانه در منطقهٔ ۴ است.")
    line.official("desk", citizen, A.ACCEPT)
    line.until(MONDAY - 5 * DAY, "20:00")
    citizen.does(A.CONFIRM)
    line.until(MONDAY, "10:00")
    is_missed(line, citizen)
    (missed,) = line.entries("no_show")
    line.until(MONDAY + 2 * DAY, "20:00")
    citizen.does(A.GIVE_UP_SEAT)
    line.official("overseer", citizen, A.REDIRECT, district="4", note="حق با شهروند است.")
    line.official("desk4", citizen, A.ACCEPT)
    citizen.does(A.CONTEST_NO_SHOW, note=WORDS)
    (contested,) = line.entries("contested")
    assert contested["ticket"] == citizen.request.ticket != missed["ticket"]
    assert contested["because"] == line.seqs("no_show", missed["ticket"])
    assert replay(entry.published for entry in line.log())[1] == []
