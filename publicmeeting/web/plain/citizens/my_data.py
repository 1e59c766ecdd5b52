"""`/mine/data/`: the citizen's data, who has read them, her sessions, and the export.

Rendered on the server: it has to work without scripts, to be printed, and to set cookies. The
export is a JSON file, and a page to read and print.
"""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.domain.lifecycle.timeline import is_shown
from publicmeeting.domain.people import local_mobile, masked_identity, masked_mobile
from publicmeeting.domain.records import Case, Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OVER, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import chrome_text, dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle.actions_text import done_by
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import OWN_ORDER_STAGE, STAGE
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.text.tracking import case_text, my_data_text, my_page_text
from publicmeeting.usecases.accounts.person.recycled import is_asked_who
from publicmeeting.usecases.accounts.sessions import EndSession, end_other_sessions, end_session
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.tracking.my_data import MyCase, MyData, export_my_data, my_data
from publicmeeting.usecases.tracking.timeline import Opening
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens import whose
from publicmeeting.web.plain.elements import el, join, session_list
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.pictures import PRIVATE

ADDRESS = "/mine/data/"
READABLE = f"{ADDRESS}all/"
FILE = "/mine/data.json"
SESSIONS = f"{ADDRESS}sessions/"
CORRECT_NAME = f"{ADDRESS}name/"
CHANGE_MOBILE = f"{ADDRESS}mobile/"
CODE_OF_MOBILE = f"{CHANGE_MOBILE}code/"
ERASING = f"{ADDRESS}erase/"
ERASE_DRAFT = f"{ADDRESS}draft/"
MINE, DOOR = "/mine/", "/enter/"
CHANGED = "done"
"""Query parameter with what was just done."""
IN_SIGHT = 8
"""Number of readings that are shown without unfolding."""


async def show(request: Request) -> Response:
    """Show the page of the citizen's data."""
    try:
        found = await browser.query(request, my_data, Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, ADDRESS)
    done = my_data_text.DONE.get(request.query_params.get(CHANGED, ""), "")
    return own_page(
        my_data_text.TITLE,
        elements.title(my_data_text.TITLE),
        elements.muted(my_data_text.LEAD),
        reply(refusal_in(request.query_params), done),
        elements.section(my_data_text.WHO, _who(found)),
        elements.section(my_data_text.CASES, *_cases(found)),
        elements.section(my_data_text.OPENINGS, *_openings(found)),
        elements.section(
            my_data_text.SESSIONS,
            *session_list(found.sessions, found.now, found.machine_now, SESSIONS),
        ),
        elements.section(my_data_text.TAKE, *_take()),
        el("p", elements.link(my_data_text.PRIVACY, "/privacy/"), class_="mt-6"),
        el("div", *_leave(), class_="mt-8 grid gap-2 border-t border-line pt-6"),
    )


def own_page(title: str, *content: str, status: int = 200, address: str = "") -> Response:
    """Return a page whose bar leads to her own page; `status` and `address` as `page()` has."""
    link = elements.link(chrome_text.MINE, MINE)
    return page(title, *content, status=status, beside=link, address=address)


def reply(refused: str, done: str = "") -> Markup:
    """Return the refusal, or else the confirmation; nothing without either."""
    notice = elements.notice(refused) or elements.notice(done, tone="leaf")
    return el("div", notice, class_="mt-4") if notice else elements.NOTHING


def _who(found: MyData) -> Markup:
    person, standing = found.person, found.standing
    whole = el("span", el("bdi", persian(person.identity), dir="ltr"), class_="font-semibold")
    more = elements.unfolding(my_data_text.SHOW, whole)
    by = my_data_text.PROVEN_BY.get(standing.proven_by.partition(":")[0], "")
    at, ahead = standing.proven_at, found.now - found.machine_now
    moment = dates_text.moment(at + ahead) if at else ""
    proven = my_data_text.PROVEN.format(by=by, moment=moment) if by and at else by
    since = my_data_text.SINCE.format(
        day=day_words(tehran_day(min(standing.known_since, found.now)))
    )
    level = join(
        my_data_text.LEVELS[standing.level],
        *(
            el("span", words, class_="block text-meta text-ink2")
            for words in (proven, since)
            if words
        ),
    )
    mobile = masked_mobile(person.mobile) if person.mobile else my_data_text.NO_MOBILE
    facts = el(
        "dl",
        fact(my_data_text.NAME, person.name),
        fact(my_data_text.IDENTITY, ltr(masked_identity(person.identity)), more),
        fact(my_data_text.MOBILE, ltr(mobile) if person.mobile else mobile),
        fact(my_data_text.LEVEL, level),
        class_="grid gap-3",
    )
    links = el(
        "div",
        elements.link(my_data_text.CORRECT_NAME, CORRECT_NAME),
        elements.link(my_data_text.CHANGE_MOBILE, CHANGE_MOBILE),
        class_="flex flex-wrap gap-x-6",
    )
    return el("div", facts, elements.muted(my_page_text.DATA_WHY), links, class_="sheet")


