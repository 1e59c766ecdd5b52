"""Units of the busy districts write their word before the meetings, and leave some unwritten."""

from datetime import timedelta
from functools import partial
from itertools import count

from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.seeder.filing import Filing
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.orders.briefs import open_brief
from publicmeeting.usecases.screening.cases import OneCase

_DRAWN = frozenset({"line", "debt"})
"""Why a seat was given: by the draw, so that there is time to look at the place."""
_THIRD = 3
"""Every third brief is left unwritten."""
_DRAW_DAY = 2
"""Wednesday."""
_AFTER_DRAW = timedelta(hours=2)
_EACH = timedelta(minutes=25)


class Briefs:
    """Looked at whenever the city's clock has acted. No chance is used up here: the story goes on
    as it would without it."""

    def __init__(
        self, simulation: Simulation, staff: Staff, filing: Filing, busy: tuple[int, ...]
    ) -> None:
        self._simulation, self._staff, self._filing, self._busy = simulation, staff, filing, busy
        self._seen: set[tuple[str, object]] = set()
        self._turn = {district: count() for district in busy}

    def consider(self) -> None:
        """Of those newly drawn in a district, the first two of three are written about.

        Only on the day of the draw: reading everybody who is invited is dear.
        """
        if tehran_day(self._simulation.clock.now).weekday() != _DRAW_DAY:
            return
        for line in self._filing.lines(Stage.INVITED):
            seat = line.seat
            assert seat is not None
            if line.district not in self._busy or (line.code, seat.monday) in self._seen:
                continue
            self._seen.add((line.code, seat.monday))
            if seat.why in _DRAWN:
                self._plan(line, next(self._turn[line.district]))

    def _plan(self, line: RequestLine, turn: int) -> None:
        if turn % _THIRD == _THIRD - 1:
            return
        at = self._simulation.clock.now + _AFTER_DRAW + turn % _THIRD * _EACH
        self._simulation.plan(at, partial(self._write, line))

    def _write(self, line: RequestLine) -> None:
        """Open the matter without its name, then write; she may have given the seat up by then."""
        unit, case = self._staff.of(Role.UNIT, line.district), self._filing.cases[line.code]
        with self._simulation.application.store.unit_of_work(
            self._simulation.clock.now, reading=True
        ) as uow:
            request = uow.requests.find(line.code)
        if request is None or request.seat is None:
            return
        self._simulation.application.execute_as(unit, open_brief, OneCase(code=line.code))
        self._filing.step(unit, case, "offer_answer", note=case.matter.brief)
