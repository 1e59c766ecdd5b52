"""Lateness climbs by itself: from the unit to the mayor, from the mayor to the city.

Since when an order is late, how far that has climbed and when it climbs again is read from its
events alone. A deadline that lies ahead again (taken on, extended, tried again, answered) starts
anew; handing an order to and fro does not, once its due date has passed. While the citizen is
asked, the due date has been moved for as long, and her own question waits.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum

from publicmeeting.domain.calendar import add_working_days, deadline_working_days, last_day
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day

TO_MAYOR_DAYS = 3
"""Working days a unit has after its deadline: whoever was ill or on a site for two days can still
report by himself, and more than half a working week nobody is away unnoticed."""
TO_CITY_DAYS = 5
"""Working days the mayor has after that: a whole week, so that one Monday, which begins with his
late promises, always lies within."""
NEWS_DAYS = 5
"""Working days in which a unit answers «what is happening?»."""
MAYORS_CONTESTS = 1
"""The mayor decides the first contest; from the second on it is the city that is late."""

O, P = OrderAction, OrderStage  # noqa: E741  (columns of the table)


class Level(IntEnum):
    """Whose lateness it is by now; each level includes the ones below it."""

    NONE = 0
    UNIT = 1
    MAYOR = 2
    CITY = 3


CLIMBS: dict[OrderAction, Level] = {
    O.WARN_UNIT: Level.UNIT,
    O.CLIMB_TO_MAYOR: Level.MAYOR,
    O.CLIMB_TO_CITY: Level.CITY,
}
"""What the clock does to an order's level, in its order."""


@dataclass(frozen=True, slots=True)
class Climb:
    """The next level up, and the instant at which it is reached."""

    action: OrderAction
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an order after some of its events."""

    stage: OrderStage
    due_at: datetime | None
    due_on: date
    first_due_on: date
    level: Level = Level.NONE
    contests: int = 0
    asks_citizen: bool = False
    news_since: datetime | None = None
    """Since when the citizen's question has been waiting for the unit."""
    on_time: bool | None = None
    """Whether it was last reported by the end of its **first** due date; None before a report."""
    ended_by: OrderAction | None = None
    """What ended it last; its stage shows whether it has ended."""

    @property
    def news_by(self) -> datetime | None:
        """The end of the unit's time for her question; none while she is asked herself."""
        if self.news_since is None or self.asks_citizen or self.stage is not P.IN_ACTION:
            return None
        return deadline_working_days(self.news_since, NEWS_DAYS)

    @property
    def late_since(self) -> datetime | None:
        """The first deadline that passes, or has passed, where somebody of the city owes a step."""
        due = end_of_day(self.due_on)
        match self.stage:
            case P.ISSUED | P.IN_ACTION:
                ends: tuple[datetime | None, ...] = (self.due_at, due, self.news_by)
            case P.RETURNED:
                ends = (self.due_at, due)
            case P.CONTESTED:
                ends = (self.due_at,)
            case _:
                ends = ()
        return min((at for at in ends if at is not None), default=None)

    def next_climb(self) -> Climb | None:
        """The first rung above the level it has; it may have passed."""
        return next((rung for rung in self._rungs() if CLIMBS[rung.action] > self.level), None)

    def _rungs(self) -> tuple[Climb, ...]:
        late_since = self.late_since
        if late_since is None:
            return ()
        if self.stage in (P.ISSUED, P.IN_ACTION):
            to_mayor = _after(late_since, TO_MAYOR_DAYS)
            return Climb(O.WARN_UNIT, late_since), *_from_mayor(to_mayor)
        # The next step is the mayor's own, or the city's: what is late is his decision.
        decision = self.due_at or late_since
        if self.stage is P.CONTESTED and self.contests > MAYORS_CONTESTS:
            return (Climb(O.CLIMB_TO_CITY, decision),)
        return _from_mayor(decision)


