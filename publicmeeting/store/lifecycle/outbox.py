"""Outbox of notices to be sent, and the citizen's in-app inbox; retries in machine time."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, text
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.lifecycle.notices import (
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
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import CITY, Repository
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, OutboxRow, RequestRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.delays import Delay, read_delay, write_delay
from publicmeeting.store.lifecycle.sending import (
    ANY_AT_NIGHT,
    ANY_TO_SEND,
    CLAIM_AT_NIGHT,
    IS_CALLED,
    IS_TO_CALL,
    MAY_OBJECT,
    TO_CLAIM,
    TO_SEND,
    WAITING,
    call_order,
    is_true,
)
from publicmeeting.store.line.seats import line_topic
from publicmeeting.store.worker.clockwork import Clockwork

BACK_OFF = (1, 5, 15, 60, 240, 480)
"""Minutes before each further attempt; half a day in total, then the notice has failed.

A gateway outage of a night or a working day thus causes no phone calls.
"""

UNANSWERED_PAUSE = timedelta(hours=1)
"""Pause after an attempt with an unknown result; one more attempt follows, and no third."""

CALL_WITHIN = timedelta(days=30)
"""How long the desk has to inform a citizen; without a limit old notices would hide new ones."""

_CALLED_MOST = 50
"""Maximum number of today's calls in the list, newest first."""


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
    select(OutboxRow)
    .where(col(OutboxRow.request_id).in_(bindparam("requests", expanding=True)))
    .where(col(OutboxRow.action) == Timely.LATENESS.value)
    .where(col(OutboxRow.at) >= bindparam("since"))
)
_THESE = sqlalchemy.update(OutboxRow).where(
    col(OutboxRow.id).in_(bindparam("notices", expanding=True))
)
_CLAIMED = _THESE.values(claimed_until=bindparam("until"))
_SENT = _THESE.values(state=Delivery.SENT.value, sent_at=bindparam("left_at"))
_GO_ON = (
    sqlalchemy.update(OutboxRow)
    .where(text("state = 'waiting'"), col(OutboxRow.tries) > 0)
    .where(col(OutboxRow.unanswered_at).is_(None), ~col(OutboxRow.without_words))
    .where(col(OutboxRow.person_id).in_(bindparam("reached", expanding=True)))
    .values(next_try_at=bindparam("now"))
)
"""Her phone accepts messages again, so notices that waited behind a failed one follow at once."""

_HAS_MOBILE = col(OutboxRow.person_id).in_(
    select(PersonRow.id).where(col(PersonRow.mobile).is_not(None))
)


def _call_until(row: OutboxRow, since: datetime) -> datetime | None:
    return None if row.action in MAY_BE_OBJECTED else since + CALL_WITHIN


@dataclass(frozen=True, slots=True)
class Settling:
    """Facts of a notice about something that may change again within minutes."""

    before: str
    """What she was last sent, or knew."""
    since: datetime
    """When the first change that she was not sent happened; machine time."""


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
    """Number of failed attempts."""
    sent_at: datetime | None = None
    """City time, as on all pages; the demo's clock may be moved later."""
    next_try_at: datetime | None = None
    """Machine time."""
    delay: Delay | None = None
    """Only for a notice that a Monday runs late whose tag fits."""

    @property
    def by_telephone(self) -> bool:
        """Whether the desk has to call, because no mobile reaches her."""
        return self.state in BY_TELEPHONE


