"""First steps that many tests share: simulated once a session, and copied into every other test."""

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest

from publicmeeting.application import Application
from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.store.database.engine import sqlite_files
from support.clock import FixedClock

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Lived:
    """A city after a walk, and what the walk returned."""

    city: Path
    at: datetime
    sent: tuple[tuple[str, str], ...]
    """Messages that the walk sent to the demo's phone."""
    result: Any


_lived: dict[Hashable, _Lived] = {}
_patches: list[pytest.MonkeyPatch] = []
"""The monkeypatch of the running test, which knows what the test has replaced."""
_counts_statements = False


def walk_always() -> None:
    """Copy nothing from now on, so that the statements of each test can be counted."""
    global _counts_statements  # noqa: PLW0603  (set once, before the first test)
    _counts_statements = True


@contextmanager
def walked_if_replaced(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a test walk by itself from the moment at which it replaces a part of the program."""
    _patches.append(patch)
    try:
        yield
    finally:
        _patches.remove(patch)


def once(application: Application, key: tuple[Hashable, ...], walk: Callable[[], Result]) -> Result:
    """Return the result of `walk`; if the same walk was done before, copy the city it led to.

    `key` names the walk and everything that it depends on, besides the city in which it begins. A
    copy is possible only if nothing was written to the city's database since it was made or copied.
    The walk is done again on PostgreSQL, if a page listens to what the walk publishes, in any other
    thread than the main one, and if the test has replaced a part of the program.
    """
    clock, phone = application.clock, application.phone
    file = _untouched(application)
    if file is None or not isinstance(clock, FixedClock) or not isinstance(phone, DemoPhone):
        return walk()
    begun = (sha256(file.read_bytes()).digest(), clock.now, *key)
    if begun not in _lived:
        before = list(phone.sent)
        result = walk()
        after = list(phone.sent)
        if after[: len(before)] == before:
            city = file.with_name(f"{len(_lived)}.lived")
            _copy(file, city)
            _copy(city, file)  # so that this test goes on from the same file as later ones
            _lived[begun] = _Lived(city, clock.now, tuple(after[len(before) :]), result)
        return result
    there = _lived[begun]
    _copy(there.city, file)
    application.store.recent.drop({EVERYTHING})
    clock.set(there.at)
    phone.sent.extend(there.sent)
    result_before: Result = there.result
    return result_before


def _untouched(application: Application) -> Path | None:
    """Return the database's file if a copy may replace a walk now, else None."""
    is_other = _counts_statements or any(patch._setattr or patch._setitem for patch in _patches)
    is_noticed = application.pubsub.subscriptions() > 0
    if is_other or is_noticed or threading.current_thread() is not threading.main_thread():
        return None
    file, written, _ = sqlite_files(str(application.store.engine.url)) or (None, None, None)
    if file is None or (written.exists() and written.stat().st_size):
        return None
    return file


def _copy(source: Path, target: Path) -> None:
    """Replace the content of the target, also for connections that have it open."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
