"""The end of the public log, as its one row says it."""

from dataclasses import dataclass

from sqlalchemy import Executable
from sqlalchemy.exc import NoResultFound

from publicmeeting.domain.errors import Unavailable
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import Key


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
