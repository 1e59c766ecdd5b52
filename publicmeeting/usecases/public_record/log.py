"""The public log and the draw files, from which everybody can check the turns.

Both are published as they are stored (docs/turns.md 4 and 5). They name people by ticket only.

`log_figures` are figures of the log that reveal what the city does wrong; anybody can recount them.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from publicmeeting.config import PROJECT
from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.line.lanes import JUDGES
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import without_marks
from publicmeeting.store.line.draws import Published
from publicmeeting.store.public_record.log import TOPIC as TOPIC  # noqa: PLC0414
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, TakenIn, TakenOut
from publicmeeting.turns.log import Entry, LogMark
from publicmeeting.turns.rules.witness import quorum
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


# Whether a page may claim that nobody can move anybody in secret (docs/turns.md 5). The claim holds
# only for a log that others beside the city sign, and in which no fault is known. Otherwise a page
# states what holds without witnesses.

WITNESSES_LEAST = 2
"""With one witness, the city and its friend could show two logs to two readers."""
FAULT_SHOWN_FOR = timedelta(weeks=8)
"""How long after a fault the claim is not shown."""
_AUDITED_WITHIN = timedelta(weeks=53)


def is_watched(uow: UnitOfWork, now: datetime) -> bool:
    """Return whether at least two organisations witness the log, and no fault was found.

    The organisations are those of the coming Monday's rules. Faults are those found by the newest
    audit, and tables that differed from the log in the last eight weeks.
    """
    rules = uow.city.rules_on(next_monday(tehran_day(now)))
    if rules is None or len(organisations(rules.body)) < WITNESSES_LEAST:
        return False
    since = now - FAULT_SHOWN_FOR
    if uow.log.of_kind(Kind.BOOKS_DIFFER, since):
        return False
    audits = uow.log.of_kind(Kind.AUDITED, now - _AUDITED_WITHIN)
    return not audits or not audits[-1].body["findings"]


def organisations(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the witnessing organisations; several keys of one organisation count once."""
    return frozenset(str(witness["org"]) for witness in body.get("witnesses", ()))


PROGRAM = sha256((PROJECT / "assets" / "verify_draw.py").read_bytes()).hexdigest()
"""SHA-256 of the offline verifier as this installation serves it."""

MISSED_TWICE = 2
_LEFT = frozenset({TakenOut.WITHDRAWN, TakenOut.ACCEPTED})


@dataclass(frozen=True, slots=True)
class LogFigures:
    """Figures of the whole city since an instant."""

    filed: int
    typed: int
    """How many of these have a typed identity that nobody matched or verified."""
    missed: int
    missed_twice: int
    """Tickets of which two meetings were missed."""
    contested: int
    upheld: int
    """Contests of a no-show, and those to which two officers of two units said yes."""
    in_her_name: int
    """Acts that only she can deny: leaving the line or a Monday, giving up or moving a seat.

    Refusing an offer is one too.
    """
    undone: int
    displaced: int
    """Tickets removed because somebody else has proved their identity."""
    skipped: int
    seq: int
    """Number of the newest entry; `newest_at` is when it was written."""
    newest_at: datetime | None
    witnesses: int
    """Organisations in the rules of the coming Monday."""

    @property
    def quorum(self) -> int:
        """Return the number that is more than half of them."""
        return quorum(self.witnesses)


def log_figures(uow: UnitOfWork, since: datetime, now: datetime) -> LogFigures:
    """Return the figures, counted from the entries that the city has signed."""
    lately = partial(uow.line_book.lately, since=since)
    filed, absences = lately(Kind.FILED), lately(Kind.NO_SHOW)
    missed = Counter(str(entry.body["ticket"]) for entry in absences)
    for kind in (Kind.CAME_LATE, Kind.NO_SHOW_UNDONE):
        for came in lately(kind):
            missed[str(came.body["ticket"])] -= 1
    contests = _contests_of(uow, {entry.seq for entry in absences}, since)
    acts = acts_in_names(uow, since)
    rules = uow.city.rules_on(next_monday(tehran_day(now)))
    return LogFigures(
        filed=len(filed),
        typed=sum(entry.body["level"] == Level.TYPED for entry in filed),
        missed=sum(count for count in missed.values() if count > 0),
        missed_twice=sum(count >= MISSED_TWICE for count in missed.values()),
        contested=len(contests),
        upheld=_upheld(uow, contests, since),
        in_her_name=len(acts.done),
        undone=len(acts.undone),
        displaced=sum(entry.body["why"] == TakenOut.DISPLACED for entry in lately(Kind.TAKEN_OUT)),
        skipped=len(lately(Kind.SKIP)),
        seq=uow.log.head().seq,
        newest_at=uow.log.newest_at(),
        witnesses=len(organisations(rules.body)) if rules else 0,
    )


def _contests_of(uow: UnitOfWork, absences: Collection[int], since: datetime) -> set[int]:
    """Return the contests of these no-shows; a seat given up late can be contested too."""
    found = uow.line_book.lately(Kind.CONTESTED, since)
    return {entry.seq for entry in found if entry.body["because"][0] in absences}


def _upheld(uow: UnitOfWork, contests: Collection[int], since: datetime) -> int:
    """Count those with two yes; her weeks came back unless she was out of the line."""
    yes = Counter(
        entry.body["because"][0]
        for entry in uow.line_book.lately(Kind.CONTEST_JUDGED, since)
        if entry.body["verdict"] == Verdict.YES and entry.body["because"][0] in contests
    )
    return sum(count >= JUDGES for count in yes.values())


@dataclass(frozen=True, slots=True)
class NamedActs:
    """Tickets of acts that only she can deny, and of those she took back, once for each act."""

    done: tuple[str, ...]
    undone: tuple[str, ...]


def acts_in_names(uow: UnitOfWork, since: datetime) -> NamedActs:
    """Return acts in citizens' names: leaving the line or a Monday, giving up or moving a seat.

    Refusing an offer is included.
    """
    lately = partial(uow.line_book.lately, since=since)
    done = [
        *(entry for entry in lately(Kind.TAKEN_OUT) if entry.body["why"] in _LEFT),
        *lately(Kind.SEAT_GIVEN_UP),
        *lately(Kind.OFFER_REFUSED),
        *lately(Kind.MONDAY_EXCLUDED),
    ]
    back = lately(Kind.TAKEN_IN)
    undone = [
        *(entry for entry in back if entry.body["why"] == TakenIn.UNDONE),
        *lately(Kind.MONDAY_INCLUDED),
    ]
    tickets = [tuple(str(entry.body["ticket"]) for entry in ones) for ones in (done, undone)]
    return NamedActs(*tickets)


def districts_of(uow: UnitOfWork, tickets: Collection[str]) -> Mapping[str, int]:
    """Map each ticket to the district that the log names for it; 0 if none."""
    return {**dict.fromkeys(tickets, 0), **uow.line_book.districts(tickets)}
