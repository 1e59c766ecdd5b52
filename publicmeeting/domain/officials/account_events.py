"""Kinds of entries in the history of an official's account, and the fields of each.

The history is append-only: the database refuses update and delete. An entry holds no secret: it has
ids, enums, dates, user names and names of keys, but never a password, a mobile, a code or a link.
"""

from collections.abc import Mapping
from enum import StrEnum


class AccountEventKind(StrEnum):
    """Kind of an account event; the value is stored."""

    ADDED = "added"
    RENAMED = "renamed"
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
    _K.RENAMED: frozenset({"before", "after"}),
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
}
"""Exact set of body fields for each kind of event.

`roles`, `added`, `removed` and `dated` are lists of mappings with `role`, `district`, `unit`,
`from` and `until`; the last two are Gregorian dates or None. `password_mark` is a keyed hash of the
password hash: the nightly check uses it to find a password hash that was replaced outside the
program. In a search, `person` is an account id, `case` is a tracking code as typed, and `since` and
`until` are dates; fields that were not searched for are empty.
"""
