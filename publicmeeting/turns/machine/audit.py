"""The auditor: checks a whole log as bytes, with the notes that city and witnesses signed.

Every result follows from the input; the tables of the product are not consulted (docs/turns.md
section 6).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns import shape
from publicmeeting.turns.log import canonical, instant
from publicmeeting.turns.machine.breaks import Break, Found
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book, Draw, Week, rules_of
from publicmeeting.turns.machine.tables import DrawState
from publicmeeting.turns.machine.times import LEEWAY, Times
from publicmeeting.turns.rules.witness import quorum
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.merkle import Edge, leaf_hash
from publicmeeting.turns.tree.note import Key, KeyType, NoteError, SignedNote
from publicmeeting.turns.tree.tiles import ENTRY_MOST

CLOCKS = timedelta(seconds=300)
"""Maximum difference between two honest clocks."""
_LATEST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
"""A witness may sign any number of seconds; a later moment has no datetime."""
_CLOSE_SIGNED_WITHIN = timedelta(hours=12)
_RESULT_SIGNED_BY = "12:00"


class Auditor:
    """Reads entries, then notes; `finish` returns all findings.

    `sizes` are the sizes of the notes and receipts whose roots will be needed.
    """

    def __init__(
        self,
        origin: str,
        sizes: Iterable[int] = (),
        files: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.origin = origin
        self.book = Book(origin=origin, files=files or {})
        self.found: list[Found] = []
        self._tree = Edge()
        self._wanted = set(sizes)
        self._roots: dict[int, bytes] = {}
        self._times: list[datetime | None] = []
        self._notes: list[tuple[int, dict[Key, datetime]]] = []

    @property
    def size(self) -> int:
        return self._tree.size

    @property
    def root(self) -> bytes:
        return self._tree.root

    def expects(self, sizes: Iterable[int]) -> bool:
        """Announce the sizes of further notes.

        Returns False if one of these sizes has passed without its root stored.
        """
        new = set(sizes) - self._wanted
        self._wanted |= new
        return all(size > self.size for size in new)

    def read(self, data: bytes) -> None:
        """Read the next entry, as the bytes of its leaf."""
        self._tree.append(leaf_hash(data))
        seq = self._tree.size
        if seq in self._wanted:
            self._roots[seq] = self._tree.root
        entry = published_entry(data)
        if isinstance(entry, Break):
            self._times.append(self._times[-1] if self._times else None)
            self.found.append(Found(entry, seq))
            return
        self._times.append(instant(entry["at"]))
        if entry["seq"] != seq:
            self.found.append(Found(Break.SEQ_BROKEN, seq))
            return
        self.found.extend(read(self.book, entry))

    def note(self, data: str | bytes) -> None:
        """Read a published note of any size."""
        try:
            note = SignedNote.read(data)
            signed = note.signed_by(self._keys())
            checkpoint = Checkpoint.read(note.text)
        except NoteError as fault:
            code = "signature_wrong" if str(fault) == "signature_wrong" else "note_malformed"
            self.found.append(Found(Break(code)))
            return
        if checkpoint.origin != self.origin:
            self.found.append(Found(Break.NOTE_MALFORMED))
        elif not any(key.type is KeyType.NOTE for key in signed):
            self.found.append(Found(Break.KEY_UNKNOWN))
        elif checkpoint.size > self.size:
            self.found.append(Found(Break.LOG_CUT, checkpoint.size))
        elif self.root_at(checkpoint.size) not in (None, checkpoint.root):
            is_witnessed = any(key.type is KeyType.COSIGNATURE for key in signed)
            code = Break.LOG_REWRITTEN if is_witnessed else Break.ROOT_DIFFERS
            self.found.append(Found(code, checkpoint.size))
        else:
            stamps = {
                key: datetime.fromtimestamp(min(signature.seconds, _LATEST), UTC)
                for key, signature in signed.items()
                if key.type is KeyType.COSIGNATURE and signature.seconds is not None
            }
            self._notes.append((checkpoint.size, stamps))
            self._compare_clocks(checkpoint.size, list(stamps.values()))

    def finish(self) -> list[Found]:
        """Add the findings that show only at the end, and return all findings.

        These are signatures that came late or not at all, and draws that never ran.
        """
        newest = [at for _, stamps in self._notes for at in stamps.values()]
        now = max([self.book.at or datetime.min.replace(tzinfo=UTC), *newest])
        for week in self.book.weeks.values():
            draws = self.book.draws_of(week.day)
            self._check_signed(week, draws, now)
            for draw in draws:
                due = week.stands.at + LEEWAY if week.stands else at_tehran(week.monday)
                if draw.state is not DrawState.DRAWN and now > due:
                    self.found.append(Found(Break.DRAW_MISSING, draw=draw.name))
        return self.found

    def _check_signed(self, week: Week, draws: list[Draw], now: datetime) -> None:
        """Report what a quorum signed late or not at all.

        If the rules name no witness, nobody could sign. That is no fault, but it is reported.
        """
        rules = rules_of(self.book, week)
        times = Times(week.monday, rules)
        has_seats = any(draw.pool and draw.pool.file["seats"] for draw in draws)
        if not rules.get("witnesses"):
            if has_seats and week.reveals_closed:
                self.found.append(Found(Break.UNWITNESSED, week.reveals_closed))
            return
        moments = []
        closing = times.at("filing_closes") + _CLOSE_SIGNED_WITHIN
        moments.append((week.line_closed, closing, Break.COSIGNED_LATE))
        if week.reveals_closed_at is not None and has_seats:
            days = times.value_days(week.reveals_closed_at)
            day = from_iso(week.stands.text("day")) if week.stands else next(iter(days), None)
            if day is not None:
                session = at_tehran(day, str(rules["late_value"]["session"]))
                moments.append((week.reveals_closed, session, Break.NOT_COSIGNED))
        if week.stands is not None and has_seats:
            last = max([week.stands.seq, *(draw.drawn for draw in draws)])
            day_after = from_iso(week.stands.text("day")) + timedelta(days=1)
            due = at_tehran(day_after, _RESULT_SIGNED_BY)
            moments.append((last, due, Break.COSIGNED_LATE))
        for seq, until, code in moments:
            if seq and now > until and not self._is_signed(seq, until, week):
                self.found.append(Found(code, seq))

    def _is_signed(self, seq: int, until: datetime, week: Week) -> bool:
        """Whether a quorum of that Monday's witnesses signed a note with this entry in time."""
        listed = rules_of(self.book, week).get("witnesses", ())
        keys = {str(witness["vkey"]) for witness in listed}
        needed = quorum(len(listed))
        return any(
            size >= seq
            and sum(key.vkey in keys and at <= until for key, at in stamps.items()) >= needed
            for size, stamps in self._notes
        )

    def is_of_the_city(self, note: SignedNote) -> bool:
        """Whether a key that the rules announced for the city signed the note.

        Raises NoteError `signature_wrong` if a known key's signature does not fit the text.
        """
        return any(key.type is KeyType.NOTE for key in note.signed_by(self._keys()))

    def root_at(self, size: int) -> bytes | None:
        """Return the root at a size that was announced in `sizes`; None for any other."""
        return self.root if size == self.size else self._roots.get(size)

    def _compare_clocks(self, size: int, stamps: list[datetime]) -> None:
        if not stamps:
            return
        before = self._times[size - 1] if size else None
        if before is not None and before > max(stamps) + CLOCKS:
            self.found.append(Found(Break.CLOCK_AHEAD, size))
        after = self._times[size] if size < len(self._times) else None
        if after is not None and after < min(stamps) - CLOCKS:
            self.found.append(Found(Break.CLOCK_BEHIND, size + 1))

    def _keys(self) -> list[Key]:
        """Return city's and witnesses' keys of all rules so far; a malformed key is ignored."""
        found: dict[str, Key] = {}
        for _, rules, _ in self.book.rules:
            log = rules.body.get("log", {})
            texts = [(text, KeyType.NOTE) for text in log.get("keys", ())]
            listed = rules.body.get("witnesses", ())
            texts += [(witness["vkey"], KeyType.COSIGNATURE) for witness in listed]
            for text, type_ in texts:
                try:
                    key = Key.read(str(text))
                except NoteError:
                    continue
                if key.type is type_:
                    found[str(text)] = key
        return list(found.values())


def published_entry(data: bytes) -> Mapping[str, Any] | Break:
    """Parse an entry's bytes; return the mapping, or the fault if it is not its canonical text."""
    try:
        published = json.loads(data.decode("ascii"))
        text = canonical(published)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return Break.MALFORMED
    match published:
        case {"at": str(at), "body": dict(), "kind": str(), "seq": int(seq), **rest} if not rest:
            pass
        case _:
            return Break.MALFORMED
    if len(data) > ENTRY_MOST or seq < 1 or not shape.is_moment(at):
        return Break.MALFORMED
    return published if text.encode("ascii") == data else Break.NOT_CANONICAL


def size_of(note: str | bytes) -> int | None:
    """Return the size that a note claims, before the note is verified."""
    text = note if isinstance(note, str) else note.decode("utf-8", "replace")
    lines = text.split("\n", 2)
    try:
        return int(lines[1])
    except (IndexError, ValueError):
        return None
