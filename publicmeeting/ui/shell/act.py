"""The only place where pages call use cases: commands, queries, and how their refusals are shown.

A handler of a page parses, asks and shows. Everything a browser sends is user input. The form is
read into a strict command, and the server finds the actor by the HttpOnly cookies. A refusal
becomes Persian words in state vars. In `ui`, only this module puts a `try` around a command.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_origin

import reflex as rx
from pydantic import ValidationError

from publicmeeting.application import application
from publicmeeting.domain.errors import Denied, FormError, Invalid, Refusal, Unavailable
from publicmeeting.kit.browsers import subscriber
from publicmeeting.kit.digits import persian
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.text.lifecycle.actions_text import already_done
from publicmeeting.text.refusals.refusals_text import UNREAD, UNREAD_ONE, refusal
from publicmeeting.ui.reflex.forms import values_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel, set_fields
from publicmeeting.ui.reflex.whereabouts import headers_of, session_of
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.shell.connection.trouble import repeat_over_page, report_stale_page
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.base import Input, Nothing, UseCase
from publicmeeting.usecases.tracking.my_page import my_page

W = TypeVar("W", bound=Input)
R = TypeVar("R")

NEXT = "next"
"""Hidden field by which a native form says where to go next; not part of any command."""
_MISSING, _BEFORE = "part_missing", "done_before"
_GONE = {"not_found", "not_your_role"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer(ViewModel):
    """The result of a screen's last command and last query, as it is sent to the browser."""

    errors: dict[str, str] = field(default_factory=dict)
    answers: int = 0
    refused: str = ""
    refused_code: str = ""
    signed_out: bool = False
    unchosen: bool = False
    done: str = ""
    ready: bool = False
    missing: bool = False
    unread: str = ""


@dataclass(frozen=True)
class Reason(ViewModel):
    """The part of the result that only the server needs."""

    why: str = ""


class _Errors(VarField[dict[str, str]]):
    """The errors by field; setting them also counts how often there were any.

    A page is drawn again only for what differs. Without the counter it could not distinguish a
    second press with the same errors from one without an answer.
    """

    def __set__(self, state: rx.State, value: dict[str, str]) -> None:
        answers = state.get_value("answer").answers + (1 if value else 0)
        set_fields(state, "answer", errors=value, answers=answers)


class Asking(LeanState, rx.State, mixin=True):
    """Mixin: the result of a screen's last command and last query, in one var."""

    answer: Answer = Answer()

    errors = _Errors("answer")
    """Field name → what is wrong with it and what to do."""
    answers = VarField[int]("answer")
    """Counter of answers: errors, refusals, and removals of the last notice.

    When it grows, a screen reader announces the sentence again even if it is the same.
    """
    refused = VarField[str]("answer")
    """The sentence of a refusal that belongs to no field, or why a session opens no page."""
    refused_code = VarField[str]("answer")
    """The tracking code that a refusal is about: the open request she already has."""
    signed_out = VarField[bool]("answer")
    """The session has ended. The page offers to sign in and keeps what was typed."""
    unchosen = VarField[bool]("answer")
    """Whether what is shown instead of the page asks her to choose among the persons of her mobile:
    she has chosen none yet, or one for whom this page does not exist."""
    done = VarField[str]("answer")
    """What the last command did, for the notice and the live region."""
    ready = VarField[bool]("answer")
    """Whether the page's data has been read; before that the page shows its outline."""
    missing = VarField[bool]("answer")
    """Whether the page does not exist for this person."""
    unread = VarField[str]("answer")
    """Sentence over a list from which damaged rows are missing."""

    _reason: Reason = Reason()
    why = VarField[str]("_reason")
    """The key of the last refusal. Code decides by it, never by a sentence."""


def keys(state: rx.State) -> Keys:
    """Return the cookies of this browser's handshake and its network address."""
    address = subscriber(session_of(state).client_ip)
    return application().cookies.keys(headers_of(state).cookie, address)


def cookie(state: rx.State, name: str) -> str:
    """Return another cookie of this browser's handshake; "" if there is none."""
    return application().cookies.read(headers_of(state).cookie, name)


async def execute(
    state: Asking,
    usecase: UseCase[W, R],
    command: type[W],
    form: Mapping[str, Any] | None = None,
    **known: object,
) -> R | None:
    """Perform a command and return its result; None if it was refused or failed.

    In that case `state` has the sentence to show. `form` is what the browser sent, `known` what the
    page knows itself. A field that the command does not have, or of another type, refuses the whole
    form.
    """

    def work(read: W) -> Awaitable[R]:
        return application().execute(usecase, keys(state), read)

    return await perform(state, work, command, form, **known)


async def perform(
    state: Asking,
    work: Callable[[W], Awaitable[R]],
    command: type[W],
    form: Mapping[str, Any] | None = None,
    **known: object,
) -> R | None:
    """Do as `execute`, for `work` that calls the application itself, perhaps with several
    commands."""
    _clear_answer(state)
    try:
        return await work(_read(command, form or {}, known))
    except Refusal as word:
        _show_refusal(state, word)
        if word.key == _BEFORE:  # the page was read again and may show another step by now
            await repeat_over_page(state.refused)
    except Exception:  # noqa: BLE001  (any part of the service may fail)
        await _show_fault(state)
    return None


