"""Keyed hashes (tags) over the columns that let a row open something.

The database owner has no key. A session, passkey, link or recovery code that is inserted or
assigned to another account there opens nothing, nor does a permission to see a case. Nobody can
agree to a proposal that is changed there, and an account that is changed there may not act.
Nobody is sent to a place that is written there, no picture is exchanged or led to another case, and
no mark of the clock and no fact holds that is written there, and no witness has signed by a line
written there.
A row or account that is restored unchanged, to a state this program once wrote, is valid again.

An id or a secret that ends contains the hour of its end, in machine time (`dated`). So whatever is
hashed or tagged with it ends then, even if the database owner changes the instant in its row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from publicmeeting.kit.hashing import MOST_COUNTED, canonical_json, sha_bytes
from publicmeeting.store.database.vault import Vault

TAGGED: Mapping[str, tuple[str, ...]] = {
    "session": ("id", "account_id", "person_id", "mobile_hash", "door", "created_at"),
    "passkey": ("id", "account_id", "public_key"),
    "invitation": ("id", "account_id", "kind"),
    "recovery_code": ("id", "account_id"),
    "account_decision": (
        "id",
        "kind",
        "account_id",
        "body",
        "proposed_by",
        "proposed_at",
        "not_before",
    ),
    "track_grant": ("visit", "request_id", "until"),
    "monday": ("district", "on", "place", "guest"),
    "district_text": ("id", "district", "from_on", "body"),
    "image": (
        "id",
        "kind",
        "web",
        "thumb",
        "original",
        "original_file",
        "request_id",
        "order_id",
        "event_id",
    ),
    "job": ("name", "done_at"),
    "fact": ("key", "value"),
    "cosignature": ("size", "name", "key_id", "line"),
}
"""The columns of each table that a row's tag covers."""


def row_tag(vault: Vault, table: str, row: Mapping[str, Any]) -> str:
    """Return the tag of a row of this table."""
    # As JSON: ids may contain any separator, and the database owner chooses ids.
    values = [plain(row[name]) for name in TAGGED[table]]
    return vault.lookup(f"{table}.tag", canonical_json(values))


def plain(value: object) -> object:
    """Return a value as a tag hashes it: an instant as its second, alike on both engines.

    A value that has no canonical form, which only the database owner writes, becomes a text, so
    that its tag does not fit instead of ending a list.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    is_exact = isinstance(value, int) and abs(value) <= MOST_COUNTED
    return value if is_exact else f"no value of this program: {value!r}"


class HeldTerm(NamedTuple):
    """A role of an account, with the columns of its row that give power."""

    role: str
    district: int | None
    unit_id: str | None
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """State of an account that its tag covers: its names, how its owner signs in, its roles.

    One tag covers all of it, so that a deleted second step or role is noticed too. The names are
    covered because administrators choose by name whom they give a role.
    """

    id: str
    username: str
    name: str
    password_hash: str
    active: bool = True
    is_suspended: bool = False
    app: str = ""
    """Hash of the authenticator in use (`app_mark`); empty for none."""
    has_passkey: bool = False
    terms: tuple[HeldTerm, ...] = ()

    def with_term(self, before: HeldTerm, after: HeldTerm) -> "HeldAccount":
        """Return the state with one term replaced. Raises KeyError if it is not among them."""
        if before not in self.terms:
            raise KeyError(before)
        at = self.terms.index(before)
        return replace(self, terms=(*self.terms[:at], after, *self.terms[at + 1 :]))


def app_mark(sealed: bytes) -> str:
    """Return the hash of an authenticator's sealed secret."""
    return sha_bytes(sealed)


def account_tag(vault: Vault, state: HeldAccount) -> str:
    """Return the tag of an account in this state."""
    terms = sorted(canonical_json([plain(part) for part in term]) for term in state.terms)
    who = [state.id, state.username, state.name]
    door = [state.password_hash, state.active, state.is_suspended, state.app, state.has_passkey]
    return vault.lookup("account.tag", canonical_json([*who, *door, terms]))


_SECONDS = 3600
"""A link is six characters longer by it, and still fits into one message."""


def dated(name: str, until: datetime) -> str:
    """Return the name with the first full hour after its end."""
    return f"{name}.{-int(-until.timestamp() // _SECONDS):x}"


def is_over(name: str, now: datetime) -> bool:
    """Whether a name has ended, as has one without a date."""
    _, dot, ends = name.rpartition(".")
    try:
        return not dot or now.timestamp() >= int(ends, 16) * _SECONDS
    except ValueError:
        return True
