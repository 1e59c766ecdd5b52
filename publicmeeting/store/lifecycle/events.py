"""The append-only audit: the only module that writes events."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.domain.lifecycle.advance import Passage, recipients
from publicmeeting.domain.lifecycle.guards import TAKEN_BACK_WITHIN
from publicmeeting.domain.lifecycle.notices import ANSWERED_BY, BY_TELEPHONE, Delivery
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Need, OrderAction, OrderStage, Stage
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.kit.topics import event_topic
from publicmeeting.store.database.repository import new_id, write, write_numbered
from publicmeeting.store.database.rows.cases import EventRow, NoteRow, OutboxRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Opens, Vault
from publicmeeting.store.database.words import at_most, word, words
from publicmeeting.store.lifecycle.event_tags import Checked, History, event_tag
from publicmeeting.store.line.lanes.judge_tags import confirmed_answers

StageT = TypeVar("StageT", Stage, OrderStage)
_ACTION: dict[str, Action | OrderAction] = {s.value: s for s in (*Action, *OrderAction)}
_STAGE: dict[str, Stage | OrderStage] = {s.value: s for s in (*Stage, *OrderStage)}
_NOTHING = canonical_json({})
_HELD_BACK: dict[Action | OrderAction, timedelta] = {
    Action.NO_SHOW: TAKEN_BACK_WITHIN + timedelta(seconds=5)
}
"""Delay before sending a notice of a step that may still be undone."""
_JUDGING = {Action.JUDGE_LANE, Action.JUDGE_NO_SHOW}
CHECKED_AT_ONCE = 20
"""Maximum number of cases whose tags are checked when they are read together.

Longer lists show no steps, and checking 3,000 events takes 50 ms.
"""
_NEVER_STORED = {Need.IDENTITY.value}
"""Inputs that are only checked; an event holds no personal number."""

_WORD, _PAYLOAD = 200, 65_536
"""Letters of a cell, and of the facts: more than this program ever writes."""
_WORDS = (
    *("order_id", "action", "role", "from_stage", "to_stage"),
    *("account_id", "person_id"),
)
EVENT_COLUMNS = (
    col(EventRow.id),
    *(at_most(getattr(EventRow, name), _WORD).label(name) for name in _WORDS),
    at_most(col(EventRow.payload), _PAYLOAD).label("payload"),
    col(EventRow.due_at),
    col(EventRow.at),
)
"""Columns that `event_of` reads."""

_OLDEST_FIRST = (
    sqlalchemy.select(
        *EVENT_COLUMNS,
        col(EventRow.request_id),
        col(EventRow.note_id),
        col(EventRow.tag),
        col(NoteRow.id).label("found_note"),
        col(NoteRow.text).label("note"),
    )
    .outerjoin(NoteRow, col(NoteRow.id) == col(EventRow.note_id))
    .order_by(col(EventRow.id))
)
"""Columns only: histories are read most often, and events never change."""
_OF_NO_ORDER = sqlalchemy.func.coalesce(col(EventRow.order_id), "") == ""
"""Written so that no index applies.

