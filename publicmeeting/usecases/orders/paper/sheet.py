"""The picture of an order: composed from its facts and stored outside any transaction."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.domain.records import Order
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.media.objects import on_disk
from publicmeeting.media.sheets.canvas import Composed
from publicmeeting.media.sheets.ink import draw_ink
from publicmeeting.media.sheets.order_sheet import OrderSheet, Pair, compose_order, printable
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.orders import sheet_text
from publicmeeting.usecases.base import Input, UseCase
from publicmeeting.usecases.orders.issuing import SheetFacts, issue_orders, order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders, StoredSheet

W = TypeVar("W", bound=Input)
R = TypeVar("R")
UNITS_SHOWN = 3
SIGNATURE_NIB = 11
"""Pen width in which a signature is drawn, on its own pad, before it is reduced."""


class Cabinet(Protocol):
    """The file stores: pictures that are shown, and the originals they were made from."""

    @property
    def images(self) -> SealedStorage: ...

    @property
    def originals(self) -> SealedStorage: ...


class Caller(Cabinet, Protocol):
    """The application: it executes commands and has the files."""

    async def execute(self, usecase: UseCase[W, R], keys: Keys, command: W) -> R: ...


async def issue_with_sheet(
    caller: Caller, keys: Keys, order: IssueOrders, public_url: str
) -> tuple[Order, ...]:
    """Issue an order with its picture, drawn between two commands without a transaction.

    Raises what `order_facts`, `compose_sheet` and `issue_orders` raise.
    """
    facts = await caller.execute(order_facts, keys, order)
    sheet = await asyncio.to_thread(keep_sheet, facts, caller, public_url)
    return await caller.execute(issue_orders, keys, order.model_copy(update={"sheet": sheet}))


def keep_sheet(facts: SheetFacts, cabinet: Cabinet, public_url: str) -> StoredSheet:
    """Compose the sheet, and store its pictures and the strokes as received.

    They are on disk before rows that name them are committed.
    """
    paper = cabinet.images.get(facts.paper) if facts.paper else None
    return store_sheet(facts, draw_sheet(facts, public_url, paper), cabinet)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet and its page for a printer."""

    sheet: Composed
    printable: bytes = b""


def draw_sheet(
    facts: SheetFacts, public_url: str, paper: bytes | None = None, *, prints: bool = True
) -> Drawn:
    """Draw a sheet and its printable page; raises what `compose_sheet` raises.

    Only a fast seeder omits the printable page.
    """
    sheet = compose_sheet(facts, public_url, paper)
    if not prints:
        return Drawn(sheet)
    return Drawn(sheet, printable(sheet.image, sheet_text.print_title(facts.stem)))


@on_disk()
def store_sheet(facts: SheetFacts, drawn: Drawn, cabinet: Cabinet) -> StoredSheet:
    """Store the drawn files before the order's rows name them."""
    if facts.ink:
        cabinet.originals.put(facts.ink.encode())
    return store_pictures(facts, drawn, cabinet.images)


@on_disk()
def store_pictures(facts: SheetFacts, drawn: Drawn, images: SealedStorage) -> StoredSheet:
    """Store only the pictures of a sheet."""
    made, put = drawn.sheet, images.put
    return StoredSheet(
        stem=facts.stem,
        web=put(made.image),
        thumb=put(made.thumb),
        width=made.width,
        height=made.height,
        printable=put(drawn.printable) if drawn.printable else "",
    )


def compose_sheet(facts: SheetFacts, public_url: str, paper: bytes | None = None) -> Composed:
    """Draw the letterhead with photograph, handwriting and text, in this order.

    Raises Invalid `ink_unreadable` for broken strokes, `order_too_long` for more than the longest
    sheet holds, and what `open_picture` raises.
    """
    sheet = _sheet(facts, public_url, paper)
    try:
        return compose_order(sheet)
    except ValueError:
        raise Invalid("order_too_long", field="note") from None


def _sheet(facts: SheetFacts, public_url: str, paper: bytes | None) -> OrderSheet:
    return OrderSheet(
        district=facts.district,
        unit=sheet_text.head(facts.district),
        title=sheet_text.TITLE,
        marks=(
            (sheet_text.DATE, day_words(facts.issued_on)),
            (sheet_text.NUMBER, persian(facts.stem)),
        ),
        check_url=f"{public_url}/check/{facts.stem}/{facts.mark}/",
        check_lines=sheet_text.CHECK,
        foot=(sheet_text.LOG, facts.log.on_paper),
        text=facts.text,
        paper=paper,
        ink=draw_ink(read_ink(facts.ink)) if facts.ink else None,
        signature=_signature(facts.signature) if facts.signature else None,
        signer=(facts.signer, sheet_text.office_of(facts.role, facts.district)),
        facts=_facts(facts),
    )


@lru_cache(64)
def _signature(ink: str) -> bytes:
    """Draw a signature, cached for all sheets of a day."""
    return draw_ink(read_ink(ink), width=SIGNATURE_NIB)


def _facts(facts: SheetFacts) -> tuple[Pair, ...]:
    """Return the units and due dates as lines: one common date, or one for each unit."""
    shown = facts.to if len(facts.to) <= UNITS_SHOWN else facts.to[: UNITS_SHOWN - 1]
    hidden = len(facts.to) - len(shown)
    more = ((sheet_text.UNIT, sheet_text.and_more(hidden)),) if hidden else ()
    days = {addressee.due_on for addressee in facts.to}
    if len(days) > 1:
        return *(
            (addressee.unit.name, sheet_text.until(addressee.due_on, facts.issued_on))
            for addressee in shown
        ), *more
    units = ((sheet_text.UNIT, addressee.unit.name) for addressee in shown)
    return *units, *more, (sheet_text.DUE, day_words(facts.to[0].due_on))
