"""The line computed from the public log, cached per process and continued from there.

A list is fixed from this state only. The rows of the database are an index that is compared with it
(docs/turns.md section 1).
"""

import json
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.line.logged_days import Opened, opened_day
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry, moment
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book, Draw
from publicmeeting.turns.machine.tables import ON, MondayState
from publicmeeting.turns.tree.merkle import Edge, leaf_hash

RETRY_SECONDS = 60.0
"""How long a process does not read a log again whose entries are not those that were signed."""
_AT_ONCE = 1000
_PAST_ENDS = 1000
"""How many of the newest ends of the log a process remembers."""
COUNTED_FOR = timedelta(weeks=8)
"""How long figures count an entry; a process remembers those, and the newest one of each kind."""
_COUNTED = (
    Kind.ARRIVAL,
    Kind.AUDIENCE_OFF_SYSTEM,
    Kind.CAME_LATE,
    Kind.CONTESTED,
    Kind.CONTEST_JUDGED,
    Kind.FILED,
    Kind.MONDAY_EXCLUDED,
    Kind.MONDAY_INCLUDED,
    Kind.NO_SHOW,
    Kind.NO_SHOW_UNDONE,
    Kind.OBJECTION,
    Kind.OFFER_REFUSED,
    Kind.REVEAL,
    Kind.SEAT_GIVEN_UP,
    Kind.SKIP,
    Kind.TAKEN_IN,
    Kind.TAKEN_OUT,
)
"""Kinds that figures count. Others are not remembered: an entry takes two kilobytes of memory."""


_NEWER = frozenset({Break.KIND_UNKNOWN, Break.KEYS_DIFFER})
"""Faults of an entry that this release would not have appended.

Replay passes over it, and would go on with another line than the release that wrote it.
"""


class NewerEntry(Exception):  # noqa: N818  (a state of the installation, not a fault of it)
    """An entry of a kind, or with keys, that only a newer release knows."""


