"""The command of an order, parsed and checked; nothing is written here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from publicmeeting.domain.choices import Priority
from publicmeeting.domain.errors import Denied, FormError, Invalid
from publicmeeting.domain.lifecycle.advance import role_for, why_not
from publicmeeting.domain.lifecycle.paper import role_of_paper
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.domain.orders.promises import (
    check_due_on,
    check_promise,
    default_due_on,
    number_prefix,
    stem,
)
from publicmeeting.domain.records import Order, Request, Unit
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, checked_note, parsed
from publicmeeting.usecases.orders.paper.drafts import check_owner

T = TypeVar("T")

AGAIN = timedelta(minutes=10)
"""Window in which the same order sent twice counts as one, if the form counts no sheets."""
INK_MOST = 1_000_000
"""Maximum characters of the pen's strokes."""


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """A composed sheet whose files are on disk; made by `keep_sheet`, never by a form."""

    stem: str
    web: str
    thumb: str
    width: int
    height: int
    printable: str = ""


class IssueOrders(Command):
    """An order to issue: handwriting, text, a photograph of the paper, or any of them together.

    `promise` tells the citizen in one sentence what to expect. `due_on` is an ISO day for all
    units, empty for the default; `dues` sets another one for single units. `reason` explains a
    distant due date to the citizen. `paper` is the id of an uploaded picture, and `ink` is JSON as
    in `domain.orders.ink`. `page` is the writer's count of sheets (0: unknown), `owner` whose page
    it was written on (`drafts.check_owner`).
    """

    code: str
    units: tuple[str, ...]
    note: str = ""
    promise: str = ""
    priority: str = Priority.NORMAL.value
    paper: str = ""
    ink: str = ""
    due_on: str = ""
    dues: dict[str, str] = {}
    reason: str = ""
    page: int = 0
    owner: str = ""
    sheet: StoredSheet | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit that gets an order, and its due date."""

    unit: Unit
    due_on: date


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """The parsed and checked command."""

    request: Request
    role: Role
    to: tuple[Addressee, ...]
    text: str
    promise: str
    priority: Priority
    reason: str
    stem: str
    ink: str
    payload: Mapping[str, object]
    """The event's payload beside unit and due date; it identifies the same command sent again."""
    before: tuple[Order, ...]
    """The orders that this command has already made."""


def check_order(uow: UnitOfWork, actor: Actor, command: IssueOrders, now: datetime) -> CheckedOrder:
    """Check the command; raises what `issuing.order_facts` raises.

    Denied("page_issued") if this page was issued before with other content.
    """
    request = uow.requests.get_visible(command.code, actor)
    check_owner(uow, actor, command.owner)
    role = role_in_the_room(uow, request, actor, now)
    before = _of_page(uow, actor, request, command.page)
    if before and not _is_same_sheet(before, command):
        raise Denied("page_issued", page=command.page)
    errors: list[Invalid] = []
    payload: dict[str, object] = {
        **({"page": command.page} if command.page else {}),
        **({"paper": command.paper} if command.paper else {}),
        **({"ink": sha_bytes(command.ink.encode())} if command.ink else {}),
    }
    addressed = _collect(errors, lambda: _units(uow, request, command.units)) or ()
    text = _collect(errors, lambda: checked_note(command.note))
    why = _collect(errors, lambda: checked_note(command.reason, "reason")) or ""
    drawn = bool(command.paper or command.ink)
    if not before and not (text is None or text or drawn):
        errors.append(Invalid("order_empty", field="note"))
    if command.ink:
        _check_ink(command.ink)
    text, promised = text or "", clean(command.promise)
    if not before:
        promised = _collect(errors, lambda: check_promise(promised, text, drawn=drawn)) or ""
    days = [_collect(errors, partial(_due, unit, command, why, now)) for unit in addressed]
    if errors:
        raise FormError(tuple(errors)) if errors[1:] else errors[0]
    to = tuple(
        Addressee(unit, day) for unit, day in zip(addressed, days, strict=True) if day is not None
    )
    number = uow.orders.next_number(number_prefix(tehran_day(now), request.district))
    checked = CheckedOrder(
        request,
        role,
        to,
        text,
        promised,
        parsed(Priority, command.priority),
        why,
        number,
        command.ink,
        payload,
        before,
    )
    # A sheet with a number is identified by it, so a similar sheet is another order.
    return checked if command.page else replace(checked, before=_duplicates(uow, checked, now))