def fact(label: str, value: str, *more: str, breaks: bool = False) -> Markup:
    """A row of a list of facts; with `breaks` a long value may break at any character."""
    classes = "font-semibold break-all" if breaks else "font-semibold"
    shown = el("dd", el("span", value, class_=classes), *more)
    return el("div", el("dt", label, class_="text-meta text-ink2"), shown)


def ltr(text: str) -> Markup:
    return el("bdi", text, dir="ltr")


def _cases(found: MyData) -> Iterable[Markup]:
    if found.cases:
        yield el("ul", *(_case(my_case, found.now) for my_case in found.cases), class_="rows")
    else:
        yield elements.muted(my_data_text.NO_CASES)
    if found.left_out:
        yield elements.muted(my_page_text.UNREAD)
    if found.has_draft:
        erase = elements.button(my_data_text.DRAFT_ERASE, kind="secondary")
        yield elements.muted(my_data_text.DRAFT)
        yield elements.form(ERASE_DRAFT, erase)


def _case(my_case: MyCase, now: datetime) -> Markup:
    request = my_case.request
    about = my_data_text.CASE.format(
        district=persian(request.district),
        stage=STAGE[request.stage],
        moment=dates_text.near_moment(request.filed_at, now),
    )
    inside = el(
        "span",
        el("span", request.title, class_="row-title block"),
        el("span", about, class_="row-meta block"),
        class_="row-body",
    )
    row = el("a", inside, href=f"{MINE}{request.code}/", class_="row")
    return el("li", row, _erasing(my_case))


def _erasing(my_case: MyCase) -> Markup | str:
    """Return the link to erase the case, or the day from which it can be erased."""
    request = my_case.request
    if request.stage not in OVER:
        return ""
    if request.count(Action.ERASE) and not my_case.erases_more:
        return el("p", my_data_text.ERASED, class_="row-meta pb-2")
    if my_case.erasable_from:
        later = my_data_text.LATER.format(day=day_words(my_case.erasable_from))
        return el("p", later, class_="row-meta pb-2")
    return el("p", elements.link(my_data_text.WAY, f"{ERASING}{request.code}/"), class_="pb-2")


def _openings(found: MyData) -> Iterable[Markup]:
    yield elements.muted(my_data_text.OPENINGS_LEAD)
    opened = [(opening, case.request.title) for case in found.cases for opening in case.openings]
    opened.sort(key=lambda pair: pair[0].at, reverse=True)
    if not opened:
        yield elements.muted(my_data_text.NO_OPENINGS)
        return
    rows = [_opening(opening, title, found.now) for opening, title in opened]
    yield from elements.folded(rows, IN_SIGHT, my_data_text.OLDER)


def _opening(opening: Opening, title: str, now: datetime) -> Markup:
    seen = my_data_text.WITH_NAME if opening.with_name else my_data_text.WITHOUT_NAME
    when = my_data_text.OPENED.format(moment=dates_text.near_moment(opening.at, now), title=title)
    return el(
        "li",
        el("span", signed(opening.role, opening.district, opening.unit), class_="row-title block"),
        el("span", when, class_="row-meta block"),
        el("span", seen, class_="row-meta block"),
        class_="py-3",
    )


def _take() -> Iterable[Markup]:
    yield elements.muted(my_data_text.TAKE_LEAD)
    yield el(
        "div",
        el("a", my_data_text.READ, href=READABLE, class_="btn btn-secondary"),
        el("a", my_data_text.JSON, href=FILE, class_="btn btn-secondary", download=True),
        class_="grid gap-2",
    )


