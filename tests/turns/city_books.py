"""The public files of an invented city, and forgeries that the owner of its key could make.

Everything here is made from `docs/turns.md` alone and shares no code with `publicmeeting.turns`.
"""

import json
from base64 import b64encode
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BUNDLE = 256
CITY_TYPE, COSIGNER_TYPE = b"\x01", b"\x04"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha(*parts):
    return sha256("\n".join(parts).encode()).hexdigest()


@cache
def _private(secret):
    return Ed25519PrivateKey.from_private_bytes(secret)


@dataclass(frozen=True)
class Signer:
    """A name and an Ed25519 seed, as the city (type 1) or as a witness (type 4)."""

    name: str
    secret: bytes
    kind: bytes = COSIGNER_TYPE

    @property
    def public(self):
        return _private(self.secret).public_key().public_bytes_raw()

    @property
    def id(self):
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64encode(self.kind + self.public).decode()}"

    def sign(self, message):
        return _private(self.secret).sign(message)

    def line(self, text, seconds=None):
        """Return a signature line of a note; with `seconds` a cosignature."""
        stamp = b"" if seconds is None else seconds.to_bytes(8, "big")
        signed_text = text if seconds is None else f"cosignature/v1\ntime {seconds}\n{text}"
        signed = self.id + stamp + self.sign(signed_text.encode())
        return f"— {self.name} {b64encode(signed).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A published checkpoint: its size, and who cosigned it when (name → seconds)."""

    size: int
    stamps: dict


@dataclass
class History:
    """A whole public log with its notes, rules and draw files; `leaves` are computed on demand."""

    origin: str
    city: Signer
    witnesses: dict
    entries: list
    notes: list
    rules: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)

    def decoded(self):
        return [json.loads(entry) for entry in self.entries]

    def roots(self):
        """Return the root of every size, from 0 on."""
        return list(_roots(self.entries))

    def note_text(self, note, roots=None):
        root = (roots or self.roots())[note.size]
        text = checkpoint_text(self.origin, note.size, root)
        lines = [self.city.line(text)]
        lines += [self.witnesses[name].line(text, at) for name, at in note.stamps.items()]
        return f"{text}\n{''.join(lines)}"

    def receipt(self, seq, size=None):
        """Return the city's signed receipt for one entry, as of `size` entries."""
        size = size or len(self.entries)
        root = b64encode(self.roots()[size]).decode()
        entry = self.entries[seq - 1].decode()
        text = f"{self.origin}/receipt/v1\n{entry}\n{size}\n{root}\n"
        return f"{text}\n{self.city.line(text)}"

    def paths(self):
        """Return pairs of path and bytes: everything that a mirror has."""
        roots, size = self.roots(), len(self.entries)
        newest = [note for note in self.notes if note.size == size] or [Note(size, {})]
        yield "checkpoint", self.note_text(newest[-1], roots).encode()
        for note in self.notes:
            yield f"note/{note.size}", self.note_text(note, roots).encode()
        yield "notes", "".join(f"{note.size}\n" for note in self.notes).encode()
        for at in range(0, size, BUNDLE):
            some = self.entries[at : at + BUNDLE]
            bundle = b"".join(len(one).to_bytes(2, "big") + one for one in some)
            yield f"tile/entries/{tile_path(at // BUNDLE, len(some))}", bundle
        for level, hashes in enumerate(_tiles(self.entries)):
            for at in range(0, len(hashes), BUNDLE):
                some = hashes[at : at + BUNDLE]
                yield f"tile/{level}/{tile_path(at // BUNDLE, len(some))}", b"".join(some)
        for digest, body in self.rules.items():
            yield f"rules/{digest}.json", canonical(body).encode()
        for draw, file in self.files.items():
            yield f"draws/{draw}.json", canonical(file).encode()

    def write(self, folder):
        """Write the files under the paths of the public log, as a mirror has them."""
        for name, content in self.paths():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def checkpoint_text(origin, size, root):
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def tile_path(number, width):
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == BUNDLE else f"{path}.p/{width}"


def _leaf(entry):
    return sha256(b"\0" + entry).digest()


def _roots(entries):
    """Yield the root of each size (RFC 9162 2.1.1), from the complete subtrees of the size."""
    parts = []
    yield sha256(b"").digest()
    for number, entry in enumerate(entries, 1):
        parts.append(_leaf(entry))
        for _ in range((number & -number).bit_length() - 1):
            right = parts.pop()
            parts[-1] = sha256(b"\1" + parts[-1] + right).digest()
        root = parts[-1]
        for part in reversed(parts[:-1]):
            root = sha256(b"\1" + part + root).digest()
        yield root


def tree_root(entries):
    """Return the root over texts; there is at least one, the head of a pool."""
    return list(_roots([entry.encode() for entry in entries]))[-1].hex()


