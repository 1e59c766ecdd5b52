"""The city's word on its log at one size: origin, size and root, signed as a note."""

import base64
import re
from dataclasses import dataclass

from publicmeeting.turns.merkle import HASH
from publicmeeting.turns.note import Key, KeyType, NoteError, SignedNote, sign

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log (`HOST/log`); `root` is over its first `size` entries."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Of exactly three lines. NoteError `note_malformed` for any other text."""
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
    """The name of the log of a site; letters of a host are small, and a port is part of it."""
    return f"{host.lower() or 'localhost'}/log"


def city_key(origin: str, seed: bytes) -> Key:
    """The public half of a key of the city: its name is the log's."""
    return Key.of(origin, KeyType.NOTE, seed)


def signed(checkpoint: Checkpoint, seed: bytes) -> SignedNote:
    """The checkpoint under the city's key."""
    return SignedNote(checkpoint.text, (sign(checkpoint.text, checkpoint.origin, seed),))
