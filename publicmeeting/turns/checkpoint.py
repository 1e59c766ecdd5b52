"""The city's word on its log at one size, signed as a note, and an entry's path to its root."""

import base64
import re
from dataclasses import dataclass

from publicmeeting.turns.merkle import HASH, holds_leaf
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


# C2SP tlog-proof: an entry's path to the root of a note, so that nobody has to be asked again.

_FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_HASHES_MOST = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """`index` is the entry's number less one, `path` leads from its leaf up to the note's root."""

    index: int
    path: tuple[bytes, ...]
    note: SignedNote

    def __str__(self) -> str:
        hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.path)
        return f"{_FIRST}\nindex {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> "Proof":
        """NoteError `note_malformed` for a text that is none. Extra data is not read: nobody has
        signed it."""
        above, gap, note = text.partition("\n\n")
        lines = above.split("\n")
        index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
        if not gap or lines[0] != _FIRST or index is None or len(lines) > _HASHES_MOST + 2:
            raise NoteError("note_malformed")
        try:
            path = tuple(base64.b64decode(line, validate=True) for line in lines[2:])
        except ValueError:
            raise NoteError("note_malformed") from None
        found = cls(int(index[1]), path, SignedNote.read(note))
        if any(len(one) != HASH for one in path) or str(found) != text:
            raise NoteError("note_malformed")
        return found

    def proves(self, leaf: bytes) -> bool:
        """Whether this is the way of this leaf; who has signed the note is asked of the note.

        NoteError `note_malformed` where the note is no checkpoint.
        """
        at = Checkpoint.read(self.note.text)
        return holds_leaf(self.index, at.size, leaf, self.path, at.root)
