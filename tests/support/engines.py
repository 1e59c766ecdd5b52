"""Choice of the tests that run on PostgreSQL too: some folders, and what is marked for it."""

import operator
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINES = ("sqlite", "postgresql")
MARK = "on_postgresql"
WHOLE_FOLDERS = ("seeder", "store")
"""Folders that run as a whole on PostgreSQL: locks, migrations, leases and search."""

_TESTS = Path(__file__).resolve().parents[1]


def engine_of(item: pytest.Item) -> str:
    """Return the engine of a test; a test without a database counts as SQLite."""
    assert isinstance(item, pytest.Function)
    if "postgresql_templates" in item.fixturenames:
        return "postgresql"
    return _parameter(item) or "sqlite"


def has_both_engines(item: pytest.Item) -> bool:
    """Return whether this test exists once for each engine."""
    return isinstance(item, pytest.Function) and _parameter(item) is not None


def is_chosen(item: pytest.Item) -> bool:
    """Return whether the ordinary run on PostgreSQL includes this test."""
    in_folder = item.path.relative_to(_TESTS).parts[0] in WHOLE_FOLDERS
    mark = item.get_closest_marker(MARK)
    return _is_row_of(item, mark) if mark else in_folder


def may_hold_chosen(path: Path) -> bool:
    """Return whether a file may contain a chosen test; other files need not be imported."""
    is_whole = path.relative_to(_TESTS).parts[0] in WHOLE_FOLDERS
    return is_whole or MARK.encode() in path.read_bytes()


def _is_row_of(item: pytest.Item, mark: pytest.Mark) -> bool:
    """Return whether a test is among the rows that its mark chooses; without `rows`, it is.

    A row is a place in the list of `parametrize`; of several lists, each has these rows.
    """
    rows = mark.kwargs.get("rows")
    return rows is None or all(place in rows for place in _places(item))


def _places(item: pytest.Item) -> Iterator[int]:
    """Yield the place of a test's values in each list of `parametrize`.

    Pytest's own `indices` count on from one engine to the next.
    """
    assert isinstance(item, pytest.Function)
    for mark in item.iter_markers("parametrize"):
        names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
        its = [item.callspec.params[name.strip()] for name in names]
        rows = [row if len(its) > 1 else (row,) for row in mark.args[1]]
        yield next(at for at, row in enumerate(rows) if all(map(operator.is_, row, its)))


def _parameter(item: pytest.Function) -> str | None:
    chosen = getattr(item, "callspec", None)
    engine = chosen.params.get("templates") if chosen else None
    return None if engine is None else str(engine)
