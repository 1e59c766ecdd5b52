"""What is computed of a large demo city before it is written: its people, facts and log."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import count

from publicmeeting.domain.lifecycle.advance import deadline
from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction, AnyStage
from publicmeeting.domain.mondays import DrawState, MondayState
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.people import Invented
from publicmeeting.seeder.plan import ENDS
from publicmeeting.turns.draw_file import DrawFile
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.ticket_effects import OUT_FOR


@dataclass(slots=True)
class Person:
    id: str
    invented: Invented
    mobile: bool


@dataclass(slots=True, eq=False)
class Case:
    """A request on its way."""

    id: str
    code: str
    district: int
    person: Person
    matter: int
    filed_at: datetime
    salt: str
    ticket: str
    prefers: str
    stage: Stage = Stage.SUBMITTED
    stage_at: datetime = ENDS
    due_at: datetime | None = None
    version: int = -1
    waited: int = 0
    unanswered: int = 0
    missed: int = 0


@dataclass(slots=True, eq=False)
class OrderToCome:
    id: str
    number: str
    case: Case
    unit: str
    due_on: date
    issued_at: datetime
    stage: OrderStage = OrderStage.ISSUED
    stage_at: datetime = ENDS
    due_at: datetime | None = None
    version: int = -1
    history: list[Event] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class DrawToCome:
    district: int
    monday: date
    file: DrawFile
    state: DrawState = DrawState.OPEN
    frozen_at: datetime | None = None
    drawn_at: datetime | None = None
    held: MondayState = MondayState.OPEN
    why: str = ""
    called_at: datetime | None = None
    """When the first visitor was called in."""
    ended_at: datetime | None = None


class Books:
    """Everything that happens, in the order of its computation; it is sorted when it is written."""

    def __init__(self, staff: Staff, rng: random.Random) -> None:
        self.staff, self._rng = staff, rng
        self.persons: list[Person] = []
        self.cases: list[Case] = []
        self.orders: list[OrderToCome] = []
        self.events: list[tuple[datetime, int, Case, OrderToCome | None, Event, str | None]] = []
        self.log: list[tuple[datetime, int, Kind, Mapping[str, object]]] = []
        self.seats: list[list[object]] = []
        self.draws: list[DrawToCome] = []
        self.jobs: dict[str, datetime] = {}
        self.secrets: list[tuple[date, str, str]] = []
        self._counter = count()

    def place(self) -> int:
        """Return a counter, which keeps events of one instant in their order."""
        return next(self._counter)

    def do(
        self,
        case: Case,
        action: Action,
        role: Role,
        at: datetime,
        payload: Mapping[str, object] | None = None,
        *,
        ends_at: datetime | None = None,
        note: str | None = None,
    ) -> None:
        first = action is Action.SUBMIT
        event = self._fact(
            case,
            action,
            role,
            at,
            payload,
            ends_at,
            None if first else case.stage,
            case.due_at,
            note,
        )
        assert isinstance(event.to_stage, Stage)
        if first or event.to_stage is not case.stage:
            case.stage_at = at
        case.stage, case.due_at = event.to_stage, event.due_at
        case.version += 1
        self.events.append((at, next(self._counter), case, None, event, note and self.new_id()))

    def do_order(
        self,
        order: OrderToCome,
        action: OrderAction,
        role: Role,
        at: datetime,
        payload: Mapping[str, object] | None = None,
        *,
        ends_at: datetime | None = None,
        note: str | None = None,
    ) -> None:
        before = order.stage if order.history else None
        event = self._fact(
            order.case, action, role, at, payload, ends_at, before, order.due_at, note
        )
        assert isinstance(event.to_stage, OrderStage)
        if event.to_stage is not order.stage or before is None:
            order.stage_at = at
        order.stage, order.due_at = event.to_stage, event.due_at
        order.version += 1
        order.history.append(event)
        row = (at, next(self._counter), order.case, order, event, note and self.new_id())
        self.events.append(row)

    def _fact(
        self,
        case: Case,
        action: AnyAction,
        role: Role,
        at: datetime,
        payload: Mapping[str, object] | None,
        ends_at: datetime | None,
        before: AnyStage | None,
        due_at: datetime | None,
        note: str | None,
    ) -> Event:
        step = STEP_FOR[action]
        after = step.to or before
        assert after is not None
        due = _deadline(action, due_at, at, tehran_day(at), ends_at)
        return Event(
            action=action,
            role=role,
            at=at,
            from_stage=before,
            to_stage=after,
            account_id=self.account(role, case.district),
            person_id=case.person.id if role is Role.CITIZEN else None,
            payload=payload or {},
            note=note,
            due_at=due,
        )

    def account(self, role: Role, district: int) -> str | None:
        if role in (Role.CITIZEN, Role.CLOCK):
            return None
        return self.staff.of(role, district).account_id

    def out(self, case: Case, at: datetime, action: Action) -> int:
        """Take a case out of the line by a step; return the number of its entry."""
        role = STEP_FOR[action].by[0]
        account = self.account(role, case.district)
        officer = (f"{role}-{case.district:02d}", account) if account else ""
        why = OUT_FOR[action].value
        return self.append_entry(at, Kind.TAKEN_OUT, ticket=case.ticket, why=why, officer=officer)

    def append_entry(self, at: datetime, kind: Kind, **body: object) -> int:
        """Add an entry and return a number by which another entry's `because` can name it.

        Its place in the log is known only when all entries are written.
        """
        number = next(self._counter)
        self.log.append((at, number, kind, body))
        return number

    def new_id(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"


def _deadline(
    action: AnyAction, due_at: datetime | None, at: datetime, day: date, ends_at: datetime | None
) -> datetime | None:
    """Return `deadline`, computed once for each day."""
    within = STEP_FOR[action].within
    if due_at is None and ends_at is None and within is not None:
        return _of_day(action, day)
    return deadline(within, due_at, at, ends_at)


@cache
def _of_day(action: AnyAction, day: date) -> datetime | None:
    return deadline(STEP_FOR[action].within, None, at_tehran(day, "12:00"), None)
