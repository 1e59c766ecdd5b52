"""The promises of the last weeks, Monday by Monday: what a mayor looks at before she gives new
ones."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.orders.promises import Outcome, late_by, outcome
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Query, usecase
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.orders.lists import OrderLine, order_lines

WEEKS = 4
"""Mondays of one page: a due date is three weeks away unless the mayor has said otherwise."""
_WEEK = timedelta(weeks=1)
_BEGINNING = date(1921, 3, 21)
"""The first Monday of a Jalali century: nothing was promised before it, and weeks can be counted
back from it."""


class WeeklyReview(Query):
    """`last` is the ISO day of the newest Monday to be shown; empty for the one before today."""

    last: str = ""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    line: OrderLine
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReviewedMonday:
    """What was promised on one Monday, in the order of `Outcome`; perhaps nothing."""

    on: date
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """`earlier` and `later` are the newest Mondays of the page before and the one after it, where
    there is anything to be seen."""

    mondays: tuple[ReviewedMonday, ...]
    """The newest first."""
    counts: Mapping[Outcome, int]
    district: int
    earlier: date | None
    later: date | None
    now: datetime


@usecase(*MEETING)
def weekly_review(uow: UnitOfWork, actor: Actor, query: WeeklyReview, now: datetime) -> Review:
    """The promises of `WEEKS` Mondays of this table's own district.

    Denied("form_broken") for a day that is no Monday, or has not come yet.
    """
    district = district_of(actor, 0, *MEETING)
    newest = _monday_of(tehran_day(now) - timedelta(days=1))
    last = _read_monday(query.last, newest, tehran_day(now))
    first = last - (WEEKS - 1) * _WEEK
    orders = uow.orders.issued(district, at_tehran(first), at_tehran(last + _WEEK))
    lines = dict(zip((o.id for o in orders), order_lines(uow, actor, orders, now), strict=True))
    known = {order.id: outcome(order, now) for order in orders}

    def monday(on: date) -> ReviewedMonday:
        own = [order for order in orders if _monday_of(tehran_day(order.issued_at)) == on]
        own.sort(key=lambda order: _as_looked_at(order, known[order.id], now))
        return ReviewedMonday(on, tuple(ReviewLine(lines[o.id], known[o.id]) for o in own))

    begun = uow.orders.first_issued_at(district)
    return Review(
        mondays=tuple(monday(last - n * _WEEK) for n in range(WEEKS)),
        counts=Counter(known.values()),
        district=district,
        earlier=last - _WEEK if begun and at_tehran(first) > begun else None,
        later=last + _WEEK if last < newest else None,
        now=now,
    )


def _monday_of(day: date) -> date:
    """The Monday whose week the day is in; orders of a meeting that ran on belong to it too."""
    return day - timedelta(days=day.weekday())


def _read_monday(text: str, newest: date, today: date) -> date:
    if not text:
        return newest
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Denied("form_broken") from None
    if _monday_of(day) != day or not _BEGINNING <= day <= today:
        raise Denied("form_broken")
    return day


def _as_looked_at(order: Order, known: Outcome, now: datetime) -> tuple[int, int, date, str]:
    return (list(Outcome).index(known), -late_by(order, now), order.due_on, order.number)
