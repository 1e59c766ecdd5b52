"""From the facts of an order to its picture: composed and kept outside any transaction."""

import json
from typing import Protocol, TypeVar

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.records import Order
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.media.canvas import Composed
from publicmeeting.media.ink import Dot, draw_strokes
from publicmeeting.media.order_sheet import OrderSheet, Pair, compose_order
from publicmeeting.media.storage import Storage
from publicmeeting.text import order_sheet as words
from publicmeeting.usecases.orders import (
    IssueOrders,
    KeptSheet,
    SheetFacts,
    issue_orders,
    order_facts,
)
from publicmeeting.usecases.wish import UseCase, Wish

UNITS_SHOWN = 3
LOG_SHOWN = 8
INK_SIDE = 4000
DOTS_MOST = 40_000

W = TypeVar("W", bound=Wish)
R = TypeVar("R")


class Doing(Protocol):
    """`Office.look_now` or `perform_now` of one person, or their twins for the demo city."""

    def __call__(self, usecase: UseCase[W, R], wish: W, /) -> R: ...


def issue(
    look: Doing, perform: Doing, images: Storage, public_url: str, wish: IssueOrders
) -> tuple[Order, ...]:
    """All three steps in one worker thread: facts, picture, record.

    The picture's files are on disk before the rows that name them are committed.
    """
    sheet = keep_sheet(look(order_facts, wish), images, public_url)
    return perform(issue_orders, wish.model_copy(update={"sheet": sheet}))


def keep_sheet(facts: SheetFacts, images: Storage, public_url: str) -> KeptSheet:
    """Compose the sheet and store its picture and thumbnail."""
    paper = images.get(facts.paper) if facts.paper else None
    made = compose_sheet(facts, public_url, paper)
    return KeptSheet(
        facts.stem, images.put(made.image), images.put(made.thumb), made.width, made.height
    )


def compose_sheet(facts: SheetFacts, public_url: str, paper: bytes | None = None) -> Composed:
    """Draw the letterhead with what was written, photographed or typed.

    Raises Invalid("ink_unreadable") for strokes that are none, and what `open_picture` raises.
    """
    return compose_order(
        OrderSheet(
            district=facts.district,
            unit=words.head(facts.district),
            title=words.TITLE,
            marks=(
                (words.DATE, day_words(facts.issued_on)),
                (words.NUMBER, persian(facts.stem)),
            ),
            check_url=f"{public_url}/track/",
            check_lines=words.CHECK,
            foot=(words.LOG, facts.log_head[:LOG_SHOWN]),
            text=facts.text,
            paper=paper,
            ink=drawn_ink(facts.ink) if facts.ink else None,
            signer=(facts.signer, words.office_of(facts.role, facts.district)),
            facts=_facts(facts),
        )
    )


def _facts(facts: SheetFacts) -> tuple[Pair, ...]:
    shown = facts.units[:UNITS_SHOWN]
    pairs = [(words.UNIT, unit.name) for unit in shown]
    if len(facts.units) > len(shown):
        more = words.and_more(len(facts.units) - len(shown) + 1)
        pairs[-1] = (words.UNIT, more)
    return (*pairs, (words.DUE, day_words(facts.due_on)))


def drawn_ink(text: str) -> bytes:
    """The pen's strokes as a transparent picture.

    `text` is JSON: `{"width": 1072, "height": 900, "strokes": [[[x, y, pressure], …], …]}`, in
    pixels of the sheet's lines from the top left, pressure from 0 to 1.
    """
    try:
        ink = json.loads(text)
        width, height = int(ink["width"]), int(ink["height"])
        strokes = [[Dot(*map(float, dot)) for dot in stroke] for stroke in ink["strokes"]]
        sound = all(
            0 <= d.x <= width and 0 <= d.y <= height and 0 <= d.pressure <= 1
            for stroke in strokes
            for d in stroke
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Invalid("ink_unreadable", field="ink") from None
    count = sum(map(len, strokes))
    if not sound or not 0 < count <= DOTS_MOST or not 0 < max(width, height) <= INK_SIDE:
        raise Invalid("ink_unreadable", field="ink")
    return draw_strokes(strokes, (width, height))
