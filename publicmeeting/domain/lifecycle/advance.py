"""The only function that names a next stage, and the readings of the tables beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from publicmeeting.domain.calendar import deadline_days, deadline_working_days
from publicmeeting.domain.choices import Original, are_codes
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import is_internal, plays
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN, OBJECTION_DAYS
from publicmeeting.domain.lifecycle.order_guards import REOPEN_DAYS
from publicmeeting.domain.lifecycle.tables import (
    ORDER_STEPS,
    REQUEST_STEPS,
    STEP_FOR,
    AnyAction,
    AnyStage,
    Days,
    EndSideDeadline,
    Explicit,
    SideDeadline,
    Step,
    Unchanged,
    Within,
    WorkingDays,
)
from publicmeeting.domain.records import FREE, Case, Event, Order, Seat
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import (
    CALLS,
    LETS_GO,
    SCREENING,
    SLIPS,
    UNCONFIRMED,
    Action,
    Need,
    OrderAction,
    Stage,
)
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O


def role_for(actor: Actor, step: Step, case: Case, now: datetime) -> Role | None:
    """The role in which this actor may take this step now, if any."""
    return next(
        (r for r in _roles(actor, step, case) if not _refused(case, step, actor, r, now)), None
    )


def why_not(case: Case, step: Step, actor: Actor, now: datetime) -> str | None:
    """The word of the refusal, a key of `text.refusals`; None when the step is open."""
    roles = _roles(actor, step, case)
    if not roles:
        return "not_your_role"
    if case.stage not in step.at:
        return "stage_moved"
    words = [_refused(case, step, actor, role, now) for role in roles]
    return None if None in words else words[0]


_SAYS_NOTHING = frozenset({Need.IDENTITY})
"""Needs of a step that carries no word of whoever takes it."""


def as_denied(word: str, case: Case, step: Step, note: str = "") -> Denied:
    """The refusal with the stage that stands now and, as `already`, the action where exactly what
    is asked has just been done by somebody else: two who press at one instant want the same.

    Whoever has words of her own to go along is refused: hers are not the ones that were written.
    """
    facts = {"stage": case.stage.value}
    if word == "stage_moved" and not note and _SAYS_NOTHING.issuperset(step.needs):
        moves = (event for event in reversed(case.history) if event.from_stage != event.to_stage)
        newest = next(moves, None)
        if newest is not None and newest.action is step.action:
            facts["already"] = step.action.value
    return Denied(word, **facts)


def _roles(actor: Actor, step: Step, case: Case) -> list[Role]:
    return [role for role in step.by if plays(actor, role, case)]


def _refused(case: Case, step: Step, actor: Actor, role: Role, now: datetime) -> str | None:
    # A guard asks who acts: somebody with two offices acts in one of them, not in both.
    acting = replace(actor, grants=tuple(g for g in actor.grants if g.role is role))
    return next((word for guard in step.guards if (word := guard(case, acting, now))), None)


def steps_open_to(actor: Actor, case: Case, now: datetime) -> tuple[Step, ...]:
    """The buttons this person sees on this case."""
    table = ORDER_STEPS if isinstance(case, Order) else REQUEST_STEPS
    return tuple(s for s in table if why_not(case, s, actor, now) is None)


_NOTHING: tuple[object, ...] = (None, "", (), [])


def missing_needs(step: Step, payload: Mapping[str, object], note: str) -> Need | None:
    """The first need that the payload lacks; a text is passed apart from the ids and dates."""
    for need in step.needs:
        value = note if need is Need.NOTE else payload.get(need.value)
        if value in _NOTHING:
            return need
    return None


def deadline(
    within: Within, case_due: datetime | None, now: datetime, ends_at: datetime | None
) -> datetime | None:
    """When the new stage counts as late; None when it has no deadline."""
    match within:
        case WorkingDays(n):
            return deadline_working_days(now, n)
        case Days(n):
            return deadline_days(now, n)
        case Explicit():
            if ends_at is None:
                msg = "this step must be given its deadline"
                raise ValueError(msg)
            return ends_at
        case Unchanged() | EndSideDeadline():
            return case_due
        case SideDeadline(n):
            return deadline_working_days(now, n)
    return None


def side_deadline_until(case: Case, action: AnyAction) -> datetime | None:
    """Until when somebody beside the road owes an answer to the newest such step, wherever the case
    stands by now; None where it never happened."""
    event, within = case.last(action), STEP_FOR[action].within
    if event is None or not isinstance(within, SideDeadline | WorkingDays):
        return None
    return deadline_working_days(event.at, within.n)


def _due_at(case: Case, step: Step, now: datetime, ends_at: datetime | None) -> datetime | None:
    within = step.within
    if isinstance(within, EndSideDeadline) and case.due_at == side_deadline_until(
        case, within.action
    ):
        return None
    if isinstance(within, SideDeadline) and case.stage is not within.at:
        return case.due_at
    return deadline(within, case.due_at, now, ends_at)


def advance(
    case: Case,
    action: AnyAction,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    note: str = "",
    ends_at: datetime | None = None,
) -> Event:
    """Check role, stage, guards and needs against one row and give the fact that follows.

    Raises `Denied` with the word of the refusal: `not_your_role`, `stage_moved`, a guard's word,
    `need_…` for what is missing, or `form_broken` for a reason that is not in its list.
    """
    step = STEP_FOR[action]
    word = why_not(case, step, actor, now)
    if word:
        raise as_denied(word, case, step, note)
    need = missing_needs(step, payload or {}, note)
    if need:
        raise Denied(f"need_{need.value}")
    if not are_codes(action, payload or {}):
        # Free text must not reach the append-only audit, nor the public log.
        raise Denied("form_broken")
    role = role_for(actor, step, case, now)
    assert role is not None
    return Event(
        action=action,
        role=role,
        at=now,
        from_stage=case.stage,
        to_stage=step.to or case.stage,
        account_id=actor.account_id,
        person_id=actor.person_id if role is Role.CITIZEN else None,
        payload=dict(payload or {}),
        note=note or None,
        due_at=_due_at(case, step, now, ends_at),
    )


def taken_back(event: Event, left: Event, seat: Seat | None = None) -> Event:
    """The fact that undoes a leaving, with the stage in which that one found her and its deadline
    anew; with the seat she gets back, as long as she has to answer for it.

    Without it she is in the line: it went to the next.
    """
    if seat is not None:
        stage = Stage.CONFIRMED if left.from_stage is Stage.CONFIRMED else Stage.INVITED
        due_at = seat.answer_by if stage is Stage.INVITED else None
        return replace(event, to_stage=stage, due_at=due_at)
    is_screened = left.from_stage not in SCREENING
    step = STEP_FOR[Action.UNDO if is_screened else Action.SUBMIT]
    assert step.to is not None
    return replace(event, to_stage=step.to, due_at=deadline(step.within, None, event.at, None))


def with_seat_back(case: Case, event: Event, seat: Seat) -> Event:
    """The fact that takes a seat back which she gave up: the stage in which that found her, with
    its deadline."""
    gave_up = case.last(*LETS_GO)
    assert gave_up is not None, "the guard has looked"
    assert gave_up.from_stage is not None
    due_at = seat.answer_by if gave_up.from_stage in UNCONFIRMED else None
    kept = case.last(Action.KEEP_SEAT)
    if due_at is not None and kept is not None and FREE in gave_up.payload:
        due_at = kept.due_at
    return replace(event, to_stage=gave_up.from_stage, due_at=due_at)


def met_on_paper(event: Event, *, is_owed: bool) -> Event:
    """The fact that she was met on paper; with orders still to be done she follows them."""
    return event if is_owed else replace(event, to_stage=Stage.CLOSED)


def put_right(case: Case, event: Event) -> Event:
    """The fact that takes back what reception has just pressed: the stage and the deadline that
    stood before it."""
    slip, *earlier = reversed(case.history)
    assert slip.action is SLIPS[Action(event.action)], "the guard has looked"
    assert slip.from_stage is not None
    return replace(event, to_stage=slip.from_stage, due_at=earlier[0].due_at)


def begin(
    action: AnyAction,
    actor: Actor,
    role: Role,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    note: str = "",
) -> Event:
    """The first event of a request (submit) or an order (issue).

    The use case has already opened the door (a confirmed code, a meeting in the room).
    """
    step = STEP_FOR[action]
    if role not in step.by:
        raise Denied("not_your_role")
    assert step.to is not None
    need = missing_needs(step, payload or {}, note)
    if need:
        raise Denied(f"need_{need.value}")
    return Event(
        action=action,
        role=role,
        at=now,
        from_stage=None,
        to_stage=step.to,
        account_id=actor.account_id,
        person_id=actor.person_id,
        payload=dict(payload or {}),
        note=note or None,
        due_at=deadline(step.within, None, now, None),
    )


def recipients(event: Event) -> tuple[Role, ...]:
    """The roles that get a notice of an event: those of the row, without the citizen where a
    comment is internal, where days that were lost move nothing that was promised to her, or where
    reception writes of her paper what she has seen it do, and accuses her of nothing.

    Nobody gets one of his own comment.
    """
    notifies = STEP_FOR[event.action].notifies
    if event.action is OrderAction.GIVE_DAYS_BACK and not event.payload.get("due_on"):
        return tuple(role for role in notifies if role is not Role.CITIZEN)
    if event.action is Action.CHECK_ORIGINAL:
        return notifies if event.payload.get(Need.ORIGINAL.value) == Original.NOT_HERS else ()
    if event.action is not OrderAction.COMMENT:
        return notifies
    left_out = {event.role} | ({Role.CITIZEN} if is_internal(event) else set())
    return tuple(role for role in notifies if role not in left_out)


def is_called_again(history: Sequence[Event], event: Event) -> bool:
    """A call of whoever was called before since she has been at this stage: her telephone has said
    it, and an impatient thumb at the door must not send one message more for every press."""
    if event.action not in CALLS:
        return False
    since = takewhile(lambda one: one.from_stage == one.to_stage, reversed(history))
    return any(one.action in CALLS for one in since)


def firing(stage: AnyStage) -> Step | None:
    """What the clock does when this stage's deadline passes."""
    return next((s for s in STEP_FOR.values() if s.fires and stage in s.at), None)


