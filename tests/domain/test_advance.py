"""The one function that names a next stage: what it refuses, and what it says beside."""

import ast
import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cases import (
    ANSWER_BY,
    CITIZEN,
    DEPUTY,
    DESK,
    DUE_ON,
    FILED,
    LATER,
    MAYOR,
    MEETING,
    MONDAY,
    OTHER_DESK,
    OTHER_DISTRICT,
    OVERSEER,
    RECEPTION,
    UNIT,
    arrived,
    at,
    at_stage,
    confirmed,
    contested,
    contested_twice,
    declined,
    done,
    filed,
    follow_up,
    in_action,
    in_room,
    invited,
    issued,
    joined,
    missed,
    official,
    redirected,
    refused,
    reported,
    take,
    waiting,
)

from publicmeeting.domain import guards
from publicmeeting.domain.advance import advance, begin, deadline, missing, replay, told, why_not
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle import STEP_FOR, Days, Given, Kept, WorkingDays
from publicmeeting.domain.reasons import CODES, are_codes
from publicmeeting.domain.roles import CLOCK, Grant, Role
from publicmeeting.domain.stages import Action, Need, OrderAction, OrderStage, Stage

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)


def word(case, action, actor, now=None):
    return why_not(case, STEP_FOR[action], actor, now or case.history[-1].at + LATER)


def objected():
    return take(declined(), A.OBJECT, CITIZEN)


def asked_twice():
    case = take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN)
    return take(take(case, A.ASK_INFO, OTHER_DESK), A.GIVE_INFO, CITIZEN)


def extension_asked():
    return take(in_action(), O.ASK_EXTENSION, UNIT, due_on="2027-01-01")


def extended(times):
    case = in_action()
    for _ in range(times):
        case = take(case, O.ASK_EXTENSION, UNIT, due_on="2027-01-01")
        case = take(case, O.EXTEND, MAYOR, ends_at=MEETING + 40 * DAY)
    return case


def called(times, first_after=timedelta(minutes=1)):
    case = confirmed()
    for n in range(times):
        case = take(case, A.CALL, RECEPTION, MEETING + first_after + n * timedelta(minutes=1))
    return case


def accepted_by_clock():
    return joined(filed(), replace(taken_in_event(), to_stage=Stage.SUBMITTED))


def taken_in_event():
    return advance(filed(), A.TAKE_IN, CLOCK, FILED + DAY)


def contested_no_show():
    return take(missed(), A.CONTEST_NO_SHOW, CITIZEN)


def objected_refusal():
    return take(refused(), A.OBJECT_REFUSAL, CITIZEN)


def answered_by_desk():
    return take(filed(), A.ANSWER, DESK)


def offered_after_insisting():
    case = take(answered_by_desk(), A.INSIST, CITIZEN)
    return take(case, A.OFFER_ANSWER, UNIT)


ON_THE_DAY = at(MONDAY, "10:00")
DAY_BEFORE = at(MONDAY - DAY, "10:00")
NEW_DISTRICT_DESK = official(Role.DESK, "desk-7", OTHER_DISTRICT)

