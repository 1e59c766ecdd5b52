"""The city's table of streets, squares and stations, and its search index per process."""

import threading
from collections.abc import Callable, Sequence

from sqlmodel import col, delete, select

from publicmeeting.domain.districts.city import PlaceKind
from publicmeeting.domain.districts.places import Gazetteer, NamedPlace
from publicmeeting.kit.codes import token
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import PlaceRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.facts import Facts

_VERSION = "places"
"""Key of the fact with the table's version, unique for each table."""


class _Shelf:
    """Thread-safe cache of the newest index."""

    def __init__(self) -> None:
        self._stored: tuple[str, Gazetteer] | None = None
        self._lock = threading.Lock()

    def get(self, version: str, read: Callable[[], Gazetteer]) -> Gazetteer:
        """Return the index of this version, calling `read` if another version is cached."""
        with self._lock:  # one thread reads, the others wait for its result
            if self._stored is None or self._stored[0] != version:
                self._stored = version, read()
            return self._stored[1]


_shelf = _Shelf()


class Places(Repository):
    def __init__(self, transaction: Transaction, facts: Facts) -> None:
        super().__init__(transaction)
        self._facts = facts

    def all(self) -> list[NamedPlace]:
        """Return the table in its order."""
        rows = self._session.exec(select(PlaceRow).order_by(col(PlaceRow.id)))
        return [place for row in rows for place in self._readable(row)]

    def _readable(self, row: PlaceRow) -> list[NamedPlace]:
        """Return the place, or nothing: one damaged row must not end every search of a street."""
        try:
            districts = tuple(map(int, row.districts.split(",")))
            return [NamedPlace(row.name, PlaceKind(row.kind), districts, row.source)]
        except (*UNREADABLE, AttributeError):
            self._transaction.leave_out("a street or square")
            return []

    def replace(self, places: Sequence[NamedPlace]) -> None:
        """Replace the whole table, effective in every process."""
        self._session.exec(delete(PlaceRow))
        self._session.add_all(
            PlaceRow(
                name=place.name,
                kind=place.kind.value,
                source=place.source,
                districts=",".join(map(str, place.districts)),
            )
            for place in places
        )
        self._session.flush()
        self._facts.put(_VERSION, token())

    def gazetteer(self) -> Gazetteer | None:
        """Return the index of the table; None if the city has supplied none."""
        version = self._facts.get(_VERSION)
        if version is None:
            return None
        return _shelf.get(version, lambda: Gazetteer(self.all()))
