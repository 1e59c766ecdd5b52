"""The public log: one tree, its head locked last in every transaction that appends, and signed
once before it is committed."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, func, select, update

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit import randomness
from publicmeeting.kit.jalali import iso
from publicmeeting.store.database.repository import Repository, write
from publicmeeting.store.database.rows.city import (
    CosignatureRow,
    LogHeadRow,
    LogNodeRow,
    LogRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.line.log_index import write_index
from publicmeeting.store.newest_note import NewestNote
from publicmeeting.turns import merkle, tiles
from publicmeeting.turns.checkpoint import Checkpoint, city_key, signed
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
)
from publicmeeting.turns.note import SEED, Key, Signature, SignedNote
from publicmeeting.turns.receipt import Receipt, signed_receipt
from publicmeeting.turns.tiles import LEVEL, Tile

TOPIC = "log"
"""Rung for whoever reads the log's newest entries."""

WAITED_MOST = timedelta(minutes=1)
"""So long may a transaction have waited, since it read the clock, for those who write before it."""

_LINES_MOST = 1000
"""Under notes from one size on: those of a moment come within days."""

_SEED_PLACE, _HEAD_ID = "log_head.seed", 1

_HEAD = sqlalchemy.select(
    col(LogHeadRow.seq),
    col(LogHeadRow.at),
    col(LogHeadRow.edge),
    col(LogHeadRow.key),
    col(LogHeadRow.seed),
).where(col(LogHeadRow.id) == _HEAD_ID)
"""One row, made by a migration."""
_LOCKED = _HEAD.with_for_update()
_AFTER = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
_LEAVES = (
    sqlalchemy.select(col(LogRow.leaf))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
_OF_KIND = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.body))
    .where(col(LogRow.kind) == bindparam("kind"))
    .where(col(LogRow.at) >= bindparam("since"))
    .order_by(col(LogRow.seq))
)
_OF_KINDS = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.kind).in_(bindparam("kinds", expanding=True)))
    .order_by(col(LogRow.seq))
)
_COUNT_WITH = (
    sqlalchemy.select(func.count())
    .where(col(LogRow.kind) == bindparam("kind"))
    .where(col(LogRow.at) >= bindparam("since"))
    .where(col(LogRow.body).contains(bindparam("pair")))
)
_COUNTS = (
    sqlalchemy.select(col(LogRow.kind), func.count())
    .where(col(LogRow.kind).in_([kind.value for kind in Kind]))
    .where(col(LogRow.at) >= bindparam("since"))
    .group_by(col(LogRow.kind))
)
"""With every kind named, the index by kind and time is looked up instead of read whole."""
_NODES = (
    sqlalchemy.select(col(LogNodeRow.hash))
    .where(col(LogNodeRow.level) == bindparam("level"))
    .where(col(LogNodeRow.number) >= bindparam("first"))
    .order_by(col(LogNodeRow.number))
    .limit(bindparam("limit"))
)
_MOVE = update(LogHeadRow).where(col(LogHeadRow.id) == _HEAD_ID)


@dataclass(slots=True)
class _Head:
    """The end of the log, read once it is locked: nobody else can move it now."""

    edge: merkle.Edge
    at: str | None
    key: str
    seed: bytes | None
    has_moved: bool = False


LogState: TypeAlias = tuple[_Head | None, int, int]
"""The end of the log as one transaction has it, how many entries it appended and has written."""


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The city's keys as announced, `name+id+base64`; empty where one is not made yet."""

    daily: str
    reserve: str

    @property
    def origin(self) -> str:
        """The log's name; empty before it is opened."""
        return Key.read(self.daily).name if self.daily else ""

    @property
    def announced(self) -> list[str]:
        return [key for key in (self.daily, self.reserve) if key]


