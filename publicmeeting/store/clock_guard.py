"""A machine whose clock is wrong changes nothing: what it dated, nobody could correct."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.clock import DRIFT_MOST, utc_now

_STAYS = timedelta(seconds=1)
"""How long one comparison with the database's clock is believed."""
LEAP_MOST = timedelta(minutes=1)
"""So far may this machine's clock be set while it runs; beyond it nothing is done for a while."""
LEAPT_FOR = timedelta(minutes=10)
"""Then the new time is believed: whoever has set it by mistake has had so long to see it."""


class WrongClockError(Unavailable):
    """This machine's clock and the database's are too far apart."""

    def __init__(self, drift: timedelta) -> None:
        super().__init__("clock_wrong")
        self.drift = drift
        """How far this machine is ahead, of the database or of itself; negative when behind."""


def awake() -> float:
    """Seconds that this machine has run, asleep or not: nobody sets them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockGuard:
    """Compares the clocks, at most once a second unless this machine's has been set meanwhile.

    Where the database runs on this machine its clock is the same one, so a leap is found by the
    seconds the machine has run. A list that is fixed a week too early is fixed for good.

    Threads may share it; of two that compare at once either is right.
    """

    def __init__(
        self,
        drift: Callable[[], timedelta],
        seconds: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        ran: Callable[[], float] = awake,
    ) -> None:
        self._drift = drift
        self._seconds = seconds
        self._now = now
        self._ran = ran
        self._compared: tuple[float, datetime] | None = None
        self._started: datetime | None = None
        self._leapt: tuple[timedelta, float] | None = None

    def check(self) -> None:
        """Raise `WrongClockError` beyond `DRIFT_MOST`, and whatever the database raises."""
        if self._is_fresh():
            return
        self._compared = None
        started = self._now() - timedelta(seconds=self._ran())
        self._refuse_leap(started)
        drift = self._drift()
        if abs(drift) > DRIFT_MOST:
            raise WrongClockError(drift)
        self._compared = self._seconds(), self._now()
        self._started, self._leapt = started, None

    def _refuse_leap(self, started: datetime) -> None:
        """Raise while the clock stands otherwise than when it was believed last, until it does
        again or stays so; `started` is when the machine was, by its clock as it is set now."""
        leap = started - (self._started or started)
        if abs(leap) <= LEAP_MOST:
            return
        known = self._leapt
        if known is None or abs(leap - known[0]) > LEAP_MOST:
            known = self._leapt = leap, self._ran()
        if self._ran() - known[1] < LEAPT_FOR.total_seconds():
            raise WrongClockError(leap)

    def _is_fresh(self) -> bool:
        compared = self._compared
        if compared is None:
            return False
        since = timedelta(seconds=self._seconds() - compared[0])
        was_set = abs(self._now() - compared[1] - since) > _STAYS
        return since <= _STAYS and not was_set
