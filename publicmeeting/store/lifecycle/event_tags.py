"""Tags of events: the database owner can write no step of a case, and move or change none.

Each event has a keyed hash over its columns and its position in the history of its request or
order. An event that he inserts, changes or moves to another case has no fitting tag. If he removes
one, its position is missing. If he restores a history and its row to a former state, it fits.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, RequestRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Vault

TAGGED = (
    "request_id",
    "order_id",
    "action",
    "role",
    "from_stage",
    "to_stage",
    "account_id",
    "person_id",
    "payload",
    "note_id",
    "due_at",
    "at",
)
Columns: TypeAlias = Mapping[str, Any] | sqlalchemy.RowMapping
_columns = itemgetter(*TAGGED)
_KIND = "event.tag"
_CASES_AT_ONCE = 50
"""Few enough that both engines find their events by an index."""
_AT_ONCE = 500
_LOOKS_AHEAD = 50
"""Maximum number of removed or changed events after which the rest of a history still fits."""
_REQUESTS = sqlalchemy.select(col(RequestRow.id)).order_by(col(RequestRow.id))
_EVENTS = (
    sqlalchemy.select(
        col(EventRow.id), col(EventRow.tag), *(getattr(EventRow, name) for name in TAGGED)
    )
    .where(col(EventRow.request_id).in_(bindparam("requests", expanding=True)))
    .order_by(col(EventRow.request_id), col(EventRow.id))
)
_MISCOUNTED = tuple(
    sqlalchemy.select(name)
    .where(
        version + 1
        != sqlalchemy.select(sqlalchemy.func.count(col(EventRow.id))).where(whose).scalar_subquery()
    )
    .order_by(name)
    for name, version, whose in (
        (
            col(RequestRow.code),
            col(RequestRow.version),
            (col(EventRow.request_id) == col(RequestRow.id)) & col(EventRow.order_id).is_(None),
        ),
        (
            col(OrderRow.number),
            col(OrderRow.version),
            col(EventRow.order_id) == col(OrderRow.id),
        ),
    )
)
_RETAG = (
    sqlalchemy.update(EventRow)
    .where(col(EventRow.id) == bindparam("event"))
    .values(tag=bindparam("new"))
)


def event_tag(vault: Vault, event: Columns, position: int) -> str:
    """Return the tag of an event; `position` counts the earlier events of its case.

    The case is the order if there is one, else the request without its orders.
    """
    values = map(_plain, _columns(event))
    return vault.lookup(_KIND, _encoded([position, *values]))


def next_position(version: int, known: int) -> int:
    """Return the position of the next event of a case.

    `version` is that of its row and counts its earlier events; `known` is how many of them could be
    read. A version that the database owner changed must not spoil the next genuine event.
    """
    return version if known <= version <= known + _LOOKS_AHEAD else known


_encoded = json.JSONEncoder(separators=(",", ":")).encode
"""JSON of texts and whole numbers; `canonical_json` checks much and is seven times slower."""


def _plain(value: object) -> object:
    """Return an instant as text in UTC with its microseconds, alike on both engines.

    A damaged cell of SQLite may contain bytes. Its event fits no tag, and the others are checked.
    """
    if isinstance(value, bytes):
        return value.hex()
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


class Checked(NamedTuple):
    """What the tag of an event shows."""

    position: int
    """The position in its tag, or the one that it would have."""
    is_genuine: bool = False
    """Whether this program wrote the event, of this case and in this order."""
    is_after_gap: bool = False
    """Whether an event before it was removed."""


class History:
    """Checks the events of one case, oldest first."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._next = 0
        self._others = 0
        """Number of events since the last genuine one."""

    def check(self, event: Columns) -> Checked:
        """Check the next event of the case.

        A later position fits too, because events before it may have been changed or removed. So
        one forged event does not spoil the genuine ones after it.
        """
        for position in range(self._next, self._next + 1 + _LOOKS_AHEAD):
            if event["tag"] == event_tag(self._vault, event, position):
                has_gap = position - self._next > self._others
                self._next, self._others = position + 1, 0
                return Checked(position, is_genuine=True, is_after_gap=has_gap)
            if not event["tag"]:
                break
        self._others += 1
        return Checked(self._next + self._others - 1)


class StoredEvent(NamedTuple):
    """Columns of an event, and what its tag shows."""

    event: Columns
    checked: Checked


class Forged(NamedTuple):
    """A case with events that did not come about by this program."""

    name: str
    events: int
    first: int
    """Number of the first of them."""


def all_events(transaction: Transaction) -> Iterator[StoredEvent]:
    """Yield every event of the city, by request and then in order.

    Only a part of the requests is read at a time, so the caller may change these events.
    """
    requests = iter(transaction.execute(_REQUESTS).scalars().all())
    while some := list(islice(requests, _CASES_AT_ONCE)):
        histories: dict[tuple[str, str | None], History] = {}
        found = transaction.execute(_EVENTS, {"requests": some}).mappings().all()
        for event in found:
            case = event["request_id"], event["order_id"]
            history = histories.setdefault(case, History(transaction.vault))
            yield StoredEvent(event, history.check(event))


def retag_events(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every event whose tag fits this one's."""
    genuine = (event for event in all_events(transaction) if event.checked.is_genuine)
    _write_tags(transaction, new, genuine)


class EventTags(Repository):
    """Cases whose events did not come about by this program."""

    def forged(self) -> list[Forged]:
        """Return the cases with events whose tag does not fit, or that follow a removed one."""
        found: dict[str, list[int]] = {}
        name = self._names()
        for event, checked in all_events(self._transaction):
            if checked.is_after_gap or not checked.is_genuine:
                found.setdefault(name(event), []).append(event["id"])
        return [Forged(case, len(events), events[0]) for case, events in found.items()]

    def miscounted(self) -> list[str]:
        """Return the names of the cases whose version is not the number of their steps."""
        requests, orders = (self._transaction.execute(one).scalars() for one in _MISCOUNTED)
        return [*(f"request {code}" for code in requests), *(f"order {order}" for order in orders)]

    def _names(self) -> Callable[[Columns], str]:
        codes = dict(self._session.execute(select(col(RequestRow.id), col(RequestRow.code))).all())
        orders = select(col(OrderRow.id), col(OrderRow.number))
        numbers = dict(self._session.execute(orders).all())

        def name(event: Columns) -> str:
            order = event["order_id"]
            return (
                f"order {numbers.get(order, order)}"
                if order
                else (f"request {codes[event['request_id']]}")
            )

        return name


def _write_tags(transaction: Transaction, vault: Vault, events: Iterator[StoredEvent]) -> None:
    """Tag these events as they are now."""
    while some := list(islice(events, _AT_ONCE)):
        changes = [
            {"event": event["id"], "new": event_tag(vault, event, checked.position)}
            for event, checked in some
        ]
        transaction.connection.execute(_RETAG, changes)
