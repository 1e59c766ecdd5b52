"""A statement is compiled once a session and engine kind, not once for each test's database.

SQLAlchemy keeps what it has compiled with the engine and its dialect, and every test has engines of
its own. The tables are the same in all of them, and so are the compiled texts.
"""

from sqlalchemy import Engine

_first: dict[str, Engine] = {}


def share_statements(engine: Engine) -> None:
    """Let this engine use the dialect, and what was compiled for it, of the first of its kind."""
    first = _first.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # a dialect learns about its server at the first connection
        return
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