Otherwise SQLite would scan all events without an order, which are most of the city's, instead of
the few events of these requests.
"""
_OF_REQUEST = _OLDEST_FIRST.where(col(EventRow.request_id) == bindparam("key"), _OF_NO_ORDER)
_OF_REQUESTS = _OLDEST_FIRST.where(
    col(EventRow.request_id).in_(bindparam("keys", expanding=True)), _OF_NO_ORDER
)
_OF_ORDERS = _OLDEST_FIRST.where(col(EventRow.order_id).in_(bindparam("keys", expanding=True)))
# Statements of every step are built once: building costs more than executing.


_WITHHOLD = (
    sqlalchemy.update(OutboxRow)
    .where(col(OutboxRow.event_id) == bindparam("event"))
    .where(col(OutboxRow.state) == Delivery.WAITING.value)
    .values(state=Delivery.SHOWN.value)
)
_ANSWERED = {
    action: sqlalchemy.update(OutboxRow)
    .where(col(OutboxRow.request_id) == bindparam("request"))
    .where(sqlalchemy.func.coalesce(col(OutboxRow.order_id), "") == bindparam("order"))
    .where(col(OutboxRow.role) == Role.CITIZEN.value)
    .where(col(OutboxRow.action).in_(words(sorted(kinds))))
    .where(
        sqlalchemy.or_(
            col(OutboxRow.state).in_(words(BY_TELEPHONE)),
            sqlalchemy.and_(
                col(OutboxRow.state) == word(Delivery.WAITING),
                col(OutboxRow.claimed_until).is_(None),
            ),
        )
    )
    .values(state=Delivery.SHOWN.value)
    for action, kinds in ANSWERED_BY.items()
}
"""A notice being sent at this moment still goes out."""


def append(
    transaction: Transaction, request_id: str, order_id: str | None, event: Event, position: int
) -> int:
    """Write an event, with its text in an erasable sealed row; return the event's id.

    `position` counts the earlier events of the request or order, as the version of its row does.
    """
    note_id = None
    if event.note:
        note_id = new_id()
        text = transaction.vault.seal("note.text", note_id, event.note)
        write(transaction, NoteRow, {"id": note_id, "text": text})
    columns = event_row(request_id, order_id, event, note_id)
    columns["tag"] = event_tag(transaction.vault, columns, position)
    event_id = write_numbered(transaction, EventRow, columns)
    transaction.publish(event_topic(event_id))
    return event_id


def event_row(
    request_id: str, order_id: str | None, event: Event, note_id: str | None = None
) -> dict[str, object]:
    """Return the columns of an event without its tag; its text is stored elsewhere."""
    return {
        "request_id": request_id,
        "order_id": order_id,
        "action": event.action.value,
        "role": event.role.value,
        "from_stage": event.from_stage.value if event.from_stage else None,
        "to_stage": event.to_stage.value,
        "account_id": event.account_id,
        "person_id": event.person_id,
        "payload": canonical_json(_stored_payload(event)),
        "note_id": note_id,
        "due_at": event.due_at,
        "at": event.at,
    }


def _stored_payload(event: Event) -> dict[str, object]:
    return {k: v for k, v in event.payload.items() if k not in _NEVER_STORED}


def as_stored(event: Event, event_id: int) -> Event:
    """Return the event as `read_events` will return it."""
    return replace(event, payload=_stored_payload(event), id=event_id)


def write_notices(
    transaction: Transaction,
    event_id: int,
    event: Event,
    request_id: str,
    order_id: str | None,
    person_id: str,
    *,
    by_telephone: bool = True,
) -> None:
    """Write a notice for each role of the row, and drop notices that the step made obsolete.

    Officials read theirs in the app, and so does she with `by_telephone` False.
    """
    if event.action in _ANSWERED:
        case = {"request": request_id, "order": order_id or ""}
        transaction.connection.execute(_ANSWERED[event.action], case)
    rows = notice_rows(transaction, event_id, event, request_id, order_id, person_id)
    if not by_telephone:
        rows = [{**row, "state": Delivery.SHOWN} for row in rows]
    if rows:
        write(transaction, OutboxRow, *rows)


def withhold_notices(transaction: Transaction, event_id: int) -> bool:
    """Cancel unsent notices of an undone event; they stay visible on her page.

    Returns whether any were cancelled.
    """
    result = transaction.connection.execute(_WITHHOLD, {"event": event_id})
    return bool(result.rowcount)


def notice_rows(
    transaction: Transaction,
    event_id: int,
    event: Event,
    request_id: str,
    order_id: str | None,
    person_id: str,
) -> list[dict[str, object]]:
    """Return the columns of these outbox rows."""
    return [
        {
            "event_id": event_id,
            "request_id": request_id,
            "order_id": order_id,
            "action": event.action.value,
            "role": role.value,
            "person_id": person_id if role is Role.CITIZEN else None,
            "at": event.at,
            "state": Delivery.WAITING if role is Role.CITIZEN else Delivery.SHOWN,
            "tries": 0,
            "next_try_at": transaction.machine_now + _HELD_BACK.get(event.action, timedelta()),
        }
        for role in dict.fromkeys(recipients(event))
    ]


def read_events(transaction: Transaction, *, request_id: str, vault: Opens) -> tuple[Event, ...]:
    """Return the events of a request without those of its orders, oldest first.

    `vault` opens their notes. If it forgives, unreadable events are left out.
    """
    history = tuple(
        _events(vault, transaction.vault, transaction.execute(_OF_REQUEST, {"key": request_id}))
    )
    return _confirmed(transaction, {request_id: history})[request_id]


def events_of_requests(
    transaction: Transaction, request_ids: Collection[str], vault: Opens
) -> dict[str, tuple[Event, ...]]:
    """Return the same for each of these requests."""
    found: dict[str, list[sqlalchemy.Row[*tuple[Any, ...]]]] = {}
    for row in transaction.execute(_OF_REQUESTS, {"keys": list(request_ids)}):
        found.setdefault(row.request_id, []).append(row)
    key = transaction.vault if len(request_ids) <= CHECKED_AT_ONCE else None
    histories = {request_id: tuple(_events(vault, key, rows)) for request_id, rows in found.items()}
    return _confirmed(transaction, histories)


def _confirmed(
    transaction: Transaction, histories: dict[str, tuple[Event, ...]]
) -> dict[str, tuple[Event, ...]]:
    """Return the histories with each judge's answer marked that this program did not write."""
    judged = [
        request_id
        for request_id, history in histories.items()
        if any(event.action in _JUDGING for event in history)
    ]
    if not judged:
        return histories
    own = confirmed_answers(transaction, judged)
    return histories | {
        request_id: tuple(
            replace(event, is_confirmed=event.id in own) if event.action in _JUDGING else event
            for event in histories[request_id]
        )
        for request_id in judged
    }


