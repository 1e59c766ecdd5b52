"""A story's clock: wishes fall due at their times, and the city's worker acts between them."""

import heapq
import itertools
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.errors import Refusal
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.office import Office
from publicmeeting.usecases.clock import Worker

_STEP = timedelta(hours=2)
_log = logging.getLogger(__name__)


class StoryClock:
    """The office's clock while the story is told; forward only."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Story:
    """What people will do and when; the same seed tells the same story."""

    def __init__(self, office: Office, clock: StoryClock, rng: random.Random) -> None:
        self.office = office
        self.clock = clock
        self.rng = rng
        self.refused = 0
        self._worker = Worker(office, demo=True)
        self._ticked = clock.now
        self._plans: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def plan(self, at: datetime, do: Callable[[], object]) -> None:
        """Somebody will do this then; plans for the past happen now."""
        heapq.heappush(self._plans, (max(at, self.clock.now), next(self._order), do))

    def tell(self, until: datetime) -> None:
        """Let everything happen that was planned until then."""
        while self._plans and self._plans[0][0] <= until:
            at, _, do = heapq.heappop(self._plans)
            self._advance(at)
            try:
                do()
            except Refusal as refusal:
                # People try what the rules then refuse: a seat lapsed, a case moved on.
                self.refused += 1
                _log.info("refused in the story: %s", refusal.key)
        self._advance(until)
        self._worker.keep_time()

    def _advance(self, at: datetime) -> None:
        """The city's clock acts at least every two hours in which something happens."""
        while at - self._ticked >= _STEP:
            step = min(at, self._ticked + timedelta(hours=24))
            self.clock.now = self._ticked = step
            self._worker.keep_time()
        self.clock.now = max(self.clock.now, at)

    def keep_time(self) -> None:
        """The city's clock acts now."""
        self._worker.keep_time()

    def office_hour(self, days: int) -> datetime:
        """Some minute of an office morning, that many working days from now (0: the next)."""
        day = tehran_day(self.clock.now)
        while days > 0 or not is_working_day(day):
            day += timedelta(days=1)
            days -= is_working_day(day)
        minute = self.rng.randrange(0, 300)
        at = at_tehran(day, "08:30") + timedelta(minutes=minute)
        return at if at > self.clock.now else self.clock.now + timedelta(minutes=5)

    def soon(self, least_hours: float, most_hours: float) -> datetime:
        hours = self.rng.uniform(least_hours, most_hours)
        return self.clock.now + timedelta(hours=hours)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share
