"""The past, the present and the road ahead of a case, as one reader may see them.

The past is the events that the reader's role is shown, the present the stage with its deadline,
the road ahead the main rows of the tables. Words and Jalali dates belong to the screens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from publicmeeting.domain.calendar import IN_TIME, Lateness, late_days
from publicmeeting.domain.lifecycle.access import is_internal, plays
from publicmeeting.domain.lifecycle.advance import road_ahead
from publicmeeting.domain.lifecycle.tables import EVERYONE, STEP_FOR, AnyAction, AnyStage, Step
from publicmeeting.domain.lifecycle.telephone import is_rung, was_rung
from publicmeeting.domain.lifecycle.voiding import right_order_by
from publicmeeting.domain.line.history import is_offered
from publicmeeting.domain.orders.promises import lateness
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OVER, Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day

GOING_ON = frozenset({Stage.WAITING, Stage.IN_ROOM, Stage.FOLLOW_UP, OrderStage.IN_ACTION})
"""Stages that say what goes on. The others are named after the act that began them, so that act
and stage are one mark."""

PASSED_OVER = frozenset({Action.FINISH, Action.CONCLUDE, OrderAction.TAKE_ON})
"""Steps of the road ahead that the step before or after them already says."""

HERS_ALONE = frozenset(
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
"""What the holder of a code does not read, who may be her neighbour: that she asked for a lane, and
how she is called, say what her body needs; where she sits at her time is nobody's business; what
she said of her mayor is for the overseer."""

_ENDED = (OrderStage.DONE, OrderStage.VOID)

_NO_DAY = datetime.max.replace(tzinfo=UTC)
"""A road without a day comes after those that have one."""

_CITIZEN = frozenset({Role.CITIZEN})


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """A draw this request took part in, won or not."""

    monday: date
    drawn_at: datetime
    seated: bool
    witnessed: bool = True
    """Whether a quorum of the witnesses signed its list before anybody could know the number."""
    place: int = 0
    standbys: int = 0
    """Her place among those the published file has in the standby line; 0 with a seat."""
    is_held: bool = True
    """False where nobody is received on its Monday: a holiday, or closed."""


class MarkState(StrEnum):
    """Where a step of the timeline lies."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the timeline.

    `action` is None where the mark is a stage that goes on: in the line, in the room, in action.
    `at` is when it happened or began, or is to happen; `until` when a past stretch of waiting
    ended; `role` who did it or, for a stage that goes on, whose move it is.
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
    """Of the draws it names, the Mondays of those without a witness (docs/turns.md 2)."""
    event_id: int = 0
    by_telephone: bool | None = False
    """She is rung at her time, or was to be by then; None where the reader is not to know."""
    is_undoable: bool = False
    """An act in her name that she can make as if it had not been, now."""
    declines_offer: bool = False
    """What she gave up was no seat of hers: one was offered, and she had not accepted it."""

    @property
    def late_days(self) -> int:
        return self.late.days

    @property
    def weeks(self) -> int:
        """The draws of this stretch that gave no seat."""
        return sum(not draw.seated for draw in self.waits)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark with its place: its instant, the event that made it, and whether it goes on from
    there; what goes on comes after the act that began it."""

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
    """What has come to be, in the order of time, and then what lies ahead; empty for somebody with
    no part in the case. What goes on is placed where it began.

    `stages_only` is for the phone line and for tracking by code: what the citizen sees, without
    what is hers alone and without anything a person wrote or chose. `is_proved`: it is read to her,
    who has proved herself; else nobody reads whether she is rung.
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
            if not (stages_only and placed.mark.action in HERS_ALONE)
        ),
        *(
            _owed(request, owed, now)
            if (owed := _right_order_owed(case, seen))
            else _present(case, roles[id_], now, draws)
            for id_, case in present.items()
        ),
    ]
    # Of one instant what goes on is last: a meeting is over before its order is followed.
    been.sort(
        key=lambda placed: (placed.when[0], placed.mark.state is MarkState.NOW, *placed.when[1:])
    )
    marks = (*(placed.mark for placed in been), *_ahead(request, seen))
    marks = tuple(
        replace(
            mark,
            alone=_alone(mark, draws),
            by_telephone=_is_rung(request, mark) if knows else None,
            declines_offer=mark.action is Action.GIVE_UP_SEAT
            and is_offered(one.action for one in marks[:at]),
        )
        for at, mark in enumerate(marks)
    )
    return tuple(_bare(mark, knows=knows) for mark in marks) if stages_only else marks


