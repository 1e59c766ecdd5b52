"""Forms by which a citizen changes her name and her mobile, and erases a case, without scripts.

The page to erase says what is erased, what stays and why, and asks once more.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal, Unavailable
from publicmeeting.domain.people import BACKUPS_DAYS, masked_mobile
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.kit.process.figures import REFUSALS
from publicmeeting.notify.codes import UNSENT
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.refusals.refusals_text import refusal, refusal_in, refusal_key
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.accounts.person.correcting import (
    CHANGING,
    AskMobileChange,
    Changing,
    ConfirmMobileChange,
    CorrectName,
    ask_mobile_change,
    changing_mobile,
    confirm_mobile_change,
    correct_name,
)
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.tracking.my_data import (
    ErasingPage,
    erase_case,
    erase_draft,
    erasing_page,
    my_data,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.browser import set_changing
from publicmeeting.web.layers.faults import refusal_status
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens.my_data import (
    ADDRESS,
    CHANGE_MOBILE,
    CHANGED,
    CODE_OF_MOBILE,
    CORRECT_NAME,
    ERASE_DRAFT,
    ERASING,
    READABLE,
    is_for_the_door,
    ltr,
    own_page,
    reply,
    to_the_door,
)
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import REFUSED, not_found
from publicmeeting.web.routes import proof_of_work
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.worker.cleanup import TRASH_STAYS


async def name_page(request: Request, typed: str = "", refused: Refusal | None = None) -> Response:
    """Show the form with her name."""
    try:
        found = await browser.query(request, my_data, Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, CORRECT_NAME)
    words = refusal(refused.key, **refused.facts) if refused else ""
    of_field = isinstance(refused, Invalid)
    name = elements.field(
        my_data_text.NAME_NEW,
        "name",
        typed or found.person.name,
        hint=filing_text.NAME_HINT,
        error=words if of_field else "",
        autocomplete="name",
    )
    return own_page(
        my_data_text.NAME_TITLE,
        elements.title(my_data_text.NAME_TITLE),
        el("p", my_data_text.NAME_LEAD),
        el("p", my_data_text.NAME_SEEN, class_="mt-2 mb-6 text-ink2"),
        reply("" if of_field else words),
        elements.form(CORRECT_NAME, name, elements.button(my_data_text.NAME_SAVE)),
        _back(),
        status=refusal_status(refused) if refused else 200,
        address=CORRECT_NAME if refused else "",
    )


async def save_name(request: Request) -> Response:
    """Save `name`; a refused name stays in the form as she typed it."""
    form = await browser.form(request)
    typed = browser.word(form, "name")
    try:
        await browser.execute(request, correct_name, CorrectName(name=typed))
    except Refusal as refused:
        if isinstance(refused, Denied) and is_for_the_door(refused):
            return await to_the_door(request, refused, CORRECT_NAME)
        return await name_page(request, typed, refused)
    return see_other(f"{ADDRESS}?{CHANGED}=name")


async def mobile_page(request: Request) -> Response:
    """Show the form for the new mobile, or for the code that was sent to it."""
    sealed = browser.cookie(request, CHANGING)
    try:
        waiting = await browser.query(request, changing_mobile, Changing(sealed=sealed))
    except Denied as denied:
        return await to_the_door(request, denied, CHANGE_MOBILE)
    if waiting is None or request.query_params.get("other"):
        query = request.query_params
        return _mobile_page(_which({}, refusal_key(query), refusal_in(query)))
    return _mobile_page(_code(request, waiting))


def _mobile_page(inside: Markup, status: int = 200) -> Response:
    return own_page(
        my_data_text.MOBILE_TITLE,
        elements.title(my_data_text.MOBILE_TITLE),
        el("p", my_data_text.MOBILE_LEAD, class_="mb-6"),
        inside,
        _back(),
        status=status,
        address=CHANGE_MOBILE if status == REFUSED else "",
    )


def _which(typed: Mapping[str, object], key: str, refused: str) -> Markup:
    """Return the form with what was typed, and the refusal below its field."""
    of_mobile, of_digits = _is_of_mobile(key), key.startswith(_DIGITS)
    mobile = elements.digits(
        my_data_text.MOBILE_NEW,
        "mobile",
        browser.word(typed, "mobile"),
        hint=filing_text.MOBILE_HINT,
        complete="tel",
        error=refused if of_mobile else "",
    )
    digits = elements.digits(
        whose_text.MOBILE_DIGITS,
        "digits",
        browser.word(typed, "digits"),
        hint=whose_text.MOBILE_HINT,
        error=refused if of_digits else "",
    )
    send = elements.button(my_data_text.MOBILE_SEND)
    notice = reply("" if of_mobile or of_digits else refused)
    return el("div", notice, elements.form(CHANGE_MOBILE, mobile, digits, send))


def _is_of_mobile(key: str) -> bool:
    return key.startswith("mobile_") and key not in _OF_THE_WHOLE


_DIGITS = "last_digits_"
_OF_THE_WHOLE = frozenset({"mobile_full", "mobile_too_often"})
"""Refusals of a mobile that another number would not change."""


def _code(request: Request, mobile: str) -> Markup:
    refused, key = refusal_in(request.query_params), refusal_key(request.query_params)
    is_whole = key in UNSENT or key in _OF_THE_WHOLE or key == "code_too_often"
    code = elements.digits(
        filing_text.CODE,
        "code",
        hint=filing_text.CODE_HINT,
        complete="one-time-code",
        error="" if is_whole else refused,
    )
    sent = el("p", ltr(masked_mobile(mobile)))
    notices = elements.notice(my_data_text.MOBILE_CODE_SENT, sent, tone="glaze")
    return el(
        "div",
        elements.notice(refused) if is_whole else notices,
        elements.form(CODE_OF_MOBILE, code, elements.button(my_data_text.MOBILE_SAVE)),
        el("p", elements.link(my_data_text.MOBILE_AGAIN, f"{CHANGE_MOBILE}?other=1")),
        class_="grid gap-6",
    )


async def ask_mobile(request: Request) -> Response:
    """`mobile` and `digits` → a code is sent to the new mobile; back to the page, to type it."""
    settings, application = browser.settings(request), browser.application(request)
    try:
        form = await proof_of_work.form_of(request)
        command = AskMobileChange(
            mobile=browser.word(form, "mobile"),
            digits=browser.word(form, "digits"),
            host=urlsplit(settings.public_url).hostname or "",
            proof=browser.word(form, proof_of_work.PROOF),
            budget=settings.sms_codes_a_day,
        )
        (sealed, why), outcome = await application.execute_sending(
            ask_mobile_change, browser.keys(request), command
        )
    except Refusal as refused:
        if refused.key == NEEDED:
            back = onward = CHANGE_MOBILE
            return await proof_of_work.ask(request, Purpose.CODE, form, back=back, onward=onward)
        if isinstance(refused, Denied) and is_for_the_door(refused):
            return await to_the_door(request, refused, CHANGE_MOBILE)
        if _is_of_mobile(refused.key):
            words = refusal(refused.key, **refused.facts)
            return _mobile_page(_which(form, refused.key, words), REFUSED)
        return see_other(CHANGE_MOBILE, refused)
    if why:
        REFUSALS.labels(why).inc()
        return _mobile_page(_which(form, why, refusal(why)), REFUSED)
    answer = see_other(CHANGE_MOBILE, Denied(outcome.value) if outcome in UNSENT else None)
    set_changing(application.cookies, answer, sealed)
    return answer


async def confirm_mobile(request: Request) -> Response:
    """`code` → the mobile is changed."""
    form = await browser.form(request)
    application = browser.application(request)
    sealed = browser.cookie(request, CHANGING)
    command = ConfirmMobileChange(sealed=sealed, code=browser.word(form, "code"))
    try:
        # The result of the message to her previous mobile does not matter for this answer.
        why, _ = await application.execute_sending(
            confirm_mobile_change, browser.keys(request), command
        )
    except (Denied, Unavailable) as denied:
        if is_for_the_door(denied):
            return await to_the_door(request, denied, CHANGE_MOBILE)
        return see_other(CHANGE_MOBILE, denied)
    if why:
        REFUSALS.labels(why).inc()
        return see_other(CHANGE_MOBILE, Denied(why))
    # The cookie stays for its 15 minutes, so that a form sent twice is recognised.
    return see_other(f"{ADDRESS}?{CHANGED}=mobile")


def _back() -> Markup:
    return el("p", elements.link(my_data_text.BACK, ADDRESS), class_="mt-8")


_SURE = "sure"
"""In the address: show the last question. In the form: its answer."""


async def show_erasing(request: Request) -> Response:
    """Show what would be erased and what would stay; with `sure` in the address, ask again."""
    code = request.path_params["code"]
    try:
        found = await browser.query(request, erasing_page, OneCase(code=code))
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
        await browser.execute(request, erase_case, OneCase(code=code))
    except Denied as denied:
        return await _refused(request, denied, f"{ERASING}{code}/")
    return see_other(f"{ADDRESS}?{CHANGED}=erased")


async def _refused(request: Request, denied: Denied, here: str) -> Response:
    if denied.key == "not_found":
        return not_found(request, PRIVATE)
    if is_for_the_door(denied):
        return await to_the_door(request, denied, here)
    return see_other(here)  # the page shows the reason


async def drop_draft(request: Request) -> Response:
    """Erase the citizen's draft and its pictures."""
    try:
        await browser.execute(request, erase_draft, Nothing())
    except Denied as denied:
        return await to_the_door(request, denied, ADDRESS)
    return see_other(f"{ADDRESS}?{CHANGED}=draft")


def routes() -> list[Route]:
    posts = (
        (CORRECT_NAME, save_name),
        (CHANGE_MOBILE, ask_mobile),
        (CODE_OF_MOBILE, confirm_mobile),
    )
    return [
        Route(CORRECT_NAME, name_page, methods=["GET"]),
        Route(CHANGE_MOBILE, mobile_page, methods=["GET"]),
        *(
            Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
            for path, endpoint in posts
        ),
        Route(f"{ERASING}{{code}}/", show_erasing, methods=["GET"]),
        Route(f"{ERASING}{{code}}/", erase, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(ERASE_DRAFT, drop_draft, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
