"""A mayor's tablet without a network: its unsent presses, and the page that it shows when reloaded.

The tablet stores its presses and sends them in order, each until it has an answer
(`ui/mayor/offline/`). Handwriting and words were sent before, stroke by stroke (`/ink/CODE`); a
press only names the action. Sending it again, or from another tablet, changes nothing.

A conflict with another change is retried, first here and then by the tablet. A press that its
official may no longer make is refused with a sentence. If another official has signed in on the
tablet, the press stays.

The page is a service worker's. It is the same for all, so it stores no personal data on a tablet
that several people use. Unsent input stays where it is (`ui/mayor/ink/keeping.js`) and is removed
once a real page is back.
"""

import functools
import json
import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Denied, Refusal, TooBusy, Unavailable
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.meetings import offline_text
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.on_paper.late_press import LatePress, Press, press_standing
from publicmeeting.usecases.meetings.room import ORDERS, REFUSED, FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.paper.drafted_order import drafted_order
from publicmeeting.usecases.orders.paper.drafts import OneSheet
from publicmeeting.usecases.orders.paper.sheet import issue_with_sheet
from publicmeeting.web import browser
from publicmeeting.web.plain.elements import Ours, el
from publicmeeting.web.routes.ink import refuse_another
from publicmeeting.web.routes.photos import NO_STORE, refused

_STAYS = frozenset({"session_ended", "other_official", "too_many_requests"})
"""Refusals after which the press stays on the tablet: it may succeed later."""
_NOT_HIS = frozenset({"not_your_role", "not_found"})
"""Refusals because that day, or that visitor, belongs to another official by now.

If the tablet names the owner of the press, this is certain, and waiting would not help.
"""
_AGAIN = "version_conflict"
"""Another change was a moment earlier: after another read the press may succeed, or be done."""
_LEFT = frozenset({"sheet_issued", "ended_otherwise", "day_ended"})
"""Refusals after which the written text is not used; the tablet stores and shows it."""
_TRIES = 3
_UNAVAILABLE = 503


class Outcome(StrEnum):
    """Result of a press."""

    DONE = "done"
    BEFORE = "before"
    """Done before: sent twice, or done on another tablet."""
    REFUSED = "refused"


async def take(request: Request) -> Response:
    """`{act, code, page, ago, pressed, owner, asks}` → `{state, words, key}`.

    `{error, key}` if the press stays on the tablet.
    """
    application, keys = browser.application(request), browser.keys(request)
    try:
        press = _aged(_read(await request.body()), application.clock())
        act = Press(press.act)
    except (Refusal, ValueError):
        return refused(Denied("form_broken"))
    refusal: Refusal = TooBusy()
    for _ in range(_TRIES):
        try:
            await refuse_another(application, keys, press.owner)
            return await _do(application, keys, act, press, browser.settings(request).public_url)
        except Refusal as word:
            refusal = word
        if not _passes(refusal):
            return await _not_taken(application, keys, press, refusal)
    return _why(press, refusal)


async def _do(
    application: Application, keys: Keys, act: Press, press: LatePress, url: str
) -> Response:
    standing = await application.query(press_standing, keys, press)
    if standing.done is not None and not press.asks:
        return _answer(Outcome.BEFORE, _by(standing.done))
    if press.asks:
        raise Denied(_AGAIN)  # nothing prevents it now: start again
    if act is Press.CALL_IN:
        step = TakeStep(code=press.code, action=Action.CALL_IN.value, ago=press.ago)
        await application.execute(take_step, keys, step)
    elif act is Press.REFUSE:
        await _finish(application, keys, press, REFUSED, standing.sheet.fields.get("refusal", ""))
    else:
        if not standing.is_issued:
            await _issue(application, keys, press, standing.sheet.page, url)
        await _finish(application, keys, press, ORDERS)
    return _answer(Outcome.DONE)


async def _not_taken(
    application: Application, keys: Keys, press: LatePress, refusal: Refusal
) -> Response:
    """Return why it failed, or who did it meanwhile."""
    if refusal.key not in _STAYS | _NOT_HIS | _LEFT:
        try:
            standing = await application.query(press_standing, keys, press)
        except Refusal as word:
            refusal = word
        else:
            if standing.done is not None:
                return _answer(Outcome.BEFORE, _by(standing.done))
    return _why(press, refusal)


