"""The public log and the draw files, from which everybody can check the turns.

Both are published as they are stored (docs/turns.md 4 and 5). They name people by ticket only.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.digits import without_marks
from publicmeeting.store.line.draws import Published
from publicmeeting.store.public_record import TOPIC as TOPIC  # noqa: PLC0414
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Entry, LogMark
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase

PAGE = 1000
"""Maximum entries in one answer."""

SHOWN = 20
"""Number of entries on the page of the log."""

_MARK = re.compile(r"([1-9][0-9]{0,15})(?:-([0-9a-f]{8,64}))?")


class After(Query):
    """Entries after this number; 0 begins with the first."""

    seq: int


class Mark(Command):
    """A mark printed on a receipt, `120-9f3a0c42`: a size of the log and the beginning of its root.

    The root may be missing.
    """

    letters: str


class OneDraw(Query):
    """A draw's id, `d06-1405-09-16`."""

    draw: str


class InDistrict(Query):
    """The draws of one district, or of all."""

    district: int | None = None


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """An entry, the mark of the log when it was the newest, and where the log ends now."""

    entry: Entry
    log: LogMark
    newest: int


@dataclass(frozen=True, slots=True)
class File:
    """A draw file and its state; `text` is its canonical JSON."""

    draw: str
    state: DrawState
    text: str


@usecase(*ANYONE)
def log_page(uow: UnitOfWork, _actor: Actor, query: After, _now: datetime) -> tuple[Entry, ...]:
    """Return at most `PAGE` entries; fewer mean that the log ends with them."""
    return tuple(uow.log.after(max(query.seq, 0), PAGE))


@usecase(*ANYONE)
def log_place(uow: UnitOfWork, _actor: Actor, command: Mark, _now: datetime) -> EntryPlace:
    """Return the entry and log of a mark.

    Raises Invalid `mark_broken` for malformed text; `mark_unknown` if the log is shorter or had
    another root then. Then somebody misread the mark, or the receipt belongs to another log.
    """
    mark = _MARK.fullmatch(without_marks(command.letters).lower())
    if mark is None:
        raise Invalid("mark_broken", field="mark")
    seq, newest = int(mark[1]), uow.log.head().seq
    if seq > newest:
        raise Invalid("mark_unknown", field="mark")
    then = uow.log.mark(seq)
    if not then.root.startswith(mark[2] or ""):
        raise Invalid("mark_unknown", field="mark")
    return EntryPlace(uow.log.after(seq - 1, 1)[0], then, newest)


@usecase(*ANYONE)
def newest_entries(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime
) -> tuple[Entry, ...]:
    """Return the last `SHOWN` entries, newest first."""
    newest = uow.log.head().seq
    return tuple(reversed(uow.log.after(max(newest - SHOWN, 0), SHOWN)))


@usecase(*ANYONE)
def draw_list(
    uow: UnitOfWork, _actor: Actor, query: InDistrict, _now: datetime
) -> tuple[Published, ...]:
    """Return the published draws, newest Monday first."""
    return tuple(uow.draws.published(query.district))


@usecase(*ANYONE)
def draw_text(uow: UnitOfWork, _actor: Actor, query: OneDraw, _now: datetime) -> File:
    """Return a draw file; Denied("not_found") for an unknown id."""
    found = uow.draws.text(query.draw)
    if found is None:
        raise Denied("not_found")
    return File(query.draw, *found)


# The contents of one archive of the public log, all as of one size.

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Everything:
    """Entries up to `size`, which never change, and everything else that a reader needs."""

    size: int
    checkpoint: str
    """The note of that size."""
    notes: tuple[int, ...]
    """Sizes up to it that witnesses have signed, ascending."""
    drawn: tuple[str, ...]
    """Draws whose files no longer change; their `draw` is among the entries."""
    coming: tuple[tuple[str, str], ...]
    """Id and file of every other draw, as of this size."""
    reports: tuple[tuple[str, str], ...]
    """Hash and text of each report that an entry names; may include a later one."""


@usecase(*ANYONE)
def everything(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> Everything:
    """Return the contents of the archive; Denied("not_found") before the log is opened.

    A list that is not drawn changes with the log. If others write meanwhile, such files may belong
    to a later size than the entries. They are then left out, so that they do not contradict them.
    """
    for _ in range(_TRIES):
        drawn = uow.draws.drawn_ids()
        size = uow.log.head().seq
        texts = uow.draws.coming_files()
        if uow.log.head().seq == size:
            break
        texts = []
    checkpoint = uow.log.note(size) if size else ""
    if not checkpoint:
        raise Denied("not_found")
    notes = tuple(
        cosigned_size for cosigned_size in uow.log.cosigned_sizes() if cosigned_size <= size
    )
    reports = tuple(uow.log_reports.all())
    return Everything(size, checkpoint, notes, tuple(drawn), tuple(texts), reports)
