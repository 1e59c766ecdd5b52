"""`/account/keys/`: an official's second factors: set up, renew and remove.

Plain forms, so that no secret and no recovery code enters a Reflex state or a socket.
"""

from datetime import datetime
from typing import TypeVar

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.officials.credentials import KEY_NAME_MOST, RECOVERY_CODES
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian, whole_number
from publicmeeting.kit.jalali import day_words
from publicmeeting.store.accounts.factors import Passkey, RememberedDevice
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common import sign_in_text as text
from publicmeeting.text.officials import account_text
from publicmeeting.text.refusals.refusals_text import refusal, refusal_in
from publicmeeting.usecases.accounts.factors.keys import (
    DropApp,
    ForgetDevice,
    MyKeys,
    app_due,
    begin_app,
    confirm_app,
    drop_app,
    forget_device,
    my_keys,
    renew_codes,
)
from publicmeeting.usecases.accounts.factors.passkeys import (
    NewKey,
    OneKey,
    add_key,
    ask_key,
    remove_key,
)
from publicmeeting.usecases.accounts.factors.second_step import (
    EXPIRED,
    SECOND,
    Enrol,
    PendingCookie,
    SecondDue,
)
from publicmeeting.usecases.base import Input, Nothing, UseCase
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.browser import drop, set_second
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.officials.account import ACCOUNT
from publicmeeting.web.plain.officials.second_step import (
    CREDENTIAL,
    KEYS,
    code_field,
    key_form,
    key_script,
    options,
    recovery_page,
    set_up_steps,
    site,
)
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.sign_in import STAFF_DOOR

W = TypeVar("W", bound=Input)
R = TypeVar("R")
APP = f"{KEYS}app/"
DOOR = f"{STAFF_DOOR}?next={KEYS}"
_DONE = {
    "app_off": text.DONE_APP_OFF,
    "key": text.DONE_KEY,
    "key_gone": text.DONE_KEY_GONE,
    "forgotten": text.DONE_FORGOTTEN,
}
"""`done` in the address → the sentence that confirms it."""


async def show(request: Request) -> Response:
    """Show all factors; without a session go to the officials' door, 404 for a citizen."""
    try:
        own = await browser.query(request, my_keys, Nothing())
    except Denied as denied:
        return see_other(DOOR) if denied.key == "session_ended" else not_found(request)
    query = request.query_params
    requires = browser.settings(request).requires_two_steps
    body = el(
        "div",
        elements.muted(text.KEYS_LEAD.format(name=own.name)),
        elements.notice(refusal_in(query)),
        elements.notice(_DONE.get(query.get("done", ""), ""), tone="leaf"),
        _paper_used(query.get("left", "")),
        _why_fixed(own),
        class_="grid gap-4",
    )
    inside = el(
        "div",
        body,
        _app(own, must_have=own.is_obliged and requires),
        _papers(own) if own.app_since else "",
        _passkeys(own),
        _devices(own) if own.app_since else "",
    )
    return _page(text.KEYS_TITLE, inside, back=ACCOUNT, script=key_script())


def _paper_used(left: str) -> Markup:
    """Return a notice after a sign-in with a recovery code: how many are left."""
    number = whole_number(left, 2)
    if number is None or number >= RECOVERY_CODES:
        return elements.NOTHING
    words = text.PAPER_USED.format(left=persian(number)) if number else text.PAPER_USED_NONE
    return elements.notice(words, tone="saffron")


def _why_fixed(own: MyKeys) -> Markup:
    if not own.fixed:
        return elements.NOTHING
    if own.fixed != "not_fresh":
        return elements.notice(refusal(own.fixed), tone="neutral")
    again = el("a", text.AGAIN, href=DOOR, class_="btn btn-secondary")
    return elements.notice(text.STALE, el("p", text.STALE_WHY), again, tone="neutral")


