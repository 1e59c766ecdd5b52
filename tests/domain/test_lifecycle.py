"""The tables of steps: nothing is unreachable, everything has an end, every power is listed."""

from pathlib import Path

import pytest
from cases import EVERY_STAGE
from support.each import for_each
from support.written_down import compare_written

from publicmeeting.domain.lifecycle.advance import firing, road_ahead
from publicmeeting.domain.lifecycle.tables import (
    ORDER_STEPS,
    REQUEST_STEPS,
    STEP_FOR,
    Days,
    EndSideDeadline,
    Explicit,
    SideDeadline,
    Unchanged,
    WorkingDays,
)
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.domain.stages import (
    CALLS,
    LIVE,
    SLIPS,
    Action,
    Need,
    OrderAction,
    OrderStage,
    Stage,
)

A, O, P, S = Action, OrderAction, OrderStage, Stage  # noqa: E741  (columns of the table)
STEPS = (*REQUEST_STEPS, *ORDER_STEPS)
TABLES = pytest.mark.parametrize(
    ("table", "stages"), [(REQUEST_STEPS, tuple(Stage)), (ORDER_STEPS, tuple(OrderStage))]
)
POWERS = Path(__file__).with_name("powers.txt")


def reachable(table, start):
    seen, new = set(), {start}
    while new:
        seen |= new
        new = {s.to for s in table if s.to and (set(s.at) & new)} - seen
    return seen


def by_action(*actions):
    return [STEP_FOR[action] for action in actions]


def test_every_action_has_exactly_one_row():
    assert [step.action for step in REQUEST_STEPS] == list(Action)
    assert [step.action for step in ORDER_STEPS] == list(OrderAction)


@TABLES
def test_every_stage_is_reached_from_the_beginning(table, stages):
    (birth,) = [step for step in table if not step.at]
    assert reachable(table, birth.to) == set(stages)


@TABLES
def test_a_row_names_only_stages_of_its_own_table(table, stages):
    for step in table:
        assert {*step.at, step.to or step.at[0]} <= set(stages)


def test_the_ordinary_road_ends_exactly_where_a_case_is_over():
    ends = {stage for stage in EVERY_STAGE if not road_ahead(stage)}
    assert ends == {S.CLOSED, S.DECLINED, S.WITHDRAWN, P.DONE, P.VOID}


def test_every_end_can_be_left_again_but_that_of_what_was_never_hers():
    left = {stage for step in STEPS if step.to for stage in step.at if stage is not step.to}
    assert set(EVERY_STAGE) - {P.VOID} == left


def test_only_what_she_alone_can_deny_and_a_slip_lead_back_to_where_they_found_her():
    slips = {step.action for step in STEPS if step.by == (Role.RECEPTION,) and step.back_to}
    assert slips == {*SLIPS}
    assert {step.action for step in STEPS if step.back_to} == {
        A.UNDO,
        A.UNDO_GIVE_UP,
        A.SAY_MET,
        *SLIPS,
    }
    assert set(STEP_FOR[A.UNDO].back_to) <= LIVE
    assert STEP_FOR[A.UNDO].by == (Role.CITIZEN,)


@for_each(sorted(LIVE))
def test_every_live_stage_can_still_come_to_an_end(stage):
    assert {S.CLOSED, S.WITHDRAWN} & reachable(REQUEST_STEPS, stage)


ROADS = {
    S.SUBMITTED: [A.ACCEPT, A.SEAT, A.CONFIRM, A.ARRIVE, A.CALL_IN, A.FINISH, A.CONCLUDE],
    S.NEEDS_INFO: [
        *(A.GIVE_INFO, A.ACCEPT, A.SEAT, A.CONFIRM, A.ARRIVE, A.CALL_IN, A.FINISH, A.CONCLUDE)
    ],
    S.ANSWERED: [A.SETTLE_ANSWER],
    S.INVITED: [A.CONFIRM, A.ARRIVE, A.CALL_IN, A.FINISH, A.CONCLUDE],
    S.FOLLOW_UP: [A.CONCLUDE],
    P.ISSUED: [O.TAKE_ON, O.REPORT, O.CONFIRM_DONE],
    P.RETURNED: [O.REASSIGN, O.TAKE_ON, O.REPORT, O.CONFIRM_DONE],
    P.CONTESTED: [O.RETRY, O.REPORT, O.CONFIRM_DONE],
}


