"""Deadlines as days: the last day of one, and by how much it has passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.calendar import working_days_between
from publicmeeting.kit.clock import tehran_day

_INSTANT = timedelta(microseconds=1)


class LateIn(StrEnum):
    """What is late: the work itself, or a step on the way that has a deadline of its own."""

    WORK = "work"
    TAKING_ON = "taking_on"
    DECISION = "decision"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Working days, 0 while in time, and what they are counted of."""

    days: int = 0
    of: LateIn = LateIn.WORK


IN_TIME = Lateness()


def last_day(due_at: datetime) -> date:
    """The last Tehran day on which one is in time: a deadline of 24:00 belongs to its own day."""
    return tehran_day(due_at - _INSTANT)


def is_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and now >= due_at


def late_days(due_at: datetime | None, now: datetime) -> int:
    """Working days past a deadline, 0 while in time; the first one counts as soon as it passed."""
    if due_at is None or not is_late(due_at, now):
        return 0
    return max(1, working_days_between(last_day(due_at), tehran_day(now)))
