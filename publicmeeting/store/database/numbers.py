"""Numbers that the database itself gives to new rows, and what keeps it from giving the next.

A row with the largest number, or a sequence that was moved, makes every later insert fail, or gives
new rows numbers before those of older ones.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Integer, Table, func, select, text

from publicmeeting.store.database.tables import TABLES

LARGEST = 2_000_000_000
"""No city reaches it; the last number that PostgreSQL gives is 2,147,483,647."""

_OF_THE_PROGRAM = {"log_head"}
"""Tables whose numbers the program chooses."""

_SEQUENCE = text(
    "SELECT s.seqrelid::regclass::text, coalesce(pg_sequence_last_value(s.seqrelid), 0)"
    " FROM pg_sequence s JOIN pg_attribute a ON a.attrelid = CAST(CAST(:table AS text) AS regclass)"
    " AND a.attname = 'id' JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE s.seqrelid = pg_get_serial_sequence(CAST(:table AS text), 'id')::regclass"
    " AND s.seqincrement = 1 AND s.seqmin = 1 AND s.seqmax > :largest AND NOT s.seqcycle"
    " AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.seqrelid::regclass)"
)


def number_faults(connection: Connection, but: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (table, fault) of each table in which a new row would get no number, or a wrong one.

    `but` are tables that differ from those of this release.
    """
    for name, table in TABLES.items():
        if name not in but and _is_numbered(table):
            newest = connection.execute(select(func.max(table.c.id))).scalar() or 0
            if newest > LARGEST:
                yield name, f"delete its row {newest}: no row can have a number after it"
            elif connection.dialect.name == "postgresql":
                yield from _of_sequence(connection, name, newest)


def _is_numbered(table: Table) -> bool:
    names = [column.name for column in table.primary_key]
    return (
        names == ["id"]
        and isinstance(table.c.id.type, Integer)
        and table.name not in _OF_THE_PROGRAM
    )


def _of_sequence(connection: Connection, table: str, newest: int) -> Iterator[tuple[str, str]]:
    sequence = connection.execute(_SEQUENCE, {"table": table, "largest": LARGEST}).first()
    if sequence is None:
        yield table, "its numbers do not come from the sequence that the migrations made"
    elif not newest <= sequence[1] <= LARGEST:
        name, wanted = sequence[0], max(newest, 1)
        yield table, f"its next number is wrong: SELECT setval('{name}', {wanted})"
