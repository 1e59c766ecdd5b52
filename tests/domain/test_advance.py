"""The one function that names a next stage: what it refuses, and what it says beside."""

import ast
import inspect

import pytest
from cases import FILED, LATER, filed
from guard_cases import GUARDS, moved_and_seated_again
from support.each import for_each

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle import guards, order_guards
from publicmeeting.domain.lifecycle.advance import by_clock, replay, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action, OrderAction, Stage

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
MODULES = (guards, order_guards)


def word(case, action, actor, now=None):
    return why_not(case, STEP_FOR[action], actor, now or case.history[-1].at + LATER)


@for_each(GUARDS)
def test_a_guard_refuses_by_its_word_and_lets_the_case_beside_it_pass(expected, action, no, yes):
    if no[0] is None:
        no = (moved_and_seated_again(), *no[1:])
    assert word(no[0], action, *no[1:]) == expected
    assert word(yes[0], action, *yes[1:]) is None


def guard_words():
    trees = [ast.parse(inspect.getsource(module)) for module in MODULES]
    returns = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Return)]
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
    named = {
        function
        for module in MODULES
        for name, function in vars(module).items()
        if inspect.isfunction(function) and name[0] != "_"
    }
    tools = {guards.deadline_days, guards.at_tehran, guards.tehran_day, guards.open_lane_ask}
    tools |= {guards.is_offered, guards.said_present}
    tools |= {guards.erasable_from, order_guards.end_of_day, order_guards.is_late}
    tools |= {order_guards.open_extension, order_guards.question_to_citizen}
    assert named - used <= tools


def test_a_fact_for_many_is_what_the_row_says_and_joins_the_history():
    case, payload = filed(), {"monday": "2026-11-30"}
    event = by_clock(A.MOVE_DRAW, case.stage, case.due_at, FILED + LATER, payload)
    assert (event.from_stage, event.to_stage) == (Stage.SUBMITTED, Stage.SUBMITTED)
    assert (event.due_at, event.payload) == (case.due_at, payload)
    assert replay((*case.history, event)) is Stage.SUBMITTED


@pytest.mark.parametrize(
    ("stage", "payload", "word"),
    [
        (Stage.INVITED, {"monday": "2026-11-30"}, "stage_moved"),
        (Stage.WAITING, {}, "need_monday"),
    ],
)
def test_a_fact_for_many_is_refused_like_any_other(stage, payload, word):
    with pytest.raises(Denied, match=word):
        by_clock(A.MOVE_DRAW, stage, None, FILED, payload)


@pytest.mark.parametrize("action", [A.TAKE_IN, A.SEAT, A.ACCEPT, A.DECIDE_LANE, O.SETTLE])
def test_what_asks_for_more_than_a_stage_is_taken_case_by_case(action):
    with pytest.raises(ValueError, match="case by case"):
        by_clock(action, Stage.WAITING, None, FILED, {})
