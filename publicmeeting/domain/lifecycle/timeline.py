"""Past, present and expected future of a case, as one reader may see them.

The past is the events that the reader's role may see. The present is the stage with its deadline.
The future is the main rows of the tables. Words and Jalali dates are left to the screens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from publicmeeting.domain.calendar import IN_TIME, Lateness, late_days
from publicmeeting.domain.lifecycle.access import is_internal, plays
from publicmeeting.domain.lifecycle.advance import road_ahead
from publicmeeting.domain.lifecycle.guards import no_show_contestable
from publicmeeting.domain.lifecycle.order_guards import right_order_by
from publicmeeting.domain.lifecycle.tables import EVERYONE, STEP_FOR, AnyAction, AnyStage, Step
from publicmeeting.domain.lifecycle.telephone import is_rung, was_rung
from publicmeeting.domain.line.history import is_given_in_hall, is_offered
from publicmeeting.domain.line.lanes import newest_loss
from publicmeeting.domain.orders.promises import lateness
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OVER, Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day

GOING_ON = frozenset({Stage.WAITING, Stage.IN_ROOM, Stage.FOLLOW_UP, OrderStage.IN_ACTION})
"""Stages shown as an ongoing state.

The other stages are named after the act that began them, so that act and stage share one mark.
"""

PASSED_OVER = frozenset({Action.FINISH, Action.CONCLUDE, OrderAction.TAKE_ON})
"""Steps that are not shown ahead, because the step before or after them implies them."""

CITIZEN_ONLY = frozenset(
    {
        Action.ASK_LANE,
        Action.JUDGE_LANE,
        Action.DECIDE_LANE,
        Action.CHECK_ORIGINAL,
        Action.FETCH,
        Action.ASK_CALL,
        Action.ASK_VISIT,
        Action.RING,
        OrderAction.COMMENT,
        Action.SAY_HEARD,
    }
)
"""Actions that are hidden from a reader by tracking code, who may be the citizen's neighbour.

A lane request and the way she is called reveal a disability. Where she waits is private. What she
says of the mayor is for the overseer.
"""

_OF_ITS_DAY = frozenset(
    {
        *(Action.ARRIVE, Action.UNDO_ARRIVAL, Action.PRESENT, Action.STAND_IN, Action.COMING),
        *(Action.RING, Action.REACH, Action.CALL_IN, Action.SEND_BACK, Action.UNDO_LATE),
    }
)
_OF_ITS_MOMENT = _OF_ITS_DAY | {
    *(Action.SUBMIT, Action.GIVE_INFO, Action.OFFER, Action.TAKE_FREE, Action.CONFIRM),
    *(Action.ASK_CALL, Action.ASK_VISIT, Action.CHANGE_PLACE),
}
"""Steps whose sentence says what to do or to expect then; those of its day are done in the hall."""

_ENDED = (OrderStage.DONE, OrderStage.VOID)

_NO_DAY = datetime.max.replace(tzinfo=UTC)
"""Roads without a date are sorted after those with one."""

_CITIZEN = frozenset({Role.CITIZEN})


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """A draw that this request took part in, whether it won or not."""

    monday: date
    drawn_at: datetime
    seated: bool
    witnessed: bool = True
    """Whether a quorum of the witnesses signed the list before the late value could be known."""
    place: int = 0
    standbys: int = 0
    """Her place in the standby of the published file, and the length of it; 0 with a seat."""
    is_held: bool = True
    """False if nobody is received on its Monday: a holiday, or closed."""


class MarkState(StrEnum):
    """Whether a step of the timeline is past, current or ahead."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the timeline.

    `action` is None if the mark is an ongoing stage: in the line, in the room, in action. `at` is
    when it happened, began or is expected. `until` is the end of a past period of waiting. `role`
    is who acted or, for an ongoing stage, who has to act next.
    """

    state: MarkState
    stage: AnyStage
    role: Role
    district: int
    action: AnyAction | None = None
    at: datetime | None = None
    until: datetime | None = None
    due_at: datetime | None = None
    late: Lateness = IN_TIME
    note: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    order_number: str | None = None
    waits: tuple[DrawSeen, ...] = ()
    alone: tuple[date, ...] = ()
    """Mondays of its draws whose list no quorum of witnesses signed (docs/turns.md section 2)."""
    event_id: int = 0
    by_telephone: bool | None = False
    """Whether she is or was to be telephoned at her time; None if the reader may not know."""
    is_undoable: bool = False
    """Whether it is an act in her name that she can undo now."""
    is_contestable: bool = False
    """Whether it took her weeks and she may still contest that."""
    is_genuine: bool = True
    """False for a step that the database owner wrote, changed or moved; its words are left out."""
    declines_offer: bool = False
    """Whether she refused an offer, instead of giving up a seat of hers."""
    is_of_hall: bool = False
    """Whether her seat was given in the hall: missing it takes nothing, coming late brings nothing
    back."""

    @property
    def late_days(self) -> int:
        return self.late.days

    @property
    def weeks(self) -> int:
        """Number of draws in this period that gave no seat."""
        return sum(not draw.seated for draw in self.waits)


def is_meaning_over(mark: Mark, later: Sequence[Mark], today: date) -> bool:
    """Return whether what this past step said to do or to expect is over.

    It is over when a later step is current, and for acts in the hall after their day. `later` has
    the marks after this one. A state that the act itself began is no later step.
    """
    if mark.at is None or mark.action not in _OF_ITS_MOMENT or mark.is_undoable:
        return False
    if mark.action in _OF_ITS_DAY and tehran_day(mark.at) < today:
        return True
    begun = (None, mark.stage, mark.at)
    return any(
        one.state is MarkState.NOW and (one.action, one.stage, one.at) != begun for one in later
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark with its sort key: instant, event id, and whether it is an ongoing state.

    An ongoing state is sorted after the act that began it.
    """

    mark: Mark
    when: tuple[datetime, int, bool]


