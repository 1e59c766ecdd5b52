"""The overseer's work lists, and each district's promises in figures.

Second contests, climbed lateness, two kinds of objections, and mayors' requests to void an order
wait for him. He sees what a case is about, never whose it is. The figures count each kind of ending
separately: silence is not a yes, and an explanation is neither. Only the overseer sees whether
citizens felt heard, because in a district with few answers a figure would reveal who answered no.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import IN_TIME, LateIn, Lateness, late_days
from publicmeeting.domain.choices import CLOSURES
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import (
    road_ahead,
    side_deadline_until,
    steps_open_to,
    why_not,
)
from publicmeeting.domain.lifecycle.climbing import CLIMBS, Level
from publicmeeting.domain.lifecycle.order_guards import hidden_until, is_void
from publicmeeting.domain.lifecycle.tables import NOT_DONE, STEP_FOR
from publicmeeting.domain.meetings.estimate import LOOKING_BACK
from publicmeeting.domain.orders.promises import late_by, lateness, level
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.orders.promise_figures import OrderFact
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import readable
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
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
from publicmeeting.usecases.orders.lists import owed_orders


@dataclass(frozen=True, slots=True)
class DistrictPromises:
    """Figures of one district.

    `on_time` of `measured` counts orders reported by the end of the first due date, among those
    whose first due date has passed or whose report counts. A report that the mayor sent back does
    not count; one that was upheld against the citizen's word does. A report repeated after the date
    is late. Days on which the city did not run are given back.
    """

    district: int
    orders: int = 0
    measured: int = 0
    on_time: int = 0
    confirmed: int = 0
    """Confirmed by the citizen herself."""
    settled: int = 0
    """Ended by ten silent days."""
    upheld: int = 0
    """Upheld with an explanation, against her word."""
    voided: int = 0
    """Void as issued to the wrong visitor, by mayor and overseer: neither late nor on time."""
    heard_yes: int = 0
    heard_no: int = 0
    done_yes: int = 0
    """Her answers after a due date that passed without a report."""
    done_no: int = 0
    ranges_held: int = 0
    """Visitors of the last eight weeks who went in within the range shown to them."""
    ranges_shown: int = 0
    unreached: int = 0
    """Open questions whose deadline has passed and which have not reached the citizen."""
    closed: int = 0
    """Mondays of the last eight weeks and ahead that one administrator has closed alone."""
    not_hers: int = 0
    """Citizens whose document for a lane did not concern them.

    Only the overseer sees it: a district gives so few seats to a lane that a Monday's figure would
    identify her ticket.
    """
    late: int = 0
    """Orders that are late now, and whose lateness has climbed to the mayor or the city."""


@usecase(Role.OVERSEER)
def promise_figures(
    uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime
) -> tuple[DistrictPromises, ...]:
    """Return every district with any figure, by number."""
    counted: dict[int, Counter[str]] = {}
    grouped = uow.promise_figures.orders(tehran_day(now))
    for district, names, many in readable(uow, "orders of a stage", grouped, _counted):
        counted.setdefault(district, Counter()).update(dict.fromkeys(names, many))
    answers = uow.promise_figures.answers(Action.SAY_HEARD, OrderAction.SAY_DONE)
    for (district, action, verdict), count in answers.items():
        name = f"{_SAID[action]}_{verdict.value}"
        counted.setdefault(district, Counter())[name] += count
    for day in uow.city.mondays(from_on=tehran_day(now) - LOOKING_BACK):
        held, shown = day.ranges
        if shown:
            figures = counted.setdefault(day.district, Counter())
            figures.update({"ranges_held": held, "ranges_shown": shown})
        if day.why in CLOSURES:
            counted.setdefault(day.district, Counter())["closed"] += 1
    for district, count in uow.asking.unreached(now).items():
        counted.setdefault(district, Counter())["unreached"] = count
    climbed = Counter(
        o.district for o in _climbed(uow, _contests(uow, actor, now, None), now, None)
    )
    for district, count in climbed.items():
        counted.setdefault(district, Counter())["late"] = count
    for district, count in uow.lanes.not_hers(now).items():
        counted.setdefault(district, Counter())["not_hers"] = count
    return tuple(DistrictPromises(number, **counted[number]) for number in sorted(counted))


@usecase(*ANYONE)
def overdue_decisions(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> int:
    """Return how many decisions of the overseer are past their deadline.

    Only he sees the list itself. Without this figure nobody but those who wait would notice an
    overseer who does not answer.
    """
    return uow.promise_figures.overdue(now)


_SAID = {Action.SAY_HEARD.value: "heard", OrderAction.SAY_DONE.value: "done"}
_ENDED = {
    OrderAction.CONFIRM_DONE.value: "confirmed",
    OrderAction.SETTLE.value: "settled",
    OrderAction.UPHOLD.value: "upheld",
}


def _counted(orders: OrderFact) -> tuple[int, list[str], int]:
    """Return district, figures and number of these orders; raises ValueError for unknown words."""
    return int(orders.district), _counts(orders), orders.count


def _counts(orders: OrderFact) -> list[str]:
    """Return the names of the figures in which these orders count."""
    if is_void(OrderStage(orders.stage)):
        return ["orders", "voided"]
    road = road_ahead(OrderStage(orders.stage))
    owed = any(step.action is OrderAction.REPORT for step in road)
    stands = orders.on_time is not None and not owed
    found = ["orders"]
    if stands or orders.due:
        found.append("measured")
    if stands and orders.on_time:
        found.append("on_time")
    if not road and orders.ended_by:
        found.append(_ENDED[orders.ended_by])
    return found


CONTESTS, CLIMBED, REFUSALS, REDIRECTS = "contests", "climbed", "refusals", "redirects"
VOIDS = "voids"
TABS = (CONTESTS, CLIMBED, REFUSALS, REDIRECTS, VOIDS)
PAGE = 50
SORTS = (Sort.PRESSING, Sort.DISTRICT)

Cases = Sequence[Order | Request]


@dataclass(frozen=True, slots=True)
class _Raised:
    """One kind of objection: the step that raises it and the step that answers it."""

    raised: Action
    answer: Action

    @property
    def stages(self) -> tuple[Stage, ...]:
        return tuple(Stage(stage) for stage in STEP_FOR[self.answer].at)


_OBJECTIONS = {
    REFUSALS: _Raised(Action.OBJECT_REFUSAL, Action.ANSWER_OBJECTION),
    REDIRECTS: _Raised(Action.OBJECT_REDIRECT, Action.KEEP_DISTRICT),
}
_BY_LATENESS = tuple(OrderAction(action) for action in CLIMBS)


class CityPromises(Narrowed):
    """A list; `which` is one of `TABS`."""

    which: str = CONTESTS
    district: int = 0
    """0 stands for all districts."""


@dataclass(frozen=True, slots=True)
class CityLine:
    """One case as a row; `number` is set only for an order."""

    code: str
    number: str
    district: int
    subject: str
    title: str
    unit: str
    came_at: datetime
    """When it was raised, or when its lateness last climbed."""
    due_at: datetime | None
    """Deadline of the overseer's own decision."""
    late: Lateness
    level: Level


