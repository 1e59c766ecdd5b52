"""Hashes of what a row opens, which only this program's key makes.

Whoever owns the database has no key: a session, a passkey, a link or a recovery code that is
written there, or led to another person or account, opens nothing. A row that was taken out and put
back is as good as before.
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
"""Columns of each table that a row's tag holds fast."""


def row_tag(vault: Vault, table: str, row: Mapping[str, Any]) -> str:
    """The tag of a row of this table, as it stands."""
    # As JSON: an id may hold whatever joins it to the next one, and the owner chooses ids.
    return vault.lookup(f"{table}.tag", canonical_json([row[name] for name in TAGGED[table]]))
