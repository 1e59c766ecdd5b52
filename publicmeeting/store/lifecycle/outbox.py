"""Notices waiting to be sent, and the citizen's in-app inbox; retries in machine time."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, text
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.notices import (
    ASKS_FOR_AN_ANSWER,
    BY_TELEPHONE,
    ENDS_UNTOLD,
    MAY_BE_OBJECTED,
    OF_THE_MINUTE,
    Delivery,
    Timely,
)
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.repository import CITY, Repository
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, OutboxRow, RequestRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.calling import (
    IS_CALLED,
    IS_TO_CALL,
    MAY_OBJECT,
    call_order,
)
from publicmeeting.store.lifecycle.sending import (
    ANY_AT_NIGHT,
    ANY_TO_SEND,
    CLAIM_AT_NIGHT,
    TO_CLAIM,
    TO_SEND,
    WAITING,
    is_true,
)
from publicmeeting.store.line.seats import line_topic
from publicmeeting.store.worker import Clockwork

BACK_OFF = (1, 5, 15, 60, 240, 480)
"""Minutes to wait before the second, third, … try; after the last the notice has failed. Half a day
in all: a gateway that is gone for a night or a working day leaves no telephone calls behind."""

UNANSWERED_PAUSE = timedelta(hours=1)
"""After a try of which nobody knows whether it reached her; then one more, and no third."""

CALL_WITHIN = timedelta(days=30)
"""So long the desk has to inform somebody; then it is news no more, and her page shows it: without
an end the list of a year would hide whom somebody can ring up."""

_CALLED_MOST = 50
"""So many calls of today are listed, the newest."""


_OF_THE_LINE = [
    action.value
    for action in (
        Action.SEAT,
        Action.OFFER,
        Action.TAKE_FREE,
        Action.GIVE_UP_SEAT,
        Action.LAPSE_SEAT,
        Action.KEEP_SEAT,
        Action.MOVE_ONCE,
        Action.OWE_SEAT,
    )
]

_AFTER = (
    sqlalchemy.select(col(EventRow.id))
    .where(col(EventRow.id) > bindparam("event"))
    .order_by(col(EventRow.id))
)

_LATE = (
    sqlalchemy.select(col(OutboxRow.request_id), col(OutboxRow.facts))
    .where(col(OutboxRow.request_id).in_(bindparam("requests", expanding=True)))
    .where(col(OutboxRow.action) == Timely.LATENESS.value)
    .where(col(OutboxRow.at) >= bindparam("since"))
)
_SENT = (
    sqlalchemy.update(OutboxRow)
    .where(col(OutboxRow.id) == bindparam("notice"))
    .values(state=Delivery.SENT.value, sent_at=bindparam("left_at"))
)
_GO_ON = (
    sqlalchemy.update(OutboxRow)
    .where(text("state = 'waiting'"), col(OutboxRow.tries) > 0)
    .where(col(OutboxRow.unanswered_at).is_(None), ~col(OutboxRow.without_words))
    .where(col(OutboxRow.person_id).in_(bindparam("reached", expanding=True)))
    .values(next_try_at=bindparam("now"))
)
"""Her telephone takes messages again: what had waited behind one that failed follows at once."""


def _call_until(row: OutboxRow, since: datetime) -> datetime | None:
    return None if row.action in MAY_BE_OBJECTED else since + CALL_WITHIN


@dataclass(frozen=True, slots=True)
class Delay:
    """By how much somebody goes in late, as it was when she was written to."""

    earliest: datetime
    latest: datetime
    minutes: int
    """Between her own time and the likely one."""


@dataclass(frozen=True, slots=True)
class Settling:
    """Of a notice about something that may be changed again in the next minutes."""

    before: str
    """What the citizen was last sent, or knew."""
    since: datetime
    """When the first change was made that she has not been sent; machine time."""


@dataclass(frozen=True, slots=True)
class Notice:
    id: int
    event_id: int
    request_id: str
    order_id: str | None
    action: str
    role: str
    person_id: str | None
    at: datetime
    state: str
    seen_at: datetime | None = None
    called_by: str | None = None
    called_at: datetime | None = None
    tries: int = 0
    """How many have failed."""
    sent_at: datetime | None = None
    """City time, as every page speaks; the demo's clock may be moved on afterwards."""
    next_try_at: datetime | None = None
    """Machine time."""
    delay: Delay | None = None
    """Of a notice that says how late a Monday runs."""

    @property
    def by_telephone(self) -> bool:
        """No mobile reaches her: somebody at the desk has to."""
        return self.state in BY_TELEPHONE


