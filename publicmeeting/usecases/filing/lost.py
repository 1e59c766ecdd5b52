"""Filings that were lost with the hours after a backup, so that citizens read of it.

A tracking code of these hours is answered like an invented one: nobody knows it any more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Nothing, usecase

SHOWN_FOR = timedelta(days=60)
"""How long citizens read of them, from the last one on."""
_MARKS = "lost_filings/"
"""Marks of the first and the last one, by their numbers: the database owner can invent none."""
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LostFilings:
    number: int
    first: datetime
    last: datetime
    """When the first and the last of them were filed."""


@usecase(*ANYONE)
def lost_filings(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> LostFilings | None:
    """Return the filings that were lost lately; None if there are none."""
    return _lately(uow, now)


def note_lost(uow: UnitOfWork, filed_at: datetime) -> None:
    """Count one more lost filing. They are noted in the order of their times."""
    before = _lately(uow, filed_at)
    number, first = (before.number, before.first) if before else (0, _NEVER)
    uow.clockwork.forget_after(_MARKS, first)
    uow.clockwork.mark_done(f"{_MARKS}{number + 1}", filed_at)


def _lately(uow: UnitOfWork, now: datetime) -> LostFilings | None:
    times = {int(name.removeprefix(_MARKS)): at for name, at in uow.clockwork.marks(_MARKS).items()}
    if not times:
        return None
    found = LostFilings(max(times), times[min(times)], times[max(times)])
    return found if now - found.last < SHOWN_FOR else None
