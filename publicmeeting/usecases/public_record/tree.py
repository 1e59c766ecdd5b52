"""The public log as tiles and notes, as any C2SP client reads it."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.checkpoint import Proof, city_key
from publicmeeting.turns.merkle import inclusion
from publicmeeting.turns.note import Key, KeyType, NoteError, SignedNote
from publicmeeting.turns.tiles import read_path
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
    return str(Proof(query.size - 1, tuple(path), SignedNote.read(uow.log.note(size))))


@dataclass(frozen=True, slots=True)
class CityKeys:
    """Keys with which readers check the log; `reserve` is empty until one was made."""

    origin: str
    daily: str
    reserve: str


@usecase(Role.ADMINISTRATOR)
def city_keys(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> CityKeys:
    """Return the city's keys; Denied("not_found") before the city is founded."""
    keys = uow.log.keys()
    if not keys.daily:
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

    A new reserve must then be made, and rules with both keys announced.
    Invalid("log_key_malformed") if it is not the private half of the reserve.
    """
    keys = uow.log.keys()
    try:
        seed = bytes.fromhex(command.seed.strip())
        fits = city_key(keys.origin, seed).vkey == keys.reserve
    except ValueError:
        fits = False
    if not fits:
        raise Invalid("log_key_malformed", field="seed")
    uow.log.set_keys(keys.origin, seed, "")
