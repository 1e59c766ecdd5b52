"""The times of a Monday, and how far its line has come."""

from datetime import date, datetime, timedelta

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.week import Week

UNTIL_THE_DAY_IS_OVER = timedelta(days=1)
"""From the end of the standby on: so long a seat stays hers that no silence may cost."""


def week_of(uow: UnitOfWork, monday: date) -> Week:
    """The times of a Monday, by the rules in force for it. KeyError when no rules are."""
    rules = uow.city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return Week(monday, rules.body)


def too_late_for(week: Week, now: datetime) -> bool:
    """Whether the clock was stopped so long that no value could come any more that nobody knew when
    the sealed ones were opened.

    The Monday is then drawn without seats, so that the week counts for all.
    """
    opened_until = now + (week.reveals_until - week.freeze_at)
    return opened_until >= week.session_at(week.value_days[-1])


def line_closed_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """When the log recorded it; None while it is open."""
    return uow.clockwork.done_at(line_mark(monday))


def line_mark(monday: date) -> str:
    """The key of the permanent mark that the log has recorded it."""
    return f"line-closed/{monday}"
