"""The same fact for everybody of a line, in a few statements: taken one by one, five thousand
steps would hold the city's books for half a minute."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlmodel import col, select, update

from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.repository import Repository, write
from publicmeeting.store.database.rows.cases import EventRow, OutboxRow, RequestRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.lifecycle.events import event_row, notice_rows
from publicmeeting.store.lifecycle.outbox import Outbox
from publicmeeting.store.line.seats import line_topic

_AT_ONCE = 1000
"""Rows in one statement, and their ids in the next."""

Fact = Callable[[Stage, datetime | None], Event]
"""From a request's stage and deadline to what happens to it."""


class WholeLine(Repository):
    def __init__(self, transaction: Transaction, outbox: Outbox) -> None:
        super().__init__(transaction)
        self._outbox = outbox

    def recipients_of(self, action: Action, payload: dict[str, object]) -> set[str]:
        """Tickets of those to whom exactly this has happened before."""
        return set(
            self._session.exec(
                select(RequestRow.ticket)
                .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
                .where(col(EventRow.action) == action.value)
                .where(col(EventRow.given) == canonical_json(payload))
            )
        )

    def record(
        self, district: int, tickets: Sequence[str], stages: Sequence[Stage], fact: Fact
    ) -> int:
        """Event and notices for whoever of these stands in one of these stages; how many they are.

        For facts that change no stage.
        """
        many = 0
        for some in _parts(tickets):
            rows = self._session.exec(
                select(RequestRow)
                .where(RequestRow.district == district)
                .where(col(RequestRow.ticket).in_(some))
                .where(col(RequestRow.stage).in_([stage.value for stage in stages]))
                .with_for_update()
                .execution_options(populate_existing=True)
            ).all()
            if rows:
                self._record(rows, {row.id: fact(Stage(row.stage), row.due_at) for row in rows})
            many += len(rows)
        self._transaction.publish(f"district:{district}", line_topic(district))
        return many

    def _record(self, rows: Sequence[RequestRow], facts: dict[str, Event]) -> None:
        before = self._outbox.newest_event()
        write(
            self._transaction,
            EventRow,
            *(event_row(key, None, event) for key, event in facts.items()),
        )
        written = self._session.exec(
            select(EventRow.request_id, EventRow.id)
            .where(col(EventRow.id) > before)
            .where(col(EventRow.request_id).in_(list(facts)))
        )
        ids = {key: event_id or 0 for key, event_id in written}
        self._session.exec(
            update(RequestRow)
            .where(col(RequestRow.id).in_(list(facts)))
            .values(version=col(RequestRow.version) + 1)
        )
        notices = [
            notice
            for row in rows
            for notice in notice_rows(
                self._transaction, ids[row.id], facts[row.id], row.id, None, row.person_id
            )
        ]
        if notices:
            write(self._transaction, OutboxRow, *notices)
        for row in rows:
            self._transaction.publish(f"request:{row.code}", f"person:{row.person_id}")


def _parts(tickets: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(tickets), _AT_ONCE):
        yield tickets[start : start + _AT_ONCE]
