"""Lists of orders: the mayor's by lateness, his review Monday by Monday, a unit's by deadline."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import Lateness
from publicmeeting.domain.choices import Priority
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.climbing import Level, level_of
from publicmeeting.domain.lifecycle.order_guards import is_said_not_hers, is_void, right_order_by
from publicmeeting.domain.lifecycle.tables import AnyAction, Step
from publicmeeting.domain.orders.promises import (
    Outcome,
    days_left,
    is_end,
    is_finished,
    late_by,
    lateness,
    level,
    open_question,
    outcome,
    report_lies_ahead,
    waits_for_unit,
)
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.orders.orders import By
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Query, parsed, usecase
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.narrowing import (
    ListPage,
    Narrowed,
    Sort,
    check_narrowing,
    clamp_page,
    page_of,
    pages_of,
    search_words,
)

OPEN, LATE, ASKS, DONE = "open", "late", "asks", "done"
TABS = (OPEN, LATE, ASKS, DONE)
PAGE = 50
SORTS = (Sort.PRESSING, Sort.NEWEST)

_RUNNING = tuple(stage for stage in OrderStage if not is_end(stage))
_VOID = tuple(stage for stage in OrderStage if is_void(stage))
_FINISHED = tuple(stage for stage in OrderStage if stage not in _RUNNING)


class OrdersList(Narrowed):
    """A list of orders; `which` is one of `TABS`. `asks` has those that wait for this viewer.

    `words` search the request, or name the order's number.
    """

    which: str = OPEN
    stage: str = ""
    unit: str = ""
    district: int = 0


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as one row; `days_left` are working days, negative after the due date."""

    number: str
    code: str
    stage: OrderStage
    unit_id: str
    unit: str
    subject: str
    title: str
    issued_at: datetime
    stage_at: datetime
    due_on: date
    first_due_on: date
    days_left: int
    late: Lateness
    level: Level
    """How far its lateness has climbed."""
    extensions: int
    contested: int
    """How often the citizen answered that it was not done."""
    steps: tuple[Step, ...]
    """Steps that this viewer may take now, except comments."""
    promise: str = ""
    """The promise, or else the order's text; empty if only the paper has it."""
    urgent: bool = False
    image_id: str | None = None
    """Picture of the paper; a referral has none."""
    asked: OrderAction | None = None
    """The question that waits for this viewer's answer."""
    right_order_by: datetime | None = None
    """For a void order: by when the mayor owes the right one."""
    owes_right_order: bool = False
    """Whether this viewer owes it."""

    @property
    def late_days(self) -> int:
        return self.late.days

    @property
    def issued_on(self) -> date:
        return tehran_day(self.issued_at)

    @property
    def owes_report(self) -> bool:
        """Return whether the unit's report is still due."""
        return report_lies_ahead(self.stage)

    @property
    def is_void(self) -> bool:
        return is_void(self.stage)

    @property
    def is_finished(self) -> bool:
        """Return whether nothing more happens to it without a new act."""
        return is_end(self.stage)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """A unit with orders in a list, counted over all pages."""

    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OrdersPage(ListPage[OrderLine]):
    """A page of orders, with the units by which it can be filtered."""

    units: tuple[UnitCount, ...] = ()
    """Units of the whole list, most orders first."""


@usecase(*MEETING, Role.UNIT, Role.DESK)
def orders_list(uow: UnitOfWork, actor: Actor, query: OrdersList, now: datetime) -> OrdersPage:
    """Return a page of orders, the latest first, then by due date, urgent ones first within a day.

    The `done` tab, and the sorting by newest, have the newest first. A unit officer reads the
    orders of his units. Denied("not_found") for another district or unit.
    """
    if query.which not in TABS or query.stage not in ("", *OrderStage):
        raise Denied("form_broken")
    check_narrowing(query, SORTS)
    scope = _order_scope(actor, query)
    running = scope.running(uow)
    tabs = {
        OPEN: running,
        LATE: [order for order in running if late_by(order, now)],
        ASKS: [order for order in running if _waits_for(actor, order, now)],
    }
    counts = {which: len(found) for which, found in tabs.items()}
    counts[DONE] = scope.count_finished(uow)
    page = clamp_page(query.page, counts[query.which], PAGE)
    shown: Sequence[Order]
    if query.which == DONE:
        shown = scope.finished(uow, page)
    else:
        shown = page_of(_in_order(tabs[query.which], query.sort, now), page, PAGE)
    return OrdersPage(
        order_lines(uow, actor, shown, now),
        counts,
        query.which,
        now,
        page=page,
        pages=pages_of(counts[query.which], PAGE),
        units=_named(uow, _by_unit(uow, scope, tabs, query.which)),
        unread=uow.unread,
    )


