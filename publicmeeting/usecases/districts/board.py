"""The public board of the home page: every district's line, and how its Mondays were held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import week_began
from publicmeeting.domain.districts.texts import DistrictTexts
from publicmeeting.domain.meetings.estimate import LOOKING_BACK
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.line.expectation import DistrictTile, district_board
from publicmeeting.usecases.meetings.held import HeldMonday, held_mondays
from publicmeeting.usecases.public_record.log import is_watched


@dataclass(frozen=True, slots=True)
class CityBoard:
    lines: tuple[DistrictTile, ...]
    last_monday: date | None
    held: tuple[HeldMonday, ...]
    """How the last Monday was held, by district."""
    past: Mapping[int, tuple[HeldMonday, ...]]
    """District → today's Monday and those of the last eight weeks, newest first."""
    telephoned: Mapping[int, int]
    """District → number of meetings by telephone in these weeks, up to the last week's end.

    A figure that grows beside an arrival in the log would reveal who did not come in person.
    """
    without_arrival: Mapping[int, int]
    """District → number of seats of these weeks that ended without an arrival."""
    sent_away: Mapping[int, tuple[int, int]]
    """District → how often in these weeks a visitor came to a held Monday and was not received, and
    how often it was the same visitor again."""
    texts: Mapping[int, DistrictTexts]
    """District → its texts today."""
    apart: Mapping[int, Monday]
    """District → its nearest Monday at another place or with a guest beside the mayor."""
    is_watched: bool
    """Whether pages may claim that nobody can move anybody in secret."""
    now: datetime


@usecase(*ANYONE)
def city_board(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> CityBoard:
    """Return all 22 districts at once, without any name or number of a person."""
    today = tehran_day(now)
    last = today - timedelta(days=today.weekday() or 7)
    since, before = today - LOOKING_BACK, tehran_day(week_began(now))
    past = held_mondays(uow, since, today)
    held = tuple(monday for monday in past if monday.on == last)
    texts = uow.district_texts.of_all(today)
    return CityBoard(
        district_board(uow, now),
        last if held else None,
        held,
        _by_district(past),
        uow.seats.telephoned(since, before),
        uow.seats.without_arrival(since, before),
        uow.seats.sent_away(since, before),
        texts,
        _apart(uow, today),
        is_watched(uow, now),
        now,
    )


def _apart(uow: UnitOfWork, today: date) -> dict[int, Monday]:
    found: dict[int, Monday] = {}
    for day in uow.city.mondays(from_on=today):
        if day.state in ON and (day.place or day.guest):
            found.setdefault(day.district, day)
    return found


def _by_district(past: tuple[HeldMonday, ...]) -> dict[int, tuple[HeldMonday, ...]]:
    found: dict[int, tuple[HeldMonday, ...]] = {}
    for monday in past:
        found[monday.district] = (monday, *found.get(monday.district, ()))
    return found
