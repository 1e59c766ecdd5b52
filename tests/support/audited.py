"""Audit of a whole public log in one call: entries, notes, draw files, and growth of the tree.

The product reads a log entry by entry (`turns/machine/audit.py`). Only tests need it all at once.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.machine.audit import Auditor, size_of
from publicmeeting.turns.machine.breaks import Break, Found
from publicmeeting.turns.machine.copies import unlike
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.tree.merkle import EMPTY, HASH, node_hash

LOG = "log"
"""Key of findings about no single draw, beside the ids of draws."""

Published: TypeAlias = Mapping[str, Any]
"""A draw file or an entry, as JSON."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Result of `against_log`: draw id (or `LOG`) → findings; empty if files and log agree."""

    faults: Mapping[str, tuple[Found, ...]]


def replay(
    entries: Iterable[Mapping[str, Any]], book: Book | None = None
) -> tuple[Book, list[Found]]:
    """Return the state after all entries, and every finding about them."""
    state = book or Book()
    found = [one for entry in entries for one in read(state, entry)]
    return state, found


def audit(
    origin: str,
    entries: Iterable[bytes],
    notes: Iterable[str | bytes] = (),
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Found]:
    """Return every finding about a log and its notes."""
    read_notes = list(notes)
    auditor = Auditor(origin, filter(None, map(size_of, read_notes)), files)
    for entry in entries:
        auditor.read(entry)
    for note in read_notes:
        auditor.note(note)
    return auditor.finish()


def against_log(files: Iterable[Published], entries: Iterable[Published]) -> Agreement:
    """Audit the entries, and compare draw files that have no fault of their own with them.

    It has no notes, so it leaves out what only witnesses' signatures could show. It never raises an
    error, whatever an entry contains.
    """
    published, log = list(files), list(entries)
    furthest = {str(file["draw"]): file for file in sorted(published, key=len)}
    auditor = Auditor(_origin(log), files=furthest)
    for entry in log:
        auditor.read(_data(entry))
    faults: defaultdict[str, list[Found]] = defaultdict(list)
    for one in auditor.finish():
        if not one.code.is_note and one.code is not Break.NOT_COSIGNED:
            faults[one.draw or LOG].append(one)
    for one in unlike(published, auditor.book):
        faults[one.draw].append(one)
    return Agreement({name: tuple(dict.fromkeys(found)) for name, found in faults.items()})


def _origin(log: list[Published]) -> str:
    """Return the log's name from its first entry, or "" if the entry does not have it."""
    match log[:1]:
        case [{"body": {"origin": str(origin)}}]:
            return origin
    return ""


def _data(entry: Published) -> bytes:
    """Return the bytes of an entry as published; b"" for a value that cannot be encoded."""
    try:
        return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        return b""


def continues(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the tree of `size` entries continues that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size or any(len(step) != HASH for step in path):
        return False
    if old == size:
        return not path and old_root == root
    if old == 0:
        return not path and old_root == EMPTY
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            found_old, found = node_hash(step, found_old), node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root


def all_draws(uow: UnitOfWork) -> list[Draw]:
    """Return all draws with their files, newest Monday first."""
    found = (uow.draws.get(one.district, one.monday) for one in uow.draws.published())
    return [draw for draw in found if draw is not None]
