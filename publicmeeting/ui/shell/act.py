"""The choke point between the browser and the city: a handler parses, asks and shows.

Whatever a browser sends is user input: the form is read into a strict command, the actor is looked
up from the HttpOnly cookies on the server, and a refusal comes back as Persian words in state vars.
The only `try` around a command in `ui`.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_origin

import reflex as rx
from pydantic import ValidationError

from publicmeeting.application import application
from publicmeeting.domain.errors import Denied, FormError, Invalid, Refusal, Unavailable
from publicmeeting.kit.addresses import subscriber
from publicmeeting.kit.digits import persian
from publicmeeting.kit.figures import FAULTS
from publicmeeting.text.lifecycle.actions_text import already_done
from publicmeeting.text.refusals.refusals_text import UNREAD, UNREAD_ONE, refusal
from publicmeeting.ui.reflex.forms import values_of
from publicmeeting.ui.reflex.router import headers_of, session_of
from publicmeeting.ui.reflex.var_field import VarField, set_fields
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.reflex.wire import NamedByClass
from publicmeeting.ui.shell.trouble import repeat_over_page, report_stale_page
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.base import Input, UseCase

W = TypeVar("W", bound=Input)
R = TypeVar("R")

NEXT = "next"
"""The hidden field by which a native form says where to go; not part of any command."""
_MISSING, _BEFORE = "part_missing", "done_before"
_GONE = {"not_found", "not_your_role"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer(ViewModel):
    """The result of a screen's last command and its last query."""

    errors: dict[str, str] = field(default_factory=dict)
    answers: int = 0
    refused: str = ""
    refused_code: str = ""
    signed_out: bool = False
    done: str = ""
    ready: bool = False
    missing: bool = False
    unread: str = ""


@dataclass(frozen=True)
class Reason(ViewModel):
    """The part of the result that only the server needs."""

    why: str = ""


class _Errors(VarField[dict[str, str]]):
    """Errors, and how often there were any: a page is drawn anew only for what differs, so it could
    not tell a second press with the same errors from one that has no answer."""

    def __set__(self, state: rx.State, value: dict[str, str]) -> None:
        answers = state.get_value("answer").answers + (1 if value else 0)
        set_fields(state, "answer", errors=value, answers=answers)


class Asking(NamedByClass, rx.State, mixin=True):
    """The result of a screen's last command and its last query, in one var."""

    answer: Answer = Answer()

    errors = _Errors("answer")
    """Field name → what is wrong with it and what to do."""
    answers = VarField[int]("answer")
    """How often a command was answered with errors or refused, or had an answer to take away: what
    it says is read out again, though it may be the same sentence."""
    refused = VarField[str]("answer")
    """The sentence of a refusal that belongs to no field."""
    refused_code = VarField[str]("answer")
    """The tracking code a refusal speaks of (the live request she already has)."""
    signed_out = VarField[bool]("answer")
    """The session has ended: the page offers to sign in, what was typed stays."""
    done = VarField[str]("answer")
    """What has just been done, for the notice and the live region."""
    ready = VarField[bool]("answer")
    """The page has been read from the city; before that it shows its shape."""
    missing = VarField[bool]("answer")
    """There is nothing here for this person."""
    unread = VarField[str]("answer")
    """Shown over a list from which damaged rows are missing."""

    _reason: Reason = Reason()
    why = VarField[str]("_reason")
    """The key of the last refusal: code decides by it, never by a sentence."""


def keys(state: rx.State) -> Keys:
    """The cookies of this browser's handshake, and where it came from."""
    address = subscriber(session_of(state).client_ip)
    return application().cookies.keys(headers_of(state).cookie, address)


def cookie(state: rx.State, name: str) -> str:
    """Another cookie of this browser's handshake; empty when there is none."""
    return application().cookies.read(headers_of(state).cookie, name)


async def execute(
    state: Asking,
    usecase: UseCase[W, R],
    command: type[W],
    form: Mapping[str, Any] | None = None,
    **known: object,
) -> R | None:
    """Perform a command; None when it was refused or a part of the service is missing, with the
    sentence in `state`.

    `form` is what the browser sent, `known` what the page itself knows; a field that the command
    does not have, or of another type, refuses the whole form.
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
    """The same for work of several commands, with its refusals."""
    _clear_answer(state)
    try:
        return await work(_read(command, form or {}, known))
    except Refusal as word:
        _show_refusal(state, word)
        if word.key == _BEFORE:  # the page has been read anew: it may be another step by now
            await repeat_over_page(state.refused)
    except Exception:  # noqa: BLE001  (any part of the service may be missing)
        await _show_fault(state)
    return None


async def query(state: Asking, usecase: UseCase[W, R], query: W) -> R | None:
    """Read for a page; None with `state.missing` or `state.signed_out` when it is not theirs.

    None also when it cannot be read now; then the page stays as it is, with a sentence over it, and
    is read anew once every part of the service is well.
    """
    try:
        seen = await application().query(usecase, keys(state), query)
    except Unavailable:
        await report_stale_page()
        return None
    except Denied as word:
        state.why = word.key
        missing, signed_out = word.key in _GONE, word.key == "session_ended"
        sentence = state.refused if missing or signed_out else refusal(word.key, **word.facts)
        state.answer = replace(
            state.answer, ready=True, missing=missing, signed_out=signed_out, refused=sentence
        )
        return None
    except Exception as fault:  # noqa: BLE001  (likewise)
        FAULTS.labels("query").inc()
        _log.exception("a page could not be read")
        # A failed command just before has shown its sentence already.
        await report_stale_page(aloud=state.why != _MISSING, part_missing=is_part_missing(fault))
        return None
    set_fields(state, "answer", ready=True, missing=False, signed_out=False)
    if (count := getattr(seen, "unread", None)) is not None:
        state.unread = unread_words(count)
    return seen


def unread_words(count: int) -> str:
    if count == 1:
        return UNREAD_ONE
    return UNREAD.format(count=persian(count)) if count else ""


async def try_query(state: rx.State, usecase: UseCase[W, R], query: W) -> R | None:
    """Read a part of a page or its frame; None when it is not theirs, and nothing is shown.

    None also when it cannot be read now, with what `query` does then.
    """
    try:
        return await application().query(usecase, keys(state), query)
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
    """What a page writes by itself, unasked: refused or failed, nothing is shown."""
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
    # Reflex names every control that ever had an id here; one that is not drawn now comes as None.
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
    """Whether a field of a command takes all that was ticked."""
    known = command.model_fields.get(name)
    return known is not None and get_origin(known.annotation) is tuple


def _clear_answer(state: Asking) -> None:
    answers = state.answers + bool(state.done)
    set_fields(state, "answer", errors={}, refused="", refused_code="", done="", answers=answers)
    state.why = ""


def _show_refusal(state: Asking, word: Refusal) -> None:
    state.why = word.key
    if word.facts.get("already"):  # no fault of hers, and nothing is left to do
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
    """Called while a fault is handled: the page shows one sentence, the button may be pressed
    again, and the fault is logged for the people who run the service."""
    FAULTS.labels("command").inc()
    _log.exception("a command could not be performed")
    _show_refusal(state, Denied("part_missing"))
    await repeat_over_page(state.refused)
