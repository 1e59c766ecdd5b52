"""What is known of the whole installation, by name: a key check, a secret, the demo's mark."""

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import FactRow

_FACT = sqlalchemy.select(col(FactRow.value)).where(col(FactRow.key) == bindparam("key"))


class Facts(Repository):
    def get(self, key: str) -> str | None:
        value: str | None = self._transaction.execute(_FACT, {"key": key}).scalar()
        return value

    def put(self, key: str, value: str) -> None:
        row = self._session.get(FactRow, key) or FactRow(key=key, value=value)
        row.value = value
        self._session.add(row)
        self._session.flush()