def timeline(
    request: Request,
    orders: Sequence[Order],
    viewer: Actor,
    now: datetime,
    draws: Sequence[DrawSeen] = (),
    *,
    stages_only: bool = False,
    is_proved: bool = False,
) -> tuple[Mark, ...]:
    """Return past and current marks in order of time, then the marks ahead.

    The result is empty for a viewer without a part in the case. An ongoing stage is placed where it
    began.

    `stages_only` is for the phone line and for tracking by code: it hides `CITIZEN_ONLY` and
    everything a person wrote or chose. `is_proved` means that an officer reads it to the citizen,
    who has proved her identity; only then does a `stages_only` timeline say whether she is
    telephoned.
    """
    knows = is_proved or not stages_only
    cases: tuple[Case, ...] = (request, *orders)
    roles = {case.id: _CITIZEN if stages_only else viewing_roles(viewer, case) for case in cases}
    seen = [order for order in orders if roles[order.id]]
    if not roles[request.id] and not seen:
        return ()
    present = {case.id: case for case in _present_cases(request, seen)}
    been = [
        *_stretches(request, draws),
        *(
            placed
            for case in cases
            for placed in _facts(case, roles[case.id], merged=case.id in present)
            if not (stages_only and placed.mark.action in CITIZEN_ONLY)
        ),
        *(
            _owed(request, owed, now)
            if (owed := _right_order_owed(case, seen))
            else _present(case, roles[id_], now, draws)
            for id_, case in present.items()
        ),
    ]
    # At equal instants the current mark is last: a meeting ends before its order is followed up.
    been.sort(
        key=lambda placed: (placed.when[0], placed.mark.state is MarkState.NOW, *placed.when[1:])
    )
    marks = (*(placed.mark for placed in been), *_ahead(request, seen))
    may_contest = request.stage in STEP_FOR[Action.CONTEST_NO_SHOW].at
    may_contest = may_contest and no_show_contestable(request, viewer, now) is None
    lost = newest_loss(request.history) if may_contest else None
    marks = tuple(
        replace(
            mark,
            alone=_unwitnessed_draws(mark, draws),
            by_telephone=_is_rung(request, mark) if knows else None,
            declines_offer=mark.action is Action.GIVE_UP_SEAT
            and mark.is_genuine
            and is_offered(mark.action for mark in marks[:at]),
            is_of_hall=is_given_in_hall(mark.action for mark in marks[:at]),
            is_contestable=lost is not None and mark.event_id == lost.id,
        )
        for at, mark in enumerate(marks)
    )
    return tuple(_without_text(mark, knows=knows) for mark in marks) if stages_only else marks


