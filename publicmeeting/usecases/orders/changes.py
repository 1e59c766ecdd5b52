"""The fields that each step on an order needs, and what it changes beside the stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.choices import Audience
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.orders.promises import (
    check_due_on,
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
from publicmeeting.usecases.orders.order_checks import unit_in


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


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step that is being taken: its command has been checked for who and when."""

    uow: UnitOfWork
    actor: Actor
    order: Order
    command: TakeOrderStep
    today: date


Find = Callable[[StepInput], Change]


def find_change(action: AnyAction, step: StepInput) -> Change:
    """What this action changes; Invalid for a field, Denied where it can only be refused."""
    return _CHANGES.get(action, _attach_photos)(step)


def _attach_photos(step: StepInput) -> Change:
    return Change({"photos": len(step.command.photos)} if step.command.photos else {})


def _take_on(step: StepInput) -> Change:
    return Change(ends_at=end_of_day(step.order.due_on))


def _reassign(step: StepInput) -> Change:
    """Another unit, or after its return the same one again; the due date does not begin anew."""
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
    """To the date the unit asked for. One that has passed meanwhile, or is no longer after the date
    that stands (a pause has moved it), can only be refused: more time never is less."""
    question = _question(step.order, OrderAction.ASK_EXTENSION)
    day = date.fromisoformat(str(question.payload["due_on"]))
    if day <= max(step.today, step.order.due_on):
        raise Denied("extension_overtaken")
    return _until(day)


def _retry(step: StepInput) -> Change:
    return _until(check_due_on(_due(step.command), step.today, step.command.note))


def _pause(step: StepInput) -> Change:
    """The clock stands still while the citizen is asked."""
    due_on = step.order.due_on
    until = paused_due_on(due_on, step.today)
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
    """The citizen's yes or no; a missing one is refused by the row."""
    return Change({"verdict": step.command.verdict} if step.command.verdict else {})


_CHANGES: Mapping[AnyAction, Find] = {
    OrderAction.TAKE_ON: _take_on,
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
    """Chosen explicitly; what the citizen writes is for everybody in the case."""
    if actor.person_id is not None and actor.person_id == order.person_id:
        return Audience.CITIZEN
    if not chosen:
        raise Invalid("need_audience", field="audience")
    try:
        return Audience(chosen)
    except ValueError:
        raise Denied("form_broken") from None
