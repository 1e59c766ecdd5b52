"""The sheet that is not yet issued: its stored texts, and the call that issues it."""

import json
import re
from collections.abc import Awaitable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from publicmeeting.application import application
from publicmeeting.config import settings
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Order
from publicmeeting.kit.letters import clean
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, keys, perform, query
from publicmeeting.usecases.meetings.room import MeetingScreen
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.pages import OneOrder, order_page
from publicmeeting.usecases.orders.paper.drafts import NO_UNIT, UnfinishedSheet, dues_of
from publicmeeting.usecases.orders.paper.sheet import issue_with_sheet

PEN, TYPE, PHOTO = "pen", "type", "photo"
WAYS = (PEN, TYPE, PHOTO)
_IMAGE = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Draft:
    """The mayor's choices for the sheet.

    `units` is None until the mayor has changed them. `dues` are due dates of single units. `paper`
    is the picture on the sheet, `source` the photo from which it was straightened.
    """

    units: tuple[str, ...] | None = None
    due: str = ""
    dues: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    paper: str = ""
    source: str = ""
    way: str = PEN


@dataclass(frozen=True)
class SheetInitial(ViewModel):
    """First values of the fields of a new sheet; `page` counts the sheets of its `owner`."""

    text: str = ""
    promise: str = ""
    reason: str = ""
    refusal: str = ""
    referral: str = ""
    page: int = 0
    owner: str = ""
    sheet: str = ""
    """Visitor, owner and page. When it changes, the fields are drawn again."""


def draft_of(fields: Mapping[str, str]) -> Draft:
    """Return the stored choices; an invalid value counts as not chosen."""
    units = fields.get("units", "")
    way = fields.get("way", "")
    return Draft(
        units=None if not units else () if units == NO_UNIT else tuple(units.split(",")),
        due=fields.get("due", ""),
        dues=dues_of(fields),
        urgent=bool(fields.get("urgent")),
        paper=_id(fields.get("paper", "")),
        source=_id(fields.get("source", "")),
        way=way if way in WAYS else PEN,
    )


def initial_of(fields: Mapping[str, str], code: str, page: int, owner: str) -> SheetInitial:
    texts = {name: fields.get(name, "") for name in ("text", "promise", "reason")}
    others = {name: fields.get(name, "") for name in ("refusal", "referral")}
    return SheetInitial(**texts, **others, page=page, owner=owner, sheet=f"{code}/{owner}/{page}")


def has_promise(sheet: UnfinishedSheet) -> bool:
    return bool(sheet.fields.get("promise", "").strip())


def left_on(fields: Mapping[str, str], names: Iterable[str], recorded: Container[str]) -> str:
    """Return what was typed in these fields and is not recorded."""
    typed = (fields.get(name, "").strip() for name in names)
    return "\n".join(text for text in typed if text and clean(text) not in recorded)


def changed(draft: Draft, **what: Any) -> tuple[Draft, dict[str, str]]:
    """Return the draft with these changes, and the texts in which they are stored."""
    new = replace(draft, **what)
    texts = {
        "units": "" if new.units is None else ",".join(new.units) or NO_UNIT,
        "due": new.due,
        "dues": json.dumps(dict(new.dues)) if new.dues else "",
        "urgent": "1" if new.urgent else "",
        "paper": new.paper,
        "source": new.source,
        "way": new.way,
    }
    return new, {name: texts[name] for name in what}


def image_id(sent: object) -> str:
    """Return the last id that the upload reports, if it has the form of an id; else ""."""
    ids = [key for key in sent if isinstance(key, str)] if isinstance(sent, list) else []
    return _id(ids[-1]) if ids else ""


def _id(text: str) -> str:
    return text if _IMAGE.fullmatch(text) else ""


async def issue(state: Asking, **command: object) -> tuple[Order, ...] | None:
    """Issue the orders with their sheet; None if they were refused, with the sentence in
    `state`."""

    def work(order: IssueOrders) -> Awaitable[tuple[Order, ...]]:
        return issue_with_sheet(application(), keys(state), order, settings().public_url)

    return await perform(state, work, IssueOrders, None, **command)


async def sheets(state: Asking, seen: MeetingScreen) -> list[Photo]:
    """Return each sheet of this meeting once; several units share one."""
    first: dict[str, str] = {}
    for line in seen.orders:
        first.setdefault(stem(line.number), line.number)
    pages = [await query(state, order_page, OneOrder(number=number)) for number in first.values()]
    return [
        Photo(
            f"/images/{page.order.image_id}/thumb",
            f"/images/{page.order.image_id}",
            meeting_text.SHEET_ALT.format(number=shown(stem(page.order.number))),
        )
        for page in pages
        if page is not None and page.order.image_id
    ]