def _without_text(mark: Mark, *, knows: bool) -> Mark:
    """Remove what a person wrote, and show a telephone contact as an arrival, as the log does."""
    action = Action.ARRIVE if mark.action is Action.REACH and not knows else mark.action
    return replace(mark, action=action, note=None, payload={})


def _is_rung(request: Request, mark: Mark) -> bool:
    if mark.state is not MarkState.PAST or mark.at is None or mark.order_number is not None:
        return is_rung(request)
    before = [event for event in request.history if event.id <= mark.event_id]
    return was_rung(before, tehran_day(mark.at))


def _unwitnessed_draws(mark: Mark, draws: Sequence[DrawSeen]) -> tuple[date, ...]:
    won = str(mark.payload.get("monday")) if mark.action is Action.SEAT else ""
    shown_draws = (*mark.waits, *(draw for draw in draws if draw.monday.isoformat() == won))
    return tuple(draw.monday for draw in shown_draws if not draw.witnessed)


def viewing_roles(viewer: Actor, case: Case) -> frozenset[Role]:
    """Return the roles in which the viewer sees a case.

    A deputy also sees the cases of days he does not hold.
    """
    roles = {role for role in EVERYONE if plays(viewer, role, case)}
    if case.district in viewer.districts(Role.DEPUTY):
        roles.add(Role.DEPUTY)
    return frozenset(roles)


def is_shown(event: Event, roles: frozenset[Role]) -> bool:
    """Whether a viewer with these roles sees an event on the timeline.

    An internal comment is hidden from the citizen of the case, even if she holds other roles.
    """
    if is_internal(event) and Role.CITIZEN in roles:
        return False
    return bool(roles & set(STEP_FOR[event.action].visible_to))


def _present_cases(request: Request, orders: list[Order]) -> list[Case]:
    """Return the open orders while the request is in follow-up, else the request itself."""
    still_open: list[Case] = [o for o in orders if o.stage not in _ENDED]
    return still_open if request.stage is Stage.FOLLOW_UP and still_open else [request]


def _entering(case: Case) -> Event | None:
    """Return the newest event that entered a stage, including the same stage again (a redirect)."""
    return next((e for e in reversed(case.history) if STEP_FOR[e.action].to is not None), None)


def _facts(case: Case, roles: frozenset[Role], *, merged: bool) -> Iterator[_Placed]:
    hidden = _entering(case) if merged and case.stage not in GOING_ON else None
    for event, district in _with_district(case):
        if event is not hidden and is_shown(event, roles):
            yield _Placed(_mark(MarkState.PAST, case, event, district), (event.at, event.id, False))


def _with_district(case: Case) -> Iterator[tuple[Event, int]]:
    """Yield each event with the district it happened in; a redirect changes it for later events."""
    first = case.history[0].payload.get("district") if case.history else None
    district = first if isinstance(first, int) else case.district
    for event in case.history:
        yield event, district
        moved = event.payload.get("district")
        if event.action is Action.REDIRECT and isinstance(moved, int):
            district = moved


def _mark(state: MarkState, case: Case, event: Event, district: int) -> Mark:
    if not event.is_genuine:
        event = replace(event, note=None, payload={})
    return Mark(
        state,
        event.to_stage,
        event.role,
        district,
        event.action,
        event.at,
        note=event.note,
        payload=event.payload,
        order_number=_number(case),
        event_id=event.id,
        is_genuine=event.is_genuine,
    )


def _number(case: Case) -> str | None:
    return case.number if isinstance(case, Order) else None


