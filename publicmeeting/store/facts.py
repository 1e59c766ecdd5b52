"""Facts of the whole installation by name: secrets, the demo mark, whether files are in order.

Each has a tag that needs the city's key; without it a fact is absent. The database owner may invent
none. Two facts have no tag: the key check, which is compared with the key itself, and what the
migrations note, which is read before there is a key.
"""

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository, write_if_new
from publicmeeting.store.database.rows.city import FactRow
from publicmeeting.store.database.vault import UNREADABLE, Vault

KEY_CHECK = "key_check"
PAPER_KEY, PAPER_PLACE = "paper_key", "fact.value"
"""The fact that stores the first lookup key, and the purpose it is sealed for."""
_UNTAGGED = frozenset({KEY_CHECK, "tables_served_from"})

_FACT = sqlalchemy.select(col(FactRow.value), col(FactRow.tag)).where(
    col(FactRow.key) == bindparam("key")
)
_NAMES = sqlalchemy.select(col(FactRow.key))
_CHANGE = (
    sqlalchemy.update(FactRow)
    .where(col(FactRow.key) == bindparam("named"))
    .values(value=bindparam("changed"), tag=bindparam("new_tag"))
)


def genuine(vault: Vault, key: str, value: str | None, tag: str | None) -> str | None:
    """Return the value of a fact's row; None if this program did not write it."""
    try:
        return value if value is not None and tag == _tag(vault, key, value) else None
    except UNREADABLE:
        return None


def first_key_of(vault: Vault, stored: str | None) -> str:
    """Return the lookup key of the first master key; `stored` is the fact `PAPER_KEY`."""
    if stored is None:
        return vault.lookup_key
    return vault.open(PAPER_PLACE, PAPER_KEY, bytes.fromhex(stored))


class Facts(Repository):
    def get(self, key: str) -> str | None:
        return genuine(self._vault, key, *self._row(key))

    def put(self, key: str, value: str) -> None:
        if not self._added(key, value):
            self._change(key, value, self._vault)

    def first_key(self) -> str:
        """Return the lookup key of the first master key, also after a change of the key."""
        return first_key_of(self._vault, self.get(PAPER_KEY))

    def key_check(self) -> str | None:
        return self._row(KEY_CHECK)[0]

    def put_first_key_check(self, check: str) -> str:
        """Write the key check unless it exists; return the stored one.

        A concurrent writer may have set that one.
        """
        known = self.key_check()
        if known is None and not self._added(KEY_CHECK, check):
            known = self.key_check()
        return check if known is None else known

    def forged(self) -> list[str]:
        """Return the names of facts that this program did not write."""
        names = self._transaction.execute(_NAMES).scalars()
        return sorted(str(one) for one in names if one not in _UNTAGGED and self.get(one) is None)

    def retag(self, new: Vault) -> None:
        """Tag for another key every fact whose tag fits this one's."""
        for key in self._transaction.execute(_NAMES).scalars().all():
            value = self.get(key)
            if value is not None:
                self._change(key, value, new)

    def _row(self, key: str) -> tuple[str | None, str | None]:
        try:
            row = self._transaction.execute(_FACT, {"key": key}).first()
        except UNREADABLE:
            return None, None
        return (row.value, row.tag) if row else (None, None)

    def _change(self, key: str, value: str, vault: Vault) -> None:
        change = {"named": key, "changed": value, "new_tag": _tag(vault, key, value)}
        self._transaction.connection.execute(_CHANGE, change)

    def _added(self, key: str, value: str) -> bool:
        row = {"key": key, "value": value, "tag": _tag(self._vault, key, value)}
        return write_if_new(self._transaction, FactRow, row)


def _tag(vault: Vault, key: str, value: str) -> str:
    return row_tag(vault, "fact", {"key": key, "value": value})