class Replay:
    """A state of the line, and the tree of the entries from which it was computed."""

    def __init__(self) -> None:
        self.book, self.tree = Book(), Edge()
        self.turned = 0
        """The newest entry that is no filing: a filing changes no Monday."""
        self._ends = dict[int, bytes]()
        """Size → tree of the newest ends, oldest first."""
        self._lately = _nothing_yet()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what only figures need: a list that is fixed copies the rest."""
        return {**vars(self), "_lately": _nothing_yet()}

    def lately(self, kind: Kind, since: datetime) -> list[Entry]:
        """Return the remembered entries of a counted kind since an instant, in order."""
        begins = moment(since)
        return [entry for entry in self._lately[kind] if entry.at >= begins]

    def carry_on(self, log: Log, end: Edge) -> bool:
        """Replay missing entries up to this end; their faults are left to the auditor.

        False if the entries make another tree than `end`: the database owner has changed rows.
        """
        while self.book.size < end.size:
            entries = log.data_after(self.book.size, min(_AT_ONCE, end.size - self.book.size))
            if not entries:
                break
            for _, data in entries:
                try:
                    published = json.loads(data)
                except (ValueError, RecursionError):
                    return False
                self.tree.append(leaf_hash(data))
                if any(found.code in _NEWER for found in read(self.book, published)):
                    raise NewerEntry(self.book.size)
                kind = Kind(published["kind"])
                self._remember(Entry(self.book.size, published["at"], kind, published["body"]))
                if kind is not Kind.FILED:
                    self.turned = self.book.size
                if end.size - self.tree.size < _PAST_ENDS:
                    self._note_end()
        return end.data == self.tree.data

    def is_past(self, end: Edge) -> bool:
        """Return whether this state continues the log of this older end."""
        return end.size < self.book.size and self._ends.get(end.size) == end.data

    def _remember(self, entry: Entry) -> None:
        same = self._lately.get(entry.kind)
        if same is None:
            return
        same.append(entry)
        if self.book.at is not None:
            begins = moment(self.book.at - COUNTED_FOR)
            while len(same) > 1 and same[0].at < begins:
                same.popleft()

    def _note_end(self) -> None:
        self._ends[self.tree.size] = self.tree.data
        if len(self._ends) > _PAST_ENDS:
            del self._ends[next(iter(self._ends))]


def _nothing_yet() -> dict[Kind, deque[Entry]]:
    return {kind: deque() for kind in _COUNTED}


class SharedBook:
    """The state that one process has computed; it contains committed entries only."""

    def __init__(self) -> None:
        self._replay = Replay()
        self._lock = threading.Lock()
        self._wrong: tuple[int, float] | None = None
        """Size of the log whose entries were wrong, and when it is read again."""
        self.is_newer = False
        """Whether a newer release has continued the log, so that this process may not."""
        self.read_to = 0
        """Size of the log that was read last."""
        self._noted: tuple[Book, int] | None = None
        """The state from which `rules` and `opened` were noted last, and its `turned`.

        They outlive it: a log that cannot be read, or a shorter one, makes nobody believe rows or
        what was announced before.
        """
        self.rules: tuple[tuple[date, str], ...] | None = None
        """First Monday and body of each version, newest first; None before the log was read."""
        self.opened: dict[tuple[int, date], Opened] = {}
        """By district and day."""
        self._going = list[Draw]()
        """Those of them that may still change."""

    @property
    def is_wrong(self) -> bool:
        """Whether the entries were not those that were signed when they were last read."""
        return self._wrong is not None

    @contextmanager
    def reading(self, log: Log, end: Edge) -> Iterator[Replay]:
        """Yield the state of the log at this end, which the city has signed, under a lock.

        A transaction may have read the end just before others continued the log. It gets the newer
        state, because computing the older one reads the whole log while others wait.

        Raises `Unavailable("log_behind")` if its rows are not the entries that were signed. For a
        minute it then raises at once, for the same reason. Raises `Unavailable("log_newer")` if one
        is of a newer release, from then on at once.
        """
        with self._lock:
            if self._wrong and end.size >= self._wrong[0]:
                if self.is_newer:
                    raise Unavailable("log_newer")
                if time.monotonic() < self._wrong[1]:
                    raise Unavailable("log_behind")
            if not self._replay.is_past(end):
                self._carry_on(log, end)
            yield self._replay

    def _carry_on(self, log: Log, end: Edge) -> None:
        if self._replay.book.size > end.size:
            self._replay = Replay()  # another database, or one that has lost entries
        self.is_newer = False
        try:
            is_signed = self._replay.carry_on(log, end)
        except (AttributeError, KeyError, NewerEntry, TypeError, ValueError) as fault:
            self._give_up(end)
            if not _is_signed(log, end):
                raise Unavailable("log_behind") from fault
            if isinstance(fault, NewerEntry):
                self.is_newer = True
                raise Unavailable("log_newer") from fault
            raise  # the city has signed it: this program has a fault
        if not is_signed:
            self._give_up(end)
            raise Unavailable("log_behind")
        self._wrong, self.read_to = None, end.size
        self._note_opened(self._replay.book, self._replay.turned)

    def _note_opened(self, book: Book, turned: int) -> None:
        """Note what pages compare with rows, for readers without the lock."""
        noted, noted_turned = self._noted or (None, 0)
        is_other = noted is not book
        if noted and (book.size < noted.size or not (is_other or turned > noted_turned)):
            return
        self._noted = book, turned
        if is_other or len(self.rules or ()) != len(book.rules):
            bodies = [(start, canonical_json(rules.body)) for start, rules, _ in book.rules]
            self.rules = tuple(reversed(bodies))
        if is_other or len(self.opened) != len(book.draws):
            self._going = list(book.draws.values())
        for draw in self._going:
            self.opened[draw.district, draw.monday] = opened_day(draw)
        self._going = [
            draw for draw in self._going if draw.monday_state in ON or draw.drawn_at is None
        ]

    def drawn_in(self, states: Collection[MondayState], until: date) -> set[tuple[int, date]]:
        """Return (district, day) of drawn Mondays with seats in these states, up to a day."""
        return {
            (draw.district, draw.monday)
            for draw in self._going
            if draw.monday_state in states
            and draw.monday <= until
            and draw.drawn_at is not None
            and draw.seats_opened
        }

    def undrawn(self) -> set[tuple[int, date]]:
        """Return (district, day) of what the log has opened and not drawn."""
        return {(draw.district, draw.monday) for draw in self._going if draw.drawn_at is None}

    def _give_up(self, end: Edge) -> None:
        self._replay = Replay()
        self._wrong = end.size, time.monotonic() + RETRY_SECONDS


def _is_signed(log: Log, end: Edge) -> bool:
    """Return whether the rows are the entries that the city has signed, whatever they say."""
    tree = Edge()
    while tree.size < end.size:
        entries = log.data_after(tree.size, min(_AT_ONCE, end.size - tree.size))
        if not entries:
            break
        for _, data in entries:
            tree.append(leaf_hash(data))
    return tree.data == end.data
