"""The city's audit: what kinds of entries there are, and their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from publicmeeting.domain.roles import Role

READERS = (Role.ADMINISTRATOR, Role.OVERSEER)
"""The overseer as well: nobody else would look at what administrators look for."""


class AuditKind(StrEnum):
    """What an entry is about."""

    STEP = "step"
    OPENING = "opening"
    DOCUMENT = "document"
    TEXTS = "texts"
    ACCOUNT = "account"
    COMMAND = "command"
    READING = "reading"
    """Somebody has searched or exported this audit; no filter of kinds leaves it out."""


class AuditSource(StrEnum):
    """Where an entry is stored; entries of one instant are in this order."""

    ACCOUNT = "account"
    COMMAND = "command"
    TEXT_DECIDED = "text_decided"
    TEXT_PROPOSED = "text_proposed"
    DOCUMENT = "document"
    OPENING = "opening"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class AuditKey:
    """The place of an entry in the audit: the next page begins after it."""

    at: datetime
    source: AuditSource
    key: str
    """Of its row, as text; within one source greater is newer."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; None for all. `account` did it or had it done, `request` is a case's id
    and `code` its tracking code; `since` and `until` are instants, the second one not included."""

    account: str | None = None
    request: str | None = None
    code: str = ""
    kind: AuditKind | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that an official did: ids, enums and dates, nothing that a person has written.

    `what` is the step, the part of a sheet, the state of a district's texts, the kind of an account
    event or the command; `body` what an account event carries.
    """

    place: AuditKey
    kind: AuditKind
    what: str
    by: str
    """Account id; empty for the command line."""
    role: str = ""
    about: str = ""
    """Account id, where it was done to an account."""
    request: str = ""
    order: str = ""
    """Order id, or the number of a sheet."""
    district: int = 0
    with_name: bool = False
    body: Mapping[str, Any] | None = None
