"""Kinds of what is recorded about officials and attackers, and the audit that lists it.

An account event is an entry in the history of an official's account. The history is append-only:
the database refuses update and delete. An entry holds no secret: it has ids, enums, dates, user
names and names of keys, but never a password, a mobile, a code or a link.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from publicmeeting.domain.roles import Role
from publicmeeting.kit.stored import StoredEnum


class AccountEventKind(StoredEnum):
    """Kind of an account event; the value is stored."""

    ADDED = "added"
    INVITED = "invited"
    """A link was made with which the official chooses a password."""
    INVITATION_USED = "invitation_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a kind of event)
    ROLES_CHANGED = "roles_changed"
    MOBILE_CHANGED = "mobile_changed"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    """A suspension was revoked."""
    ENDED = "ended"
    SESSIONS_ENDED = "sessions_ended"
    PROPOSED = "proposed"
    """One administrator asks for a change that needs the consent of two."""
    AGREED = "agreed"
    REJECTED = "rejected"
    SECOND_STEP_ON = "second_step_on"
    """An authenticator was confirmed; `is_new` is False if it replaced another one."""
    SECOND_STEP_OFF = "second_step_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    DEVICE_REMEMBERED = "device_remembered"
    DEVICE_FORGOTTEN = "device_forgotten"
    SECOND_STEP_RESET = "second_step_reset"
    """All second steps were removed, because both authenticator and recovery codes were lost."""
    AUDIT_SEARCHED = "audit_searched"
    """Somebody searched the city's audit; the entry concerns no account."""
    AUDIT_EXPORTED = "audit_exported"
    OFFICE_ACT = "office_act"
    """What an official did in his office beside all cases (`OfficeAct`); about no account."""
    CITIZEN_REACHED = "citizen_reached"
    """As `CITIZEN_STANDS`, of the mobile alone; never written since."""
    CITIZEN_STANDS = "citizen_stands"
    """A citizen is proved otherwise or has another mobile; not shown, its account is her person."""
    UNKNOWN = "unknown"
    """A kind of a newer release; never written."""


class OfficeAct(StoredEnum):
    """An act that concerns a Monday or the rules and no case; the value is stored."""

    MONDAY_CLOSED = "monday_closed"
    HOLDER_NAMED = "holder_named"
    PLACE_SET = "place_set"
    AUDIENCES_STATED = "audiences_stated"
    VALUE_ENTERED = "value_entered"
    RULES_PROPOSED = "rules_proposed"
    RULES_ANNOUNCED = "rules_announced"
    """By one official alone, or by the second who agreed."""
    RULES_REJECTED = "rules_rejected"
    UNKNOWN = "unknown"
    """An act of a newer release; never written."""


class PasswordBy(StrEnum):
    """Who chose a new password, and by which means; the value is stored."""

    INVITATION = "invitation"
    OWNER = "owner"
    COMMAND_LINE = "command_line"


_K = AccountEventKind

AUDIT_READINGS = frozenset({_K.AUDIT_SEARCHED, _K.AUDIT_EXPORTED})
_SEARCH = frozenset({"person", "case", "kind", "since", "until"})

