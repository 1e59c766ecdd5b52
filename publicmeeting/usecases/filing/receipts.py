"""What a citizen gets when she files: the receipt, the private proof sheet, and signed receipts.

A signed receipt is the city's signature on a log entry about her ticket. One of them is enough to
show a journalist that the log was changed (docs/turns.md 5).
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import UNDECIDED
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Entry, LogMark
from publicmeeting.turns.rules.week import Week, first_monday
from publicmeeting.turns.tree.note import Key
from publicmeeting.turns.tree.receipt import PaperMark
from publicmeeting.usecases.base import OneCase, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request

# Marks of the public log on paper: enough to find the signed receipt and its key.


def paper_mark(uow: UnitOfWork, ticket: str) -> PaperMark:
    """Return the log's mark at the newest entry about a ticket, else at the log's newest entry.

    A paper needs a true mark, and no log that can be read: a citizen has her pass in any case.
    """
    newest = next(_entries_of(uow, ticket), None)
    return signed_mark(uow, uow.log.mark(newest.seq) if newest else uow.log.head())


def _entries_of(uow: UnitOfWork, ticket: str) -> Iterator[Entry]:
    """Yield the entries about a ticket, newest first: of the index, and the first by the log.

    The index may have been changed. Whether an entry names her, it says itself.
    """
    found = {_brought_by(uow, ticket), *uow.log_index.of_ticket(ticket)[-MOST:]}
    for seq in sorted(found, reverse=True):
        entry = _entry(uow, seq)
        if entry is not None and _names(entry, ticket):
            yield entry


def _brought_by(uow: UnitOfWork, ticket: str) -> int:
    """Return the entry that brought her ticket into the log; 0 if nobody can say."""
    with suppress(KeyError, Unavailable):
        return uow.line_book.brought_by(ticket)
    return 0


def _entry(uow: UnitOfWork, seq: int) -> Entry | None:
    with suppress(KeyError):
        return uow.log.entry(seq)
    return None


def _names(entry: Entry, ticket: str) -> bool:
    return ticket in {entry.body.get(key) for key in ("ticket", "old", "new")}


def signed_mark(uow: UnitOfWork, mark: LogMark) -> PaperMark:
    """Return the mark with the city's current daily key, if it is known."""
    keys = uow.log.keys()
    is_known = keys.is_genuine and keys.daily
    return PaperMark(mark, Key.read(keys.daily).id.hex() if is_known else "")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt; it may be shared as an image, because it has neither name, identity nor salt."""

    code: str
    ticket: str
    district: int
    subject: str
    title: str
    filed_at: datetime
    screened_by: datetime | None
    """Until when the desk answers."""
    first_monday: date | None
    """The first Monday for whose line she is in time."""
    draw_at: datetime | None
    log: PaperMark
    """The log at the entry that brought her ticket into it."""
    assisted: Role | None
    """The role of the officer who filed in her name."""
    has_mobile: bool
    is_as_filed: bool
    """Whether nobody has decided on it yet, so that the plan at filing still holds."""


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """Binds a ticket to a person (docs/turns.md 3).

    A national code could be guessed with it, so it is for the citizen alone, and no log may hold
    its secrets.
    """

    code: str
    ticket: str
    district: int
    salt: str = field(repr=False)
    log: PaperMark
    """The log at the newest entry about her ticket."""


@usecase(Role.CITIZEN, Role.DESK, Role.PHONE)
def receipt(uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime) -> Receipt:
    """Return the receipt to the citizen or the officer who filed for her; Denied("not_found")."""
    request = uow.requests.find(command.code)
    if request is None or not may_have_receipt(actor, request):
        raise Denied("not_found")
    monday, draw_at = _first_draw(uow, request)
    filed, brought = request.history[0], _brought_by(uow, request.ticket)
    return Receipt(
        code=request.code,
        ticket=request.ticket,
        district=request.district,
        subject=request.subject,
        title=request.title,
        filed_at=request.filed_at,
        screened_by=filed.due_at,
        first_monday=monday,
        draw_at=draw_at,
        log=signed_mark(uow, uow.log.mark(brought) if brought else uow.log.head()),
        assisted=filed.role if request.filed_by else None,
        has_mobile=uow.people.get(request.person_id).mobile is not None,
        is_as_filed=request.stage in UNDECIDED,
    )


@usecase(Role.CITIZEN)
def proof_sheet(uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime) -> ProofSheet:
    """Return the salt of her ticket to herself.

    Denied("not_found") for everybody else, and if the identity is proved to be another's.
    """
    request = own_request(uow, actor, command.code)
    person = uow.people.get(request.person_id)
    if person.is_displaced:
        raise Denied("not_found")
    salt = uow.requests.salt(request)
    return ProofSheet(
        code=request.code,
        ticket=request.ticket,
        district=request.district,
        salt=salt,
        log=paper_mark(uow, request.ticket),
    )


def may_have_receipt(actor: Actor, request: Request) -> bool:
    """Return whether the actor is its citizen, or the officer who filed it in her name."""
    if actor.person_id is not None:
        return actor.person_id == request.person_id
    return request.filed_by is not None and request.filed_by == actor.account_id


def _is_off(uow: UnitOfWork, district: int, monday: date) -> bool:
    day = uow.city.monday(district, monday)
    return day.is_off if day else not is_meeting_monday(monday)


def _first_draw(uow: UnitOfWork, request: Request) -> tuple[date | None, datetime | None]:
    """Return the first Monday with seats that she can expect, and its draw; None without rules."""
    coming = next_monday(tehran_day(request.filed_at) - timedelta(days=1))
    rules = uow.city.rules_on(coming)
    if rules is None:
        return None, None
    monday = first_monday(request.filed_at, rules.body)
    while _is_off(uow, request.district, monday):
        monday += timedelta(weeks=1)
    then = uow.city.rules_on(monday) or rules
    return monday, Week(monday, then.body).draw_by


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
    entries = _entries_of(uow, request.ticket) if keys.origin else ()
    found = tuple(_receipt(uow, entry) for entry in entries)
    return SignedReceipts(request.code, request.ticket, keys.origin, tuple(keys.announced), found)


@usecase(Role.CITIZEN, Role.DESK, Role.PHONE)
def one_receipt(
    uow: UnitOfWork, actor: Actor, command: OneReceipt, _now: datetime
) -> SignedReceipt:
    """Return one receipt; Denied("not_found") for an entry that does not name her ticket."""
    request = _request_with_receipts(uow, actor, command.code)
    entry = _entry(uow, command.seq)
    if entry is None or not uow.log.keys().origin or not _names(entry, request.ticket):
        raise Denied("not_found")
    return _receipt(uow, entry)


def _receipt(uow: UnitOfWork, entry: Entry) -> SignedReceipt:
    return SignedReceipt(entry, uow.log.receipt(entry.seq))


def _request_with_receipts(uow: UnitOfWork, actor: Actor, code: str) -> Request:
    request = uow.requests.find(code)
    if request is None or not may_have_receipt(actor, request):
        raise Denied("not_found")
    return request
