"""Issuing the mayor's orders: in the room, one for each unit, on one sheet.

No picture is drawn while the database is locked. `order_facts` reads the content of the sheet,
`paper.sheet.keep_sheet` composes and stores it, and `issue_orders` records the orders. Recording
checks the number on the sheet again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import begin
from publicmeeting.domain.orders.promises import order_numbers
from publicmeeting.domain.records import Order, PictureKind
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import OVER, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.tree.receipt import PaperMark
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.filing.receipts import paper_mark
from publicmeeting.usecases.orders.order_checks import (
    Addressee,
    CheckedOrder,
    IssueOrders,
    StoredSheet,
    check_order,
)
from publicmeeting.usecases.orders.paper.document_audit import (
    Papers,
    attach_papers,
    record_document_audit,
    uploaded_papers,
)
from publicmeeting.usecases.orders.paper.drafts import IssuedSheet, drop_issued
from publicmeeting.usecases.orders.steps import follow_request


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """The content of the sheet; without the citizen's name, because units read it."""

    stem: str
    mark: str
    """The keyed hash in the address by which anybody can check the sheet."""
    district: int
    to: tuple[Addressee, ...]
    issued_on: date
    text: str
    signer: str
    role: Role
    log: PaperMark
    signature: str = ""
    """Strokes of the signer's signature; empty if none is drawn yet."""
    paper: str | None = None
    """Blob of the photographed paper."""
    ink: str = ""


@usecase(*MEETING)
def order_facts(uow: UnitOfWork, actor: Actor, command: IssueOrders, now: datetime) -> SheetFacts:
    """Check the whole command and return what its sheet must show.

    Raises Invalid for a field (`units`, `note`, `promise`, `ink`, `due_on`, `due_on/UNIT`); Denied
    `not_your_role`, `stage_moved` outside the room, `image_not_yours`, `other_official`, and
    `page_issued` if this page of his is already an order with other content.
    """
    checked = check_order(uow, actor, command, now)
    papers = Papers() if checked.before else uploaded_papers(uow, actor, command.paper)
    signature = uow.signing.signature(actor.account_id) if actor.account_id else None
    return SheetFacts(
        stem=checked.stem,
        mark=uow.orders.check_mark(checked.stem),
        district=checked.request.district,
        to=checked.to,
        issued_on=tehran_day(now),
        text=checked.text,
        signer=actor.name,
        role=checked.role,
        log=paper_mark(uow, checked.request.ticket),
        signature=signature.ink if signature else "",
        paper=papers.shown,
        ink=command.ink,
    )


@usecase(*MEETING)
def issue_orders(
    uow: UnitOfWork, actor: Actor, command: IssueOrders, now: datetime
) -> tuple[Order, ...]:
    """Record one order for each unit, with the stored sheet; the citizen sees them immediately.

    Pressed again it returns the same orders. Raises what `order_facts` raises, and
    Denied("number_taken", number=…) if another order has taken the sheet's number meanwhile.
    """
    uow.requests.lock(command.code)  # a refusal may end the meeting concurrently
    district = uow.requests.get_visible(command.code, actor).district
    uow.advisory_lock(f"orders/{district}")
    checked = check_order(uow, actor, command, now)
    if checked.before:
        return checked.before
    if command.sheet is None:
        raise Denied("form_broken")
    if command.sheet.stem != checked.stem:
        raise Denied("number_taken", number=command.sheet.stem)
    papers = uploaded_papers(uow, actor, command.paper)
    made = [
        _issue(uow, actor, command.sheet, checked, number, to, now)
        for number, to in zip(order_numbers(checked.stem, len(checked.to)), checked.to, strict=True)
    ]
    attach_papers(uow, actor, papers, made[0])
    record_document_audit(uow, actor, checked, papers, command.sheet, now)
    if checked.request.stage in OVER:  # she has already confirmed the meeting on paper
        follow_request(uow, checked.request.id, now)
    if command.page:
        issued = IssuedSheet(command.ink, checked.text, checked.promise, papers.ids)
        drop_issued(uow, actor, checked.request, issued)
    return tuple(uow.orders.by_id(order.id) for order in made)


def _issue(
    uow: UnitOfWork,
    actor: Actor,
    sheet: StoredSheet,
    checked: CheckedOrder,
    number: str,
    to: Addressee,
    now: datetime,
) -> Order:
    payload = {
        "unit": to.unit.id,
        "due_on": to.due_on.isoformat(),
        "sheet": sheet.web,
        **({"printable": sheet.printable} if sheet.printable else {}),
        "number": number,
        **({"promised": True} if checked.promise else {}),
        **checked.payload,
    }
    event = begin(OrderAction.ISSUE, actor, checked.role, now, payload, note=checked.reason)
    order = uow.orders.add(
        checked.request,
        number=number,
        unit_id=to.unit.id,
        text=checked.text,
        due_on=to.due_on,
        event=event,
        promise=checked.promise,
        priority=checked.priority.value,
    )
    image = uow.images.add(
        kind=PictureKind.SHEET,
        web=sheet.web,
        thumb=sheet.thumb,
        original=sheet.web,
        width=sheet.width,
        height=sheet.height,
        actor=actor,
        request_id=checked.request.id,
        order_id=order.id,
    )
    uow.orders.set_picture(order, image.id)
    return order
