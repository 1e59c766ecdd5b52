"""`advance`, which alone determines the next stage: what it refuses, and what else it returns."""

import ast
import inspect

from cases import LATER
from guard_cases import GUARDS, moved_and_seated_again
from support.each import for_each

from publicmeeting.domain.lifecycle import absence, guards, order_guards, telephone
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action, OrderAction

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
MODULES = (absence, guards, order_guards, telephone)


def word(case, action, actor, now=None):
    return why_not(case, STEP_FOR[action], actor, now or case.history[-1].at + LATER)


@for_each(GUARDS, ids=lambda row: f"{row[0]} of {row[1].value}")
def test_a_guard_refuses_by_its_word_and_lets_the_case_beside_it_pass(expected, action, no, yes):
    if no[0] is None:
        no = (moved_and_seated_again(), *no[1:])
    refused, allowed = word(no[0], action, *no[1:]), word(yes[0], action, *yes[1:])
    assert (refused, allowed) == (expected, None)


def functions_with_a_word():
    """Return the functions of the guards' modules that refuse by a word; the others are tools."""
    return [
        function
        for module in MODULES
        for function in vars(module).values()
        if inspect.isfunction(function)
        and inspect.signature(function).return_annotation == (str | None)
    ]


def guard_words():
    trees = [ast.parse(inspect.getsource(function)) for function in functions_with_a_word()]
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
    named = {one for one in functions_with_a_word() if one.__name__[0] != "_"}
    assert named - used == set()
