"""A receipt: the city's signature on one entry and on the log that has it.

Number, size and root alone could have been made up by her; with the signature she shows alone that
the log was changed.
"""

import base64
import re
from dataclasses import dataclass

from publicmeeting.turns.log import Entry, LogMark, read_entry
from publicmeeting.turns.merkle import HASH
from publicmeeting.turns.note import NoteError, SignedNote, sign

FORM = "/receipt/v1"
"""What its first line ends with; no checkpoint begins so."""

_SIZE = re.compile(r"[1-9][0-9]{0,15}")
_LINES = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    origin: str
    entry: Entry
    size: int
    """Of the log when the receipt was made; the entry is in it."""
    root: bytes

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}{FORM}\n{self.entry.data.decode()}\n{self.size}\n{root}\n"

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """NoteError `note_malformed` for a text that is none."""
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
    """What paper shows of a receipt: number and root, and by which key it is signed."""

    mark: LogMark
    key: str
    """Eight hex digits, or empty in a log without a key."""

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
    """The receipt under the city's key."""
    return SignedNote(receipt.text, (sign(receipt.text, receipt.origin, seed),))
