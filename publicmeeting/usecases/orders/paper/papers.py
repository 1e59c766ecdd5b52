"""The files an order's sheet is made from and into, and their entries in the document audit."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.orders.order_checks import CheckedOrder, StoredSheet, sha256_of


@dataclass(frozen=True, slots=True)
class Papers:
    """The photograph of the paper and, where its corners were drawn, the picture made of it."""

    ids: tuple[str, ...] = ()
    shown: str | None = None
    """Blob of the picture that stands on the sheet."""
    photo: str = ""
    """SHA-256 of the photograph as it came from the camera."""
    straightened: str = ""
    """Blob of the straightened picture."""


def uploaded_papers(uow: UnitOfWork, actor: Actor, paper: str) -> Papers:
    """The pictures this actor has uploaded for the sheet; Denied("image_not_yours")."""
    if not paper:
        return Papers()
    row = uow.images.take(paper, actor)
    if row.made_from is None:
        return Papers((row.id,), row.web, row.original)
    source = uow.images.take(row.made_from, actor)
    return Papers((row.id, source.id), row.web, source.original, row.web)


def attach_papers(uow: UnitOfWork, actor: Actor, papers: Papers, order: Order) -> None:
    """The first order of the sheet keeps them all."""
    if papers.ids:
        uow.images.attach(list(papers.ids), actor, request_id=order.request_id, order_id=order.id)


def record_document_audit(
    uow: UnitOfWork,
    actor: Actor,
    checked: CheckedOrder,
    papers: Papers,
    sheet: StoredSheet,
    now: datetime,
) -> None:
    """Every file by its hash, what came from the hand first."""
    parts = {
        SheetPart.INK: sha256_of(checked.ink) if checked.ink else "",
        SheetPart.TEXT: sha256_of(checked.text) if checked.text else "",
        SheetPart.PHOTO: papers.photo,
        SheetPart.STRAIGHTENED: papers.straightened,
        SheetPart.COMPOSED: sheet.web,
        SheetPart.THUMB: sheet.thumb,
        SheetPart.PRINTABLE: sheet.printable,
    }
    for part, sha256 in parts.items():
        if sha256:
            uow.document_audit.add(
                request_id=checked.request.id,
                sheet=sheet.stem,
                part=part.value,
                sha256=sha256,
                account_id=actor.account_id,
                role=checked.role,
                at=now,
            )