def _app(own: MyKeys, *, must_have: bool) -> Markup:
    if own.app_since is None:
        lead = text.APP_NEEDED if must_have else text.APP_NONE
        action = _press(own, f"{KEYS}app/begin", text.APP_BEGIN, kind="primary")
        return elements.section(text.APP, elements.muted(lead), action)
    since = text.APP_SINCE.format(day=_day(own.app_since))
    change = _press(own, f"{KEYS}app/begin", text.APP_CHANGE)
    off = _press(own, f"{KEYS}app/off", text.APP_OFF)
    off = elements.NOTHING if must_have else off
    return elements.section(text.APP, elements.muted(since), change, off)


def _papers(own: MyKeys) -> Markup:
    left = text.PAPERS_LEFT.format(left=persian(own.recovery_left))
    new = _press(own, f"{KEYS}codes", text.PAPERS_NEW)
    return elements.section(text.PAPERS, elements.muted(left), elements.muted(text.PAPERS_WHY), new)


def _passkeys(own: MyKeys) -> Markup:
    rows = el("ul", *(_passkey(own, passkey) for passkey in own.passkeys), class_="rows")
    name = elements.field(
        text.KEY_NAME, "name", hint=text.KEY_NAME_HINT, maxlength=str(KEY_NAME_MOST)
    )
    add = key_form(
        f"{KEYS}passkey",
        f"{KEYS}passkey/options",
        text.KEY_ADD,
        name,
    )
    return elements.section(
        text.PASSKEYS,
        elements.muted(text.PASSKEYS_WHY),
        rows if own.passkeys else "",
        "" if own.fixed else add,
    )


def _passkey(own: MyKeys, passkey: Passkey) -> Markup:
    added = text.KEY_ADDED.format(day=_day(passkey.created_at))
    used = text.KEY_USED.format(day=_day(passkey.used_at)) if passkey.used_at else text.KEY_UNUSED
    remove = _press(own, f"{KEYS}passkey/remove", text.REMOVE, key=passkey.id)
    return _row(passkey.name, f"{added}\u00a0· {used}", remove)


def _devices(own: MyKeys) -> Markup:
    rows = el("ul", *(_device(device) for device in own.devices), class_="rows")
    none = elements.muted(text.DEVICES_NONE)
    return elements.section(
        text.DEVICES, elements.muted(text.DEVICES_WHY), rows if own.devices else none
    )


def _device(device: RememberedDevice) -> Markup:
    until = text.DEVICE_UNTIL.format(day=_day(device.until))
    forget = elements.form(
        f"{KEYS}forget", elements.hidden(mark=device.id), elements.button(text.FORGET, kind="soft")
    )
    name = el("bdi", device.name, dir="ltr") if device.name else text.DEVICE_UNKNOWN
    return _row(name, until, forget)


def _row(head: str, meta: str, action: Markup) -> Markup:
    body = el("div", el("strong", head, class_="block"), el("span", meta, class_="row-meta block"))
    return el("li", body, action, class_="key-row")


def _press(
    own: MyKeys, action: str, word: str, *, kind: str = "secondary", **fields: str
) -> Markup:
    """Return a button for a change; nothing unless the official has signed in recently."""
    if own.fixed:
        return elements.NOTHING
    return elements.form(action, elements.hidden(**fields), elements.button(word, kind=kind))


def _day(at: datetime) -> str:
    return day_words(tehran_day(at))


async def begin(request: Request) -> Response:
    """Create the secret of an authenticator, in this browser's cookie, and go to its page."""
    sealed = await _changed(request, begin_app, Nothing())
    if isinstance(sealed, Response):
        return sealed
    answer = see_other(APP)
    set_second(browser.application(request).cookies, answer, sealed)
    return answer


async def show_app(request: Request) -> Response:
    due = await _due(request)
    if due is None:
        return see_other(KEYS)
    problem = refusal_in(request.query_params)
    hint = text.ENROL_CODE_HINT.format(site=chrome_text.SITE)
    form = elements.form(
        APP,
        code_field(hint, problem, is_first=bool(problem)),
        elements.button(text.ENROL_DONE),
    )
    lead = elements.muted(text.APP_LEAD) if await _has_app(request) else elements.NOTHING
    inside = el("div", lead, set_up_steps(due, form))
    return _page(text.ENROL_AGAIN_TITLE, inside, back=KEYS)


