"""The next moments at which something happens in the city by itself: the demo bar's jumps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.calendar import mondays
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.announced import rolls_dice
from publicmeeting.turns.week import Week
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of

_WEEKS = 3
_MEETINGS_BEGIN = "09:00"


class Moment(StrEnum):
    FREEZE = "freeze"
    DICE = "dice"
    """Only where dice are announced."""
    REVEALS = "reveals"
    """The city has shown its value; only where a witness's is still awaited then."""
    DRAW = "draw"
    ANSWER_BY = "answer_by"
    STANDBY_UNTIL = "standby_until"
    MEETINGS = "meetings"
    """The Monday morning on which the district's doors open."""


@dataclass(frozen=True, slots=True)
class NamedInstant:
    """`at` is a minute after what it names, so that it has happened when the clock stands there."""

    moment: Moment
    at: datetime


@usecase(*ANYONE)
def named_instants(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[NamedInstant, ...]:
    """The next of each, the earliest first.

    None behind the moment at which a witness who has committed can show her value: a jump over that
    half hour would name and bar her for silence she had no chance to break.
    """
    coming: dict[Moment, datetime] = {}
    for monday in mondays(tehran_day(now), _WEEKS):
        if uow.city.rules_on(monday) is None:
            continue
        week = week_of(uow, monday)
        minute = timedelta(minutes=1)
        for moment, at in (
            (Moment.FREEZE, week.freeze_at + minute),
            *_ceremony(uow, week),
            (Moment.ANSWER_BY, week.answer_by + minute),
            (Moment.STANDBY_UNTIL, week.standby_until + minute),
            (Moment.MEETINGS, at_tehran(monday, _MEETINGS_BEGIN)),
        ):
            if at > now:
                coming.setdefault(moment, at)
    last = coming.get(Moment.REVEALS)
    return tuple(
        NamedInstant(moment, at)
        for moment, at in sorted(coming.items(), key=lambda one: one[1])
        if last is None or at <= last
    )


def _ceremony(uow: UnitOfWork, week: Week) -> list[tuple[Moment, datetime]]:
    """Dice, reveals and draw of one Monday; with witnesses the draw runs at the latest time."""
    minute = timedelta(minutes=1)
    dice = [(Moment.DICE, week.dice_at + minute)] if rolls_dice(week.body) else []
    silent = any(one.value is None for one in uow.witnesses.of(week.monday))
    if not silent:
        return [*dice, (Moment.DRAW, week.draw_at + minute)]
    shown = (Moment.REVEALS, week.draw_at + minute)
    return [*dice, shown, (Moment.DRAW, week.draw_latest_at + minute)]
