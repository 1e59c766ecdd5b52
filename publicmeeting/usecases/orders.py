"""The mayor's orders: issued in the room, one to each unit, on one sheet.

Two steps, so that no picture is drawn while the database is locked: `order_facts` (a look) gives
what stands on the sheet, `order_sheet.keep_sheet` composes and stores it, `issue_orders` records.
The number on the sheet is checked again when it is recorded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.advance import begin, role_for, why_not
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle import STEP_FOR
from publicmeeting.domain.orders import checked_due_on, default_due_on, number_prefix, numbers, stem
from publicmeeting.domain.records import Order, Request, Unit
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit import Work
from publicmeeting.usecases.wish import MAX_TEXT, Wish, usecase

AGAIN = timedelta(minutes=10)
"""The same order pressed twice within this time is one order."""
INK_MOST = 600_000
"""Characters of the strokes as they come from the pen."""


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """A composed sheet whose picture is already on disk; made by `keep_sheet`, never by a form."""

    stem: str
    web: str
    thumb: str
    width: int
    height: int


class IssueOrders(Wish):
    """Text, or a photograph of the paper, or the pen's strokes; any with a text version.

    `paper` is the id of an uploaded picture; `ink` JSON as `order_sheet` reads it; `due_on` an ISO
    day, empty for the default; `reason` why a due date is far away, read by the citizen.
    """

    code: str
    units: tuple[str, ...]
    note: str = ""
    paper: str = ""
    ink: str = ""
    due_on: str = ""
    reason: str = ""
    sheet: KeptSheet | None = None


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What stands on the sheet; no citizen's name, because units read it."""

    stem: str
    district: int
    units: tuple[Unit, ...]
    due_on: date
    issued_on: date
    text: str
    signer: str
    role: Role
    log_head: str
    paper: str | None = None
    """Blob of the photographed paper."""
    ink: str = ""


@usecase(*MEETING)
def order_facts(work: Work, actor: Actor, wish: IssueOrders, now: datetime) -> SheetFacts:
    """Check the whole wish and give what its sheet must show.

    Raises Invalid for a field (`units`, `note`, `due_on`), Denied `not_your_role`, `stage_moved`
    outside the room, `image_not_yours`.
    """
    asked = _checked(work, actor, wish, now)
    paper = work.images.take(wish.paper, actor).web if wish.paper and not asked.before else None
    return SheetFacts(
        stem=asked.stem, district=asked.request.district, units=asked.units, due_on=asked.due_on,
        issued_on=tehran_day(now), text="" if wish.paper or wish.ink else asked.text,
        signer=actor.name, role=asked.role, log_head=work.log.head()[1], paper=paper, ink=wish.ink,
    )  # fmt: skip