def _collect(errors: list[Invalid], check: Callable[[], T]) -> T | None:
    """Return the check's result, or None after adding its refusal to `errors`.

    A sheet is refused once, with everything that is wrong on it.
    """
    try:
        return check()
    except Invalid as error:
        errors.append(error)
        return None


def role_in_the_room(uow: UnitOfWork, request: Request, actor: Actor, now: datetime) -> Role:
    """Return the role in which this actor may decide about the visitor in the room.

    The actor who may end the meeting with an explained refusal may also give an order. After a
    meeting on paper, so may the mayor and the deputy who recorded it.
    """
    orders = uow.orders.of_request(request.id)
    on_paper = role_of_paper(request, orders, actor, tehran_day(now))
    if on_paper is not None:
        return on_paper
    step = STEP_FOR[Action.FINISH_REFUSED]
    word = why_not(request, step, actor, now)
    role = role_for(actor, step, request, now)
    if word or role is None:
        raise Denied(word or "not_your_role", stage=request.stage.value)
    return role


def unit_in(uow: UnitOfWork, district: int, unit_id: str, field: str = "unit") -> Unit:
    """Return a unit of this district; Invalid("unit_unknown") for any other."""
    unit = uow.city.unit(unit_id)
    if unit is None or unit.district != district:
        raise Invalid("unit_unknown", field=field)
    return unit


def _units(uow: UnitOfWork, request: Request, ids: tuple[str, ...]) -> tuple[Unit, ...]:
    if not ids:
        raise Invalid("need_unit", field="units")
    return tuple(unit_in(uow, request.district, unit, "units") for unit in dict.fromkeys(ids))


def _due(unit: Unit, command: IssueOrders, reason: str, now: datetime) -> date:
    """Return the unit's due date; a refusal names the unit, as the others may be right."""
    today = tehran_day(now)
    own = command.dues.get(unit.id, "")
    if not own and not command.due_on:
        return default_due_on(today)
    if not own:
        return check_due_on(command.due_on, today, reason)
    try:
        return check_due_on(own, today, reason)
    except Invalid as wrong:
        raise Invalid(wrong.key, field=f"due_on/{unit.id}", **wrong.facts) from None


def _check_ink(ink: str) -> None:
    if len(ink) > INK_MOST:
        raise Invalid("ink_too_long", field="ink")
    read_ink(ink)


def _of_page(uow: UnitOfWork, actor: Actor, request: Request, page: int) -> tuple[Order, ...]:
    """Return the orders of this sheet if it was issued and only the answer was lost."""
    if not page:
        return ()
    return tuple(
        order
        for order in uow.orders.of_request(request.id)
        if order.history[0].account_id == actor.account_id
        and order.history[0].payload.get("page") == page
    )


def _is_same_sheet(before: tuple[Order, ...], command: IssueOrders) -> bool:
    """Return whether these orders agree with whatever the command contains.

    Fields that are empty on the page went with the order. Handwriting grows while it is sent, so
    the first version counts.
    """
    if not command.units:
        return True
    first, text, promise = before[0], clean(command.note), clean(command.promise)
    return (
        text in ("", first.text)
        and promise in ("", first.promise)
        and command.priority == first.priority
        and {order.unit_id for order in before} == set(command.units)
        and all(_is_for(order, command) for order in before)
    )


def _is_for(order: Order, command: IssueOrders) -> bool:
    """Return whether the order's first due date is the one named, or the default."""
    named = command.dues.get(order.unit_id) or command.due_on
    usual = default_due_on(tehran_day(order.issued_at))
    return order.first_due_on.isoformat() == (named or usual.isoformat())


def _duplicates(uow: UnitOfWork, checked: CheckedOrder, now: datetime) -> tuple[Order, ...]:
    """Return orders with the same content to the same units, issued a moment ago."""
    recipients = {(addressee.unit.id, addressee.due_on) for addressee in checked.to}
    sheets: dict[str, list[Order]] = {}
    for order in uow.orders.of_request(checked.request.id):
        if now - order.issued_at < AGAIN and _says_the_same(order, checked):
            sheets.setdefault(stem(order.number), []).append(order)
    fits = (
        o for o in sheets.values() if {(one.unit_id, one.first_due_on) for one in o} == recipients
    )
    return tuple(next(fits, ()))


def _says_the_same(order: Order, checked: CheckedOrder) -> bool:
    had = order.history[0].payload
    return (order.text, order.promise, order.priority) == (
        checked.text,
        checked.promise,
        checked.priority.value,
    ) and all(had.get(name) == checked.payload.get(name) for name in ("paper", "ink"))
