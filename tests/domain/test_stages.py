"""The named groups of stages equal the rows of the table that they stand for.

If a row begins to allow another stage, a test fails here: decide then whether the group includes
it.
"""

import pytest

from publicmeeting.domain import stages
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action

A = Action
SAME_AS_EACH_ROW = {
    "INFO_ASKED": (A.GIVE_INFO, A.LAPSE_INFO),
    "IN_LINE": (A.OWE_SEAT, A.ASK_LANE, A.PICK_JUDGES, A.JUDGE_LANE, A.DECIDE_LANE),
    "UNDECIDED": (A.ASK_INFO, A.DECLINE, A.ANSWER, A.ACCEPT),
    "UNSEATED": (A.SEAT, A.OFFER, A.TAKE_FREE, A.STAND_IN, A.COME_LATE, A.EXCLUDE, A.INCLUDE),
    "SEATED": (A.GIVE_UP_SEAT, A.MOVE_ONCE, A.ARRIVE, A.NOT_CALLED),
    "UNCONFIRMED": (A.CONFIRM, A.LAPSE_SEAT),
    "IN_HALL": (A.CALL_IN,),
    "INSIDE": (A.SEND_BACK, A.FINISH, A.FINISH_REFUSED),
    "CALLED_BY_NAME": (A.CALL, A.FETCH, A.COMING),
}
SAME_AS_ROWS_TOGETHER = {
    "SCREENING": (A.ASK_INFO, A.GIVE_INFO, A.OBJECT, A.INSIST),
    "TURNED_AWAY": (A.OBJECT, A.INSIST),
    "PRESENT": (A.CALL_IN, A.SEND_BACK),
}
WITHOUT_A_ROW = {"LIVE", "OVER", "EXPECTED", "HER_MOVE"}


@pytest.mark.parametrize(("group", "actions"), SAME_AS_EACH_ROW.items())
def test_a_group_equals_each_of_its_rows(group, actions):
    assert {action: set(STEP_FOR[action].at) for action in actions} == dict.fromkeys(
        actions, getattr(stages, group)
    )


@pytest.mark.parametrize(("group", "actions"), SAME_AS_ROWS_TOGETHER.items())
def test_a_group_equals_its_rows_together(group, actions):
    assert {stage for action in actions for stage in STEP_FOR[action].at} == getattr(stages, group)


def test_no_group_is_left_out():
    groups = {name for name, value in vars(stages).items() if isinstance(value, frozenset)}
    assert groups == {*SAME_AS_EACH_ROW, *SAME_AS_ROWS_TOGETHER, *WITHOUT_A_ROW}
