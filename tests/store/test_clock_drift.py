"""Difference between the clocks of the machine and of the database."""

from datetime import timedelta

import pytest
from support.city import KEY

from publicmeeting.kit.clock import DRIFT_MOST, utc_now
from publicmeeting.store import unit_of_work
from publicmeeting.store.unit_of_work import Store


@pytest.mark.parametrize("days", [-5, 5])
def test_a_wrong_clock_is_seen_against_the_databases(
    engine_url: str, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(engine_url, KEY)
    assert abs(store.clock_drift()) <= DRIFT_MOST
    monkeypatch.setattr(unit_of_work, "utc_now", lambda: utc_now() + timedelta(days=days))
    drift = store.clock_drift()
    store.close()
    if store.has_clock:
        assert abs(drift - timedelta(days=days)) <= DRIFT_MOST
    else:
        assert drift == timedelta(0)
