"""How much one person may set going by herself.

Each step is an event, and many are entries of the public log that everybody who checks it fetches;
neither can ever be taken back.
"""

from datetime import timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit import Work

STEPS, AN_HOUR = 60, timedelta(hours=1)
"""A citizen's steps, on her request and on its orders."""
FILINGS, A_DAY = 6, timedelta(days=1)
"""Requests filed for one person: more often than anybody who withdraws by mistake."""


def count_step(work: Work, actor: Actor) -> None:
    """Denied("too_many_requests") above the limit; officials are not counted."""
    if actor.person_id is not None:
        work.codes.allow(f"steps/{actor.person_id}", STEPS, AN_HOUR)


def count_filing(work: Work, person_id: str) -> None:
    """Denied("filed_too_often") above the limit."""
    try:
        work.codes.allow(f"filings/{person_id}", FILINGS, A_DAY)
    except Denied:
        raise Denied("filed_too_often", limit=FILINGS) from None
