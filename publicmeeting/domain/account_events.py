"""What is written down when an official's account changes: kinds, and what each carries.

The history only grows: the database refuses to change or delete an entry. Nothing in it is secret:
ids, enums, dates, user names and the names of keys, never a password, a mobile, a code or a link.
"""

from collections.abc import Mapping
from enum import StrEnum


class AccountEventKind(StrEnum):
    """A kind of entry; the value is stored."""

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
    """A suspension was taken back."""
    ENDED = "ended"
    SESSIONS_ENDED = "sessions_ended"
    PROPOSED = "proposed"
    """One administrator asks for what two must agree to."""
    AGREED = "agreed"
    REJECTED = "rejected"
    SECOND_STEP_ON = "second_step_on"
    """An authenticator was confirmed; `is_new` is False where it replaced another."""
    SECOND_STEP_OFF = "second_step_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    DEVICE_REMEMBERED = "device_remembered"
    DEVICE_FORGOTTEN = "device_forgotten"
    SECOND_STEP_RESET = "second_step_reset"
    """Both authenticator and codes were lost: everything of the second step was taken away."""
    AUDIT_SEARCHED = "audit_searched"
    """Somebody has looked into the city's audit; about nobody's account."""
    AUDIT_EXPORTED = "audit_exported"


class PasswordBy(StrEnum):
    """Who has chosen a new password, and by what; the value is stored."""

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
"""The names in the body of each kind, all of them and no others. `roles`, `added`, `removed`
and `dated` are lists of mappings with `role`, `district`, `unit` and, as Gregorian days or None,
`from` and `until`. `password_mark` is a mark of its hash: by it the nightly check sees that nobody
has put another one there. Of a search `person` is an account id, `case` a tracking code as typed,
`since` and `until` days; empty where not asked for."""
