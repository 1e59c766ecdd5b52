"""Checkpoints: the size and root of the log as a signed note, and proofs that an entry is in it."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from publicmeeting.turns.tree.merkle import HASH
from publicmeeting.turns.tree.note import Key, KeyType, NoteError, SignedNote, sign

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log; `origin` names the log (`HOST/log`).

    `root` is the tree hash of the first `size` entries.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Parse exactly three lines; NoteError `note_malformed` for any other text."""
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1] or _SIZE.fullmatch(lines[1]) is None:
            raise NoteError("note_malformed")
        try:
            found = cls(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))
        except ValueError:
            raise NoteError("note_malformed") from None
        if not found.origin or len(found.root) != HASH or found.text != text:
            raise NoteError("note_malformed")
        return found


def log_origin(host: str) -> str:
    """Return the name of a site's log. The host is lower-case; a port is part of it."""
    return f"{host.lower() or 'localhost'}/log"


def city_key(origin: str, seed: bytes) -> Key:
    """Return the public half of one of the city's keys; its name is the log's."""
    return Key.of(origin, KeyType.NOTE, seed)


def signed(checkpoint: Checkpoint, seed: bytes) -> SignedNote:
    """Return the checkpoint as a note that the city's key has signed."""
    return SignedNote(checkpoint.text, (sign(checkpoint.text, checkpoint.origin, seed),))


def inclusion_proof(index: int, path: Sequence[bytes], note: SignedNote) -> str:
    """Return a C2SP tlog-proof, by which an entry of a note's log can be checked offline.

    `index` is the entry's number minus one. `path` leads from its leaf up to the note's root.
    """
    hashes = "".join(f"{base64.b64encode(node).decode()}\n" for node in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{note}"
