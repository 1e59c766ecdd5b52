"""What each step on an order must be given, and what it changes beside the stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.choices import Audience
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.orders.promises import (
    checked_due_on,
    paused_due_on,
    resumed_due_on,
    waits_for_unit,
)
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import end_of_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command
from publicmeeting.usecases.orders.asked_orders import unit_in


class TakeOrderStep(Command):
    """One action on one order; only what its row needs is read.

    `due_on` is an ISO day, `audience` of a comment `citizen` or `internal`, `verdict` of the
    question «done?» `yes` or `no`.
    """

    number: str
    action: str
    note: str = ""
    unit: str = ""
    due_on: str = ""
    audience: str = ""
    verdict: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """`payload` goes into the audit; the rest into the order's row."""

    payload: Mapping[str, object] = field(default_factory=dict)
    due_on: date | None = None
    unit_id: str | None = None
    ends_at: datetime | None = None


Find = Callable[[UnitOfWork, Actor, Order, TakeOrderStep, date], Change]


def change_for(action: AnyAction) -> Find:
    """How a step's change is found; its command has been checked for who and when."""
    return _CHANGES.get(action, _plain)


def _plain(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    del uow, actor, order, today
    return Change({"photos": len(command.photos)} if command.photos else {})


def _taken_on(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    del uow, actor, command, today
    return Change(ends_at=end_of_day(order.due_on))


def _reassigned(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    """Another unit, or after its return the same one again; the due date does not begin anew."""
    del actor, today
    unit = unit_in(uow, order.district, _needed(command.unit, "need_unit", "unit"))
    if waits_for_unit(order) and unit.id == order.unit_id:
        raise Invalid("same_unit", field="unit")
    return Change({"unit": unit.id}, unit_id=unit.id)


def _extension_asked(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    del uow, actor
    day = checked_due_on(_due(command), today, command.note, after=order.due_on)
    return Change({"due_on": day.isoformat()})


def _extended(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    """To the date the unit asked for. One that has passed meanwhile, or is no longer after the date
    that stands (a pause has moved it), can only be refused: more time never is less."""
    del uow, actor, command
    asked = _asked(order, OrderAction.ASK_EXTENSION)
    day = date.fromisoformat(str(asked.payload["due_on"]))
    if day <= max(today, order.due_on):
        raise Denied("extension_overtaken")
    return _until(day)


def _retried(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    del uow, actor, order
    return _until(checked_due_on(_due(command), today, command.note))


def _paused(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    """The clock stands still while the citizen is asked."""
    del uow, actor, command
    until = paused_due_on(order.due_on, today)
    payload = {"was_on": order.due_on.isoformat(), "until": until.isoformat()}
    return Change(payload, due_on=until, ends_at=end_of_day(until))


def _resumed(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    day = resumed_due_on(order, _asked(order, OrderAction.ASK_CITIZEN), today)
    photos = _plain(uow, actor, order, command, today).payload
    return Change({**photos, "due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


def _commented(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    del uow, today
    return Change({"audience": _audience(order, actor, command.audience).value})


def _said(
    uow: UnitOfWork, actor: Actor, order: Order, command: TakeOrderStep, today: date
) -> Change:
    """Her yes or no; a missing one is refused by the row."""
    del uow, actor, order, today
    return Change({"verdict": command.verdict} if command.verdict else {})


_CHANGES: Mapping[AnyAction, Find] = {
    OrderAction.TAKE_ON: _taken_on,
    OrderAction.REASSIGN: _reassigned,
    OrderAction.ASK_EXTENSION: _extension_asked,
    OrderAction.EXTEND: _extended,
    OrderAction.RETRY: _retried,
    OrderAction.ASK_CITIZEN: _paused,
    OrderAction.TELL_UNIT: _resumed,
    OrderAction.COMMENT: _commented,
    OrderAction.SAY_DONE: _said,
}
"""Steps that change, or must be given, more than a note and pictures."""


def _needed(value: str, key: str, name: str) -> str:
    if not value:
        raise Invalid(key, field=name)
    return value


def _due(command: TakeOrderStep) -> str:
    return _needed(command.due_on, "need_due_on", "due_on")


def _until(day: date) -> Change:
    return Change({"due_on": day.isoformat()}, due_on=day, ends_at=end_of_day(day))


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
