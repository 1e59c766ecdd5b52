"""When a waiting citizen goes in, and her situation on the day of her seat.

An estimate is a range of clock times from the pace of the day. The pace is the mean duration of the
day's finished meetings, with the planned length counted as four further meetings. Early in the day
the estimate therefore follows the plan, later the actual day. The spread grows with the number of
people before the citizen, and is larger when few meetings have finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day

LOOKING_BACK = timedelta(weeks=8)
"""Period of past waits and shares that is shown to citizens before they file or travel."""
STEP = timedelta(minutes=5)
"""Ranges begin and end on multiples of this; the estimate is not more precise."""
NOTABLE = timedelta(minutes=5)
"""A citizen expected to go in less than this after her time counts as in time."""
FEWEST = 10
"""Minimum sample size of published figures.

A share of four cases means little, and a single case would identify the citizen.
"""
_PLANNED = 4
"""Number of meetings of planned length that are averaged with the finished ones."""
_LEAST_LEFT = 0.35
"""Minimum remaining share of a mean meeting for the visitor in the room, however long she stays."""
_EACH, _PACE = 0.55, 0.045
"""Spread of one meeting as a share of the mean; variance of the mean itself after four meetings."""
_SOONER, _LATER = 1.0, 1.5
"""How many spreads a range extends below and above its mean: overruns are more common."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the day has shown so far."""

    slot: timedelta
    """Planned length of a meeting."""
    finished: tuple[timedelta, ...] = ()
    """Duration of each finished meeting."""
    inside_for: timedelta | None = None
    """How long the current visitor has been in the room; None while it is empty."""

    @property
    def mean(self) -> timedelta:
        """Estimated length of a meeting on this day."""
        total = _PLANNED * self.slot + sum(self.finished, timedelta())
        return total / (_PLANNED + len(self.finished))

    @property
    def left(self) -> timedelta:
        """Estimated time until the room is free."""
        if self.inside_for is None:
            return timedelta()
        return max(self.mean - self.inside_for, self.least_left)

    @property
    def least_left(self) -> timedelta:
        """Minimum remaining time of a visitor who has stayed longer than the mean."""
        return timedelta() if self.inside_for is None else _LEAST_LEFT * self.mean


@dataclass(frozen=True, slots=True)
class EntryRange:
    """Range of instants, on steps of five minutes, in which a citizen is expected to go in.

    `likely` is the mean, to the second. `own_time` is the time of her seat.
    """

    own_time: datetime
    earliest: datetime
    latest: datetime
    likely: datetime

    @property
    def delay(self) -> tuple[timedelta, timedelta]:
        """The smallest and largest expected delay after her own time."""
        return self.earliest - self.own_time, self.latest - self.own_time

    @property
    def is_late(self) -> bool:
        return self.likely - self.own_time >= NOTABLE


@dataclass(frozen=True, slots=True)
class RangesHeld:
    """How often a district's ranges were right in the last eight weeks; shown only if `enough`."""

    held: int = 0
    shown: int = 0

    @property
    def enough(self) -> bool:
        return self.shown >= FEWEST


