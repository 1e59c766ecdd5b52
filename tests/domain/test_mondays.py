"""Which states of a Monday, its draw and its seats may follow each other."""

import pytest

from publicmeeting.domain.mondays import (
    DRAW,
    MONDAY,
    SEAT,
    DrawState,
    MondayState,
    SeatState,
    check_step,
)

_M, _D, _S = MondayState, DrawState, SeatState


@pytest.mark.parametrize(
    ("table", "was", "to"),
    [
        (MONDAY, _M.CLOSED, _M.OPEN),
        (MONDAY, _M.HELD, _M.NOT_HELD),
        (MONDAY, _M.UNKNOWN, _M.OPEN),
        (DRAW, _D.DRAWN, _D.FROZEN),
        (DRAW, _D.OPEN, _D.DRAWN),
        (SEAT, _S.USED, _S.HELD),
        (SEAT, _S.LAPSED, _S.HELD),
        (SEAT, _S.MISSED, _S.USED),
    ],
)
def test_what_is_in_no_row_does_not_happen(table, was, to):
    with pytest.raises(ValueError, match=f"{was} cannot become {to}"):
        check_step(table, was, to)


@pytest.mark.parametrize("states", [MondayState, DrawState, SeatState])
def test_a_word_of_another_release_is_unknown_and_leads_nowhere(states):
    assert states("postponed") is states.UNKNOWN
    assert all(states.UNKNOWN not in table for table in (MONDAY, DRAW, SEAT))
