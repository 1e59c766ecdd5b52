"""`advance`, which alone determines the next stage: what it refuses, and what else it returns."""

import ast
import inspect

from cases import LATER
from guard_cases import GUARDS, moved_and_seated_again
from support.each import for_each

from publicmeeting.domain.lifecycle import guards, order_guards, telephone
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action, OrderAction

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
MODULES = (guards, order_guards, telephone)


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
    tools |= {
        guards.left_by,
        guards.newest_release,
        guards.note_of,
        guards.is_offered,
        guards.is_fetched,
        guards.noted_present,
        guards.standing,
    }
    tools |= {guards.can_contest, guards.contest_for, guards.open_contests}
    tools |= {guards.erasable_from, order_guards.end_of_day, order_guards.is_late}
    tools |= {order_guards.open_extension, order_guards.question_to_citizen}
    tools |= {
        guards.left_by,
        guards.objection_until,
        guards.objection_ends_at,
        order_guards.reopened_until,
    }
    tools |= {
        guards.accounts_knowing_her,
        guards.may_object_to,
        guards.decision_against,
        guards.is_final,
    }
    tools |= {guards.answered_by}
    tools |= {telephone.is_by_telephone, telephone.is_rung, telephone.was_rung}
    tools |= {order_guards.is_hidden, order_guards.void_ask}
    tools |= {guards.prolonged, order_guards.reopened_until}
    assert named - used <= tools