@for_each(ROADS.items())
def test_the_road_ahead_is_the_road(stage, road):
    assert road_ahead(stage) == tuple(by_action(*road))


FIRES = {
    S.NEEDS_INFO: A.LAPSE_INFO,
    S.ANSWERED: A.SETTLE_ANSWER,
    S.INVITED: A.LAPSE_SEAT,
    P.REPORTED: O.SETTLE,
}


@for_each(EVERY_STAGE)
def test_the_clock_ends_exactly_the_stages_that_wait_for_the_citizen(stage):
    step = firing(stage)
    assert (step and step.action) == FIRES.get(stage)
    if step:
        entering = [s for s in STEPS if s.to is stage]
        assert all(isinstance(s.within, Days | Explicit) for s in entering)


@for_each(FIRES)
def test_no_silence_ends_a_stage_while_the_city_was_away(stage):
    (stays,) = [
        step
        for step in STEPS
        if stage in step.at and step.by == (Role.CLOCK,) and isinstance(step.within, Explicit)
        if step.to is None
    ]
    assert Role.CITIZEN in stays.notifies, "she is told that she still may"


WITHIN = {
    A.SUBMIT: WorkingDays(2),
    A.ASK_INFO: Days(10),
    A.GIVE_INFO: WorkingDays(2),
    A.REDIRECT: WorkingDays(2),
    A.OBJECT: WorkingDays(2),
    A.ANSWER: Days(10),
    A.SEAT: Explicit(),
    A.OFFER: Explicit(),
    A.KEEP_SEAT: Explicit(),
    A.WAIT_LONGER: Explicit(),
    A.CONTEST_NO_SHOW: SideDeadline(5, S.WAITING),
    A.DECIDE_NO_SHOW: EndSideDeadline(A.CONTEST_NO_SHOW),
    A.OBJECT_REFUSAL: WorkingDays(10),
    O.ISSUE: WorkingDays(2),
    O.TAKE_ON: Explicit(),
    O.RETURN: WorkingDays(2),
    O.REASSIGN: WorkingDays(2),
    O.EXTEND: Explicit(),
    O.STAY_OPEN: Explicit(),
    O.GIVE_DAYS_BACK: Explicit(),
    O.ASK_CITIZEN: Explicit(),
    O.TELL_UNIT: Explicit(),
    O.REPORT: Days(10),
    O.WITHDRAW_REPORT: Explicit(),
    O.CONTEST: WorkingDays(5),
    O.RETRY: Explicit(),
    O.REOPEN: WorkingDays(5),
    O.VOID: WorkingDays(2),
}


def test_the_deadlines_are_the_citys_and_no_others():
    own = {s.action: s.within for s in STEPS if s.within is not None and s.within != Unchanged()}
    assert own == WITHIN


def test_a_step_that_keeps_the_stage_does_not_end_its_clock_unawares():
    # This step ends the deadline that an objection began, without leaving the stage.
    ends = {A.ANSWER_OBJECTION}
    assert {s.action for s in STEPS if s.to is None and s.within is None} == ends


def test_those_who_see_no_case_take_no_step():
    by = {role for step in STEPS for role in step.by}
    assert Role.ADMINISTRATOR not in by
    assert [s.action for s in STEPS if Role.PHONE in s.by] == [A.SUBMIT]


def test_the_overseer_only_judges():
    judged = {s.action for s in STEPS if Role.OVERSEER in s.by}
    requests = {A.REDIRECT, A.KEEP_DISTRICT, A.ANSWER_OBJECTION}
    assert judged == {*requests, O.RETRY, O.UPHOLD, O.VOID, O.KEEP_ORDER}


def test_one_person_alone_makes_no_promise_void():
    asks, decides = STEP_FOR[O.ASK_VOID], STEP_FOR[O.VOID]
    assert (asks.by, asks.to) == ((Role.MAYOR,), None)
    assert decides.by == (Role.OVERSEER,)
    assert [step.action for step in STEPS if step.to is P.VOID] == [O.VOID]
    assert P.DONE not in (*asks.at, *decides.at), "she has confirmed it"


