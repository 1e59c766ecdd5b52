"""SQL statements of the public log, and its end as its one row says it."""

from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import Executable, bindparam
from sqlalchemy.exc import NoResultFound
from sqlmodel import col, update

from publicmeeting.domain.errors import Unavailable
from publicmeeting.store.database.rows.city import LogHeadRow, LogNodeRow, LogRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault
from publicmeeting.store.public_record.newest_note import NewestNote
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.note import Key, NoteError

HEAD_ID = 1
HEAD = sqlalchemy.select(
    col(LogHeadRow.seq),
    col(LogHeadRow.at),
    col(LogHeadRow.edge),
    col(LogHeadRow.key),
    col(LogHeadRow.seed),
    col(LogHeadRow.note),
).where(col(LogHeadRow.id) == HEAD_ID)
"""The single row, made by a migration."""
LOCKED = HEAD.with_for_update()
KEYS = sqlalchemy.select(col(LogHeadRow.key), col(LogHeadRow.reserve), col(LogHeadRow.seed)).where(
    col(LogHeadRow.id) == HEAD_ID
)
AFTER = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
LEAVES = (
    sqlalchemy.select(col(LogRow.leaf))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
SEVERAL = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.seq).in_(bindparam("numbers", expanding=True)))
    .order_by(col(LogRow.seq))
)
OF_KIND = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.body))
    .where(col(LogRow.kind) == bindparam("kind"))
    .where(col(LogRow.at) >= bindparam("since"))
    .order_by(col(LogRow.seq))
)
OF_KINDS = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.kind).in_(bindparam("kinds", expanding=True)))
    .order_by(col(LogRow.seq))
)
NODES = (
    sqlalchemy.select(col(LogNodeRow.hash))
    .where(col(LogNodeRow.level) == bindparam("level"))
    .where(col(LogNodeRow.number) >= bindparam("first"))
    .order_by(col(LogNodeRow.number))
    .limit(bindparam("limit"))
)
MOVE = update(LogHeadRow).where(col(LogHeadRow.id) == HEAD_ID)

_SEED_PLACE = "log_head.seed"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The city's keys as announced, `name+id+base64`; empty if not made yet."""

    daily: str
    reserve: str
    is_genuine: bool = True
    """Whether this program has set them; if not, they are only what the row says."""
    is_stored: bool = True
    """Whether the row says the same."""
    is_alone: bool = False
    """Whether the private key was sealed without them; see `key_sealed_alone`."""

    @property
    def origin(self) -> str:
        """The log's name; empty before it is opened, and if the row says no key."""
        try:
            return Key.read(self.daily).name
        except NoteError:
            return ""

    @property
    def announced(self) -> list[str]:
        """Return the keys by which readers check the log.

        Raises `Unavailable("log_behind")` if nobody knows whether the city has set them.
        """
        if not self.is_genuine:
            raise Unavailable("log_behind")
        return [key for key in (self.daily, self.reserve) if key]


def sealed_keys(vault: Vault, seed: bytes, daily: str, reserve: str) -> bytes:
    """Seal the private key together with both announced keys, so that no row can exchange one."""
    return vault.seal(_SEED_PLACE, str(HEAD_ID), f"{seed.hex()} {daily} {reserve}")


def opened_keys(vault: Vault, sealed: bytes) -> tuple[bytes, str, str]:
    """Return private, daily and reserve key; raises one of `UNREADABLE`."""
    seed, daily, reserve = vault.open(_SEED_PLACE, str(HEAD_ID), sealed).split(" ")
    return bytes.fromhex(seed), daily, reserve


def _opened_alone(vault: Vault, sealed: bytes) -> bytes:
    """Return a private key that was sealed without the announced ones, before 2026-12-01.

    Raises one of `UNREADABLE`, also for one that is sealed with them.
    """
    return bytes.fromhex(vault.open(_SEED_PLACE, str(HEAD_ID), sealed))


def keys_of(vault: Vault, key: str, reserve: str, seed: bytes | None) -> LogKeys:
    """Return the city's keys as they were set with the private one, whatever the row says."""
    if seed is None:
        is_new = not (key or reserve)
        return LogKeys(key, reserve, is_genuine=is_new, is_stored=is_new)
    try:
        _, daily, announced = opened_keys(vault, seed)
    except UNREADABLE:
        is_alone = _is_sealed_alone(vault, seed)
        return LogKeys(key, reserve, is_genuine=False, is_stored=False, is_alone=is_alone)
    return LogKeys(daily, announced, is_stored=(key, reserve) == (daily, announced))


def _is_sealed_alone(vault: Vault, sealed: bytes) -> bool:
    try:
        return bool(_opened_alone(vault, sealed))
    except UNREADABLE:
        return False


@dataclass(slots=True)
class Head:
    """The end of the log; read with a lock, nobody else can append."""

    edge: merkle.Edge
    at: str | None
    key: str
    seed: bytes | None
    note: str
    committed: tuple[int, bytes]
    """Size and edge as they were read, before this transaction's own entries."""
    has_moved: bool = False

    def is_after(self, newest: Checkpoint) -> bool:
        """Whether it allows appending: it has at least what was signed last."""
        if self.edge.size == newest.size:
            return self.edge.root == newest.root
        return self.edge.size > newest.size


def read_head(transaction: Transaction, statement: Executable) -> Head:
    """Read the row; `Unavailable("log_behind")` if it is gone or is the end of no log.

    Everything that needs the log then waits, and nothing else does. Rows that are gathered wait on:
    nobody else can lock a new row before the head.
    """
    try:
        size, at, edge, key, seed, note = transaction.execute_apart(statement).one()
        if key:
            Key.read(key)
        return Head(merkle.Edge.read(size, edge), at, key, seed, note, (size, edge))
    except (*UNREADABLE, NoResultFound) as fault:
        raise Unavailable("log_behind") from fault


def copy_of(edge: merkle.Edge) -> merkle.Edge:
    """Return an edge that grows by itself."""
    return merkle.Edge.read(edge.size, edge.data)


def key_sealed_alone(vault: Vault, head: Head, newest: NewestNote) -> tuple[bytes, str]:
    """Return private and daily key of a city founded before they were sealed together.

    The database owner can put such a seal back, with names of his own beside it. So it counts only
    if it has signed this end of the log and the newest note outside the database, which a later
    daily key would have signed. Raises `Unavailable("log_behind")` otherwise.
    """
    last = newest.read()
    if last is None or head.seed is None or not head.is_after(last):
        raise Unavailable("log_behind")
    try:
        seed = _opened_alone(vault, head.seed)
    except UNREADABLE as fault:
        raise Unavailable("log_behind") from fault
    daily = city_key(last.origin, seed)
    end = signed(Checkpoint(last.origin, head.edge.size, head.edge.root), seed)
    if (head.key, head.note) != (daily.vkey, str(end)) or not newest.is_by(daily):
        raise Unavailable("log_behind")
    return seed, daily.vkey


def is_replaced(vault: Vault, head: Head, newest: NewestNote) -> bool:
    """Whether the reserve key of this seal has signed the newest note, so that it signs since then.

    An older dump brings such a seal back, and the database owner can. The old daily key may be
    stolen, so it signs nothing more.
    """
    try:
        _, _, reserve = opened_keys(vault, head.seed or b"")
        return bool(reserve) and newest.is_by(Key.read(reserve))
    except UNREADABLE:
        return False
