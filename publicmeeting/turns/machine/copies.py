"""Audit a copy of the public log: entries, notes, draw files, and stored receipts.

A draw file may be consistent in itself and still not follow from the log. Every file is therefore
made again from the entries alone and compared byte by byte in its canonical text (docs/turns.md
section 6). A log without notes is audited without them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.finding import Finding
from publicmeeting.turns.log import read_entry
from publicmeeting.turns.machine.audit import Auditor, size_of
from publicmeeting.turns.machine.breaks import Break, Found
from publicmeeting.turns.machine.entries.draws import drawn_file
from publicmeeting.turns.machine.state import Book, Draw
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import NoteError, SignedNote
from publicmeeting.turns.tree.receipt import FORM, Receipt
from publicmeeting.turns.verification import verify

Published: TypeAlias = Mapping[str, Any]
"""A draw file or an entry, as JSON."""


def unlike(files: Iterable[Published], book: Book) -> Iterator[Found]:
    """Yield the files that are consistent in themselves but do not follow from the log."""
    for file in files:
        name = str(file["draw"])
        draw = book.draws.get(name)
        if draw is None or not _follows(file, draw, book):
            yield Found(Break.FILE_DIFFERS, _decided(file, draw), name)


def _follows(file: Published, draw: Draw, book: Book) -> bool:
    """Whether the log yields this file; a file of an earlier state may be outdated."""
    week = book.weeks[draw.day]
    if "pool" not in file:
        return (
            file["rules_hash"] == draw.rules.hash
            and file["seats"] in (list(draw.seats_opened), draw.seats)
            and file["commitments"].items() <= week.commitments.items()
        )
    if draw.pool is None:
        return False
    if "seed" not in file:
        pools = [pool for pool in (draw.first_pool, draw.pool) if pool]
        return canonical_json(file) in [canonical_json(pool.file) for pool in pools]
    if not draw.drawn or week.stands is None:
        return False
    return canonical_json(file) == canonical_json(drawn_file(draw, week))


def _decided(file: Published, draw: Draw | None) -> int:
    """Return the entry that a file of this state follows from; 0 if there is none."""
    if draw is None:
        return 0
    if "seed" in file:
        return draw.drawn
    pool = draw.pool.seq if draw.pool else 0
    return pool if "pool" in file else draw.opened


_CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class LogCopy:
    """A copy of the log, with as many entries as its checkpoint states.

    `notes` are by path, None if missing; `files` are draw files by id, as JSON.
    """

    origin: str
    entries: tuple[bytes, ...]
    notes: Mapping[str, bytes | None]
    files: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audited:
    """Findings in a copy; `of_files` maps a draw id to the faults within its file."""

    found: tuple[Found, ...]
    of_files: Mapping[str, tuple[Finding, ...]]


def audit_copy(copy: LogCopy, saved: Iterable[bytes]) -> Audited:
    """Return all faults of a copy, and of receipts or checkpoints stored earlier.

    Raises NoteError `note_malformed` if a stored text is neither, or is of another log.
    """
    receipts = [_receipt(data, copy.origin) for data in saved]
    of_files = {name: verify(file) for name, file in copy.files.items()}
    whole = {name: copy.files[name] for name, found in of_files.items() if not found}
    sizes = [size_of(note) for note in copy.notes.values() if note is not None]
    sizes += [size for _, size, _, _ in receipts]
    auditor = Auditor(copy.origin, filter(None, sizes), whole)
    for entry in copy.entries:
        auditor.read(entry)
    for name, note in copy.notes.items():
        is_named = note is not None and name in (_CHECKPOINT, f"note/{size_of(note)}")
        if note is None or not is_named:
            auditor.found.append(Found(Break.NOTE_MALFORMED))
        else:
            auditor.note(note)
    found = [*auditor.finish(), *unlike(whole.values(), auditor.book)]
    for receipt in receipts:
        found += _check_receipt(copy, auditor, *receipt)
    known = {name: some for name, some in of_files.items() if some}
    return Audited(tuple(dict.fromkeys(found)), known)


def _receipt(data: bytes, origin: str) -> tuple[SignedNote, int, bytes, bytes]:
    """Return the note, its size and root, and the entry it names, if any."""
    note = SignedNote.read(data)
    if note.text.startswith(f"{origin}{FORM}\n"):
        receipt = Receipt.read(note.text)
        return note, receipt.size, receipt.root, receipt.entry.data
    checkpoint = Checkpoint.read(note.text)
    if checkpoint.origin != origin:
        raise NoteError("note_malformed")
    return note, checkpoint.size, checkpoint.root, b""


def _check_receipt(
    copy: LogCopy, auditor: Auditor, note: SignedNote, size: int, root: bytes, entry: bytes
) -> Iterable[Found]:
    try:
        is_ours = auditor.is_of_the_city(note)
    except NoteError:
        yield Found(Break.SIGNATURE_WRONG)
        return
    if not is_ours:
        yield Found(Break.KEY_UNKNOWN)
        return
    if size > auditor.size:
        yield Found(Break.LOG_CUT, size)
        return
    seq = read_entry(entry).seq if entry else 0
    if seq and copy.entries[seq - 1] != entry:
        yield Found(Break.RECEIPT_CONTRADICTED, seq)
    if auditor.root_at(size) != root:
        yield Found(Break.LOG_REWRITTEN, size)