CARRIES: Mapping[AccountEventKind, frozenset[str]] = {
    _K.ADDED: frozenset({"username", "roles", "password_mark"}),
    _K.INVITED: frozenset({"kind", "until"}),
    _K.INVITATION_USED: frozenset({"kind"}),
    _K.PASSWORD_CHANGED: frozenset({"by", "password_mark"}),
    _K.ROLES_CHANGED: frozenset({"added", "removed", "dated"}),
    _K.MOBILE_CHANGED: frozenset(),
    _K.SUSPENDED: frozenset(),
    _K.LIFTED: frozenset(),
    _K.ENDED: frozenset(),
    _K.SESSIONS_ENDED: frozenset({"count"}),
    _K.PROPOSED: frozenset({"decision", "what"}),
    _K.AGREED: frozenset({"decision", "what"}),
    _K.REJECTED: frozenset({"decision", "what"}),
    _K.SECOND_STEP_ON: frozenset({"is_new"}),
    _K.SECOND_STEP_OFF: frozenset(),
    _K.RECOVERY_CODES_MADE: frozenset(),
    _K.RECOVERY_CODE_USED: frozenset({"left"}),
    _K.PASSKEY_ADDED: frozenset({"name"}),
    _K.PASSKEY_REMOVED: frozenset({"name"}),
    _K.DEVICE_REMEMBERED: frozenset({"until"}),
    _K.DEVICE_FORGOTTEN: frozenset(),
    _K.SECOND_STEP_RESET: frozenset(),
    _K.AUDIT_SEARCHED: _SEARCH,
    _K.AUDIT_EXPORTED: _SEARCH,
    _K.OFFICE_ACT: frozenset({"what", "monday", "district"}),
    _K.CITIZEN_REACHED: frozenset({"mark"}),
    _K.CITIZEN_STANDS: frozenset(
        {"change", "identity", "level", "mark", "mobile", "proved_at", "proved_by"}
    ),
    _K.UNKNOWN: frozenset(),
}
"""Exact set of body fields for each kind of event.

`roles`, `added`, `removed` and `dated` are lists of mappings with `role`, `district`, `unit`,
`from` and `until`; the last two are Gregorian dates or None. `password_mark` is a keyed hash of the
password hash: the nightly check uses it to find a password hash that was replaced outside the
program. In a search, `person` is an account id, `case` is a tracking code as typed, and `since` and
`until` are dates; fields that were not searched for are empty. Of an act, `monday` is a Gregorian
date (of rules their first Monday), and `district` is 0 for the whole city.
"""


class SecurityKind(StoredEnum):
    """Kind of a security event; the value is stored."""

    SIGN_IN_FAILED = "sign_in_failed"
    CODE_WRONG = "code_wrong"
    TRACKING_WRONG = "tracking_wrong"
    IDENTITY_REFUSED = "identity_refused"
    """Somebody filed with an identity that is registered with another mobile."""
    DISPLACED = "displaced"
    """A person who had typed an identity lost it to the person who proved it."""
    SSO_REFUSED = "sso_refused"
    """An answer of a sign-on provider failed verification; the event names provider and reason."""
    MOBILE_CHANGED = "mobile_changed"
    """A citizen changed her mobile; the event has a keyed hash of the old one."""
    CARD_SEEN = "card_seen"
    """A desk looked somebody up by her card, or set how to reach her."""
    LANE_AT_DESK = "lane_at_desk"
    """An officer photographed a document and asked for a lane in a citizen's name."""
    LIMIT_REACHED = "limit_reached"
    """A rate limit refused something; the event names the limit."""
    ROLE_REFUSED = "role_refused"
    """Somebody called a use case of a role that they do not hold."""
    OBJECT_REFUSED = "object_refused"
    """Somebody asked for an existing object that they may not see."""
    JUDGE_REFUSED = "judge_refused"
    """A judge, an answer or a lane that was written past this program; the event names it."""
    FORGED = "forged"
    """A step or a notice that was written or changed past this program; the event names it."""
    SECOND_STEP_WRONG = "second_step_wrong"
    """The password was right, and the second step failed."""
    PASSKEY_REFUSED = "passkey_refused"
    PASSKEY_COPIED = "passkey_copied"
    """A passkey's signature counter went back: two devices may hold the key."""
    MATCH_BUDGET = "match_budget"
    """The daily quota of the identity matching service is used up."""
    SMS_BUDGET = "sms_budget"
    COMMAND = "command"
    """An administrative command at the server."""
    UNKNOWN = "unknown"
    """A kind of a newer release; never written."""


READERS = (Role.ADMINISTRATOR, Role.OVERSEER)
"""Roles that may read the audit. The overseer reads it too, to supervise the administrators."""


class AuditKind(StrEnum):
    """Subject of an audit entry."""

    STEP = "step"
    OPENING = "opening"
    DOCUMENT = "document"
    TEXTS = "texts"
    OFFICE = "office"
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

    `what` is the step, the part of a sheet, the state of a district's texts, the act of an office,
    the kind of an account event, or the command. `body` holds the fields of an account event.
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
