"""After a restore: seats taken back or taken free, officials' presses, and an outage."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.line import MONDAY, Citizen, Line
from support.restored import DAY, accused, live_on, now_at, restored
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.kinds import Kind, TakenIn
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import take_seat_back, undo_leaving
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free

SATURDAY = MONDAY - 2 * DAY
NONE: tuple[int, ...] = ()


def test_a_free_seat_she_took_is_hers(line: Line, tmp_path: Path) -> None:
    people = line.drawn(6)
    (late,) = line.file(1)
    line.until(MONDAY - 4 * DAY, "10:00")
    taking = TakeFree(code=late.code)
    back, found = restored(
        line, tmp_path, lambda: line.city.application.execute_as(late.actor, take_free, taking)
    )
    assert found.in_log_alone == NONE
    assert replace(late, line=back).stage == "confirmed"
    live_on(back, now_at(back, [*people, late]))
    assert accused(back) == []


def test_what_they_answered_to_an_offer_and_want_is_done(line: Line, tmp_path: Path) -> None:
    people = line.drawn(10)
    (late,) = line.file(1)
    for holder in [person for person in people if person.stage == "invited"][:2]:
        holder.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    standby = line.draw().file["standby"]
    accepts, refuses = (one for one in people if one.request.ticket in standby)
    execute = line.city.application.execute_as

    def hours() -> None:
        execute(late.actor, want_free, OneCase(code=late.code))
        accepts.does(Action.CONFIRM)
        refuses.does(Action.GIVE_UP_SEAT)

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone == NONE
    assert [one.stage for one in now_at(back, [accepts, refuses])] == ["confirmed", "waiting"]
    assert accused(back) == []


def test_what_they_took_back_is_theirs_again(line: Line, tmp_path: Path) -> None:
    people = line.drawn(8)
    left, gave_up = [person for person in people if person.stage == "invited"][:2]
    left.does(Action.WITHDRAW)
    gave_up.does(Action.GIVE_UP_SEAT)
    execute = line.city.application.execute_as

    def hours() -> None:
        execute(left.actor, undo_leaving, OneCase(code=left.code))
        execute(gave_up.actor, take_seat_back, OneCase(code=gave_up.code))

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone == NONE
    assert {one.stage for one in now_at(back, [left, gave_up])} == {"invited"}
    live_on(back, now_at(back, people))
    assert accused(back) == []


def test_a_monday_that_was_closed_is_closed(line: Line, tmp_path: Path) -> None:
    people = line.file(9)
    back, found = restored(line, tmp_path, lambda: line.close(MONDAY))
    assert found.in_log_alone == NONE
    with pytest.raises(Denied, match="monday_closed"):
        back.close(MONDAY)
    back.until(MONDAY - 4 * DAY, "12:00")
    assert {citizen.stage for citizen in now_at(back, people)} == {"waiting"}
    assert accused(back) == []


def confirmed_by(line: Line, hour: str) -> list[Citizen]:
    people = line.drawn(9)
    for person in people:
        if person.stage == "invited":
            person.does(Action.CONFIRM)
    line.until(MONDAY, hour)
    return [citizen for citizen in people if citizen.stage == "confirmed"]


def test_reception_and_mayor_press_again_what_the_log_has(line: Line, tmp_path: Path) -> None:
    met = confirmed_by(line, "08:00")[:3]

    def hours() -> None:
        line.until(MONDAY, "09:00")
        for one in met:
            line.meet(one)

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone != NONE
    with back.reading() as uow:
        before = uow.log.head().seq
    for citizen in now_at(back, met):
        back.meet(citizen)
    with back.reading() as uow:
        assert uow.log.head().seq == before
    back.until(MONDAY + DAY, "12:00")
    assert {one.stage for one in now_at(back, met)} == {"closed"}
    assert accused(back) == []


def test_a_desk_presses_a_refusal_again(line: Line, tmp_path: Path) -> None:
    (hers, *_) = line.file(3, accepted=False)
    no = {"reason": "other_body", "note": "کار ما نیست."}
    back, found = restored(
        line, tmp_path, lambda: line.official("desk", hers, Action.DECLINE, **no)
    )
    assert len(found.in_log_alone) == 1
    swap = "UPDATE log_index SET ticket = '-' || ticket WHERE kind = 'taken_out'"
    write(back, swap)
    back.official("desk", replace(hers, line=back), Action.DECLINE, **no)
    write(back, swap.replace("'-' || ticket", "substr(ticket, 2)"))
    assert accused(back) == []


def test_another_press_is_an_entry_of_its_own(line: Line, tmp_path: Path) -> None:
    hers, other, *_ = line.file(3, accepted=False)
    no = {"reason": "other_body", "note": "کار ما نیست."}
    back, _ = restored(line, tmp_path, lambda: line.official("desk", hers, Action.DECLINE, **no))
    with back.reading() as uow:
        before = uow.log.head().seq
    back.official("desk", replace(other, line=back), Action.DECLINE, **no)
    with back.reading() as uow:
        assert uow.log.head().seq == before + 1
    line.expected.add("is submitted, by the log out")


def test_doctor_names_whom_the_log_has_in_the_line_and_no_row(line: Line, tmp_path: Path) -> None:
    (hers, *_) = line.file(3)
    hers.does(Action.WITHDRAW)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        out = uow.log_index.last_seq(hers.request.ticket, Kind.TAKEN_OUT)
        body = {"ticket": hers.request.ticket, "why": TakenIn.UNDONE.value, "because": [out]}
        uow.log.append(Kind.TAKEN_IN, body, line.clock())
    assert any("is withdrawn, by the log in the line" in one for one in accused(line))
    line.expected.add("is withdrawn, by the log in the line")


def test_an_outage_of_the_lost_hours_keeps_their_seats(line: Line, tmp_path: Path) -> None:
    people = line.drawn(9)
    line.until(SATURDAY, "10:00")

    def hours() -> None:
        line.until(SATURDAY, "19:00")
        line.sleep_until(SATURDAY, "21:30")
        line.worker.tick()
        line.until(SATURDAY, "22:30")

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone == NONE
    seated = [citizen for citizen in now_at(back, people) if citizen.request.seat]
    back.until(SATURDAY + DAY, "12:00")
    assert {citizen.stage for citizen in seated} == {"invited"}
    assert accused(back) == []


@pytest.mark.parametrize("away", [False, True])
def test_the_lost_hours_are_no_outage(line: Line, tmp_path: Path, *, away: bool) -> None:
    people = line.drawn(9)
    line.until(SATURDAY, "10:00")
    line.worker.note_running()

    def hours() -> None:
        if away:
            line.until(SATURDAY, "19:00")
            line.sleep_until(SATURDAY, "21:30")
            line.worker.tick()
        line.until(SATURDAY, "22:00")

    back, _ = restored(line, tmp_path, hours)
    back.clock.set(at_tehran(SATURDAY, "22:30"))
    back.worker.note_running()
    back.worker.tick()
    back.until(SATURDAY + DAY, "12:00")
    stage = "invited" if away else "waiting"
    assert stage in {citizen.stage for citizen in now_at(back, people)}
    assert accused(back) == []
