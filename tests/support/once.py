"""What many tests begin with is lived once a session; every other test gets a copy of that city."""

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
    """A city as a walk has left it, and what the walk gave."""

    city: Path
    at: datetime
    sent: tuple[tuple[str, str], ...]
    """What the walk put on the demo's phone."""
    result: Any


_lived: dict[Hashable, _Lived] = {}
_patches: list[pytest.MonkeyPatch] = []
"""What the test that runs has replaced."""
_counts_statements = False


def walk_always() -> None:
    """Copy nothing from now on: what each test makes the product send is counted."""
    global _counts_statements  # noqa: PLW0603  (said once, before the first test)
    _counts_statements = True


@contextmanager
def walked_if_replaced(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Once a test has replaced a part of the program, what it walks is its own."""
    _patches.append(patch)
    try:
        yield
    finally:
        _patches.remove(patch)


def once(application: Application, key: tuple[Hashable, ...], walk: Callable[[], Result]) -> Result:
    """What `walk` gives; where the same was walked before, the city it led to is copied.

    `key` names the walk and all that it depends on besides the city it begins in. Only a city of
    SQLite in which nothing has been written yet is taken, or nothing since it was copied; in any
    other it is walked. So it is where a page listens to what the walk publishes, in a thread beside
    others, and where the test has replaced a part of the program.
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
            _copy(city, file)  # from here it goes on as whoever copies it
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
    """The database's file, if nothing has been written since it was copied and nobody would notice
    that what is copied now is not lived."""
    is_other = _counts_statements or any(patch._setattr or patch._setitem for patch in _patches)
    is_noticed = application.pubsub.subscriptions() > 0
    if is_other or is_noticed or threading.current_thread() is not threading.main_thread():
        return None
    file, written, _ = sqlite_files(str(application.store.engine.url)) or (None, None, None)
    if file is None or (written.exists() and written.stat().st_size):
        return None
    return file


def _copy(source: Path, target: Path) -> None:
    """Whoever has the target open reads the copy from then on; it lies in its file as a whole."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
