"""Kinds, sources and ordering of the entries in the city's audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from publicmeeting.domain.roles import Role

READERS = (Role.ADMINISTRATOR, Role.OVERSEER)
"""Roles that may read the audit. The overseer reads it too, to supervise the administrators."""


class AuditKind(StrEnum):
    """Subject of an audit entry."""

    STEP = "step"
    OPENING = "opening"
    DOCUMENT = "document"
    TEXTS = "texts"
    ACCOUNT = "account"
    COMMAND = "command"
    READING = "reading"
    """Somebody searched or exported this audit; no filter by kind hides such an entry."""


class AuditSource(StrEnum):
    """Table that an entry comes from. Entries with equal timestamps are ordered as listed here."""

    ACCOUNT = "account"
    COMMAND = "command"
    TEXT_DECIDED = "text_decided"
    TEXT_PROPOSED = "text_proposed"
    DOCUMENT = "document"
    OPENING = "opening"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class AuditKey:
    """Position of an entry in the audit; the next page begins after it."""

    at: datetime
    source: AuditSource
    key: str
    """Key of the source row, as text; within one source a greater key is newer."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Search conditions for the audit; None means no restriction.

    `account` acted or was acted upon. `request` is the id of a case and `code` its tracking code.
    `since` is inclusive and `until` exclusive; both are instants.
    """

    account: str | None = None
    request: str | None = None
    code: str = ""
    kind: AuditKind | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act of an official: ids, enums and dates, and no text that a person wrote.

    `what` is the step, the part of a sheet, the state of a district's texts, the kind of an account
    event, or the command. `body` holds the fields of an account event.
    """

    place: AuditKey
    kind: AuditKind
    what: str
    by: str
    """Account id; empty for the command line."""
    role: str = ""
    about: str = ""
    """Account id, if the act concerns an account."""
    request: str = ""
    order: str = ""
    """Order id, or the number of a sheet."""
    district: int = 0
    with_name: bool = False
    body: Mapping[str, Any] | None = None
