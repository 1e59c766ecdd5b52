"""Every step on an order after it was issued, and what follows from it for its request."""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, as_denied, why_not
from publicmeeting.domain.lifecycle.climbing import next_climb
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.orders.promises import is_end
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import CLOCK, MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import note_limit, usecase
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.one_live import refuse_displaced
from publicmeeting.usecases.lifecycle.outages import give_days_back
from publicmeeting.usecases.orders.changes import StepInput, TakeOrderStep, find_change
from publicmeeting.usecases.orders.order_checks import checked_note
from publicmeeting.usecases.rate_limits import count_step


def climb_order(order_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Take the climb that is due, if one is.

    Its event, the next instant and the notices are one transaction, and the history is read again
    here: a second worker finds the level already reached. An order whose instant is
    not what its history says (it is older than climbing) only gets the right one.
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
    """Whether the clock has something to say of its lateness, and has not said it yet."""
    return order.climbs_at is not None and order.climbs_at <= now


PHOTOS_MOST = 6


@usecase(Role.CITIZEN, Role.UNIT, *MEETING, Role.OVERSEER)
def take_order_step(uow: UnitOfWork, actor: Actor, command: TakeOrderStep, now: datetime) -> Order:
    """Take one step on an order; returns the order as it stands afterwards.

    Raises Denied with the lifecycle's key, `not_found` for an order that is not this actor's to
    see, `person_displaced` for a citizen whose identity is proved to be another's, `need_audience`
    for a comment without one, `too_many_requests`; Invalid for a field.
    """
    if actor.person_id is not None:
        uow.orders.get_visible(command.number, actor)  # whoever may not see it learns nothing
        refuse_displaced(uow, actor.person_id)
    uow.orders.lock(command.number)
    order = uow.orders.get_visible(command.number, actor)
    if is_due_now(order, now) and give_days_back(uow, order, now):
        order = uow.orders.get_visible(command.number, actor)  # the clock comes a little later
    step = _step(command.action)
    # Before the fields are read: whoever may not act learns nothing from the answer.
    word = why_not(order, step, actor, now)
    if word:
        raise as_denied(word, order, step, command.note.strip())
    count_step(uow, actor)
    command = _normalized(command, step)
    change = find_change(step.action, StepInput(uow, actor, order, command, tehran_day(now)))
    event = advance(
        order, step.action, actor, now, change.payload, note=command.note, ends_at=change.ends_at
    )
    event_id = uow.orders.record(order, event, due_on=change.due_on, unit_id=change.unit_id)
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


def _normalized(command: TakeOrderStep, step: Step) -> TakeOrderStep:
    """The note as it is stored, and pictures only where the row takes them."""
    photos = command.photos if Need.PHOTOS in (*step.needs, *step.may) else ()
    if len(photos) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    note = checked_note(command.note, limit=note_limit(step))
    return command.model_copy(update={"note": note, "photos": photos})


def settle_order(uow: UnitOfWork, order_id: str, now: datetime) -> None:
    """Ten silent days after a report: the clock takes it as done.

    Denied("stage_moved") when it is no longer only reported.
    """
    uow.orders.lock_by_id(order_id)
    order = uow.orders.by_id(order_id)
    event = advance(order, OrderAction.SETTLE, CLOCK, now)
    uow.orders.record(order, event)
    follow_request(uow, order.request_id, now)


def follow_request(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """Close the request when all of its orders are done; open it again when one is not."""
    finished = all(map(is_end, uow.orders.stages_of(request_id)))
    action = Action.CONCLUDE if finished else Action.RESUME
    if uow.requests.stage_of(request_id) not in STEP_FOR[action].at:
        return  # the usual case, for which nothing more is read
    request = uow.requests.by_id(request_id)
    if why_not(request, STEP_FOR[action], CLOCK, now) is None:
        clock_takes(uow, request, action, now)


def _step(name: str) -> Step:
    try:
        action = OrderAction(name)
    except ValueError:
        raise Denied("form_broken") from None
    if action is OrderAction.ISSUE:
        raise Denied("form_broken")
    return STEP_FOR[action]