def entry_range(pace: Pace, before: int, own_time: datetime, now: datetime) -> EntryRange:
    """Return the range for a citizen with `before` others waiting before her.

    `before` does not include the visitor in the room.

    mean = left + before·m; spread² = (before + 1)(0.55 m)² + ((before + 1) m)²·0.045·4/(4 + n),
    where m is the mean of the day and n the number of its finished meetings. The range goes from
    one spread below the mean to one and a half above it, rounded outwards to five minutes. Nobody
    goes in before her own time, and a range is never shorter than five minutes. Raises ValueError
    for a negative number.
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
    """Whether she went in within the range; its last minute counts as inside."""
    return earliest <= entered_at < latest + timedelta(minutes=1)


def before_her(times: Sequence[tuple[bool, datetime]], hers: tuple[bool, datetime]) -> int:
    """Count the waiting citizens who go in before her: by seat time, latecomers after all others.

    Each entry is (came late, time of the seat); `times` may contain her own.
    """
    return sum(time < hers for time in times)


def _down(at: datetime) -> datetime:
    return at - timedelta(seconds=at.timestamp() % STEP.total_seconds())


def _up(at: datetime) -> datetime:
    below = _down(at)
    return below if below == at else below + STEP


NOT_BEFORE = timedelta(minutes=45)
"""A citizen who arrives more than this before her time is too early."""


class DayState(StrEnum):
    """Her situation on the day; each has its own sentence."""

    EARLY = "early"
    DUE = "due"
    """She may come, and reception has not seen her yet."""
    LATE = "late"
    """Ten minutes have passed since her time, and reception has not seen her."""
    GIVEN = "given"
    """She was in the hall and was assigned a free seat, whose time may have passed."""
    HERE = "here"
    CALLED = "called"
    FETCHED = "fetched"
    """She cannot hear or see the call, so reception walks up to her."""
    COMING = "coming"
    """She answered the call; until the wait is over nobody may write that she is absent."""
    INSIDE = "inside"
    MISSED = "missed"
    """Noted as absent; she may still come late."""
    MISSED_TAKEN = "missed_taken"
    """Noted as absent, and a standby has her seat."""
    MISSED_OVER = "missed_over"
    OVER = "over"
    """The hours ended before her turn, although she was there."""
    BY_PHONE = "by_phone"
    """She is telephoned at her time and comes nowhere."""
    RUNG = "rung"
    """She was telephoned and did not answer; reception tries once more."""
    REACHED = "reached"
    """She answered the phone, and the meeting before hers is not over yet."""
    ON_THE_LINE = "on_the_line"
    """Her meeting takes place by telephone."""
    UNSEEN = "unseen"
    """The hours ended, and reception had not seen her."""


MISSED = frozenset({DayState.MISSED, DayState.MISSED_TAKEN, DayState.MISSED_OVER})
_NO_NUMBER = MISSED | {DayState.OVER, DayState.UNSEEN, DayState.INSIDE, DayState.ON_THE_LINE}


@dataclass(frozen=True, slots=True)
class MyDay:
    """The day of a citizen who holds a seat today, or has held it until now."""

    state: DayState
    number: int
    own_time: datetime
    ends_at: datetime
    """Until then she may still be received."""
    inside: int = 0
    """Number of the visitor in the room; 0 while it is empty."""
    begins_at: datetime | None = None
    """Time of the first seat, while it is still ahead."""
    before: int | None = None
    """How many go in before her; None once she no longer waits."""
    entry: EntryRange | None = None
    came_at: datetime | None = None
    calls: int = 0
    """How often she was called since she arrived or left the room."""
    call_id: int = 0
    """Event id of the newest of these calls, 0 without one.

    The page uses it so that a reload does not alert her again to a call that she has already
    noticed.
    """
    waited_until: datetime | None = None
    """Until when she is waited for, after she answered that she is coming."""
    ranges: RangesHeld = field(default_factory=RangesHeld)
    """How often the district's ranges were right lately."""
    is_fetched: bool = False
    """Whether somebody fetches her, in any state; she is never called by number."""
    was_rung: bool = False
    """Whether reception telephones her today instead of calling her, in any state."""
    is_passed: bool = False
    """Somebody with a later time went in while she was there; the log has the reason."""
    contest: Action | None = None
    """How far a contest of her no-show is: `NO_SHOW` while she may, then the newest step of it."""

    @property
    def is_called(self) -> bool:
        """A call is open, and she has not answered it."""
        return self.state in (DayState.CALLED, DayState.FETCHED)

    @property
    def is_followed(self) -> bool:
        """Whether she still follows her own number."""
        return self.state not in _NO_NUMBER

    @property
    def is_by_phone(self) -> bool:
        """She is at home, and reception telephones instead of calling her."""
        return self.state in (DayState.BY_PHONE, DayState.RUNG)


# «دارم می‌آیم»: how long the city waits for a citizen who answers a call with it.

WAITED_FOR = timedelta(minutes=10)
"""As long as the wait after her own time; once a day."""


def coming_until(request: Request) -> datetime | None:
    """Return until when nobody may note her absent, after «دارم می‌آیم» on the day of her seat.

    None without such an answer.
    """
    word = request.last(Action.COMING)
    if word is None or request.seat is None or tehran_day(word.at) != request.seat.monday:
        return None
    return word.at + WAITED_FOR
