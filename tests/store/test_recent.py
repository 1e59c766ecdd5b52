"""The cache of one second: never older, dropped with its topic, never filled before a change."""

from datetime import UTC, datetime, timedelta

import pytest

from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.store.database import recent
from publicmeeting.store.database.recent import OLDEST, Recent

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)


class Asked:
    """A cached answer, and how often it was computed."""

    def __init__(self) -> None:
        self.recent = Recent()
        self.times = 0

    def at(self, now: datetime = NOW) -> int:
        return self.recent.get_or_compute("line", ("line:6", "rules"), now, self._compute)

    def _compute(self) -> int:
        self.times += 1
        return self.times


@pytest.mark.parametrize(
    ("later", "times"),
    [
        (timedelta(0), 1),
        (OLDEST - timedelta(microseconds=1), 1),
        (OLDEST, 2),
        (timedelta(days=3), 2),
        (-timedelta(microseconds=1), 2),
    ],
)
def test_an_answer_is_younger_than_a_second_of_the_citys_time(later: timedelta, times: int) -> None:
    asked = Asked()
    asked.at()
    assert asked.at(NOW + later) == times


def test_an_answer_is_younger_than_a_second_of_the_machines_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, machine = Asked(), [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: machine[0])
    asked.at()
    machine[0] += 0.9
    assert asked.at() == 1
    machine[0] += 0.1
    assert asked.at() == 2


@pytest.mark.parametrize(
    ("topics", "times"),
    [({"line:6"}, 2), ({"rules", "x"}, 2), ({EVERYTHING}, 2), ({"line:4"}, 1), (set(), 1)],
)
def test_an_answer_goes_with_its_topics(topics: set[str], times: int) -> None:
    asked = Asked()
    asked.at()
    asked.recent.drop(topics)
    assert asked.at() == times


@pytest.mark.parametrize("stored_before", [False, True])
def test_what_was_read_before_a_ring_is_not_kept_after_it(*, stored_before: bool) -> None:
    asked = Asked()
    if stored_before:
        asked.at()

    def slow() -> str:
        asked.recent.drop({"line:6"})
        return "before"

    assert asked.recent.get_or_compute("other", ("line:6",), NOW, slow) == "before"
    assert asked.recent.get_or_compute("other", ("line:6",), NOW, lambda: "after") == "after"


def test_what_is_known_is_not_computed() -> None:
    asked = Asked()
    assert asked.recent.get("line", NOW) is None
    asked.at()
    assert asked.recent.get("line", NOW) == 1
    assert asked.recent.get("line", NOW + OLDEST) is None


def test_a_fact_stays_until_everybody_has_to_read_again() -> None:
    facts = Recent()
    assert not facts.knows("signed")
    facts.note("signed")
    facts.drop({"draws"})
    assert facts.knows("signed")
    facts.drop({EVERYTHING})
    assert not facts.knows("signed")


def test_only_the_newest_facts_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "FACTS_MOST", 2)
    facts = Recent()
    for fact in ("first", "second", "third"):
        facts.note(fact)
    assert [facts.knows(fact) for fact in ("first", "second", "third")] == [False, True, True]


@pytest.mark.parametrize(("dropped", "times"), [("line:6", 2), (EVERYTHING, 2), ("line:4", 1)])
def test_what_an_older_transaction_computes_is_not_stored(dropped: str, times: int) -> None:
    asked = Asked()
    begun = asked.recent.since_now()
    asked.recent.drop({dropped})
    compute = asked._compute
    assert begun.get_or_compute("line", ("line:6", "rules"), NOW, compute) == 1
    now = asked.recent.since_now()
    assert now.get_or_compute("line", ("line:6", "rules"), NOW, compute) == times


def test_a_transaction_older_than_what_is_known_of_drops_stores_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, machine = Asked(), [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: machine[0])
    begun = asked.recent.since_now()
    asked.recent.drop({"line:6"})
    machine[0] += recent.DROPS_LAST + 1
    asked.recent.drop({"line:4"})
    compute = asked._compute
    begun.get_or_compute("line", ("line:6", "rules"), NOW, compute)
    assert asked.recent.get("line", NOW) is None
