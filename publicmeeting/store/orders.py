"""Orders: the mayor's promises, one to each unit."""

from datetime import date

from sqlmodel import col, func, select

from publicmeeting.domain.access import sees
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Event, Order, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderStage
from publicmeeting.store.door import Door, new_id
from publicmeeting.store.events import append, note_tells, read_events
from publicmeeting.store.rows.cases import OrderRow, RequestRow
from publicmeeting.store.rows.city import MondayRow
from publicmeeting.store.seats import seat_of


class Orders(Door):
    def see(self, number: str, actor: Actor) -> Order:
        """The only way to get an order: missing and forbidden look the same."""
        row = self._session.exec(select(OrderRow).where(OrderRow.number == number)).first()
        order = self._order(row) if row else None
        if order is None or not sees(actor, order):
            raise Denied("not_found")
        return order

    def by_id(self, order_id: str) -> Order:
        row = self._session.get(OrderRow, order_id)
        if row is None:
            raise KeyError(order_id)
        return self._order(row)

    def hold(self, number: str) -> None:
        """One work at a time for a request and its orders: whether all are done is asked of all."""
        request_id = self._session.exec(
            select(OrderRow.request_id).where(OrderRow.number == number)
        ).first()
        self._work.hold(f"request/{request_id}")

    def add(
        self, request: Request, *, number: str, unit_id: str, text: str, due_on: date,
        event: Event,
    ) -> Order:  # fmt: skip
        key = new_id()
        row = OrderRow(
            id=key, number=number, request_id=request.id, district=request.district,
            unit_id=unit_id, stage=event.to_stage.value,
            text=self._vault.seal("mayor_order.text", key, text), issued_at=event.at,
            stage_at=event.at, due_on=due_on, first_due_on=due_on, due_at=event.due_at,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        self._after(row, event)
        return self._order(row)

    def picture(self, order: Order, image_id: str) -> None:
        row = self._row(order)
        row.image_id = image_id
        self._session.add(row)

    def record(
        self, order: Order, event: Event, *, due_on: date | None = None, unit_id: str | None = None
    ) -> int:
        """Event, cached stage (guarded by the version) and notices, together."""
        row = self._locked(OrderRow, order.id)
        if row is None or row.version != order.version:
            raise Denied("version_conflict")
        if event.to_stage.value != row.stage:
            row.stage_at = event.at
        row.stage = event.to_stage.value
        row.due_at = event.due_at
        row.due_on = due_on or row.due_on
        row.unit_id = unit_id or row.unit_id
        row.version += 1
        self._session.add(row)
        return self._after(row, event)

    def of_request(self, request_id: str) -> list[Order]:
        rows = self._session.exec(
            select(OrderRow).where(OrderRow.request_id == request_id).order_by(OrderRow.number)
        )
        return [self._order(row) for row in rows]

    def listed(
        self, *, district: int | None = None, units: frozenset[str] | None = None,
        stages: tuple[OrderStage, ...] = (), limit: int = 50,
    ) -> list[Order]:  # fmt: skip
        """Orders of a district or of units, the most pressing first."""
        query = select(OrderRow)
        if district is not None:
            query = query.where(OrderRow.district == district)
        if units is not None:
            query = query.where(col(OrderRow.unit_id).in_(units))
        if stages:
            query = query.where(col(OrderRow.stage).in_([s.value for s in stages]))
        done = col(OrderRow.stage) == OrderStage.DONE.value
        rows = self._session.exec(query.order_by(done, col(OrderRow.due_on)).limit(limit))
        return [self._order(row) for row in rows]

    def next_number(self, prefix: str) -> str:
        """`prefix` and a running number of three digits; a sheet for several units counts once."""
        number = col(OrderRow.number)
        taken = self._session.exec(
            select(func.count())
            .select_from(OrderRow)
            .where(number.startswith(prefix))
            .where(number.not_like("%-%") | number.endswith("-1"))
        ).one()
        return f"{prefix}{taken + 1:03d}"

    def _row(self, order: Order) -> OrderRow:
        row = self._session.get(OrderRow, order.id)
        if row is None:
            raise KeyError(order.id)
        return row

    def _after(self, row: OrderRow, event: Event) -> int:
        request = self._session.get(RequestRow, row.request_id)
        assert request is not None
        event_id = append(self._work, row.request_id, row.id, event)
        note_tells(self._work, event_id, event, row.request_id, row.id, request.person_id)
        self._work.ring(
            f"request:{request.code}", f"district:{row.district}", f"unit:{row.unit_id}",
            f"person:{request.person_id}",
        )  # fmt: skip
        return event_id

    def _order(self, row: OrderRow) -> Order:
        request = self._session.get(RequestRow, row.request_id)
        assert request is not None
        seat = seat_of(self._work, request.id) or self._work.seats.last(request.id)
        day = self._session.get(MondayRow, (row.district, seat.monday)) if seat else None
        return Order(
            id=row.id, number=row.number, request_id=row.request_id, request_code=request.code,
            district=row.district, person_id=request.person_id, unit_id=row.unit_id,
            stage=OrderStage(row.stage), version=row.version,
            text=self._vault.open("mayor_order.text", row.id, row.text), issued_at=row.issued_at,
            stage_at=row.stage_at, due_on=row.due_on, first_due_on=row.first_due_on,
            image_id=row.image_id, due_at=row.due_at, day_held_by=day.held_by if day else None,
            history=read_events(self._work, order_id=row.id),
        )  # fmt: skip
