"""Steps of the clock on one request, by the same tables as for everybody."""

from collections.abc import Mapping
from datetime import date, datetime

from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.week import Week
from publicmeeting.usecases.lifecycle.effects import HANDLERS


def clock_takes(
    uow: UnitOfWork,
    request: Request,
    action: Action,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    ends_at: datetime | None = None,
) -> None:
    """One row of the tables, taken by the clock, with everything that follows from it.

    Raises Denied where the tables do not let the clock act (`stage_moved`).
    """
    event = advance(request, action, CLOCK, now, payload, ends_at=ends_at)
    uow.requests.record(request, event)
    for handle in HANDLERS.get(action, ()):
        handle(uow, request, event, now)


def clock_may(request: Request, action: Action, now: datetime) -> bool:
    """Whether the tables let the clock take this step now."""
    return why_not(request, STEP_FOR[action], CLOCK, now) is None


def week_of(uow: UnitOfWork, monday: date) -> Week:
    """The times of a Monday, by the rules in force for it. KeyError when no rules are."""
    rules = uow.city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return Week(monday, rules.body)


def too_late_for(week: Week, now: datetime) -> bool:
    """Whether the clock stood still so long that no value could come any more that nobody knew when
    the sealed ones were opened.

    The Monday is then drawn without seats, so that the week counts for all.
    """
    opened_until = now + (week.reveals_until - week.freeze_at)
    return opened_until >= week.session_at(week.value_days[-1])
