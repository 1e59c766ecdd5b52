"""The newest signed note of the log, as a file outside the database.

A restored database cannot roll this file back, so it cannot be led to sign a different history of a
size that was signed before. A second file has the newest entries: a database that lost its last
seconds, such as a promoted replica, gets them back from it (`log fill`).
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.turns.log import read_entry
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.merkle import root_of
from publicmeeting.turns.tree.note import Key, NoteError, SignedNote

NOTE_FILE = "newest-note.txt"
ENTRIES_FILE = "newest-entries.txt"
_ENTRIES_MOST = 8 * 2**20
"""Maximum bytes of the entries file, one entry per line; then its older half is removed."""

_Version: TypeAlias = tuple[int, int, int]
"""Inode, size and modification time of a file."""

_log = logging.getLogger(__name__)


def not_as_signed(size: int) -> Unavailable:
    """Report rows of the log that the city has not signed so, and return the refusal to sign."""
    FAULTS.labels("log").inc()
    _log.error("rows of the public log are not what was signed, at size or entry %d", size)
    return Unavailable("log_behind")


def _version(path: Path) -> _Version:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A note that is to be stored."""

    checkpoint: Checkpoint
    note: SignedNote
    entries: Sequence[bytes]
    by_new_key: bool

    def replaces(self, known: Checkpoint) -> bool:
        """Whether it is newer than that one, or of another log."""
        new = self.checkpoint
        is_again = self.by_new_key and new.size == known.size
        return is_again or new.origin != known.origin or new.size > known.size


class NewestNote:
    """One file for all processes of a machine; with None as its path, nothing is stored."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read: tuple[_Version, Checkpoint, SignedNote] | None = None
        """Each note is a new file, so a note that was read need not be read again."""
        self._waiting: list[_Waiting] = []
        """Notes committed while another note was being written."""
        self._listing, self._writing = threading.Lock(), threading.Lock()

    def read(self) -> Checkpoint | None:
        """Return the last signed checkpoint; None if there is no readable file.

        An attacker who can damage the file could also remove it.
        """
        found = self._newest()
        return found[0] if found else None

    def _newest(self) -> tuple[Checkpoint, SignedNote] | None:
        if self._path is None:
            return None
        try:
            version, known = _version(self._path), self._read
            if known is not None and known[0] == version:
                return known[1:]
            note = SignedNote.read(self._path.read_bytes())
            found = Checkpoint.read(note.text)
        except (OSError, NoteError):
            return None
        self._read = version, found, note
        return found, note

    @property
    def is_damaged(self) -> bool:
        """Whether there is a file that this process cannot read, so that it protects nothing.

        After a restore it may belong to another user.
        """
        return self._path is not None and os.path.lexists(self._path) and self.read() is None

    def is_by(self, key: Key) -> bool:
        """Whether this key has signed the last checkpoint; without a readable one it has not."""
        found = self._newest()
        try:
            return found is not None and bool(found[1].signed_by([key]))
        except NoteError:
            return False

    def is_of(self, leaves: Sequence[bytes]) -> bool:
        """Whether a log with these leaves contains everything that was signed last, unchanged."""
        newest = self.read()
        if newest is None:
            return True
        signed = leaves[: newest.size]
        return len(signed) == newest.size and root_of(list(signed)) == newest.root

    def lines(self) -> tuple[str, dict[int, bytes]]:
        """Return the note, and the entries of the second file by number, ascending.

        Raises OSError without a note.
        """
        assert self._path is not None
        text = self._path.read_text(encoding="utf-8")
        found = dict[int, bytes]()
        with suppress(FileNotFoundError):
            for line in self._entries.read_bytes().split(b"\n"):
                with suppress(ValueError):  # a partial line of a process that was killed
                    found[read_entry(line).seq] = line
        return text, dict(sorted(found.items()))

    @property
    def _entries(self) -> Path:
        assert self._path is not None
        return self._path.with_name(ENTRIES_FILE)

    def put(self, note: str, entries: Sequence[bytes] = (), *, by_new_key: bool = False) -> None:
        """Store this note unless a newer one exists, and the entries that it is the first to sign.

        `by_new_key` replaces a note of the same size, so that the old key has not signed it last.
        A full disk does not block the caller: the database has both. If several notes were
        committed meanwhile, the newest is written for all of them. Nobody returns before a note at
        least as new as their own is stored.
        """
        if self._path is None:
            return
        read = SignedNote.read(note)
        new = _Waiting(Checkpoint.read(read.text), read, entries, by_new_key)
        with self._listing:
            self._waiting.append(new)
        with self._writing:
            with self._listing:
                waiting, self._waiting = self._waiting, []
            if not waiting:
                return  # the last writer has written this one too
            try:
                self._write(self._path, waiting)
            except OSError as problem:
                _log.warning("the newest note could not be kept: %s", problem)

    def _write(self, path: Path, waiting: list[_Waiting]) -> None:
        newest = waiting[0]
        for other in waiting[1:]:
            if other.replaces(newest.checkpoint):
                newest = other
        with self._alone():
            self._append([entry for one in waiting for entry in one.entries])
            self._read = None  # another process may have written since
            known = self.read()
            if known is None or newest.replaces(known):
                draft = path.with_name(f"{path.name}.new")
                draft.write_text(str(newest.note), encoding="utf-8")
                draft.replace(path)
                self._read = _version(path), newest.checkpoint, newest.note

    def _append(self, entries: Sequence[bytes]) -> None:
        """Append entries; two processes may do so out of order, so `lines` sorts them."""
        if not entries:
            return
        with self._entries.open("ab") as file:
            file.write(b"".join(entry + b"\n" for entry in entries))
            size = file.tell()
        if size > _ENTRIES_MOST:
            _, _, newer = self._entries.read_bytes()[-_ENTRIES_MOST // 2 :].partition(b"\n")
            draft = self._entries.with_name(f"{ENTRIES_FILE}.new")
            draft.write_bytes(newer)
            draft.replace(self._entries)

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