def _stretches(request: Request, draws: Sequence[DrawSeen]) -> Iterator[_Placed]:
    """Yield each past period of waiting with a lost draw, with its draws up to the seating one."""
    began: Event | None = None
    for event in request.history:
        if event.from_stage is not Stage.WAITING and event.to_stage is Stage.WAITING:
            began = event
        elif began and event.to_stage is not Stage.WAITING:
            waits = tuple(d for d in draws if began.at <= d.drawn_at <= event.at)
            if not all(draw.seated for draw in waits):
                mark = Mark(
                    MarkState.PAST,
                    Stage.WAITING,
                    Role.CLOCK,
                    request.district,
                    at=began.at,
                    until=event.at,
                    waits=waits,
                )
                yield _Placed(mark, (began.at, began.id, True))
            began = None


def _present(
    case: Case, roles: frozenset[Role], now: datetime, draws: Sequence[DrawSeen]
) -> _Placed:
    entering = _entering(case)
    began = entering.at if entering else case.stage_at
    act = entering if case.stage not in GOING_ON else None
    act = act if act and is_shown(act, roles) else None
    if act:
        # A redirect belongs to the district that the case was in before.
        where = next(district for event, district in _with_district(case) if event is act)
        mark = _mark(MarkState.NOW, case, act, where)
    else:
        road = road_ahead(case.stage)
        mark = Mark(
            MarkState.NOW,
            case.stage,
            road[0].by[0] if road else Role.CLOCK,
            case.district,
            at=began,
            order_number=_number(case),
            waits=tuple(d for d in draws if case.stage is Stage.WAITING and d.drawn_at >= began),
        )
    late = lateness(case, now) if isinstance(case, Order) else Lateness(late_days(case.due_at, now))
    mark = replace(mark, due_at=case.due_at, late=late)
    return _Placed(mark, (began, entering.id if entering else 0, act is None))


def _right_order_owed(case: Case, orders: list[Order]) -> Order | None:
    """Return the order that became void last, if no order of that meeting stands."""
    if isinstance(case, Order):
        return None
    return next((order for order in orders if order.is_right_order_owed), None)


def _owed(request: Request, order: Order, now: datetime) -> _Placed:
    """Return the current mark: the mayor has to write the right order, since this one is void."""
    void = order.last(OrderAction.VOID)
    mark = Mark(MarkState.NOW, request.stage, Role.MAYOR, request.district, at=order.stage_at)
    mark = replace(mark, due_at=right_order_by(order), late=lateness(order, now))
    return _Placed(mark, (order.stage_at, void.id if void else 0, True))


def _ahead(request: Request, orders: list[Order]) -> Iterator[Mark]:
    if request.stage in OVER:
        return
    road = road_ahead(request.stage)
    for step in road:
        if step.action is not Action.FINISH:
            yield from _step_ahead(step, request)
        elif not orders:
            issue = STEP_FOR[OrderAction.ISSUE]
            for stage in (issue, *road_ahead(OrderStage.ISSUED)):
                yield from _step_ahead(stage, request)
    if request.stage in (Stage.IN_ROOM, Stage.FOLLOW_UP):
        yield from _by_time(
            [mark for step in road_ahead(order.stage) for mark in _step_ahead(step, order)]
            for order in orders
        )


def _by_time(roads: Iterable[Sequence[Mark]]) -> Iterator[Mark]:
    """Yield the steps of several units in order of date.

    A step without a date takes the date of the step before it on its own road, or of the first that
    has one.
    """
    placed: list[tuple[datetime, Mark]] = []
    for road in roads:
        days = [day for mark in road if (day := mark.at or mark.due_at)]
        last = days[0] if days else None
        for mark in road:
            last = mark.at or mark.due_at or last
            placed.append((last or _NO_DAY, mark))
    yield from (mark for _, mark in sorted(placed, key=lambda pair: pair[0]))


def _step_ahead(step: Step, case: Case) -> Iterator[Mark]:
    if step.action in PASSED_OVER:
        return
    at = due_at = None
    if isinstance(case, Request) and case.seat and step.action in (Action.ARRIVE, Action.CALL_IN):
        at = at_tehran(case.seat.monday, case.seat.time)
    if isinstance(case, Order) and step.action is OrderAction.REPORT:
        due_at = end_of_day(case.due_on)
    yield Mark(
        MarkState.AHEAD,
        step.to or case.stage,
        step.by[0],
        case.district,
        step.action,
        at,
        due_at=due_at,
        order_number=_number(case),
    )