def _tiles(entries):
    hashes = [_leaf(entry) for entry in entries]
    while hashes:
        yield hashes
        full = [hashes[at : at + BUNDLE] for at in range(0, len(hashes) - BUNDLE + 1, BUNDLE)]
        hashes = [_subtree(some) for some in full]


def _subtree(hashes):
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return hashes[0]


def forged(history, change, *, bought=False, files=None):
    """Return the history as its owner would publish it after `change(entries)`.

    Entries are objects. References to an entry by number follow it. An added entry has no `seq`, or
    a new text as `seq`, by which others name it in `because`. The city signs everything again. A
    witness's line stays if the tree up to it is unchanged. Otherwise it is lost or, if the witness
    is `bought`, made again.
    """
    old = history.decoded()
    new = change(deepcopy(old))
    moved = {entry["seq"]: at for at, entry in enumerate(new, 1) if entry.get("seq") is not None}
    entries = [_renumbered(entry, at, moved) for at, entry in enumerate(new, 1)]
    made = replace(history, entries=entries, files=files or history.files)
    before, after, notes = history.roots(), made.roots(), []
    for note in history.notes:
        size = max((moved[seq] for seq in moved if _is_old(seq, note.size)), default=0)
        stands = bought or (size == note.size and before[size] == after[size])
        if size:
            notes.append(Note(size, note.stamps if stands else {}))
    return replace(made, notes=notes)


def _is_old(seq, size):
    return isinstance(seq, int) and seq <= size


def _renumbered(entry, at, moved):
    body = entry["body"]
    if isinstance(body, dict):
        if isinstance(body.get("because"), list):
            body["because"] = sorted(moved.get(one, one) for one in body["because"])
        for key in ("corrects", "seq"):
            if key in body:
                body[key] = moved.get(body[key], body[key])
    return canonical({**entry, "seq": at}).encode()


def without(*numbers):
    """Return a change that removes entries."""
    return lambda entries: [entry for entry in entries if entry["seq"] not in numbers]


def altered(seq, at=None, kind=None, **keys):
    """Return a change of one entry: of its time, its kind, or keys of its body."""

    def change(entries):
        entry = entries[seq - 1]
        entry["at"], entry["kind"] = at or entry["at"], kind or entry["kind"]
        entry["body"].update(keys)
        return entries

    return change


def inserted(after, kind, body, at=None, name=None):
    """Return a change that inserts an entry after number `after`, by default at its time."""

    def change(entries):
        entry = {"at": at or entries[after - 1]["at"], "body": body, "kind": kind, "seq": name}
        return [*entries[:after], entry, *entries[after:]]

    return change


def moved_behind(seq, after):
    """Return a change of order: entry `seq` comes after entry `after`, and takes its time."""

    def change(entries):
        entry = {**entries[seq - 1], "at": entries[after - 1]["at"]}
        rest = [one for one in entries if one["seq"] != seq]
        place = 1 + max((at for at, one in enumerate(rest) if one["seq"] <= after), default=-1)
        return [*rest[:place], entry, *rest[place:]]

    return change


def give(file, seed):
    """Give the seats by the rule of the documentation: debts, lanes, line."""
    rows, rules, free = file["pool"], file["rules"], list(file["seats"])

    def lots(stage, some):
        def lot(row):
            return sha("publicmeeting/lot/v1", seed, stage, row["ticket"])

        return sorted(some, key=lambda row: (lot(row), row["ticket"]))

    line = sorted(lots("line", rows), key=lambda row: -row["waited"])
    steps = [("debt", lots("debt", [row for row in rows if row["debt"]]), len(free))]
    for name, quota in sorted(rules["lanes"].items()):
        mine = [row for row in rows if row["lane"] == name]
        steps.append((f"lane:{name}", lots(f"lane:{name}", mine), quota))
    seated, has = [], set()
    for why, some, quota in [*steps, ("line", line, len(free))]:
        for row in [row for row in some if row["ticket"] not in has][: min(quota, len(free))]:
            start, end = rules["windows"].get(row["prefers"], ("00:00", "24:00"))
            time = next((one for one in free if start <= one < end), free[0])
            free.remove(time)
            has.add(row["ticket"])
            seated.append({"ticket": row["ticket"], "time": time, "why": why})
    standby = [row["ticket"] for row in line if row["ticket"] not in has]
    return {"seated": seated, "standby": standby}


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def otherwise_spelled(line):
    """Return a signature line with the same bytes in another base64 spelling.

    Its last letter has other unused bits.
    """
    text, padding = line.rstrip("=\n"), line[len(line.rstrip("=\n")) :]
    assert "=" in padding
    return text[:-1] + _LETTERS[_LETTERS.index(text[-1]) ^ 1] + padding
