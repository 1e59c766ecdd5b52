"""Security events as an administrator reads them; `security_notes` writes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.accounts.security import STAYS, SecurityEvent
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Query, usecase

PAGE = 30
PAGES_MOST = 400


class OneCommand(Command):
    """A run command: `command` with its object's name, `by` the system's user, `at` the machine."""

    command: str
    by: str
    at: str


@usecase(Role.ADMINISTRATOR)
def record_command(uow: UnitOfWork, _actor: Actor, command: OneCommand, _now: datetime) -> None:
    """Record that an administrative command was run at the server."""
    who = f"command:{command.by}"
    uow.security.record(SecurityKind.COMMAND, who, command.command, address=command.at, device="")


class AskEvents(Query):
    """A page of events; an empty `kind` stands for all, `page` counts from 1."""

    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class SecurityPage:
    events: tuple[SecurityEvent, ...]
    kind: SecurityKind | None
    page: int
    has_more: bool
    stays_for: timedelta
    """How long events are kept."""


@usecase(Role.ADMINISTRATOR)
def security_events(
    uow: UnitOfWork, _actor: Actor, query: AskEvents, _now: datetime
) -> SecurityPage:
    """Return events, newest first; Denied("form_broken") for an unknown kind or page."""
    if query.kind and query.kind not in set(SecurityKind):
        raise Denied("form_broken")
    if not 1 <= query.page <= PAGES_MOST:
        raise Denied("form_broken")
    kind = SecurityKind(query.kind) if query.kind else None
    kinds = (kind,) if kind else ()
    found = uow.security.page(kinds, skip=(query.page - 1) * PAGE, most=PAGE + 1)
    return SecurityPage(tuple(found[:PAGE]), kind, query.page, len(found) > PAGE, STAYS)


__all__ = [
    "PAGE",
    "PAGES_MOST",
    "AskEvents",
    "OneCommand",
    "SecurityEvent",
    "SecurityPage",
    "record_command",
    "security_events",
]
