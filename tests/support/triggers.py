"""Tables without their triggers, as the database owner can have them."""

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, text

from publicmeeting.store.unit_of_work import UnitOfWork


def drop_triggers(uow: UnitOfWork) -> None:
    if uow.connection.dialect.name == "postgresql":
        uow.connection.execute(text("ALTER TABLE public_log DISABLE TRIGGER USER"))
        return
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'public_log'"
    for (name,) in uow.connection.execute(text(query)).all():
        uow.connection.execute(text(f"DROP TRIGGER {name}"))


def change_past_the_program(engine: Engine, statement: str, **values: object) -> None:
    """Change rows as the database owner can: with all triggers off, and on again afterwards."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            assert connection.execute(text(statement), values).rowcount > 0
        return
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        there = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(there).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement, values).rowcount > 0
        for _, written in triggers:
            connection.execute(written)
        connection.commit()


def write(where: Any, statement: str, **values: object) -> None:
    """Do so in the database of a `Hall` or a `Line`."""
    change_past_the_program(engine_of(where), statement, **values)


def engine_of(where: Any) -> Engine:
    engine: Engine = where.city.application.store.engine
    return engine


def end_of_log(where: Any) -> dict[str, Any]:
    """Return the end of the log with its note, as the database owner may copy it."""
    with engine_of(where).connect() as connection:
        row = connection.execute(text("SELECT seq, at, edge, note FROM log_head")).mappings().one()
    return dict(row)


def put_back(where: Any, end: dict[str, Any]) -> None:
    """Put an end of the log back, of this or of an earlier time."""
    write(where, "UPDATE log_head SET seq = :seq, at = :at, edge = :edge, note = :note", **end)
