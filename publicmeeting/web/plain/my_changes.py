"""Forms by which a citizen changes her name and her mobile, without scripts."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal, Unavailable
from publicmeeting.domain.people import masked_mobile
from publicmeeting.kit.figures import REFUSALS
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
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.tracking.my_data import my_data
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.cookies import set_changing
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.my_data import (
    ADDRESS,
    CHANGE_MOBILE,
    CODE_OF_MOBILE,
    CORRECT_NAME,
    DONE,
    is_for_the_door,
    ltr,
    own_page,
    reply,
    to_the_door,
)
from publicmeeting.web.routes import proof_of_work

_REFUSED = 422


async def name_page(request: Request) -> Response:
    """Show the form with her name."""
    return await _name_form(request)


async def _name_form(request: Request, typed: str = "", refused: Refusal | None = None) -> Response:
    try:
        found = await browser.application(request).query(my_data, browser.keys(request), Nothing())
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
        status=_REFUSED if refused else 200,
        address=CORRECT_NAME if refused else "",
    )


async def save_name(request: Request) -> Response:
    """Save `name`; a refused name stays in the form as she typed it."""
    form = await browser.form(request)
    typed = browser.word(form, "name")
    try:
        await browser.application(request).execute(
            correct_name, browser.keys(request), CorrectName(name=typed)
        )
    except Refusal as refused:
        if isinstance(refused, Denied) and is_for_the_door(refused):
            return await to_the_door(request, refused, CORRECT_NAME)
        return await _name_form(request, typed, refused)
    return see_other(f"{ADDRESS}?{DONE}=name")


async def mobile_page(request: Request) -> Response:
    """Show the form for the new mobile, or for the code that was sent to it."""
    application, keys = browser.application(request), browser.keys(request)
    sealed = browser.cookie(request, CHANGING)
    try:
        waiting = await application.query(changing_mobile, keys, Changing(sealed=sealed))
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
        el("p", my_data_text.MOBILE_LOST, class_="mt-8 text-ink2"),
        _back(),
        status=status,
        address=CHANGE_MOBILE if status == _REFUSED else "",
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
            return _mobile_page(_which(form, refused.key, words), _REFUSED)
        return see_other(CHANGE_MOBILE, refused)
    if why:
        REFUSALS.labels(why).inc()
        return _mobile_page(_which(form, why, refusal(why)), _REFUSED)
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
    return see_other(f"{ADDRESS}?{DONE}=mobile")


def _back() -> Markup:
    return el("p", elements.link(my_data_text.BACK, ADDRESS), class_="mt-8")


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
    ]
