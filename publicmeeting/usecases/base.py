"""Base of all use cases: roles, strict command forms, one collected error per field, metrics."""

import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from publicmeeting.domain.errors import Denied, FormError, Invalid, Refusal
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.matter import TEXT_MOST
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Need
from publicmeeting.kit.letters import clean
from publicmeeting.kit.process.figures import REFUSALS, USECASE_SECONDS, USECASES
from publicmeeting.store.unit_of_work import UnitOfWork

ANYONE: tuple[Role, ...] = ()
"""Roles of a use case that needs no sign-in, such as a draft, a code by SMS or a public page."""

MAX_TEXT = TEXT_MOST
"""Maximum length, in characters, of a request's text and of a note."""

MAX_SENTENCE = 300
"""Maximum length, in characters, of the one-sentence note beside a yes/no answer."""


def note_limit(step: Step) -> int:
    """Return the maximum length of this step's note, in characters."""
    is_question = Need.VERDICT in step.needs and Need.NOTE in step.may
    return MAX_SENTENCE if is_question else MAX_TEXT


def checked_note(text: str, field: str = "note", limit: int = MAX_TEXT) -> str:
    """Return the text as stored; Invalid("text_too_long") with length and limit."""
    note = clean(text)
    if len(note) > limit:
        raise Invalid("text_too_long", field=field, limit=limit, length=len(note))
    return note


class Input(BaseModel):
    """A form as received: unchecked user input with strict types, no extra fields, frozen."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Command(Input):
    """Input of a use case that writes."""


class Query(Input):
    """Input of a use case that only reads."""


class Nothing(Command):
    """A command without fields."""


class OneCase(Command):
    """A command that names a request by its tracking code."""

    code: str


W = TypeVar("W", bound=Input)
R = TypeVar("R")
T = TypeVar("T")
UseCase = Callable[[UnitOfWork, Actor, W, datetime], R]

ROLES: dict[Callable[..., object], tuple[Role, ...]] = {}
"""Roles that each use case declares; a contract test compares them with the modules."""
WRITES_DRAFT: set[Callable[..., object]] = set()
"""Use cases that write the draft of their visit."""


def own_account(actor: Actor) -> str:
    """Return the actor's account id; raise Denied("not_your_role") when there is no account."""
    if actor.account_id is None:
        raise Denied("not_your_role")
    return actor.account_id


def usecase(*by: Role, writes_draft: bool = False) -> Callable[[UseCase[W, R]], UseCase[W, R]]:
    """Declare the roles that may call a use case; `Application` refuses others before it runs.

    `writes_draft`: the draft of the visit is locked with the statement that finds the actor.

    Most docstrings of use cases do not repeat these refusals: Denied `session_ended` or `not_ready`
    for an actor without the session or visit that is needed, and `form_broken` for values that no
    page of this service sends.
    """

    def declare(function: UseCase[W, R]) -> UseCase[W, R]:
        ROLES[function] = by
        if writes_draft:
            WRITES_DRAFT.add(function)
        return function

    return declare


def parsed(parse: Callable[[str], T], value: str) -> T:
    """Return a value that a page has chosen, such as a member of an enumeration, from its text.

    Denied("form_broken") for a text that no page sends.
    """
    try:
        return parse(value)
    except ValueError:
        raise Denied("form_broken") from None


class FormValidator:
    """Collects refusals by field, so that one answer names everything wrong with a form."""

    def __init__(self) -> None:
        self.errors: list[Invalid] = []

    def field(self, name: str, parse: Callable[[str], T], value: str) -> T | None:
        """Return the parsed value, or None after adding the refusal under this field's name."""
        try:
            return parse(value)
        except Invalid as refusal:
            self.refuse(name, refusal.key, **refusal.facts)
            return None

    def refuse(self, name: str, key: str, **facts: object) -> None:
        self.errors.append(Invalid(key, field=name, **facts))

    def done(self) -> None:
        """Raise `FormError` if any field was refused."""
        if self.errors:
            raise FormError(tuple(self.errors))


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAULT = "fault"


def measured(usecase: Callable[..., object], perform: Callable[[], R]) -> R:
    """Run a use case, called from its own thread, and record its duration and outcome."""
    name = _name(usecase)
    began, outcome = time.perf_counter(), Outcome.FAULT
    try:
        result = perform()
        outcome = Outcome.DONE
    except Refusal as refused:
        outcome = Outcome.REFUSED
        REFUSALS.labels(refused.key).inc()
        raise
    finally:
        USECASE_SECONDS.labels(name).observe(time.perf_counter() - began)
        USECASES.labels(name, outcome).inc()
    return result


@cache
def _name(usecase: Callable[..., object]) -> str:
    return f"{usecase.__module__.rpartition('.')[2]}.{usecase.__name__}"
