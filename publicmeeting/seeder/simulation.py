"""Clock of the simulation: runs planned actions in order, and the city's worker in between."""

import heapq
import itertools
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from publicmeeting.application import Application
from publicmeeting.domain.calendar import is_working_day
from publicmeeting.domain.errors import Refusal
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.worker.scheduler import Scheduler

_ACTS = {
    0: ("00:00", "11:00", "12:00"),  # Monday: the day's end, and whether it was held
    1: ("00:00", "12:00", "20:00", "22:00"),  # Tuesday: the list, and the sealed values
    2: ("00:00", "14:10", "20:00"),  # Wednesday: the number is fixed, and the draw
}
_LINE_MOVES = ("00:00", "08:00", "20:00")
"""Weekday → times at which the city's clock always has work.

From Thursday to Sunday seats lapse and the first offer of a day is made. Other times are requested
with `act_at`.
"""
_log = logging.getLogger(__name__)


class SimulationClock:
    """The application's clock while the simulation runs; it only goes forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Simulation:
    """Planned actions and their times; one seed at one address makes the same city."""

    def __init__(
        self, application: Application, clock: SimulationClock, rng: random.Random
    ) -> None:
        self.application = application
        self.clock = clock
        self.rng = rng
        self.refused: list[str] = []
        """Keys of the refusals that people got."""
        self.after_acting: list[Callable[[], object]] = []
        """Called whenever the city's clock has acted: people look at their telephones."""
        self._worker = Scheduler(application, demo=True)
        self._acting = _acting(clock.now)
        self._acts_next = next(self._acting)
        self._asked: set[datetime] = set()
        self._plans: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.application.store.unit_of_work(self.clock.now, reading=True)

    def plan(self, at: datetime, do: Callable[[], object]) -> None:
        """Plan an action; plans for the past run now."""
        heapq.heappush(self._plans, (max(at, self.clock.now), next(self._order), do))

    def run_until(self, until: datetime) -> None:
        """Run everything that was planned until then, and the city's clock."""
        while True:
            at = self._plans[0][0] if self._plans else until
            if self._acts_next <= min(at, until):
                self.clock.now = self._acts_next
                self._acts_next = next(self._acting)
                self.act()
            elif self._plans and at <= until:
                _, _, do = heapq.heappop(self._plans)
                self.clock.now = at
                self._try(do)
            else:
                self.clock.now = until
                return

    def act_at(self, at: datetime) -> None:
        """Let the city's clock act at that time too: a seat is released, an offer has ended."""
        if at not in self._asked:
            self._asked.add(at)
            self.plan(at, self.act)

    def act(self) -> None:
        """Let the city's clock act now, and people see the result."""
        self._worker.run_due()
        for check in self.after_acting:
            check()

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except Refusal as refusal:
            # People try actions that the rules then refuse: a seat lapsed, a case moved on.
            self.refused.append(refusal.key)
            _log.info("refused in the story: %s", refusal.key)

    def office_hour(self, days: int) -> datetime:
        """Return a random office hour, that many working days from now (0: the next one)."""
        day = tehran_day(self.clock.now)
        while days > 0 or not is_working_day(day):
            day += timedelta(days=1)
            days -= is_working_day(day)
        minute = self.rng.randrange(0, 300)
        at = at_tehran(day, "08:30") + timedelta(minutes=minute)
        return at if at > self.clock.now else self.clock.now + timedelta(minutes=5)

    def soon(self, least_hours: float, most_hours: float) -> datetime:
        """Return a time within these hours, but not at night."""
        hours = self.rng.uniform(least_hours, most_hours)
        at = self.clock.now + timedelta(minutes=round(hours * 60))
        wakes = at_tehran(tehran_day(at), "07:10")
        return max(at, wakes + timedelta(minutes=self.rng.randrange(90))) if at < wakes else at

    def happens(self, share: float) -> bool:
        return self.rng.random() < share


def _acting(after: datetime) -> Iterator[datetime]:
    for day in map(timedelta, itertools.count()):
        on = tehran_day(after) + day
        for clock in _ACTS.get(on.weekday(), _LINE_MOVES):
            at = at_tehran(on, clock)
            if at > after:
                yield at