def _by_unit(
    uow: UnitOfWork, scope: "_OrderScope", tabs: Mapping[str, Sequence[Order]], which: str
) -> Mapping[str, int]:
    """Map unit to the number of its orders in the list, over all pages."""
    if which == DONE:
        return scope.finished_by_unit(uow)
    return Counter(order.unit_id for order in tabs[which] if not order.is_right_order_owed)


def _named(uow: UnitOfWork, by_unit: Mapping[str, int]) -> tuple[UnitCount, ...]:
    names = uow.city.unit_names(set(by_unit))
    found = (UnitCount(one, names.get(one, one), orders) for one, orders in by_unit.items())
    return tuple(sorted(found, key=lambda count: (-count.count, count.name)))


def _in_order(orders: Sequence[Order], sort: Sort, now: datetime) -> list[Order]:
    if sort is Sort.NEWEST:
        return sorted(orders, key=lambda order: (order.issued_at, order.number), reverse=True)
    return sorted(orders, key=lambda order: _pressing(order, now))


def questions_to(uow: UnitOfWork, actor: Actor, now: datetime) -> int:
    """Return how many orders of his units wait for this officer's answer."""
    if not actor.units():
        return 0
    running = uow.orders.listed(units=actor.units(), stages=_RUNNING, limit=None)
    return sum(_waits_for(actor, order, now) for order in running)


def _pressing(order: Order, now: datetime) -> tuple[int, date, bool, str]:
    return (-late_by(order, now), order.due_on, not _is_urgent(order), order.number)


def _is_urgent(order: Order) -> bool:
    return order.priority == Priority.URGENT


def late_orders(
    uow: UnitOfWork, actor: Actor, district: int, now: datetime
) -> tuple[OrderLine, ...]:
    """Return a district's late orders, latest first; they open the agenda."""
    running = running_orders(uow, district)
    found = (*running, *owed_orders(uow, district))
    late = sorted((o for o in found if late_by(o, now)), key=lambda o: _pressing(o, now))
    return order_lines(uow, actor, late[:PAGE], now)


def running_orders(uow: UnitOfWork, district: int) -> list[Order]:
    """Return a district's orders that are not fulfilled yet, by due date."""
    return uow.orders.listed(district=district, stages=_RUNNING, limit=None)


def owed_orders(uow: UnitOfWork, district: int | None, about: Filter | None = None) -> list[Order]:
    """Return void orders for which the mayor owes the right one; few orders become void."""
    void = uow.orders.listed(district=district, stages=_VOID, about=about, limit=None)
    return [order for order in void if order.is_right_order_owed]


def order_line(uow: UnitOfWork, actor: Actor, order: Order, now: datetime) -> OrderLine:
    """Return one order as a row for this viewer."""
    return order_lines(uow, actor, [order], now)[0]


