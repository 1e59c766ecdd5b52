"""The next instants of the city's week, to which the demo bar jumps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.calendar import mondays
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.week import Week
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of

_WEEKS = 3
_MEETINGS_BEGIN = "09:00"


class Moment(StrEnum):
    FREEZE = "freeze"
    REVEALS = "reveals"
    """The sealed values are being revealed."""
    SEALED = "sealed"
    """Reveals are closed, and the late value is awaited."""
    VALUE = "value"
    """The late value may be entered."""
    DRAW = "draw"
    ANSWER_BY = "answer_by"
    STANDBY_UNTIL = "standby_until"
    MEETINGS = "meetings"
    """The Monday morning on which the district's doors open."""


@dataclass(frozen=True, slots=True)
class NamedInstant:
    """A moment and its instant, a minute after the event, so that it has happened by then."""

    moment: Moment
    at: datetime


@usecase(*ANYONE)
def named_instants(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[NamedInstant, ...]:
    """Return the next instant of each moment, earliest first.

    A witness whose hours are skipped is named as silent, without any loss.
    """
    coming: dict[Moment, datetime] = {}
    for monday in mondays(tehran_day(now), _WEEKS):
        if uow.city.rules_on(monday) is None:
            continue
        week = week_of(uow, monday)
        minute = timedelta(minutes=1)
        for moment, at in (
            (Moment.FREEZE, week.freeze_at + minute),
            *_ceremony(week),
            (Moment.ANSWER_BY, week.answer_by + minute),
            (Moment.STANDBY_UNTIL, week.standby_until + minute),
            (Moment.MEETINGS, at_tehran(monday, _MEETINGS_BEGIN)),
        ):
            if at > now:
                coming.setdefault(moment, at)
    return tuple(
        NamedInstant(moment, at) for moment, at in sorted(coming.items(), key=lambda one: one[1])
    )


def _ceremony(week: Week) -> list[tuple[Moment, datetime]]:
    """Return instants of reveals, late value and draw of one Monday."""
    minute = timedelta(minutes=1)
    day = week.value_days[0]
    return [
        (Moment.REVEALS, week.reveals_from + minute),
        (Moment.SEALED, week.reveals_until + minute),
        (Moment.VALUE, week.value_from(day) + minute),
        (Moment.DRAW, week.value_until(day) + minute),
    ]
