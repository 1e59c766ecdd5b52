"""From the written sheet to recorded orders, and back to the pictures that were kept."""

from publicmeeting.application import application
from publicmeeting.config import settings
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Order
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.shell.act import Asking, execute, in_thread, query
from publicmeeting.usecases.meetings.room import MeetingScreen
from publicmeeting.usecases.orders.asked_orders import IssueOrders
from publicmeeting.usecases.orders.issuing import issue_orders, order_facts
from publicmeeting.usecases.orders.pages import OneOrder, order_page
from publicmeeting.usecases.orders.paper.sheet import keep_sheet

SHEETS_MOST = 4


async def issue(state: Asking, **command: object) -> tuple[Order, ...] | None:
    """Facts, picture, record: the picture is composed while the database is free.

    None when it was refused, with the words in `state`.
    """
    facts = await execute(state, order_facts, IssueOrders, None, **command)
    if facts is None:
        return None
    cabinet, url = application(), settings().public_url
    sheet = await in_thread(state, lambda: keep_sheet(facts, cabinet, url))
    if sheet is None:
        return None
    return await execute(state, issue_orders, IssueOrders, None, **command, sheet=sheet)


async def sheets(state: Asking, seen: MeetingScreen) -> list[Photo]:
    """Each sheet of this meeting once; several units share one."""
    first: dict[str, str] = {}
    for line in seen.orders:
        first.setdefault(stem(line.number), line.number)
    pages = [
        await query(state, order_page, OneOrder(number=number))
        for number in list(first.values())[:SHEETS_MOST]
    ]
    return [
        Photo(
            f"/images/{page.order.image_id}/thumb",
            f"/images/{page.order.image_id}",
            meeting_text.SHEET_SAYS.format(number=shown(stem(page.order.number))),
        )
        for page in pages
        if page is not None and page.order.image_id
    ]
