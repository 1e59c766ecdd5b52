"""A brief reading that writes or streams fails in every test, also on SQLite, which allows both.

On PostgreSQL it has no transaction that undoes what it writes, or in which a cursor stays open.
The program itself refuses only what writes, on PostgreSQL: a listener of an engine costs each
statement a fifth of what SQLAlchemy does for it.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import ExecutionContext

_READS = ("SELECT", "WITH")


def watch_brief_readings() -> None:
    event.listen(Engine, "before_cursor_execute", _refuse)


def _refuse(
    connection: Connection,
    _cursor: object,
    statement: str,
    _values: object,
    context: ExecutionContext,
    *_more: object,
) -> None:
    if connection.get_execution_options().get("brief"):
        assert statement.startswith(_READS), "a brief reading writes"
        assert not context.execution_options.get("yield_per"), "a brief reading streams"
