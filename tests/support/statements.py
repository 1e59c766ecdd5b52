"""SQLAlchemy's cache of compiled statements, shared by all engines of a test session.

SQLAlchemy caches compiled statements with the engine and its dialect, and every test has new
engines. The tables are the same in all of them, so the compiled texts are too.
"""

from sqlalchemy import Engine

_first: dict[str, Engine] = {}


def share_statements(engine: Engine) -> None:
    """Let this engine use the dialect and the cache of the first engine of its kind."""
    first = _first.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # the first connection tells the dialect about its server
        return
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
