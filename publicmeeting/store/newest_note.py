"""The newest signed note of the log, as a file beside the data: a restored database cannot take it
back, and so cannot be led to sign another history of a size it has signed before.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publicmeeting.turns.checkpoint import Checkpoint
from publicmeeting.turns.note import NoteError, SignedNote

NOTE_FILE = "newest-note.txt"

_log = logging.getLogger(__name__)


class NewestNote:
    """One file for all processes of a machine. None as its path: nothing is remembered."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def read(self) -> Checkpoint | None:
        """What was signed last here. None where there is no such file, or none that can be read:
        whoever can damage it could as well remove it."""
        if self._path is None:
            return None
        try:
            return Checkpoint.read(SignedNote.read(self._path.read_bytes()).text)
        except (OSError, NoteError):
            return None

    def put(self, note: str) -> None:
        """Keep this note unless a newer one is there. A disk without room stops nobody: the
        database has the note."""
        if self._path is None:
            return
        try:
            with self._alone():
                known, new = self.read(), Checkpoint.read(SignedNote.read(note).text)
                if known is None or known.origin != new.origin or known.size < new.size:
                    draft = self._path.with_name(f"{self._path.name}.new")
                    draft.write_text(note, encoding="utf-8")
                    draft.replace(self._path)
        except OSError as problem:
            _log.warning("the newest note could not be kept: %s", problem)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert self._path is not None
        lock = os.open(
            self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
