"""The history of an official's account in words, for the administrator and for the official."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.roles import Grant, Role, Term
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.officials import people_text
from publicmeeting.text.officials.people_text import days_words, role_words
from publicmeeting.usecases.officials.listing import place_of


class Event(Protocol):
    """An entry of the history, as the use cases return it."""

    @property
    def at(self) -> datetime: ...
    @property
    def by_account(self) -> str | None: ...
    @property
    def kind(self) -> AccountEventKind: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Happening:
    """One entry of a history."""

    what: str
    details: tuple[str, ...]
    when: str


def grant_words(grant: Grant) -> str:
    """Return a role with its district or unit, in words."""
    return role_words(grant.role, *place_of(grant))


def happening(event: Event, names: Mapping[str, str], owner: str) -> Happening:
    """Return an entry of the history of `owner`'s account, in words."""
    return Happening(
        what=f"{people_text.event_words(event.kind)}، {by_whom(event, names, owner)}",
        details=tuple(role_changes(event.body)),
        when=moment_words(event.at),
    )


def by_whom(event: Event, names: Mapping[str, str], owner: str) -> str:
    """Return who did it: a colleague, the owner, or somebody at the server's command line."""
    if event.by_account == owner:
        return people_text.BY_OWNER
    name = names.get(event.by_account or "", "")
    return people_text.BY.format(name=name) if name else people_text.BY_SERVER


def role_changes(body: Mapping[str, Any]) -> list[str]:
    """Return the roles that an event granted, removed or dated, each with its place and days."""
    patterns = {
        "roles": people_text.GRANTED,
        "added": people_text.GRANTED,
        "removed": people_text.TAKEN,
        "dated": people_text.DATED,
    }
    found = []
    for name, pattern in patterns.items():
        for role in body.get(name, ()):
            term = term_of(role)
            days = days_words(term, term.from_on or date.min)
            found.append(pattern.format(role=grant_words(term.grant), days=days))
    return found


def term_of(body: Mapping[str, Any]) -> Term:
    """Return the role in the body of an event or proposal."""
    grant = Grant(Role(body["role"]), body["district"], body["unit"])
    return Term(0, grant, _day(body["from"]), _day(body["until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
