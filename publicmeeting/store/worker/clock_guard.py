"""Stop writing when the machine's clock is wrong, since wrong timestamps cannot be corrected."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.clock import DRIFT_MOST, utc_now

_STAYS = timedelta(seconds=1)
"""How long one comparison with the database's clock stays valid."""
LEAP_MOST = timedelta(minutes=1)
"""Maximum jump of a running machine's clock; after a larger one, writing stops for a while."""
LEAPT_FOR = timedelta(minutes=10)
"""After this time the new clock setting is trusted; the operator had time to notice an error."""


class WrongClockError(Unavailable):
    """The clocks of this machine and the database differ too much."""

    def __init__(self, drift: timedelta) -> None:
        super().__init__("clock_wrong")
        self.drift = drift
        """Lead of this machine over the database, or over itself; negative if it is behind."""


def awake() -> float:
    """Return the seconds since boot, including sleep; they cannot be set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockGuard:
    """Compares the clocks at most once a second, or as soon as this machine's clock was set.

    If the database runs on this machine, both clocks are the same, so a jump is detected by the
    time since boot. This matters because a list that is fixed a week too early stays fixed. Threads
    may share the guard; either of two concurrent comparisons is valid.
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
        """Raise `WrongClockError` if the difference exceeds `DRIFT_MOST`, or a database error."""
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
        """Raise while the clock has jumped, until it is back or the jump has lasted long enough.

        `started` is the time of the machine's boot, by the current setting of its clock.
        """
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
