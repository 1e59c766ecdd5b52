"""Lists of rows, of which one that cannot be read hides no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE

_NO_VALUES: Mapping[str, object] = {}


def readable_rows(
    transaction: Transaction,
    statement: Select[*tuple[Any, ...]],
    what: str,
    values: Mapping[str, object] = _NO_VALUES,
    *,
    first: int = 0,
    most: int | None = None,
    as_objects: bool = False,
) -> list[Row[*tuple[Any, ...]]]:
    """Return the rows of a statement that has an order, from `first` on, `most` of them.

    `what` names a row that is left out. `as_objects`: the statement selects a class of rows.
    """
    reading = _Reading(transaction, statement, what, values, as_objects)
    try:
        return reading.rows(first, most)
    except UNREADABLE:
        among = statement.order_by(None).offset(first).limit(most).subquery()
        count = transaction.execute(select(func.count()).select_from(among), values).scalar_one()
        return list(reading.halved(first, count))


@dataclass(frozen=True, slots=True)
class _Reading:
    transaction: Transaction
    statement: Select[*tuple[Any, ...]]
    what: str
    values: Mapping[str, object]
    as_objects: bool

    def rows(self, first: int, most: int | None) -> list[Row[*tuple[Any, ...]]]:
        some = self.statement
        if first or most is not None:
            some = some.offset(first).limit(most)
        if self.as_objects:
            return list(self.transaction.session.execute(some, self.values).all())
        return list(self.transaction.execute(some, self.values).all())

    def halved(self, first: int, count: int) -> Iterator[Row[*tuple[Any, ...]]]:
        """Halve the rows until those that cannot be read are alone."""
        try:
            yield from self.rows(first, count)
        except UNREADABLE:
            if count <= 1:
                self.transaction.leave_out(self.what)
                return
            half = count // 2
            yield from self.halved(first, half)
            yield from self.halved(first + half, count - half)
