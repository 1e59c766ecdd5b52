"""A published log of a city's year, and one row of it proved on a slow phone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Measured
from bench.tab import Tab
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry, entry
from publicmeeting.turns.pool import Row
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.note import Key, KeyType, SignedNote, cosign
from publicmeeting.turns.tree.tiles import tiles_of

ENTRIES, ROWS, SEATS = 125_000, 5000, 40
SECONDS, BYTES = 2, 300_000
"""Limits for proving one's own row."""
_ORIGIN, _WITNESS = "city.test/log", "council.test/witness"
_SEED, _WITNESS_SEED = b"\1" * 32, b"\2" * 32
_START = datetime(2026, 1, 1, tzinfo=UTC)

_PROVE = """(async () => {
  const { prove } = await import("/public/verify/check/prove.js");
  const { fetching } = await import("/public/verify/check/phone.js");
  const texts = new Proxy({}, { get: (_, name) => String(name) });
  const storage = { getItem: () => null, setItem: () => {} };
  const fetcher = fetching();
  const start = performance.now();
  const found = await prove(%s, fetcher, storage, texts, {});
  const holds = found.ticks.filter((one) => one.holds).length;
  return [(performance.now() - start) / 1000, fetcher.bytes, found.broken ? 0 : holds];
})()"""


def publish(folder: Path) -> dict[str, str]:
    """Write the log's files as the site serves them; return what a reader asks for."""
    file = sample_draw(Random("phone"), ROWS, SEATS)
    log = [entry(seq, _START + timedelta(minutes=4 * seq), *_filler(seq)) for seq in _numbers()]
    monday = file["draw"][4:]
    last = [
        (Kind.FREEZE, {"pool_root": file["pool_root"], "rows": ROWS}),
        (Kind.REVEALS_CLOSED, {"monday": monday}),
        (Kind.VALUE_STANDS, {"day": file["late_day"], "value": file["late_value"]}),
        (Kind.DRAW, {"file": sha(canonical_json(file))}),
    ]
    moment = datetime.fromisoformat(log[-1].at)
    for kind, body in last:
        log.append(entry(len(log) + 1, moment, kind, {"draw": file["draw"], **body}))
    note = _write_tree(folder / "log", log, at_tehran(from_iso(file["late_day"]), "08:00"))
    (folder / "log" / "checkpoint").write_text(str(note), encoding="utf-8")
    (folder / "log" / "notes").write_text(f"[{len(log)}]", encoding="utf-8")
    (folder / "log" / "note").mkdir()
    (folder / "log" / "note" / str(len(log))).write_text(str(note), encoding="utf-8")
    (folder / "verify").mkdir()
    now = {
        "origin": _ORIGIN,
        "keys": [city_key(_ORIGIN, _SEED).vkey],
        "witnesses": [
            {"vkey": Key.of(_WITNESS, KeyType.COSIGNATURE, _WITNESS_SEED).vkey, "party": "council"}
        ],
        "audited": "",
    }
    (folder / "verify" / "now.json").write_text(json.dumps(now), encoding="utf-8")
    ticket = _write_row(folder, file, log[-4:])
    return {"draw": file["draw"], "ticket": ticket}


def _numbers() -> range:
    return range(1, ENTRIES - 3)


def _filler(seq: int) -> tuple[Kind, dict[str, object]]:
    return Kind.FILED, {"ticket": sha(str(seq)), "district": 6, "by": "citizen"}


def _write_tree(folder: Path, log: list[Entry], at: datetime) -> SignedNote:
    levels = [[one.leaf for one in log]]
    while len(levels[-1]) >= 256:
        full = range(0, len(levels[-1]) // 256 * 256, 256)
        levels.append([merkle.root_of(levels[-1][at : at + 256]) for at in full])
    for tile in tiles_of(len(log)):
        if tile.level is not None:
            path = folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            hashes = levels[tile.level][tile.first : tile.first + tile.width]
            path.write_bytes(b"".join(hashes))
    checkpoint = Checkpoint(_ORIGIN, len(log), merkle.root_of(levels[0]))
    witness = cosign(checkpoint.text, _WITNESS, _WITNESS_SEED, int(at.timestamp()))
    return SignedNote(checkpoint.text, (*signed(checkpoint, _SEED).signatures, witness))


def _write_row(folder: Path, file: dict[str, Any], entries: list[Entry]) -> str:
    rows = [Row.from_body(body) for body in file["pool"]]
    head = f"{file['draw']}|{file['rules_hash']}|{','.join(file['seats'])}"
    leaves = [merkle.leaf_hash(text.encode()) for text in (head, *(row.text for row in rows))]
    at = ROWS // 3

    def node(height: int, index: int) -> bytes:
        return merkle.root_of(leaves[index << height : (index + 1) << height])

    proof = {
        "draw": file["draw"],
        "row": rows[at].body,
        "index": at + 1,
        "leaves": len(leaves),
        "path": [step.hex() for step in merkle.inclusion(at + 1, len(leaves), node)],
        "pool_root": file["pool_root"],
        "entries": {one.kind.value: one.data.decode() for one in entries},
        "size": len(canonical_json(file)),
    }
    place = folder / "draws" / file["draw"] / "row"
    place.mkdir(parents=True)
    (place / rows[at].ticket).write_text(json.dumps(proof), encoding="utf-8")
    return rows[at].ticket


def measure_in(tab: Tab, wanted: dict[str, str], slowly: str) -> list[Measured]:
    """Return seconds and bytes of proving one row up to the signed log, and the number of ticks."""
    answer = tab.evaluate(_PROVE % json.dumps(wanted))
    assert isinstance(answer, list)
    seconds, size, ticks = (float(one) for one in answer)
    return [
        Measured(f"own row of {ROWS} in a log of {ENTRIES}, {slowly}", seconds, "s", SECONDS),
        Measured("fetched for it", size, "B", BYTES),
        Measured("ticks missing of it", 5 - ticks, "", 0),
    ]