def order_lines(
    uow: UnitOfWork, actor: Actor, orders: Sequence[Order], now: datetime
) -> tuple[OrderLine, ...]:
    """Return orders as rows for this viewer, in the given order."""
    headings = uow.lists.headings({order.request_id for order in orders})
    names = uow.city.unit_names({order.unit_id for order in orders})
    today = tehran_day(now)
    if _is_unit(actor):  # what the mayor owes is no work of units
        orders = [replace(order, is_right_order_owed=False) for order in orders]
    return tuple(
        OrderLine(
            number=order.number,
            code=order.request_code,
            stage=order.stage,
            unit_id=order.unit_id,
            unit=names.get(order.unit_id, order.unit_id),
            subject=headings[order.request_id][0],
            title=headings[order.request_id][1],
            issued_at=order.issued_at,
            stage_at=order.stage_at,
            due_on=order.due_on,
            first_due_on=order.first_due_on,
            days_left=days_left(order, today),
            late=lateness(order, now),
            level=level(order, now),
            extensions=order.count(OrderAction.EXTEND),
            contested=order.count(OrderAction.CONTEST, OrderAction.REOPEN),
            steps=_decides(actor, order, now),
            promise="" if order.is_right_order_owed else order.promise or order.text,
            urgent=_is_urgent(order),
            image_id=order.image_id,
            asked=_open_question(actor, order, now),
            right_order_by=right_order_by(order),
            owes_right_order=_owes_right_order(actor, order),
        )
        for order in orders
    )


def _decides(actor: Actor, order: Order, now: datetime) -> tuple[Step, ...]:
    if is_finished(order):
        return ()
    left_out = {OrderAction.COMMENT}
    if not is_said_not_hers(order):
        left_out.add(OrderAction.ASK_VOID)
    if waits_for_unit(order) and level_of(order.history) < Level.MAYOR:
        left_out.add(OrderAction.REASSIGN)  # he may, but it is still the unit's turn
    return tuple(s for s in steps_open_to(actor, order, now) if s.action not in left_out)


def _open_question(actor: Actor, order: Order, now: datetime) -> OrderAction | None:
    """Return the open question that this viewer should answer.

    A mayor gets one that he may decide, a unit also a comment that it may answer.
    """
    if is_finished(order):
        return None
    unit, open_ = order.unit_id in actor.units(), _decides(actor, order, now)
    question = open_question(order, *((Role.UNIT,) if unit else (*MEETING, Role.OVERSEER)))
    if question is None or question is OrderAction.COMMENT:
        answers = (step.action for step in open_ if step.action in _ANSWERED_BY)
        stands = (_ANSWERED_BY[answer] for answer in answers if _has_come_back(order, answer))
        question = next(stands, question)
    return question if open_ or (unit and question is OrderAction.COMMENT) else None


def _has_come_back(order: Order, answer: AnyAction) -> bool:
    """Return whether an answer fits: an order not taken on by its unit was never returned."""
    return answer is not OrderAction.REASSIGN or not waits_for_unit(order)


_ANSWERED_BY: Mapping[AnyAction, OrderAction] = {
    OrderAction.TAKE_ON: OrderAction.ISSUE,
    OrderAction.GIVE_NEWS: OrderAction.ASK_NEWS,
    OrderAction.REASSIGN: OrderAction.RETURN,
    OrderAction.EXTEND: OrderAction.ASK_EXTENSION,
    OrderAction.RETRY: OrderAction.CONTEST,
    OrderAction.ASK_VOID: OrderAction.SAY_NOT_HERS,
}
"""Questions that only this step answers, whatever was written meanwhile."""


def _waits_for(actor: Actor, order: Order, now: datetime) -> bool:
    """Return whether the order waits for this actor.

    A unit is waited for if there is an open question, others if they have a step to decide.
    """
    if _is_unit(actor):
        return _open_question(actor, order, now) is not None
    return bool(_decides(actor, order, now)) or _owes_right_order(actor, order)


def _is_unit(actor: Actor) -> bool:
    return bool(actor.units()) and not actor.districts(*MEETING)


def _owes_right_order(actor: Actor, order: Order) -> bool:
    """Return whether this actor owes the right order; a deputy writes none (`role_of_paper`)."""
    return order.is_right_order_owed and order.district in actor.districts(Role.MAYOR)