class Log(Repository):
    def __init__(self, transaction: Transaction, newest_note: NewestNote) -> None:
        super().__init__(transaction)
        self._newest_note = newest_note
        self._noted: Checkpoint | None = None
        self._head: _Head | None = None
        self._seen: _Head | None = None
        """What a reading has read."""
        self._bodies: dict[int, dict[str, Any]] = {}
        self._cosigned: dict[tuple[int, int | None], list[tuple[int, Signature]]] = {}
        self._grown: tuple[int, merkle.Nodes] | None = None
        self.new_note = ""
        """The note that this transaction signs, once it has."""
        self.appended = 0
        """How many entries this transaction has appended."""
        self.written: list[bytes] = []
        """All it has written, as published."""
        self._again: Sequence[Entry] = ()
        """What this transaction writes again, and nothing else."""

    def open(self, origin: str, reserve: str, now: datetime) -> None:
        """Give the log its name and daily key, and write its first entry.

        ValueError where it has one, or for a reserve key that is not this log's.
        """
        if self.keys().daily or (reserve and Key.read(reserve).name != origin):
            raise ValueError(origin)
        self.set_keys(origin, bytes.fromhex(randomness.hex_digits(2 * SEED)), reserve)
        self.append(Kind.LOG_OPENED, {"continues": "", "origin": origin}, now)

    def set_keys(self, origin: str, seed: bytes, reserve: str) -> None:
        """From now on this private key signs, and that one may."""
        values = {
            "key": city_key(origin, seed).vkey,
            "seed": self._vault.seal(_SEED_PLACE, str(_HEAD_ID), seed.hex()),
            "reserve": reserve,
        }
        self._transaction.execute(_MOVE, values)
        self._head = None
        head = self._locked_head()
        head.has_moved = head.edge.size > 0  # its note is signed anew

    def set_reserve(self, reserve: str) -> None:
        """Name the key that may sign in place of the daily one."""
        self._transaction.execute(_MOVE, {"reserve": reserve})

    def keys(self) -> LogKeys:
        found = sqlalchemy.select(col(LogHeadRow.key), col(LogHeadRow.reserve))
        row = self._transaction.execute(found).first()
        return LogKeys(*row) if row else LogKeys("", "")

    def append(self, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        """The next entry. Its time is never before that of the one before it.

        Who read the clock and then waited for others writes with the time of theirs: the place in
        the log decides. `Unavailable("clock_behind")` where
        it is too much for waiting: one of two clocks is wrong, and nobody here knows which.
        `Unavailable("log_behind")` where this database has less than was signed before.
        ValueError for a body that has no form in the log.
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
        """Have `append` write these, which were signed before and are lost here, and only in their
        order: `Unavailable("log_behind")` for any other than the next."""
        self._again = entries

    def _append_again(self, head: _Head, kind: Kind, body: dict[str, object]) -> Entry:
        again = self._again[self.appended] if self.appended < len(self._again) else None
        if again is None or (again.kind, canonical(again.body)) != (kind, canonical(body)):
            raise Unavailable("log_behind")
        self._write(head, again)
        self.appended += 1
        return again

    def lock(self) -> int:
        """Nobody else appends until this transaction ends; the number of the newest entry."""
        self._head = self._head or self._locked_head()
        return self._head.edge.size

    def dated(self, at: datetime) -> datetime:
        """The time that the log writes for what is done at `at`: later where somebody else has
        written with a clock that is ahead, or while this one waited for him."""
        self.lock()
        assert self._head is not None
        return max(at, instant(self._head.at)) if self._head.at else at

    def state(self) -> LogState:
        """To `go_back` to."""
        head = self._head
        copied = replace(head, edge=_copy(head.edge)) if head else None
        return copied, self.appended, len(self.written)

    def go_back(self, state: LogState) -> None:
        """The database has undone what was appended since, and given back a lock taken since."""
        self._head, self.appended, many = state
        del self.written[many:]
        self._grown = None

    def sign(self) -> None:
        """Move the head to what was appended and sign it; once, just before the commit."""
        head = self._head
        if head is None or not head.has_moved:
            return
        values: dict[str, object] = {
            "seq": head.edge.size,
            "at": head.at,
            "edge": head.edge.data,
        }
        if head.seed is not None:
            self.new_note = str(self._signed(head, head.edge.size, head.edge.root))
            values["note"] = self.new_note
        self._transaction.connection.execute(_MOVE, values)
        head.has_moved = False

    def _signed(self, head: _Head, size: int, root: bytes) -> SignedNote:
        return signed(Checkpoint(Key.read(head.key).name, size, root), self._private_key(head))

    def _private_key(self, head: _Head) -> bytes:
        assert head.seed is not None
        return bytes.fromhex(self._vault.open(_SEED_PLACE, str(_HEAD_ID), head.seed))

    def fill(self, entries: Sequence[Entry]) -> None:
        """Write entries that were signed before and are lost here, as they were; ValueError where
        one does not follow the one before it."""
        head = self._lock()
        for one in entries:
            if one.seq != head.edge.size + 1 or one.at < (head.at or ""):
                raise ValueError(one.seq)
            self._write(head, one)
        self._head = head

    def _write(self, head: _Head, new: Entry) -> None:
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

    def _lock(self) -> _Head:
        self._session.flush()  # or a row not yet written would be locked after the head
        size, at, edge, key, seed = self._transaction.connection.execute(_LOCKED).one()
        return _Head(merkle.Edge.read(size, edge), at, key, seed)

    def _locked_head(self) -> _Head:
        head = self._lock()
        newest = None if self._again else self._newest_note.read()
        if newest is not None and not _is_after(head, newest):
            raise Unavailable("log_behind")
        self._head = head
        return head

    def _read_head(self) -> _Head:
        if self._head is not None:
            return self._head
        if self._seen is not None:
            return self._seen
        size, at, edge, key, seed = self._transaction.execute(_HEAD).one()
        head = _Head(merkle.Edge.read(size, edge), at, key, seed)
        if self._transaction.is_reading:
            self._seen = head
        return head

    def edge(self) -> merkle.Edge:
        """A copy of the tree's right edge."""
        return _copy(self._read_head().edge)

    def head(self) -> LogMark:
        """ValueError where somebody has changed the head's row past the program."""
        edge = self._read_head().edge
        return LogMark(edge.size, edge.root.hex())

    def newest_at(self) -> datetime | None:
        """The time of the newest entry; no later one may be earlier."""
        at = self._read_head().at
        return instant(at) if at else None

    def mark(self, size: int) -> LogMark:
        """What the log was when it had so many entries. KeyError where it never had."""
        head = self.head()
        if size > head.seq and self._seen is not None:
            self._seen = None  # it has grown since this reading saw it
            head = self.head()
        if size == head.seq:
            return head
        if not 0 <= size < head.seq:
            raise KeyError(size)
        return LogMark(size, merkle.root_at(size, self._nodes_of(head.seq)).hex())

    def _nodes_of(self, size: int) -> merkle.Nodes:
        """Those of the last size asked for, read once: a batch of messages names as many marks."""
        if self._grown is None or self._grown[0] != size:
            self._grown = (size, self.nodes(size))
        return self._grown[1]

    def was(self, size: int, root: str) -> bool:
        """Whether the log was this when it had so many entries."""
        try:
            return self.mark(size).root == root
        except KeyError:
            return False

    def has_newest_note(self, leaves: Sequence[bytes]) -> bool:
        """Whether a log of these leaves has what was signed last."""
        return self._newest_note.is_of(leaves)

    def look_at_newest_note(self) -> None:
        """Before the first statement of a long reading: what is signed meanwhile is not in it."""
        self._noted = self._newest_note.read()

    def continues_newest_note(self) -> bool:
        """Whether the log has everything that was signed last, as it was signed."""
        newest = self._noted or self._newest_note.read()
        return newest is None or self.was(newest.size, newest.root.hex())

    def is_behind(self) -> bool:
        """Whether this database has less than was signed last on this machine, or another end."""
        newest = self._newest_note.read()
        return newest is not None and not _is_after(self._read_head(), newest)

    def nodes(self, size: int) -> merkle.Nodes:
        """The tree's nodes, as far as it had grown at that size."""
        return tiles.nodes_of(size, self._tile)

    def tile(self, tile: Tile) -> bytes | None:
        """The bytes of one tile; None where the log has not come so far."""
        return self._tile(tile) if tile.is_within(self.head().seq) else None

    def _tile(self, tile: Tile) -> bytes:
        many = {"limit": tile.width}
        if tile.level is None:
            rows = self._transaction.execute(_AFTER, {"seq": tile.first, **many})
            return tiles.bundle([entry_data(*row) for row in rows])
        if tile.level == 0:
            found = self._transaction.execute(_LEAVES, {"seq": tile.first, **many})
        else:
            values = {"level": tile.level, "first": tile.first, **many}
            found = self._transaction.execute(_NODES, values)
        return b"".join(bytes(one) for (one,) in found)

    def checkpoint(self) -> str | None:
        """The newest note, as it was signed when it was committed; None before there is one."""
        found = self._transaction.execute(
            sqlalchemy.select(col(LogHeadRow.note), col(LogHeadRow.seq))
        ).first()
        if not found or not found[0]:
            return None
        return str(self._with_cosignatures(found[1], SignedNote.read(found[0])))

    def note(self, size: int) -> str:
        """The signed note of one size with all its cosignatures; empty where there is no key.

        KeyError for a size the log never had.
        """
        head, mark = self._read_head(), self.mark(size)
        if head.seed is None:
            return ""
        return str(
            self._with_cosignatures(size, self._signed(head, size, bytes.fromhex(mark.root)))
        )

    def _with_cosignatures(self, size: int, note: SignedNote) -> SignedNote:
        lines = self._session.exec(
            select(CosignatureRow.line)
            .where(CosignatureRow.size == size)
            .order_by(col(CosignatureRow.name), col(CosignatureRow.key_id))
        )
        witnessed = (Signature.read(line) for line in lines)
        return SignedNote(note.text, (*note.signatures, *witnessed))

    def receipt(self, seq: int) -> str:
        """The city's signed word for one entry and for the log that ended with it; always the same
        bytes. Empty where there is no key; KeyError for a number the log never had."""
        head, mark = self._read_head(), self.mark(seq)
        if head.seed is None:
            return ""
        origin, root = Key.read(head.key).name, bytes.fromhex(mark.root)
        unsigned = Receipt(origin, self.entry(seq), seq, root)
        return str(signed_receipt(unsigned, self._private_key(head)))

    def add_cosignature(self, size: int, signature: Signature) -> bool:
        """Put a witness's line, which was checked, under the note of a size; False where its key
        has signed that size before."""
        key = (size, signature.name, signature.id.hex())
        if self._session.get(CosignatureRow, key) is not None:
            return False
        row = CosignatureRow(
            size=size, name=signature.name, key_id=signature.id.hex(), line=signature.line
        )
        self._session.add(row)
        self._transaction.publish(TOPIC)
        return True

    def cosignatures(self, least: int, below: int | None = None) -> list[tuple[int, Signature]]:
        """Sizes from one on (`below`: to before another) with the lines under them, ascending; each
        was checked before."""
        if (least, below) in self._cosigned:
            return self._cosigned[least, below]
        found = select(CosignatureRow.size, CosignatureRow.line).where(
            col(CosignatureRow.size) >= least
        )
        if below is not None:
            found = found.where(col(CosignatureRow.size) < below)
        rows = self._session.exec(found.order_by(col(CosignatureRow.size)).limit(_LINES_MOST))
        return [(size, Signature.read(line)) for size, line in rows]

    def read_cosignatures(self, ranges: Collection[tuple[int, int]]) -> None:
        """Read at once the lines of these sizes, from one to before another, before each is asked
        for; only a reading keeps them."""
        if not ranges or not self._transaction.is_reading:
            return
        size, most = col(CosignatureRow.size), _LINES_MOST * len(ranges)
        among = or_(*(and_(size >= least, size < below) for least, below in ranges))
        found = select(CosignatureRow.size, CosignatureRow.line).where(among).order_by(size)
        rows = self._session.exec(found.limit(most)).all()
        if len(rows) == most:  # the last of them may have more
            return
        lines = [(at, Signature.read(line)) for at, line in rows]
        for least, below in ranges:
            within = [line for line in lines if least <= line[0] < below]
            self._cosigned[least, below] = within[:_LINES_MOST]

    def newest_of(self, kinds: Collection[Kind]) -> int:
        """The number of the newest entry of one of these kinds; 0 where there is none."""
        newest = select(func.max(LogRow.seq)).where(
            col(LogRow.kind).in_([kind.value for kind in kinds])
        )
        return self._session.exec(newest).one() or 0

    def cosignatures_count(self) -> int:
        """Of all sizes and witnesses."""
        return self._session.exec(select(func.count()).select_from(CosignatureRow)).one()

    def cosigned_sizes(self) -> list[int]:
        """Sizes whose notes a witness has signed, ascending."""
        sizes = select(CosignatureRow.size).distinct().order_by(col(CosignatureRow.size))
        return list(self._session.exec(sizes))

    def stored_nodes(self) -> dict[tuple[int, int], bytes]:
        """What is stored of the levels above the leaves: level and number → hash."""
        columns = col(LogNodeRow.level), col(LogNodeRow.number), col(LogNodeRow.hash)
        rows = self._transaction.execute(sqlalchemy.select(*columns))
        return {(level, number): bytes(found) for level, number, found in rows}

    def entry(self, seq: int) -> Entry:
        """One entry by its number; KeyError where the log has not come so far."""
        found = self.after(seq - 1, 1)
        if not found or found[0].seq != seq:
            raise KeyError(seq)
        return found[0]

    def counts(self, since: datetime) -> dict[Kind, int]:
        """How many entries of each kind were written from a time on."""
        rows = self._transaction.execute(_COUNTS, {"since": moment(since)})
        return {Kind(kind): count for kind, count in rows}

    def of_kind(self, kind: Kind, since: datetime) -> list[Entry]:
        values = {"kind": kind.value, "since": moment(since)}
        return [
            Entry(number, at, kind, json.loads(body))
            for number, at, body in self._transaction.execute(_OF_KIND, values)
        ]

    def data_of(self, *kinds: Kind) -> list[bytes]:
        """Every entry of these kinds in the same way, in the order of the log."""
        rows = self._transaction.execute(_OF_KINDS, {"kinds": [kind.value for kind in kinds]})
        return [entry_text(*row).encode() for row in rows]

    def count_with(self, kind: Kind, since: datetime, key: str, value: str) -> int:
        """How many entries of a kind say so of this key of theirs, without reading them."""
        pair = canonical({key: value}).strip("{}")
        values = {"kind": kind.value, "since": moment(since), "pair": pair}
        return int(self._transaction.execute(_COUNT_WITH, values).scalar_one())

    def bodies(self, seqs: Collection[int]) -> list[tuple[int, dict[str, Any]]]:
        """Numbers and bodies of entries, in the order of the log."""
        if self._bodies.keys() >= set(seqs):
            return [(seq, self._bodies[seq]) for seq in sorted(set(seqs))]
        rows = self._session.exec(
            select(LogRow.seq, LogRow.body)
            .where(col(LogRow.seq).in_(list(seqs)))
            .order_by(col(LogRow.seq))
        )
        return [(seq, json.loads(body)) for seq, body in rows]

    def read_bodies(self, seqs: Collection[int]) -> None:
        """Read at once the bodies of these entries, before each is asked for; only a reading keeps
        them."""
        if seqs and self._transaction.is_reading:
            self._bodies.update(self.bodies(seqs))

    def of_monday(self, kind: Kind, monday: date, district: int | None = None) -> list[Entry]:
        """Entries about the draws of a Monday, or about one of them."""
        which = "d__" if district is None else draw_id(district, monday).partition("-")[0]
        rows = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(col(LogRow.body).like(f'%"draw":"{which}-{iso(monday)}"%'))
            .order_by(col(LogRow.seq))
        )
        return [_entry(row) for row in rows]

    def after(self, seq: int, limit: int = 1000) -> list[Entry]:
        rows = self._transaction.execute(_AFTER, {"seq": seq, "limit": limit})
        return [Entry(number, at, Kind(kind), json.loads(body)) for number, at, kind, body in rows]

    def data_after(self, seq: int, limit: int = 1000) -> list[tuple[int, bytes]]:
        """The same with their bytes as published, whatever somebody has put into a row."""
        rows = self._transaction.execute(_AFTER, {"seq": seq, "limit": limit})
        return [(row.seq, entry_text(*row).encode()) for row in rows]

    def leaves_after(self, seq: int, limit: int = 1000) -> list[bytes]:
        """The stored hashes of the entries that `after` gives."""
        rows = self._transaction.execute(_LEAVES, {"seq": seq, "limit": limit})
        return [bytes(leaf) for (leaf,) in rows]


def _copy(edge: merkle.Edge) -> merkle.Edge:
    return merkle.Edge.read(edge.size, edge.data)


def _is_after(head: _Head, newest: Checkpoint) -> bool:
    """Whether the log may go on as far as its head shows: it has what was signed last."""
    if head.edge.size == newest.size:
        return head.edge.root == newest.root
    return head.edge.size > newest.size


def _entry(row: LogRow) -> Entry:
    return Entry(row.seq, row.at, Kind(row.kind), json.loads(row.body))
