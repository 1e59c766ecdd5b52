"""Keyed hashes (tags) over the columns that let a row open something.

The database owner has no key. A session, passkey, link or recovery code that is inserted or
assigned to another account there opens nothing. A deleted row that is restored unchanged is valid
again.
"""

from collections.abc import Mapping
from typing import Any

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.vault import Vault

TAGGED: Mapping[str, tuple[str, ...]] = {
    "session": ("id", "account_id", "person_id", "mobile_hash", "door"),
    "passkey": ("id", "account_id", "public_key"),
    "invitation": ("id", "account_id", "kind"),
    "recovery_code": ("id", "account_id"),
}
"""The columns of each table that a row's tag covers."""


def row_tag(vault: Vault, table: str, row: Mapping[str, Any]) -> str:
    """Return the tag of a row of this table."""
    # As JSON: ids may contain any separator, and the database owner chooses ids.
    return vault.lookup(f"{table}.tag", canonical_json([row[name] for name in TAGGED[table]]))
