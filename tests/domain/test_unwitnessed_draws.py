"""What a timeline says about past draws that no witness has signed."""

from dataclasses import replace

from cases import MONDAY
from test_timeline import seen, waited

from publicmeeting.domain.stages import Action


def test_a_draw_without_a_witness_is_named_where_it_is_told():
    """Beside the lost draw and beside the seat that it gave, and nowhere else."""
    request, (lost, won) = waited(1)
    seat = replace(request.history[-1], payload={"monday": MONDAY.isoformat()})
    request = replace(request, history=(*request.history[:-1], seat))
    for alone, expected in (
        ((), [(), ()]),
        ((lost,), [(lost.monday,), ()]),
        ((won,), [(MONDAY,), (MONDAY,)]),
    ):
        draws = [replace(one, witnessed=one not in alone) for one in (lost, won)]
        for stages_only in (False, True):
            marks = seen(request, draws=draws, stages_only=stages_only)
            shown = [mark for mark in marks if mark.waits or mark.action is Action.SEAT]
            assert [mark.alone for mark in shown] == expected
            assert not any(mark.alone for mark in marks if mark not in shown)
