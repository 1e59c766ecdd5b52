"""`Line.until` comes to an end even if a job of the program stays due for ever."""

import pytest
from support.city import City
from support.clock import FixedClock
from support.line import DRAWN, WEDNESDAY, Line

from publicmeeting.worker.scheduler import Scheduler


def test_days_end_where_the_clock_does_not_get_done_with_what_is_due(
    city: City, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scheduler, "run_due", lambda _: None)
    with pytest.raises(AssertionError, match="stays due"):
        Line(city, clock).until(WEDNESDAY, DRAWN)
