"""`/plain/draws/`: the draws of older Mondays, page by page; the newest are at `/draws/`."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.usecases.public_record.ceremony import (
    MondaysBefore,
    MondaySummary,
    Phase,
    draw_list,
)
from publicmeeting.web import browser
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el, link
from publicmeeting.web.plain.page import not_found, page


async def show(request: Request) -> Response:
    """Show the draws before the Monday of `?before=`, and a link to older ones."""
    before = MondaysBefore(monday=request.query_params.get("before", ""))
    try:
        found = await browser.query(request, draw_list, before)
    except Denied:
        return not_found(request)
    rows = el("ul", *map(_row, found.mondays), class_="rows")
    older = ceremony_text.older_address(found.older_than)
    return page(
        ceremony_text.OLDER,
        elements.title(ceremony_text.OLDER),
        rows if found.mondays else el("p", ceremony_text.NONE_OLDER),
        el("p", link(ceremony_text.OLDER, older), class_="mt-6") if older else "",
        beside=link(ceremony_text.TITLES, "/draws/"),
    )


def _row(monday: MondaySummary) -> Markup:
    if monday.phase is Phase.DRAWN:
        result = ceremony_text.drawn_words(
            monday.requests,
            monday.seated,
            monday.districts,
            monday.witnesses,
            is_signed=monday.is_signed,
        )
    else:
        result = ceremony_text.NOW[monday.phase]
    inside = el(
        "span",
        el("span", day_words(monday.monday), class_="row-title block"),
        el("span", result, class_="row-meta block"),
        class_="row-body",
    )
    return el("li", el("a", inside, href=f"/ceremony/?monday={iso(monday.monday)}", class_="row"))


def routes() -> list[Route]:
    return [Route(ceremony_text.OLDER_ADDRESS, show)]
