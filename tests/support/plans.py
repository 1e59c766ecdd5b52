"""Statements that a piece of work sends, and how the database would run them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine

from publicmeeting.store.unit_of_work import Store

_ENGINES = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
_READS = ("SELECT", "WITH")


class Asked:
    """The statements that were sent, with their values."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statements: list[tuple[str, Any]] = []
        self.texts: list[str] = []

    def note(
        self, _connection: Connection, _cursor: object, text: str, values: Any, *_: object
    ) -> None:
        self.statements.append((text, values))
        self.texts.append(text)

    def __len__(self) -> int:
        return len(self.statements)

    @property
    def plans(self) -> list[str]:
        """Return the plan of each reading statement, as the database explains it."""
        explain = _ENGINES[self._engine.dialect.name]
        with self._engine.connect() as connection:
            return [
                "\n".join(
                    " ".join(map(str, row))
                    for row in connection.exec_driver_sql(explain + text, values)
                )
                for text, values in self.statements
                if text.lstrip().startswith(_READS)
            ]


@contextmanager
def asked(engine: Engine) -> Iterator[Asked]:
    """Record every statement that is sent inside the block."""
    found = Asked(engine)
    sqlalchemy.event.listen(engine, "before_cursor_execute", found.note)
    try:
        yield found
    finally:
        sqlalchemy.event.remove(engine, "before_cursor_execute", found.note)


@contextmanager
def statements_sent(store: Store) -> Iterator[list[str]]:
    """Collect the texts of the statements in order; a test may clear the list to count anew."""
    with asked(store.engine) as found:
        yield found.texts


def scanned(plans: list[str], table: str) -> list[str]:
    """Return the plans that read a whole table without an index."""
    return [
        plan
        for plan in plans
        for line in plan.splitlines()
        if f"Seq Scan on {table}" in line
        or line.rstrip().endswith((f"SCAN {table}", f"SCAN {table}Row"))
    ]
