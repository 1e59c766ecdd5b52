"""Export of a citizen's data: a JSON file, and a page to read and print."""

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.districts import subject
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import local_mobile
from publicmeeting.domain.records import Case, Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.timeline import is_shown
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import OWN_ORDER_STAGE, STAGE
from publicmeeting.text.tracking import case_text, my_data_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.tracking.my_data import MyCase, export_my_data, my_data
from publicmeeting.web import browser
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.my_data import (
    ADDRESS,
    FILE,
    READABLE,
    fact,
    ltr,
    own_page,
    to_the_door,
)
from publicmeeting.web.routes.pictures import PRIVATE

_HERS = frozenset({Role.CITIZEN})


async def file(request: Request) -> Response:
    """Return all data as JSON, for other programs (docs/my-data.md)."""
    try:
        found = await browser.application(request).query(
            export_my_data, browser.keys(request), Nothing()
        )
    except Denied as denied:
        return await to_the_door(request, denied, ADDRESS)
    named = {**PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return JSONResponse(found, headers=named)


async def readable(request: Request) -> Response:
    """Show all data, to read and print."""
    application, keys = browser.application(request), browser.keys(request)
    try:
        found = await application.query(my_data, keys, Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, READABLE)
    person = found.person
    mobile = ltr(persian(local_mobile(person.mobile))) if person.mobile else my_data_text.NO_MOBILE
    who = el(
        "dl",
        fact(my_data_text.NAME, person.name),
        fact(my_data_text.IDENTITY, ltr(persian(person.identity))),
        fact(my_data_text.MOBILE, mobile),
        fact(my_data_text.LEVEL, my_data_text.LEVELS[found.standing.level]),
        class_="sheet grid gap-3",
    )
    return own_page(
        my_data_text.READ_TITLE,
        elements.title(my_data_text.READ_TITLE),
        elements.muted(my_data_text.READ_AT.format(moment=dates_text.moment(found.now))),
        elements.muted(my_data_text.READ_HINT),
        elements.section(my_data_text.WHO, who),
        *(_case(my_case, found.now) for my_case in found.cases),
        el("p", elements.link(my_data_text.BACK, ADDRESS), class_="mt-8"),
    )


def _case(my_case: MyCase, now: datetime) -> Markup:
    request = my_case.request
    needs = "، ".join(word for need, word in ACCESS_NEED.items() if need.value in request.needs)
    place = case_text.PLACE.format(district=persian(request.district))
    filed = dates_text.near_moment(request.filed_at, now)
    facts = [
        fact(place, elements.code(request.code)),
        fact(my_data_text.TICKET, el("bdi", request.ticket), breaks=True),
        fact(my_data_text.FILED, filed),
        fact(my_data_text.STAGE, STAGE[request.stage]),
        *([fact(my_data_text.NEEDS, needs)] if needs else []),
        *([fact(my_data_text.ASSISTED, my_data_text.BY_OFFICER)] if request.filed_by else []),
    ]
    return elements.section(
        request.title,
        elements.muted(subject(request.subject).name),
        el("p", whole_text(request), class_="whitespace-pre-line wrap-anywhere"),
        el("dl", *facts, class_="sheet grid gap-3"),
        *_road(request, now),
        *(_order(order, now) for order in my_case.orders),
        *_openings(my_case, now),
    )


def _road(case: Case, now: datetime) -> Iterable[Markup]:
    shown = [event for event in case.history if is_shown(event, _HERS)]
    if not shown:
        return
    yield el("h3", my_data_text.ROAD, class_="text-h3")
    yield el(
        "ol",
        *(
            el(
                "li",
                el("span", DONE[event.action], class_="row-title block"),
                el("span", dates_text.near_moment(event.at, now), class_="row-meta block"),
                el("p", event.note, class_="quote whitespace-pre-line") if event.note else "",
            )
            for event in shown
        ),
        class_="grid gap-3",
    )


def _order(order: Order, now: datetime) -> Markup:
    facts = [
        *([fact(my_data_text.PROMISE, order.promise)] if order.promise else []),
        fact(my_data_text.DUE, weekday_day(order.due_on)),
        fact(my_data_text.STAGE, OWN_ORDER_STAGE[order.stage]),
    ]
    number = dates_text.shown(order.number)
    return el(
        "div",
        el("h3", my_data_text.ORDER.format(number=number), class_="text-h3"),
        el("p", order.text, class_="whitespace-pre-line wrap-anywhere"),
        el("dl", *facts, class_="sheet grid gap-3"),
        *_road(order, now),
        class_="grid gap-3",
    )


def _openings(my_case: MyCase, now: datetime) -> Iterable[Markup]:
    if not my_case.openings:
        return
    yield el("h3", my_data_text.OPENINGS, class_="text-h3")
    yield el(
        "ul",
        *(
            el(
                "li",
                el("span", signed(opened.role, opened.district, opened.unit), class_="block"),
                el("span", dates_text.near_moment(opened.at, now), class_="row-meta block"),
            )
            for opened in my_case.openings
        ),
        class_="grid gap-2",
    )


def routes() -> list[Route]:
    return [
        Route(FILE, file, methods=["GET"]),
        Route(READABLE, readable, methods=["GET"]),
    ]
