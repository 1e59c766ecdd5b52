"""What a citizen looks up without a script: stages by code, her requests, her receipt, the door."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.districts import subject
from publicmeeting.domain.errors import Denied
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import plain_text, shell_text
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import my_receipt_text as said
from publicmeeting.text.filing import receipt_text, slips_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.text.tracking import case_text, mine_text, my_page_text, tracking_text
from publicmeeting.text.tracking import citizen_orders_text as orders
from publicmeeting.text.tracking import road_text as roads
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.filing.drafting import FilingPage, SpeakFor, filing_page, speak_for
from publicmeeting.usecases.filing.receipts import receipt as find_receipt
from publicmeeting.usecases.screening.cases import OneCase
from publicmeeting.usecases.tracking.by_code import TRIED, tracked_stages
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import MyRequest, my_requests, timeline_page
from publicmeeting.web import browser
from publicmeeting.web.back import local, see_other
from publicmeeting.web.plain import parts
from publicmeeting.web.plain.door import door
from publicmeeting.web.plain.markup import Html, el
from publicmeeting.web.plain.page import MINE, RECEIPT, page
from publicmeeting.web.plain.road import road
from publicmeeting.web.plain.steps import ADDRESS as FILING
from publicmeeting.web.slips import receipt_slip

TRACK = "/plain/track/"
ENTER = "/plain/enter/"


async def start(request: Request) -> Response:
    """What works without a script, and what does not."""
    ways = ((home_text.REQUEST, FILING), (home_text.TRACK, TRACK), (home_text.MINE, MINE))
    rows = (el("li", el("a", word, href=to, class_="row row-title")) for word, to in ways)
    return page(
        request,
        plain_text.TITLE,
        parts.title(plain_text.TITLE),
        el("p", plain_text.LEAD, class_="mb-4"),
        el("ul", *rows, class_="rows"),
        parts.muted(plain_text.STAFF),
    )


async def track(request: Request) -> Response:
    """The stages this visit may see, else the form; its own route answers it."""
    asked = request.query_params.get("code", "")
    application, keys = browser.application(request), browser.keys(request)
    try:
        found = await application.query(tracked_stages, keys, OneCase(code=asked))
    except Denied:
        return page(request, tracking_text.TITLE, _track_form(request, asked))
    return page(
        request,
        tracking_text.TITLE,
        _head(STAGE[found.stage], found.district, found.code),
        parts.notice(
            tracking_text.STAGES_ONLY, parts.link(tracking_text.SIGN_IN, ENTER), tone="neutral"
        ),
        parts.section(roads.TITLE, road(found.marks, found.now)),
        el("p", parts.link(case_text.ANOTHER, TRACK), class_="mt-8"),
    )


def _track_form(request: Request, asked: str) -> Html:
    typed = asked or browser.cookie(request, TRIED)
    code = parts.digits(tracking_text.CODE, "code", typed, hint=tracking_text.CODE_HINT)
    last_four = parts.digits(
        tracking_text.LAST_FOUR, "last_four", hint=tracking_text.LAST_FOUR_HINT
    )
    find, back = parts.button(tracking_text.FIND), parts.hidden(back=TRACK)
    return el(
        "div",
        el("div", parts.title(tracking_text.TITLE), parts.muted(tracking_text.LEAD)),
        parts.notice(refusal_in(request.query_params)),
        parts.form("/auth/track", code, last_four, find, back),
        el("div", parts.muted(tracking_text.LOST), parts.link(tracking_text.SIGN_IN, ENTER)),
        class_="grid gap-6",
    )


async def enter(request: Request) -> Response:
    """The door, and on to `next`."""
    onward = local(MINE, request.query_params.get("next", ""))
    here = ENTER if onward == MINE else f"{ENTER}?next={quote(onward)}"
    head = el("div", parts.title(shell_text.ENTER_TITLE), parts.muted(shell_text.ENTER_WHY))
    inside = el("div", head, await door(request, here, onward), class_="grid gap-6")
    return page(request, shell_text.ENTER, inside)


async def her_requests(request: Request) -> Response:
    """Her requests as rows, the newest first; «for whom?» where her mobile serves several."""
    application, keys = browser.application(request), browser.keys(request)
    who = await application.query(filing_page, keys, Nothing())
    if who.mobile is None:
        return _to_door(MINE)
    found = await application.query(my_requests, keys, Nothing()) if who.person_identity else ()
    rows = el("ul", *map(_row, found), class_="rows")
    none = el("div", el("p", el("strong", mine_text.EMPTY)), parts.muted(mine_text.EMPTY_LEAD))
    several = len(who.others) > 1 or (who.others and not who.person_identity)
    return page(
        request,
        mine_text.TITLE,
        parts.title(mine_text.TITLE),
        parts.notice(refusal_in(request.query_params)),
        _for_whom(who) if several else "",
        rows if found else none,
        el("p", parts.link(my_page_text.NEW_REQUEST, FILING), class_="mt-4"),
        el(
            "div",
            parts.form("/auth/leave", parts.button(mine_text.SIGN_OUT, kind="secondary")),
            class_="mt-8",
        ),
    )


def _for_whom(who: FilingPage) -> Html:
    """A button for each person this mobile serves."""
    ways = [parts.button(name, kind="soft", name="person", value=id_) for id_, name in who.others]
    head = el("p", my_page_text.FOR_WHOM, class_="field-label")
    return el("div", head, parts.form(MINE, *ways), class_="mb-6 grid gap-2")


async def choose_person(request: Request) -> Response:
    form = await browser.form(request)
    command = SpeakFor(person=browser.word(form, "person"))
    try:
        await browser.application(request).execute(speak_for, browser.keys(request), command)
    except Denied as denied:
        return see_other(MINE, denied)
    return see_other(MINE)


def _row(one: MyRequest) -> Html:
    line = one.line
    place = my_page_text.LINE.format(
        district=persian(line.district), subject=subject(line.subject).name
    )
    stage = plain_text.STAGE.format(stage=STAGE[line.stage], code=persian(line.code))
    inside = el(
        "span",
        el("span", line.title, class_="row-title block"),
        el("span", place, class_="row-meta block"),
        el("span", stage, class_="row-meta block"),
        class_="row-body",
    )
    return el("li", el("a", inside, href=f"{MINE}{line.code}/", class_="row"))


async def her_request(request: Request) -> Response:
    """The road of one of her requests; what she may do on it needs the other page."""
    code = request.path_params["code"]
    try:
        found = await browser.application(request).query(
            timeline_page, browser.keys(request), OneCase(code=code)
        )
    except Denied as denied:
        return _refused(request, denied, f"{MINE}{code}/")
    case = found.request
    only = el("p", plain_text.ONLY_READ, class_="notice notice-neutral")
    return page(
        request,
        case.title,
        _head(case.title, case.district, code),
        only if found.steps else "",
        *map(_order, found.orders),
        parts.section(roads.TITLE, road(found.marks, found.now, is_hers=True)),
        el("p", parts.link(case_text.RECEIPT, f"{RECEIPT}{code}/"), class_="mt-8"),
    )


def _order(one: CitizenOrder) -> Html:
    """What was promised, by whom and until when, and the paper to look at or to print."""
    line = one.line
    ways = [(orders.SEE_PAPER, f"/images/{one.image.id}")] if one.image else []
    ways += [(orders.PDF, f"/orders/{line.number}.pdf")] if one.has_print else []
    due = orders.DUE_UNIT.format(unit=line.unit, day=weekday_day(line.due_on))
    return parts.section(
        roads.ORDER,
        el("p", one.promise, class_="text-h3 font-semibold") if one.promise else "",
        el("p", due),
        el("p", *(parts.link(word, to) for word, to in ways), class_="flex flex-wrap gap-4"),
    )


async def her_receipt(request: Request) -> Response:
    """What is handed over at filing, in the words of the saved picture."""
    code = request.path_params["code"]
    try:
        facts = await browser.application(request).query(
            find_receipt, browser.keys(request), OneCase(code=code)
        )
    except Denied as denied:
        return _refused(request, denied, f"{RECEIPT}{code}/")
    slip = receipt_slip(facts, browser.settings(request).public_url)
    steps = [
        el("li", el("p", one.title, class_="row-title"), el("p", one.when, class_="row-meta"))
        for one in slip.next_steps
    ]
    lines = [slip.code, *slip.values, slip.ticket, slip.log]
    return page(
        request,
        said.FILED,
        parts.title(receipt_text.TITLE),
        el("p", parts.code(code), class_="text-num-l font-bold"),
        parts.muted(said.CODE_HINT),
        el("dl", *(_fact(*one) for one in lines[1:]), class_="sheet mt-4"),
        parts.section(slips_text.NEXT, el("ol", *steps, class_="grid gap-3")),
        el("p", parts.link(plain_text.SAVE_RECEIPT, f"/receipt/{code}.png"), class_="mt-4"),
        el("p", parts.link(said.FOLLOW, f"{MINE}{code}/")),
    )


def _fact(word: str, value: str) -> Html:
    shown = el("dd", el("bdi", value), class_="break-all")
    return el("div", el("dt", word, class_="text-meta text-ink2"), shown)


def _head(title: str, district: int, code: str) -> Html:
    place = case_text.PLACE.format(district=persian(district))
    above = el("p", place, " ", parts.code(code), class_="text-meta text-ink2")
    return el("div", above, el("h1", title, class_="text-h1"), class_="mb-4")


def _refused(request: Request, denied: Denied, here: str) -> Response:
    """Not signed in: the door, and back. Else missing and forbidden look the same."""
    if denied.key == "session_ended":
        return _to_door(here)
    home = el("a", shell_text.MINE, href=MINE, class_="btn btn-primary")
    inside = parts.title(shell_text.NOT_FOUND), parts.muted(shell_text.NOT_FOUND_WHY), home
    return page(request, shell_text.NOT_FOUND, *inside, status=404)


def _to_door(here: str) -> Response:
    return see_other(f"{ENTER}?next={quote(here)}")


def routes() -> list[Route]:
    return [
        Route("/plain/", start, methods=["GET"]),
        Route(TRACK, track, methods=["GET"]),
        Route(ENTER, enter, methods=["GET"]),
        Route(MINE, her_requests, methods=["GET"]),
        Route(MINE, choose_person, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(f"{MINE}{{code}}/", her_request, methods=["GET"]),
        Route(f"{RECEIPT}{{code}}/", her_receipt, methods=["GET"]),
    ]
