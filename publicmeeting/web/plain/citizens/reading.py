"""What a citizen can look up without scripts: stages by code, her requests, her receipt.

On her Monday the page of her request reloads every 30 seconds, with one button when she is called.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.lifecycle.timeline import Mark, MarkState
from publicmeeting.domain.meetings.estimate import MyDay
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import receipt_text, whose_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.text.tracking import (
    case_text,
    citizen_orders_text,
    day_text,
    day_words,
    my_data_text,
    my_page_text,
    road_text,
    tracking_text,
)
from publicmeeting.text.tracking.road_words import StepWords, own_road_words, road_words
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.drafting import SpeakFor, filing_page, speak_for
from publicmeeting.usecases.filing.lost import lost_filings
from publicmeeting.usecases.filing.receipts import receipt as find_receipt
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.coming.her_day import her_day
from publicmeeting.usecases.tracking.by_code import (
    TRIED,
    WHOLE_MOBILE,
    tracked_stages,
    wrong_fields,
)
from publicmeeting.usecases.tracking.my_page import MyPage, my_page
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import (
    MyRequest,
    TimelinePage,
    timeline_page,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import came_from, local, see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens import whose
from publicmeeting.web.plain.citizens.sign_in import sign_in_form
from publicmeeting.web.plain.citizens.steps import ADDRESS as FILING
from publicmeeting.web.plain.elements import NOTHING, el, join
from publicmeeting.web.plain.page import ENTER, MINE, RECEIPT, page
from publicmeeting.web.routes.papers import receipt_slip

REFRESH_SECONDS = "30"


def day_part(code: str, day: MyDay, *, may_come: bool) -> Markup:
    """Return what has happened, what to do next, her number, and the progress of the day."""
    tone = "saffron" if day.is_called else "neutral"
    words = day_words.words_of(day)
    answer = (
        el(
            "div",
            elements.form(f"{MINE}{code}/coming/", elements.button(words.answer)),
            el("p", words.answer_why),
        )
        if may_come
        else NOTHING
    )
    number = el("p", day_text.NUMBER, " ", el("strong", words.number, class_="text-num-l"))
    lines = (words.before, words.inside, words.entry, words.right, words.passed)
    again = el("p", elements.link(day_text.REFRESH, f"{MINE}{code}/"), class_="mt-2")
    return el(
        "section",
        elements.notice(words.head, el("p", words.means), tone=tone),
        answer,
        *((number, *(el("p", line) for line in lines if line)) if day.is_followed else ()),
        elements.muted(day_text.PLAIN_REFRESH),
        again,
        class_="grid gap-3 mb-6",
    )


async def come(request: Request) -> Response:
    """Record «دارم می‌آیم» (she is coming); back to her page, with the refusal if there is one."""
    code = request.path_params["code"]
    command = TakeStep(code=code, action=Action.COMING)
    here = f"{MINE}{quote(code, safe='')}/"
    try:
        await browser.execute(request, take_step, command)
    except (Denied, Invalid, Unavailable) as refused:
        return see_other(here, refused)
    return see_other(here)


TRACK = "/plain/track/"
_DATA = "/mine/data/"


async def start(_request: Request) -> Response:
    """Show what works without scripts, and what does not."""
    links = ((home_text.REQUEST, FILING), (home_text.TRACK, TRACK), (home_text.MINE, MINE))
    rows = (el("li", el("a", word, href=to, class_="row row-title")) for word, to in links)
    return page(
        chrome_text.PLAIN_TITLE,
        elements.title(chrome_text.PLAIN_TITLE),
        el("p", chrome_text.PLAIN_LEAD, class_="mb-4"),
        el("ul", *rows, class_="rows"),
        el("p", chrome_text.PLAIN_STAFF, class_="text-ink2 mt-4"),
    )


async def track(request: Request) -> Response:
    """Show the stages this visit may see, else the form; another route takes the form."""
    code_asked = request.query_params.get("code", "")
    try:
        found = await browser.query(request, tracked_stages, OneCase(code=code_asked))
    except Denied:
        lost = await _lost(request)
        return page(tracking_text.TITLE, _track_form(request, code_asked, lost))
    seat = found.seat_ahead
    return page(
        tracking_text.TITLE,
        _head(STAGE[found.stage], found.district, found.code),
        _changed(is_changed=found.is_changed),
        el("p", my_page_text.seat_words(seat.monday, seat.time), class_="text-h3") if seat else "",
        elements.notice(
            tracking_text.STAGES_ONLY, elements.link(tracking_text.SIGN_IN, ENTER), tone="neutral"
        ),
        elements.section(
            road_text.TITLE,
            road(found.marks, road_words(found.marks, DateWords(found.now), own=True)),
        ),
        el("p", elements.link(case_text.ANOTHER, TRACK), class_="mt-8"),
        elements.unfolding(
            tracking_text.DIED,
            el(
                "ul",
                *(el("li", line) for line in tracking_text.DIED_LINES),
                class_="mt-3 grid gap-2",
            ),
        ),
    )


def _changed(*, is_changed: bool) -> Markup:
    if not is_changed:
        return elements.NOTHING
    warning = elements.notice(road_text.CHANGED, el("p", road_text.CHANGED_HERS))
    return el("div", warning, class_="mb-4")


async def _lost(request: Request) -> Markup:
    """Tell of filings that were lost with the hours after a backup."""
    found = await browser.query(request, lost_filings, Nothing())
    if found is None:
        return elements.NOTHING
    what, whose_lost = tracking_text.lost_words(found.number, found.first, found.last)
    return elements.notice(what, el("p", whose_lost), tone="saffron")


def _track_form(request: Request, code_asked: str, lost: Markup) -> Markup:
    typed = persian(code_asked or browser.cookie(request, TRIED))
    key = request.query_params.get("e", "")
    own = {"last_four": refusal_in(request.query_params)} if key == WHOLE_MOBILE else {}
    words = {**tracking_text.WRONG_BOTH, **own}
    wrong = {name: words[name] for name in wrong_fields(key, typed)}
    code = elements.digits(
        tracking_text.CODE,
        "code",
        typed,
        hint=tracking_text.CODE_HINT,
        error=wrong.get("code", ""),
    )
    last_four = elements.digits(
        tracking_text.LAST_FOUR,
        "last_four",
        hint=tracking_text.LAST_FOUR_HINT,
        error=wrong.get("last_four", ""),
        is_first=len(wrong) == 1,
    )
    find, back = elements.button(tracking_text.FIND), elements.hidden(back=TRACK)
    return el(
        "div",
        el("div", elements.title(tracking_text.TITLE), elements.muted(tracking_text.LEAD)),
        lost,
        # Under a single field, which has the focus, the error says enough; the sentence above names
        # both.
        "" if len(wrong) == 1 else elements.notice(refusal_in(request.query_params)),
        elements.form("/auth/track", code, last_four, find, back),
        el("div", elements.muted(tracking_text.LOST), elements.link(tracking_text.SIGN_IN, ENTER)),
        _number_changed(),
        class_="grid gap-6",
    )


def _number_changed() -> Markup:
    who = el("strong", chrome_text.NUMBER_CHANGED)
    return el("p", who, " ", chrome_text.TO_ANY_DESK, class_="text-ink2")


def _sign_out() -> Markup:
    out = elements.form("/auth/leave", elements.button(my_page_text.SIGN_OUT, kind="secondary"))
    return el("div", elements.muted(my_page_text.NOT_YOUR_PHONE), out, class_="mt-6 grid gap-2")


async def enter(request: Request) -> Response:
    """Show the sign-in; it leads to `next`.

    Whoever is signed in for several persons and asks for a request chooses one of them first:
    signing in again would lead her back here.
    """
    onward = local(MINE, request.query_params.get("next", ""))
    who = await browser.query(request, filing_page, Nothing())
    if onward.startswith((MINE, RECEIPT)) and who.mobile and not who.person_identity:
        return see_other(MINE)
    here = ENTER if onward == MINE else f"{ENTER}?next={quote(onward)}"
    head = el("div", elements.title(chrome_text.ENTER_TITLE), elements.muted(chrome_text.ENTER_WHY))
    form = await sign_in_form(request, here, onward)
    is_in = who.mobile or who.person_id
    parts = head, _signed_in() if is_in else "", form, _number_changed()
    return page(chrome_text.ENTER, el("div", *parts, class_="grid gap-6"))


def _signed_in() -> Markup:
    to_hers = elements.link(my_page_text.TITLE, MINE)
    return el("div", elements.notice(my_page_text.SIGNED_IN, to_hers, tone="glaze"), _sign_out())


async def her_requests(request: Request) -> Response:
    """List her requests, the newest first; ask «for whom?» if her mobile serves several people."""
    try:
        who = await browser.query(request, my_page, Nothing())
    except Denied:
        return _to_door(MINE)
    rows = el("ul", *map(_row, who.requests), class_="rows")
    none = el(
        "div",
        await _lost(request) if not who.requests else "",
        el("p", el("strong", my_page_text.EMPTY)),
        elements.muted(my_page_text.EMPTY_LEAD),
        _number_changed(),
    )
    several = len(who.others) > 1 or (who.others and not who.person_id)
    is_unchosen = not who.person_id and (several or who.is_asked)
    return page(
        my_page_text.TITLE,
        elements.title(my_page_text.TITLE),
        elements.notice(refusal_in(request.query_params)),
        _question_notice() if who.is_asked else "",
        _person_choice(who) if several else "",
        rows if who.requests else elements.NOTHING if is_unchosen else none,
        el("p", elements.link(my_page_text.NEW_REQUEST, FILING), class_="mt-4"),
        el("p", elements.link(my_data_text.TITLE, _DATA)) if who.person_id else "",
        _sign_out(),
    )


def _question_notice() -> Markup:
    """There may be a person of hers whose name this browser may not show yet."""
    answer = elements.link(whose_text.MOBILE_ANSWER, f"{whose.RECYCLED}?next={quote(MINE)}")
    lead = el("p", whose_text.MOBILE_ASKED_WHY)
    inside = elements.notice(whose_text.MOBILE_ASKED, lead, el("p", answer), tone="saffron")
    return el("div", inside, class_="mb-6")


def _person_choice(who: MyPage) -> Markup:
    """A button for each person this mobile serves; the chosen one is pressed."""
    choices = [
        el(
            "button",
            my_page_text.AWAITED.format(name=name) if id_ in who.awaited else name,
            type="submit",
            name="person",
            value=id_,
            aria_pressed="true" if id_ == who.person_id else "false",
            class_="chip",
        )
        for id_, name in who.others
    ]
    head = el("h2", my_page_text.FOR_WHOM, class_="text-h3")
    lead = elements.muted(my_page_text.FOR_WHOM_LEAD)
    form = elements.form(MINE, el("div", *choices, role="group", class_="chips"))
    return el("section", head, lead, form, class_="mb-6 grid gap-2")


async def choose_person(request: Request) -> Response:
    form = await browser.form(request)
    command = SpeakFor(person=browser.word(form, "person"))
    try:
        await browser.execute(request, speak_for, command)
    except (Denied, Unavailable) as denied:
        return see_other(MINE, denied)
    return see_other(MINE)


def _row(request: MyRequest) -> Markup:
    line = request.line
    place = my_page_text.LINE.format(
        district=persian(line.district), subject=subject(line.subject).name
    )
    seat = line.seat
    stage = chrome_text.PLAIN_STAGE.format(stage=STAGE[line.stage], code=persian(line.code))
    inside = el(
        "span",
        el("span", line.title or subject(line.subject).name, class_="row-title block"),
        el("span", place, class_="row-meta block"),
        el("span", stage, class_="row-meta block"),
        el("span", my_page_text.seat_words(seat.monday, seat.time), class_="row-meta block")
        if seat
        else "",
        el("span", my_page_text.ASKED_YOU, class_="block") if request.waits_for_you else "",
        el("span", my_page_text.UNREAD, class_="row-meta block") if request.is_unread else "",
        el("span", road_text.CHANGED, class_="row-meta block") if request.is_changed else "",
        el("span", my_page_text.DISPLACED, class_="row-meta block") if request.is_displaced else "",
        class_="row-body",
    )
    return el("li", el("a", inside, href=f"{MINE}{line.code}/", class_="row"))


async def her_request(request: Request) -> Response:
    """Show the road of one request, and the progress of its Monday.

    Other steps need the page with scripts.
    """
    code = request.path_params["code"]
    try:
        found = await browser.query(request, timeline_page, OneCase(code=code))
        day = await browser.query(request, her_day, OneCase(code=code))
    except Denied as denied:
        return _refused(denied, f"{MINE}{code}/")
    case = found.request
    # Without scripts she can undo nothing here, so no step says so.
    marks = [replace(mark, is_undoable=False) for mark in found.marks]
    may_come = any(step.action is Action.COMING for step in found.steps)
    only = el("p", chrome_text.PLAIN_ONLY_READ, class_="notice notice-neutral")
    answer = page(
        case.title,
        _head(case.title, case.district, code),
        _changed(is_changed=found.is_changed),
        elements.notice(refusal_in(request.query_params)),
        day_part(code, day, may_come=may_come) if day else "",
        only if found.steps else "",
        _seat_line(found),
        *(_order(order, found.right_order_until, found.dates) for order in found.orders),
        elements.section(
            road_text.TITLE,
            road(marks, own_road_words(marks, found.dates, found.units, found.units_of_orders)),
        ),
        el("p", elements.link(case_text.RECEIPT, f"{RECEIPT}{code}/"), class_="mt-8"),
    )
    if day:
        answer.headers["Refresh"] = f"{REFRESH_SECONDS}; url={MINE}{code}/"
    return answer


def _seat_line(found: TimelinePage) -> Markup:
    """Show the day and time of her seat until it is over; empty without one."""
    seat = found.request.seat
    if seat is None or seat.monday < found.dates.today:
        return NOTHING
    return el("p", my_page_text.seat_words(seat.monday, seat.time), class_="text-h3 mt-4")


def _order(order: CitizenOrder, right_order_until: str, dates: DateWords) -> Markup:
    """Show what was promised, by whom and until when, with the paper to view or print."""
    line = order.line
    links = [(citizen_orders_text.SEE_PAPER, f"/images/{order.image.id}")] if order.image else []
    links += [(citizen_orders_text.PDF, f"/orders/{line.number}.pdf")] if order.has_print else []
    due = citizen_orders_text.DUE_UNIT.format(unit=line.unit, day=dates.on(line.due_on))
    is_void = line.is_void
    hidden = citizen_orders_text.why_hidden(order.hidden_until, right_order_until, is_void=is_void)
    return elements.section(
        road_text.ORDER,
        el("p", order.promise, class_="text-h3 font-semibold") if order.promise else "",
        elements.notice(hidden) if hidden else "",
        "" if is_void else el("p", due),
        el("p", *(elements.link(word, to) for word, to in links), class_="flex flex-wrap gap-4"),
    )


async def her_receipt(request: Request) -> Response:
    """Show the receipt, in the words of the saved picture."""
    code = request.path_params["code"]
    try:
        facts = await browser.query(request, find_receipt, OneCase(code=code))
        who = await browser.query(request, viewer, Nothing())
    except Denied as denied:
        return _refused(denied, f"{RECEIPT}{code}/")
    slip = receipt_slip(facts, browser.settings(request).public_url)
    steps = [
        el("li", el("p", step.title, class_="row-title"), el("p", step.when, class_="row-meta"))
        for step in slip.next_steps
    ]
    lines = [slip.code, *slip.values, slip.ticket, slip.log]
    return page(
        receipt_text.FILED,
        elements.title(receipt_text.TITLE),
        el("p", elements.code(code), class_="text-num-l font-bold"),
        elements.muted(receipt_text.CODE_HINT),
        el("dl", *(_fact(*line) for line in lines[1:]), class_="sheet mt-4"),
        elements.section(receipt_text.NEXT, el("ol", *steps, class_="grid gap-3"))
        if facts.is_as_filed
        else el("p", receipt_text.AS_FILED, class_="mt-4"),
        el(
            "p",
            elements.link(chrome_text.PLAIN_SAVE_RECEIPT, f"/receipt/{code}.png"),
            class_="mt-4",
        ),
        el("p", elements.link(receipt_text.FOLLOW, f"{MINE}{code}/")),
        _sign_out() if who.is_citizen else "",
    )


def _fact(word: str, value: str) -> Markup:
    shown = el("dd", el("bdi", value), class_="break-all")
    return el("div", el("dt", word, class_="text-meta text-ink2"), shown)


def _head(title: str, district: int, code: str) -> Markup:
    place = case_text.PLACE.format(district=persian(district))
    above = el("p", place, " ", elements.code(code), class_="text-meta text-ink2")
    return el("div", above, el("h1", title, class_="text-h1"), class_="mb-4")


def _refused(denied: Denied, here: str) -> Response:
    """Without a session: the door, and back. Missing and forbidden look the same."""
    if denied.key == "session_ended":
        return _to_door(here)
    home = el("a", chrome_text.MINE, href=MINE, class_="btn btn-primary")
    inside = elements.title(chrome_text.NOT_FOUND), elements.muted(chrome_text.NOT_FOUND_WHY), home
    return page(chrome_text.NOT_FOUND, *inside, status=404)


def _to_door(here: str) -> Response:
    return see_other(f"{ENTER}?next={quote(here)}")


START = "/plain/"
_WITH_PLAIN_ONE = ("/request/", "/track/", "/mine/", "/receipt/", "/enter/")
"""Pages with a plain version under `/plain`, with the same query."""


async def plain_one(request: Request) -> Response:
    """Redirect to the plain version of the page `at`, else of the page with the link, else to the
    start of the plain pages.

    For browsers that cannot run the scripts of a page (`assets/old.js`), or run none.
    """
    here = came_from(request, browser.settings(request).origins)
    at = urlsplit(local(START, request.query_params.get("at", "") or here))
    if not at.path.startswith(_WITH_PLAIN_ONE):
        return see_other(START)
    return see_other(f"/plain{at.path}?{at.query}" if at.query else f"/plain{at.path}")


def routes() -> list[Route]:
    return [
        Route(START, start, methods=["GET"]),
        Route("/plain/old/", plain_one, methods=["GET"]),
        Route(TRACK, track, methods=["GET"]),
        Route(ENTER, enter, methods=["GET"]),
        Route(MINE, her_requests, methods=["GET"]),
        Route(MINE, choose_person, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(f"{MINE}{{code}}/", her_request, methods=["GET"]),
        Route(f"{MINE}{{code}}/coming/", come, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(f"{RECEIPT}{{code}}/", her_receipt, methods=["GET"]),
    ]


_TILE = {MarkState.PAST: "glazed", MarkState.NOW: "now", MarkState.AHEAD: "raw"}


def road(marks: Sequence[Mark], words: Sequence[StepWords]) -> Markup:
    return el(
        "ol",
        *(_step(mark, step) for mark, step in zip(marks, words, strict=True)),
        aria_label=road_text.TITLE,
        class_="road",
    )


def _step(mark: Mark, words: StepWords) -> Markup:
    is_now = mark.state is MarkState.NOW
    tone = "brick" if mark.late.days > 0 else "saffron"
    badge = NOTHING
    if is_now:
        apart = el("span", chrome_text.STEP_STATE, class_="sr-only")
        badge = join(apart, el("span", words.badge, class_=f"badge badge-{tone}"))
    note = el("p", mark.note, class_="quote whitespace-pre-line") if mark.note else NOTHING
    is_ahead = mark.state is MarkState.AHEAD
    ahead = el("span", chrome_text.STEP_AHEAD, class_="sr-only") if is_ahead else NOTHING
    body = el(
        "div",
        el("h3", ahead, words.title, badge, class_="road-title"),
        _line(words.when, "text-meta text-ink2"),
        _line(words.meaning),
        note,
        class_="road-body",
    )
    tile = el("span", aria_hidden="true", class_=f"tile t-{_TILE[mark.state]}")
    current = "step" if is_now else "false"
    return el("li", tile, body, class_=f"is-{mark.state}", aria_current=current)


def _line(text: str, classes: str = "") -> Markup:
    return el("p", text, class_=classes) if text else NOTHING