GUARDS = [
    # word, action: the refused (case, actor, now), the allowed one beside it
    ("name_seen", A.ACCEPT, (filed(filed_by="desk"), DESK), (filed(filed_by="desk"), OTHER_DESK)),
    ("another_officer", A.ACCEPT, (objected(), DESK), (objected(), OTHER_DESK)),
    ("another_officer", A.DECLINE, (objected(), DESK), (objected(), OTHER_DESK)),
    (
        "another_officer",
        A.ASK_INFO,
        (take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN), DESK),
        (take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN), OTHER_DESK),
    ),
    (
        "another_officer",
        O.UPHOLD,
        (contested_twice(), official(Role.OVERSEER, "mayor", None)),
        (contested_twice(), OVERSEER),
    ),
    ("info_asked_twice", A.ASK_INFO, (asked_twice(), official(Role.DESK, "3")), (filed(), DESK)),
    ("already_in_line", A.DECLINE, (accepted_by_clock(), DESK), (filed(), DESK)),
    (
        "redirected_once",
        A.REDIRECT,
        (redirected(), NEW_DISTRICT_DESK),
        (redirected(), OVERSEER),
    ),
    ("desk_decides", A.REDIRECT, (filed(), OVERSEER), (filed(), DESK)),
    ("nothing_redirected", A.OBJECT_REDIRECT, (filed(), CITIZEN), (redirected(), CITIZEN)),
    (
        "objected_once",
        A.OBJECT_REDIRECT,
        (take(redirected(), A.OBJECT_REDIRECT, CITIZEN), CITIZEN),
        (redirected(), CITIZEN),
    ),
    (
        "objection_late",
        A.OBJECT_REDIRECT,
        (redirected(), CITIZEN, at(date(2026, 12, 2), "00:00")),
        (redirected(), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "objected_once",
        A.OBJECT,
        (take(objected(), A.DECLINE, OTHER_DESK, reason="duplicate"), CITIZEN),
        (declined(), CITIZEN),
    ),
    (
        "objection_late",
        A.OBJECT,
        (declined(), CITIZEN, at(date(2026, 12, 2), "00:00")),
        (declined(), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "nothing_refused",
        A.OBJECT_REFUSAL,
        (take(answered_by_desk(), A.ACCEPT_ANSWER, CITIZEN), CITIZEN),
        (refused(), CITIZEN),
    ),
    ("objected_once", A.OBJECT_REFUSAL, (objected_refusal(), CITIZEN), (refused(), CITIZEN)),
    (
        "objection_late",
        A.OBJECT_REFUSAL,
        (refused(), CITIZEN, refused().history[-1].at + 11 * DAY),
        (refused(), CITIZEN, refused().history[-1].at + 10 * DAY),
    ),
    ("no_objection", A.ANSWER_OBJECTION, (refused(), OVERSEER), (objected_refusal(), OVERSEER)),
    (
        "no_answer",
        A.ACCEPT_ANSWER,
        (take(answered_by_desk(), A.INSIST, CITIZEN), CITIZEN),
        (offered_after_insisting(), CITIZEN),
    ),
    (
        "too_late",
        A.CONFIRM,
        (invited(), CITIZEN, ANSWER_BY + LATER),
        (invited(), CITIZEN, ANSWER_BY),
    ),
    (
        "too_late",
        A.GIVE_INFO,
        (at_stage(Stage.NEEDS_INFO), CITIZEN, at(date(2026, 12, 2), "00:01")),
        (at_stage(Stage.NEEDS_INFO), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "too_late_to_move",
        A.MOVE_ONCE,
        (confirmed(), CITIZEN, ANSWER_BY + LATER),
        (confirmed(), CITIZEN, ANSWER_BY),
    ),
    ("moved_once", A.MOVE_ONCE, (None, CITIZEN), (confirmed(), CITIZEN)),
    (
        "not_that_day",
        A.ARRIVE,
        (confirmed(), RECEPTION, DAY_BEFORE),
        (confirmed(), RECEPTION, MEETING),
    ),
    ("not_that_day", A.CALL_IN, (arrived(), MAYOR, MEETING + DAY), (arrived(), MAYOR, MEETING)),
    (
        "no_seat",
        A.NO_SHOW,
        (replace(arrived(), seat=None), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "not_late_yet",
        A.NO_SHOW,
        (called(2), RECEPTION, MEETING + timedelta(minutes=9)),
        (called(2), RECEPTION, MEETING + timedelta(minutes=10)),
    ),
    (
        "call_twice",
        A.NO_SHOW,
        (called(1), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "call_twice",
        A.NO_SHOW,
        (called(2, first_after=timedelta(minutes=-5)), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    ("no_no_show_today", A.COME_LATE, (waiting(), RECEPTION), (missed(), RECEPTION)),
    (
        "no_no_show_today",
        A.COME_LATE,
        (missed(), RECEPTION, MEETING + DAY),
        (missed(), RECEPTION, MEETING + 2 * LATER),
    ),
    ("contest_late", A.CONTEST_NO_SHOW, (waiting(), CITIZEN), (missed(), CITIZEN)),
    (
        "contest_late",
        A.CONTEST_NO_SHOW,
        (missed(), CITIZEN, at(MONDAY + 4 * DAY, "00:00")),
        (missed(), CITIZEN, at(MONDAY + 3 * DAY, "23:59")),
    ),
    ("contested_once", A.CONTEST_NO_SHOW, (contested_no_show(), CITIZEN), (missed(), CITIZEN)),
    ("no_contest", A.JUDGE_NO_SHOW, (missed(), OVERSEER), (contested_no_show(), OVERSEER)),
    (
        "room_taken",
        A.CALL_IN,
        (replace(arrived(), room_taken=True), RECEPTION, MEETING),
        (arrived(), RECEPTION, MEETING),
    ),
    (
        "no_outcome",
        A.FINISH,
        (replace(in_room(), outcome_recorded=False), MAYOR),
        (in_room(), MAYOR),
    ),
    ("extended_twice", O.ASK_EXTENSION, (extended(2), UNIT), (extended(1), UNIT)),
    ("extension_asked", O.ASK_EXTENSION, (extension_asked(), UNIT), (in_action(), UNIT)),
    ("no_extension_asked", O.EXTEND, (in_action(), MAYOR), (extension_asked(), MAYOR)),
    (
        "question_open",
        O.ASK_CITIZEN,
        (take(in_action(), O.ASK_CITIZEN, UNIT, ends_at=MEETING), UNIT),
        (in_action(), UNIT),
    ),
    (
        "nothing_asked",
        O.TELL_UNIT,
        (in_action(), CITIZEN),
        (take(in_action(), O.ASK_CITIZEN, UNIT, ends_at=MEETING), CITIZEN),
    ),
    (
        "nothing_asked",
        O.GIVE_NEWS,
        (in_action(), UNIT),
        (take(in_action(), O.ASK_NEWS, CITIZEN), UNIT),
    ),
    (
        "news_asked",
        O.ASK_NEWS,
        (take(in_action(), O.ASK_NEWS, CITIZEN, MEETING + DAY), CITIZEN, MEETING + 7 * DAY),
        (take(in_action(), O.ASK_NEWS, CITIZEN, MEETING + DAY), CITIZEN, MEETING + 8 * DAY),
    ),
    ("overseer_decides", O.RETRY, (contested_twice(), MAYOR), (contested(), MAYOR)),
    ("overseer_decides", O.UPHOLD, (contested_twice(), DEPUTY), (contested_twice(), OVERSEER)),
    ("mayor_decides", O.RETRY, (contested(), OVERSEER), (contested_twice(), OVERSEER)),
    (
        "reopen_late",
        O.REOPEN,
        (done(), CITIZEN, done().history[-1].at + 31 * DAY),
        (done(), CITIZEN, done().history[-1].at + 30 * DAY),
    ),
]


def moved_and_seated_again():
    case = take(invited(), A.MOVE_ONCE, CITIZEN, monday="2026-12-14")
    return take(case, A.SEAT, CLOCK, ends_at=ANSWER_BY + 14 * DAY)


@pytest.mark.parametrize(("expected", "action", "no", "yes"), GUARDS, ids=lambda v: str(v)[:24])
def test_a_guard_refuses_by_its_word_and_lets_the_case_beside_it_pass(expected, action, no, yes):
    if no[0] is None:
        no = (moved_and_seated_again(), *no[1:])
    assert word(no[0], action, *no[1:]) == expected
    assert word(yes[0], action, *yes[1:]) is None


def guard_words():
    tree = ast.parse(inspect.getsource(guards))
    returns = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return {
        node.value
        for value in returns
        if value is not None
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_word_of_a_guard_is_refused_above():
    assert guard_words() == {expected for expected, *_ in GUARDS}


def test_every_guard_stands_in_the_tables():
    used = {guard for step in STEP_FOR.values() for guard in step.guards}
    named = {f for name, f in vars(guards).items() if inspect.isfunction(f) and name[0] != "_"}
    assert named - used <= {guards.deadline_days, guards.at_tehran, guards.tehran_day}


WITH_NEEDS = [step for step in STEP_FOR.values() if step.needs]
GIVEN = {
    Need.REASON: "out_of_scope",
    Need.DISTRICT: 7,
    Need.UNIT: "d06-technical",
    Need.DUE_ON: "2026-12-21",
    Need.PHOTOS: ["p1"],
    Need.IDENTITY: "matched",
    Need.MONDAY: "2026-12-14",
    Need.LANE: "urgent",
    Need.VERDICT: "no",
}


@pytest.mark.parametrize("step", WITH_NEEDS, ids=lambda step: step.action.value)
def test_what_is_not_given_is_refused_by_name(step):
    given = {need.value: GIVEN[need] for need in step.needs if need is not Need.NOTE}
    assert missing(step, given, "چنین است") is None
    for need in step.needs:
        note = "" if need is Need.NOTE else "چنین است"
        assert missing(step, {k: v for k, v in given.items() if k != need.value}, note) is need
        if need is not Need.NOTE:
            assert missing(step, {**given, need.value: ""}, "چنین است") is need


def test_a_refused_step_raises_its_word_and_a_taken_one_says_what_happened():
    case = filed()
    with pytest.raises(Denied) as denied:
        advance(case, A.DECLINE, DESK, FILED + LATER, note="چنین است")
    assert denied.value.key == "need_reason"
    with pytest.raises(Denied) as denied:
        advance(case, A.DECLINE, CITIZEN, FILED + LATER)
    assert denied.value.key == "not_your_role"

    given = {"reason": "out_of_scope"}
    event = advance(case, A.DECLINE, DESK, FILED + LATER, given, note="چنین است")
    assert (event.from_stage, event.to_stage) == (Stage.SUBMITTED, Stage.DECLINED)
    assert (event.role, event.account_id, event.person_id) == (Role.DESK, "desk", None)
    assert (event.given, event.note, event.due_at) == (given, "چنین است", None)


CHOSEN = (Need.REASON, Need.LANE, Need.VERDICT, Need.SKIP, Need.AUDIENCE)


def test_whatever_is_chosen_has_its_list():
    chosen = {(s.action, n) for s in STEP_FOR.values() for n in (*s.needs, *s.may) if n in CHOSEN}
    assert chosen == set(CODES)


@pytest.mark.parametrize(("action", "need"), CODES)
def test_only_a_code_of_its_list_may_be_given(action, need):
    assert all(are_codes(action, {need.value: code.value}) for code in CODES[action, need])
    assert not are_codes(action, {need.value: "چون نامش را می‌دانم"})


def test_free_text_does_not_reach_the_audit_as_a_reason():
    with pytest.raises(Denied) as denied:
        take(filed(), A.DECLINE, DESK, reason="مریم احمدی")
    assert denied.value.key == "form_broken"
    assert take(filed(), A.DECLINE, DESK, reason="duplicate").stage is Stage.DECLINED


def test_a_citizens_event_names_the_person_and_an_officials_does_not():
    assert advance(filed(), A.WITHDRAW, CITIZEN, FILED).person_id == "maryam"
    official_with_a_case = replace(DESK, person_id="somebody")
    assert advance(filed(), A.ACCEPT, official_with_a_case, FILED).person_id is None


def test_an_event_names_the_office_in_which_somebody_acted():
    two_hats = replace(DESK, grants=(*OVERSEER.grants, Grant(Role.DESK, 6)))
    first = advance(filed(), A.REDIRECT, two_hats, FILED, {"district": 7}, note="چنین است")
    assert first.role is Role.DESK
    again = replace(redirected(), district=6)
    second = advance(again, A.REDIRECT, two_hats, FILED + DAY, {"district": 8}, note="چنین است")
    assert second.role is Role.OVERSEER


WEDNESDAY = at(date(2026, 11, 25), "10:00")


@pytest.mark.parametrize(
    ("within", "ends"),
    [
        (WorkingDays(1), at(date(2026, 11, 29), "00:00")),
        (WorkingDays(2), at(date(2026, 11, 30), "00:00")),
        (Days(10), at(date(2026, 12, 6), "00:00")),
        (Given(), MEETING),
        (Kept(), ANSWER_BY),
        (None, None),
    ],
)
def test_a_deadline_passes_over_thursday_and_friday_and_ends_at_midnight(within, ends):
    assert deadline(within, ANSWER_BY, WEDNESDAY, MEETING) == ends


def test_a_holiday_is_no_working_day():
    before_nowruz = at(date(2027, 3, 20), "10:00")  # 29 Esfand 1405, itself a holiday
    assert deadline(WorkingDays(1), None, before_nowruz, None) > before_nowruz + 2 * DAY


def test_a_step_whose_deadline_the_use_case_gives_must_be_given_it():
    with pytest.raises(ValueError, match="deadline"):
        advance(waiting(), A.SEAT, CLOCK, FILED + DAY)
    assert take(waiting(), A.SEAT, CLOCK, ends_at=ANSWER_BY).due_at == ANSWER_BY


def test_what_does_not_touch_the_stage_keeps_its_clock():
    before = at_stage(Stage.INVITED)
    assert take(before, A.OFFER_ANSWER, UNIT).due_at == before.due_at == ANSWER_BY


def test_a_case_begins_with_the_role_its_row_names():
    assert begin(A.SUBMIT, DESK, Role.PHONE, FILED).to_stage is Stage.SUBMITTED
    with pytest.raises(Denied, match="not_your_role"):
        begin(A.SUBMIT, MAYOR, Role.MAYOR, FILED)
    with pytest.raises(Denied, match="need_unit"):
        begin(O.ISSUE, MAYOR, Role.MAYOR, FILED, {"due_on": DUE_ON.isoformat()})


@pytest.mark.parametrize("stage", [*Stage, *OrderStage])
def test_the_events_of_a_case_lead_to_where_it_stands(stage):
    case = at_stage(stage)
    assert replay(case.history) is stage
    assert case.stage is stage


def test_events_that_do_not_join_are_found():
    history = follow_up().history
    with pytest.raises(ValueError, match="cannot follow"):
        replay((history[0], *history[2:]))
    with pytest.raises(ValueError, match="cannot follow"):
        replay((replace(history[1], from_stage=None), *history[2:]))
    with pytest.raises(ValueError, match="does not lead"):
        replay((*history[:-1], replace(history[-1], to_stage=Stage.CLOSED)))


@pytest.mark.parametrize(
    ("actor", "audience", "roles"),
    [
        (MAYOR, "citizen", (Role.CITIZEN, Role.UNIT)),
        (MAYOR, "internal", (Role.UNIT,)),
        (UNIT, "citizen", (Role.CITIZEN,)),
        (CITIZEN, "citizen", (Role.UNIT,)),
    ],
)
def test_a_comment_is_told_to_its_readers_but_not_to_its_writer(actor, audience, roles):
    event = advance(issued(), O.COMMENT, actor, MEETING, {"audience": audience}, note="چنین است")
    assert told(event) == roles


def test_every_other_step_is_told_as_its_row_says():
    event = reported().history[-1]
    assert told(event) == STEP_FOR[O.REPORT].tells == (Role.CITIZEN,)
