"""Audits a log without its notes, and compares published draw files with those it makes.

A file can be right in itself and yet not be the one that follows from the log: every file is made
again from the entries alone and compared byte by byte in its canonical text (docs/turns.md 6).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Break, Found
from publicmeeting.turns.machine.draws import drawn_file
from publicmeeting.turns.machine.state import Book, Draw

LOG = "log"
"""Where a break of no draw's own stands, beside the ids of draws."""

Published: TypeAlias = Mapping[str, Any]
"""A draw file or an entry, as JSON."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """`faults`: draw id (or `LOG`) → what is wrong there; empty when all agrees."""

    faults: Mapping[str, tuple[Found, ...]]


def against_log(files: Iterable[Published], entries: Iterable[Published]) -> Agreement:
    """Audit the entries, from the first one on, and compare files that have no fault of their own.

    What only witnesses' signatures could show is left out, as no notes are here. Never raises,
    whatever an entry is.
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


def unlike(files: Iterable[Published], book: Book) -> Iterator[Found]:
    """Files, right in themselves, that are not those the log makes."""
    for file in files:
        name = str(file["draw"])
        draw = book.draws.get(name)
        if draw is None or not _follows(file, draw, book):
            yield Found(Break.FILE_DIFFERS, _decided(file, draw), name)


def _follows(file: Published, draw: Draw, book: Book) -> bool:
    """Whether the log makes this file; one of an earlier state may be older than what followed."""
    week = book.weeks[draw.day]
    if "pool" not in file:
        return (
            file["rules_hash"] == draw.rules.hash
            and file["seats"] in (list(draw.seats_opened), draw.seats)
            and file["commitments"].items() <= week.commitments.items()
        )
    if draw.pool is None:
        return False
    if "seed" not in file:
        pools = [pool for pool in (draw.first_pool, draw.pool) if pool]
        return canonical_json(file) in [canonical_json(pool.file) for pool in pools]
    if not draw.drawn or week.stands is None:
        return False
    return canonical_json(file) == canonical_json(drawn_file(draw, week))


def _decided(file: Published, draw: Draw | None) -> int:
    """The entry that a file of this state follows from; 0: there is none."""
    if draw is None:
        return 0
    if "seed" in file:
        return draw.drawn
    pool = draw.pool.seq if draw.pool else 0
    return pool if "pool" in file else draw.opened


def _origin(log: list[Published]) -> str:
    """The log's name, as its first entry says it."""
    match log[:1]:
        case [{"body": {"origin": str(origin)}}]:
            return origin
    return ""


def _data(entry: Published) -> bytes:
    """The bytes of an entry as published; of what has none, some that no entry has."""
    try:
        return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        return b""
