"""What is written down when an official's account changes: kinds, and what each carries.

The history only grows: the database refuses to change or delete an entry. Nothing in it is secret:
ids, enums, dates and user names, never a password, a mobile, a code or a link.
"""

from collections.abc import Mapping
from enum import StrEnum


class AccountEventKind(StrEnum):
    """A kind of entry; the value is kept."""

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


class PasswordBy(StrEnum):
    """Who has chosen a new password, and by what; the value is kept."""

    INVITATION = "invitation"
    OWNER = "owner"
    COMMAND_LINE = "command_line"


_K = AccountEventKind

CARRIES: Mapping[AccountEventKind, frozenset[str]] = {
    _K.ADDED: frozenset({"username", "roles"}),
    _K.RENAMED: frozenset({"before", "after"}),
    _K.INVITED: frozenset({"kind", "until"}),
    _K.INVITATION_USED: frozenset({"kind"}),
    _K.PASSWORD_CHANGED: frozenset({"by"}),
    _K.ROLES_CHANGED: frozenset({"added", "removed"}),
    _K.MOBILE_CHANGED: frozenset(),
    _K.SUSPENDED: frozenset(),
    _K.LIFTED: frozenset(),
    _K.ENDED: frozenset(),
    _K.SESSIONS_ENDED: frozenset({"count"}),
    _K.PROPOSED: frozenset({"decision", "what"}),
    _K.AGREED: frozenset({"decision", "what"}),
    _K.REJECTED: frozenset({"decision", "what"}),
}
"""The names in the body of each kind, all of them and no others. `roles`, `added` and `removed`
are lists of mappings with `role`, `district` and `unit`."""
