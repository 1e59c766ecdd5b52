"""A process killed while it gives seats at the door, or ends a Monday, leaves nothing half done."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from support.killed import dies_after
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.line.mondays import end_day
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present, seat_standbys

pytestmark = pytest.mark.on_postgresql

SEATS = 8
FEW = 4
"""Citizens: one is met, one waits in the hall, two do not come.

More of them would only repeat the same statements.
"""
Step = Callable[[UnitOfWork, int, date, datetime], None]


@pytest.mark.parametrize("step", ["stand_in", "end"])
def test_a_process_that_dies_anywhere_on_the_day_leaves_nothing_half(line: Line, step: str) -> None:
    """Killed before every different statement of the step, it leaves everything as before."""
    run, at = _about_to(line, step)
    before = line.everything()
    deaths, last = 0, 0
    while died := dies_after(line, last, lambda uow: run(uow, DISTRICT, MONDAY, at)):
        assert line.everything() == before
        deaths, last = deaths + 1, died
    assert deaths > 10
    after = line.everything()
    assert after != before
    assert verify_chain(line.log()) == ()
    with line.city.application.store.unit_of_work(at) as uow:
        run(uow, DISTRICT, MONDAY, at)
    assert line.everything() == after


def _about_to(line: Line, step: str) -> tuple[Step, datetime]:
    """Return the act and its time, with the hall a moment before it."""
    many = SEATS + 2 if step == "stand_in" else FEW
    by_ticket = {one.request.ticket: one for one in line.drawn(many)}
    for citizen in by_ticket.values():
        if citizen.stage == "invited":
            citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    holders = _holders(line, list(by_ticket.values()))
    if step == "stand_in":
        holders[0].does(Action.GIVE_UP_SEAT)
        for ticket in line.draw().file["standby"]:
            here = by_ticket[ticket]
            command = Standby(code=here.code, identity=here.identity)
            line.city.application.execute_as(line.city.as_("reception"), note_present, command)
        line.clock.set(at_tehran(MONDAY, "08:50"))
        return seat_standbys, line.clock.now
    line.until(MONDAY, "09:00")
    line.meet(holders[0])
    line.official("reception", holders[1], Action.ARRIVE, identity=holders[1].identity)
    line.clock.set(at_tehran(MONDAY, "12:00"))
    return end_day, line.clock.now


def _holders(line: Line, citizens: list[Citizen]) -> list[Citizen]:
    """Return the holders of seats by time."""
    codes = line.held()
    return [
        next(citizen for citizen in citizens if citizen.code == codes[time])
        for time in sorted(codes)
    ]
