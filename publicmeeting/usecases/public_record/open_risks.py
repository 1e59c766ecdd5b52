"""What the city could still do wrong, each with the figure that reveals it (docs/turns.md 5)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from publicmeeting.domain.calendar import is_meeting_monday, week_began
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.line.shared_book import COUNTED_FOR
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY, draw_id
from publicmeeting.turns.kinds import Kind, TakenOut
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.lifecycle.effects.entries import district_of
from publicmeeting.usecases.line.objections.list_objections import late_absences
from publicmeeting.usecases.meetings.audiences import Statement, due_at, newest_statements
from publicmeeting.usecases.public_record.log import (
    LogFigures,
    acts_in_names,
    districts_of,
    is_watched,
    log_figures,
)

_TOPICS = ("draws", "rules")


@dataclass(frozen=True, slots=True)
class OpenRisks:
    """Figures of the whole city over the last eight weeks."""

    is_watched: bool
    """Whether pages may claim that nobody can move anybody in secret."""
    log: LogFigures
    mondays: int
    """Meeting days of all districts, each counted."""
    held: int
    seats: int
    usual_seats: int
    """Seats that those days would have by the districts' usual hours."""
    arrived: int
    off_system: int
    """Audiences that mayors gave outside this service, as their offices state."""
    silent: int
    """Meeting days without a statement by the end of the following Tuesday."""
    turned_away: int
    """Refused, answered instead of a meeting, or asked for more and removed by silence."""
    found_late: int
    """Absences from a list that were found too late to correct it: the city owes a seat."""
    weeks: int
    """Weeks in which the city revealed its value, each counted once for all districts."""
    witnessed: int
    """In how many of these weeks a witness revealed a value too."""
    lanes_asked: int
    lanes_granted: int
    """Requests for a lane up to the last week's end, and those that both officers approved."""


@usecase(*ANYONE)
def open_risks(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> OpenRisks:
    """Return figures from the calendar and the public log, so that anybody can recount them.

    They are computed at most once a second for all readers, except whether the log is watched.
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
    lately = partial(uow.line_book.lately, since=now - COUNTED_FOR)
    statements = newest_statements(lately(Kind.AUDIENCE_OFF_SYSTEM))
    draws = {draw_id(day.district, day.on) for day in days}
    reveals = [entry.body for entry in lately(Kind.REVEAL)]
    weeks = {body["monday"] for body in reveals if body["party"] == CITY}
    witnessed = {body["monday"] for body in reveals if body["party"] != CITY}
    return OpenRisks(
        is_watched=False,
        log=log_figures(uow, now - COUNTED_FOR, now),
        mondays=len(days),
        held=sum(day.state is MondayState.HELD for day in days),
        seats=sum(len(day.seats) for day in days),
        usual_seats=sum(usual.get(day.district, 0) for day in days),
        arrived=len(lately(Kind.ARRIVAL)),
        off_system=sum(statement.count for draw, statement in statements.items() if draw in draws),
        silent=sum(is_silent(day, statements, now) for day in days),
        turned_away=sum(turned_away(uow, now).values()),
        found_late=len(late_absences(lately(Kind.OBJECTION))),
        weeks=len(weeks),
        witnessed=len(weeks & witnessed),
        lanes_asked=sum(rate.asked for rate in rates),
        lanes_granted=sum(rate.granted for rate in rates),
    )


@dataclass(frozen=True, slots=True)
class DistrictRisks:
    """One district's statements and last-minute removals over the last eight weeks."""

    district: int
    mondays: int
    off_system: int
    silent: int
    turned_away: int
    in_their_names: int
    """Acts that only a citizen can deny."""
    undone: int
    """Of such acts, those taken back."""


@usecase(*ANYONE)
def district_risks(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[DistrictRisks, ...]:
    """Return districts that have had a meeting day, by number; computed once a second at most."""
    return uow.recent.get_or_compute(
        ("district risks",), _TOPICS, now, lambda: _district_risks(uow, now)
    )


def _district_risks(uow: UnitOfWork, now: datetime) -> tuple[DistrictRisks, ...]:
    days = _days(uow, now)
    statements = newest_statements(
        uow.line_book.lately(Kind.AUDIENCE_OFF_SYSTEM, now - COUNTED_FOR)
    )
    away = turned_away(uow, now)
    acts = acts_in_names(uow, now - COUNTED_FOR)
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
    """Count by district the citizens whom its desk and units turned away.

    That is: refused, answered instead of a meeting, or asked for more and then lapsed by silence.
    The log names the officer's unit, which belongs to one district. A removal by silence counts for
    the officer who had asked, and an answer counts once, whether or not she was silent afterwards.
    A silence without a preceding question is a fault of the log, which auditors name.
    """
    officers, asked, silent = dict[int, str](), dict[str, int](), dict[str, int]()
    causes = set[int]()
    for entry in uow.line_book.lately(Kind.TAKEN_OUT, now - COUNTED_FOR):
        ticket, why = str(entry.body["ticket"]), entry.body["why"]
        if why not in _BY_SILENCE:
            officers[entry.seq] = str(entry.body["officer"])
            asked[ticket] = entry.seq
        elif ticket not in asked:
            silent[ticket] = entry.seq
        if why in _TURNED_AWAY or (why in _BY_SILENCE and ticket in asked):
            causes.add(asked[ticket])
    older = uow.line_book.asked_by(silent)
    officers |= dict(older.values())
    causes |= dict(older.values()).keys()
    return Counter(district_of(officer) for seq in causes if (officer := officers[seq]))


_TURNED_AWAY = {TakenOut.DECLINED, TakenOut.ANSWERED}
_BY_SILENCE = {TakenOut.LAPSED, TakenOut.SETTLED}


def is_silent(day: Monday, statements: Mapping[str, Statement], now: datetime) -> bool:
    """Return whether this day has no statement and it is too late for one in time."""
    return draw_id(day.district, day.on) not in statements and now >= due_at(day.on)


def _days(uow: UnitOfWork, now: datetime) -> list[Monday]:
    today = tehran_day(now)
    return [
        day
        for day in uow.city.mondays(from_on=today - COUNTED_FOR)
        if day.on < today and is_meeting_monday(day.on)
    ]


def _count(day: Monday, statements: Mapping[str, Statement]) -> int:
    statement = statements.get(draw_id(day.district, day.on))
    return statement.count if statement else 0