def _passes(refusal: Refusal) -> bool:
    """Whether the refusal is temporary and not about the press itself."""
    return isinstance(refusal, Unavailable) or refusal.key == _AGAIN


def _why(press: LatePress, refusal: Refusal) -> Response:
    """Return the answer for a refusal: the press stays, is sent again, or is refused."""
    if refusal.key in _STAYS or (refusal.key in _NOT_HIS and not press.owner):
        return refused(refusal)
    if _passes(refusal):
        return JSONResponse({"key": refusal.key}, _UNAVAILABLE, headers=NO_STORE)
    if refusal.key in _NOT_HIS:
        return _answer(Outcome.REFUSED, offline_text.NOT_HIS, refusal.key)
    return _answer(Outcome.REFUSED, sentence(refusal.key, **refusal.facts), refusal.key)


def _answer(state: Outcome, words: str = "", key: str = "") -> Response:
    return JSONResponse({"state": state.value, "words": words, "key": key}, headers=NO_STORE)


def _by(event: Event) -> str:
    return offline_text.BEFORE.format(time=clock_words(event.pressed_at))


def _read(body: bytes) -> LatePress:
    """Parse a press; raises Denied("form_broken")."""
    try:
        return LatePress.model_validate(json.loads(body))
    except (ValueError, TypeError, RecursionError):
        raise Denied("form_broken") from None


def _aged(press: LatePress, machine_now: datetime) -> LatePress:
    """Return the press with the lower of its two ages.

    The tablet subtracts two times of its own clock. If that clock is set meanwhile, a press of a
    minute ago is days old, and its day is over.
    """
    if not press.pressed:
        return press
    ago = max(0, int(machine_now.timestamp()) - press.pressed)
    return press.model_copy(update={"ago": min(press.ago, ago)})


async def _issue(
    application: Application, keys: Keys, press: LatePress, page: int, url: str
) -> None:
    """Issue the order on the unfinished sheet, if it has content.

    Raises `version_conflict` if that sheet was issued meanwhile: the next sheet is not meant.
    """
    sheet = OneSheet(code=press.code, owner=press.owner)
    order = await application.query(drafted_order, keys, sheet)
    if order is None:
        return
    if order.page != page:
        raise Denied(_AGAIN)
    await issue_with_sheet(application, keys, order, url)


async def _finish(
    application: Application, keys: Keys, press: LatePress, outcome: str, note: str = ""
) -> None:
    command = FinishMeeting(code=press.code, outcome=outcome, note=note, ago=press.ago)
    await application.execute(finish_meeting, keys, command)


WORKER = "/mayor/no-network.js"
"""Its folder is the scope of the service worker."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_RELOAD = "5"
"""Seconds after which the page requests the real one."""
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


async def worker(_request: Request) -> Response:
    """Return the service worker; browsers compare it with the installed one."""
    return Response(_script(), media_type="text/javascript")


@functools.cache
def _script() -> str:
    source = Path(__file__).with_name("no_network.js").read_text(encoding="utf-8")
    for name, text in (("PAGE", _page()), ("POLICY", _POLICY)):
        source = source.replace(f'"{name}"', json.dumps(text, ensure_ascii=False))
    return source


def _page() -> str:
    """Return the page, with the style sheet of `assets/unavailable.html`."""
    sheet = (PROJECT / "assets" / "unavailable.html").read_text(encoding="utf-8")
    style = _STYLE.search(sheet)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="refresh", content=_RELOAD),
        el("title", offline_text.NO_NETWORK),
        el("style", Ours(style[1] if style else "")),
    )
    main = el(
        "main",
        el("h1", offline_text.NO_NETWORK),
        el("p", offline_text.NO_NETWORK_SAFE),
        el("p", el("a", offline_text.NO_NETWORK_AGAIN, href="")),
        el("small", offline_text.NO_NETWORK_PAPER),
    )
    html = el("html", head, el("body", el("header"), main), lang="fa", dir="rtl")
    return f"<!doctype html>{html}"


def routes() -> list[Route]:
    return [
        Route("/mayor/unsent", take, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(WORKER, worker),
    ]
