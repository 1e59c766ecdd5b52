"""A meeting on paper that is entered after its day: how long, and what it leads to."""

from datetime import date, timedelta

from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action

PAPER_WITHIN = timedelta(days=3)
"""To the end of Thursday, as long as a no-show of that Monday can be contested."""
MONDAY = "monday"
"""Key of the note: the day on which she was met, as an ISO day."""


def is_paper_open(monday: date, today: date) -> bool:
    """Whether what happened on paper on that Monday can still be entered."""
    return monday <= today <= monday + PAPER_WITHIN


def may_order_from_paper(request: Request, today: date) -> bool:
    """The mayor writes what was promised on paper as orders, like at every meeting: units begin
    with it whether she has confirmed the meeting yet or not."""
    noted = request.last(Action.NOTE_PAPER)
    return noted is not None and is_paper_open(
        date.fromisoformat(str(noted.payload[MONDAY])), today
    )
