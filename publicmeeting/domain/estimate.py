"""When somebody who waits will go in: a range of clock times, from the pace of the day itself.

The pace is the mean of the day's finished meetings, with the planned length counted as four of
them: the first visitors are shown the plan, the later ones what the day is like. Its spread grows
with the people before her and with how little the day has shown yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

LOOKING_BACK = timedelta(weeks=8)
"""How far the waits and shares look back that citizens read before they file or go."""
STEP = timedelta(minutes=5)
"""Ranges begin and end on these: nobody knows it better."""
NOTABLE = timedelta(minutes=5)
"""Whoever is expected to go in by less than this after her time is in time."""
FEWEST = 10
"""Of fewer nothing is published: three of four is no share, and one of one would identify her."""
_PLANNED = 4
"""So many meetings of the planned length are counted beside those that have taken place."""
_LEAST_LEFT = 0.35
"""Whoever is inside takes at least this share of a meeting more, however long she has been in."""
_EACH, _PACE = 0.55, 0.045
"""Spread of one meeting, as a share of the mean; variance of the mean itself after four."""
_SOONER, _LATER = 1.0, 1.5
"""How many spreads a range goes below and above its mean: meetings run over more than short."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the day has shown so far."""

    slot: timedelta
    """The planned length of a meeting."""
    finished: tuple[timedelta, ...] = ()
    """How long each meeting took that is over."""
    inside_for: timedelta | None = None
    """How long somebody has been in the room; None while it is empty."""

    @property
    def mean(self) -> timedelta:
        """How long a meeting of this day takes, as far as is known."""
        total = _PLANNED * self.slot + sum(self.finished, timedelta())
        return total / (_PLANNED + len(self.finished))

    @property
    def left(self) -> timedelta:
        """How long the room stays taken by whoever is inside."""
        if self.inside_for is None:
            return timedelta()
        return max(self.mean - self.inside_for, self.least_left)

    @property
    def least_left(self) -> timedelta:
        """The same for whoever has been in longer than a meeting takes."""
        return timedelta() if self.inside_for is None else _LEAST_LEFT * self.mean


@dataclass(frozen=True, slots=True)
class EntryRange:
    """Between which instants somebody is expected to go in, on steps of five minutes; `likely` is
    the mean, to the second, and `own_time` that of her seat."""

    own_time: datetime
    earliest: datetime
    latest: datetime
    likely: datetime

    @property
    def delay(self) -> tuple[timedelta, timedelta]:
        """The least and the most by which she goes in after her own time."""
        return self.earliest - self.own_time, self.latest - self.own_time

    @property
    def is_late(self) -> bool:
        return self.likely - self.own_time >= NOTABLE


@dataclass(frozen=True, slots=True)
class RangesHeld:
    """Of the last eight weeks of a district; nothing is shown while it is not `enough`."""

    held: int = 0
    shown: int = 0

    @property
    def enough(self) -> bool:
        return self.shown >= FEWEST


def entry_range(pace: Pace, before: int, own_time: datetime, now: datetime) -> EntryRange:
    """The range for somebody with so many `before` her who still wait; whoever is inside is not one
    of them.

    mean = left + before·m; spread² = (before + 1)(0.55 m)² + ((before + 1) m)²·0.045·4/(4 + n),
    where m is the mean of the day and n its finished meetings. From one spread below the mean to
    one and a half above it, outwards to five minutes. Nobody goes in before her own time, and a
    range is never shorter than five minutes. ValueError for a negative number.
    """
    if before < 0:
        raise ValueError(f"nobody has {before} people before her")
    mean, at = pace.mean, now + pace.left + before * pace.mean
    share = (before + 1) * _EACH**2
    share += (before + 1) ** 2 * _PACE * _PLANNED / (_PLANNED + len(pace.finished))
    spread = sqrt(share) * mean
    earliest = max(_down(at - _SOONER * spread), _down(now), own_time)
    return EntryRange(
        own_time=own_time,
        earliest=earliest,
        latest=max(_up(at + _LATER * spread), earliest + STEP),
        likely=max(at, own_time),
    )


def is_within(earliest: datetime, latest: datetime, entered_at: datetime) -> bool:
    """Whether she went in within a range; its last minute belongs to it."""
    return earliest <= entered_at < latest + timedelta(minutes=1)


def before_her(times: Sequence[tuple[bool, datetime]], hers: tuple[bool, datetime]) -> int:
    """How many of those who wait go in before her: by time, and whoever came late after all others.

    Each is whether she came late, and the time of her seat; `times` may have hers among them.
    """
    return sum(time < hers for time in times)


def _down(at: datetime) -> datetime:
    return at - timedelta(seconds=at.timestamp() % STEP.total_seconds())


def _up(at: datetime) -> datetime:
    below = _down(at)
    return below if below == at else below + STEP