class Outbox(Repository):
    def __init__(self, transaction: Transaction, clockwork: Clockwork) -> None:
        super().__init__(transaction)
        self._clockwork = clockwork

    def due(self, limit: int = 50) -> list[Notice]:
        """Return notices that would be claimed now, oldest first."""
        return [self._notice(row) for row in self._session.exec(TO_SEND, params=self._now(limit))]

    def has_due(self, by_night: date | None = None) -> bool:
        """Whether any notice would be claimed now."""
        any_due = ANY_AT_NIGHT if by_night else ANY_TO_SEND
        return self._transaction.execute(any_due, self._now(1, by_night)).first() is not None

    def claim(
        self, stays: timedelta, limit: int = 50, by_night: date | None = None
    ) -> list[Notice]:
        """Reserve due notices for this process for a while, and return them.

        With `by_night` only those that must arrive before the morning of this Monday. A person's
        notices keep their order: if a newer one is due, the oldest is tried before its time.
        Notices that expire in minutes have their own order and wait for no other.
        """
        claim = CLAIM_AT_NIGHT if by_night else TO_CLAIM
        rows = self._session.exec(claim, params=self._now(limit, by_night)).all()
        if rows:
            until = self._transaction.machine_now + stays
            claimed = {"notices": [row.id for row in rows], "until": until}
            self._transaction.execute(_CLAIMED, claimed)
        return [self._notice(row) for row in rows]

    def _now(self, limit: int, by_night: date | None = None) -> dict[str, object]:
        now = self._transaction.machine_now
        found = {"now": now, "unanswered_before": now - UNANSWERED_PAUSE, "limit": limit}
        return {**found, "monday": f'"monday":"{by_night.isoformat()}"'} if by_night else found

    def remind(self, request: Request, event_id: int, now: datetime) -> bool:
        """Add a reminder of a confirmed seat, once per seat; return whether it is new."""
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
        """Add a notice that the Monday runs late; the caller has checked that it is news."""
        row = OutboxRow(
            event_id=event_id,
            request_id=request.id,
            action=Timely.LATENESS.value,
            role=Role.CITIZEN.value,
            person_id=request.person_id,
            at=now,
            next_try_at=self._transaction.machine_now,
        )
        write_delay(self._vault, row, delay)
        self._session.add(row)
        self._transaction.publish(f"person:{request.person_id}")

    def warned_of(self, request_ids: Collection[str], since: datetime) -> dict[str, int]:
        """Return request id → the largest delay in minutes that she was notified of since then."""
        rows = self._session.exec(_LATE, params={"requests": list(request_ids), "since": since})
        found: dict[str, int] = {}
        for row in rows:
            if delay := read_delay(self._vault, row):
                found[row.request_id] = max(found.get(row.request_id, 0), delay.minutes)
        return found

    def settle(self, event_id: int, of: Settling, wait: timedelta, most: timedelta) -> None:
        """Send the citizen's notice after `wait` without a change, and after `most` in any case."""
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
        """Withdraw an unsent delayed notice that a newer one replaces; None without one."""
        found = self._to_citizen(
            OutboxRow.request_id == request_id,
            OutboxRow.action == action.value,
            OutboxRow.state == Delivery.WAITING.value,
        )
        for row in found:
            try:
                facts = read_object(row.facts or "{}")
                known = Settling(str(facts["before"]), datetime.fromisoformat(facts["since"]))
                is_planned = datetime.fromisoformat(facts["until"]) == row.next_try_at
            except UNREADABLE:  # sent as it is: the place in it is read elsewhere
                continue
            if is_planned and row.claimed_until is None:
                row.state = Delivery.SHOWN
                self._session.add(row)
                return known
        return None

    def show_only(self, event_id: int) -> None:
        """Send nothing about this event: she reads it in the app."""
        for row in self._to_citizen(OutboxRow.event_id == event_id):
            row.state = Delivery.SHOWN
            self._session.add(row)

    def _to_citizen(self, *which: ColumnElement[bool] | bool) -> list[OutboxRow]:
        """Return notices to the citizen with row locks, after a process that is sending them."""
        query = select(OutboxRow).where(OutboxRow.role == Role.CITIZEN.value, *which)
        return list(self._session.exec(query.with_for_update()))

    def mark_shown(self, notice: Notice) -> None:
        """Mark a notice as too late to be sent; she reads it in the app."""
        row = self._row(notice.id)
        row.state = Delivery.SHOWN
        self._session.add(row)

    def events_after(self, event_id: int) -> list[int]:
        """Return the ids of the events after one, in order."""
        return list(self._transaction.execute(_AFTER, {"event": event_id}).scalars())

    def topics_of(self, event_ids: Collection[int]) -> set[str]:
        """Return the topics of events that another process wrote; pass a limited number."""
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
        sent = {"notices": [notice.id for notice in notices], "left_at": self._city_now()}
        self._transaction.execute(_SENT, sent)
        reached = {"reached": [notice.person_id for notice in notices]}
        now = {"now": self._transaction.machine_now}
        self._transaction.connection.execute(_GO_ON, {**reached, **now})

    def hand_all_to_desk(self) -> None:
        """Hand notices to citizens without a mobile to the desk; for the demo city."""
        unreached = select(PersonRow.id).where(col(PersonRow.mobile).is_(None))
        waiting = select(OutboxRow).where(WAITING).where(col(OutboxRow.person_id).in_(unreached))
        for row in self._session.exec(waiting).all():
            state = Delivery.SHOWN if row.action in OF_THE_MINUTE else Delivery.TO_CALL
            self._hand_over(row, state, _call_until(row, row.at))

    def mark_all_sent(self, when: Callable[[datetime], datetime]) -> None:
        """Mark all waiting notices as sent, at `when` of their city time; for the demo city."""
        waiting = self._session.exec(select(OutboxRow).where(WAITING))
        for row in waiting:
            row.state, row.sent_at = Delivery.SENT, when(row.at)
            self._session.add(row)

    def mark_sent_until(self, until: datetime, when: Callable[[datetime], datetime]) -> None:
        """Mark waiting notices to mobiles as sent, if they were to be sent until this city time.

        `when` is the time at which a notice was to be sent. A notice that has been tried waits on.
        """
        untried = col(OutboxRow.tries) == 0, col(OutboxRow.unanswered_at).is_(None)
        waiting = select(OutboxRow).where(WAITING, *untried, col(OutboxRow.next_try_at) <= until)
        for row in self._session.exec(waiting.where(_HAS_MOBILE)):
            if (sent_at := when(row.at)) <= until:
                row.state, row.sent_at = Delivery.SENT, sent_at
                self._session.add(row)

    def mark_sent_already(self, event_id: int, at: datetime) -> None:
        """Send nothing about this event: a restore has lost that she was informed at this time."""
        for row in self._to_citizen(OutboxRow.event_id == event_id, _HAS_MOBILE):
            row.state, row.sent_at = Delivery.SENT, at
            self._session.add(row)

    def hand_to_desk(self, notice: Notice, true_until: datetime | None = None) -> None:
        """Put a notice on the desk's list, because she has no mobile."""
        row = self._row(notice.id)
        self._hand_over(row, Delivery.TO_CALL, true_until)

    def resend_to_mobile(self, person_id: str) -> None:
        """After she got a mobile, send questions and expiring notices to it; others need a call."""
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
        """Move expired notices from the desk's list to the app; overtaken decisions expire too."""
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
        """Return notices of these districts for the desk to call, in the order of `call_order`."""
        place, order = call_order(self._city_now(), limit)
        waiting = _in_districts(select(OutboxRow), districts).where(IS_TO_CALL, self._is_true())
        rows = self._session.exec(waiting.order_by(place, order).limit(limit))
        return [self._notice(row) for row in rows]

    def calls_of(self, request_id: str) -> list[Notice]:
        """Return notices of one request for the desk to call, oldest first."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id)
            .where(IS_TO_CALL, self._is_true())
            .order_by(col(OutboxRow.id))
        )
        return [self._notice(row) for row in rows]

    def count_calls(self, districts: Collection[int]) -> int:
        waiting = _in_districts(select(OutboxRow.id), districts).where(IS_TO_CALL, self._is_true())
        return self._session.exec(select(func.count()).select_from(waiting.subquery())).one()

    def called_since(self, districts: Collection[int], since: datetime) -> list[Notice]:
        """Return the notices that the desk has called about since this city time, newest first."""
        rows = self._session.exec(
            _in_districts(select(OutboxRow), districts)
            .where(IS_CALLED)
            .where(col(OutboxRow.called_at) >= since)
            .order_by(col(OutboxRow.called_at).desc(), col(OutboxRow.id).desc())
            .limit(_CALLED_MOST)
        )
        return [self._notice(row) for row in rows]

    def mark_called(self, notice_id: int, account_id: str | None, now: datetime) -> bool:
        """Note that somebody informed her; False if done already, KeyError if unknown."""
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
        """Put a notice back on the list of calls; KeyError for an unknown one."""
        row = self._row(notice_id)
        row.state, row.sent_at = Delivery.FAILED if has_mobile else Delivery.TO_CALL, None
        row.called_by = row.called_at = None
        self._session.add(row)

    def mark_delivered_now(self, event_id: int, now: datetime) -> None:
        """Count a notice as delivered only now, since her identity was another person's before."""
        for row in self._to_citizen(OutboxRow.event_id == event_id):
            row.seen_at = now
            row.sent_at = now if row.sent_at else None
            self._session.add(row)

    def get(self, notice_id: int) -> Notice:
        """Return a notice; KeyError for an unknown one."""
        return self._notice(self._row(notice_id))

    def mark_seen(self, person_id: str, now: datetime) -> None:
        """Mark all notices of a person as seen, after she opened her inbox."""
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
        """Schedule another attempt, or give up after the last one.

        An attempt before its time does not count. Due notices behind it are delayed too, unless
        this one is unreadable (`has_words` False).
        """
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

    def mark_unanswered(self, notice: Notice, true_until: datetime | None) -> None:
        """Record an attempt without an answer: she may have the message.

        It is repeated once after a long pause, and later notices wait for it; after the second time
        the desk calls her. Notices that expire in minutes are not repeated.
        """
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
        return [self._notice(row) for row in rows]

    def of_request(self, request_id: str, role: str) -> list[Notice]:
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id)
            .where(OutboxRow.role == role)
            .order_by(col(OutboxRow.id))
        )
        return [self._notice(row) for row in rows]

    def waiting(self) -> int:
        """Count the notices to citizens that have not been sent yet."""
        return self._session.exec(select(func.count()).select_from(OutboxRow).where(WAITING)).one()

    def failing(self) -> int:
        """Count those that have been tried and will be tried again."""
        tried = select(func.count()).select_from(OutboxRow).where(WAITING, col(OutboxRow.tries) > 0)
        return self._session.exec(tried).one()

    def newest_event(self) -> int:
        """Return the newest event id, which reveals changes by other processes."""
        return self._session.exec(select(func.max(EventRow.id))).one() or 0

    def _hand_over(self, row: OutboxRow, state: Delivery, true_until: datetime | None) -> None:
        """Put a notice on the desk's list until it expires, at most `CALL_WITHIN`.

        A decision that she may object to stays until somebody has informed her.
        """
        row.state = state
        row.true_until = true_until or _call_until(row, self._city_now())
        self._session.add(row)
        request = self._session.get(RequestRow, row.request_id)
        if request is not None:
            self._transaction.publish(f"district:{request.district}")

    def _notice(self, row: OutboxRow) -> Notice:
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
            read_delay(self._vault, row) if row.action == Timely.LATENESS.value else None,
        )

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
