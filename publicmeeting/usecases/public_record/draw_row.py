"""One row of a draw's list with everything that proves on a telephone that it is there.

The proof is the row's path to the list's root, and the log entries of list, value and draw.
"""

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
