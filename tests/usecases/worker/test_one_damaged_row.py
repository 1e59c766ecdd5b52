"""Unreadable rows, of a bad block or a partial restore, stop no other work of the clock."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update
from support.city import SEATS as TIMES
from support.damage import facts, history, lane, person, weeks, words
from support.documents import Documents
from support.line import DISTRICT, MONDAY, WEDNESDAY, Citizen, Line

from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import Monday, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.database.rows.cases import LaneAskRow, RequestRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.estimate import DayLine
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.line import drawing, mondays, offers
from publicmeeting.usecases.meetings.coming import reminders
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present
from publicmeeting.worker.jobs import find_jobs

DAY = timedelta(days=1)
SEATS = len(TIMES)
TUESDAY = MONDAY - 6 * DAY


def ticket_of(line: Line, citizen: Citizen) -> str:
    with line.reading() as uow:
        found = uow.session.exec(select(RequestRow.ticket).where(RequestRow.code == citizen.code))
        return str(found.one())


def key_of(line: Line, ticket: str) -> str:
    with line.reading() as uow:
        found = uow.session.exec(select(RequestRow.id).where(RequestRow.ticket == ticket))
        return str(found.one())


DAMAGES = (words, lane, weeks, history, facts)


def damage(line: Line, citizens: Sequence[Citizen]) -> None:
    """Damage each of five cases in another way; `doctor` finds two of them at the end."""
    for one, citizen in zip(DAMAGES, citizens, strict=True):
        one(line, citizen)
    line.expected.update({"has lane", "has waited"})


def confirmed(line: Line, many: int) -> list[Citizen]:
    """Return confirmed citizens by the time of their seats."""
    citizens = line.drawn(many)
    for citizen in citizens:
        citizen.does(Action.CONFIRM)
    return sorted(citizens, key=lambda one: str(one.request.seat and one.request.seat.time))


def at(line: Line, instant: datetime) -> None:
    """Move the city to an instant; damaged cases cannot be walked through the time between."""
    line.clock.set(instant)
    line._print(instant)
    line.worker.run_due()


@pytest.mark.on_postgresql
def test_a_list_is_fixed_with_everybodys_ticket(line: Line) -> None:
    """Otherwise the district's list, the late value and every draw of the city would stop."""
    *broken, one, other = line.file(7, accepted=False)
    damaged = [citizen.request.ticket for citizen in broken]
    tickets = {*damaged, one.request.ticket, other.request.ticket}
    line.until(TUESDAY, "11:59")
    damage(line, broken)
    at(line, at_tehran(TUESDAY, "12:00"))
    assert {row["ticket"] for row in line.draw().file["pool"]} == tickets
    assert (one.stage, other.stage) == ("waiting", "waiting")
    keys = {key_of(line, ticket) for ticket in damaged}
    with line.reading() as uow:
        assert {uow.requests.stage_of(key) for key in keys} == {"waiting"}
    at(line, at_tehran(TUESDAY, "20:00"))
    at(line, at_tehran(TUESDAY, "22:00"))
    at(line, at_tehran(WEDNESDAY, "20:00"))
    assert {line.draw(district=district).state for district in (4, DISTRICT)} == {"drawn"}
    assert (one.stage, other.stage) == ("invited", "invited")
    with line.reading() as uow:
        held = uow.seats.held(DISTRICT, MONDAY)
    assert keys < {*held.values()}, "by the log they are theirs"
    assert len(line.entries("books_differ")) == 1


@pytest.mark.on_postgresql
def test_a_monday_ends_for_everybody_else(line: Line) -> None:
    """Otherwise it would end for nobody of the district, nor would a later Monday."""
    came, *broken, here, away = confirmed(line, SEATS)
    line.until(MONDAY, "09:00")
    line.meet(came)
    line.official("reception", here, Action.ARRIVE, identity=here.identity)
    damage(line, broken)
    at(line, at_tehran(MONDAY, "23:00"))
    assert (here.stage, here.request.debt, away.stage) == ("waiting", 1, "waiting")
    with line.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        assert day.has_ended
        assert not [one for one in uow.city.first_unended() if one.district == DISTRICT]


def test_a_monday_on_which_nobody_was_called_in_is_given_up_for_everybody_else(
    line: Line,
) -> None:
    *broken, one, other = confirmed(line, 7)
    line.until(MONDAY, "08:00")
    damage(line, broken)
    at(line, at_tehran(MONDAY, "12:00"))
    assert len(line.entries("monday_not_held")) == 1
    for citizen in (one, other):
        assert (citizen.stage, citizen.request.debt) == ("waiting", 1)


def test_a_monday_can_be_closed(line: Line) -> None:
    *broken, one, other = confirmed(line, 7)
    line.until(MONDAY, "08:00")
    damage(line, broken)
    assert line.close() == 7
    for citizen in (one, other):
        assert (citizen.stage, citizen.request.debt) == ("waiting", 1)


