"""Source and result files of an order's paper, their audit, and the page for printing.

`check_sheet` is the public check of a printed order: whether there is such a sheet, of which
district and day.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.order_guards import is_hidden, veiled
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.orders.papers import FROM_OUTSIDE, AuditedFile
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.orders.order_checks import CheckedOrder, StoredSheet
from publicmeeting.usecases.orders.pages import OneOrder
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over


class FileState(StrEnum):
    """State of a stored file, compared with its recorded hash."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet as recorded: its parts, its text, and the picture shown of it."""

    sheet: str
    parts: tuple[AuditedFile, ...]
    text: str
    shown: str
    """Name of the picture's file today."""
    issued: str = ""
    """Name of that file when the order was issued, by the order's genuine first event."""


@dataclass(frozen=True, slots=True)
class CheckedPart:
    part: SheetPart
    sha256: str
    role: Role
    at: datetime
    found: FileState


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """Result of checking a paper; `parts` in order of creation, empty if older than the audit."""

    sheet: str
    parts: tuple[CheckedPart, ...]

    @property
    def is_sound(self) -> bool:
        return all(part.found is FileState.SAME for part in self.parts)


@usecase(Role.CITIZEN)
def request_papers(
    uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime
) -> tuple[Paper, ...]:
    """Return the papers of her request's orders, each once. Denied("not_found") for others."""
    request = own_request(uow, actor, command.code)
    found: dict[str, Paper] = {}
    for order in (veiled(unveiled, now) for unveiled in uow.orders.of_request(request.id)):
        sheet = stem(order.number)
        if sheet not in found and order.image_id:
            parts = uow.document_audit.of_sheet(sheet)
            shown = uow.images.shown_file(order.image_id)
            found[sheet] = Paper(sheet, parts, order.text, shown, order.sheet_file or "")
    return tuple(found.values())


@usecase(*ANYONE)
def printable_file(uow: UnitOfWork, actor: Actor, command: OneOrder, now: datetime) -> str:
    """Return the file of an order's printable page, for a viewer who may see the order.

    Denied("not_found") for everybody else, for an order without one, and for its citizen while the
    paper is hidden from her.
    """
    order = uow.orders.get_visible(command.number, actor)
    if plays(actor, Role.CITIZEN, order) and is_hidden(order, now):
        raise Denied("not_found")
    name = order.printable_file
    if name is None:
        raise Denied("not_found")
    return name


def check_paper(paper: Paper, images: SealedStorage, originals: SealedStorage) -> CheckedPaper:
    """Hash every file of a paper again; reads the disk, not the database."""
    return CheckedPaper(paper.sheet, tuple(_checked(paper, images, originals)))


def _checked(
    paper: Paper, images: SealedStorage, originals: SealedStorage
) -> Iterable[CheckedPart]:
    for recorded in paper.parts:
        part = SheetPart(recorded.part)
        if part is SheetPart.TEXT:
            found = _same(paper.text.encode(), recorded.sha256)
        else:
            found = _reread(originals if part in FROM_OUTSIDE else images, recorded.sha256)
        is_shown = {paper.shown, paper.issued or paper.shown} == {recorded.sha256}
        if part is SheetPart.COMPOSED and not is_shown:
            found = FileState.CHANGED  # the file exists, but another one is shown instead
        yield CheckedPart(part, recorded.sha256, recorded.role, recorded.at, found)


def _reread(files: SealedStorage, sha256: str) -> FileState:
    try:
        return _same(files.get(sha256), sha256)
    except KeyError:
        return FileState.GONE


def _same(data: bytes, sha256: str) -> FileState:
    is_same = hashlib.sha256(data).hexdigest() == sha256
    return FileState.SAME if is_same else FileState.CHANGED


# The files from and into which an order's sheet is made, and their audit entries.


@dataclass(frozen=True, slots=True)
class Papers:
    """The photograph of the paper, and the straightened picture if its corners were drawn."""

    ids: tuple[str, ...] = ()
    shown: str | None = None
    """Blob of the picture on the sheet."""
    photo: str = ""
    """SHA-256 of the photograph as the camera sent it."""
    straightened: str = ""
    """Blob of the straightened picture."""


def uploaded_papers(uow: UnitOfWork, actor: Actor, paper: str) -> Papers:
    """Return the pictures that this actor uploaded for the sheet; Denied("image_not_yours")."""
    if not paper:
        return Papers()
    row = uow.images.take(paper, actor)
    if row.made_from is None:
        return Papers((row.id,), row.web, row.original)
    source = uow.images.take(row.made_from, actor)
    return Papers((row.id, source.id), row.web, source.original, row.web)


def attach_papers(uow: UnitOfWork, actor: Actor, papers: Papers, order: Order) -> None:
    """Attach the pictures to the first order of the sheet."""
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
    """Record the hash of every file, handmade ones first."""
    parts = {
        SheetPart.INK: sha_bytes(checked.ink.encode()) if checked.ink else "",
        SheetPart.TEXT: sha_bytes(checked.text.encode()) if checked.text else "",
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


LONGEST = 40


class CheckSheet(Command):
    """The parts of the address behind the code on the paper."""

    sheet: str
    mark: str


@dataclass(frozen=True, slots=True)
class Genuine:
    """Everything that the public learns of a genuine order."""

    number: str
    district: int
    issued_on: date
    is_void: bool


@usecase(*ANYONE)
def check_sheet(
    uow: UnitOfWork, _actor: Actor, command: CheckSheet, _now: datetime
) -> Genuine | None:
    """Return the sheet; None for both an unknown number and a wrong hash.

    A wrong one is counted, so the result is returned, not raised. Denied("too_many_requests") above
    the limit, but never for a genuine sheet: thousands of telephones share an address.
    """
    sheet, mark = ascii_digits(command.sheet[:LONGEST]), command.mark[:LONGEST].lower()
    found = uow.orders.issued_on_sheet(sheet)
    right = hmac.compare_digest(uow.orders.check_mark(sheet).encode(), mark.encode())
    if found is None or not right:
        if is_over(uow, Limit.CHECK_ADDRESS, uow.origin.address):
            raise over(uow, Limit.CHECK_ADDRESS, uow.origin.address)
        count(uow, Limit.CHECK_ADDRESS, uow.origin.address)
        return None
    district, issued_at, is_void = found
    return Genuine(sheet, district, tehran_day(issued_at), is_void)
