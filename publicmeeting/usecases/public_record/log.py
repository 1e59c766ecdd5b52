"""What everybody may read to check the turns: the public log and the draw files.

Both are published as they are stored (docs/turns.md 4 and 5); people are in them by ticket only.
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
"""Entries in one answer."""

SHOWN = 20
"""Entries on the page of the log."""

_MARK = re.compile(r"([1-9][0-9]{0,15})(?:-([0-9a-f]{8,64}))?")


class After(Query):
    """Entries behind this number; 0 begins with the first."""

    seq: int


class Mark(Command):
    """What is printed on a receipt, `120-9f3a0c42`: a number of the log, and perhaps the beginning
    of the root that the log had with so many entries."""

    letters: str


class OneDraw(Query):
    """A draw's id, `d06-1405-09-16`."""

    draw: str


class InDistrict(Query):
    """The draws of one district, or of all."""

    district: int | None = None


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """An entry, what the log was when it was the newest, and where the log ends now."""

    entry: Entry
    log: LogMark
    newest: int


@dataclass(frozen=True, slots=True)
class File:
    """A draw file in its state; `text` is its canonical JSON."""

    draw: str
    state: DrawState
    text: str


@usecase(*ANYONE)
def log_page(uow: UnitOfWork, _actor: Actor, query: After, _now: datetime) -> tuple[Entry, ...]:
    """At most `PAGE` entries; fewer say that these are the newest."""
    return tuple(uow.log.after(max(query.seq, 0), PAGE))


@usecase(*ANYONE)
def log_place(uow: UnitOfWork, _actor: Actor, command: Mark, _now: datetime) -> EntryPlace:
    """Invalid `mark_broken` for what is none, `mark_unknown` where the log has not come so far or
    was another then: somebody misread it, or this is not the log the receipt was printed from.
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
    """The last `SHOWN` entries, the newest first."""
    newest = uow.log.head().seq
    return tuple(reversed(uow.log.after(max(newest - SHOWN, 0), SHOWN)))


@usecase(*ANYONE)
def draw_list(
    uow: UnitOfWork, _actor: Actor, query: InDistrict, _now: datetime
) -> tuple[Published, ...]:
    """The newest Monday first."""
    return tuple(uow.draws.published(query.district))


@usecase(*ANYONE)
def draw_text(uow: UnitOfWork, _actor: Actor, query: OneDraw, _now: datetime) -> File:
    """Denied `not_found` for an id that is none."""
    found = uow.draws.text(query.draw)
    if found is None:
        raise Denied("not_found")
    return File(query.draw, *found)


# What belongs together in one archive of the public log: everything as of one of its sizes.

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Everything:
    """Entries up to `size`, which never change, and with them whatever else a reader needs."""

    size: int
    checkpoint: str
    """The note of that size."""
    notes: tuple[int, ...]
    """Sizes up to it that witnesses have signed, ascending."""
    drawn: tuple[str, ...]
    """Draws whose files never change any more; their `draw` is among the entries."""
    coming: tuple[tuple[str, str], ...]
    """Id and file of each other draw, as of this size."""
    reports: tuple[tuple[str, str], ...]
    """Hash and text of each report that an entry names, and perhaps of a later one's."""


@usecase(*ANYONE)
def everything(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> Everything:
    """Denied `not_found` before the log is opened.

    A list that is not drawn yet changes with the log. While others write, such files may be of a
    later size than the entries: then they are left out rather than contradict them.
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
