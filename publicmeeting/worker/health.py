"""Health of the service for its operators; no person's data."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.rate_limits import codes_sent_today
from publicmeeting.worker.cleanup import SWEEP, Stopped, stopped
from publicmeeting.worker.jobs import find_jobs, next_instant


@dataclass(frozen=True, slots=True)
class Health:
    behind: timedelta
    """How long the oldest job of the clock has been due."""
    notices_waiting: int
    notices_failing: int
    """How many of those have been tried without success."""
    codes_today: int
    """One-time codes sent in the current day of the budget."""
    sweep_stopped: Stopped | None = None
    """Why unnamed files are not moved, if somebody has to look."""
    swept_at: datetime | None = None
    """Machine time of the last sweep of rows and files."""
    unfound: int = 0
    """Kinds of the clock's jobs that could not be searched for.

    Their due jobs are in no figure here and are not done.
    """


_DOCTOR = "doctor/"
"""Mark of when `doctor` last came to its end, with the number of its findings."""
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Examination:
    at: datetime
    """Machine time."""
    findings: int


def note_examination(store: Store, now: datetime, findings: int) -> None:
    """Record that `doctor` came to its end, so that `/health` shows what it found."""
    with store.unit_of_work(now) as uow:
        uow.clockwork.forget_after(_DOCTOR, _NEVER)
        uow.clockwork.mark_done(f"{_DOCTOR}{findings}", now)


def newest_examination(uow: UnitOfWork) -> Examination | None:
    """Return the newest one; None if `doctor` never came to its end."""
    noted = [
        Examination(at, int(name.removeprefix(_DOCTOR)))
        for name, at in uow.clockwork.marks(_DOCTOR).items()
    ]
    return max(noted, key=lambda mark: mark.at, default=None)


_BACKUP = "backup"
"""Mark of when somebody last reported that a backup was complete."""


def note_backup(store: Store, now: datetime) -> None:
    """Record that database and files have been copied, so that `/health` shows the copy's age."""
    with store.unit_of_work(now) as uow:
        uow.clockwork.mark_done(_BACKUP, now)


def newest_backup(uow: UnitOfWork) -> datetime | None:
    """Return the machine time of the newest copy; None if none was ever reported."""
    return uow.clockwork.done_at(_BACKUP)


@usecase(*ANYONE)
def health(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> Health:
    """Return the health of the whole installation, across all processes."""
    waiting, faults = find_jobs(uow, now, now, by_rows=True)
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
