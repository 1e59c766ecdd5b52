"""Take steps by the tables: the only module that determines a next stage."""

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
from publicmeeting.domain.line.lanes import LOST
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
    """Return the role in which this actor may take this step now, or None."""
    return next(
        (r for r in _roles(actor, step, case) if not _refused(case, step, actor, r, now)), None
    )


def why_not(case: Case, step: Step, actor: Actor, now: datetime) -> str | None:
    """Return the refusal's key in `text.refusals`, or None if the step may be taken."""
    roles = _roles(actor, step, case)
    if not roles:
        return "not_your_role"
    if case.stage not in step.at:
        return "stage_moved"
    words = [_refused(case, step, actor, role, now) for role in roles]
    return None if None in words else words[0]


_SAYS_NOTHING = frozenset({Need.IDENTITY})
"""Inputs of a step that carry no text or decision of the person who takes it."""


def as_denied(word: str, case: Case, step: Step, note: str = "") -> Denied:
    """Return the refusal with the current `stage`.

    `already` is added if somebody else has just taken exactly this step: two people who press at
    the same time want the same. It is omitted if the second one has a note or other input, because
    theirs was not recorded.
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
    # A guard looks at the actor's roles: an official with two roles acts in one of them, not in
    # both.
    acting = replace(actor, grants=tuple(g for g in actor.grants if g.role is role))
    return next((word for guard in step.guards if (word := guard(case, acting, now))), None)


def steps_open_to(actor: Actor, case: Case, now: datetime) -> tuple[Step, ...]:
    """Return the steps that this actor may take on this case now, in the order of the table."""
    table = ORDER_STEPS if isinstance(case, Order) else REQUEST_STEPS
    return tuple(s for s in table if why_not(case, s, actor, now) is None)


_NOTHING: tuple[object, ...] = (None, "", (), [])


def missing_needs(step: Step, payload: Mapping[str, object], note: str) -> Need | None:
    """Return the first required input that is missing, or None.

    `note` is passed apart from the payload, which has ids and dates.
    """
    for need in step.needs:
        value = note if need is Need.NOTE else payload.get(need.value)
        if value in _NOTHING:
            return need
    return None


def deadline(
    within: Within, case_due: datetime | None, now: datetime, ends_at: datetime | None
) -> datetime | None:
    """Return when the new stage becomes late, or None if it has no deadline.

    Raises ValueError if the row expects an explicit deadline and `ends_at` is None.
    """
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
    """Return until when a side actor must answer the newest event of this action, in any stage.

    None if the action never happened, or its row has no such deadline.
    """
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
    """Check role, stage, guards and inputs against one row, and return the resulting event.

    Raises `Denied` with the refusal's key: `not_your_role`, `stage_moved`, a guard's key, `need_…`
    for a missing input, or `form_broken` for a code that is not in its list.
    """
    step = STEP_FOR[action]
    word = why_not(case, step, actor, now)
    if word:
        raise as_denied(word, case, step, note)
    need = missing_needs(step, payload or {}, note)
    if need:
        raise Denied(f"need_{need.value}")
    if not are_codes(action, payload or {}):
        # Free text must reach neither the append-only audit nor the public log.
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
    """Return the event that undoes a leaving (`left`), with its stage and deadline.

    With `seat` she gets that seat back, and the deadline for her answer. Without it the seat went
    to somebody else, and she returns to the line or to screening, with a new deadline.
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
    """Return the event that takes back a seat she gave up, with its former stage and deadline."""
    gave_up = case.last(*LETS_GO)
    assert gave_up is not None, "the guard has looked"
    assert gave_up.from_stage is not None
    due_at = seat.answer_by if gave_up.from_stage in UNCONFIRMED else None
    keep = case.last(Action.KEEP_SEAT)
    if due_at is not None and keep is not None and FREE in gave_up.payload:
        due_at = keep.due_at
    return replace(event, to_stage=gave_up.from_stage, due_at=due_at)


def met_on_paper(event: Event, *, is_owed: bool) -> Event:
    """Return the event that she was met on paper; the case closes unless orders are still open."""
    return event if is_owed else replace(event, to_stage=Stage.CLOSED)


def put_right(case: Case, event: Event) -> Event:
    """Return the event that undoes reception's last step, with the stage and deadline before it."""
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
    """Return the first event of a request (submit) or an order (issue).

    The use case has already checked the precondition: a confirmed code, or a meeting in the room.
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
    """Return the roles that get a notice of an event: those of its row, with three exceptions.

    - The citizen gets no notice of an internal comment, nor of days given back to a unit that move
      no date promised to her.
    - She gets a notice of reception's check of an original only if the paper was not hers.
    - Nobody gets a notice of an own comment.
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
    """Whether she was called before in this stage, so that this call sends no further message.

    Otherwise every press at reception would send another SMS.
    """
    if event.action not in CALLS:
        return False
    since = takewhile(lambda event: event.from_stage == event.to_stage, reversed(history))
    return any(event.action in CALLS for event in since)


def firing(stage: AnyStage) -> Step | None:
    """Return the step that the clock takes when the deadline of this stage passes, or None."""
    return next((s for s in STEP_FOR.values() if s.fires and stage in s.at), None)


def road_ahead(stage: AnyStage) -> tuple[Step, ...]:
    """Return the usual steps from this stage on: the main rows, in order."""
    table = ORDER_STEPS if stage in {s for o in ORDER_STEPS for s in o.at} else REQUEST_STEPS
    road: list[Step] = []
    current: AnyStage | None = stage
    while current is not None:
        step = next((s for s in table if s.main and current in s.at and s not in road), None)
        if step is None:
            break
        road.append(step)
        current = step.to
    return tuple(road)


class Passage(NamedTuple):
    """The fields of an event that a replay needs."""

    action: AnyAction
    from_stage: AnyStage | None
    to_stage: AnyStage


def replay(events: Iterable[Event | Passage]) -> AnyStage | None:
    """Return the stage that these events lead to, for `doctor`.

    Raises ValueError if the events do not connect.
    """
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


# Until when a citizen may object to an event, for the notices that tell her.

_DAYS: Mapping[AnyAction, int] = {
    A.REDIRECT: OBJECTION_DAYS,
    A.DECLINE: OBJECTION_DAYS,
    A.FINISH_REFUSED: OBJECTION_DAYS,
    O.CONFIRM_DONE: REOPEN_DAYS,
    O.UPHOLD: REOPEN_DAYS,
    O.SETTLE: REOPEN_DAYS,
}
OPENS = frozenset(_DAYS)
"""Actions that open a period for an objection, apart from time lost by outages."""


def open_until(event: Event) -> datetime | None:
    """Return the end of the period for an objection; None if there is none or no limit."""
    if event.action is A.NO_SHOW or (event.action is A.GIVE_UP_SEAT and event.payload.get(LOST)):
        return event.at + CONTEST_WITHIN
    days = _DAYS.get(event.action)
    return deadline_days(event.at, days) if days else None
