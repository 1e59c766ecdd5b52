"""What the page of a witness needs to know of the Mondays under way: all of it is public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.late_value import Awaited
from publicmeeting.turns.witness import Witness, witnesses_of
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.late_value import found_now, typed_words
from publicmeeting.usecases.line.ceremony.reveals import Window, reveal_window, second_lists_due
from publicmeeting.usecases.public_record.cosigning import UNDER_WAY, Moment, moments, note_to_sign


@dataclass(frozen=True, slots=True)
class Words:
    """What one party has said for a Monday."""

    commitment: str
    is_revealed: bool
    value: tuple[str, str] | None
    """Day and value of its last entry."""


@dataclass(frozen=True, slots=True)
class WitnessWeek:
    monday: date
    freeze_at: datetime
    reveals: tuple[datetime, datetime]
    """As the rules have them."""
    window: Window | None
    """In which sealed values are opened, once every list is fixed."""
    value_day: date
    """The first that may count, or the one awaited now."""
    value: tuple[datetime, datetime]
    """The hours of that day in which its value is entered."""
    is_value_awaited: bool
    rules: Mapping[str, object]
    witnesses: tuple[Witness, ...]
    words: Mapping[str, Words]
    opened: tuple[int, ...]
    frozen: tuple[int, ...]
    """Numbers of the log's entries that open its draws and fix their lists."""
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class WitnessWeeks:
    origin: str
    keys: tuple[str, ...]
    ahead: timedelta
    """The city's clock before the machine's: not zero in a demo alone."""
    witnesses: tuple[Witness, ...]
    """Of the newest rules."""
    weeks: tuple[WitnessWeek, ...]
    note: int
    """The size of the note to sign now (`note_to_sign`)."""


@usecase(*ANYONE)
def witness_weeks(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> WitnessWeeks:
    """The next Monday first."""
    keys = uow.log.keys()
    newest = next(iter(uow.city.announced()), None)
    mondays = sorted(uow.draw_figures.mondays(UNDER_WAY))
    weeks = tuple(_week(uow, one, now) for one in mondays if _is_under_way(uow, one, now))
    return WitnessWeeks(
        keys.origin,
        tuple(keys.announced),
        uow.clockwork.offset(),
        witnesses_of(newest.rules.body) if newest else (),
        weeks,
        note_to_sign(uow),
    )


def _is_under_way(uow: UnitOfWork, monday: date, now: datetime) -> bool:
    return now < week_of(uow, monday).standby_until


def _week(uow: UnitOfWork, monday: date, now: datetime) -> WitnessWeek:
    week = week_of(uow, monday)
    draws = [one.id for one in uow.draw_figures.of(monday)]
    opened, frozen = (
        tuple(uow.log_index.newest_about(draws, kind)) for kind in (Kind.MONDAY_OPENED, Kind.FREEZE)
    )
    found = found_now(uow, monday, now)
    is_awaited = isinstance(found, Awaited)
    day = found.day if isinstance(found, Awaited) else week.value_days[0]
    return WitnessWeek(
        monday=monday,
        freeze_at=week.freeze_at,
        reveals=(week.reveals_from, week.reveals_until),
        window=None if second_lists_due(uow, monday) else reveal_window(uow, monday),
        value_day=day,
        value=(week.value_from(day), week.value_until(day)),
        is_value_awaited=is_awaited and week.value_from(day) <= now < week.value_until(day),
        rules=week.body,
        witnesses=witnesses_of(week.body),
        words=_words(uow, monday),
        opened=opened,
        frozen=frozen,
        moments=tuple(moments(uow, monday)),
    )


def _words(uow: UnitOfWork, monday: date) -> dict[str, Words]:
    values = {one.party: (one.day, one.value) for one in typed_words(uow, monday)}
    return {
        one.party: Words(one.commitment, one.value is not None, values.get(one.party))
        for one in uow.witnesses.of(monday)
    }
