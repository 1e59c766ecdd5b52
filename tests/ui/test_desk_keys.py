"""A key of the desk is one action's, whatever else is open."""

from itertools import combinations

from publicmeeting.domain.lifecycle import ORDER_STEPS, REQUEST_STEPS
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.ui.shell.steps.keys import KEYS
from publicmeeting.ui.shell.steps.views import step_buttons


def test_no_two_actions_of_a_kind_share_a_key() -> None:
    for kind in (Action, OrderAction):
        digits = [digit for action, digit in KEYS.items() if isinstance(action, kind)]
        assert len(digits) == len(set(digits))
    assert set(KEYS.values()) == set(range(1, 10))


def test_a_key_stays_with_its_action_whatever_else_is_open() -> None:
    for table in (REQUEST_STEPS, ORDER_STEPS):
        steps = [step for step in table if step.action in KEYS]
        for open_ in combinations(steps, 3):
            assert {one.action: one.key for one in step_buttons(open_)} == {
                step.action.value: str(KEYS[step.action]) for step in open_
            }
