"""The public log: one tree, whose head is locked last and signed once in each transaction."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

import sqlalchemy
from sqlalchemy import and_, or_
from sqlmodel import col, func, select

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit import randomness
from publicmeeting.kit.jalali import iso
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository, change_row, write
from publicmeeting.store.database.rows.city import (
    CosignatureRow,
    LogHeadRow,
    LogNodeRow,
    LogRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.line.log_index import write_index
from publicmeeting.store.public_record.cosignatures import (
    add_line,
    forged_lines,
    genuine_lines,
    line_rows,
)
from publicmeeting.store.public_record.newest_note import NewestNote, not_as_signed
from publicmeeting.store.public_record.statements import (
    AFTER,
    HEAD,
    HEAD_ID,
    KEYS,
    LEAVES,
    LOCKED,
    MOVE,
    NODES,
    OF_KIND,
    OF_KINDS,
    SEVERAL,
    Head,
    LogKeys,
    copy_of,
    is_replaced,
    key_sealed_alone,
    keys_of,
    opened_keys,
    read_head,
    sealed_keys,
)
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.turns.log import (
    Entry,
    LogMark,
    canonical,
    entry,
    entry_data,
    entry_text,
    instant,
    moment,
    read_entry,
)
from publicmeeting.turns.tree import merkle, tiles
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.note import SEED, Key, Signature, SignedNote
from publicmeeting.turns.tree.receipt import Receipt, signed_receipt
from publicmeeting.turns.tree.tiles import LEVEL, Tile

TOPIC = "log"
"""Topic of pages that show the newest entries."""

WAITED_MOST = timedelta(minutes=1)
"""Maximum time that a transaction may have waited for others since it read the clock."""

_LINES_MOST = 1000
"""Maximum signature lines from one size on; those of one moment arrive within days."""


LogState: TypeAlias = tuple[Head | None, int, int]
"""The end of the log in a transaction, and how many entries it has appended and written."""


class Log(Repository):
    def __init__(
        self, transaction: Transaction, note: NewestNote, newer: Callable[[], bool]
    ) -> None:
        super().__init__(transaction)
        self._newest_note, self._has_newer_entries = note, newer
        self._noted: Checkpoint | None = None
        self._head: Head | None = None
        self._seen: Head | None = None
        """Cache for reading transactions."""
        self._genuine: tuple[Head, merkle.Edge] | None = None
        """The head whose signature was compared last, and its edge as it was read."""
        self._cosigned: dict[tuple[int, int | None], list[tuple[int, Signature]]] = {}
        self._grown: tuple[int, merkle.Nodes] | None = None
        self.new_note = ""
        """The note that this transaction has signed."""
        self.has_new_key = False
        """Whether it has set the key that signs."""
        self.appended = 0
        """Number of entries that this transaction has appended."""
        self.adopted: list[Entry] = []
        """Entries of before a restore that this transaction has taken for its own."""
        self.written: list[bytes] = []
        """All entries that it has written, as published."""
        self._again: Sequence[Entry] = ()
        """The only entries that this transaction may write, in a recovery."""

    def open(self, origin: str, reserve: str, now: datetime) -> None:
        """Name the log, create its daily key, and write its first entry.

        Raises ValueError if it is open already, or if the reserve key is not this log's.
        """
        if self.keys().daily or (reserve and Key.read(reserve).name != origin):
            raise ValueError(origin)
        self.set_keys(origin, bytes.fromhex(randomness.hex_digits(2 * SEED)), reserve)
        self.append(Kind.LOG_OPENED, {"continues": "", "origin": origin}, now)

    def set_keys(self, origin: str, seed: bytes, reserve: str) -> None:
        """Set the signing key and the reserve key.

        Raises `Unavailable("log_behind")` if the city has not signed the end of this log. With a
        lost or replaced daily key nobody can compare that; then the newest note outside the
        database decides.
        """
        daily = city_key(origin, seed).vkey
        sealed = sealed_keys(self._vault, seed, daily, reserve)
        values = {"key": daily, "seed": sealed, "reserve": reserve}
        head = self._lock()
        has_own = self._has_seed(head) and not is_replaced(self._vault, head, self._newest_note)
        newest = None if has_own else self._newest_note.read()
        if newest is None or (newest.size, newest.root) != (head.edge.size, head.edge.root):
            self._locked_head()  # the new key signs nothing that the old one has not signed
        self._transaction.execute(MOVE, values)
        self.has_new_key = True
        self._head = head = self._lock()
        head.has_moved = head.edge.size > 0  # its note is signed anew

    def set_reserve(self, reserve: str) -> None:
        """Set the key that may sign in place of the daily one.

        Raises `Unavailable("log_behind")` if the daily key is lost, or was sealed alone and is not
        the one of `key_sealed_alone`.
        """
        head = self._lock()
        if self._has_seed(head):
            seed, daily = self._private_key(head), self.keys().daily
        else:
            seed, daily = key_sealed_alone(self._vault, head, self._newest_note)
        sealed = sealed_keys(self._vault, seed, daily, reserve)
        self._transaction.execute(MOVE, {"seed": sealed, "reserve": reserve})

    def keys(self) -> LogKeys:
        """Return the city's keys, as they were set with the private one."""
        row = self._transaction.execute(KEYS).first()
        return LogKeys("", "") if row is None else keys_of(self._vault, *row)

    def append(self, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        """Append an entry; its time is never before that of the previous entry.

        A transaction that read the clock and then waited for others gets their time: position
        decides. Raises `Unavailable("clock_behind")` if the difference is too large for waiting, so
        that one of two clocks is wrong; `Unavailable("log_behind")` if this database has less than
        was signed before, or an end that was not; `Unavailable("log_newer")` if a newer release has
        continued it; ValueError for a body without a form in the log.
        """
        head = self._head or self._locked_head()
        if self._again:
            return self._append_again(head, kind, body)
        if head.at is not None and moment(at) < head.at:
            head_at = instant(head.at)
            if head_at - at > WAITED_MOST:
                raise Unavailable("clock_behind")
            at = head_at
        wrong = wrong_keys(kind, body)
        if wrong:
            msg = f"{kind.value}: no such entry, by {', '.join(wrong)}"
            raise ValueError(msg)
        new = entry(head.edge.size + 1, at, kind, body)
        self._write(head, new)
        self.appended += 1
        return new

    def write_again(self, entries: Sequence[Entry]) -> None:
        """Make `append` accept only these lost entries, in order; else it raises `log_behind`."""
        self._again = entries

    def _append_again(self, head: Head, kind: Kind, body: dict[str, object]) -> Entry:
        again = self._again[self.appended] if self.appended < len(self._again) else None
        if again is None or (again.kind, canonical(again.body)) != (kind, canonical(body)):
            raise Unavailable("log_behind")
        self._write(head, again)
        self.appended += 1
        return again

    def lock(self) -> int:
        """Lock the log until this transaction ends; return the number of the newest entry."""
        self._head = self._head or self._locked_head()
        return self._head.edge.size

    def dated(self, at: datetime) -> datetime:
        """Return the time that the log writes for `at`: later if its newest entry is."""
        self.lock()
        assert self._head is not None
        return max(at, instant(self._head.at)) if self._head.at else at

    def state(self) -> LogState:
        """Return the state for `go_back`."""
        head = self._head
        copied = replace(head, edge=copy_of(head.edge)) if head else None
        return copied, self.appended, len(self.written)

    def go_back(self, state: LogState) -> None:
        """Restore a state, after the database has rolled back to a savepoint."""
        self._head, self.appended, count = state
        del self.written[count:]
        self._grown = None

    def sign(self) -> None:
        """Write the head and sign it, once, just before the commit."""
        head = self._head
        if head is None or not head.has_moved:
            return
        values: dict[str, object] = {"seq": head.edge.size, "at": head.at, "edge": head.edge.data}
        if head.seed is not None:
            self.new_note = str(self._signed(head, head.edge.size, head.edge.root))
            values["note"] = head.note = self.new_note
        change_row(self._transaction, LogHeadRow, HEAD_ID, values)
        head.has_moved = False

    def _signed(self, head: Head, size: int, root: bytes) -> SignedNote:
        return signed(Checkpoint(Key.read(head.key).name, size, root), self._private_key(head))

    def _has_seed(self, head: Head) -> bool:
        """Whether the daily key is there and can be opened."""
        try:
            return head.seed is not None and bool(self._private_key(head))
        except UNREADABLE:
            return False

    def _private_key(self, head: Head) -> bytes:
        assert head.seed is not None
        return opened_keys(self._vault, head.seed)[0]

    def fill(self, entries: Sequence[Entry]) -> None:
        """Write lost entries again as they were signed; ValueError if one is out of order."""
        head = self._lock()
        for one in entries:
            if one.seq != head.edge.size + 1 or one.at < (head.at or ""):
                raise ValueError(one.seq)
            self._write(head, one)
        self._head = head

    def _write(self, head: Head, new: Entry) -> None:
        text, leaf = canonical(new.body), new.leaf
        values = {"seq": new.seq, "at": new.at, "kind": new.kind, "body": text, "leaf": leaf}
        write(self._transaction, LogRow, values)
        write_index(self._transaction, new)
        self.written.append(new.data)
        nodes = [
            {"level": height // LEVEL, "number": number, "hash": made}
            for height, number, made in head.edge.append(leaf)
            if height and height % LEVEL == 0
        ]
        if nodes:
            write(self._transaction, LogNodeRow, *nodes)
        head.at, head.has_moved = new.at, True
        self._transaction.publish(TOPIC)

    def _lock(self) -> Head:
        return read_head(self._transaction, LOCKED)

    def _locked_head(self) -> Head:
        if self._has_newer_entries():
            raise Unavailable("log_newer")
        head = self._lock()
        newest = None if self._again else self._newest_note.read()
        if self._is_forged(head) or (newest is not None and not head.is_after(newest)):
            raise Unavailable("log_behind")
        self._head = head
        return head

    def _is_forged(self, head: Head) -> bool:
        """Whether the city has not signed this end: the database owner can write one, unsigned."""
        if head.has_moved or not head.edge.size:
            return False
        if head.seed is None:  # no command removes a key
            return self._newest_note.read() is not None
        return (
            not head.key
            or not self._has_seed(head)
            or (not self._again and is_replaced(self._vault, head, self._newest_note))
            or head.note != str(self._signed(head, head.edge.size, head.edge.root))
        )

    def _head_to_sign(self) -> Head:
        return self._genuine_head()[0]

    def _genuine_head(self) -> tuple[Head, merkle.Edge]:
        head = self._read_head()
        if self._genuine is None or head is not self._genuine[0]:
            if self._is_forged(head):
                raise Unavailable("log_behind")
            self._genuine = head, merkle.Edge.read(*head.committed)
        return self._genuine

    def _read_head(self) -> Head:
        if self._head is not None:
            return self._head
        if self._seen is not None:
            return self._seen
        head = read_head(self._transaction, HEAD)
        if self._transaction.is_reading:
            self._seen = head
        return head

    def edge(self) -> merkle.Edge:
        """Return a copy of the tree's right edge, this transaction's entries included."""
        return copy_of(self._read_head().edge)

    def committed_edge(self) -> merkle.Edge:
        """Return the right edge that the city has signed, without this transaction's entries.

        It is not to be changed. Raises `Unavailable("log_behind")` if the city has not signed it.
        """
        return self._genuine_head()[1]

    def head(self) -> LogMark:
        """Return size and root; `Unavailable("log_behind")` if the row is the end of no log."""
        edge = self._read_head().edge
        return LogMark(edge.size, edge.root.hex())

    def newest_at(self) -> datetime | None:
        """Return the time of the newest entry, None for an empty log or an unreadable time."""
        with suppress(*UNREADABLE):
            return instant(at) if (at := self._read_head().at) else None
        return None

    def mark(self, size: int) -> LogMark:
        """Return the state of the log at that size; KeyError if it never had it.

        `Unavailable("log_behind")` if a row of its tree is not as it was.
        """
        head = self._require(size)
        if size == head.seq:
            return head
        try:
            return LogMark(size, merkle.root_at(size, self._nodes_of(head.seq)).hex())
        except (KeyError, ValueError):  # KeyError: a row is missing
            raise not_as_signed(size) from None

    def _require(self, size: int) -> LogMark:
        """Return the newest state; KeyError if the log never had this size."""
        head = self.head()
        if size > head.seq and self._seen is not None:
            self._seen = None  # it has grown since this transaction read it
            head = self.head()
        if not 0 <= size <= head.seq:
            raise KeyError(size)
        return head

    def _nodes_of(self, size: int) -> merkle.Nodes:
        """Cache the nodes of the last size: a batch of messages needs many marks of it."""
        if self._grown is None or self._grown[0] != size:
            self._grown = (size, self.nodes(size))
        return self._grown[1]

    def was(self, size: int, root: str) -> bool:
        """Whether the log had this root at that size."""
        try:
            return self.mark(size).root == root
        except KeyError:
            return False

    def has_newest_note(self, leaves: Sequence[bytes]) -> bool:
        """Whether a log with these leaves contains what was signed last."""
        return self._newest_note.is_of(leaves)

    def read_newest_note(self) -> None:
        """Read the newest note before a long reading, which does not see later entries."""
        self._noted = self._newest_note.read()

    def continues_newest_note(self) -> bool:
        """Whether the log contains everything that was signed last, unchanged."""
        newest = self._noted or self._newest_note.read()
        return newest is None or self.was(newest.size, newest.root.hex())

    def is_behind(self) -> bool:
        """Whether this database has less than was signed last on this machine, or another end."""
        newest = self._newest_note.read()
        try:
            head = self._read_head()
        except Unavailable:
            return True
        return self._is_forged(head) or (newest is not None and not head.is_after(newest))

    def nodes(self, size: int) -> merkle.Nodes:
        """Return the tree's nodes at that size."""
        return tiles.nodes_of(size, self._tile)

    def tile(self, tile: Tile) -> bytes | None:
        """Return the bytes of one tile; None if the log is shorter."""
        return self._tile(tile) if tile.is_within(self.head().seq) else None

    def _tile(self, tile: Tile) -> bytes:
        limit = {"limit": tile.width}
        if tile.level is None:
            rows = self._transaction.execute(AFTER, {"seq": tile.first, **limit})
            return tiles.bundle([entry_data(*row) for row in rows])
        if tile.level == 0:
            found = self._transaction.execute(LEAVES, {"seq": tile.first, **limit})
        else:
            values = {"level": tile.level, "first": tile.first, **limit}
            found = self._transaction.execute(NODES, values)
        return b"".join(bytes(one) for (one,) in found)

    def checkpoint(self) -> str | None:
        """Return the newest note as signed at its commit; None without one."""
        found = self._transaction.execute(
            sqlalchemy.select(col(LogHeadRow.note), col(LogHeadRow.seq)).where(
                col(LogHeadRow.id) == HEAD_ID
            )
        ).first()
        if not found or not found[0]:
            return None
        return str(self._with_cosignatures(found[1], SignedNote.read(found[0])))

    def note(self, size: int) -> str:
        """Return the note of one size with all cosignatures; empty without a key.

        KeyError for a size the log never had.
        """
        self._require(size)
        head = self._head_to_sign()
        if head.seed is None:
            return ""
        note = self._signed(head, size, self._root_to_sign(head, size))
        return str(self._with_cosignatures(size, note))

    def _root_to_sign(self, head: Head, size: int, leaf: bytes = b"") -> bytes:
        """Return the root at this size, if it and its last leaf are part of the signed end.

        Raises `Unavailable("log_behind")` if not: the database owner has changed rows below it.
        """
        end, nodes = head.edge, self._nodes_of(head.edge.size)
        try:
            return merkle.root_within(size, end.size, nodes, end.root, leaf)
        except (KeyError, ValueError):  # KeyError: a row is missing
            raise not_as_signed(size) from None

    def _with_cosignatures(self, size: int, note: SignedNote) -> SignedNote:
        rows = line_rows(self._transaction, col(CosignatureRow.size) == size)
        witnessed = (signature for _, signature in genuine_lines(self._transaction, rows))
        return SignedNote(note.text, (*note.signatures, *witnessed))

    def receipt(self, seq: int) -> str:
        """Return the city's receipt of an entry, always with the same bytes; empty without a key.

        KeyError for a number the log never had; `Unavailable("log_behind")` for a changed row.
        """
        self._require(seq)
        head = self._head_to_sign()
        if head.seed is None:
            return ""
        data = next((data for _, data in self.data_after(seq - 1, 1)), b"")
        # A row that the database owner has changed may be no entry at all: compare before parsing.
        root = self._root_to_sign(head, seq, merkle.leaf_hash(data))
        unsigned = Receipt(Key.read(head.key).name, read_entry(data), seq, root)
        return str(signed_receipt(unsigned, self._private_key(head)))

    def add_cosignature(self, size: int, signature: Signature) -> bool:
        """Add a witness's verified signature; False if its key signed that size before."""
        is_new = add_line(self._transaction, size, signature)
        if is_new:
            self._transaction.publish(TOPIC)
        return is_new

    def cosignatures(self, least: int, below: int | None = None) -> list[tuple[int, Signature]]:
        """Return (size, signature) from one size on to before `below`, ascending."""
        if (least, below) in self._cosigned:
            return self._cosigned[least, below]
        size = col(CosignatureRow.size)
        which = size >= least if below is None else and_(size >= least, size < below)
        return genuine_lines(self._transaction, line_rows(self._transaction, which, _LINES_MOST))

    def read_cosignatures(self, ranges: Collection[tuple[int, int]]) -> None:
        """Read ahead the signatures of these ranges; only a reading transaction caches them."""
        if not ranges or not self._transaction.is_reading:
            return
        size, most = col(CosignatureRow.size), _LINES_MOST * len(ranges)
        among = or_(*(and_(size >= least, size < below) for least, below in ranges))
        rows = line_rows(self._transaction, among, most)
        if len(rows) == most:  # the last range may have more
            return
        lines = genuine_lines(self._transaction, rows)
        for least, below in ranges:
            within = [line for line in lines if least <= line[0] < below]
            self._cosigned[least, below] = within[:_LINES_MOST]

    def newest_of(self, kinds: Collection[Kind]) -> int:
        """Return the number of the newest entry of these kinds; 0 if there is none."""
        newest = select(func.max(LogRow.seq)).where(
            col(LogRow.kind).in_([kind.value for kind in kinds])
        )
        return self._session.exec(newest).one() or 0

    def cosignatures_count(self) -> int:
        """Count the cosignatures of all sizes and witnesses."""
        return self._session.exec(select(func.count()).select_from(CosignatureRow)).one()

    def cosigned_sizes(self) -> list[int]:
        """Return the sizes whose notes a witness has signed, ascending."""
        rows = line_rows(self._transaction, sqlalchemy.true())
        return sorted({size for size, _ in genuine_lines(self._transaction, rows)})

    def forged_cosignatures(self) -> list[str]:
        """Return size and name of each witness's line that this program did not write."""
        return forged_lines(self._transaction)

    def stored_nodes(self) -> dict[tuple[int, int], bytes]:
        """Return (level, number) → stored hash of the levels above the leaves."""
        columns = col(LogNodeRow.level), col(LogNodeRow.number), col(LogNodeRow.hash)
        rows = self._transaction.execute(sqlalchemy.select(*columns))
        return {(level, number): bytes(found) for level, number, found in rows}

    def entry(self, seq: int) -> Entry:
        """Return one entry by its number; KeyError if the log is shorter."""
        found = self.after(seq - 1, 1)
        if not found or found[0].seq != seq:
            raise KeyError(seq)
        return found[0]

    def of_kind(self, kind: Kind, since: datetime) -> list[Entry]:
        values = {"kind": kind.value, "since": moment(since)}
        return [
            Entry(number, at, kind, read_object(body))
            for number, at, body in self._transaction.execute(OF_KIND, values)
        ]

    def data_of(self, *kinds: Kind) -> list[bytes]:
        """Return the bytes of all entries of these kinds, in order."""
        rows = self._transaction.execute(OF_KINDS, {"kinds": [kind.value for kind in kinds]})
        return [entry_text(*row).encode() for row in rows]

    def several(self, numbers: Collection[int]) -> list[Entry]:
        """Return these entries, in order."""
        rows = self._transaction.execute(SEVERAL, {"numbers": [*numbers]}) if numbers else ()
        return [Entry(seq, at, Kind(kind), read_object(body)) for seq, at, kind, body in rows]

    def of_monday(self, kind: Kind, monday: date, district: int | None = None) -> list[Entry]:
        """Return entries about the draws of a Monday, or about one of them."""
        which = "d__" if district is None else draw_id(district, monday).partition("-")[0]
        rows = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(col(LogRow.body).like(f'%"draw":"{which}-{iso(monday)}"%'))
            .order_by(col(LogRow.seq))
        )
        return [Entry(row.seq, row.at, Kind(row.kind), read_object(row.body)) for row in rows]

    def after(self, seq: int, limit: int = 1000) -> list[Entry]:
        rows = self._transaction.execute(AFTER, {"seq": seq, "limit": limit})
        return [Entry(number, at, Kind(kind), read_object(body)) for number, at, kind, body in rows]

    def data_after(self, seq: int, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return (number, published bytes), even if a row was tampered with."""
        rows = self._transaction.execute(AFTER, {"seq": seq, "limit": limit})
        return [(row.seq, entry_text(*row).encode()) for row in rows]

    def leaves_after(self, seq: int, limit: int) -> list[bytes]:
        """Return the stored leaf hashes of the entries that `after` returns."""
        rows = self._transaction.execute(LEAVES, {"seq": seq, "limit": limit})
        return [bytes(leaf) for (leaf,) in rows]
