"""What of a deadline is given back where the city did not run (docs/turns.md 2)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeAlias

Outage: TypeAlias = tuple[datetime, datetime]
"""Its beginning and its end."""

TIME_TO_ANSWER = timedelta(hours=1)
"""Before the end of a deadline: whoever has that much, with the city running, could answer."""
GIVEN_BACK_FROM = timedelta(days=1)
"""An outage of so much of a deadline is given back wherever it lies in it; a shorter one costs
nobody anything who had time to answer after it."""


def prolonged(since: datetime, ends_at: datetime, outages: Iterable[Outage]) -> datetime:
    """The end of a deadline that began at `since`, with the hours that outages took of it.

    One counts that leaves her less than an hour before the end, or that took a day and more.
    """
    for gone, back in sorted(outages):
        begins = max(gone, since)
        is_at_the_end = begins <= ends_at - TIME_TO_ANSWER < back
        if begins < min(back, ends_at) and (is_at_the_end or back - begins >= GIVEN_BACK_FROM):
            ends_at += back - begins
    return ends_at