async def confirm(request: Request) -> Response:
    """Take the first code of the new authenticator; show new recovery codes once."""
    form = await browser.form(request)
    due = await _due(request)
    command = Enrol(sealed=browser.cookie(request, SECOND), code=browser.word(form, "code"))
    refused_at = APP if due else KEYS
    had = due is not None and await _has_app(request)
    codes = await _changed(request, confirm_app, command, refused_at=refused_at)
    if isinstance(codes, Response):
        return codes
    name = due.username if due else ""
    answer = recovery_page(name, codes, KEYS, replaced=had)
    drop(browser.application(request).cookies, answer, SECOND)
    return answer


async def off(request: Request) -> Response:
    required = browser.settings(request).requires_two_steps
    done = await _changed(request, drop_app, DropApp(requires_two_steps=required))
    return done if isinstance(done, Response) else see_other(f"{KEYS}?done=app_off")


async def codes(request: Request) -> Response:
    """Make new recovery codes and show them once."""
    made = await _changed(request, renew_codes, Nothing())
    if isinstance(made, Response):
        return made
    own = await browser.query(request, my_keys, Nothing())
    return recovery_page(own.username, made, KEYS, replaced=True)


async def ask(request: Request) -> Response:
    return await options(request, ask_key)


async def add(request: Request) -> Response:
    """`credential` and `name` → another passkey."""
    form = await browser.form(request)
    bound = site(request)
    command = NewKey(
        host=bound.host,
        origins=bound.origins,
        credential=browser.word(form, CREDENTIAL),
        name=browser.word(form, "name"),
    )
    name = await _changed(request, add_key, command)
    if isinstance(name, Response):
        return name
    return see_other(f"{KEYS}?done=key") if name else see_other(KEYS, Denied("passkey_not_made"))


async def remove(request: Request) -> Response:
    form = await browser.form(request)
    done = await _changed(request, remove_key, OneKey(key=browser.word(form, "key")))
    return done if isinstance(done, Response) else see_other(f"{KEYS}?done=key_gone")


async def forget(request: Request) -> Response:
    form = await browser.form(request)
    done = await _changed(request, forget_device, ForgetDevice(mark=browser.word(form, "mark")))
    return done if isinstance(done, Response) else see_other(f"{KEYS}?done=forgotten")


async def _has_app(request: Request) -> bool:
    """Whether an authenticator exists whose codes end with the new one."""
    return (await browser.query(request, my_keys, Nothing())).app_since is not None


async def _changed(
    request: Request, usecase: UseCase[W, R], command: W, *, refused_at: str = KEYS
) -> R | Response:
    """Return the result of the use case, or a redirect to the page that shows the refusal."""
    try:
        return await browser.execute(request, usecase, command)
    except Refusal as refusal:
        if refusal.key == "session_ended":
            return see_other(DOOR)
        return see_other(KEYS if refusal.key == EXPIRED else refused_at, refusal)


async def _due(request: Request) -> SecondDue | None:
    query = PendingCookie(sealed=browser.cookie(request, SECOND))
    try:
        return await browser.query(request, app_due, query)
    except Denied:
        return None


def _page(title: str, inside: Markup, *, back: str, script: str = "") -> Response:
    action = elements.link(text.KEYS_TITLE if back == KEYS else account_text.TITLE, back)
    return page(title, elements.title(title), inside, beside=action, script=script)


def routes() -> list[Route]:
    posts = (
        ("app/begin", begin),
        ("app/", confirm),
        ("app/off", off),
        ("codes", codes),
        ("passkey/options", ask),
        ("passkey", add),
        ("passkey/remove", remove),
        ("forget", forget),
    )
    return [
        Route(KEYS, show, methods=["GET"]),
        Route(APP, show_app, methods=["GET"]),
        *(
            Route(f"{KEYS}{path}", endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
            for path, endpoint in posts
        ),
    ]
