"""What was pressed at the mayor's table while the tablet had no network, one press a request.

The tablet keeps its presses and sends them in order, each again until it has an answer
(`ui/mayor/offline/`). What was written has come before, stroke by stroke and word by word
(`/ink/CODE`); a press says only what is to be done with it. Sent twice, or after another tablet,
it does nothing a second time.
"""

import json
from enum import StrEnum

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.meetings import offline_text
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Command
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.room import (
    ORDERS,
    REFUSED,
    FinishMeeting,
    PressedOn,
    already_done,
    finish_meeting,
)
from publicmeeting.usecases.orders.issuing import issue_orders, order_facts
from publicmeeting.usecases.orders.paper.drafted_order import drafted_order
from publicmeeting.usecases.orders.paper.drafts import OneSheet, unfinished_sheet
from publicmeeting.usecases.orders.paper.sheet import keep_sheet
from publicmeeting.web import browser
from publicmeeting.web.routes.photos import NO_STORE, refused

_NOT_HERS = frozenset(
    {"session_ended", "other_official", "not_your_role", "not_found", "too_many_requests"}
)
"""Refusals after which the press stays on the tablet: it may be done later."""


class Press(StrEnum):
    """What can be pressed without a network."""

    CALL_IN = "call_in"
    END = "end"
    REFUSE = "refuse"


class Outcome(StrEnum):
    """What became of a press."""

    DONE = "done"
    BEFORE = "before"
    """It had been done already, by this press sent twice or on another tablet."""
    REFUSED = "refused"


_DOES = {
    Press.CALL_IN: frozenset({Action.CALL_IN}),
    Press.END: frozenset({Action.FINISH, Action.FINISH_REFUSED}),
    Press.REFUSE: frozenset({Action.FINISH, Action.FINISH_REFUSED}),
}


class LatePress(Command):
    """`page` is the sheet that was written on, `ago` the seconds since the press, `owner` whose
    tablet it was: another official may have signed in on it meanwhile."""

    act: str
    code: str
    page: int = 0
    ago: int = 0
    owner: str = ""


async def take(request: Request) -> Response:
    """`{act, code, page, ago}` → `{state, words, key}`, or `{error, key}` if it is not theirs."""
    application, keys = browser.application(request), browser.keys(request)
    try:
        press = _read(await request.body())
        act = Press(press.act)
    except (Refusal, ValueError):
        return refused(Denied("form_broken"))
    try:
        sheet = OneSheet(code=press.code, owner=press.owner)
        before = await application.query(unfinished_sheet, keys, sheet)
        pressed = PressedOn(code=press.code, ago=press.ago)
        done = await application.query(already_done, keys, pressed)
        if done is not None and done.action in _DOES[act]:
            return _answer(Outcome.BEFORE, _by(done))
        if act is Press.CALL_IN:
            step = TakeStep(code=press.code, action=Action.CALL_IN.value, ago=press.ago)
            await application.execute(take_step, keys, step)
        elif act is Press.REFUSE:
            note = before.fields.get("refusal", "")
            await _finish(application, keys, press, REFUSED, note)
        else:
            if press.page in (0, before.page):
                await _issue(application, keys, sheet, browser.settings(request).public_url)
            await _finish(application, keys, press, ORDERS)
    except Refusal as refusal:
        if refusal.key in _NOT_HERS:
            return refused(refusal)
        return _answer(Outcome.REFUSED, sentence(refusal.key, **refusal.facts), refusal.key)
    return _answer(Outcome.DONE)


def _answer(state: Outcome, words: str = "", key: str = "") -> Response:
    return JSONResponse({"state": state.value, "words": words, "key": key}, headers=NO_STORE)


def _by(event: Event) -> str:
    return offline_text.BEFORE.format(time=clock_words(event.pressed_at))


def _read(body: bytes) -> LatePress:
    """Raises Denied("form_broken")."""
    try:
        return LatePress.model_validate(json.loads(body))
    except (ValueError, TypeError, RecursionError):
        raise Denied("form_broken") from None


async def _issue(application: Application, keys: Keys, sheet: OneSheet, url: str) -> None:
    """The order on the unfinished sheet, if something stands on it; drawn between two commands."""
    order = await application.query(drafted_order, keys, sheet)
    if order is None:
        return
    facts = await application.execute(order_facts, keys, order)
    file = await anyio.to_thread.run_sync(keep_sheet, facts, application, url)
    await application.execute(issue_orders, keys, order.model_copy(update={"sheet": file}))


async def _finish(
    application: Application, keys: Keys, press: LatePress, outcome: str, note: str = ""
) -> None:
    command = FinishMeeting(code=press.code, outcome=outcome, note=note, ago=press.ago)
    await application.execute(finish_meeting, keys, command)


def routes() -> list[Route]:
    return [Route("/mayor/unsent", take, methods=["POST"], max_body_size=browser.FORM_BYTES)]
