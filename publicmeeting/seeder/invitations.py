"""What those who are invited make of their invitation."""

from collections import defaultdict
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.stages import Stage
from publicmeeting.seeder.deck import Deck
from publicmeeting.seeder.filing import Filing
from publicmeeting.seeder.plan import LAST_MONDAY
from publicmeeting.seeder.simulation import Simulation


class Answer(StrEnum):
    """What she makes of an invitation."""

    COMES = "comes"
    GIVES_UP = "gives_up"
    SAYS_NOTHING = "says_nothing"


_SHARES = {Answer.COMES: 19, Answer.GIVES_UP: 2, Answer.SAYS_NOTHING: 2}
_LAST = (Answer.SAYS_NOTHING, Answer.COMES, Answer.COMES, Answer.GIVES_UP, Answer.COMES)
"""To the invitations of the coming Monday, in each busy district: one is still open when the story
ends, and a seat given up has gone to the next in the line."""
_PATIENCE_HOURS = 60
_A_MINUTE = timedelta(minutes=1)


class Invitations:
    """Looked at by everybody whenever the city's clock has acted."""

    def __init__(self, simulation: Simulation, filing: Filing, busy: tuple[int, ...]) -> None:
        self._simulation, self._filing, self._busy = simulation, filing, busy
        self._answered: set[tuple[str, datetime]] = set()
        self._answers = Deck(simulation.rng, _SHARES)
        self._last_answers: dict[int, list[Answer]] = defaultdict(lambda: list(reversed(_LAST)))

    def answer(self) -> None:
        """Everybody newly invited decides when she will answer, if at all."""
        for line in self._filing.lines(Stage.INVITED):
            assert line.seat is not None
            key = (line.code, line.stage_at)
            if key in self._answered:
                continue
            self._answered.add(key)
            self._consider(line, line.seat.answer_by)

    def _consider(self, line: RequestLine, answer_by: datetime) -> None:
        simulation, case, answer = (
            self._simulation,
            self._filing.cases[line.code],
            self._answer(line),
        )
        simulation.act_at(answer_by + _A_MINUTE)
        if answer is Answer.SAYS_NOTHING:
            return
        hours = 0.8 * (answer_by - simulation.clock.now) / timedelta(hours=1)
        at = min(
            simulation.soon(min(0.2, hours), min(hours, _PATIENCE_HOURS)), answer_by - _A_MINUTE
        )
        action = "confirm" if answer is Answer.COMES else "give_up_seat"
        simulation.plan(at, partial(self._filing.step, case.citizen, case, action))
        if answer is Answer.GIVES_UP:
            simulation.act_at(at + _A_MINUTE)

    def _answer(self, line: RequestLine) -> Answer:
        assert line.seat is not None
        if line.seat.monday > LAST_MONDAY and line.district in self._busy:
            left = self._last_answers[line.district]
            return left.pop() if left else Answer.SAYS_NOTHING
        return self._answers.deal()
