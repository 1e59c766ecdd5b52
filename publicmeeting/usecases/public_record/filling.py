"""Recovery of the log's newest entries from a witness's copy.

A signed log cannot be taken back. A database restored from an older backup appends nothing until it
has all entries again (`worker/recovery.py`).
"""

from collections.abc import Sequence
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Entry, read_entry
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.merkle import leaf_hash, root_of
from publicmeeting.turns.tree.note import Key, NoteError, SignedNote
from publicmeeting.usecases.base import Command, usecase


class LogCopy(Command):
    """A copy of the log: its signed checkpoint, and the bytes of its entries from `first` on.

    Earlier entries are taken from this log.
    """

    note: str
    entries: tuple[bytes, ...]
    first: int = 1


@usecase(Role.ADMINISTRATOR)
def lost_entries(
    uow: UnitOfWork, _actor: Actor, command: LogCopy, _now: datetime
) -> tuple[Entry, ...]:
    """Return the entries that a witness's copy has and this log lacks, in order.

    Denied `copy_foreign` for a checkpoint not signed by this log's keys; `copy_broken` if the
    entries are not the signed ones; `log_differs` if they contradict this log; `copy_gap` if the
    copy begins after the newest entry here; `copy_shorter` if it has less than was signed last.
    """
    signed, mark = _signed(uow, command.note), uow.log.head()
    before = [data for _, data in uow.log.data_after(0, command.first - 1)]
    if len(before) < command.first - 1:
        raise Denied("copy_gap")
    entries = (*before, *command.entries)
    if len(entries) < signed.size:
        raise Denied("copy_broken")
    some = entries[: signed.size]
    leaves = [leaf_hash(data) for data in some]
    if root_of(leaves) != signed.root:
        raise Denied("copy_broken")
    if signed.size >= mark.seq and root_of(leaves[: mark.seq]).hex() != mark.root:
        raise Denied("log_differs")
    if signed.size <= mark.seq:
        if uow.log.is_behind() or not uow.log.was(signed.size, signed.root.hex()):
            raise Denied("copy_shorter")
        return ()
    lost = _read(mark.seq, some)
    if not uow.log.has_newest_note(leaves):
        raise Denied("copy_shorter")
    return lost


def _signed(uow: UnitOfWork, text: str) -> Checkpoint:
    keys = uow.log.keys()
    try:
        note = SignedNote.read(text)
        signed = Checkpoint.read(note.text)
        is_ours = bool(note.signed_by(map(Key.read, keys.announced)))
    except NoteError:
        raise Denied("copy_foreign") from None
    if not is_ours or signed.origin != keys.origin:
        raise Denied("copy_foreign")
    return signed


def _read(before: int, entries: Sequence[bytes]) -> tuple[Entry, ...]:
    try:
        found = tuple(read_entry(entry) for entry in entries[before:])
    except ValueError:
        raise Denied("copy_broken") from None
    if [entry.seq for entry in found] != [*range(before + 1, len(entries) + 1)]:
        raise Denied("copy_broken")
    return found
