"""The times of a Monday, and how far its line has come."""

from datetime import date, datetime, timedelta

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.rules.week import Week

UNTIL_THE_DAY_IS_OVER = timedelta(days=1)
"""From the end of standby on: how long a seat that silence cannot cost stays hers."""


def week_of(uow: UnitOfWork, monday: date) -> Week:
    """Return the times of a Monday by the rules in force for it; KeyError without rules."""
    rules = uow.city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return Week(monday, rules.body)


def too_late_for(week: Week, now: datetime) -> bool:
    """Return whether the clock stopped so long that every value would be known before the reveal.

    The Monday is then drawn without seats, so that the week counts for everybody.
    """
    opened_until = now + (week.reveals_until - week.freeze_at)
    return opened_until >= week.session_at(week.value_days[-1])


def line_closed_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """Return when the log closed the line; None while it is open."""
    return uow.clockwork.done_at(line_mark(monday))


def line_mark(monday: date) -> str:
    """Return the key of the permanent mark that the log has closed the line."""
    return f"line-closed/{monday}"
