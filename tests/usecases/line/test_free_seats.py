"""Two citizens take one free seat at the same instant, on every engine."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Line
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.line.offers import TakeFree, take_free

pytestmark = pytest.mark.on_postgresql

WEDNESDAY = MONDAY - timedelta(days=5)


def test_two_who_take_one_free_seat_at_once_get_one_seat(line: Line) -> None:
    line.drawn(2)
    one, other = line.file(2)

    def take(citizen, time: str = "10:30"):
        command = TakeFree(code=citizen.code, time=time)
        return lambda: line.city.application.execute_as(citizen.actor, take_free, command)

    done, refused = together(take(one), take(other))
    assert len(done) == 1
    (word,) = refused
    assert word.key == "seat_taken"
    assert refusal(word.key).endswith(".")
    assert sorted([one.stage, other.stage]) == ["confirmed", "waiting"]
    winner, loser = (one, other) if one.stage == "confirmed" else (other, one)
    assert line.held()["10:30"] == winner.code
    assert [entry["ticket"] for entry in line.entries("taken_free")] == [winner.request.ticket]
    take(loser, "10:45")()
    assert line.held()["10:45"] == loser.code
    assert verify_chain(line.log()) == ()


def test_one_who_presses_twice_has_one_seat(line: Line) -> None:
    line.drawn(1)
    (citizen,) = line.file(1)

    def take(time: str):
        command = TakeFree(code=citizen.code, time=time)
        return lambda: line.city.application.execute_as(citizen.actor, take_free, command)

    done, refused = together(take("10:30"), take("10:45"))
    assert len(done) == 1
    assert refused[0].key in {"seat_taken", "stage_moved", "version_conflict"}
    assert len(line.held()) == 2


def test_the_same_time_pressed_twice_is_taken_once(line: Line) -> None:
    line.drawn(1)
    (citizen,) = line.file(1)
    for time in ("10:30", "10:30", ""):
        command = TakeFree(code=citizen.code, time=time)
        taken = line.city.application.execute_as(citizen.actor, take_free, command)
        assert taken.seat is not None
        assert (taken.seat.time, taken.stage.value) == ("10:30", "confirmed")
    assert len(line.entries("taken_free")) == 1
    command = TakeFree(code=citizen.code, time="10:45")
    with pytest.raises(Denied, match="stage_moved"):
        line.city.application.execute_as(citizen.actor, take_free, command)
