"""Pages to erase a case: what is erased, what stays and why, and a last question."""

from collections.abc import Iterable

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import BACKUPS_DAYS
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.tracking.my_data import (
    ErasingPage,
    erase_case,
    erase_draft,
    erasing_page,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.my_data import (
    ADDRESS,
    DONE,
    ERASE_DRAFT,
    ERASING,
    READABLE,
    is_for_the_door,
    own_page,
    to_the_door,
)
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.worker.cleanup import TRASH_STAYS

_SURE = "sure"
"""In the address: show the last question. In the form: its answer."""


async def show(request: Request) -> Response:
    """Show what would be erased and what would stay; with `sure` in the address, ask again."""
    code = request.path_params["code"]
    try:
        found = await browser.application(request).query(
            erasing_page, browser.keys(request), OneCase(code=code)
        )
    except Denied as denied:
        return await _refused(request, denied, f"{ERASING}{code}/")
    if found.refused:
        inside = _not_now(found)
    elif request.query_params.get(_SURE):
        inside = _once_more(found)
    else:
        inside = _what(found)
    return own_page(
        my_data_text.ERASE_TITLE,
        elements.title(my_data_text.ERASE_TITLE),
        el("p", found.request.title, class_="text-h3 mb-4"),
        *inside,
        el("p", elements.link(my_data_text.BACK, ADDRESS), class_="mt-8"),
    )


def _not_now(found: ErasingPage) -> Iterable[Markup]:
    yield elements.notice(refusal(found.refused), tone="neutral")
    if found.from_day:
        yield el("p", my_data_text.EARLY.format(day=day_words(found.from_day)), class_="mt-4")


def _what(found: ErasingPage) -> Iterable[Markup]:
    yield elements.section(my_data_text.GOES, elements.listed(_erased_parts(found)))
    yield elements.section(my_data_text.STAYS, elements.listed(_stays(found)))
    days = {"trash": persian(TRASH_STAYS.days), "backups": persian(BACKUPS_DAYS)}
    yield el("p", my_data_text.BACKUPS.format(**days), class_="mt-6 text-ink2")
    copy = el("p", elements.link(my_data_text.READ, READABLE))
    yield el("div", elements.notice(my_data_text.FOR_GOOD, copy, tone="saffron"), class_="mt-6")
    address = f"{ERASING}{found.request.code}/?{_SURE}=1"
    go_on = el("a", my_data_text.GO_ON, href=address, class_="btn btn-secondary")
    yield el("div", go_on, class_="mt-6 grid")


def _erased_parts(found: ErasingPage) -> Iterable[str]:
    yield my_data_text.GOES_TEXT
    if found.erasable.notes:
        yield my_data_text.GOES_NOTES.format(count=persian(found.erasable.notes))
    if found.erasable.pictures:
        yield my_data_text.GOES_PICTURES.format(count=persian(found.erasable.pictures))
    yield my_data_text.GOES_SEARCH


def _stays(found: ErasingPage) -> Iterable[str]:
    yield my_data_text.STAYS_ROAD
    yield my_data_text.STAYS_LOG
    if found.orders:
        yield my_data_text.STAYS_ORDERS.format(count=persian(found.orders))
    yield my_data_text.STAYS_PERSON


def _once_more(found: ErasingPage) -> Iterable[Markup]:
    why = my_data_text.SURE_WHY.format(title=found.request.title)
    yield elements.notice(my_data_text.SURE, el("p", why))
    address = f"{ERASING}{found.request.code}/"
    erase = elements.button(my_data_text.ERASE, kind="danger", name=_SURE, value="yes")
    no = el("a", my_data_text.NO, href=ADDRESS, class_="btn btn-secondary")
    yield el("div", elements.form(address, erase), no, class_="mt-6 grid gap-3")


async def erase(request: Request) -> Response:
    """`sure` = `yes` → erased; anything else leads back to what would be erased."""
    code = request.path_params["code"]
    form = await browser.form(request)
    if browser.word(form, _SURE) != "yes":
        return see_other(f"{ERASING}{code}/")
    try:
        await browser.application(request).execute(
            erase_case, browser.keys(request), OneCase(code=code)
        )
    except Denied as denied:
        return await _refused(request, denied, f"{ERASING}{code}/")
    return see_other(f"{ADDRESS}?{DONE}=erased")


async def _refused(request: Request, denied: Denied, here: str) -> Response:
    if denied.key == "not_found":
        return not_found(request, PRIVATE)
    if is_for_the_door(denied):
        return await to_the_door(request, denied, here)
    return see_other(here)  # the page shows the reason


async def drop_draft(request: Request) -> Response:
    """Erase the citizen's draft and its pictures."""
    try:
        await browser.application(request).execute(erase_draft, browser.keys(request), Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, ADDRESS)
    return see_other(f"{ADDRESS}?{DONE}=draft")


def routes() -> list[Route]:
    return [
        Route(f"{ERASING}{{code}}/", show, methods=["GET"]),
        Route(f"{ERASING}{{code}}/", erase, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(ERASE_DRAFT, drop_draft, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
