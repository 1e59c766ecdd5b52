"""Compares the tables of a database with those that the migrations make.

Missing or changed columns, indexes and constraints are found, and those that somebody has added to
a table of this program. Other tables are not looked at. Triggers are those of `guards.py`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from warnings import catch_warnings, simplefilter

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Index, Table, text

from publicmeeting.store.database.rows import cases, city, doors, people

# Each module of rows adds its tables to the one metadata.
(METADATA,) = {rows.SQLModel.metadata for rows in (cases, city, doors, people)}
TABLES = METADATA.tables

_OPTIONS = {"compare_type": True, "compare_server_default": True}
_KINDS = {
    "add_table": "is gone",
    "add_column": "its column {} is gone",
    "remove_column": "its column {} is not of this program",
    "add_index": "its index {} is gone or changed",
    "remove_index": "its index {} is not of this program, or changed",
    "add_constraint": "its constraint {} is gone or changed",
    "remove_constraint": "its constraint {} is not of this program, or changed",
    "add_fk": "its foreign key {} is gone or changed",
    "remove_fk": "its foreign key {} is not of this program, or changed",
    "modify_type": "its column {} has another type",
    "modify_nullable": "its column {} differs in whether it may be empty",
    "modify_default": "its column {} has another default",
}
_INDEXES = {
    "sqlite": text(
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ),
    "postgresql": text(
        "SELECT c.relname, i.indexrelid::regclass::text,"
        " CASE WHEN i.indisvalid THEN pg_get_indexdef(i.indexrelid) ELSE '' END FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE c.relnamespace = current_schema()::regnamespace AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)"
    ),
}
_OWN_RULES = text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
_RULE = re.compile(
    r"\b(CHECK|COLLATE|GENERATED|CONFLICT|STRICT|WITHOUT|AUTOINCREMENT)\b", re.IGNORECASE
)
_NOISE = re.compile(r"::[a-z]+|[()\s]")


def table_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (table, fault) of each difference from the tables of this release, once."""
    yield from dict.fromkeys(_faults(connection))


def _faults(connection: Connection) -> Iterator[tuple[str, str]]:
    context = MigrationContext.configure(connection, opts=_OPTIONS)
    with catch_warnings():
        simplefilter("ignore")  # an index that SQLAlchemy cannot read is compared below
        differences = compare_metadata(context, METADATA)
    for difference in differences:
        for part in difference if isinstance(difference, list) else [difference]:
            yield from _fault(part)
    yield from _indexes(connection)
    if connection.dialect.name == "sqlite":
        for table, written in connection.execute(_OWN_RULES):
            if table in TABLES and (found := _RULE.search(written)):
                yield table, f"has a rule that is not of this program: {found[0].upper()}"


def _fault(difference: Sequence[Any]) -> Iterator[tuple[str, str]]:
    kind, *rest = difference
    if kind not in _KINDS:
        return  # a table beside those of this program
    if kind.startswith("modify"):
        _, table, name, *_ = rest
    elif kind.endswith("column"):
        _, table, column = rest
        name = column.name
    elif isinstance(rest[0], Table):
        table, name = rest[0].name, ""
    else:
        table = rest[0].table.name
        name = rest[0].name or "of " + ", ".join(column.name for column in rest[0].columns)
    yield table, _KINDS[kind].format(name)


def _indexes(connection: Connection) -> Iterator[tuple[str, str]]:
    """Compare what Alembic does not: indexes of expressions, and the rows of a unique index."""
    known = {
        (table.name, index.name): index for table in TABLES.values() for index in table.indexes
    }
    for table, name, written in connection.execute(_INDEXES[connection.dialect.name]):
        index = known.get((table, name))
        if index is None and table in TABLES:
            yield table, _KINDS["remove_index"].format(name)
        elif index is not None and (not written or _rows_of(index) != _where(index, written)):
            yield table, f"its index {name} is not of the rows that it should have"


def _rows_of(index: Index) -> str:
    which = index.dialect_options["sqlite"]["where"]  # the same as that of PostgreSQL
    return _plain(str(which)) if index.unique and which is not None else ""


def _where(index: Index, written: str) -> str:
    """Return the rows of a unique index; which rows another one has changes no result."""
    return _plain(written.partition(" WHERE ")[2]) if index.unique else ""


def _plain(condition: str) -> str:
    """Return a condition without what PostgreSQL adds to it."""
    return _NOISE.sub("", condition)