@usecase(Role.OVERSEER)
def city_promises(
    uow: UnitOfWork, actor: Actor, query: CityPromises, now: datetime
) -> ListPage[CityLine]:
    """Return a page of one list, most urgent first or by district; Denied("form_broken")."""
    if query.which not in TABS:
        raise Denied("form_broken")
    check_narrowing(query, SORTS)
    lists = waiting_for_city(uow, actor, now, _sought(query))
    counts = {which: len(found) for which, found in lists.items()}
    page = clamp_page(query.page, counts[query.which], PAGE)
    shown = page_of(_in_order(lists[query.which], query.sort), page, PAGE)
    return ListPage(
        lines=_lines(uow, shown, query.which, now),
        counts=counts,
        which=query.which,
        now=now,
        page=page,
        pages=pages_of(counts[query.which], PAGE),
        unread=uow.unread,
    )


@usecase(Role.OVERSEER)
def late_promises(
    uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime
) -> tuple[CityLine, ...]:
    """Return all climbed orders by district, for a table that must be complete."""
    climbed = _climbed(uow, _contests(uow, actor, now, None), now, None)
    return _lines(uow, _in_order(climbed, Sort.DISTRICT), CLIMBED, now)


def _sought(query: CityPromises) -> Filter | None:
    words = search_words(query.words)
    if not (words or query.subject or query.district):
        return None
    return Filter(
        words=words,
        subjects=(query.subject,) if query.subject else (),
        districts=frozenset({query.district}) if query.district else None,
    )


def _in_order(cases: Cases, sort: Sort) -> Cases:
    """Sort by district and keep the urgency order within each."""
    return sorted(cases, key=lambda case: case.district) if sort is Sort.DISTRICT else cases


def waiting_for_city(
    uow: UnitOfWork, actor: Actor, now: datetime, sought: Filter | None = None
) -> dict[str, Cases]:
    """Map each tab to its cases in order; those he decides are not among the climbed.

    All cases are read, because level and decider follow from an order's events, and none may be
    missing behind others that are not his. `sought` restricts districts, subjects, words or the
    order's number.
    """
    own = _contests(uow, actor, now, sought)
    objections = {
        kind: _objections(uow, actor, objection, now) for kind, objection in _OBJECTIONS.items()
    }
    return {
        CONTESTS: sorted(own, key=_by_deadline),
        CLIMBED: _climbed(uow, own, now, sought),
        VOIDS: _voids(uow, sought),
        **(objections if sought is None else _narrowed(uow, objections, sought)),
    }


