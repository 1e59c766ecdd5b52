"""Orders: the mayor's promises, one to each unit."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, bindparam
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.choices import Priority
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see
from publicmeeting.domain.lifecycle.climbing import standing
from publicmeeting.domain.lifecycle.order_guards import DONE_BY, is_void
from publicmeeting.domain.orders.promises import number_typed
from publicmeeting.domain.records import Event, Order, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage
from publicmeeting.store.database.repository import CITY, Repository, new_id, readable_rows
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, RequestRow
from publicmeeting.store.database.rows.city import MondayRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Forgiving, Vault
from publicmeeting.store.facts import Facts
from publicmeeting.store.lifecycle.event_tags import next_position
from publicmeeting.store.lifecycle.events import (
    append,
    events_of_orders,
    is_whole,
    standing_of,
    write_notices,
)
from publicmeeting.store.lifecycle.lists import Filter, Lists
from publicmeeting.store.lifecycle.request_context import read_informed
from publicmeeting.store.line.seats import Seats
from publicmeeting.store.worker.marks import outages_for

MARK = 16
"""Hex digits of a sheet's check mark."""
_VOID = frozenset(stage.value for stage in OrderStage if is_void(stage))
_BY_NUMBER = select(OrderRow).where(col(OrderRow.number) == bindparam("number"))
_OF_REQUEST = (
    select(OrderRow)
    .where(col(OrderRow.request_id) == bindparam("request"))
    .order_by(col(OrderRow.number))
)
_OF_REQUESTS = (
    select(OrderRow)
    .where(col(OrderRow.request_id).in_(bindparam("requests", expanding=True)))
    .order_by(col(OrderRow.number))
)
_STAGES = sqlalchemy.select(
    col(OrderRow.id), col(OrderRow.stage), col(OrderRow.due_at), col(OrderRow.version)
).where(col(OrderRow.request_id) == bindparam("request"))
_ISSUED_TO = (
    sqlalchemy.select(
        col(OrderRow.request_id), col(OrderRow.id), col(OrderRow.number), col(OrderRow.stage),
        col(OrderRow.stage_at),
    )
    .join(RequestRow, col(RequestRow.id) == col(OrderRow.request_id))
    .where(col(RequestRow.stage) == Stage.FOLLOW_UP.value)
    .where(col(OrderRow.request_id).in_(bindparam("requests", expanding=True)))
)  # fmt: skip
_REQUESTS = sqlalchemy.select(
    col(RequestRow.id), col(RequestRow.code), col(RequestRow.person_id)
).where(col(RequestRow.id).in_(bindparam("requests", expanding=True)))
_HOLDERS = (
    sqlalchemy.select(col(MondayRow.district), col(MondayRow.on), col(MondayRow.held_by))
    .where(col(MondayRow.on).in_(bindparam("mondays", expanding=True)))
    .where(col(MondayRow.district).in_(bindparam("districts", expanding=True)))
)
# Statements of every step are built once: building costs more than executing.


class By(Enum):
    """Order of a list."""

    DUE = auto()
    """Earliest due date first, finished orders last."""
    STAGE = auto()
    """Newest change of stage first."""


