"""What the city could still do wrong, each with the figure that would show it (fairness.md 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit import Work
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.log import Kind
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.wish import ANYONE, usecase

LOOKING_BACK = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Trust:
    """The whole city, over the last eight weeks."""

    mondays: int
    """Meeting days of all districts, counted one by one."""
    held: int
    seats: int
    usual_seats: int
    """What those days would have had by the districts' usual hours."""
    arrived: int
    missed: int
    off_system: int
    """Audiences the mayors gave outside this service, as they were counted."""
    skipped: int
    weeks: int
    """Draws' weeks, each one for all districts."""
    witnessed: int
    """Weeks in which somebody beside the city revealed a value."""
    lanes_asked: int
    lanes_given: int
    """Since the service began: asks of a lane, and those both officers said yes to."""


@usecase(*ANYONE)
def trust(work: Work, actor: Actor, wish: Nothing, now: datetime) -> Trust:
    """Counted from the calendar and the public log, so that anybody can count again."""
    del actor, wish
    today = tehran_day(now)
    since = today - LOOKING_BACK
    usual = {
        row.number: len([seat for seat in row.seats.split(",") if seat])
        for row in work.city.districts()
    }
    days = [
        day for day in work.city.mondays(from_on=since)
        if day.on < today and is_meeting_monday(day.on)
    ]  # fmt: skip
    rates = work.lanes.rates(now)
    counted = work.log.counts(now - LOOKING_BACK)
    audiences = work.log.of_kind(Kind.AUDIENCE_OFF_SYSTEM, now - LOOKING_BACK)
    reveals = [entry.body for entry in work.log.of_kind(Kind.REVEAL, now - LOOKING_BACK)]
    weeks = {body["monday"] for body in reveals if body["party"] == CITY}
    witnessed = {body["monday"] for body in reveals if body["party"] != CITY}
    return Trust(
        mondays=len(days),
        held=sum(day.state == "held" for day in days),
        seats=sum(len(day.seats) for day in days),
        usual_seats=sum(usual.get(day.district, 0) for day in days),
        arrived=counted.get(Kind.ARRIVAL, 0),
        missed=counted.get(Kind.NO_SHOW, 0),
        off_system=sum(int(entry.body["count"]) for entry in audiences),
        skipped=counted.get(Kind.SKIP, 0),
        weeks=len(weeks),
        witnessed=len(weeks & witnessed),
        lanes_asked=sum(one.asked for one in rates),
        lanes_given=sum(one.given for one in rates),
    )