@usecase(*MEETING)
def issue_orders(work: Work, actor: Actor, wish: IssueOrders, now: datetime) -> tuple[Order, ...]:
    """Record one order for each unit, all with the kept sheet; the citizen sees it at once.

    Pressed again it gives the same orders. Raises what `order_facts` raises, and
    Denied("number_taken", number=…) when another order has taken the sheet's number meanwhile.
    """
    district = work.requests.see(wish.code, actor).district
    work.hold(f"orders/{district}")
    asked = _checked(work, actor, wish, now)
    if asked.before:
        return asked.before
    if wish.sheet is None:
        raise Denied("form_broken")
    if wish.sheet.stem != asked.stem:
        raise Denied("number_taken", number=wish.sheet.stem)
    made = [
        _issue(work, actor, wish, asked, number, unit, now)
        for number, unit in zip(numbers(asked.stem, len(asked.units)), asked.units, strict=True)
    ]
    if wish.paper:
        work.images.attach([wish.paper], actor, request_id=asked.request.id, order_id=made[0].id)
    return tuple(work.orders.by_id(order.id) for order in made)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The wish, understood."""

    request: Request
    role: Role
    units: tuple[Unit, ...]
    text: str
    reason: str
    due_on: date
    stem: str
    before: tuple[Order, ...]
    """The orders this wish has already made."""


def _checked(work: Work, actor: Actor, wish: IssueOrders, now: datetime) -> _Asked:
    request = work.requests.see(wish.code, actor)
    role = role_in_the_room(request, actor, now)
    today = tehran_day(now)
    units = _units(work, request, wish.units)
    text, reason = checked_note(wish.note), checked_note(wish.reason, "reason")
    if not text and not wish.paper and not wish.ink:
        raise Invalid("order_empty", field="note")
    if len(wish.ink) > INK_MOST:
        raise Invalid("ink_too_long", field="ink")
    far = checked_due_on(wish.due_on, today, reason) if wish.due_on else default_due_on(today)
    number = work.orders.next_number(number_prefix(today, request.district))
    before = _before(work, request, units, text, far, wish.paper, now)
    return _Asked(request, role, units, text, reason, far, number, before)


def role_in_the_room(request: Request, actor: Actor, now: datetime) -> Role:
    """The role in which this actor may decide on the visitor who is in the room now.

    Whoever may end the meeting with an explained refusal may also give an order.
    """
    step = STEP_FOR[Action.FINISH_REFUSED]
    word = why_not(request, step, actor, now)
    role = role_for(actor, step, request, now)
    if word or role is None:
        raise Denied(word or "not_your_role", stage=request.stage.value)
    return role


def checked_note(text: str, field: str = "note") -> str:
    """The text as it is stored; Invalid("text_too_long") with what is there and what is allowed."""
    note = clean(text)
    if len(note) > MAX_TEXT:
        raise Invalid("text_too_long", field=field, limit=MAX_TEXT, length=len(note))
    return note


def unit_in(work: Work, district: int, unit_id: str, field: str = "unit") -> Unit:
    """A unit of this district; Invalid("unit_unknown") for any other."""
    unit = work.city.unit(unit_id)
    if unit is None or unit.district != district:
        raise Invalid("unit_unknown", field=field)
    return unit


def _units(work: Work, request: Request, ids: tuple[str, ...]) -> tuple[Unit, ...]:
    if not ids:
        raise Invalid("need_unit", field="units")
    return tuple(unit_in(work, request.district, one, "units") for one in dict.fromkeys(ids))


def _before(
    work: Work, request: Request, units: tuple[Unit, ...], text: str, due_on: date, paper: str,
    now: datetime,
) -> tuple[Order, ...]:  # fmt: skip
    ours = {unit.id for unit in units}
    same = [
        order
        for order in work.orders.of_request(request.id)
        if (order.text, order.first_due_on) == (text, due_on)
        and now - order.issued_at < AGAIN
        and order.history[0].given.get("paper", "") == paper
    ]
    sheets: dict[str, list[Order]] = {}
    for order in same:
        sheets.setdefault(stem(order.number), []).append(order)
    fits = (made for made in sheets.values() if {o.unit_id for o in made} == ours)
    return tuple(next(fits, ()))


def _issue(
    work: Work, actor: Actor, wish: IssueOrders, asked: _Asked, number: str, unit: Unit,
    now: datetime,
) -> Order:  # fmt: skip
    assert wish.sheet is not None
    given = {
        "unit": unit.id, "due_on": asked.due_on.isoformat(), "sheet": wish.sheet.web,
        **({"paper": wish.paper} if wish.paper else {}),
    }  # fmt: skip
    event = begin(OrderAction.ISSUE, actor, asked.role, now, given, note=asked.reason)
    order = work.orders.add(
        asked.request, number=number, unit_id=unit.id, text=asked.text, due_on=asked.due_on,
        event=event,
    )  # fmt: skip
    image = work.images.add(
        kind="order", web=wish.sheet.web, thumb=wish.sheet.thumb, original=wish.sheet.web,
        width=wish.sheet.width, height=wish.sheet.height, actor=actor,
        request_id=asked.request.id, order_id=order.id,
    )  # fmt: skip
    work.orders.picture(order, image.id)
    return order
