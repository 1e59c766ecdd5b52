"""A free seat goes to who asked for an offer before, not to whoever presses first."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.line import MONDAY, Citizen, Line
from support.restored import accused, restored
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.offers import FreeWant, TakeFree, take_free, want_free
from publicmeeting.usecases.tracking.turn import my_turn

SUNDAY = MONDAY - timedelta(days=1)
SEATS = 8
UNTIL = at_tehran(SUNDAY, "20:00")


def taking(line: Line, citizen: Citizen, time: str = "") -> Request:
    command = TakeFree(code=citizen.code, time=time)
    return line.city.application.execute_as(citizen.actor, take_free, command)


def wanting(line: Line, citizen: Citizen) -> Request:
    return line.city.application.execute_as(citizen.actor, want_free, OneCase(code=citizen.code))


def shown(line: Line, citizen: Citizen) -> FreeWant | None:
    command = OneCase(code=citizen.code)
    return line.city.application.query_as(citizen.actor, my_turn, command).want


def full(line: Line, standbys: int = 0) -> list[Citizen]:
    """Return who holds a seat of a Monday on which none is free, all confirmed."""
    citizens = line.drawn(SEATS + standbys)
    seated = [citizen for citizen in citizens if citizen.stage == "invited"]
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    return seated


def open_to_all(line: Line, holder: Citizen, other: Citizen) -> None:
    """Let one seat be given up that the other takes: from now on whoever presses first has one."""
    holder.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    taking(line, other)


def offered(line: Line) -> list[object]:
    return [entry["ticket"] for entry in line.entries("offered")]


def test_a_broker_gives_a_seat_up_and_his_customer_does_not_get_it_by_pressing(line: Line) -> None:
    seated = full(line)
    first, second, before = line.file(3)
    open_to_all(line, seated.pop(), before)
    wanting(line, second)
    wanting(line, first)
    line.until(SUNDAY, "18:50")
    (customer,) = line.file(1)
    line.until(SUNDAY, "19:00")
    seated[0].does(Action.GIVE_UP_SEAT)
    with pytest.raises(Denied, match="seats_wanted"):
        taking(line, customer)
    line.worker.tick()
    with pytest.raises(Denied, match="seats_wanted"):
        taking(line, customer)
    assert first.stage == "invited", "she filed before the other, although she asked after her"
    assert first.request.due_at == UNTIL
    first.does(Action.GIVE_UP_SEAT)
    with pytest.raises(Denied, match="seats_wanted"):
        taking(line, customer)
    line.worker.tick()
    assert second.stage == "invited"
    second.does(Action.CONFIRM)
    assert customer.stage == "waiting"
    assert [entry["ticket"] for entry in line.entries("taken_free")] == [before.request.ticket]
    assert offered(line) == [first.request.ticket, second.request.ticket]
    assert accused(line) == []


def test_no_mark_can_be_deleted_so_that_nobody_is_offered_what_she_asked_for(line: Line) -> None:
    seated = full(line)
    other, before = line.file(2)
    open_to_all(line, seated.pop(), other)
    wanting(line, before)
    with line.city.application.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM job WHERE name LIKE 'asked/%/wanted'"))
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert before.stage == "invited"


def test_while_a_standby_is_not_asked_nobody_behind_asks_and_the_asked_one_may(line: Line) -> None:
    citizens = line.drawn(SEATS + 1)
    only = next(citizen for citizen in citizens if citizen.stage == "waiting")
    first, *others = (citizen for citizen in citizens if citizen.stage == "invited")
    (newcomer,) = line.file(1)
    for citizen, why in ((newcomer, "not_free_yet"), (only, "not_free_yet")):
        assert shown(line, citizen) is None
        with pytest.raises(Denied, match=why):
            wanting(line, citizen)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    only.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    taking(line, newcomer)
    (later,) = line.file(1)
    for citizen in (later, only):
        wanting(line, citizen)
    others[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert (only.stage, later.stage) == ("invited", "waiting"), "the standby comes first"


def test_a_want_is_used_up_by_its_offer_and_comes_once(line: Line) -> None:
    seated = full(line)
    (citizen,) = line.file(1)
    assert shown(line, citizen) == FreeWant(MONDAY, UNTIL, is_asked=False)
    for _ in range(2):
        wanting(line, citizen)
    assert shown(line, citizen) == FreeWant(MONDAY, UNTIL, is_asked=True)
    assert [entry["ticket"] for entry in line.entries("free_wanted")] == [citizen.request.ticket]
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert citizen.stage == "waiting"
    assert shown(line, citizen) is None
    with pytest.raises(Denied, match="wanted_before"):
        wanting(line, citizen)
    (other,) = line.file(1)
    assert taking(line, other).seat is not None, "nobody in front of her wants it any more"


def test_where_a_seat_is_free_it_is_taken_and_not_asked_for(line: Line) -> None:
    line.drawn(SEATS - 1)
    (citizen,) = line.file(1)
    line.worker.tick()
    assert shown(line, citizen) is None
    with pytest.raises(Denied, match="seat_is_free"):
        wanting(line, citizen)
    assert taking(line, citizen).seat is not None


def test_who_leaves_the_line_is_asked_no_more_and_who_comes_back_is(line: Line) -> None:
    seated = full(line)
    gone, stays = line.file(2)
    for citizen in (gone, stays):
        wanting(line, citizen)
    gone.does(Action.WITHDRAW)
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert (gone.stage, stays.stage) == ("withdrawn", "invited")


def test_nobody_asks_on_a_monday_she_left_out_that_is_closed_or_behind_its_offers(
    line: Line,
) -> None:
    (away,) = line.file(1)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    full(line)
    with pytest.raises(Denied, match="monday_not_hers"):
        wanting(line, away)
    (citizen,) = line.file(1)
    line.until(SUNDAY, "20:00")
    with pytest.raises(Denied, match="want_closed"):
        wanting(line, citizen)
    assert shown(line, citizen) is None


def test_a_want_ends_with_its_monday(line: Line) -> None:
    full(line)
    one, other = line.file(2)
    wanting(line, one)
    assert line.close() == SEATS
    assert shown(line, one) is None
    with pytest.raises(Denied, match="want_closed"):
        wanting(line, other)
    line.worker.tick()
    assert one.stage == "waiting"


def test_nobody_asks_with_anothers_request(line: Line) -> None:
    full(line)
    one, other = line.file(2)
    with pytest.raises(Denied, match="not_found"):
        line.city.application.execute_as(one.actor, want_free, OneCase(code=other.code))


@pytest.mark.on_postgresql
def test_a_seat_given_up_a_want_and_a_press_come_together(line: Line) -> None:
    seated = full(line)
    early, late, before = line.file(3)
    open_to_all(line, seated.pop(), before)
    together(
        lambda: seated[0].does(Action.GIVE_UP_SEAT),
        lambda: wanting(line, early),
        lambda: taking(line, late),
    )
    line.worker.tick()
    kinds = [entry.kind for entry in line.log() if entry.kind != "offered"]
    kinds.reverse()
    if "free_wanted" in kinds and kinds.index("seat_given_up") < kinds.index("free_wanted"):
        assert (early.stage, late.stage) == ("invited", "waiting")
    assert accused(line) == []


@pytest.mark.on_postgresql
def test_a_want_and_the_end_of_its_monday_come_together(line: Line) -> None:
    full(line)
    (citizen,) = line.file(1)
    together(lambda: wanting(line, citizen), line.close)
    line.worker.tick()
    kinds = [entry.kind for entry in line.log()]
    if "free_wanted" in kinds:
        assert kinds.index("free_wanted") < kinds.index("monday_closed")
    assert accused(line) == []


@pytest.mark.on_postgresql
def test_one_who_asks_twice_at_once_has_asked_once(line: Line) -> None:
    full(line)
    (citizen,) = line.file(1)
    together(lambda: wanting(line, citizen), lambda: wanting(line, citizen))
    assert len(line.entries("free_wanted")) == 1


def test_after_a_restore_her_want_stands(line: Line, tmp_path: Path) -> None:
    full(line)
    (citizen,) = line.file(1)
    back, found = restored(line, tmp_path, lambda: wanting(line, citizen))
    assert found.in_log_alone == ()
    assert shown(back, citizen) == FreeWant(MONDAY, UNTIL, is_asked=True)
    assert accused(back) == []
