"""`bench log`: the cost of an entry of the public log, and of a tile in a log of a year."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count

from bench.figures import Measured
from bench.large.bulk import Bulk, Table, set_head
from publicmeeting.kit.clock import utc_now
from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import canonical, entry
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.tiles import LEVEL, WIDTH, Tile

YEAR = 125_000
"""Entries of 22 districts in a year."""
APPEND_MS, TILE_MS, CHECKPOINT_MS = 5.0, 20.0, 5.0
_TIMES = 200


def measure(entries: int) -> list[Measured]:
    """Return milliseconds over a log of this many entries on SQLite.

    Each figure is the best tenth of many runs, so that a busy machine does not count.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/city.db"
        upgrade_url(url)
        with closing(Store(url, b"k" * 32)) as store:
            _fill(store, entries)
            return list(_figures(store, entries))


def _figures(store: Store, entries: int) -> Iterator[Measured]:
    numbers = count()
    full, last = Tile(0, entries // WIDTH // 2), Tile(None, entries // WIDTH // 3)
    timed: dict[str, tuple[Callable[[], object], float]] = {
        "one entry, signed and committed": (lambda: _append(store, 1, numbers), APPEND_MS),
        "one of ten entries of a transaction": (lambda: _append(store, 10, numbers), APPEND_MS),
        "a tile of hashes": (lambda: _read(store, full), TILE_MS),
        "a bundle of entries": (lambda: _read(store, last), TILE_MS),
        "the newest checkpoint": (lambda: _checkpoint(store), CHECKPOINT_MS),
        "an old root": (lambda: _root(store, entries // 2), TILE_MS),
        "a path and a consistency proof": (lambda: _prove(store, entries), 2 * TILE_MS),
    }
    for what, (call, limit) in timed.items():
        parts = 10 if "ten" in what else 1
        yield Measured(what, _best(call) / parts, "ms", limit)


def _best(call: Callable[[], object]) -> float:
    took = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.quantiles(took, n=10)[0] * 1000


def _fill(store: Store, entries: int) -> None:
    now = utc_now() - timedelta(days=1)
    rows, nodes, edge = [], [], merkle.Edge()
    for number in range(1, entries + 1):
        body = {"ticket": sha(str(number)), "draw": "d06-1405-09-16", "time": "09:00"}
        new = entry(number, now, Kind.SEAT_CONFIRMED, body)
        rows.append((number, new.at, new.kind.value, canonical(body), new.leaf))
        nodes += [
            (height // LEVEL, index, made)
            for height, index, made in edge.append(new.leaf)
            if height and height % LEVEL == 0
        ]
    with store.unit_of_work(now) as uow:
        uow.log.set_keys("bench/log", b"\x01" * 32, "")
        Bulk(uow).write(Table.LOG, ("seq", "at", "kind", "body", "leaf"), rows)
        Bulk(uow).write(Table.LOG_NODE, ("level", "number", "hash"), nodes)
        set_head(uow.log, edge, new.at)


def _append(store: Store, many: int, numbers: Iterator[int]) -> None:
    now = utc_now()
    with store.unit_of_work(now) as uow:
        for _ in range(many):
            ticket = sha("new", str(next(numbers)))
            body: dict[str, object] = {"ticket": ticket, "draw": "d06-1405-09-16", "time": "09:00"}
            uow.log.append(Kind.SEAT_CONFIRMED, body, now)


def _read(store: Store, tile: Tile) -> None:
    with store.unit_of_work(utc_now(), reading=True) as uow:
        assert uow.log.tile(tile)


def _checkpoint(store: Store) -> None:
    with store.unit_of_work(utc_now(), reading=True) as uow:
        assert uow.log.checkpoint()


def _root(store: Store, size: int) -> None:
    with store.unit_of_work(utc_now(), reading=True) as uow:
        assert uow.log.mark(size)


def _prove(store: Store, size: int) -> None:
    with store.unit_of_work(utc_now(), reading=True) as uow:
        nodes = uow.log.nodes(size)
        assert merkle.inclusion(size // 3, size, nodes)
        assert merkle.consistency(size // 2, size, nodes)
