"""What those who are invited make of their invitation."""

from collections import defaultdict
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.stages import Stage
from publicmeeting.samples.deck import Deck
from publicmeeting.samples.filing import Filing
from publicmeeting.samples.plan import LAST_MONDAY
from publicmeeting.samples.story import Story


class Answer(StrEnum):
    """What she makes of an invitation."""

    COMES = "comes"
    GIVES_UP = "gives_up"
    SAYS_NOTHING = "says_nothing"


_SHARES = {Answer.COMES: 19, Answer.GIVES_UP: 2, Answer.SAYS_NOTHING: 2}
_LAST_SHARES = (Answer.SAYS_NOTHING, Answer.COMES, Answer.COMES, Answer.GIVES_UP)
"""Of the invitations that are open when the story ends, in each busy district."""
_PATIENCE_HOURS = 60


class Invitations:
    """Looked at by everybody whenever the city's clock has acted."""

    def __init__(self, story: Story, filing: Filing, busy: tuple[int, ...]) -> None:
        self._story, self._filing, self._busy = story, filing, busy
        self._answered: set[tuple[str, datetime]] = set()
        self._answers = Deck(story.rng, _SHARES)
        self._last_answers: dict[int, list[Answer]] = defaultdict(
            lambda: list(reversed(_LAST_SHARES))
        )

    def answer(self) -> None:
        """Everybody newly invited decides when she will answer, if at all."""
        for line in self._filing.lines(Stage.INVITED):
            assert line.seat is not None
            key = (line.code, line.stage_at)
            if key in self._answered:
                continue
            self._answered.add(key)
            case, answer = self._filing.cases[line.code], self._answer(line)
            hours = (line.seat.answer_by - self._story.clock.now) / timedelta(hours=1)
            at = self._story.soon(0.2, max(0.3, min(hours * 0.8, _PATIENCE_HOURS)))
            if answer is not Answer.SAYS_NOTHING:
                action = "confirm" if answer is Answer.COMES else "give_up_seat"
                self._story.plan(at, partial(self._filing.step, case.citizen, case, action))

    def _answer(self, line: RequestLine) -> Answer:
        assert line.seat is not None
        if line.seat.monday > LAST_MONDAY and line.district in self._busy:
            left = self._last_answers[line.district]
            return left.pop() if left else Answer.SAYS_NOTHING
        return self._answers.deal()