class Outbox(Repository):
    def __init__(self, transaction: Transaction, clockwork: Clockwork) -> None:
        super().__init__(transaction)
        self._clockwork = clockwork

    def due(self, limit: int = 50) -> list[Notice]:
        """What would be claimed now, oldest first."""
        return [_notice(row) for row in self._session.exec(TO_SEND, params=self._now(limit))]

    def has_due(self, by_night: date | None = None) -> bool:
        """Whether anything would be claimed now."""
        any_due = ANY_AT_NIGHT if by_night else ANY_TO_SEND
        return self._transaction.execute(any_due, self._now(1, by_night)).first() is not None

    def claim(
        self, stays: timedelta, limit: int = 50, by_night: date | None = None
    ) -> list[Notice]:
        """Notices to be sent now, reserved for this process for a while. `by_night`: those of
        whoever has to know before the morning what becomes of this Monday, and no others.

        No notice of a person overtakes an older one: where a newer is due, the oldest is tried
        before its time. Those of the minute have an order of their own, and wait for no other.
        """
        claim = CLAIM_AT_NIGHT if by_night else TO_CLAIM
        rows = self._session.exec(claim, params=self._now(limit, by_night)).all()
        for row in rows:
            row.claimed_until = self._transaction.machine_now + stays
            self._session.add(row)
        return [_notice(row) for row in rows]

    def _now(self, limit: int, by_night: date | None = None) -> dict[str, object]:
        now = self._transaction.machine_now
        found = {"now": now, "unanswered_before": now - UNANSWERED_PAUSE, "limit": limit}
        return {**found, "monday": f'"monday":"{by_night.isoformat()}"'} if by_night else found

    def remind(self, request: Request, event_id: int, now: datetime) -> bool:
        """A notice that no event caused: the evening before a confirmed seat, once for each."""
        before = self._session.exec(
            select(OutboxRow.id)
            .where(OutboxRow.event_id == event_id)
            .where(OutboxRow.action == Timely.REMINDER.value)
        ).first()
        if before is None:
            self._session.add(
                OutboxRow(
                    event_id=event_id,
                    request_id=request.id,
                    action=Timely.REMINDER.value,
                    role=Role.CITIZEN.value,
                    person_id=request.person_id,
                    at=now,
                    next_try_at=self._transaction.machine_now,
                )
            )
        return before is None

    def warn_late(self, request: Request, event_id: int, delay: Delay, now: datetime) -> None:
        """A notice that the Monday runs late; the caller knows that it is news."""
        facts = {
            "earliest": delay.earliest.isoformat(),
            "latest": delay.latest.isoformat(),
            "minutes": delay.minutes,
        }
        self._session.add(
            OutboxRow(
                event_id=event_id,
                request_id=request.id,
                action=Timely.LATENESS.value,
                facts=canonical_json(facts),
                role=Role.CITIZEN.value,
                person_id=request.person_id,
                at=now,
                next_try_at=self._transaction.machine_now,
            )
        )
        self._transaction.publish(f"person:{request.person_id}")

    def warned_of(self, request_ids: Collection[str], since: datetime) -> dict[str, int]:
        """Request id → the largest delay, in minutes, that its citizen was written of since."""
        rows = self._transaction.execute(_LATE, {"requests": list(request_ids), "since": since})
        found: dict[str, int] = {}
        for request_id, facts in rows:
            found[request_id] = max(found.get(request_id, 0), int(json.loads(facts)["minutes"]))
        return found

    def settle(self, event_id: int, of: Settling, wait: timedelta, most: timedelta) -> None:
        """The citizen's notice of this event is sent once this long nothing new has come, and after
        `most` whatever comes."""
        (row,) = self._to_citizen(OutboxRow.event_id == event_id)
        row.next_try_at = min(self._transaction.machine_now + wait, of.since + most)
        facts = {
            "before": of.before,
            "since": of.since.isoformat(),
            "until": row.next_try_at.isoformat(),
        }
        row.facts = canonical_json(facts)
        self._session.add(row)

    def replace_settling(self, request_id: str, action: Action) -> Settling | None:
        """Show what was still to settle in the app alone, for there is something newer; None where
        nothing was, or a try to send it has begun."""
        found = self._to_citizen(
            OutboxRow.request_id == request_id,
            OutboxRow.action == action.value,
            OutboxRow.state == Delivery.WAITING.value,
        )
        for row in found:
            facts = json.loads(row.facts or "{}")
            is_planned = datetime.fromisoformat(facts["until"]) == row.next_try_at
            if is_planned and row.claimed_until is None:
                row.state = Delivery.SHOWN
                self._session.add(row)
                return Settling(facts["before"], datetime.fromisoformat(facts["since"]))
        return None

    def show_only(self, event_id: int) -> None:
        """Nothing is sent of this event: she reads it in the app."""
        for row in self._to_citizen(OutboxRow.event_id == event_id):
            row.state = Delivery.SHOWN
            self._session.add(row)

    def _to_citizen(self, *which: ColumnElement[bool] | bool) -> list[OutboxRow]:
        """Whoever sends at this moment is waited for."""
        query = select(OutboxRow).where(OutboxRow.role == Role.CITIZEN.value, *which)
        return list(self._session.exec(query.with_for_update()))

    def mark_shown(self, notice: Notice) -> None:
        """It is too late to be sent; she reads it in the app."""
        row = self._row(notice.id)
        row.state = Delivery.SHOWN
        self._session.add(row)

    def events_after(self, event_id: int) -> list[int]:
        """Ids of the events after one, in their order."""
        return list(self._transaction.execute(_AFTER, {"event": event_id}).scalars())

    def topics_of(self, event_ids: Collection[int]) -> set[str]:
        """The topics of events that another process has written; few enough for a statement."""
        if not event_ids:
            return set()
        rows = self._session.exec(
            select(EventRow.order_id, RequestRow.code, RequestRow.district, RequestRow.person_id)
            .join(RequestRow, col(RequestRow.id) == col(EventRow.request_id))
            .where(col(EventRow.id).in_(event_ids))
        ).all()
        units = self._session.exec(
            select(OrderRow.unit_id)
            .where(col(OrderRow.id).in_({order for order, *_ in rows if order}))
            .distinct()
        )
        lines = self._session.exec(
            select(RequestRow.district)
            .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
            .where(col(EventRow.id).in_(event_ids))
            .where(col(EventRow.action).in_(words(_OF_THE_LINE)))
            .distinct()
        )
        return {
            *(line_topic(number) for number in lines),
            *(f"request:{code}" for _, code, _, _ in rows),
            *(f"district:{district}" for _, _, district, _ in rows),
            *(f"person:{person}" for _, _, _, person in rows),
            *(f"unit:{unit}" for unit in units),
            CITY,
        }

    def mark_sent(self, *notices: Notice) -> None:
        left_at = self._city_now()
        self._session.flush()
        rows = [{"notice": notice.id, "left_at": left_at} for notice in notices]
        self._transaction.connection.execute(_SENT, rows)
        reached = {"reached": [notice.person_id for notice in notices]}
        now = {"now": self._transaction.machine_now}
        self._transaction.connection.execute(_GO_ON, {**reached, **now})

    def hand_all_to_desk(self) -> None:
        """Whatever waits for somebody without a mobile is passed on by an officer: of the demo
        city, whose messages nobody has tried to send."""
        unreached = select(PersonRow.id).where(col(PersonRow.mobile).is_(None))
        waiting = select(OutboxRow).where(WAITING).where(col(OutboxRow.person_id).in_(unreached))
        for row in self._session.exec(waiting).all():
            state = Delivery.SHOWN if row.action in OF_THE_MINUTE else Delivery.TO_CALL
            self._hand_over(row, state, _call_until(row, row.at))

    def mark_all_sent(self, when: Callable[[datetime], datetime]) -> None:
        """Whatever waits counts as sent, `when` after its own instant of the city: the demo city's
        phones have had their messages."""
        waiting = self._session.exec(select(OutboxRow).where(WAITING))
        for row in waiting:
            row.state, row.sent_at = Delivery.SENT, when(row.at)
            self._session.add(row)

    def hand_to_desk(self, notice: Notice, true_until: datetime | None = None) -> None:
        """She has no mobile: somebody at the desk informs her when she comes."""
        row = self._row(notice.id)
        self._hand_over(row, Delivery.TO_CALL, true_until)

    def reach_again(self, person_id: str) -> None:
        """She had no mobile and has one: what asks her something, or ends, is sent to it; the rest
        can be informed by telephone."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.person_id == person_id, OutboxRow.state == Delivery.TO_CALL.value)
            .where(self._is_true())
        )
        for row in rows.all():
            is_urgent = row.action in ASKS_FOR_AN_ANSWER | ENDS_UNTOLD
            row.state = Delivery.WAITING if is_urgent else Delivery.FAILED
            row.next_try_at, row.claimed_until = self._transaction.machine_now, None
            self._session.add(row)

    def sweep(self) -> None:
        """What the desk need not pass on any more is hers to read in the app. A decision that her
        request has left behind ends as other news does."""
        left = sqlalchemy.select(col(RequestRow.id)).where(
            col(RequestRow.id) == col(OutboxRow.request_id), MAY_OBJECT
        )
        decided = col(OutboxRow.action).in_(words(MAY_BE_OBJECTED)), ~left.exists()
        ends = sqlalchemy.update(OutboxRow).where(IS_TO_CALL, col(OutboxRow.true_until).is_(None))
        until = self._city_now() + CALL_WITHIN
        self._transaction.connection.execute(ends.where(*decided).values(true_until=until))
        over = sqlalchemy.update(OutboxRow).where(IS_TO_CALL, ~self._is_true())
        self._transaction.connection.execute(over.values(state=Delivery.SHOWN.value))

    def _is_true(self) -> ColumnElement[bool]:
        return is_true(self._city_now())

    def _city_now(self) -> datetime:
        return self._transaction.machine_now + self._clockwork.offset()

    def calls(self, districts: Collection[int], limit: int = 50) -> list[Notice]:
        """Notices of these districts that reach nobody by themselves, as `call_order` has them."""
        place, order = call_order(self._city_now(), limit)
        waiting = _in_districts(select(OutboxRow), districts).where(IS_TO_CALL, self._is_true())
        rows = self._session.exec(waiting.order_by(place, order).limit(limit))
        return [_notice(row) for row in rows]

    def calls_of(self, request_id: str) -> list[Notice]:
        """Notices of one request that reach nobody by themselves, oldest first."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id)
            .where(IS_TO_CALL, self._is_true())
            .order_by(col(OutboxRow.id))
        )
        return [_notice(row) for row in rows]

    def count_calls(self, districts: Collection[int]) -> int:
        waiting = _in_districts(select(OutboxRow.id), districts).where(IS_TO_CALL, self._is_true())
        return self._session.exec(select(func.count()).select_from(waiting.subquery())).one()

    def called_since(self, districts: Collection[int], since: datetime) -> list[Notice]:
        """What the desk has called about from this instant of the city on, the newest first."""
        rows = self._session.exec(
            _in_districts(select(OutboxRow), districts)
            .where(IS_CALLED)
            .where(col(OutboxRow.called_at) >= since)
            .order_by(col(OutboxRow.called_at).desc(), col(OutboxRow.id).desc())
            .limit(_CALLED_MOST)
        )
        return [_notice(row) for row in rows]

    def mark_called(self, notice_id: int, account_id: str | None, now: datetime) -> bool:
        """Somebody has informed her; False where that was done already. KeyError for an unknown
        notice."""
        row = self._locked(OutboxRow, notice_id)
        if row is None:
            raise KeyError(notice_id)
        if row.state not in BY_TELEPHONE:
            return False
        row.state, row.sent_at = Delivery.CALLED, now
        row.called_by, row.called_at = account_id, now
        self._session.add(row)
        return True

    def unmark_called(self, notice_id: int, *, has_mobile: bool) -> None:
        """She has not been informed after all: back on the list. KeyError for an unknown notice."""
        row = self._row(notice_id)
        row.state, row.sent_at = Delivery.FAILED if has_mobile else Delivery.TO_CALL, None
        row.called_by = row.called_at = None
        self._session.add(row)

    def notify_anew(self, event_id: int, now: datetime) -> None:
        """She is notified of this only now: before, her identity was another's."""
        for row in self._to_citizen(OutboxRow.event_id == event_id):
            row.seen_at = now
            row.sent_at = now if row.sent_at else None
            self._session.add(row)

    def get(self, notice_id: int) -> Notice:
        """KeyError for an unknown one."""
        return _notice(self._row(notice_id))

    def mark_seen(self, person_id: str, now: datetime) -> None:
        """She has looked at her inbox."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.person_id == person_id)
            .where(col(OutboxRow.seen_at).is_(None))
        )
        for row in rows:
            row.seen_at = now
            self._session.add(row)

    def mark_failed(
        self, notice: Notice, true_until: datetime | None = None, *, has_words: bool = True
    ) -> None:
        """Try again later, or give up after the last back-off. A try before its time counts for
        nothing; what was due behind it would have failed as well, unless this one has no words:
        then nothing waits for it."""
        row = self._row(notice.id)
        row.claimed_until, row.without_words = None, not has_words
        if row.next_try_at <= self._transaction.machine_now:
            self._back_off(row, true_until)
        self._session.add(row)
        for behind in self._due_behind(row) if has_words else ():
            self._back_off(behind)

    def _back_off(self, row: OutboxRow, true_until: datetime | None = None) -> None:
        if row.tries >= len(BACK_OFF):
            self._hand_over(row, Delivery.FAILED, true_until)
        else:
            row.next_try_at = self._transaction.machine_now + timedelta(minutes=BACK_OFF[row.tries])
            row.tries += 1
            self._session.add(row)

    def _due_behind(self, row: OutboxRow) -> list[OutboxRow]:
        is_behind = col(OutboxRow.person_id) == row.person_id, col(OutboxRow.id) > row.id
        due = col(OutboxRow.next_try_at) <= self._transaction.machine_now
        found = self._session.exec(select(OutboxRow).where(WAITING, due, *is_behind))
        own = row.action in OF_THE_MINUTE
        return [outbox_row for outbox_row in found if (outbox_row.action in OF_THE_MINUTE) is own]

    def mark_unanswered(self, notice: Notice, true_until: datetime | None = None) -> None:
        """The gateway gave no answer: she may have the message. Once more after a long pause, for
        which what is behind it waits; after a second time the desk asks her. Of the minute there is
        no second time."""
        row = self._row(notice.id)
        row.claimed_until = None
        if row.action in OF_THE_MINUTE:
            row.state = Delivery.SHOWN
        elif row.unanswered_at is not None:
            self._hand_over(row, Delivery.FAILED, true_until)
        else:
            row.unanswered_at = self._transaction.machine_now
            row.next_try_at = self._transaction.machine_now + UNANSWERED_PAUSE
        self._session.add(row)

    def inbox(self, person_id: str, limit: int = 20) -> list[Notice]:
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.person_id == person_id)
            .order_by(col(OutboxRow.id).desc())
            .limit(limit)
        )
        return [_notice(row) for row in rows]

    def of_request(self, request_id: str, role: str) -> list[Notice]:
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id)
            .where(OutboxRow.role == role)
            .order_by(col(OutboxRow.id))
        )
        return [_notice(row) for row in rows]

    def waiting(self) -> int:
        """How many notices to citizens have not gone out yet."""
        return self._session.exec(select(func.count()).select_from(OutboxRow).where(WAITING)).one()

    def failing(self) -> int:
        """How many of those have been tried already, and are to be tried again."""
        tried = select(func.count()).select_from(OutboxRow).where(WAITING, col(OutboxRow.tries) > 0)
        return self._session.exec(tried).one()

    def newest_event(self) -> int:
        """The newest event id: how another process's change is noticed."""
        return self._session.exec(select(func.max(EventRow.id))).one() or 0

    def _hand_over(
        self, row: OutboxRow, state: Delivery, true_until: datetime | None = None
    ) -> None:
        """To the desk's list, which is open somewhere: while it is true, and for `CALL_WITHIN` at
        most; a decision she may object to, until somebody has informed her."""
        row.state = state
        row.true_until = true_until or _call_until(row, self._city_now())
        self._session.add(row)
        request = self._session.get(RequestRow, row.request_id)
        if request is not None:
            self._transaction.publish(f"district:{request.district}")

    def _row(self, notice_id: int) -> OutboxRow:
        row = self._session.get(OutboxRow, notice_id)
        if row is None:
            raise KeyError(notice_id)
        return row


def _in_districts(
    query: SelectOfScalar,  # type: ignore[type-arg]
    districts: Collection[int],
) -> SelectOfScalar:  # type: ignore[type-arg]
    joined = query.join(RequestRow, col(RequestRow.id) == col(OutboxRow.request_id))
    return joined.where(col(RequestRow.district).in_(districts))


def _notice(row: OutboxRow) -> Notice:
    assert row.id is not None
    return Notice(
        row.id,
        row.event_id,
        row.request_id,
        row.order_id,
        row.action,
        row.role,
        row.person_id,
        row.at,
        row.state,
        row.seen_at,
        row.called_by,
        row.called_at,
        row.tries,
        row.sent_at,
        row.next_try_at,
        _delay(row.facts) if row.action == Timely.LATENESS.value else None,
    )


def _delay(facts: str) -> Delay:
    read = json.loads(facts)
    earliest, latest = (datetime.fromisoformat(read[key]) for key in ("earliest", "latest"))
    return Delay(earliest, latest, int(read["minutes"]))
