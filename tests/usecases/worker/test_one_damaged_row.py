"""One row that cannot be read any more, as a bad block or half a backup leaves it, stops nobody
else: neither her district nor the city."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, insert, select, update
from support.line import DISTRICT, MONDAY, WEDNESDAY, Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.cases import EventRow, RequestRow

DAY = timedelta(days=1)
TUESDAY = MONDAY - 6 * DAY

Damage = Callable[[Line, Citizen], None]


def words(line: Line, citizen: Citizen) -> None:
    _set(line, citizen, title=b"\0")


def lane(line: Line, citizen: Citizen) -> None:
    _set(line, citizen, lane=b"\0")


def weeks(line: Line, citizen: Citizen) -> None:
    """As no list could carry them."""
    _set(line, citizen, waited=-1)


def history(line: Line, citizen: Citizen) -> None:
    """Something has happened that nobody knows: no step can be taken on this case any more."""
    row = insert(EventRow).values(
        request_id=citizen.request.id,
        action="?",
        role="?",
        to_stage="?",
        payload="{}",
        at=line.clock(),
    )
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(row)


def _set(line: Line, citizen: Citizen, **values: object) -> None:
    which = update(RequestRow).where(col(RequestRow.id) == citizen.request.id)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(which.values(**values))


def key_of(line: Line, ticket: str) -> str:
    with line.reading() as uow:
        found = uow.session.exec(select(RequestRow.id).where(RequestRow.ticket == ticket))
        return str(found.one())


LEFT = {lane: "has lane", weeks: "has waited"}
"""What `doctor` finds of it in the end."""

damages = pytest.mark.parametrize("damage", [words, lane, weeks, history])


def confirmed(line: Line, many: int) -> list[Citizen]:
    """By the time of their seats."""
    citizens = line.drawn(many)
    for one in citizens:
        one.does(Action.CONFIRM)
    return sorted(citizens, key=lambda one: str(one.request.seat and one.request.seat.time))


def at(line: Line, instant: datetime) -> None:
    """The city at an instant: damaged cases cannot be walked through in between."""
    line.clock.set(instant)
    line._print(instant)
    line.worker.run_due()


@pytest.mark.on_postgresql
@damages
def test_a_list_is_fixed_with_everybodys_ticket(line: Line, damage: Damage) -> None:
    """Before: her district's list never, and so nobody's value and no draw in the whole city."""
    broken, *others = line.file(4, accepted=False)
    ticket = broken.request.ticket
    tickets = {ticket, *(one.request.ticket for one in others)}
    line.until(TUESDAY, "11:59")
    damage(line, broken)
    at(line, at_tehran(TUESDAY, "12:00"))
    assert {row["ticket"] for row in line.draw().file["pool"]} == tickets
    assert {one.stage for one in others} == {"waiting"}
    stage = "submitted" if damage is history else "waiting"
    with line.reading() as uow:
        assert uow.requests.stage_of(key_of(line, ticket)) == stage
    at(line, at_tehran(TUESDAY, "20:00"))
    at(line, at_tehran(TUESDAY, "22:00"))
    at(line, at_tehran(WEDNESDAY, "20:00"))
    assert {line.draw(district=district).state for district in (4, DISTRICT)} == {"drawn"}
    assert {one.stage for one in others} == {"invited"}
    with line.reading() as uow:
        held = uow.seats.held(DISTRICT, MONDAY)
    assert key_of(line, ticket) in held.values(), "by the log it is hers"
    if damage in LEFT:
        assert len(line.entries("books_differ")) == 1
        line.expected.add(LEFT[damage])


@pytest.mark.on_postgresql
@damages
def test_a_monday_ends_for_everybody_else(line: Line, damage: Damage) -> None:
    """Before: for nobody of the district, and no later Monday of it either."""
    broken, came, here, away = confirmed(line, 4)
    line.until(MONDAY, "09:00")
    line.meet(came)
    line.official("reception", here, Action.ARRIVE, identity=here.identity)
    damage(line, broken)
    at(line, at_tehran(MONDAY, "23:00"))
    assert (here.stage, here.request.debt, away.stage) == ("waiting", 1, "waiting")
    with line.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        assert day.ended_at is not None
        assert not [one for one in uow.city.first_unended() if one.district == DISTRICT]
    if damage in LEFT:
        line.expected.add(LEFT[damage])


@damages
def test_a_monday_on_which_nobody_was_called_in_is_given_up_for_everybody_else(
    line: Line, damage: Damage
) -> None:
    broken, *others = confirmed(line, 3)
    line.until(MONDAY, "08:00")
    damage(line, broken)
    at(line, at_tehran(MONDAY, "12:00"))
    assert len(line.entries("monday_not_held")) == 1
    assert {(one.stage, one.request.debt) for one in others} == {("waiting", 1)}
    if damage in LEFT:
        line.expected.add(LEFT[damage])


@damages
def test_a_monday_can_be_closed(line: Line, damage: Damage) -> None:
    broken, *others = confirmed(line, 3)
    line.until(MONDAY, "08:00")
    damage(line, broken)
    assert line.close() == (2 if damage is history else 3)
    assert {(one.stage, one.request.debt) for one in others} == {("waiting", 1)}
    if damage in LEFT:
        line.expected.add(LEFT[damage])
