"""What the city could still do wrong, each with the figure that would show it (docs/turns.md 5)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, week_began
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY, draw_id
from publicmeeting.turns.kinds import Kind, TakenOut
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.lifecycle.effects.entries import district_of
from publicmeeting.usecases.line.objections.late_objections import late_absences
from publicmeeting.usecases.meetings.audiences import Statement, due_at, newest_statements
from publicmeeting.usecases.public_record.log_figures import (
    LogFigures,
    acts_in_names,
    districts_of,
    is_watched,
    log_figures,
)

LOOKING_BACK = timedelta(weeks=8)
_TOPICS = ("draws", "rules")


@dataclass(frozen=True, slots=True)
class OpenRisks:
    """The whole city, over the last eight weeks."""

    is_watched: bool
    """Whether nobody can move anybody in secret."""
    log: LogFigures
    mondays: int
    """Meeting days of all districts, counted one by one."""
    held: int
    seats: int
    usual_seats: int
    """What those days would have had by the districts' usual hours."""
    arrived: int
    off_system: int
    """Audiences the mayors gave outside this service, as their offices say."""
    silent: int
    """Meeting days about which nothing was published by the end of the Tuesday after."""
    turned_away: int
    """Refused, answered instead of a meeting, or asked for more and out by silence."""
    found_late: int
    """Absences from a list that were found too late to put it right: the city owes a seat."""
    weeks: int
    """Draws' weeks, each one for all districts."""
    witnessed: int
    """Weeks in which somebody beside the city revealed a value."""
    lanes_asked: int
    lanes_granted: int
    """Until the last week's end: asks of a lane, and those both officers said yes to."""


@usecase(*ANYONE)
def open_risks(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> OpenRisks:
    """Counted from the calendar and the public log, so that anybody can count again.

    The same for everybody, so it is counted once a second however many ask; only whether somebody
    watches is asked anew.
    """
    counted = uow.recent.get_or_compute(
        ("open risks",), _TOPICS, now, lambda: _open_risks(uow, now)
    )
    return replace(counted, is_watched=is_watched(uow, now))


def _open_risks(uow: UnitOfWork, now: datetime) -> OpenRisks:
    usual = {
        number: len(texts.seats)
        for number, texts in uow.district_texts.of_all(tehran_day(now)).items()
    }
    days = _days(uow, now)
    rates = uow.lanes.rates(week_began(now))
    counted = uow.log.counts(now - LOOKING_BACK)
    statements = newest_statements(uow.log.of_kind(Kind.AUDIENCE_OFF_SYSTEM, now - LOOKING_BACK))
    draws = {draw_id(day.district, day.on) for day in days}
    reveals = [entry.body for entry in uow.log.of_kind(Kind.REVEAL, now - LOOKING_BACK)]
    weeks = {body["monday"] for body in reveals if body["party"] == CITY}
    witnessed = {body["monday"] for body in reveals if body["party"] != CITY}
    return OpenRisks(
        is_watched=False,
        log=log_figures(uow, now - LOOKING_BACK, now),
        mondays=len(days),
        held=sum(day.state is MondayState.HELD for day in days),
        seats=sum(len(day.seats) for day in days),
        usual_seats=sum(usual.get(day.district, 0) for day in days),
        arrived=counted.get(Kind.ARRIVAL, 0),
        off_system=sum(statement.count for draw, statement in statements.items() if draw in draws),
        silent=sum(is_silent(day, statements, now) for day in days),
        turned_away=sum(turned_away(uow, now).values()),
        found_late=len(late_absences(uow, now - LOOKING_BACK)),
        weeks=len(weeks),
        witnessed=len(weeks & witnessed),
        lanes_asked=sum(rate.asked for rate in rates),
        lanes_granted=sum(rate.granted for rate in rates),
    )


@dataclass(frozen=True, slots=True)
class DistrictRisks:
    """What one district's office says, and does at the last moment, over the last eight weeks."""

    district: int
    mondays: int
    off_system: int
    silent: int
    turned_away: int
    in_their_names: int
    """Acts that only a citizen can deny."""
    undone: int
    """Of such acts, those she took back."""


@usecase(*ANYONE)
def district_risks(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[DistrictRisks, ...]:
    """Every district that has had a meeting day, by its number; counted once a second."""
    return uow.recent.get_or_compute(
        ("district risks",), _TOPICS, now, lambda: _district_risks(uow, now)
    )


def _district_risks(uow: UnitOfWork, now: datetime) -> tuple[DistrictRisks, ...]:
    days = _days(uow, now)
    statements = newest_statements(uow.log.of_kind(Kind.AUDIENCE_OFF_SYSTEM, now - LOOKING_BACK))
    away = turned_away(uow, now)
    acts = acts_in_names(uow, now - LOOKING_BACK)
    where = districts_of(uow, (*acts.done, *acts.undone))
    done = Counter(where[ticket] for ticket in acts.done)
    undone = Counter(where[ticket] for ticket in acts.undone)
    return tuple(
        DistrictRisks(
            number,
            len(own),
            sum(_count(day, statements) for day in own),
            sum(is_silent(day, statements, now) for day in own),
            away[number],
            done[number],
            undone[number],
        )
        for number in sorted({day.district for day in days})
        if (own := [day for day in days if day.district == number])
    )


def turned_away(uow: UnitOfWork, now: datetime) -> Counter[int]:
    """District → how many its desk and units refused, answered instead of a meeting, or asked for
    more and never heard of again.

    The log names who did it by a unit, which is of one district. What ended by her silence
    counts for who had asked, and an answer counts once, whether or not she was silent afterwards.
    A silence without anybody who had asked is a fault of the log, which the auditors name.
    """
    officers, asked, causes = dict[int, str](), dict[str, int](), set[int]()
    for entry in uow.log.of_kind(Kind.TAKEN_OUT, now - LOOKING_BACK):
        ticket, why = str(entry.body["ticket"]), entry.body["why"]
        if why in _BY_SILENCE:
            cause = asked.get(ticket) or _before(uow, ticket, entry.seq)
            causes.update({cause} if cause is not None else ())
            continue
        officers[entry.seq] = str(entry.body["officer"])
        asked[ticket] = entry.seq
        if why in _TURNED_AWAY:
            causes.add(entry.seq)
    older = uow.log.bodies(sorted(causes - officers.keys()))
    officers |= {seq: str(body["officer"]) for seq, body in older}
    return Counter(district_of(officer) for seq in causes if (officer := officers[seq]))


def _before(uow: UnitOfWork, ticket: str, seq: int) -> int | None:
    """The entry that took a ticket out before the one by which its silence ended it; None where
    there is none."""
    earlier = (one for one in uow.log_index.of_ticket(ticket, Kind.TAKEN_OUT) if one < seq)
    return max(earlier, default=None)


_TURNED_AWAY = {TakenOut.DECLINED, TakenOut.ANSWERED}
_BY_SILENCE = {TakenOut.LAPSED, TakenOut.SETTLED}


def is_silent(day: Monday, statements: Mapping[str, Statement], now: datetime) -> bool:
    """Nothing was statements about this day, and it is too late to be in time."""
    return draw_id(day.district, day.on) not in statements and now >= due_at(day.on)


def _days(uow: UnitOfWork, now: datetime) -> list[Monday]:
    today = tehran_day(now)
    return [
        day
        for day in uow.city.mondays(from_on=today - LOOKING_BACK)
        if day.on < today and is_meeting_monday(day.on)
    ]


def _count(day: Monday, statements: Mapping[str, Statement]) -> int:
    statement = statements.get(draw_id(day.district, day.on))
    return statement.count if statement else 0
