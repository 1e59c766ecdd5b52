"""Who is in the hall on a Monday: an index of the log's `present` entries, read by the clock."""

from datetime import date, datetime, timedelta

from publicmeeting.store.unit_of_work import UnitOfWork

STAYS = timedelta(weeks=8)
"""How long after its Monday a mark is kept; the clock reads all of them repeatedly."""
_PRESENT = "present/"
_MONDAY = 0


def note_attendance(
    uow: UnitOfWork, district: int, monday: date, ticket: str, at: datetime
) -> None:
    """Mark her as present from now on."""
    uow.clockwork.mark_done(_mark(district, monday, ticket), at)


def forget_attendance(uow: UnitOfWork, district: int, monday: date, ticket: str) -> None:
    """Remove the mark: she was called twice and was absent, so only another `present` counts."""
    uow.clockwork.unmark(_mark(district, monday, ticket))


def attendance(uow: UnitOfWork, district: int, monday: date) -> dict[str, datetime]:
    """Map ticket to the instant since when she has been in the hall."""
    prefix = _mark(district, monday, "")
    return {job.removeprefix(prefix): at for job, at in uow.clockwork.marks(prefix).items()}


def forget_past(uow: UnitOfWork, today: date) -> None:
    """Delete marks so old that no step asks for them; the log still has the entries."""
    uow.clockwork.forget_days(_PRESENT, today - STAYS)


def attended_districts(uow: UnitOfWork, monday: date) -> set[int]:
    """Return the districts in whose hall somebody is present on this Monday."""
    if monday.weekday() != _MONDAY or not uow.draws.may_be_drawn(monday):
        return set()
    prefix = f"{_PRESENT}{monday}/"
    return {int(job.removeprefix(prefix)[:2]) for job in uow.clockwork.marks(prefix)}


def _mark(district: int, monday: date, ticket: str) -> str:
    return f"{_PRESENT}{monday}/{district:02d}/{ticket}"