def test_only_the_clock_gives_a_seat_except_one_nobody_on_standby_wanted():
    to_a_seat = [s for s in STEPS if s.to in (S.INVITED, S.CONFIRMED) and S.WAITING in s.at]
    seats = [s for s in to_a_seat if not s.back_to]
    assert {s.action: s.by for s in seats} == {
        A.SEAT: (Role.CLOCK,),
        A.OFFER: (Role.CLOCK,),
        A.TAKE_FREE: (Role.CITIZEN,),
        A.STAND_IN: (Role.CLOCK,),
    }


def test_only_the_citizen_withdraws_and_only_before_she_has_arrived():
    assert STEP_FOR[A.WITHDRAW].by == (Role.CITIZEN,)
    assert set(STEP_FOR[A.WITHDRAW].at) == LIVE - {S.ARRIVED, S.IN_ROOM}


def test_only_the_clock_displaces_and_only_before_a_card_was_looked_at():
    step = STEP_FOR[A.DISPLACE]
    assert (step.by, step.to, step.fires) == ((Role.CLOCK,), S.WITHDRAWN, False)
    assert set(step.at) == {S.SUBMITTED, S.WAITING, S.INVITED, S.CONFIRMED}


def test_lateness_climbs_by_the_clock_alone_and_touches_no_deadline():
    for step in by_action(O.WARN_UNIT, O.CLIMB_TO_MAYOR, O.CLIMB_TO_CITY):
        assert (step.by, step.to, step.within) == ((Role.CLOCK,), None, Unchanged())
        assert Role.CITIZEN in step.notifies
    assert Role.OVERSEER in STEP_FOR[O.CLIMB_TO_CITY].notifies


def test_whether_she_was_heard_is_not_read_by_those_who_were_to_hear_her():
    assert set(STEP_FOR[A.SAY_HEARD].visible_to) == {Role.CITIZEN, Role.OVERSEER}
    assert STEP_FOR[A.SAY_HEARD].notifies == ()


def test_silence_never_closes_an_offered_answer():
    assert STEP_FOR[A.SETTLE_ANSWER].at == (S.ANSWERED,)


def test_a_call_tells_the_citizen():
    assert all(Role.CITIZEN in STEP_FOR[action].notifies for action in CALLS)


def test_who_is_fetched_concerns_nobody_but_whoever_receives_her():
    assert set(STEP_FOR[A.FETCH].visible_to) == {Role.CITIZEN, Role.RECEPTION, *MEETING}


def test_only_the_choice_of_judges_is_hidden_and_judges_do_not_see_each_other():
    hidden = [s.action for s in STEPS if Role.CITIZEN not in s.visible_to]
    assert hidden == [A.PICK_JUDGES, A.PICK_CONTEST]
    of_lanes = (A.ASK_LANE, A.PICK_JUDGES, A.JUDGE_LANE, A.DECIDE_LANE)
    of_contests = (A.CONTEST_NO_SHOW, A.PICK_CONTEST, A.JUDGE_NO_SHOW, A.DECIDE_NO_SHOW)
    for action in (*of_lanes, *of_contests):
        assert {Role.DESK, Role.UNIT}.isdisjoint(STEP_FOR[action].visible_to)


@for_each(STEPS, ids=lambda step: step.action.value)
def test_whoever_is_told_can_also_see_it(step):
    assert set(step.notifies) <= set(step.visible_to)


@for_each(STEPS, ids=lambda step: step.action.value)
def test_nothing_is_both_needed_and_optional(step):
    assert not set(step.needs) & set(step.may)


def test_whoever_says_no_to_a_citizen_says_why():
    against = by_action(A.DECLINE, A.REDIRECT, A.FINISH_REFUSED, A.SEND_BACK, O.UPHOLD, O.RETURN)
    against += by_action(
        O.REFUSE_EXTENSION, O.ASK_VOID, O.KEEP_ORDER, A.ANSWER_OBJECTION, A.KEEP_DISTRICT
    )
    assert all(Need.NOTE in step.needs for step in against)


def powers():
    """Yield every stage and role with what the table lets the role do there."""
    for stage in EVERY_STAGE:
        for role in Role:
            actions = [s.action.value for s in STEPS if stage in s.at and role in s.by]
            if actions:
                yield f"{type(stage).__name__}.{stage.name} {role.value}: {' '.join(actions)}"


def test_a_change_of_power_shows_in_review():
    how = "If each line is meant, change the file by hand, line by line; the commit says why."
    compare_written(POWERS, powers(), how)
