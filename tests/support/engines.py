"""Which tests run on PostgreSQL too: some folders, and elsewhere what is marked `on_postgresql`."""

from pathlib import Path

import pytest

ENGINES = ("sqlite", "postgresql")
MARK = "on_postgresql"
WHOLE_FOLDERS = ("cli", "notify", "seeder", "store")
"""Locks, migrations, leases, search, commands: what may differ by engine anywhere in them."""

_TESTS = Path(__file__).resolve().parents[1]


def engine_of(item: pytest.Item) -> str:
    """What has no database counts to the engine that needs nothing."""
    assert isinstance(item, pytest.Function)
    if "postgresql_templates" in item.fixturenames:
        return "postgresql"
    return _parameter(item) or "sqlite"


def has_both_engines(item: pytest.Item) -> bool:
    """Whether this test exists for each engine."""
    return isinstance(item, pytest.Function) and _parameter(item) is not None


def is_chosen(item: pytest.Item) -> bool:
    """Whether the ordinary run of PostgreSQL includes this test."""
    in_folder = item.path.relative_to(_TESTS).parts[0] in WHOLE_FOLDERS
    return in_folder or item.get_closest_marker(MARK) is not None


def may_hold_chosen(path: Path) -> bool:
    """Whether a file of tests may hold one of those; other files need not even be imported."""
    is_whole = path.relative_to(_TESTS).parts[0] in WHOLE_FOLDERS
    return is_whole or MARK.encode() in path.read_bytes()


def _parameter(item: pytest.Function) -> str | None:
    chosen = getattr(item, "callspec", None)
    engine = chosen.params.get("templates") if chosen else None
    return None if engine is None else str(engine)