def _contests(uow: UnitOfWork, actor: Actor, now: datetime, sought: Filter | None) -> list[Order]:
    contested = uow.orders.listed(stages=(OrderStage.CONTESTED,), about=sought, limit=None)
    return [order for order in contested if steps_open_to(actor, order, now)]


def _voids(uow: UnitOfWork, sought: Filter | None) -> list[Order]:
    """Return orders that mayors want to void, in the order in which they become visible again."""
    asked = uow.orders.climbed((OrderAction.ASK_VOID,), NOT_DONE, about=sought)
    waits = ((until, order) for order in asked if (until := hidden_until(order)) is not None)
    return [order for _, order in sorted(waits, key=lambda found: (found[0], found[1].number))]


def _climbed(uow: UnitOfWork, own: Cases, now: datetime, sought: Filter | None) -> list[Order]:
    owed = {stage for action in _BY_LATENESS for stage in STEP_FOR[action].at}
    climbed = uow.orders.climbed(
        (OrderAction.CLIMB_TO_MAYOR, OrderAction.CLIMB_TO_CITY),
        [stage for stage in OrderStage if stage in owed],
        about=sought,
    )
    decided = {order.id for order in own}
    above = [
        *(order for order in climbed if order.id not in decided and level(order, now) > Level.UNIT),
        *(order for order in owed_orders(uow, None, sought) if level(order, now) is Level.CITY),
    ]
    return sorted(above, key=lambda o: (-level(o, now), -late_by(o, now), o.number))


def _objections(uow: UnitOfWork, actor: Actor, kind: _Raised, now: datetime) -> list[Request]:
    what = Filter(stages=kind.stages, unanswered=(kind.raised.value, kind.answer.value))
    found = (uow.requests.by_id(key) for key in uow.lists.ids(what))
    answer = STEP_FOR[kind.answer]
    waits = (request for request in found if why_not(request, answer, actor, now) is None)
    return sorted(
        waits, key=lambda request: _pressing(side_deadline_until(request, kind.raised), request)
    )


def _narrowed(
    uow: UnitOfWork, objections: Mapping[str, list[Request]], sought: Filter
) -> dict[str, list[Request]]:
    ids = {request.id for found in objections.values() for request in found}
    matching_ids = uow.lists.among(ids, sought)
    return {
        kind: [request for request in found if request.id in matching_ids]
        for kind, found in objections.items()
    }


def _by_deadline(case: Order | Request) -> tuple[bool, datetime]:
    return _pressing(case.due_at, case)


def _pressing(due_at: datetime | None, case: Order | Request) -> tuple[bool, datetime]:
    return due_at is None, due_at or case.stage_at


def _lines(uow: UnitOfWork, cases: Cases, which: str, now: datetime) -> tuple[CityLine, ...]:
    orders = [case for case in cases if isinstance(case, Order)]
    headings = uow.lists.headings({order.request_id for order in orders})
    units = uow.city.unit_names({order.unit_id for order in orders})
    return tuple(
        _of_order(case, headings[case.request_id], _unit(case, units), which, now)
        if isinstance(case, Order)
        else _of_request(case, _OBJECTIONS[which].raised, now)
        for case in cases
    )


def _unit(order: Order, units: Mapping[str, str]) -> str:
    """Return the unit's name; a right order that is not written yet has none."""
    return "" if order.is_right_order_owed else units.get(order.unit_id, "")


def _of_order(
    order: Order, heading: tuple[str, str], unit: str, which: str, now: datetime
) -> CityLine:
    due_at = {CONTESTS: order.due_at, VOIDS: hidden_until(order)}.get(which)
    came = order.last(*_CAME[which]) if which in _CAME else None
    came = came or order.last(*_BY_LATENESS)
    return CityLine(
        code=order.request_code,
        number=order.number,
        district=order.district,
        subject=heading[0],
        title=heading[1],
        unit=unit,
        came_at=came.at if came else order.stage_at,
        due_at=due_at,
        late=_decision_late(due_at, now) if which == VOIDS else lateness(order, now),
        level=level(order, now),
    )


_CAME = {
    CONTESTS: (OrderAction.CONTEST, OrderAction.REOPEN),
    VOIDS: (OrderAction.ASK_VOID,),
}


def _of_request(request: Request, raised: Action, now: datetime) -> CityLine:
    came = request.last(raised)
    # His own deadline, not the stage's; an answer about the district delays nothing.
    due_at = side_deadline_until(request, raised)
    return CityLine(
        code=request.code,
        number="",
        district=request.district,
        subject=request.subject,
        title=request.title,
        unit="",
        came_at=came.at if came else request.stage_at,
        due_at=due_at,
        late=_decision_late(due_at, now),
        level=Level.NONE,
    )


def _decision_late(due_at: datetime | None, now: datetime) -> Lateness:
    """Return the lateness of his own decision, whatever the lateness of the work."""
    days = late_days(due_at, now)
    return Lateness(days, LateIn.DECISION) if days else IN_TIME
