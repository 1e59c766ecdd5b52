"""Every step on an issued order: its fields, its changes, and what follows for the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.choices import Audience
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.advance import advance, as_denied, why_not
from publicmeeting.domain.lifecycle.climbing import next_climb
from publicmeeting.domain.lifecycle.order_guards import OF_THE_SHEET
from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction, Step
from publicmeeting.domain.orders.promises import (
    are_ended,
    check_due_on,
    pause_left,
    paused_due_on,
    resumed_due_on,
    stem,
    waits_for_unit,
)
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import CLOCK, MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, checked_note, note_limit, parsed, usecase
from publicmeeting.usecases.lifecycle.outages import give_days_back
from publicmeeting.usecases.lifecycle.refusals import refuse_displaced, refuse_unread
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.orders.order_checks import unit_in
from publicmeeting.usecases.rate_limits import count_step


class TakeOrderStep(Command):
    """One action on one order; only the fields that its row needs are read.

    `due_on` is an ISO day, `audience` of a comment `citizen` or `internal`, `verdict` of the
    question whether it is done `yes` or `no`. `about` is the event that the page showed as being
    answered, by its number; empty if it showed none.
    """

    number: str
    action: str
    note: str = ""
    unit: str = ""
    due_on: str = ""
    audience: str = ""
    verdict: str = ""
    about: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Changes of a step: `payload` for the event, the other fields for the order's row."""

    payload: Mapping[str, object] = field(default_factory=dict)
    due_on: date | None = None
    unit_id: str | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step whose actor and time have been checked."""

    uow: UnitOfWork
    actor: Actor
    order: Order
    command: TakeOrderStep
    today: date


Find = Callable[[StepInput], Change]


def find_change(action: AnyAction, step: StepInput) -> Change:
    """Return what this action changes; Invalid for a field, Denied if it can only be refused."""
    return _CHANGES.get(action, _attach_photos)(step)


def _attach_photos(step: StepInput) -> Change:
    return Change({"photos": len(step.command.photos)} if step.command.photos else {})


def _until_due_on(step: StepInput) -> Change:
    return Change(ends_at=end_of_day(step.order.due_on))


def _reassign(step: StepInput) -> Change:
    """Choose another unit; the due date does not start again.

    Invalid("same_unit") for the same one while it has neither accepted nor returned the order.
    """
    order, wanted = step.order, _needed(step.command.unit, "need_unit", "unit")
    unit = unit_in(step.uow, order.district, wanted)
    if waits_for_unit(order) and unit.id == order.unit_id:
        raise Invalid("same_unit", field="unit")
    return Change({"unit": unit.id}, unit_id=unit.id)


def _ask_extension(step: StepInput) -> Change:
    command, due_on = step.command, step.order.due_on
    day = check_due_on(_due(command), step.today, command.note, after=due_on)
    return Change({"due_on": day.isoformat()})


def _extend(step: StepInput) -> Change:
    """Extend to the date that the unit asked for.

    A date that has passed, or is not later than the current due date (after a pause moved it), can
    only be refused: an extension never shortens. Denied("extension_overtaken").
    """
    question = _question(step.order, OrderAction.ASK_EXTENSION)
    day = date.fromisoformat(str(question.payload["due_on"]))
    if day <= max(step.today, step.order.due_on):
        raise Denied("extension_overtaken")
    return _until(day)


def _retry(step: StepInput) -> Change:
    return _until(check_due_on(_due(step.command), step.today, step.command.note))


def _pause(step: StepInput) -> Change:
    """Pause the due date while the citizen is asked."""
    due_on = step.order.due_on
    until = paused_due_on(due_on, step.today, pause_left(step.order))
    payload = {"was_on": due_on.isoformat(), "until": until.isoformat()}
    return Change(payload, due_on=until, ends_at=end_of_day(until))


def _resume(step: StepInput) -> Change:
    question = _question(step.order, OrderAction.ASK_CITIZEN)
    day = resumed_due_on(step.order, question, step.today)
    photos = _attach_photos(step).payload
    return Change({**photos, "due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


def _comment(step: StepInput) -> Change:
    return Change({"audience": _audience(step.order, step.actor, step.command.audience).value})


def _answer_verdict(step: StepInput) -> Change:
    """Return the citizen's yes or no; the row refuses a missing one."""
    return Change({"verdict": step.command.verdict} if step.command.verdict else {})


_CHANGES: Mapping[AnyAction, Find] = {
    OrderAction.TAKE_ON: _until_due_on,
    OrderAction.WITHDRAW_REPORT: _until_due_on,
    OrderAction.REASSIGN: _reassign,
    OrderAction.ASK_EXTENSION: _ask_extension,
    OrderAction.EXTEND: _extend,
    OrderAction.RETRY: _retry,
    OrderAction.ASK_CITIZEN: _pause,
    OrderAction.TELL_UNIT: _resume,
    OrderAction.COMMENT: _comment,
    OrderAction.SAY_DONE: _answer_verdict,
}
"""Steps that change, or need, more than a note and pictures."""


def _needed(value: str, key: str, name: str) -> str:
    if not value:
        raise Invalid(key, field=name)
    return value


def _due(command: TakeOrderStep) -> str:
    return _needed(command.due_on, "need_due_on", "due_on")


