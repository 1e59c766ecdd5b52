"""Target of the QR code on a printed order: whether it is genuine, and nothing else about it.

The page works without scripts and answers at once, for people who borrow a telephone.
"""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.orders.paper.document_audit import CheckSheet, Genuine, check_sheet
from publicmeeting.web import browser
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import page

_UNKNOWN, _TOO_MANY = 404, 429


async def check(request: Request) -> Response:
    """Show whether the sheet is genuine; a wrong mark and an unknown number get the same answer."""
    command = CheckSheet(
        sheet=request.path_params["sheet"],
        mark=request.path_params["mark"],
    )
    try:
        found = await browser.execute(request, check_sheet, command)
    except Denied as denied:
        verdict = elements.notice(
            sheet_text.CHECK_NOT_NOW, el("p", refusal(denied.key, **denied.facts))
        )
        return page(
            sheet_text.CHECK_TITLE,
            elements.title(sheet_text.CHECK_TITLE),
            verdict,
            status=_TOO_MANY,
        )
    if found is None:
        return page(sheet_text.CHECK_TITLE, *_unknown(), status=_UNKNOWN)
    return page(sheet_text.CHECK_TITLE, *_genuine(found))


def _genuine(found: Genuine) -> tuple[Markup, ...]:
    facts = (
        (
            sheet_text.CHECK_OFFICE,
            sheet_text.CHECK_OFFICE_OF.format(district=persian(found.district)),
        ),
        (sheet_text.CHECK_DATE, day_words(found.issued_on)),
        (sheet_text.CHECK_NUMBER, el("bdi", persian(found.number), dir="ltr")),
    )
    return (
        elements.title(sheet_text.CHECK_TITLE),
        elements.notice(sheet_text.CHECK_VOID)
        if found.is_void
        else elements.notice(sheet_text.CHECK_GENUINE, tone="glaze"),
        el("dl", *(_fact(*fact) for fact in facts), class_="sheet mt-4"),
        el("p", sheet_text.CHECK_GENUINE_LEAD, class_="mt-4"),
        el("p", sheet_text.CHECK_DIFFERS, class_="mt-4 text-ink2"),
    )


def _fact(word: str, value: str) -> Markup:
    definition = el("dd", value, class_="text-h3 font-bold")
    return el("div", el("dt", word, class_="text-ink2"), definition)


def _unknown() -> tuple[Markup, ...]:
    verdict = elements.notice(sheet_text.CHECK_UNKNOWN, el("p", sheet_text.CHECK_UNKNOWN_LEAD))
    return (
        elements.title(sheet_text.CHECK_TITLE),
        verdict,
        el("p", sheet_text.CHECK_UNKNOWN_THEN, class_="mt-4"),
    )


def routes() -> list[Route]:
    return [
        Route("/check/{sheet}/{mark}/", check, methods=["GET"]),
        Route("/check/{sheet}/{mark}", check, methods=["GET"]),
        Route("/check/{other:path}", nothing, methods=["GET"]),
    ]


async def nothing(_request: Request) -> Response:
    """Answer an incomplete address like an unknown sheet."""
    return page(sheet_text.CHECK_TITLE, *_unknown(), status=_UNKNOWN)
