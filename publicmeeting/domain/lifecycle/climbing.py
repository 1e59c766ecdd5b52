"""Lateness of an order climbs by itself: from the unit to the mayor, from the mayor to the city.

The events of an order alone determine since when it is late, its level, and its next climb. A
deadline that moves into the future (taken on, extended, retried, answered) resets the level.
Handing an order back and forth does not, once its due date has passed. While the unit asks the
citizen something, the due date is moved, and her own question waits.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum

from publicmeeting.domain.calendar import add_working_days, deadline_working_days, last_day
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day

TO_MAYOR_DAYS = 3
"""Working days that a unit has after its deadline.

An official who was ill or on a site for two days can still report without help, and nobody is
absent unnoticed for more than half a working week.
"""
TO_CITY_DAYS = 5
"""Working days that the mayor has after that.

A full week always includes a Monday, on which the mayor begins with his late promises.
"""
NEWS_DAYS = 5
"""Working days in which a unit answers «what is happening?»."""
MAYORS_CONTESTS = 1
"""The mayor decides the first contest; from the second one on the city is late."""

O, P = OrderAction, OrderStage  # noqa: E741  (columns of the table)


class Level(IntEnum):
    """Level of lateness; each level includes those below it."""

    NONE = 0
    UNIT = 1
    MAYOR = 2
    CITY = 3


CLIMBS: dict[OrderAction, Level] = {
    O.WARN_UNIT: Level.UNIT,
    O.CLIMB_TO_MAYOR: Level.MAYOR,
    O.CLIMB_TO_CITY: Level.CITY,
}
"""Clock actions that raise an order's level, in ascending order."""


@dataclass(frozen=True, slots=True)
class Climb:
    """The next climb and the instant at which it happens."""

    action: OrderAction
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an order after a prefix of its events."""

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
    """Whether the newest report came by the end of the first due date; None before a report."""
    ended_by: OrderAction | None = None
    """The action that ended it last; only `stage` shows whether it is ended now."""
    before_report: "Standing | None" = None
    """The state before the newest report, which holds again if the unit withdraws that report."""

    @property
    def news_by(self) -> datetime | None:
        """The end of the unit's time for her question; None while the unit waits for her answer."""
        if self.news_since is None or self.asks_citizen or self.stage is not P.IN_ACTION:
            return None
        return deadline_working_days(self.news_since, NEWS_DAYS)

    @property
    def late_since(self) -> datetime | None:
        """The earliest deadline of a step that the city owes, passed or not; None without any."""
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
        """Return the first climb above the current level, which may already be due, or None."""
        return next((rung for rung in self._rungs() if CLIMBS[rung.action] > self.level), None)

    def _rungs(self) -> tuple[Climb, ...]:
        late_since = self.late_since
        if late_since is None:
            return ()
        if self.stage in (P.ISSUED, P.IN_ACTION):
            to_mayor = _after(late_since, TO_MAYOR_DAYS)
            return Climb(O.WARN_UNIT, late_since), *_from_mayor(to_mayor)
        # The next step is a decision of the mayor or the city, so that decision is what is late.
        decision = self.due_at or late_since
        if self.stage is P.CONTESTED and self.contests > MAYORS_CONTESTS:
            return (Climb(O.CLIMB_TO_CITY, decision),)
        return _from_mayor(decision)


def standing(history: tuple[Event, ...]) -> Standing:
    """Return the state after these events of one order.

    Raises ValueError if the first event is not its issue.
    """
    if not history or history[0].action is not O.ISSUE:
        raise ValueError("an order begins with its issue")
    issue = history[0]
    due_on = date.fromisoformat(str(issue.payload["due_on"]))
    found = Standing(P.ISSUED, issue.due_at, due_on, due_on)
    for event in history[1:]:
        found = _after_event(found, event)
    return found


def next_climb(history: tuple[Event, ...]) -> Climb | None:
    """Return the next climb; None if the city owes no step."""
    return standing(history).next_climb()


def level_of(history: tuple[Event, ...]) -> Level:
    """Return the current level of an order; NONE if it is in time again, or done."""
    return standing(history).level


def level_of_decision(due_at: datetime, now: datetime) -> Level:
    """Return the level of a decision that the mayor owes, computed from its deadline alone.

    It is for decisions whose climbs no event of an order records.
    """
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
        before_report=replace(before, before_report=None)
        if event.action is O.REPORT
        else before.before_report,
    )
    if event.action is O.WITHDRAW_REPORT:
        return _as_before_report(after)
    level = CLIMBS.get(event.action)
    if level is not None:
        return replace(after, level=max(before.level, level))
    late_since = after.late_since
    ahead = late_since is None or (late_since != before.late_since and late_since > event.at)
    return replace(after, level=Level.NONE) if ahead else after


def _as_before_report(after: Standing) -> Standing:
    """Return the state as if the withdrawn report had not been made.

    Otherwise a unit could end its lateness, or a citizen's question, by a report that it withdraws.
    """
    former = after.before_report
    assert former is not None, "only a report can be withdrawn"
    return replace(
        after,
        level=former.level,
        asks_citizen=former.asks_citizen,
        news_since=former.news_since,
        on_time=former.on_time,
    )


def due_on_of(event: Event) -> date | None:
    """Return the due date that an event sets; the date in a request for an extension sets none."""
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
    """Return the new first due date if an outage moved it.

    Punctuality is measured by the later date.
    """
    day = event.payload.get("first_due_on") if event.action is O.GIVE_DAYS_BACK else None
    return date.fromisoformat(str(day)) if day else None


def _asks_citizen(before: Standing, event: Event) -> bool:
    if event.action is O.ASK_CITIZEN:
        return True
    return before.asks_citizen and event.action not in (O.TELL_UNIT, O.REPORT)


def _news_since(before: Standing, event: Event) -> datetime | None:
    """A repeated question does not restart the time; her answer to the unit's question does."""
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
    """Return 24:00 of the n-th working day after the last day of a deadline."""
    return end_of_day(add_working_days(last_day(at), days))