def _until(day: date) -> Change:
    return Change({"due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


def _question(order: Order, action: OrderAction) -> Event:
    question = order.last(action)
    assert question is not None, "the row's guard has seen it"
    return question


def _audience(order: Order, actor: Actor, chosen: str) -> Audience:
    """Return the chosen audience; what the citizen writes is for everybody in the case.

    Invalid("need_audience") for an official who has not chosen one.
    """
    if actor.person_id is not None and actor.person_id == order.person_id:
        return Audience.CITIZEN
    if not chosen:
        raise Invalid("need_audience", field="audience")
    return parsed(Audience, chosen)


def climb_order(uow: UnitOfWork, order_id: str, now: datetime) -> None:
    """Take the climb of an order's lateness that is due, if one is.

    Event, next instant and notices are one transaction, and the history is read again here, so a
    second worker finds the level already reached. An order whose stored instant disagrees with its
    history (it is older than climbing) only gets the right one.
    """
    uow.orders.lock_by_id(order_id)
    order = uow.orders.by_id(order_id)
    climb = next_climb(order.history)
    if climb is None or climb.at > now:
        uow.orders.set_climb(order)
        return
    if give_days_back(uow, order, now):
        return
    uow.orders.record(order, advance(order, climb.action, CLOCK, now))


def is_due_now(order: Order, now: datetime) -> bool:
    """Return whether the clock has a due step on the order's lateness that is not taken yet."""
    return order.climbs_at is not None and order.climbs_at <= now


PHOTOS_MOST = 6


@usecase(Role.CITIZEN, Role.UNIT, *MEETING, Role.OVERSEER)
def take_order_step(uow: UnitOfWork, actor: Actor, command: TakeOrderStep, now: datetime) -> Order:
    """Take one step on an order; return the order as it is afterwards.

    Raises Denied with the lifecycle's key; `not_found` for an order that the actor may not see;
    `person_displaced`, `too_many_requests`, `sheet_done`, `erased_already`. Raises Invalid for a
    field, such as `need_audience` for a comment without one.
    """
    if actor.person_id is not None:
        uow.orders.get_visible(command.number, actor)  # an actor who may not see it learns nothing
        refuse_displaced(uow, actor.person_id)
    uow.orders.lock(command.number)
    order = uow.orders.get_visible(command.number, actor)
    if is_due_now(order, now) and give_days_back(uow, order, now):
        order = uow.orders.get_visible(command.number, actor)  # the clock had not done so yet
    step = _step(command.action)
    # The check comes before the fields are read, so that a refused actor learns nothing from them.
    word = why_not(order, step, actor, now)
    if word:
        raise as_denied(word, order, step, command.note.strip())
    refuse_unread(order, step.action, command.about)
    if step.action is OrderAction.REOPEN and is_erased(uow, order):
        raise Denied("erased_already")
    other_orders = _others_on_sheet(uow, order, step, actor, now)
    count_step(uow, actor)
    command = _normalized(command, step)
    change = find_change(step.action, StepInput(uow, actor, order, command, tehran_day(now)))
    event = advance(
        order, step.action, actor, now, change.payload, note=command.note, ends_at=change.ends_at
    )
    event_id = uow.orders.record(order, event, due_on=change.due_on, unit_id=change.unit_id)
    for other in other_orders:
        uow.orders.record(other, advance(other, step.action, actor, now, note=command.note))
    if command.photos:
        uow.images.attach(
            list(command.photos),
            actor,
            request_id=order.request_id,
            order_id=order.id,
            event_id=event_id,
        )
    if change.unit_id:
        uow.publish(f"unit:{order.unit_id}")
    follow_request(uow, order.request_id, now)
    return uow.orders.by_id(order.id)


def is_erased(uow: UnitOfWork, order: Order) -> bool:
    """Return whether her request was erased, so that reopened work could not be judged."""
    return bool(uow.requests.by_id(order.request_id).count(Action.ERASE))


def _others_on_sheet(
    uow: UnitOfWork, order: Order, step: Step, actor: Actor, now: datetime
) -> list[Order]:
    """Return the other orders of the same paper if the step concerns all of it.

    Denied("sheet_done") if one of them has ended, because this paper documents its work for her.
    Keeping the order can still be decided.
    """
    if step.action not in OF_THE_SHEET:
        return []
    paper = stem(order.number)
    orders = uow.orders.of_request(order.request_id)
    other_orders = [one for one in orders if one.id != order.id and stem(one.number) == paper]
    can = [other for other in other_orders if why_not(other, step, actor, now) is None]
    if len(can) < len(other_orders) and step.action is not OrderAction.KEEP_ORDER:
        raise Denied("sheet_done")
    return can


def _normalized(command: TakeOrderStep, step: Step) -> TakeOrderStep:
    """Return the command with its note as stored, and pictures only if the row takes them."""
    photos = command.photos if Need.PHOTOS in (*step.needs, *step.may) else ()
    if len(photos) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    note = checked_note(command.note, limit=note_limit(step))
    return command.model_copy(update={"note": note, "photos": photos})


def settle_order(uow: UnitOfWork, order_id: str, now: datetime) -> None:
    """Take an order as done ten silent days after its report, as the clock.

    Denied("stage_moved") if it is no longer only reported.
    """
    uow.orders.lock_by_id(order_id)
    order = uow.orders.by_id(order_id)
    event = advance(order, OrderAction.SETTLE, CLOCK, now)
    uow.orders.record(order, event)
    follow_request(uow, order.request_id, now)


def follow_request(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """Close the request when all of its orders are done; reopen it when one is not."""
    finished = are_ended(uow.orders.stages_of(request_id))
    action = Action.CONCLUDE if finished else Action.RESUME
    if uow.requests.stage_of(request_id) not in STEP_FOR[action].at:
        return  # the usual case, which reads no text
    request = uow.requests.by_id(request_id)
    if why_not(request, STEP_FOR[action], CLOCK, now) is None:
        clock_takes(uow, request, action, now)


def _step(name: str) -> Step:
    action = parsed(OrderAction, name)
    if action is OrderAction.ISSUE:
        raise Denied("form_broken")
    return STEP_FOR[action]