def events_of_orders(
    transaction: Transaction,
    order_ids: Collection[str],
    *,
    is_checked: bool,
    opens: Opens | None = None,
) -> dict[str, tuple[Event, ...]]:
    """Return the events of each of these orders, oldest first.

    Their tags are checked if they are few, or with `is_checked`. `opens` is as in `read_events`.
    """
    found: dict[str, list[sqlalchemy.Row[*tuple[Any, ...]]]] = {}
    for row in transaction.execute(_OF_ORDERS, {"keys": list(order_ids)}):
        found.setdefault(row.order_id, []).append(row)
    vault = transaction.vault
    key = vault if is_checked or len(order_ids) <= CHECKED_AT_ONCE else None
    opens = opens or vault
    return {order_id: tuple(_events(opens, key, rows)) for order_id, rows in found.items()}


def _events(
    opens: Opens, key: Vault | None, rows: Iterable[sqlalchemy.Row[*tuple[Any, ...]]]
) -> Iterator[Event]:
    """Yield the events of one case; `rows` are all its rows, oldest first.

    `key` checks their tags; None checks nothing.
    """
    history = History(key) if key else None
    for row in rows:
        checked = history.check(row._mapping) if history else None  # noqa: SLF001
        try:
            # A forged event may name the note of another case.
            is_own = row.found_note and (checked is None or checked.is_genuine)
            note = opens.open("note.text", row.found_note, row.note) if is_own else None
            yield event_of(row, note, checked)
        except (KeyError, ValueError):
            if not opens.forgives:
                raise


def is_whole(version: int, history: Sequence[Event]) -> bool:
    """Return whether a case has each of its events, and all are genuine."""
    return len(history) == version + 1 and all(
        event.is_genuine and not event.is_after_gap for event in history
    )


def standing_of(
    row_stage: str,
    row_due_at: datetime | None,
    version: int,
    history: Sequence[Event],
    stages: type[StageT],
) -> tuple[StageT, datetime | None]:
    """Return stage and deadline of a case: those of its newest event, else those of its row.

    The row only repeats them, so the database owner changes nothing by it. It counts if an event is
    not genuine, missing or could not be read: the newest one is then not known for sure. ValueError
    for a word of the row that is no stage.
    """
    newest = history[-1] if is_whole(version, history) else None
    if newest is None or not isinstance(newest.to_stage, stages):
        return stages(row_stage), row_due_at
    return newest.to_stage, newest.due_at


def passage_of(action: str, from_stage: str | None, to_stage: str) -> Passage:
    return Passage(_ACTION[action], _STAGE[from_stage] if from_stage else None, _STAGE[to_stage])


def event_of(
    row: EventRow | sqlalchemy.Row[*tuple[Any, ...]],
    note: str | None = None,
    checked: Checked | None = None,
) -> Event:
    """Return the event; its note, if written and not erased, is read separately.

    `checked` is what its tag shows; None if the caller does not read whole histories.
    """
    return Event(
        action=_ACTION[row.action],
        role=Role(row.role),
        at=row.at,
        from_stage=_STAGE[row.from_stage] if row.from_stage else None,
        to_stage=_STAGE[row.to_stage],
        account_id=row.account_id,
        person_id=row.person_id,
        payload=read_object(row.payload) if row.payload != _NOTHING else {},
        note=note,
        due_at=row.due_at,
        id=row.id or 0,
        is_genuine=checked is None or checked.is_genuine,
        is_after_gap=checked is not None and checked.is_after_gap,
    )
