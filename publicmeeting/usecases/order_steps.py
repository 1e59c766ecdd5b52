"""Every step on an order after it was issued, and what follows from it for its request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.advance import advance, why_not
from publicmeeting.domain.choices import Audience
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle import STEP_FOR, Step
from publicmeeting.domain.orders import (
    checked_due_on,
    is_finished,
    paused_due_on,
    resumed_due_on,
)
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import CLOCK, MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.store.unit import Work
from publicmeeting.usecases.clock_steps import clock_takes
from publicmeeting.usecases.orders import checked_note, unit_in
from publicmeeting.usecases.wish import Wish, usecase

PHOTOS_MOST = 6


class TakeOrderStep(Wish):
    """One action on one order; only what its row needs is read.

    `due_on` is an ISO day, `audience` of a comment `citizen` or `internal`.
    """

    number: str
    action: str
    note: str = ""
    unit: str = ""
    due_on: str = ""
    audience: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """What a step changes beside the stage."""

    given: Mapping[str, object] = field(default_factory=dict)
    due_on: date | None = None
    unit_id: str | None = None
    ends_at: datetime | None = None


@usecase(Role.CITIZEN, Role.UNIT, *MEETING, Role.OVERSEER)
def take_order_step(work: Work, actor: Actor, wish: TakeOrderStep, now: datetime) -> Order:
    """Take one step on an order and give it back as it stands afterwards.

    Raises Denied with the lifecycle's word, `not_found` for an order that is not this actor's to
    see, `need_audience` for a comment without one; Invalid for a field.
    """
    order = work.orders.see(wish.number, actor)
    step = _step(wish.action)
    photos = wish.photos if Need.PHOTOS in (*step.needs, *step.may) else ()
    wish = wish.model_copy(update={"note": checked_note(wish.note), "photos": photos})
    if len(wish.photos) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    word = why_not(order, step, actor, now)
    if word:
        raise Denied(word, stage=order.stage.value)
    change = _CHANGES.get(step.action, _plain)(work, actor, order, wish, tehran_day(now))
    event = advance(
        order, step.action, actor, now, change.given, note=wish.note, ends_at=change.ends_at
    )
    event_id = work.orders.record(order, event, due_on=change.due_on, unit_id=change.unit_id)
    if wish.photos:
        work.images.attach(
            list(wish.photos), actor, request_id=order.request_id, order_id=order.id,
            event_id=event_id,
        )  # fmt: skip
    if change.unit_id:
        work.ring(f"unit:{order.unit_id}")
    follow_request(work, order.request_id, now)
    return work.orders.by_id(order.id)


def settle_order(work: Work, order_id: str, now: datetime) -> None:
    """Ten silent days after a report: the clock takes it as done. Safe to repeat."""
    order = work.orders.by_id(order_id)
    event = advance(order, OrderAction.SETTLE, CLOCK, now)
    work.orders.record(order, event)
    follow_request(work, order.request_id, now)


def follow_request(work: Work, request_id: str, now: datetime) -> None:
    """Close the request when all of its orders are done; open it again when one is not."""
    request = work.requests.by_id(request_id)
    finished = all(is_finished(order) for order in work.orders.of_request(request_id))
    action = Action.CONCLUDE if finished else Action.RESUME
    if why_not(request, STEP_FOR[action], CLOCK, now) is None:
        clock_takes(work, request, action, now)


def _step(name: str) -> Step:
    try:
        action = OrderAction(name)
    except ValueError:
        raise Denied("form_broken") from None
    if action is OrderAction.ISSUE:
        raise Denied("form_broken")
    return STEP_FOR[action]


def _plain(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    del work, actor, order, today
    return _Change({"photos": len(wish.photos)} if wish.photos else {})


def _taken_on(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    del work, actor, wish, today
    return _Change(ends_at=end_of_day(order.due_on))


def _reassigned(
    work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date
) -> _Change:
    """Another unit, or the same one again; the due date does not begin anew."""
    del actor, today
    unit = unit_in(work, order.district, _needed(wish.unit, "need_unit", "unit"))
    return _Change({"unit": unit.id}, unit_id=unit.id)


def _extension_asked(
    work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date
) -> _Change:
    del work, actor
    day = checked_due_on(_due(wish), today, wish.note, after=order.due_on)
    return _Change({"due_on": day.isoformat()})


def _extended(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    """To the date the unit asked for; one that has passed meanwhile can only be refused."""
    del work, actor, wish
    asked = _asked(order, OrderAction.ASK_EXTENSION)
    day = date.fromisoformat(str(asked.given["due_on"]))
    if day <= today:
        raise Invalid("due_on_past", field="due_on")
    return _until(day)


def _retried(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    del work, actor, order
    return _until(checked_due_on(_due(wish), today, wish.note))


def _paused(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    """The clock stands still while the citizen is asked."""
    del work, actor, wish
    until = paused_due_on(order.due_on, today)
    given = {"was_on": order.due_on.isoformat(), "until": until.isoformat()}
    return _Change(given, due_on=until, ends_at=end_of_day(until))


def _resumed(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    day = resumed_due_on(order, _asked(order, OrderAction.ASK_CITIZEN), today)
    photos = _plain(work, actor, order, wish, today).given
    return _Change({**photos, "due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


def _commented(work: Work, actor: Actor, order: Order, wish: TakeOrderStep, today: date) -> _Change:
    del work, today
    return _Change({"audience": _audience(order, actor, wish.audience).value})


_CHANGES: Mapping[object, Callable[[Work, Actor, Order, TakeOrderStep, date], _Change]] = {
    OrderAction.TAKE_ON: _taken_on,
    OrderAction.REASSIGN: _reassigned,
    OrderAction.ASK_EXTENSION: _extension_asked,
    OrderAction.EXTEND: _extended,
    OrderAction.RETRY: _retried,
    OrderAction.ASK_CITIZEN: _paused,
    OrderAction.TELL_UNIT: _resumed,
    OrderAction.COMMENT: _commented,
}
"""Steps that change, or must be given, more than a note and pictures."""


def _needed(value: str, key: str, name: str) -> str:
    if not value:
        raise Invalid(key, field=name)
    return value


def _due(wish: TakeOrderStep) -> str:
    return _needed(wish.due_on, "need_due_on", "due_on")


def _until(day: date) -> _Change:
    return _Change({"due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


def _asked(order: Order, action: OrderAction) -> Event:
    asked = order.last(action)
    assert asked is not None, "the row's guard has seen it"
    return asked


def _audience(order: Order, actor: Actor, chosen: str) -> Audience:
    """Chosen, never guessed; what the citizen writes is for everybody in the case."""
    if actor.person_id is not None and actor.person_id == order.person_id:
        return Audience.CITIZEN
    if not chosen:
        raise Invalid("need_audience", field="audience")
    try:
        return Audience(chosen)
    except ValueError:
        raise Denied("form_broken") from None
