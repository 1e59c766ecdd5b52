"""Facts of the whole installation by name: key check, secrets, the demo mark."""

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.store.database.repository import Repository, write_if_new
from publicmeeting.store.database.rows.city import FactRow

_FACT = sqlalchemy.select(col(FactRow.value)).where(col(FactRow.key) == bindparam("key"))
_CHANGE = (
    sqlalchemy.update(FactRow)
    .where(col(FactRow.key) == bindparam("named"))
    .values(value=bindparam("changed"))
)


class Facts(Repository):
    def get(self, key: str) -> str | None:
        value: str | None = self._transaction.execute(_FACT, {"key": key}).scalar()
        return value

    def put(self, key: str, value: str) -> None:
        if not self._added(key, value):
            self._transaction.connection.execute(_CHANGE, {"named": key, "changed": value})

    def put_first(self, key: str, value: str) -> str:
        """Write a fact unless it exists; return the stored value.

        A concurrent writer may have set that value.
        """
        known = self.get(key)
        if known is None and not self._added(key, value):
            known = self.get(key)
        return value if known is None else known

    def _added(self, key: str, value: str) -> bool:
        return write_if_new(self._transaction, FactRow, {"key": key, "value": value})