def _leave() -> Iterable[Markup]:
    home = elements.hidden(next="/")
    out = elements.button(my_page_text.SIGN_OUT, kind="secondary")
    yield el("p", elements.link(chrome_text.MINE, MINE))
    yield elements.form("/auth/leave", out, home)


async def end_sessions(request: Request) -> Response:
    """`session` → that one ends; `others` → all but this one."""
    form = await browser.form(request)
    try:
        if browser.word(form, "others"):
            await browser.execute(request, end_other_sessions, Nothing())
            return see_other(f"{ADDRESS}?{CHANGED}=others")
        command = EndSession(session=browser.word(form, "session"))
        await browser.execute(request, end_session, command)
    except (Denied, Unavailable) as denied:
        if is_for_the_door(denied):
            return await to_the_door(request, denied, ADDRESS)
        return see_other(ADDRESS, denied)
    return see_other(f"{ADDRESS}?{CHANGED}=session")


def is_for_the_door(denied: Refusal) -> bool:
    """Whether the refusal means: no citizen who is acting for a person."""
    return denied.key in {"session_ended", "not_your_role"}


async def to_the_door(request: Request, denied: Refusal, here: str) -> Response:
    """Return where to send a visitor whom the page refuses.

    Without a session: the door, and back. If the mobile may have a new owner: the question about
    that. If no person is chosen: her own page. An official gets 404.
    """
    if denied.key != "session_ended":
        return not_found(request, PRIVATE)
    try:
        is_asked = await browser.query(request, is_asked_who, Nothing())
    except Denied:
        return see_other(f"{DOOR}?next={quote(here)}")
    return see_other(f"{whose.RECYCLED}?next={quote(here)}" if is_asked else MINE)


_CITIZEN = frozenset({Role.CITIZEN})


async def file(request: Request) -> Response:
    """Return all data as JSON, for other programs (docs/my-data.md)."""
    try:
        found = await browser.query(request, export_my_data, Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, ADDRESS)
    named = {**PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return JSONResponse(found, headers=named)


async def readable(request: Request) -> Response:
    """Show all data, to read and print."""
    try:
        found = await browser.query(request, my_data, Nothing())
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
        class_="sheet",
    )
    return own_page(
        my_data_text.READ_TITLE,
        elements.title(my_data_text.READ_TITLE),
        elements.muted(my_data_text.READ_AT.format(moment=dates_text.moment(found.now))),
        el("p", my_data_text.READ_HINT, class_="no-print text-ink2"),
        elements.section(my_data_text.WHO, who),
        *(_copied_case(my_case, found.now) for my_case in found.cases),
        el("p", elements.link(my_data_text.BACK, ADDRESS), class_="no-print mt-8"),
    )


def _copied_case(my_case: MyCase, now: datetime) -> Markup:
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
        el("dl", *facts, class_="sheet"),
        *_road(request, now),
        *(_order(order, now) for order in my_case.orders),
        *_copied_openings(my_case, now),
    )


def _road(case: Case, now: datetime) -> Iterable[Markup]:
    shown = [event for event in case.history if is_shown(event, _CITIZEN)]
    if not shown:
        return
    yield el("h3", my_data_text.ROAD, class_="text-h3")
    yield el(
        "ol",
        *(
            el(
                "li",
                el("span", done_by(event.role, event.action), class_="row-title block"),
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
        fact(my_data_text.DUE, dates_text.day_of_year(order.due_on, tehran_day(now))),
        fact(my_data_text.STAGE, OWN_ORDER_STAGE[order.stage]),
    ]
    number = dates_text.shown(order.number)
    return el(
        "div",
        el("h3", my_data_text.ORDER.format(number=number), class_="text-h3"),
        el("p", order.text, class_="whitespace-pre-line wrap-anywhere"),
        el("dl", *facts, class_="sheet"),
        *_road(order, now),
        class_="grid gap-3",
    )


def _copied_openings(my_case: MyCase, now: datetime) -> Iterable[Markup]:
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
        Route(ADDRESS, show, methods=["GET"]),
        Route(SESSIONS, end_sessions, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(FILE, file, methods=["GET"]),
        Route(READABLE, readable, methods=["GET"]),
    ]