def road_ahead(stage: AnyStage) -> tuple[Step, ...]:
    """The ordinary way on from here: the main rows, in order."""
    table = ORDER_STEPS if stage in {s for o in ORDER_STEPS for s in o.at} else REQUEST_STEPS
    road: list[Step] = []
    here: AnyStage | None = stage
    while here is not None:
        step = next((s for s in table if s.main and here in s.at and s not in road), None)
        if step is None:
            break
        road.append(step)
        here = step.to
    return tuple(road)


class Passage(NamedTuple):
    """What of an event says where its case went: all that a replay asks of it."""

    action: AnyAction
    from_stage: AnyStage | None
    to_stage: AnyStage


def replay(events: Iterable[Event | Passage]) -> AnyStage | None:
    """The stage that these events lead to, for `doctor`; ValueError where they do not join."""
    stage: AnyStage | None = None
    for event in events:
        step = STEP_FOR[event.action]
        joins = stage in step.at if step.at else stage is None
        if event.from_stage != stage or not joins:
            msg = f"{event.action} cannot follow {stage}"
            raise ValueError(msg)
        if event.to_stage not in (step.to or stage, *step.back_to):
            msg = f"{event.action} does not lead to {event.to_stage}"
            raise ValueError(msg)
        stage = event.to_stage
    return stage


# Until when a citizen may contradict what has happened, for whoever writes to her of it.

_DAYS: Mapping[AnyAction, int] = {
    A.REDIRECT: OBJECTION_DAYS,
    A.DECLINE: OBJECTION_DAYS,
    A.FINISH_REFUSED: OBJECTION_DAYS,
    O.CONFIRM_DONE: REOPEN_DAYS,
    O.UPHOLD: REOPEN_DAYS,
    O.SETTLE: REOPEN_DAYS,
}
OPENS = frozenset(_DAYS)
"""What she may contradict for so many days, as long as the city is there."""


def open_until(event: Event) -> datetime | None:
    """None where no objection is possible, or one at any time."""
    if event.action is A.NO_SHOW:
        return event.at + CONTEST_WITHIN
    days = _DAYS.get(event.action)
    return deadline_days(event.at, days) if days else None
