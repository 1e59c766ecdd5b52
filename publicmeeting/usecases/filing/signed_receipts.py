"""Signed receipts: the city's signature on each log entry about a ticket.

One of them is enough to show a journalist that the log was changed (docs/turns.md 5).
"""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.base import OneCase, Query, usecase
from publicmeeting.usecases.filing.receipts import may_have_receipt

MOST = 40
"""Maximum receipts of one ticket in a list; older ones are requested by number."""


class OneReceipt(Query):
    """A case, and the number of an entry about its ticket."""

    code: str
    seq: int


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """One receipt; `note` is what she keeps, to the byte, and `entry` the logged entry."""

    entry: Entry
    note: str


@dataclass(frozen=True, slots=True)
class SignedReceipts:
    """Receipts, newest first; `origin` and `keys` (`name+id+base64`) name the valid signers."""

    code: str
    ticket: str
    origin: str
    keys: tuple[str, ...]
    receipts: tuple[SignedReceipt, ...]


@usecase(Role.CITIZEN, Role.DESK, Role.PHONE)
def signed_receipts(
    uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime
) -> SignedReceipts:
    """Return receipts of the newest entries about a ticket.

    For the citizen and the officer who filed in her name. Denied("not_found").
    """
    request = _request_with_receipts(uow, actor, command.code)
    keys = uow.log.keys()
    seqs = reversed(uow.log_index.of_ticket(request.ticket)[-MOST:])
    found = tuple(_receipt(uow, seq) for seq in seqs) if keys.origin else ()
    return SignedReceipts(request.code, request.ticket, keys.origin, tuple(keys.announced), found)


@usecase(Role.CITIZEN, Role.DESK, Role.PHONE)
def one_receipt(
    uow: UnitOfWork, actor: Actor, command: OneReceipt, _now: datetime
) -> SignedReceipt:
    """Return one receipt; Denied("not_found") for an entry that does not name her ticket."""
    request = _request_with_receipts(uow, actor, command.code)
    if not uow.log.keys().origin or command.seq not in uow.log_index.of_ticket(request.ticket):
        raise Denied("not_found")
    return _receipt(uow, command.seq)


def _receipt(uow: UnitOfWork, seq: int) -> SignedReceipt:
    return SignedReceipt(uow.log.entry(seq), uow.log.receipt(seq))


def _request_with_receipts(uow: UnitOfWork, actor: Actor, code: str) -> Request:
    request = uow.requests.find(code)
    if request is None or not may_have_receipt(actor, request):
        raise Denied("not_found")
    return request