def standing(history: tuple[Event, ...]) -> Standing:
    """Where these events of one order lead; ValueError where they do not begin with its issue."""
    if not history or history[0].action is not O.ISSUE:
        raise ValueError("an order begins with its issue")
    issue = history[0]
    due_on = date.fromisoformat(str(issue.payload["due_on"]))
    found = Standing(P.ISSUED, issue.due_at, due_on, due_on)
    for event in history[1:]:
        found = _after_event(found, event)
    return found


def next_climb(history: tuple[Event, ...]) -> Climb | None:
    """The next level and its instant; None where nothing of the city's is due."""
    return standing(history).next_climb()


def level_of(history: tuple[Event, ...]) -> Level:
    """How far the lateness of an order has climbed; none for what is in time again, or done."""
    return standing(history).level


def level_of_decision(due_at: datetime, now: datetime) -> Level:
    """How far it has climbed that the mayor owes a step, where no event of an order says so."""
    reached = (CLIMBS[climb.action] for climb in _from_mayor(due_at) if climb.at <= now)
    return max(reached, default=Level.NONE)


def _after_event(before: Standing, event: Event) -> Standing:
    assert isinstance(event.to_stage, OrderStage)
    assert isinstance(event.action, OrderAction)
    after = replace(
        before,
        stage=event.to_stage,
        due_at=event.due_at,
        due_on=due_on_of(event) or before.due_on,
        first_due_on=_first_due_on(event) or before.first_due_on,
        contests=before.contests + (event.action in (O.CONTEST, O.REOPEN)),
        asks_citizen=_asks_citizen(before, event),
        news_since=_news_since(before, event),
        on_time=event.at < end_of_day(before.first_due_on)
        if event.action is O.REPORT
        else before.on_time,
        ended_by=event.action
        if event.to_stage is P.DONE and event.from_stage is not P.DONE
        else before.ended_by,
    )
    level = CLIMBS.get(event.action)
    if level is not None:
        return replace(after, level=max(before.level, level))
    late_since = after.late_since
    ahead = late_since is None or (late_since != before.late_since and late_since > event.at)
    return replace(after, level=Level.NONE) if ahead else after


def due_on_of(event: Event) -> date | None:
    """The due date an event sets; the day of an extension asked for is only a command."""
    name = {
        O.EXTEND: "due_on",
        O.RETRY: "due_on",
        O.TELL_UNIT: "due_on",
        O.ASK_CITIZEN: "until",
        O.GIVE_DAYS_BACK: "due_on",
    }
    assert isinstance(event.action, OrderAction)
    payload = event.payload.get(name.get(event.action, ""))
    return date.fromisoformat(str(payload)) if payload else None


def _first_due_on(event: Event) -> date | None:
    """The first due date, where an outage took it: it is measured by the later one."""
    day = event.payload.get("first_due_on") if event.action is O.GIVE_DAYS_BACK else None
    return date.fromisoformat(str(day)) if day else None


def _asks_citizen(before: Standing, event: Event) -> bool:
    if event.action is O.ASK_CITIZEN:
        return True
    return before.asks_citizen and event.action not in (O.TELL_UNIT, O.REPORT)


def _news_since(before: Standing, event: Event) -> datetime | None:
    """Asking again does not put the first question off; her answer to the unit's does."""
    if event.action is O.ASK_NEWS:
        return before.news_since or event.at
    if event.action in (O.GIVE_NEWS, O.REPORT):
        return None
    if event.action is O.TELL_UNIT and before.news_since:
        return event.at
    if event.action is O.GIVE_DAYS_BACK and event.payload.get("news_since"):
        return datetime.fromisoformat(str(event.payload["news_since"]))
    return before.news_since


def _from_mayor(at: datetime) -> tuple[Climb, Climb]:
    return Climb(O.CLIMB_TO_MAYOR, at), Climb(O.CLIMB_TO_CITY, _after(at, TO_CITY_DAYS))


def _after(at: datetime, days: int) -> datetime:
    """24:00 of the n-th working day after the last day of a deadline."""
    return end_of_day(add_working_days(last_day(at), days))
