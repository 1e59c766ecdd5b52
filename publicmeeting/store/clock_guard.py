"""A machine whose clock is wrong changes nothing: what it dated, nobody could correct."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.clock import DRIFT_MOST, utc_now

_STAYS = timedelta(seconds=1)
"""How long one comparison with the database's clock is believed."""


class WrongClockError(Unavailable):
    """This machine's clock and the database's are too far apart."""

    def __init__(self, drift: timedelta) -> None:
        super().__init__("clock_wrong")
        self.drift = drift
        """How far this machine is ahead; negative when it is behind."""


class ClockGuard:
    """Compares the clocks, at most once a second unless this machine's has been set meanwhile.

    Threads may share it; of two that compare at once either is right.
    """

    def __init__(
        self,
        drift: Callable[[], timedelta],
        seconds: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._drift = drift
        self._seconds = seconds
        self._now = now
        self._compared: tuple[float, datetime] | None = None

    def check(self) -> None:
        """Raise `WrongClockError` beyond `DRIFT_MOST`, and whatever the database raises."""
        if self._is_fresh():
            return
        self._compared = None
        drift = self._drift()
        if abs(drift) > DRIFT_MOST:
            raise WrongClockError(drift)
        self._compared = self._seconds(), self._now()

    def _is_fresh(self) -> bool:
        compared = self._compared
        if compared is None:
            return False
        since = timedelta(seconds=self._seconds() - compared[0])
        was_set = abs(self._now() - compared[1] - since) > _STAYS
        return since <= _STAYS and not was_set
