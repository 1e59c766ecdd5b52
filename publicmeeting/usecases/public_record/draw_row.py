"""One row of a draw's list, with all that proves on a telephone that it is there: its path into
the list's root, and the entries of the log that the root, the value and the draw are in."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.public_record import LogKeys
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import merkle
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Row
from publicmeeting.usecases.base import ANYONE, Nothing, Query, usecase

_AUDITED_WITHIN = timedelta(weeks=9)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = len("d06-")


class OneRow(Query):
    """A ticket in the list of a draw, `d06-1405-09-16`."""

    draw: str
    ticket: str


@dataclass(frozen=True, slots=True)
class RowProof:
    """A row, its path, and the log's entries as their bytes; empty for what has not come yet.

    `index` counts the leaves of the list's tree, of which the head is the first; `size` is that of
    the draw's file in bytes.
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
    """What a reader has to know before she reads: the log's name, whose keys sign, and the newest
    audit of the city's own clock (its entry, or empty)."""

    origin: str
    keys: list[str]
    witnesses: list[dict[str, str]]
    audited: str


@usecase(*ANYONE)
def draw_row(uow: UnitOfWork, _actor: Actor, query: OneRow, _now: datetime) -> RowProof:
    """Denied `not_found` for a draw without a list, or a ticket that is not in it."""
    found = uow.draws.text(query.draw)
    file: dict[str, Any] = json.loads(found[1]) if found else {}
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
    numbers = {kind: uow.log_index.seq_of(kind, subject) for kind, subject in about.items()}
    return {
        kind.value: uow.log.entry(seq).data.decode() if seq else "" for kind, seq in numbers.items()
    }


@usecase(*ANYONE)
def log_now(uow: UnitOfWork, _actor: Actor, _query: Nothing, now: datetime) -> LogNow:
    """Denied `not_found` before the log is opened."""
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
    """Those that sign now, and those of all rules before: an old receipt has an old key's name."""
    announced = uow.log.of_kind(Kind.RULES_ANNOUNCED, _EVER)
    logs = [dict(entry.body.get("rules") or {}).get("log") or {} for entry in announced]
    older = [str(key) for log in logs for key in log.get("keys", ())]
    return list(dict.fromkeys([*keys.announced, *older]))
