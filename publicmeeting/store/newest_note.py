"""The newest signed note of the log, as a file beside the data: a restored database cannot take it
back, and so cannot be led to sign another history of a size it has signed before.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from publicmeeting.turns.checkpoint import Checkpoint
from publicmeeting.turns.merkle import root_of
from publicmeeting.turns.note import NoteError, SignedNote

NOTE_FILE = "newest-note.txt"

_Version: TypeAlias = tuple[int, int, int]
"""Which file it is, how long, and when it was written."""

_log = logging.getLogger(__name__)


def _version(path: Path) -> _Version:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


class NewestNote:
    """One file for all processes of a machine. None as its path: nothing is remembered."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read: tuple[_Version, Checkpoint] | None = None
        """Each note is a file of its own, so one that was read need not be read again."""
        self._waiting: list[tuple[Checkpoint, str]] = []
        """Notes of transactions that were committed while another note was being written."""
        self._listing, self._writing = threading.Lock(), threading.Lock()

    def read(self) -> Checkpoint | None:
        """What was signed last here. None where there is no such file, or none that can be read:
        whoever can damage it could as well remove it."""
        if self._path is None:
            return None
        try:
            version, known = _version(self._path), self._read
            if known is not None and known[0] == version:
                return known[1]
            found = Checkpoint.read(SignedNote.read(self._path.read_bytes()).text)
        except (OSError, NoteError):
            return None
        self._read = version, found
        return found

    def is_of(self, leaves: Sequence[bytes]) -> bool:
        """Whether a log of these leaves has everything that was signed last, as it was signed."""
        newest = self.read()
        if newest is None:
            return True
        signed = leaves[: newest.size]
        return len(signed) == newest.size and root_of(list(signed)) == newest.root

    def put(self, note: str) -> None:
        """Keep this note unless a newer one is there. A disk without room stops nobody: the
        database has the note.

        Where several were committed meanwhile the newest is written for all of them; nobody
        returns before a note as new as her own is there.
        """
        if self._path is None:
            return
        new = Checkpoint.read(SignedNote.read(note).text), note
        with self._listing:
            self._waiting.append(new)
        with self._writing:
            with self._listing:
                waiting, self._waiting = self._waiting, []
            if not waiting:
                return  # whoever wrote last has written for this one, too
            try:
                self._write(self._path, waiting)
            except OSError as problem:
                _log.warning("the newest note could not be kept: %s", problem)

    def _write(self, path: Path, waiting: list[tuple[Checkpoint, str]]) -> None:
        new, note = waiting[0]
        for checkpoint, other in waiting[1:]:
            if checkpoint.origin != new.origin or checkpoint.size > new.size:
                new, note = checkpoint, other
        with self._alone():
            self._read = None  # whatever another process has written since
            known = self.read()
            if known is None or known.origin != new.origin or known.size < new.size:
                draft = path.with_name(f"{path.name}.new")
                draft.write_text(note, encoding="utf-8")
                draft.replace(path)
                self._read = _version(path), new

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
