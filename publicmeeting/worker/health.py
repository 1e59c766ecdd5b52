"""Whether the service does its work, for the people who run it; no person's data."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.sms_budget import codes_sent_today
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.worker.cleanup import SWEEP, Stopped, stopped
from publicmeeting.worker.jobs import find_jobs, next_instant


@dataclass(frozen=True, slots=True)
class Health:
    behind: timedelta
    """How long the oldest of all that the clock does by itself has been due."""
    notices_waiting: int
    notices_failing: int
    """Of those, how many have been tried in vain."""
    codes_today: int
    """One-time codes sent in the present day of the budget."""
    sweep_stopped: Stopped | None = None
    """Why files that nothing names are left where they lie, where somebody has to look."""
    swept_at: datetime | None = None
    """Machine time of the last sweep of rows and files."""
    unfound: int = 0
    """Kinds of the clock's work that could not be searched for: what is due of them is in no figure
    here, and is not done."""


@usecase(*ANYONE)
def health(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> Health:
    """Of all processes together."""
    waiting, faults = find_jobs(uow, now, now)
    at = next_instant(uow, waiting)
    behind = max(now - at, timedelta(0)) if at else timedelta(0)
    stop = stopped(uow)
    alarm = stop if stop is not None and stop.why.is_alarming else None
    outbox = uow.outbox
    return Health(
        behind,
        outbox.waiting(),
        outbox.failing(),
        codes_sent_today(uow),
        alarm,
        uow.clockwork.done_at(SWEEP),
        len(faults),
    )