def _bare(mark: Mark, *, knows: bool) -> Mark:
    """Without what a person wrote. Whoever was reached has come, as the public log has it."""
    action = Action.ARRIVE if mark.action is Action.REACH and not knows else mark.action
    return replace(mark, action=action, note=None, payload={})


def _is_rung(request: Request, mark: Mark) -> bool:
    if mark.state is not MarkState.PAST or mark.at is None or mark.order_number is not None:
        return is_rung(request)
    before = [event for event in request.history if event.id <= mark.event_id]
    return was_rung(before, tehran_day(mark.at))


def _alone(mark: Mark, draws: Sequence[DrawSeen]) -> tuple[date, ...]:
    won = str(mark.payload.get("monday")) if mark.action is Action.SEAT else ""
    shown_draws = (*mark.waits, *(draw for draw in draws if draw.monday.isoformat() == won))
    return tuple(draw.monday for draw in shown_draws if not draw.witnessed)


def viewing_roles(viewer: Actor, case: Case) -> frozenset[Role]:
    """The roles in which somebody looks at a case; a deputy also on days he does not hold."""
    roles = {role for role in EVERYONE if plays(viewer, role, case)}
    if case.district in viewer.districts(Role.DEPUTY):
        roles.add(Role.DEPUTY)
    return frozenset(roles)


def is_shown(event: Event, roles: frozenset[Role]) -> bool:
    """Whether an event is on the timeline of somebody who looks in these roles.

    An internal comment is hidden from whoever is the citizen of the case, whatever else he is.
    """
    if is_internal(event) and Role.CITIZEN in roles:
        return False
    return bool(roles & set(STEP_FOR[event.action].visible_to))


def _present_cases(request: Request, orders: list[Order]) -> list[Case]:
    """What is current: while orders are followed up, each that is not done; else the request."""
    still_open: list[Case] = [o for o in orders if o.stage not in _ENDED]
    return still_open if request.stage is Stage.FOLLOW_UP and still_open else [request]


def _entering(case: Case) -> Event | None:
    """The newest event that named a stage, even if it is the same one again (a redirect)."""
    return next((e for e in reversed(case.history) if STEP_FOR[e.action].to is not None), None)


def _facts(case: Case, roles: frozenset[Role], *, merged: bool) -> Iterator[_Placed]:
    hidden = _entering(case) if merged and case.stage not in GOING_ON else None
    for event, district in _with_district(case):
        if event is not hidden and is_shown(event, roles):
            yield _Placed(_mark(MarkState.PAST, case, event, district), (event.at, event.id, False))


def _with_district(case: Case) -> Iterator[tuple[Event, int]]:
    """Each event with the district it happened in: a redirect changes it for what follows."""
    first = case.history[0].payload.get("district") if case.history else None
    district = first if isinstance(first, int) else case.district
    for event in case.history:
        yield event, district
        moved = event.payload.get("district")
        if event.action is Action.REDIRECT and isinstance(moved, int):
            district = moved


def _mark(state: MarkState, case: Case, event: Event, district: int) -> Mark:
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
    )


def _number(case: Case) -> str | None:
    return case.number if isinstance(case, Order) else None


def _stretches(request: Request, draws: Sequence[DrawSeen]) -> Iterator[_Placed]:
    """Each past stretch in the line that lost a draw, with its draws up to the one that seated."""
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
        # Whoever redirected a case did it where the case was before.
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
    """Of a meeting of which nothing stands, what became void last."""
    if isinstance(case, Order):
        return None
    return next((order for order in orders if order.is_right_order_owed), None)


def _owed(request: Request, order: Order, now: datetime) -> _Placed:
    """The right order is the mayor's to write, since this one became void."""
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
            for one in (issue, *road_ahead(OrderStage.ISSUED)):
                yield from _step_ahead(one, request)
    if request.stage in (Stage.IN_ROOM, Stage.FOLLOW_UP):
        yield from _by_time(
            [mark for step in road_ahead(order.stage) for mark in _step_ahead(step, order)]
            for order in orders
        )


def _by_time(roads: Iterable[Sequence[Mark]]) -> Iterator[Mark]:
    """What several units will do, in the order of its days. A step without a day keeps to the one
    before it on its own road, or to the first that has one."""
    placed: list[tuple[datetime, Mark]] = []
    for road in roads:
        days = [day for mark in road if (day := mark.at or mark.due_at)]
        last = days[0] if days else None
        for mark in road:
            last = mark.at or mark.due_at or last
            placed.append((last or _NO_DAY, mark))
    yield from (mark for _, mark in sorted(placed, key=lambda one: one[0]))


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
