"""Fixtures for auditors and the witness's program: scripts of the browser, a city, a witness."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from agreement import MODULES
from support.browser_scripts import Scripts
from witness_command import HASH, ORIGIN, RULES, DemoCity, Institution, at, command, institution


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    """The browser's auditor, started once: its functions keep nothing between two calls."""
    with Scripts(tmp_path_factory.mktemp("scripts"), *MODULES) as running:
        yield running


@pytest.fixture
def module() -> ModuleType:
    return command()


@pytest.fixture
def watched(module: ModuleType) -> DemoCity:
    watched = DemoCity(at("2026-11-20 10:00"), module)
    watched.append("log_opened", origin=ORIGIN, continues="")
    watched.append("rules_announced", hash=HASH, rules=RULES, **{"from": "1405-09-16"})
    watched.append("monday_opened", draw="d06-1405-09-16", rules_hash=HASH, seats=["09:00"], why="")
    return watched


@pytest.fixture
def council(module: ModuleType, tmp_path: Path, watched: DemoCity) -> Institution:
    return institution(module, tmp_path / "council", watched)
