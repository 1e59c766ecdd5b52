"""The public log as tiles and notes for C2SP clients, its keys, one row of a draw with its proof.

The proof is the row's path to the list's root, and the log entries of list, value and draw. It
proves on a telephone that the row is in the list.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.stored import read_object
from publicmeeting.store.public_record.statements import LogKeys
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Row
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.checkpoint import city_key, inclusion_proof
from publicmeeting.turns.tree.merkle import inclusion
from publicmeeting.turns.tree.note import Key, KeyType, NoteError, SignedNote
from publicmeeting.turns.tree.tiles import read_path
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase


class OneTile(Query):
    """A tile by its address: `tile/0/x001/234.p/7` or `tile/entries/000`."""

    path: str


class OneSize(Query):
    """A size of the log, in entries."""

    size: int


@dataclass(frozen=True, slots=True)
class TileData:
    data: bytes
    is_full: bool
    """A full tile never changes and never disappears."""


@usecase(*ANYONE)
def log_tile(uow: UnitOfWork, _actor: Actor, query: OneTile, _now: datetime) -> TileData:
    """Return a tile; Denied("not_found") for a malformed path or a tile beyond the log."""
    tile = read_path(query.path)
    data = uow.log.tile(tile) if tile is not None else None
    if tile is None or data is None:
        raise Denied("not_found")
    return TileData(data, tile.is_full)


@usecase(*ANYONE)
def checkpoint(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> str:
    """Return the newest note. Denied("not_found") before the log is opened."""
    note = uow.log.checkpoint()
    if not note:
        raise Denied("not_found")
    return note


@usecase(*ANYONE)
def log_note(uow: UnitOfWork, _actor: Actor, query: OneSize, _now: datetime) -> str:
    """Return the note of one size with all signatures of witnesses.

    Denied("not_found") for a size that the log never had.
    """
    try:
        note = uow.log.note(query.size) if query.size > 0 else ""
    except KeyError:
        note = ""
    if not note:
        raise Denied("not_found")
    return note


@usecase(*ANYONE)
def cosigned_sizes(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime
) -> tuple[int, ...]:
    """Return the sizes whose notes a witness has signed, ascending."""
    return tuple(uow.log.cosigned_sizes())


@usecase(*ANYONE)
def log_proof(uow: UnitOfWork, _actor: Actor, query: OneSize, _now: datetime) -> str:
    """Return a C2SP tlog-proof of an entry in the oldest note that witnesses have signed since.

    Denied("not_found") before one has, and for a number beyond the log.
    """
    size = next(
        (
            cosigned_size
            for cosigned_size in uow.log.cosigned_sizes()
            if cosigned_size >= query.size
        ),
        None,
    )
    if size is None or query.size < 1:
        raise Denied("not_found")
    path = inclusion(query.size - 1, size, uow.log.nodes(size))
    return inclusion_proof(query.size - 1, path, SignedNote.read(uow.log.note(size)))


@dataclass(frozen=True, slots=True)
class CityKeys:
    """Keys with which readers check the log; `reserve` is empty until one was made."""

    origin: str
    daily: str
    reserve: str


@usecase(Role.ADMINISTRATOR)
def city_keys(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> CityKeys:
    """Return the city's keys; Denied("not_found") before the city is founded.

    Raises `Unavailable("log_behind")` if nobody knows whether the city has set them.
    """
    keys = uow.log.keys()
    if not keys.announced:
        raise Denied("not_found")
    return CityKeys(keys.origin, keys.daily, keys.reserve)


class ReserveKey(Command):
    """The public half of a key made on another machine: `name+id+base64`."""

    key: str


@usecase(Role.ADMINISTRATOR)
def set_reserve_key(uow: UnitOfWork, _actor: Actor, command: ReserveKey, _now: datetime) -> None:
    """Set the key that signs when the daily one is lost; rules announced from now on name it.

    Invalid("log_key_malformed") if it is no key of this log, or the daily one.
    """
    keys = uow.log.keys()
    try:
        reserve = Key.read(command.key.strip())
    except NoteError:
        raise Invalid("log_key_malformed", field="key") from None
    if (reserve.name, reserve.type) != (keys.origin, KeyType.NOTE) or reserve.vkey == keys.daily:
        raise Invalid("log_key_malformed", field="key")
    uow.log.set_reserve(reserve.vkey)


class PrivateKey(Command):
    """The private half of the reserve key, 64 hex digits, from its sealed paper."""

    seed: str


@usecase(Role.ADMINISTRATOR)
def use_reserve_key(uow: UnitOfWork, _actor: Actor, command: PrivateKey, _now: datetime) -> None:
    """Sign with the reserve key from now on, because the daily one is lost or stolen.

    A new reserve must then be made, and rules with both keys announced. Once it signs, the same
    again changes nothing.
    Invalid("log_key_malformed") if it is not the private half of the reserve.
    """
    keys = uow.log.keys()
    try:
        seed = bytes.fromhex(command.seed.strip())
        key = city_key(keys.origin, seed).vkey
    except ValueError:
        key = ""
    if key and key == keys.daily:
        return
    if not key or key != keys.reserve:
        raise Invalid("log_key_malformed", field="seed")
    uow.log.set_keys(keys.origin, seed, "")


_AUDITED_WITHIN = timedelta(weeks=9)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = len("d06-")


class OneRow(Query):
    """A ticket in the list of a draw, `d06-1405-09-16`."""

    draw: str
    ticket: str


@dataclass(frozen=True, slots=True)
class RowProof:
    """A row, its path, and the log's entries as text; an entry not written yet is empty.

    `index` counts the leaves of the list's tree, whose first leaf is the head. `size` is the size
    of the draw's file in bytes.
    """

    draw: str
    rules_hash: str
    seats: list[str]
    row: dict[str, Any]
    index: int
    leaves: int
    path: list[str]
    pool_root: str
    entries: dict[str, str]
    size: int


@dataclass(frozen=True, slots=True)
class LogNow:
    """What a reader must know first: the log's name, its keys, witnesses, and newest audit.

    `audited` is the entry of the newest audit by the city's clock, or empty.
    """

    origin: str
    keys: list[str]
    witnesses: list[dict[str, str]]
    audited: str


@usecase(*ANYONE)
def draw_row(uow: UnitOfWork, _actor: Actor, query: OneRow, _now: datetime) -> RowProof:
    """Return the proof of a row.

    Denied("not_found") for a draw without a list, or a ticket that is not in it.
    """
    found = uow.draws.text(query.draw)
    try:
        file = read_object(found[1]) if found else {}
    except ValueError:
        raise Denied("not_found") from None
    rows = [Row.from_body(body) for body in file.get("pool", ())]
    at = next((at for at, row in enumerate(rows) if row.ticket == query.ticket), None)
    if found is None or at is None:
        raise Denied("not_found")
    head = f"{file['draw']}|{file['rules_hash']}|{','.join(file['seats'])}"
    leaves = [merkle.leaf_hash(text.encode()) for text in (head, *(row.text for row in rows))]
    path = merkle.inclusion(at + 1, len(leaves), _nodes(leaves))
    return RowProof(
        file["draw"],
        file["rules_hash"],
        file["seats"],
        rows[at].body,
        at + 1,
        len(leaves),
        [step.hex() for step in path],
        file["pool_root"],
        _entries(uow, file["draw"]),
        len(found[1].encode()),
    )


def _nodes(leaves: list[bytes]) -> merkle.Nodes:
    def node(height: int, index: int) -> bytes:
        return merkle.root_of(leaves[index << height : (index + 1) << height])

    return node


def _entries(uow: UnitOfWork, draw: str) -> dict[str, str]:
    monday = draw[_MONDAY:]
    about = {
        Kind.FREEZE: draw,
        Kind.REVEALS_CLOSED: monday,
        Kind.VALUE_STANDS: monday,
        Kind.DRAW: draw,
    }
    numbers = {kind: uow.line_book.once(kind, subject) for kind, subject in about.items()}
    return {
        kind.value: uow.log.entry(seq).data.decode() if seq else "" for kind, seq in numbers.items()
    }


@usecase(*ANYONE)
def log_now(uow: UnitOfWork, _actor: Actor, _query: Nothing, now: datetime) -> LogNow:
    """Return what a reader must know first; Denied("not_found") before the log is opened."""
    keys = uow.log.keys()
    if not uow.log.checkpoint():
        raise Denied("not_found")
    rules = uow.city.rules_on(next_monday(tehran_day(now)))
    witnesses = rules.body.get("witnesses", []) if rules else []
    audits = uow.log.of_kind(Kind.AUDITED, now - _AUDITED_WITHIN)
    named = [{key: str(witness[key]) for key in ("party", "org", "vkey")} for witness in witnesses]
    audited = audits[-1].data.decode() if audits else ""
    return LogNow(keys.origin, _keys(uow, keys), named, audited)


def _keys(uow: UnitOfWork, keys: LogKeys) -> list[str]:
    """Return current keys and those of all earlier rules: an old receipt names an old key."""
    announced = uow.log.of_kind(Kind.RULES_ANNOUNCED, _EVER)
    logs = [dict(entry.body.get("rules") or {}).get("log") or {} for entry in announced]
    older = [str(key) for log in logs for key in log.get("keys", ())]
    return list(dict.fromkeys([*keys.announced, *older]))
