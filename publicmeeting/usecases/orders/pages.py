"""The page of one order, opened by an official and updated while it is open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle import order_guards
from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.order_guards import hidden_until, is_right_order_open, is_void
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.lifecycle.timeline import Mark, timeline
from publicmeeting.domain.orders.promises import SHORT_DAYS, default_due_on
from publicmeeting.domain.records import (
    Event,
    Image,
    Order,
    Request,
    Unit,
    is_changed,
    withdrawn_reports,
)
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.filing.pictures import OF_AN_ORDER
from publicmeeting.usecases.lifecycle.case_access import (
    note_order_opening,
    photos_of,
    require_opened,
    steps_refused,
    unit_of_event,
)
from publicmeeting.usecases.orders.lists import OrderLine, order_line, order_lines

READERS = (Role.UNIT, *MEETING, Role.DESK, Role.OVERSEER)


class OneOrder(Command):
    number: str


@dataclass(frozen=True, slots=True)
class UnitChoice:
    unit: Unit
    suggested: bool
    """Whether the unit answers for this subject."""
    is_served: bool
    """Whether it has an officer who may act today: else nobody reads the order until it is late."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order for one official; the request is shown without any identity."""

    line: OrderLine
    order: Order
    """Without its history: `marks` has what this viewer may see of it."""
    text: str
    """What the citizen wrote."""
    photos: tuple[Image, ...]
    marks: tuple[Mark, ...]
    pictures: Mapping[int, tuple[Image, ...]]
    """Event id → pictures that came with it (reports, contests)."""
    unsent: tuple[Image, ...]
    """Pictures that this officer uploaded for his report, those from before the work first."""
    unit_of_event: Mapping[int, str]
    """Event id → name of the unit that had the order then."""
    beside: tuple[OrderLine, ...]
    """Other orders of the same request."""
    extension: Event | None
    """The unit's open request for more time: its note, and the day in `payload["due_on"]`."""
    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]
    units: tuple[UnitChoice, ...]
    due_choices: tuple[tuple[int, date], ...]
    """Pairs of working days and the resulting date."""
    now: datetime
    owes_order: bool = False
    """Whether the order is void and not replaced, and this viewer writes the right one."""
    hidden_until: datetime | None = None
    """Until when its citizen does not see it.

    Set while the mayor has asked to void it and the overseer has not answered.
    """
    is_changed: bool = False
    """Whether a step was written, changed or removed in the database past this program."""


@usecase(*READERS)
def open_order(uow: UnitOfWork, actor: Actor, command: OneOrder, now: datetime) -> OrderPage:
    """Open an order, and record who read the citizen's request. Denied("not_found")."""
    order = uow.orders.get_visible(command.number, actor)
    note_order_opening(uow, actor, uow.requests.by_id(order.request_id), order, now)
    return _page(uow, actor, order, now)


@usecase(*READERS)
def order_page(uow: UnitOfWork, actor: Actor, command: OneOrder, now: datetime) -> OrderPage:
    """Return the page again for a live update; Denied("not_opened") unless opened today."""
    order = uow.orders.get_visible(command.number, actor)
    require_opened(uow, actor, uow.requests.by_id(order.request_id), now)
    return _page(uow, actor, order, now)


def _page(uow: UnitOfWork, actor: Actor, order: Order, now: datetime) -> OrderPage:
    request = uow.requests.by_id(order.request_id)
    other_orders = [o for o in uow.orders.of_request(request.id) if o.id != order.id]
    today = tehran_day(now)
    return OrderPage(
        line=order_line(uow, actor, order, now),
        order=replace(order, history=()),
        text=whole_text(request),
        photos=photos_of(uow, request),
        marks=tuple(m for m in timeline(request, [order], actor, now) if m.order_number),
        pictures=pictures_of(uow, order),
        unsent=_unsent(uow, actor, order),
        unit_of_event=unit_of_event(uow, order),
        beside=order_lines(uow, actor, other_orders, now),
        extension=open_extension(order),
        steps=steps_open_to(actor, order, now),
        refused=steps_refused(actor, order, now),
        units=unit_choices(uow, request),
        due_choices=due_choices(today),
        now=now,
        owes_order=plays(actor, Role.MAYOR, request)
        and is_void(order.stage)
        and is_right_order_open(request, [order, *other_orders]),
        hidden_until=hidden_until(order),
        is_changed=is_changed(request, order),
    )


def _unsent(uow: UnitOfWork, actor: Actor, order: Order) -> tuple[Image, ...]:
    if not actor.units():
        return ()
    return tuple(i for kind in OF_AN_ORDER for i in uow.images.loose(actor, kind, order.id))


def pictures_of(uow: UnitOfWork, order: Order) -> dict[int, tuple[Image, ...]]:
    """Map event id to pictures of this order's steps; the sheet itself is `order.image_id`.

    A withdrawn report has none: its pictures show other work than this, perhaps another's house.
    """
    found: dict[int, tuple[Image, ...]] = {}
    withdrawn = withdrawn_reports(order.history)
    for image in uow.images.of_request(order.request_id):
        if image.order_id != order.id or image.event_id in withdrawn:
            continue
        if image.event_id is not None:
            found[image.event_id] = (*found.get(image.event_id, ()), image)
    return found


def open_extension(order: Order) -> Event | None:
    """Return the unanswered request for more time, without its author."""
    extension = order_guards.open_extension(order)
    return replace(extension, account_id=None) if extension else None


def due_choices(today: date) -> tuple[tuple[int, date], ...]:
    """Return the due dates offered beside a free choice."""
    return tuple((days, default_due_on(today, days)) for days in SHORT_DAYS)


def unit_choices(uow: UnitOfWork, request: Request) -> tuple[UnitChoice, ...]:
    """Return the district's units, those of the subject first."""
    codes = subject(request.subject).unit_codes
    units = uow.city.units(request.district)
    served = uow.accounts.served_units([unit.id for unit in units])
    choices = [UnitChoice(unit, unit.code in codes, unit.id in served) for unit in units]
    return tuple(sorted(choices, key=lambda choice: not choice.suggested))
