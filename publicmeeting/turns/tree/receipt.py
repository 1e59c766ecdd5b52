"""Receipts: the city's signature over one entry and the log that contains it.

A citizen could invent a number, a size and a root. With the signature she alone can prove that the
log was changed (docs/turns.md section 5).
"""

import base64
import re
from dataclasses import dataclass

from publicmeeting.turns.log import Entry, LogMark, read_entry
from publicmeeting.turns.tree.merkle import HASH
from publicmeeting.turns.tree.note import NoteError, SignedNote, sign

FORM = "/receipt/v1"
"""End of a receipt's first line; no checkpoint has it."""

_SIZE = re.compile(r"[1-9][0-9]{0,15}")
_LINES = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    origin: str
    entry: Entry
    size: int
    """Size of the log when the receipt was made; the entry is in it."""
    root: bytes

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}{FORM}\n{self.entry.data.decode()}\n{self.size}\n{root}\n"

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """Parse a receipt; NoteError `note_malformed` for any other text."""
        lines = text.split("\n")
        if len(lines) != _LINES + 1 or lines[-1] or _SIZE.fullmatch(lines[2]) is None:
            raise NoteError("note_malformed")
        try:
            entry = read_entry(lines[1].encode())
            root = base64.b64decode(lines[3], validate=True)
        except ValueError:
            raise NoteError("note_malformed") from None
        found = cls(lines[0].removesuffix(FORM), entry, int(lines[2]), root)
        if len(root) != HASH or entry.seq > found.size or not found.origin or found.text != text:
            raise NoteError("note_malformed")
        return found


@dataclass(frozen=True, slots=True)
class PaperMark:
    """The part of a receipt that is printed on paper: number, root and id of the signing key."""

    mark: LogMark
    key: str
    """Eight hex digits, or empty for a log without a key."""

    @property
    def printed(self) -> str:
        return self.mark.printed

    @property
    def on_paper(self) -> str:
        return f"{self.printed} {self.key}".strip()

    @property
    def root(self) -> str:
        return self.mark.root


def signed_receipt(receipt: Receipt, seed: bytes) -> SignedNote:
    """Return the receipt as a note that the city's key has signed."""
    return SignedNote(receipt.text, (sign(receipt.text, receipt.origin, seed),))
