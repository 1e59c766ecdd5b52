"""The day's list as a PDF, for reception and mayor. Printing names is written down, so it is a form
that is sent and no link."""

import re

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.media.sheets.day_list import draw_day_list
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.on_paper.paper import print_day
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.day_lists import day_list
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEADERS = {
    **PRIVATE,
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
}
"""A browser shows a PDF with a viewer of its own, which a sandbox would refuse."""


async def printed_list(request: Request) -> Response:
    """Today's Monday or the next where no day is named; every no looks the same, and whoever is
    not signed in any more is led to the door."""
    fields = await browser.form(request)
    day = browser.word(fields, "monday")
    if day and not _DAY.fullmatch(day):
        return not_found(request, PRIVATE)
    try:
        seen = await browser.application(request).execute(
            print_day, browser.keys(request), ADay(monday=day)
        )
    except Denied as denied:
        if denied.key == "session_ended":  # an hour's break in front of the open page
            return see_other(STAFF_DOOR)
        return not_found(request, PRIVATE)
    limiter: anyio.CapacityLimiter = request.app.state.decoding
    data = await anyio.to_thread.run_sync(draw_day_list, day_list(seen), limiter=limiter)
    name = f"monday-{seen.board.monday.on.isoformat()}.pdf"
    headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type="application/pdf", headers=headers)


def routes() -> list[Route]:
    return [Route("/monday/list.pdf", printed_list, methods=["POST"])]
