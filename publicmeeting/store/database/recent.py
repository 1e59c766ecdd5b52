"""Cache of computed answers within one process, for at most a second."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from publicmeeting.kit.topics import EVERYTHING

T = TypeVar("T")

OLDEST = timedelta(seconds=1)
"""Maximum age of an answer, whatever other processes have changed."""

DROPS_LAST = 60.0
"""How long invalidations are remembered, in seconds.

A transaction that began earlier stores nothing.
"""

FACTS_MOST = 1000
"""Maximum number of facts: lists of ten years of Mondays, twice."""


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object
    topics: frozenset[str]
    city_at: datetime
    until: float
    """Expiry by the machine's monotonic clock."""

    def is_new(self, now: datetime) -> bool:
        return time.monotonic() < self.until and timedelta(0) <= now - self.city_at < OLDEST


@dataclass(eq=False, slots=True)
class _Computing:
    """An answer being computed; it is late once one of its topics was published."""

    topics: frozenset[str]
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class _Drop:
    number: int
    topics: frozenset[str]
    at: float
    """Time by the machine's monotonic clock."""


class Recent:
    """Answers by key, until one of their topics is published, and never longer than `OLDEST`.

    Only for data that is the same for all permitted readers: the actor is not part of a key.
    """

    def __init__(self) -> None:
        self._answers: dict[Hashable, _Answer] = {}
        self._computing: set[_Computing] = set()
        self._facts: dict[Hashable, None] = {}
        self._drops: deque[_Drop] = deque()
        self._dropped = self._unknown = 0
        """Number of invalidations, and of the newest one that is no longer remembered."""
        self._lock = threading.Lock()

    def since_now(self) -> "RecentSince":
        """Return a view for a transaction that begins now."""
        with self._lock:
            return RecentSince(self, self._dropped)

    def get_or_compute(
        self,
        key: Hashable,
        topics: Collection[str],
        now: datetime,
        compute: Callable[[], T],
        since: int | None = None,
    ) -> T:
        """Return the stored answer, or compute and store it; `now` is the city's time.

        `since` is the number of invalidations when the transaction began. The transaction may see
        the tables as of then, so its answer is not stored if a topic was invalidated meanwhile.
        """
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None and answer.is_new(now):
                return cast("T", answer.value)
            computing = _Computing(frozenset(topics))
            computing.is_late = since is not None and self._is_dropped(computing.topics, since)
            self._computing.add(computing)
        until = time.monotonic() + OLDEST.total_seconds()
        try:
            value = compute()
            with self._lock:
                if not computing.is_late:
                    self._answers[key] = _Answer(value, computing.topics, now, until)
        finally:
            with self._lock:
                self._computing.discard(computing)
        return value

    def _is_dropped(self, topics: frozenset[str], since: int) -> bool:
        newer = (drop.topics for drop in self._drops if drop.number > since)
        return since < self._unknown or any(EVERYTHING in one or one & topics for one in newer)

    def note(self, fact: Hashable) -> None:
        """Store a final published fact, such as a list that was signed in time."""
        with self._lock:
            self._facts[fact] = None
            if len(self._facts) > FACTS_MOST:
                del self._facts[next(iter(self._facts))]

    def knows(self, fact: Hashable) -> bool:
        """Whether a fact is stored; False does not mean that it is false."""
        with self._lock:
            return fact in self._facts

    def get(self, key: Hashable, now: datetime) -> object | None:
        """Return the stored answer, or None."""
        with self._lock:
            answer = self._answers.get(key)
        return answer.value if answer is not None and answer.is_new(now) else None

    def drop(self, topics: Collection[str]) -> None:
        """Invalidate the answers of these topics."""
        if not topics:
            return
        everything = EVERYTHING in topics
        published = set(topics)
        at = time.monotonic()
        with self._lock:
            self._dropped += 1
            self._drops.append(_Drop(self._dropped, frozenset(published), at))
            while self._drops[0].at < at - DROPS_LAST:
                self._unknown = self._drops.popleft().number
            old = [
                k for k, answer in self._answers.items() if everything or answer.topics & published
            ]
            for key in old:
                del self._answers[key]
            if everything:
                self._facts.clear()
            for computing in self._computing:
                computing.is_late = (
                    computing.is_late or everything or bool(computing.topics & published)
                )


class RecentSince:
    """`Recent` as seen by one transaction."""

    def __init__(self, recent: Recent, since: int) -> None:
        self._recent, self._since = recent, since
        self.get, self.note, self.knows = recent.get, recent.note, recent.knows

    def get_or_compute(
        self, key: Hashable, topics: Collection[str], now: datetime, compute: Callable[[], T]
    ) -> T:
        return self._recent.get_or_compute(key, topics, now, compute, self._since)
