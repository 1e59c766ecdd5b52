"""The town hall of district 6 on a Monday morning, after the draw; made once a session."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from publicmeeting.application import Application
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.mondays import check_held, end_day
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from support.city import SEATS, City, found, open_application
from support.clock import SATURDAY, FixedClock
from support.databases import Templates
from support.line import DISTRICT, MONDAY, Line
from support.once import once
from support.orders import issue_undrawn

Result = TypeVar("Result")

GUESTS, LEFT_OUT = 3, 2
"""Number of guests with a confirmed seat, and of citizens without a seat: two more than seats."""
TECHNICAL, SERVICES = "d06-technical", "d06-urban_services"
TEXT = "پیاده‌روی خیابان ایتالیا تا پایان آذر ترمیم شود."


def prepare(url: str, folder: Path, seats: tuple[str, ...] = SEATS, guests: int = GUESTS) -> None:
    """Found a city in which `guests` citizens have confirmed the first seats of the Monday."""
    found(url, folder, seats=seats)
    clock = FixedClock(SATURDAY)
    application = open_application(url, folder, clock)
    line = Line(City(application), clock)
    citizens = line.file(len(seats) + LEFT_OUT)
    line.until(date(2026, 11, 26))
    by_time = sorted(
        (one for one in citizens if one.request.seat), key=lambda one: one.request.seat.time
    )
    for citizen in by_time[:guests]:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:50")
    application.store.close()


@dataclass(frozen=True, slots=True)
class Guest:
    """A citizen with a confirmed seat."""

    hall: "Hall"
    actor: Actor
    code: str

    @property
    def request(self) -> Request:
        with self.hall.reading() as uow:
            found_ = uow.requests.find(self.code)
        assert found_ is not None
        return found_

    @property
    def orders(self) -> list[Order]:
        with self.hall.reading() as uow:
            return list(uow.orders.of_request(self.request.id))

    def does(self, number: str, action: OrderAction, **fields: Any) -> Order:
        return self.hall.step(self.actor, number, action, **fields)


class Hall:
    """The accounts, the guests, and the steps of the day; the clock stands at Monday 9:00."""

    def __init__(self, application: Application, clock: FixedClock) -> None:
        self.application, self.clock, self.city = application, clock, City(application)
        clock.set(at_tehran(MONDAY, "09:00"))
        with self.reading() as uow:
            held = uow.seats.held(DISTRICT, MONDAY)
            requests = uow.requests.by_ids([held[time] for time in sorted(held)])
        self.guests = [self.guest_of(request) for request in requests]

    def guest_of(self, request: Request) -> Guest:
        return Guest(
            self, Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),)), request.code
        )

    def reading(self) -> Any:
        return self.application.store.unit_of_work(self.clock.now, reading=True)

    def card(self, guest: Guest) -> str:
        """Return the identity number on her card."""
        with self.reading() as uow:
            return str(uow.people.get(guest.request.person_id).identity)

    def as_(self, username: str) -> Actor:
        return self.city.as_(username)

    def query(self, who: str | Actor, usecase: Any, query: Any) -> Any:
        return self.application.query_as(self._actor(who), usecase, query)

    def execute(self, who: str | Actor, usecase: Any, command: Any) -> Any:
        return self.application.execute_as(self._actor(who), usecase, command)

    def _actor(self, who: str | Actor) -> Actor:
        return self.as_(who) if isinstance(who, str) else who

    def arrive(self, guest: Guest) -> None:
        with self.reading() as uow:
            identity = uow.people.get(guest.request.person_id).identity
        self.act("reception", guest, Action.ARRIVE, identity=identity)

    def receive(self, guest: Guest) -> None:
        """Let her arrive and go into the room.

        As a test's first step this is simulated once a session and then copied.
        """
        self._once(lambda: self._receive(guest), "receive", guest.code)

    def _receive(self, guest: Guest) -> None:
        self.arrive(guest)
        self.act("mayor", guest, Action.CALL_IN)

    def _once(self, walk: Callable[[], Result], *key: Any) -> Result:
        """Do a walk, or copy its result if nothing was written since that morning."""
        return once(self.application, key, walk)

    def act(self, who: str | Actor, guest: Guest, action: Action, **fields: str) -> Request:
        command = TakeStep(code=guest.code, action=action, **fields)
        return self.execute(who, take_step, command)

    def order(self, guest: Guest, *units: str, who: str = "mayor", **fields: Any) -> list[Order]:
        """Issue orders without drawing their order sheet."""
        command = IssueOrders(
            code=guest.code, units=units or (TECHNICAL,), **{"note": TEXT, **fields}
        )
        return issue_undrawn(self.application, self._actor(who), command)

    def finish(self, guest: Guest, who: str | Actor = "mayor", **fields: str) -> Request:
        return self.execute(who, finish_meeting, FinishMeeting(code=guest.code, **fields))

    def met(self, guest: Guest, *units: str, **fields: Any) -> list[Order]:
        """Hold the whole meeting: in the room, orders issued, finished; returns the orders.

        As a test's first step this is simulated once a session and then copied.
        """
        key = ("met", guest.code, units, repr(sorted(fields.items())))
        return list(self._once(lambda: self._met(guest, *units, **fields), *key))

    def _met(self, guest: Guest, *units: str, **fields: Any) -> list[Order]:
        self.receive(guest)
        orders = self.order(guest, *units, **fields)
        self.finish(guest)
        return orders

    def ends(self, at: str = "20:00", *, is_checked: bool = False) -> None:
        """Let the clock end the day at this hour.

        With `is_checked` the clock has checked before whether anybody was called in at all.
        """
        over = at_tehran(MONDAY, at)
        if is_checked:
            with self.application.store.unit_of_work(over) as uow:
                check_held(uow, DISTRICT, MONDAY, over)
        with self.application.store.unit_of_work(over) as uow:
            end_day(uow, DISTRICT, MONDAY, over)
        self.clock.set(over)

    def contested_twice(self, guest: Guest) -> str:
        """Return the number of an order that was reported twice and contested twice."""
        number = self.met(guest)[0].number
        self.step("technical", number, OrderAction.TAKE_ON)
        for due_on in ("2026-12-22", ""):
            self.step("technical", number, OrderAction.REPORT, note="انجام شد.")
            guest.does(number, OrderAction.CONTEST, note="نیمه‌کاره است.")
            if due_on:
                self.step("mayor", number, OrderAction.RETRY, due_on=due_on)
        return number

    def step(self, who: str | Actor, number: str, action: OrderAction, **fields: Any) -> Order:
        command = TakeOrderStep(number=number, action=action.value, **fields)
        return self.execute(who, take_order_step, command)


@contextmanager
def open_hall(templates: Templates, folder: Path, clock: FixedClock) -> Iterator[Hall]:
    """Open a copy of that morning at nine, with its pictures in `folder`; drop it afterwards."""
    url = templates.copy("monday", lambda template: prepare(template, folder / "template"))
    application = open_application(url, folder / "images", clock)
    yield Hall(application, clock)
    application.store.close()
    templates.drop(url)
