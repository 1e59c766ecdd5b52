"""Work on several requests locks all their rows before the log's head.

A citizen who acts at that instant holds her row and waits for the head. In the other order they
would wait for each other, and PostgreSQL would end one of them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, current_thread
from typing import Any

import pytest
from support.documents import Documents
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.lifecycle.requests import Requests
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.line import mondays
from publicmeeting.usecases.line.drawing import freeze
from publicmeeting.usecases.line.lanes import log_cases
from publicmeeting.usecases.line.offers import offer_seats
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present, seat_standbys
from publicmeeting.usecases.meetings.on_paper.paper_entry import EnterArrivals, enter_arrivals

pytestmark = pytest.mark.on_postgresql

SEATS, STANDBYS, FREED = 8, 3, 3
PATIENCE = 30.0
"""Seconds; if nothing is wrong, none of them is waited."""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[BaseException]]:
    """Runs her act, and the city's act once she holds her row; returns what failed.

    She takes the log's head when the city either asks for its rows or has taken the head.
    """
    has_row, city_has_begun = Event(), Event()
    append, hold = Log.append, Requests.hold

    def appends(log: Log, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        if current_thread().name == "hers":
            has_row.set()
            if not log._transaction.is_serialized:  # SQLite has one writer anyway
                city_has_begun.wait(PATIENCE)
            return append(log, kind, body, at)
        entry = append(log, kind, body, at)
        city_has_begun.set()
        return entry

    def holds(requests: Requests, **names: Any) -> None:
        if current_thread().name == "the city's" and any(names.values()):
            city_has_begun.set()
        hold(requests, **names)

    def race(hers: Callable[[], object], citys: Callable[[], object]) -> list[BaseException]:
        monkeypatch.setattr(Log, "append", appends)
        monkeypatch.setattr(Requests, "hold", holds)
        failed: list[BaseException] = []

        def act(name: str, what: Callable[[], object]) -> None:
            current_thread().name = name
            try:
                if name == "the city's":
                    has_row.wait(PATIENCE)
                what()
            except BaseException as fault:  # noqa: BLE001  (looked at below)
                failed.append(fault)

        together(lambda: act("hers", hers), lambda: act("the city's", citys))
        return failed

    return race


def of_line(line: Line, citizens: list[Citizen]) -> list[Citizen]:
    """Return the citizens of the drawn line, in its order."""
    by_ticket = {citizen.request.ticket: citizen for citizen in citizens}
    return [by_ticket[ticket] for ticket in line.draw().file["standby"]]


def of_seats(line: Line, citizens: list[Citizen]) -> list[Citizen]:
    by_code, codes = {citizen.code: citizen for citizen in citizens}, line.held()
    return [by_code[codes[time]] for time in sorted(codes)]


def test_offers_made_while_one_of_the_line_leaves(line: Line, at_once: Any) -> None:
    citizens = line.drawn(SEATS + STANDBYS)
    for seat in of_seats(line, citizens)[:FREED]:
        seat.does(Action.GIVE_UP_SEAT)
    first, second, third = of_line(line, citizens)
    now = line.clock.now

    def offered() -> None:
        with line.city.application.store.unit_of_work(now) as uow:
            offer_seats(uow, DISTRICT, MONDAY, now)

    assert at_once(lambda: second.does(Action.WITHDRAW), offered) == []
    assert [citizen.stage for citizen in (first, second, third)] == [
        "invited",
        "withdrawn",
        "invited",
    ]


def test_seats_assigned_in_the_hall_while_one_of_the_line_leaves(line: Line, at_once: Any) -> None:
    citizens = line.drawn(SEATS + STANDBYS)
    for seat in of_seats(line, citizens):
        seat.does(Action.CONFIRM)
    line.until(MONDAY, "08:40")
    application, reception = line.city.application, line.city.as_("reception")
    first, second, third = of_line(line, citizens)
    for citizen in (first, second, third):
        shown = Standby(code=citizen.code, identity=citizen.identity)
        application.execute_as(reception, note_present, shown)
    for seat in of_seats(line, citizens)[:FREED]:
        seat.does(Action.GIVE_UP_SEAT)
    line.clock.set(at_tehran(MONDAY, "09:20"))
    now = line.clock.now

    def assigned() -> None:
        with application.store.unit_of_work(now) as uow:
            seat_standbys(uow, DISTRICT, MONDAY, now)

    assert at_once(lambda: second.does(Action.WITHDRAW), assigned) == []
    assert second.stage == "withdrawn"
    assert {first.code, third.code} <= set(line.held().values())


def test_arrivals_entered_from_a_paper_while_one_of_them_arrives(line: Line, at_once: Any) -> None:
    citizens = line.drawn(SEATS)
    for seat in of_seats(line, citizens):
        seat.does(Action.CONFIRM)
    line.until(MONDAY, "10:50")
    came = of_seats(line, citizens)
    *_, last = came
    application, reception = line.city.application, line.city.as_("reception")
    paper = EnterArrivals(rows=tuple((citizen.code, "8:50", citizen.identity) for citizen in came))

    failed = at_once(
        lambda: line.official("reception", last, Action.ARRIVE, identity=last.identity),
        lambda: application.execute_as(reception, enter_arrivals, paper),
    )
    assert [type(one).__name__ for one in failed] == ["FormError"], "she has arrived already"


def test_a_list_is_fixed_while_somebody_leaves_whom_nobody_has_screened(
    line: Line, at_once: Any
) -> None:
    first, second = line.file(2, accepted=False)
    line.clock.set(at_tehran(MONDAY - timedelta(days=6), "12:00"))
    now = line.clock.now

    def fixed() -> None:
        with line.city.application.store.unit_of_work(now) as uow:
            freeze(uow, DISTRICT, MONDAY, now)

    assert at_once(lambda: second.does(Action.WITHDRAW), fixed) == []
    assert [citizen.stage for citizen in (first, second)] == ["waiting", "withdrawn"]
    assert len(line.entries("freeze")) == 1


def test_lanes_are_given_while_one_who_gets_hers_leaves(
    line: Line, documents: Documents, at_once: Any
) -> None:
    two = line.file(2)
    for citizen in two:
        documents.ask(citizen)
        documents.decide(citizen, "yes", "yes")
    line.clock.set(at_tehran(tehran_day(line.clock.now) + timedelta(days=1), "00:01"))
    now = line.clock.now

    def logged() -> None:
        with line.city.application.store.unit_of_work(now) as uow:
            log_cases(uow, now)

    assert at_once(lambda: two[1].does(Action.WITHDRAW), logged) == []
    assert two[1].stage == "withdrawn"
    assert len(line.entries("lane_granted")) == len(two)


def test_what_is_left_of_a_monday_ends_while_one_of_them_leaves(
    line: Line, at_once: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizens = line.drawn(SEATS)
    for seat in of_seats(line, citizens):
        seat.does(Action.CONFIRM)
    with monkeypatch.context() as nobody_was_read:
        nobody_was_read.setattr(mondays, "_end", lambda *_: 0)
        line.until(MONDAY, "20:00")
    *_, last = of_seats(line, citizens)
    now = line.clock.now

    def ended() -> None:
        with line.city.application.store.unit_of_work(now) as uow:
            mondays.end_leftover_seats(uow, DISTRICT, MONDAY, now)

    assert at_once(lambda: last.does(Action.WITHDRAW), ended) == []
    assert line.held() == {}