def notices(line: Line, citizen: Citizen, action: str) -> int:
    with line.reading() as uow:
        found = uow.outbox.of_request(key_of(line, ticket_of(line, citizen)), "citizen")
    return sum(one.action == action for one in found)


def test_a_late_monday_is_told_to_everybody_else_and_a_fault_rests(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise nobody of the district would be notified, and the clock would retry each second."""
    *broken, one, other = guests = confirmed(line, 7)
    line.until(MONDAY, "09:00")
    for guest in guests:
        line.official("reception", guest, Action.ARRIVE, identity=guest.identity)
    damage(line, broken)
    line.clock.set(at_tehran(MONDAY, "09:25"))
    for _ in range(30):
        line.clock.forward(seconds=1)
        line.worker.run_due()
    assert [notices(line, citizen, "lateness") for citizen in (one, other)] == [1, 1]
    left = [message for message in caplog.messages if "left as it was" in message]
    assert len(left) <= 2 * len(broken)
    assert len(line.worker._backing_off) <= 1


def test_a_fault_in_one_district_hides_no_other(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for citizen in confirmed(line, 2):
        line.until(MONDAY, "08:50") if line.clock.now < at_tehran(MONDAY, "08:50") else None
        line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    real = reminders.day_line

    def broken(uow: UnitOfWork, day: Monday, now: datetime) -> DayLine | None:
        if day.district < DISTRICT:
            raise ValueError(day.district)
        return real(uow, day, now)

    monkeypatch.setattr(reminders, "day_line", broken)
    with line.reading() as uow:
        found, faults = find_jobs(uow, line.clock.now, line.clock.now)
        elsewhere = {day.district for day in uow.city.mondays(on=MONDAY)}
    assert f"late/{MONDAY}/{DISTRICT:02d}" in {job.name for job in found}
    assert set(faults) == {f"lateness in district {n}" for n in elsewhere if n < DISTRICT}
    assert faults


def assert_seated(line: Line, ticket: str, stage: str) -> None:
    """Check stage and seat by the log and the seats; her case may have taken no step."""
    key = key_of(line, ticket)
    with line.reading() as uow:
        assert key in uow.seats.held(DISTRICT, MONDAY).values()
        assert uow.requests.stage_of(key) == stage


@pytest.mark.on_postgresql
def test_a_free_seat_is_offered_to_whoever_can_be_asked(line: Line) -> None:
    seated, standbys = of_the_draw(line, line.drawn(SEATS + 6))
    *broken, other = standbys
    tickets = [citizen.request.ticket for citizen in broken]
    damage(line, broken)
    for citizen in seated[:5]:
        citizen.does(Action.GIVE_UP_SEAT)
    at(line, at_tehran(WEDNESDAY + DAY, "08:00"))
    for ticket in tickets:
        assert_seated(line, ticket, "invited")
    seated[5].does(Action.GIVE_UP_SEAT)
    line.clock.forward(minutes=1)
    line.worker.run_due()
    assert other.stage == "invited"


def of_the_draw(line: Line, citizens: list[Citizen]) -> tuple[list[Citizen], list[Citizen]]:
    """Return whom the draw has seated, and the standbys in their order."""
    by_ticket = {citizen.request.ticket: citizen for citizen in citizens}
    file = line.draw().file
    seated = [by_ticket[seat["ticket"]] for seat in file["seated"]]
    return seated, [by_ticket[ticket] for ticket in file["standby"]]


def standbys_are_there(line: Line) -> list[Citizen]:
    """Return all seated and six standbys on Monday at 8:20: confirmed, and all come."""
    seated, standbys = of_the_draw(line, line.drawn(SEATS + 6))
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:20")
    for citizen in standbys:
        standby = Standby(code=citizen.code, identity=citizen.identity)
        line.city.application.execute_as(line.city.as_("reception"), note_present, standby)
    return [*seated, *standbys]


def test_a_free_seat_goes_to_a_standby_who_can_be_seated(line: Line) -> None:
    people = line.begun(standbys_are_there)
    seated, (*broken, other) = people[:SEATS], people[SEATS:]
    tickets = [citizen.request.ticket for citizen in broken]
    damage(line, broken)
    for citizen in seated[:6]:
        citizen.does(Action.GIVE_UP_SEAT)
    at(line, at_tehran(MONDAY, "10:20"))
    for ticket in tickets:
        assert_seated(line, ticket, "confirmed")
    assert other.stage == "confirmed"


def test_another_officer_is_found_for_everybody_else(line: Line, documents: Documents) -> None:
    """Otherwise one unreadable case would leave all asks of the city without new judges."""
    *broken, other = line.file(6, accepted=False)
    for citizen in (*broken, other):
        documents.ask(citizen)
    (gone, *_), before = open_judges(other), open_judges(other)
    damage(line, broken)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.accounts.dismiss(gone)
    line.clock.forward(minutes=1)
    line.worker.run_due()
    assert gone not in open_judges(other) != before


def test_what_was_judged_of_everybody_else_comes_into_the_log(
    line: Line, documents: Documents
) -> None:
    *broken, other = line.file(6)
    for citizen in (*broken, other):
        documents.ask(citizen)
        documents.decide(citizen, "yes", "yes")
    tickets = [citizen.request.ticket for citizen in (*broken, other)]
    damage(line, broken)
    at(line, at_tehran(tehran_day(line.clock.now) + DAY))
    assert sorted(entry["ticket"] for entry in line.entries("lane_granted")) == sorted(tickets)
    line.expected.remove("has lane")


def open_judges(citizen: Citizen) -> tuple[str, ...]:
    ask = open_lane_ask(citizen.request)
    assert ask is not None
    return tuple(ask.judges)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Callable[[Citizen], str]:
    """Lets everything that the clock does with her case fail halfway; returns its id."""

    def make(citizen: Citizen) -> str:
        key = citizen.request.id

        def takes(uow: UnitOfWork, request: Request, *which: Any, **how: Any) -> None:
            clock_takes(uow, request, *which, **how)
            if request.id == key:
                raise ValueError(key)

        for module in (drawing, mondays, offers):
            monkeypatch.setattr(module, "clock_takes", takes)
        return key

    return make


Stuck = Callable[[Citizen], str]


@pytest.mark.on_postgresql
def test_a_case_that_can_take_no_step_keeps_its_place_and_its_drawn_seat(
    line: Line, stuck: Stuck
) -> None:
    broken, *others = line.file(4, accepted=False)
    line.until(TUESDAY, "11:59")
    key = stuck(broken)
    line.until(WEDNESDAY, "20:00")
    assert broken.request.ticket in {row["ticket"] for row in line.draw().file["pool"]}
    assert (broken.stage, {citizen.stage for citizen in others}) == ("submitted", {"invited"})
    with line.reading() as uow:
        assert key in uow.seats.held(DISTRICT, MONDAY).values()


@pytest.mark.on_postgresql
def test_nor_does_it_keep_a_monday_open(line: Line, stuck: Stuck) -> None:
    broken, away = confirmed(line, 2)
    here, *_ = line.file(1)
    line.until(MONDAY, "09:00")
    stuck(broken)
    at(line, at_tehran(MONDAY, "23:00"))
    assert (broken.stage, away.stage, here.stage) == ("confirmed", "waiting", "waiting")
    assert not line.seqs("not_received", broken.request.ticket), "undone with its entry"
    assert line.seqs("not_received", away.request.ticket)
    with line.reading() as uow:
        assert not [one for one in uow.city.first_unended() if one.district == DISTRICT]


@pytest.mark.on_postgresql(rows=(1, 2))
@pytest.mark.parametrize("end", ["held", "not held", "closed"])
def test_and_is_ended_once_it_can_be(
    line: Line, stuck: Stuck, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Otherwise her seat would stay hers for ever, and she would be in no later list."""
    broken, came, away = confirmed(line, 3)
    line.until(MONDAY, "08:00")
    if end == "held":
        line.until(MONDAY, "09:00")
        line.meet(came)
    stuck(broken)
    if end == "closed":
        line.close()
    at(line, at_tehran(MONDAY, "23:00"))
    assert (broken.stage, away.stage) == ("confirmed", "waiting")
    at(line, at_tehran(MONDAY + DAY, "00:30"))
    assert broken.stage == "confirmed", "it is tried, and fails again"
    monkeypatch.undo()
    at(line, at_tehran(MONDAY + DAY, "01:00"))
    assert broken.stage == "confirmed", "once an hour"
    at(line, at_tehran(MONDAY + DAY, "01:31"))
    assert (broken.stage, broken.request.debt) == ("waiting", away.request.debt)
    with line.reading() as uow:
        assert not uow.seats.held(DISTRICT, MONDAY)
        assert not uow.seats.left(MONDAY + DAY)


@pytest.mark.on_postgresql
def test_nor_a_free_seat_from_the_next_one(line: Line, stuck: Stuck) -> None:
    seated, (first, second) = of_the_draw(line, line.drawn(SEATS + 2))
    key = stuck(first)
    for citizen in seated[:2]:
        citizen.does(Action.GIVE_UP_SEAT)
    at(line, at_tehran(WEDNESDAY + DAY, "08:00"))
    with line.reading() as uow:
        assert key in uow.seats.held(DISTRICT, MONDAY).values(), "by the log it is offered to her"
    assert (first.stage, second.stage) == ("waiting", "invited")
    assert len(line.seqs("offered", first.request.ticket)) == 1


def test_nor_on_the_day_from_the_next_who_is_there(line: Line, stuck: Stuck) -> None:
    people = line.begun(standbys_are_there)
    seated, (first, second, *_) = people[:SEATS], people[SEATS:]
    key = stuck(first)
    for citizen in seated[:2]:
        citizen.does(Action.GIVE_UP_SEAT)
    at(line, at_tehran(MONDAY, "10:20"))
    with line.reading() as uow:
        assert key in uow.seats.held(DISTRICT, MONDAY).values(), "by the log she stands in"
    assert (first.stage, second.stage) == ("waiting", "confirmed")
    assert len(line.seqs("stood_in", first.request.ticket)) == 1


def official(line: Line, username: str) -> None:
    """Damage an account of the desk: give it an unknown role."""
    account = select(AccountRow.id).where(AccountRow.username == username).scalar_subquery()
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        connection = uow.session.connection()
        connection.execute(
            update(AccountRow).where(col(AccountRow.username) == username).values(mobile=b"\0")
        )
        connection.execute(
            update(GrantRow).where(col(GrantRow.account_id) == account).values(role="?")
        )


@pytest.mark.on_postgresql
def test_a_whole_week_goes_on_around_three_damaged_cases_and_an_official(
    line: Line, documents: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    """From filing to the end of the Monday; `until` fails if the clock cannot search for work."""
    *broken, comes, stays, gives_up = line.file(6, accepted=False)
    for citizen in (*broken, comes):
        documents.ask(citizen)
    tickets = [one.request.ticket for one in broken]
    official(line, "second_desk")
    for one, citizen in zip((words, history, person), broken, strict=True):
        one(line, citizen)
    line.expected.add("cannot be compared with its ticket")
    line.until(WEDNESDAY, "20:00")
    stages = {key_of(line, ticket): "invited" for ticket in tickets}
    with line.reading() as uow:
        assert {key: uow.requests.stage_of(key) for key in stages} == stages
    for citizen in (comes, stays, gives_up):
        citizen.does(Action.CONFIRM)
    gives_up.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:00")
    with line.reading() as uow:
        assert {uow.requests.stage_of(key) for key in stages} == {"waiting"}, "by silence"
    line.meet(comes)
    line.until(MONDAY + DAY)
    assert (comes.stage, stays.stage, gives_up.stage) == ("closed", "waiting", "waiting")
    assert not line.worker._backing_off
    wrong = ("left as it was", "the clock could not")
    assert not [message for message in caplog.messages if message.startswith(wrong)]


def test_who_was_forgotten_in_the_room_does_not_keep_the_next_list_from_being_fixed(
    line: Line,
) -> None:
    inside, *_ = confirmed(line, 2)
    line.until(MONDAY, "09:00")
    line.official("reception", inside, Action.ARRIVE, identity=inside.identity)
    line.official("mayor", inside, Action.CALL_IN)
    ticket = inside.request.ticket
    words(line, inside)
    at(line, at_tehran(MONDAY, "23:00"))
    at(line, at_tehran(MONDAY + DAY, "12:00"))
    file = line.draw(MONDAY + 7 * DAY).file
    assert {row["ticket"]: row["debt"] for row in file["pool"]}[ticket] == 1


def test_the_mayor_calls_in_whoever_has_come(line: Line) -> None:
    *broken, here = confirmed(line, 6)
    line.until(MONDAY, "09:00")
    line.official("reception", here, Action.ARRIVE, identity=here.identity)
    damage(line, broken)
    assert line.official("mayor", here, Action.CALL_IN).stage == "in_room"


def test_a_list_of_cases_shows_all_the_others(line: Line) -> None:
    broken, other = line.file(2, accepted=False)
    words(line, broken)
    with line.reading() as uow:
        lines = uow.lists.requests(Filter(districts=frozenset({DISTRICT})), limit=10)
    assert {one.code: bool(one.title) for one in lines} == {broken.code: False, other.code: True}


def test_an_ask_whose_lane_nobody_can_read_stays_out_of_the_log_alone(
    line: Line, documents: Documents
) -> None:
    broken, other = line.file(2)
    for citizen in (broken, other):
        documents.ask(citizen)
        documents.decide(citizen, "yes", "yes")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        row = update(LaneAskRow).where(col(LaneAskRow.request_id) == broken.request.id)
        uow.session.connection().execute(row.values(lane=b"\0"))
    at(line, at_tehran(tehran_day(line.clock.now) + DAY))
    assert [entry["ticket"] for entry in line.entries("lane_granted")] == [other.request.ticket]
    assert len(line.entries("lane_asked")) == 1
    assert len(line.entries("lane_judged")) == 2
