"""Who of the pretend city asks for a lane, and how the two officers answer."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.line.lanes import asked_lane
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder.pictures import Pictures
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane

SEED = 1405
UNSAFE = "unsafe_building"
AFTER = timedelta(hours=2)
_ASKS, _YES = 0.6, 0.7
"""The shares of those who could ask and do, and of answers that are yes."""
_REASON = {
    (Lane.ACCESS, Verdict.YES): LaneReason.CERTIFIED,
    (Lane.ACCESS, Verdict.NO): LaneReason.EXPIRED,
    (Lane.URGENT, Verdict.YES): LaneReason.DANGER_TO_BUILDING,
    (Lane.URGENT, Verdict.NO): LaneReason.NOT_IN_LIST,
}


class Lanes:
    """A lot of its own, so that the rest of the story stays what it is without lanes."""

    def __init__(self, simulation: Simulation, pictures: Pictures) -> None:
        self._simulation = simulation
        self._pictures = pictures
        self._rng = random.Random(SEED)

    def perhaps_ask(self, code: str, citizen: Actor, picture: str, needs: tuple[str, ...]) -> None:
        """Whoever cannot climb stairs, and whoever lives beside a wall that leans."""
        if not (needs or picture == UNSAFE) or self._rng.random() > _ASKS:
            return
        lane = Lane.ACCESS if needs else Lane.URGENT
        self._plan(partial(self._ask, code, citizen, lane))

    def _plan(self, do: Callable[[], object]) -> None:
        self._simulation.plan(self._simulation.clock.now + AFTER, do)

    def _ask(self, code: str, citizen: Actor, lane: Lane) -> None:
        application = self._simulation.application
        document = self._document(lane)
        if document is None:
            return
        photo = application.execute_as(citizen, keep_photo, document)
        command = AskLane(code=code, lane=lane.value, photos=(photo.id,))
        request = application.execute_as(citizen, ask_lane, command)
        ask = asked_lane(request)
        assert ask is not None
        with application.store.unit_of_work(self._simulation.clock.now, reading=True) as uow:
            newest = uow.lanes.newest(request)
            accounts = [uow.accounts.get(one) for one in ask.judges]
        assert newest is not None
        for account in accounts:
            assert account is not None
            officer = Actor(account_id=account.id, name=account.name, grants=account.grants)
            verdict = Verdict.YES if self._rng.random() < _YES else Verdict.NO
            answer = JudgeLane(
                id=newest[0], verdict=verdict.value, reason=_REASON[lane, verdict].value
            )
            day = add_working_days(tehran_day(self._simulation.clock.now), self._rng.randint(1, 2))
            at = at_tehran(day, "09:00") + timedelta(minutes=self._rng.randrange(300))
            self._simulation.plan(at, partial(application.execute_as, officer, judge_lane, answer))

    def _document(self, lane: Lane) -> KeepPhoto | None:
        if lane is Lane.ACCESS:
            return self._pictures.certificate()
        return self._pictures.proof(UNSAFE, self._rng.randrange(2))
