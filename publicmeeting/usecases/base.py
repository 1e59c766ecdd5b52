"""What every use case shares: its roles, the strict form of a command, and one error per field."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from publicmeeting.domain.errors import Denied, FormError, Invalid
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.matter import TEXT_MOST
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Need
from publicmeeting.store.unit_of_work import UnitOfWork

ANYONE: tuple[Role, ...] = ()
"""For what needs no sign-in: filing a draft, asking for a code, public pages."""

MAX_TEXT = TEXT_MOST
"""Characters of a request's text and of a note."""

MAX_SENTENCE = 300
"""Of the one sentence that may go along with a yes or no."""


def note_limit(step: Step) -> int:
    """Characters that a note of this step may have."""
    is_question = Need.VERDICT in step.needs and Need.NOTE in step.may
    return MAX_SENTENCE if is_question else MAX_TEXT


class Input(BaseModel):
    """A form as received: strict types, no further fields, frozen. It is unchecked user input."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Command(Input):
    """The input of a use case that changes something."""


class Query(Input):
    """The input of a use case that only reads."""


class Nothing(Command):
    """A command that needs no words."""


class OneCase(Command):
    """A request by its tracking code."""

    code: str


W = TypeVar("W", bound=Input)
R = TypeVar("R")
T = TypeVar("T")
UseCase = Callable[[UnitOfWork, Actor, W, datetime], R]

ROLES: dict[Callable[..., object], tuple[Role, ...]] = {}
"""The roles each use case names; a contract test compares it with the modules."""


def own_account(actor: Actor) -> str:
    """Denied("not_your_role") for somebody without an account."""
    if actor.account_id is None:
        raise Denied("not_your_role")
    return actor.account_id


def usecase(*by: Role) -> Callable[[UseCase[W, R]], UseCase[W, R]]:
    """Declare the roles that may use it; `Application` refuses others before it runs."""

    def declare(function: UseCase[W, R]) -> UseCase[W, R]:
        ROLES[function] = by
        return function

    return declare


class FormValidator:
    """Collects one refusal per field, so that a form is refused once and in whole."""

    def __init__(self) -> None:
        self.errors: list[Invalid] = []

    def field(self, name: str, parse: Callable[[str], T], value: str) -> T | None:
        """The parsed value; or None, and the refusal is added under this field's name."""
        try:
            return parse(value)
        except Invalid as refusal:
            self.refuse(name, refusal.key, **refusal.facts)
            return None

    def refuse(self, name: str, key: str, **facts: object) -> None:
        self.errors.append(Invalid(key, field=name, **facts))

    def done(self) -> None:
        """Raise `FormError` if anything was refused."""
        if self.errors:
            raise FormError(tuple(self.errors))