async def query(state: Asking, usecase: UseCase[W, R], query: W) -> R | None:
    """Read data for a page.

    Returns None with `state.missing` or `state.signed_out` if this person may not read it. Also
    returns None if the data cannot be read now: the page stays as it is under a sentence, and is
    read again when the service works.
    """
    try:
        seen = await application().query(usecase, keys(state), query)
    except Unavailable:
        await report_stale_page()
        return None
    except Denied as word:
        state.why = word.key
        missing, signed_out = word.key in _GONE, word.key == "session_ended"
        who = await try_query(state, my_page, Nothing()) if signed_out or missing else None
        is_nobody = who is not None and who.person_id is None
        chosen = {who.person_id} if who is not None else set()
        unchosen = who is not None and (who.is_asked or bool(dict(who.others).keys() - chosen))
        if is_nobody and not unchosen:  # signed in, with a mobile that serves no person
            missing, signed_out = True, False
        sentence = refusal(word.key, **word.facts)
        if missing or (signed_out and not word.facts.get("kind")):
            # An answer to a press that found the session ended stays, an older one does not.
            sentence = state.refused if missing or state.signed_out else ""
        state.answer = replace(
            state.answer,
            ready=True,
            missing=missing,
            signed_out=signed_out,
            unchosen=unchosen,
            refused=sentence,
        )
        return None
    except Exception as fault:  # noqa: BLE001  (likewise)
        FAULTS.labels("query").inc()
        _log.exception("a page could not be read")
        # A command that failed just before has shown its sentence already.
        await report_stale_page(aloud=state.why != _MISSING, part_missing=is_part_missing(fault))
        return None
    set_fields(state, "answer", ready=True, missing=False, signed_out=False, unchosen=False)
    if (count := getattr(seen, "unread", None)) is not None:
        state.unread = unread_words(count)
    return seen


def unread_words(count: int) -> str:
    if count == 1:
        return UNREAD_ONE
    return UNREAD.format(count=persian(count)) if count else ""


async def try_query(state: rx.State, usecase: UseCase[W, R], query: W) -> R | None:
    """Read a part of a page or its frame; None if this person may not read it, and nothing is
    shown.

    If it cannot be read now, the same happens as in `query`. A refusal for the role is no
    security event: the page asks by itself.
    """
    try:
        return await application().query(usecase, keys(state), query, is_part=True)
    except Unavailable:
        await report_stale_page()
        return None
    except Denied:
        return None
    except Exception as fault:  # noqa: BLE001  (likewise)
        FAULTS.labels("query").inc()
        _log.exception("the frame of a page could not be read")
        await report_stale_page(part_missing=is_part_missing(fault))
        return None


async def try_execute(state: rx.State, usecase: UseCase[W, R], command: W) -> None:
    """Perform a command that the page sends by itself. A refusal or fault is not shown."""
    try:
        await application().execute(usecase, keys(state), command)
    except Refusal:
        return
    except Exception:  # noqa: BLE001  (likewise)
        FAULTS.labels("note").inc()
        _log.exception("what a page notes by itself could not be written")


def _read(command: type[W], form: Mapping[str, Any], known: Mapping[str, object]) -> W:
    if not isinstance(form, Mapping):
        raise Denied("form_broken")
    # Reflex sends every control that ever had an id on this page. One that is not drawn now has the
    # value None.
    sent = {k: v for k, v in form.items() if k != NEXT and v is not None}
    several = {name: values_of(form, name) for name in sent if _is_several(command, name)}
    fields = {
        k: tuple(v) if isinstance(v, list) else v for k, v in {**sent, **several, **known}.items()
    }
    try:
        return command.model_validate(fields)
    except ValidationError as broken:
        raise Denied("form_broken") from broken


def _is_several(command: type[Input], name: str) -> bool:
    """Return whether a field of the command takes several values."""
    known = command.model_fields.get(name)
    return known is not None and get_origin(known.annotation) is tuple


def _clear_answer(state: Asking) -> None:
    answers = state.answers + bool(state.done)
    set_fields(state, "answer", errors={}, refused="", refused_code="", done="", answers=answers)
    state.why = ""


def _show_refusal(state: Asking, word: Refusal) -> None:
    state.why = word.key
    if word.facts.get("already"):  # not an error of the citizen, and nothing is left to do
        state.done = already_done(word.facts)
        return
    match word:
        case FormError():
            state.errors = {error.field: refusal(error.key, **error.facts) for error in word.errors}
        case Invalid() if word.field:
            state.errors = {word.field: refusal(word.key, **word.facts)}
        case _:
            state.answer = replace(
                state.answer,
                refused=refusal(word.key, **word.facts),
                refused_code=str(word.facts.get("code", "")),
                signed_out=word.key == "session_ended",
                answers=state.answers + 1,
            )


async def _show_fault(state: Asking) -> None:
    """Show one sentence for an exception, and log it. Call it while the exception is handled.

    The button can be pressed again.
    """
    FAULTS.labels("command").inc()
    _log.exception("a command could not be performed")
    _show_refusal(state, Denied("part_missing"))
    await repeat_over_page(state.refused)
