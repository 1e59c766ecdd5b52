"""Rows with a cell that the program cannot read, which `doctor` names and then looks past."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from sqlalchemy import Column, ColumnClause, Connection, Table, literal_column, select, text

from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.tables import TABLES
from publicmeeting.store.database.vault import UNREADABLE

_AT_ONCE = 500
_PLACE = {"sqlite": "rowid", "postgresql": "ctid"}
"""The column by which an engine names a row, whatever else is damaged in it."""
_OBJECTS = {("event", "payload"), ("account_event", "body"), ("rules", "body")}
"""Cells whose text is a JSON object."""


def set_aside(connection: Connection) -> list[tuple[str, str]]:
    """Hide from this transaction each row that cannot be read; return (row, fault) of each.

    A temporary view, which goes with the transaction, stands before each such table. So a check
    that has failed by one row can be made again over all others. Empty if every row can be read.
    """
    found = list[tuple[str, str]]()
    for name, table in TABLES.items():
        places = list(_unreadable(connection, table))
        found += [_named(connection, table, place) for place in places]
        if places:
            _hide(connection, name, places)
    return found


def _unreadable(connection: Connection, table: Table) -> Iterator[str]:
    place: ColumnClause[object] = literal_column(_PLACE[connection.dialect.name])
    places = connection.execute(select(place).select_from(table)).scalars().all()
    for first in range(0, len(places), _AT_ONCE):
        yield from _among(connection, table, list(map(_literal, places[first : first + _AT_ONCE])))


def _literal(place: object) -> str:
    return f"'{place}'" if isinstance(place, str) else str(place)


def _among(connection: Connection, table: Table, places: Sequence[str]) -> Iterator[str]:
    """Halve these rows until those that cannot be read are alone."""
    if _can_read(connection, table, places, list(table.columns)):
        return
    if len(places) == 1:
        yield places[0]
        return
    middle = len(places) // 2
    yield from _among(connection, table, places[:middle])
    yield from _among(connection, table, places[middle:])


def _can_read(
    connection: Connection, table: Table, places: Sequence[str], columns: Sequence[Column[object]]
) -> bool:
    where = f"{_PLACE[connection.dialect.name]} IN ({', '.join(places)})"
    try:
        for row in connection.execute(select(*columns).where(text(where))):
            for column, value in zip(columns, row, strict=True):
                _check(table.name, column, value)
    except UNREADABLE:
        return False
    return True


def _check(table: str, column: Column[object], value: object) -> None:
    """Raise one of UNREADABLE for a value of another type, which SQLite stores in any column."""
    if value is None:
        return
    with suppress(NotImplementedError):
        if not isinstance(value, column.type.python_type):
            raise TypeError
    if (table, column.name) in _OBJECTS:
        read_object(str(value))


def _named(connection: Connection, table: Table, place: str) -> tuple[str, str]:
    cells = [one.name for one in table.columns if not _can_read(connection, table, [place], [one])]
    keys = [column for column in table.primary_key.columns if column.name not in cells]
    where = text(f"{_PLACE[connection.dialect.name]} = {place}")
    row = connection.execute(select(*keys).where(where)).one() if keys else ()
    name = " ".join([table.name, *map(str, row)])
    return name, f"its {' and '.join(cells)} cannot be read; what follows is without this row"


def _hide(connection: Connection, name: str, places: Sequence[str]) -> None:
    inner = {"sqlite": "main", "postgresql": connection.dialect.default_schema_name}
    own = f"{inner[connection.dialect.name]}.{name}"
    which = f"{_PLACE[connection.dialect.name]} NOT IN ({', '.join(places)})"
    every: ColumnClause[object] = literal_column("*")
    hidden = select(every).select_from(text(own)).where(text(which))
    connection.execute(text(f"CREATE TEMPORARY VIEW {name} AS {hidden}"))
