"""The evening before: a notice to everybody whose seat is confirmed."""

from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import Work
from publicmeeting.usecases.lifecycle.clock_steps import week_of


def _job(monday: date) -> str:
    return f"remind/{monday}"


def next_reminder(work: Work, now: datetime) -> tuple[datetime, date] | None:
    """When those of the coming Monday are reminded: at the end of the standby, when all seats
    have found their holders."""
    today = tehran_day(now)
    monday = next_monday(today - timedelta(days=1))
    if work.city.rules_on(monday) is None or work.clockwork.done_at(_job(monday)) is not None:
        return None
    return week_of(work, monday).standby_until, monday


def remind(work: Work, monday: date, now: datetime) -> None:
    """One outbox row for each confirmed seat, keyed by the event that confirmed it."""
    confirmed = Filter(stages=(Stage.CONFIRMED,), monday=monday)
    for request_id in work.lists.ids(confirmed):
        request = work.requests.by_id(request_id)
        event = request.last(Action.CONFIRM, Action.TAKE_FREE)
        if event is not None:
            work.outbox.remind(request, event.id, now)
    work.clockwork.mark_done(_job(monday), now)
