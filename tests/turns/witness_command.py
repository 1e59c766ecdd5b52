"""The witness's program as a module, and a city that answers it without a network."""

import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from publicmeeting.config import PROJECT
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.merkle import consistency, leaf_hash, root_of
from publicmeeting.turns.tree.tiles import WIDTH, Tile, bundle, read_path

PATH = PROJECT / "assets" / "witness.py"
ORIGIN, HASH = "example.ir/log", "ab" * 32
CITY_SEED, RESERVE_SEED, STRANGER_SEED = b"\x01" * 32, b"\x07" * 32, b"\x09" * 32


def command() -> ModuleType:
    """Return `assets/witness.py` as a module; it shares no code with the product."""
    spec = importlib.util.spec_from_file_location("witness_command", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class DemoCity:
    """A city that serves tiles of its entries and records what it receives."""

    now: datetime
    module: ModuleType
    entries: list[bytes] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    seed: bytes = CITY_SEED
    is_away: bool = False
    refuses: bool = False
    tamper: Callable[[str, bytes], bytes] = lambda _path, data: data

    def append(self, kind: str, at: datetime | None = None, **body: object) -> None:
        when = (at or self.now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        seq = len(self.entries) + 1
        self.entries.append(canonical({"at": when, "body": body, "kind": kind, "seq": seq}))

    def note(self, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        root = root_of([leaf_hash(entry) for entry in self.entries[:size]])
        return str(signed(Checkpoint(ORIGIN, size, root), self.seed)).encode()

    def get(self, path: str) -> bytes:
        if self.is_away:
            raise self.module.NotNow("away")
        if path == "checkpoint":
            return self.tamper(path, self.note())
        if path == "notes":  # no other witness has signed
            return b"[]"
        tile = read_path(path)
        assert tile is not None, path
        if tile.level is not None:
            return self.tamper(path, self._hashes(tile))
        found = self.entries[tile.first : tile.first + tile.width]
        if len(found) < tile.width:
            raise self.module.NotNow(path)
        return self.tamper(path, bundle(found))

    def _hashes(self, tile: Tile) -> bytes:
        leaves, span = [leaf_hash(entry) for entry in self.entries], WIDTH**tile.level
        places = range(tile.first, tile.first + tile.width)
        return b"".join(root_of(leaves[place * span : (place + 1) * span]) for place in places)

    def post(self, path: str, data: bytes, _kind: str) -> bytes | None:
        if self.is_away:
            raise self.module.NotNow("away")
        self.posted.append((path, data))
        if self.refuses:
            return None
        if path in {"commitment", "reveal", "value"}:
            self.append(path, **json.loads(data))
        return b"{}"

    def entries_of(self, start: int, end: int) -> list[bytes]:
        """Return entries as the witness's program reads them."""
        found: list[bytes] = self.module.City.entries(self, start, end)
        return found

    def proof(self, old: int) -> list[bytes]:
        leaves = [leaf_hash(entry) for entry in self.entries]

        def nodes(height: int, index: int) -> bytes:
            return root_of(leaves[index << height : (index + 1) << height])

        return consistency(old, len(self.entries), nodes)


@dataclass
class Institution:
    """One folder of a witness's program beside one city."""

    module: ModuleType
    folder: Path
    city: DemoCity

    @property
    def copy(self):
        return self.module.Copy(self.folder)

    def round(self, value: str | None = None):
        """Do one minute of `run`, as a process that has just started."""
        rounds = self.module.Rounds(self.copy, self._reached(), lambda: self.city.now)
        rounds.once(value)
        return rounds

    def rules(self, signed: str) -> int:
        """Run `rules`, which signs the rules of this hash."""
        code: int = self.module.rules(self.copy, self._reached(), lambda: self.city.now, signed)
        return code

    def _reached(self):
        city = self.city

        class Reached:
            get, post = city.get, city.post

            def entries(self, start: int, end: int) -> list[bytes]:
                return city.entries_of(start, end)

        return Reached()


def institution(module: ModuleType, folder: Path, city: DemoCity) -> Institution:
    keys = [city_key(ORIGIN, CITY_SEED).vkey, city_key(ORIGIN, RESERVE_SEED).vkey]
    words = ["keygen", "--dir", str(folder), "--party", "council", "--name", "example.ir/council"]
    assert module.main([*words, "--city-key", keys[0], "--city-key", keys[1]]) == 0
    return Institution(module, folder, city)


RULES = {
    "version": 1,
    "week": {
        "freeze": {"days_before": 6, "at": "12:00"},
        "reveals_from": {"days_before": 6, "at": "20:00"},
        "reveals_until": {"days_before": 6, "at": "22:00"},
        "value_from": {"at": "14:00"},
        "value_until": {"at": "20:00"},
        "standby_until": {"days_before": 1, "at": "20:00"},
    },
    "late_value": {"kind": "published", "days": ["wed", "sat", "sun"], "session": "09:00"},
}


def at(text: str) -> datetime:
    """Return a moment of a text in Tehran's time: `2026-12-01 12:00`, seconds optional."""
    return datetime.fromisoformat(f"{text}+03:30")


def after(moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=minutes)
