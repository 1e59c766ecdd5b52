"""A city's public log under three auditors that share no code: product, browser, downloadable."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor import Memory, program
from city_books import tile_path

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import BODIES, Kind, wrong_keys
from support.audited import all_draws, audit
from support.browser_scripts import Scripts

_AUDIT = "public/verify/check/audit.js"
_READ = """(origin, texts, notes) => {
  const bytes = (text) => new TextEncoder().encode(text);
  return auditLog(origin, texts.map(bytes), notes.map(bytes)).map((one) => [one.code, one.seq]);
}"""


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """What a mirror of the city has: entries as bytes, notes by size, draw files by draw."""

    origin: str
    entries: list[bytes]
    notes: Mapping[int, str]
    files: Mapping[str, dict]

    def paths(self) -> dict[str, bytes]:
        """Return the same by the paths at which it is published, for the downloadable auditor."""
        newest = len(self.entries)
        paths = {f"note/{size}": text.encode() for size, text in self.notes.items()}
        paths["checkpoint"] = paths[f"note/{newest}"]
        for at in range(0, newest, 256):
            some = self.entries[at : at + 256]
            bundle = b"".join(len(one).to_bytes(2, "big") + one for one in some)
            paths[f"tile/entries/{tile_path(at // 256, len(some))}"] = bundle
        files = {name: canonical_json(file).encode() for name, file in self.files.items()}
        return paths | {f"draws/{name}.json": data for name, data in files.items()}


def published_log(uow: UnitOfWork) -> PublishedLog:
    """Return everything that is published of the log now."""
    entries = [entry.data for entry in uow.log.after(0, 1_000_000)]
    sizes = [*uow.log.cosigned_sizes(), len(entries)]
    return PublishedLog(
        origin=uow.log.keys().origin,
        entries=entries,
        notes={size: uow.log.note(size) for size in sizes},
        files={draw.id: draw.file for draw in all_draws(uow)},
    )


def found_by_all(log: PublishedLog, folder: Path) -> dict[str, list[tuple[str, object]]]:
    """Return auditor → (finding, entry or place) of everything each finds, notes included."""
    notes = list(log.notes.values())
    product = audit(log.origin, log.entries, notes, log.files)
    with Scripts(folder, _AUDIT) as scripts:
        texts = [entry.decode() for entry in log.entries]
        browser = scripts.run(_READ, log.origin, texts, notes)
    downloaded = program.Books(Memory(log.paths())).found
    return {
        "product": [(found.code.value, found.seq) for found in product],
        "browser": [(code, seq) for code, seq in browser],
        "downloaded": [(one.code, str(one)) for one in downloaded],
    }


def out_of_form(log: PublishedLog) -> list[tuple[str, tuple[str, ...]]]:
    """Return kind and wrong keys of every entry that is out of its exact form."""
    read = [json.loads(entry) for entry in log.entries]
    known = [(one["kind"], one["body"]) for one in read if Kind(one["kind"]) in BODIES]
    forms = [(kind, wrong_keys(Kind(kind), body)) for kind, body in known]
    retired = [(one["kind"], ()) for one in read if Kind(one["kind"]) not in BODIES]
    return retired + [(kind, wrong) for kind, wrong in forms if wrong]