@dataclass(frozen=True, slots=True)
class _OrderScope:
    """The orders that a viewer's list consists of."""

    district: int | None = None
    units: frozenset[str] | None = None
    stage: str = ""
    about: Filter | None = None

    def running(self, uow: UnitOfWork) -> list[Order]:
        """Return all running orders, with those that the mayor owes in a district's list.

        All are read, because lateness and questions follow from their events, and even an order
        that is due late may have an open step today.
        """
        running = self._listed(uow, _RUNNING, limit=None)
        is_his = self.district is not None and not self.units and self._stages(_VOID)
        return [*running, *owed_orders(uow, self.district, self.about)] if is_his else running

    def finished(self, uow: UnitOfWork, page: int) -> list[Order]:
        """Return one page of finished orders, newest first."""
        return self._listed(uow, _FINISHED, limit=PAGE, offset=page * PAGE, by=By.STAGE)

    def count_finished(self, uow: UnitOfWork) -> int:
        stages = self._stages(_FINISHED)
        if not stages:
            return 0
        return uow.orders.count(
            district=self.district, units=self.units, stages=stages, about=self.about
        )

    def finished_by_unit(self, uow: UnitOfWork) -> Mapping[str, int]:
        stages = self._stages(_FINISHED)
        if not stages:
            return {}
        return uow.orders.count_by_unit(
            district=self.district, units=self.units, stages=stages, about=self.about
        )

    def _listed(
        self,
        uow: UnitOfWork,
        among: tuple[OrderStage, ...],
        *,
        limit: int | None,
        offset: int = 0,
        by: By = By.DUE,
    ) -> list[Order]:
        stages = self._stages(among)
        if not stages:
            return []
        return uow.orders.listed(
            district=self.district,
            units=self.units,
            stages=stages,
            about=self.about,
            limit=limit,
            offset=offset,
            by=by,
        )

    def _stages(self, among: tuple[OrderStage, ...]) -> tuple[OrderStage, ...]:
        return tuple(stage for stage in among if self.stage in ("", stage))


def _order_scope(actor: Actor, query: OrdersList) -> _OrderScope:
    if actor.districts(*MEETING, Role.DESK):
        number = district_of(actor, query.district, *MEETING, Role.DESK)
        units = frozenset({query.unit}) if query.unit else None
        return _OrderScope(number, units, query.stage, _about(query))
    own = actor.units() & {query.unit} if query.unit else actor.units()
    if not own:
        raise Denied("not_found")
    return _OrderScope(None, own, query.stage, _about(query))


def _about(query: OrdersList) -> Filter | None:
    words, subjects = search_words(query.words), (query.subject,) if query.subject else ()
    return Filter(words=words, subjects=subjects) if words or subjects else None


WEEKS = 4
"""Mondays on one page: a due date is three weeks away unless the mayor set another one."""
_WEEK = timedelta(weeks=1)
_BEGINNING = date(1921, 3, 21)
"""The first Monday of a Jalali century, before any promise; weeks are counted back from it."""


class WeeklyReview(Query):
    """A page of the review; `last` is its newest Monday (ISO day), empty for the last past one."""

    last: str = ""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    line: OrderLine
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReviewedMonday:
    """Promises of one Monday, in the order of `Outcome`; may be empty."""

    on: date
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A page of the review.

    `earlier` and `later` are the newest Mondays of the neighbouring pages, None if there is nothing
    to see.
    """

    mondays: tuple[ReviewedMonday, ...]
    """Newest first."""
    counts: Mapping[Outcome, int]
    district: int
    earlier: date | None
    later: date | None
    now: datetime


@usecase(*MEETING)
def weekly_review(uow: UnitOfWork, actor: Actor, query: WeeklyReview, now: datetime) -> Review:
    """Return the promises of `WEEKS` Mondays of the actor's district.

    Denied("form_broken") for a day that is no Monday, or lies ahead.
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
        own.sort(key=lambda order: _review_sort_key(order, known[order.id], now))
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
    """Return the Monday of the day's week; orders of a meeting that ran over belong to it too."""
    return day - timedelta(days=day.weekday())


def _read_monday(text: str, newest: date, today: date) -> date:
    if not text:
        return newest
    day = parsed(date.fromisoformat, text)
    if _monday_of(day) != day or not _BEGINNING <= day <= today:
        raise Denied("form_broken")
    return day


def _review_sort_key(order: Order, known: Outcome, now: datetime) -> tuple[int, int, date, str]:
    return (list(Outcome).index(known), -late_by(order, now), order.due_on, order.number)