class Orders(Repository):
    def __init__(self, transaction: Transaction, facts: Facts, lists: Lists, seats: Seats) -> None:
        super().__init__(transaction)
        self._facts = facts
        self._lists = lists
        self._seats = seats
        self._read: dict[str, Order] = {}
        """Cache by id, for reading transactions."""
        self._of: dict[str, list[Order]] = {}
        """The same by request."""

    def get_visible(self, number: str, actor: Actor) -> Order:
        """Return an order that the actor may see, else raise `not_found`.

        This is the only access for actors; missing and forbidden look the same.
        """
        row = self._session.exec(_BY_NUMBER, params={"number": number}).first()
        order = self._order(row) if row else None
        if order is None or not can_see(actor, order):
            if order is not None:
                self._transaction.note_refused_object("order", order.number)
            raise Denied("not_found")
        return order

    def by_id(self, order_id: str) -> Order:
        if order_id in self._read:
            return self._read[order_id]
        row = self._session.get(OrderRow, order_id)
        if row is None:
            raise KeyError(order_id)
        found = self._order(row)
        if self._transaction.is_reading:
            self._read[order_id] = found
        return found

    def issued_on_sheet(self, sheet: str) -> tuple[int, datetime, bool] | None:
        """Return (district, time, whether it is void) of a sheet's orders, for the public check."""
        row = self._session.exec(
            select(OrderRow).where(col(OrderRow.number).in_((sheet, f"{sheet}-1")))
        ).first()
        if row is None:
            return None
        return row.district, row.issued_at, is_void(OrderStage(row.stage))

    def check_mark(self, sheet: str) -> str:
        """Return the keyed hash in the printed code of a sheet, which proves its number."""
        return Vault.lookup_by(self._facts.first_key(), "check", sheet)[:MARK]

    def lock(self, number: str) -> None:
        """Lock a request and its orders, because whether all are done depends on all of them."""
        if self._transaction.is_serialized:
            return
        request_id = self._session.exec(
            select(OrderRow.request_id).where(OrderRow.number == number)
        ).first()
        self._transaction.advisory_lock(f"request/{request_id}")

    def lock_by_id(self, order_id: str) -> None:
        """Lock the same by the order's id, for the clock."""
        request_id = self._session.exec(
            select(OrderRow.request_id).where(OrderRow.id == order_id)
        ).first()
        self._transaction.advisory_lock(f"request/{request_id}")

    def add(
        self,
        request: Request,
        *,
        number: str,
        unit_id: str,
        text: str,
        due_on: date,
        event: Event,
        promise: str = "",
        priority: str = Priority.NORMAL.value,
    ) -> Order:
        key = new_id()
        row = OrderRow(
            id=key,
            number=number,
            request_id=request.id,
            district=request.district,
            unit_id=unit_id,
            stage=event.to_stage.value,
            text=self._vault.seal("mayor_order.text", key, text),
            promise=self._vault.seal("mayor_order.promise", key, promise) if promise else None,
            priority=priority,
            issued_at=event.at,
            stage_at=event.at,
            due_on=due_on,
            first_due_on=due_on,
            due_at=event.due_at,
        )
        _repeat(row, (event,))
        self._session.add(row)
        self._session.flush()
        self._after(row, event, position=0)
        return self._order(row)

    def set_picture(self, order: Order, image_id: str) -> None:
        row = self._row(order)
        row.image_id = image_id
        self._session.add(row)

    def record(
        self,
        order: Order,
        event: Event,
        *,
        due_on: date | None = None,
        first_due_on: date | None = None,
        unit_id: str | None = None,
    ) -> int:
        """Write event, stage (checked by version) and notices; return the event's id."""
        row = self._locked(OrderRow, order.id)
        if row is None or row.version != order.version:
            raise Denied("version_conflict")
        if event.to_stage.value != row.stage:
            row.stage_at = event.at
        row.stage = event.to_stage.value
        row.due_at = event.due_at
        row.due_on = due_on or order.due_on
        row.first_due_on = first_due_on or order.first_due_on
        row.unit_id = unit_id or row.unit_id
        _repeat(row, (*order.history, event))
        row.version += 1
        self._session.add(row)
        return self._after(row, event, next_position(row.version, len(order.history)))

    def put_right(self, order: Order) -> bool:
        """Write stage and deadline of its events into its row; return whether it had others."""
        row = self._locked(OrderRow, order.id)
        if row is None or row.version != order.version:
            return False
        if (row.stage, row.due_at) == (order.stage.value, order.due_at):
            return False
        row.stage, row.due_at = order.stage.value, order.due_at
        self._session.add(row)
        return True

    def set_climb(self, order: Order) -> None:
        """Write when its lateness climbs, according to its history."""
        row = self._row(order)
        _repeat(row, order.history)
        self._session.add(row)

    def of_request(self, request_id: str) -> list[Order]:
        if request_id in self._of:
            return list(self._of[request_id])
        rows = self._session.exec(_OF_REQUEST, params={"request": request_id})
        return self._orders(rows.all())

    def read_of_requests(self, request_ids: Collection[str]) -> None:
        """Read ahead the orders of these requests; only a reading transaction caches them."""
        if not request_ids or not self._transaction.is_reading:
            return
        rows = self._session.exec(_OF_REQUESTS, params={"requests": list(request_ids)})
        orders = self._orders(rows.all(), is_checked=True)
        self._read |= {order.id: order for order in orders}
        self._of |= {
            id_: [order for order in orders if order.request_id == id_] for id_ in request_ids
        }

    def stages_of(self, request_id: str) -> list[OrderStage]:
        """Return the stages of a request's orders, as `standing_of`, without their texts."""
        rows = self._transaction.execute(_STAGES, {"request": request_id}).all()
        histories = events_of_orders(
            self._transaction,
            [row.id for row in rows],
            is_checked=True,
            opens=Forgiving(self._vault),
        )
        return [
            standing_of(stage, due_at, version, histories.get(key, ()), OrderStage)[0]
            for key, stage, due_at, version in rows
        ]

    def listed(
        self,
        *,
        district: int | None = None,
        units: frozenset[str] | None = None,
        stages: tuple[OrderStage, ...] = (),
        about: Filter | None = None,
        limit: int | None = 50,
        offset: int = 0,
        by: By = By.DUE,
    ) -> list[Order]:
        """Return orders of a district or of units.

        `about` restricts districts and subjects, and searches words in the request or an order
        number.
        """
        query = self._among(select(OrderRow), _such(district, units, stages), about)
        done = col(OrderRow.stage).in_((OrderStage.DONE.value, OrderStage.VOID.value))
        number = col(OrderRow.number)  # the last sort key, so that all engines agree
        order = {
            By.DUE: (done, col(OrderRow.due_on), number),
            By.STAGE: (col(OrderRow.stage_at).desc(), number),
        }[by]
        query = query.order_by(*order)
        return self._readable(self._rows(query, first=offset, most=limit))

    def issued(self, district: int, from_at: datetime, until: datetime) -> list[Order]:
        """Return what a district promised in this period, by number."""
        return self._readable(
            self._rows(
                select(OrderRow)
                .where(OrderRow.district == district)
                .where(OrderRow.issued_at >= from_at)
                .where(OrderRow.issued_at < until)
                .order_by(OrderRow.number)
            )
        )

    def _rows(
        self, query: Select[Any], *, first: int = 0, most: int | None = None
    ) -> list[OrderRow]:
        found = readable_rows(
            self._transaction, query, "an order", first=first, most=most, as_objects=True
        )
        return [row for (row,) in found]

    def first_issued_at(self, district: int) -> datetime | None:
        """Return when the district made its first promise, or None."""
        first = select(func.min(OrderRow.issued_at)).where(OrderRow.district == district)
        return self._session.exec(first).one()

    def climbed(
        self,
        actions: Collection[OrderAction],
        stages: Collection[OrderStage],
        *,
        about: Filter | None = None,
    ) -> list[Order]:
        """Return all orders in these stages with one of these actions, earliest due date first.

        `about` is as in `listed`.
        """
        names = [action.value for action in actions]
        ever = select(EventRow.order_id).where(col(EventRow.action).in_(names))
        such = [*_such(None, None, stages), col(OrderRow.id).in_(ever)]
        query = self._among(select(OrderRow), such, about)
        query = query.order_by(col(OrderRow.due_on), OrderRow.number)
        return self._readable(self._rows(query))

    def count(
        self,
        *,
        district: int | None = None,
        units: frozenset[str] | None = None,
        stages: tuple[OrderStage, ...] = (),
        about: Filter | None = None,
    ) -> int:
        """Count orders without reading them."""
        found = self._among(select(OrderRow.id), _such(district, units, stages), about)
        return self._session.exec(select(func.count()).select_from(found.subquery())).one()

    def count_by_unit(
        self,
        *,
        district: int | None,
        units: frozenset[str] | None,
        stages: tuple[OrderStage, ...],
        about: Filter | None,
    ) -> dict[str, int]:
        """Count them per unit that has any."""
        unit = col(OrderRow.unit_id)
        such = self._among(select(OrderRow.id), _such(district, units, stages), about)
        query = select(unit, func.count()).where(col(OrderRow.id).in_(such)).group_by(unit)
        return dict(self._session.exec(query).all())

    def next_number(self, prefix: str) -> str:
        """Return `prefix` and a three-digit sequence number; a sheet counts once."""
        number = col(OrderRow.number)
        taken = self._session.exec(
            select(func.count())
            .select_from(OrderRow)
            .where(number.startswith(prefix))
            .where(number.not_like("%-%") | number.endswith("-1"))
        ).one()
        return f"{prefix}{taken + 1:03d}"

    def _among(
        self,
        query: SelectOfScalar,  # type: ignore[type-arg]
        conditions: list[ColumnElement[bool]],
        about: Filter | None,
    ) -> SelectOfScalar:  # type: ignore[type-arg]
        """Restrict a query to such orders, their districts and the search.

        Only requests of such orders are searched, not the marks of the whole city.
        """
        if about is not None and about.districts is not None:
            conditions = [*conditions, col(OrderRow.district).in_(about.districts)]
        query = query.where(*conditions)
        if about is None or not (about.words or about.subjects):
            return query
        theirs = select(OrderRow.request_id).where(*conditions).correlate(None)

        def of(what: Filter) -> ColumnElement[bool]:
            alike = self._lists.matching(what).where(col(RequestRow.id).in_(theirs))
            return col(OrderRow.request_id).in_(alike)

        number = number_typed(about.words)
        if not number:
            return query.where(of(about))
        query = query.where(of(about) | col(OrderRow.number).startswith(number, autoescape=True))
        return query.where(of(Filter(subjects=about.subjects))) if about.subjects else query

    def _row(self, order: Order) -> OrderRow:
        row = self._session.get(OrderRow, order.id)
        if row is None:
            raise KeyError(order.id)
        return row

    def _after(self, row: OrderRow, event: Event, position: int) -> int:
        _, code, person_id = self._transaction.execute(
            _REQUESTS, {"requests": [row.request_id]}
        ).one()
        event_id = append(self._transaction, row.request_id, row.id, event, position)
        write_notices(self._transaction, event_id, event, row.request_id, row.id, person_id)
        self._transaction.publish(
            f"request:{code}",
            f"district:{row.district}",
            f"unit:{row.unit_id}",
            f"person:{person_id}",
            CITY,
        )
        return event_id

    def _order(self, row: OrderRow) -> Order:
        self._transaction.pin(row)
        return self._orders([row])[0]

    def _readable(self, rows: Sequence[OrderRow]) -> list[Order]:
        """Return `_orders` without unreadable ones, and without those that no list can sort."""
        try:
            return self._sortable(rows)
        except UNREADABLE:
            return [order for row in rows for order in self._readable_one(row)]

    def _readable_one(self, row: OrderRow) -> list[Order]:
        try:
            return self._sortable([row])
        except UNREADABLE:
            self._transaction.leave_out("an order")
            return []

    def _sortable(self, rows: Sequence[OrderRow]) -> list[Order]:
        found = self._orders(rows)
        for order in found:
            standing(order.history)  # lists are sorted by it
        return found

    def _orders(self, rows: Sequence[OrderRow], *, is_checked: bool = False) -> list[Order]:
        """Return all of them with a constant number of statements; see `events_of_orders`."""
        if not rows:
            return []
        order_ids = {row.request_id for row in rows}
        found = self._transaction.execute(_REQUESTS, {"requests": list(order_ids)})
        requests = {request_id: (code, person_id) for request_id, code, person_id in found}
        mondays = {key: seat.monday for key, seat in self._seats.latest(order_ids).items()}
        holders = self._holders(set(mondays.values()), {row.district for row in rows})
        ids = [row.id for row in rows]
        histories = events_of_orders(self._transaction, ids, is_checked=is_checked)
        done = {row.id: _done_by(histories.get(row.id, ())) for row in rows}
        informed = read_informed(self._transaction, done.values())
        owed = self._owed_replacements(rows)
        return [
            self._one(
                row,
                requests[row.request_id],
                histories.get(row.id, ()),
                holders.get((row.district, mondays.get(row.request_id))),
                informed.get(event.id, ()) if (event := done[row.id]) else (),
                is_right_order_owed=row.id in owed,
            )
            for row in rows
        ]

    def _one(
        self,
        row: OrderRow,
        request: tuple[str, str],
        history: tuple[Event, ...],
        held_by: str | None,
        informed: tuple[tuple[int, datetime | None], ...],
        *,
        is_right_order_owed: bool,
    ) -> Order:
        code, person_id = request
        stage, due_at = standing_of(row.stage, row.due_at, row.version, history, OrderStage)
        # A later day in the row would pause or keep a promise by it, and the next event name it;
        # another unit would report it as done.
        whole = is_whole(row.version, history)
        days = standing(history) if whole else row
        return Order(
            id=row.id,
            number=row.number,
            request_id=row.request_id,
            request_code=code,
            district=row.district,
            person_id=person_id,
            unit_id=_unit_of(history, row.unit_id) if whole else row.unit_id,
            stage=stage,
            version=row.version,
            text=self._vault.open("mayor_order.text", row.id, row.text),
            issued_at=row.issued_at,
            stage_at=row.stage_at,
            due_on=days.due_on,
            first_due_on=days.first_due_on,
            image_id=row.image_id,
            due_at=due_at,
            day_held_by=held_by,
            informed=informed,
            outages=outages_for(self._transaction, history),
            history=history,
            promise=self._vault.open("mayor_order.promise", row.id, row.promise)
            if row.promise
            else "",
            priority=row.priority,
            climbs_at=row.climbs_at,
            is_right_order_owed=is_right_order_owed,
        )

    def _owed_replacements(self, rows: Sequence[OrderRow]) -> set[str]:
        """Return the order that became void last, of each meeting whose orders are all void."""
        void = {row.request_id for row in rows if row.stage in _VOID}
        if not void:
            return set()
        issued: dict[str, list[sqlalchemy.Row[Any]]] = {}
        for one in self._transaction.execute(_ISSUED_TO, {"requests": sorted(void)}):
            issued.setdefault(one.request_id, []).append(one)
        return {
            max(orders, key=lambda order: (order.stage_at, order.number)).id
            for orders in issued.values()
            if all(order.stage in _VOID for order in orders)
        }

    def _holders(
        self, mondays: set[date], districts: set[int]
    ) -> dict[tuple[int, date | None], str | None]:
        """Return (district, Monday) → the account named for that day."""
        days = self._transaction.execute(
            _HOLDERS, {"mondays": sorted(mondays), "districts": sorted(districts)}
        )
        return {(district, on): held_by for district, on, held_by in days}


def _unit_of(history: tuple[Event, ...], unit_id: str) -> str:
    """Return the unit that the newest event names which names one."""
    named = (str(one.payload["unit"]) for one in reversed(history) if "unit" in one.payload)
    return next(named, unit_id)


def _done_by(history: tuple[Event, ...]) -> Event | None:
    """Return the event that made it done, while it is done."""
    moved = next((event for event in reversed(history) if event.from_stage != event.to_stage), None)
    return moved if moved is not None and moved.action in DONE_BY else None


def _repeat(row: OrderRow, history: tuple[Event, ...]) -> None:
    """Copy what lists and figures need from the events into the row."""
    found = standing(history)
    climb = found.next_climb()
    row.climbs_at = climb.at if climb else None
    row.on_time = found.on_time
    row.ended_by = found.ended_by.value if found.ended_by else None


def _such(
    district: int | None, units: frozenset[str] | None, stages: Collection[OrderStage]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if district is not None:
        found.append(col(OrderRow.district) == district)
    if units is not None:
        found.append(col(OrderRow.unit_id).in_(units))
    if stages:
        found.append(col(OrderRow.stage).in_([stage.value for stage in stages]))
    return found
