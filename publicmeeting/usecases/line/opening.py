"""Mondays open three weeks ahead: seats, rules and the city's commitment become public."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.reasons import ClosureReason
from publicmeeting.domain.records import Monday
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import draw_value
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import Work
from publicmeeting.turns.draw_file import open_file
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.log import Kind
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.week import Week
from publicmeeting.usecases.lifecycle.clock_steps import too_late_for

_WEEK = timedelta(weeks=1)
_MOST_AHEAD = 60
"""Weeks looked at; the rules may open a Monday at most a year before."""


def next_opening(work: Work, now: datetime) -> datetime | None:
    """When the next Monday opens; None while no rules are announced."""
    return next((week.opens_at for week, _ in _unopened(work, now)), None)


def open_mondays(work: Work, now: datetime) -> None:
    """Open every Monday whose time has come; a second run finds nothing to do."""
    for week, rules in _unopened(work, now):
        if week.opens_at > now:
            return
        _open(work, week, rules, now)


def _unopened(work: Work, now: datetime) -> Iterator[tuple[Week, Rules]]:
    """The Mondays not yet opened, in order.

    A city that begins starts with the first line not yet frozen. One whose clock stood still opens
    what it missed too, without seats, so that those weeks count for all.
    """
    last = work.city.last_monday()
    monday = last + _WEEK if last else next_monday(tehran_day(now) - timedelta(days=1))
    for step in range(_MOST_AHEAD):
        day = monday + step * _WEEK
        rules = work.city.rules_on(day)
        if rules is None:
            continue
        week = Week(day, rules.body)
        if last or now < week.freeze_at:
            yield week, rules


def _open(work: Work, week: Week, rules: Rules, now: datetime) -> None:
    committed = _commit(work, week.monday, now)
    why = "" if is_meeting_monday(week.monday) else ClosureReason.HOLIDAY.value
    if too_late_for(week, now):
        why = why or ClosureReason.LATE.value
    for row in work.city.districts():
        usual = tuple(filter(None, row.seats.split(",")))
        seats = () if why else usual
        state = "open" if seats else "closed"
        work.city.open_monday(Monday(row.number, week.monday, seats, state, why=why), rules.version)
        file = open_file(row.number, week.monday, rules, seats, {CITY: committed})
        work.draws.open(row.number, week.monday, file["draw"], file)
        body = {"draw": file["draw"], "rules_hash": rules.hash, "seats": list(seats), "why": why}
        work.log.append(Kind.MONDAY_OPENED, body, now)
        work.ring(f"district:{row.number}")
    work.ring("draws")


def _commit(work: Work, monday: date, now: datetime) -> str:
    value = draw_value()
    committed = commitment(CITY, value)
    work.city.commit_secret(monday, value, committed)
    body: dict[str, object] = {"monday": iso(monday), "party": CITY, "commitment": committed}
    work.log.append(Kind.COMMITMENT, body, now)
    return committed
