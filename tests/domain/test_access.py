"""Who may act on a case and see it: every stage and role, in its own district and in another."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from cases import (
    ANOTHER_CITIZEN,
    CITIZEN,
    DEPUTY,
    DESK,
    EVERY_STAGE,
    MAYOR,
    MEETING,
    OTHER_DISTRICT,
    OVERSEER,
    PEOPLE,
    RECEPTION,
    UNIT,
    at_stage,
    contested,
    contested_twice,
    filed,
    in_action,
    issued,
    missed,
    official,
    redirected,
    refused,
    take,
)
from support.each import for_each

from publicmeeting.domain.lifecycle.access import can_see, can_see_name, plays
from publicmeeting.domain.lifecycle.advance import steps_open_to, why_not
from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, REQUEST_STEPS, STEP_FOR
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import CITY_WIDE, NOBODY, Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage

STAGES = for_each(EVERY_STAGE)
LOCAL = tuple(role for role in Role if role not in {*CITY_WIDE, Role.CITIZEN, Role.JUDGE})
"""Roles of one district. A judge is picked for one ask, by account, and so is no such role."""


def soon(case):
    return case.history[-1].at


def next_door(role):
    """Return the same office in the neighbouring district, on a day that it holds itself."""
    return official(role, account=PEOPLE[role].account_id, district=OTHER_DISTRICT)


@for_each(product(EVERY_STAGE, LOCAL))
def test_nobody_acts_outside_his_district(stage, role):
    case = at_stage(stage)
    assert plays(PEOPLE[role], role, case)
    assert steps_open_to(next_door(role), case, soon(case)) == ()


@STAGES
def test_a_citizen_acts_on_her_own_case_only(stage):
    case = at_stage(stage)
    assert plays(CITIZEN, Role.CITIZEN, case)
    for stranger in (ANOTHER_CITIZEN, NOBODY):
        assert steps_open_to(stranger, case, soon(case)) == ()
        assert not can_see(stranger, case)


@for_each(product(EVERY_STAGE, Role))
def test_an_open_step_is_one_the_table_gives_to_this_role(stage, role):
    case = at_stage(stage)
    for step in steps_open_to(PEOPLE[role], case, soon(case)):
        assert role in step.by
        assert stage in step.at
        assert can_see(PEOPLE[role], case)


@for_each(product(EVERY_STAGE, set(Role) - {Role.JUDGE}))
def test_every_other_step_is_refused_by_name(stage, role):
    case = at_stage(stage)
    table = ORDER_STEPS if isinstance(case, Order) else REQUEST_STEPS
    for step in table:
        word = why_not(case, step, PEOPLE[role], soon(case))
        if role not in step.by:
            assert word == "not_your_role"
        elif stage not in step.at:
            assert word == "stage_moved"


def test_a_unit_works_on_its_own_orders_only():
    order = issued()
    for unit_id in ("d06-green_space", "d07-technical"):
        other = Actor(account_id="unit", grants=(Grant(Role.UNIT, None, unit_id),))
        assert steps_open_to(other, order, soon(order)) == ()
        assert not can_see(other, order)
    assert STEP_FOR[OrderAction.TAKE_ON] in steps_open_to(UNIT, order, soon(order))


def test_a_unit_reads_requests_of_its_subjects_once_they_are_screened():
    assert can_see(UNIT, at_stage(Stage.INVITED))
    assert not can_see(UNIT, replace(at_stage(Stage.INVITED), subject="green"))
    assert not can_see(UNIT, at_stage(Stage.NEEDS_INFO))


def test_a_deputy_acts_on_the_mondays_he_holds():
    case = at_stage(Stage.IN_ROOM)
    finish = STEP_FOR[Action.FINISH]
    assert why_not(case, finish, DEPUTY, soon(case)) is None
    held_by_another = replace(case, day_held_by="somebody else")
    assert why_not(held_by_another, finish, DEPUTY, soon(case)) == "not_your_role"
    assert why_not(replace(case, day_held_by=None), finish, DEPUTY, soon(case)) == "not_your_role"
    assert can_see(DEPUTY, held_by_another)


@pytest.mark.parametrize("holder", [None, "somebody else"])
def test_a_deputy_reads_the_names_of_the_mondays_he_holds(holder):
    case = at_stage(Stage.CONFIRMED)
    assert can_see_name(DEPUTY, case)
    assert not can_see_name(DEPUTY, replace(case, day_held_by=holder))


SCREENS = (*(Action.ASK_INFO, Action.ACCEPT, Action.REDIRECT, Action.DECLINE, Action.ANSWER),)


@for_each(product(SCREENS, ("name_seen_by", "filed_by")))
def test_who_has_seen_the_name_or_filed_for_her_does_not_screen(action, fact):
    case = filed()
    step = STEP_FOR[action]
    assert why_not(case, step, DESK, soon(case)) is None
    seen = {"name_seen_by": frozenset({"desk"}), "filed_by": "desk"}[fact]
    assert why_not(replace(case, **{fact: seen}), step, DESK, soon(case)) == "name_seen"


def test_an_officer_does_not_screen_a_request_of_his_own():
    case, step = filed(), STEP_FOR[Action.ACCEPT]
    assert why_not(case, step, DESK, soon(case)) is None
    assert why_not(case, step, replace(DESK, person_id="maryam"), soon(case)) == "name_seen"


def test_all_of_screening_is_blind():
    by_desk = [s for s in REQUEST_STEPS if Stage.SUBMITTED in s.at and Role.DESK in s.by]
    assert {step.action for step in by_desk} == set(SCREENS)


NAME_STAGES = {
    *(Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED, Stage.IN_ROOM),
    *(Stage.FOLLOW_UP, Stage.CLOSED, *OrderStage),
}


@STAGES
def test_names_are_for_those_who_receive_her_once_she_has_a_seat(stage):
    case = at_stage(stage)
    assert can_see_name(CITIZEN, case)
    for reader in (RECEPTION, MAYOR, DEPUTY):
        assert can_see_name(reader, case) == (stage in NAME_STAGES)
    for role in (Role.DESK, Role.UNIT, Role.PHONE, Role.OVERSEER, Role.ADMINISTRATOR):
        assert not can_see_name(PEOPLE[role], case)
    assert not can_see_name(next_door(Role.MAYOR), case)


def test_a_case_that_ended_without_a_seat_keeps_its_name_to_itself():
    withdrawn_with_seat = take(at_stage(Stage.INVITED), Action.WITHDRAW, CITIZEN)
    assert can_see_name(MAYOR, withdrawn_with_seat)
    for ended in (
        take(filed(), Action.WITHDRAW, CITIZEN),
        take(at_stage(Stage.ANSWERED), Action.ACCEPT_ANSWER, CITIZEN),
    ):
        assert not can_see_name(MAYOR, ended)
        assert can_see(MAYOR, ended)


def test_on_the_list_of_the_day_she_missed_her_name_stays_until_the_day_is_over():
    case = missed()
    today = MEETING.date()
    for reader in (RECEPTION, MAYOR, DEPUTY):
        assert can_see_name(reader, case, today)
        assert not can_see_name(reader, case, today + timedelta(days=1))
        assert not can_see_name(reader, case), "everywhere else she waits like the others"
        assert not can_see_name(reader, at_stage(Stage.WAITING), today)
    for role in (Role.DESK, Role.UNIT, Role.OVERSEER):
        assert not can_see_name(PEOPLE[role], case, today)
    assert not can_see_name(next_door(Role.RECEPTION), case, today)


@STAGES
def test_cases_exist_only_for_those_who_work_on_them(stage):
    case = at_stage(stage)
    for reader in (CITIZEN, DESK, RECEPTION, MAYOR):
        assert can_see(reader, case)
    for role in (Role.PHONE, Role.ADMINISTRATOR):
        assert not can_see(PEOPLE[role], case)
    assert can_see(OVERSEER, case) is (stage is OrderStage.VOID), "he has made it void himself"
    for role in (Role.DESK, Role.RECEPTION, Role.UNIT, Role.MAYOR, Role.DEPUTY):
        assert not can_see(next_door(role), case)


BEFORE_THE_CITY = {
    "redirected": redirected,
    "refused_and_objected": lambda: take(refused(), Action.OBJECT_REFUSAL, CITIZEN),
    "contested_twice": contested_twice,
    "climbed": lambda: take(in_action(), OrderAction.CLIMB_TO_MAYOR, PEOPLE[Role.CLOCK]),
}


@pytest.mark.parametrize("name", BEFORE_THE_CITY)
def test_the_overseer_opens_what_came_to_the_city_and_keeps_what_he_decided(name):
    case = BEFORE_THE_CITY[name]()
    assert can_see(OVERSEER, case)
    assert not can_see_name(OVERSEER, case)
    if name == "contested_twice":
        later = soon(case) + timedelta(days=1)
        assert can_see(OVERSEER, take(case, OrderAction.UPHOLD, OVERSEER, later))


def test_the_overseer_opens_nothing_else():
    contest = take(missed(), Action.CONTEST_NO_SHOW, CITIZEN)
    for case in (refused(), missed(), contest, in_action(), contested()):
        assert not can_see(OVERSEER, case)


def test_somebody_with_two_offices_acts_in_one_of_them():
    overseer_and_mayor_elsewhere = replace(
        OVERSEER, grants=(*OVERSEER.grants, Grant(Role.MAYOR, OTHER_DISTRICT))
    )
    order = at_stage(OrderStage.CONTESTED)
    retry = STEP_FOR[OrderAction.RETRY]
    assert why_not(order, retry, overseer_and_mayor_elsewhere, soon(order)) == "mayor_decides"
    assert why_not(order, retry, MAYOR, soon(order)) is None
