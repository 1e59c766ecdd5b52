"""Races around a draw: freeze and commitment, last value and its hour, two parties."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from support.city import FEW, found
from support.clock import SATURDAY, FixedClock
from support.databases import Templates
from support.line import DRAWN, MONDAY, Line, line_over
from support.together import in_threads
from support.witnesses import Witness, value_of

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.line.ceremony import late_value, reveals
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list

pytestmark = pytest.mark.on_postgresql

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
Two = list[Line]


@pytest.fixture
def two(templates: Templates, tmp_path: Path) -> Iterator[Two]:
    """Two processes over one database on a Saturday, each with a clock of its own."""

    def prepare(url: str) -> None:
        found(url, tmp_path / "template")
        line = line_over(url, tmp_path, FixedClock(SATURDAY))
        line.worker.tick()
        line.file(3)
        line.city.application.store.close()

    url = templates.copy("before_a_ceremony", prepare)
    lines = [line_over(url, tmp_path, FixedClock(SATURDAY)) for _ in range(2)]
    yield lines
    for line in lines:
        line.city.application.store.close()
    templates.drop(url)


def at_once(*does: Callable[[], object]) -> list[str]:
    """Run acts at the same moment; return the refusals."""
    together = threading.Barrier(len(does))
    refused: list[str] = []

    def run(do: Callable[[], object]) -> None:
        together.wait()
        try:
            do()
        except Denied as word:
            refused.append(word.key)

    in_threads(*(partial(run, do) for do in does))
    return refused


def files(line: Line) -> list[dict]:
    return [line.draw(district=number).file for number in FEW]


def test_a_commitment_and_the_freeze_at_once_leave_all_files_alike(two: Two) -> None:
    """It is in all 22 files and the log, or in none; the second act is refused."""
    worker, witness = two
    worker.until(TUESDAY, "11:59")
    worker.clock.set(at_tehran(TUESDAY, "12:00"))
    witness.clock.set(at_tehran(TUESDAY, "11:59"))
    refused = at_once(worker.worker.tick, Witness(witness, "press").commits)
    worker.clock.forward(minutes=1, seconds=1)
    worker.worker.tick()
    parties = {tuple(file["commitments"]) for file in files(worker)}
    logged = [
        entry["party"] for entry in worker.entries("commitment") if entry["monday"] == "1405-09-09"
    ]
    assert parties == {tuple(logged)}
    assert logged == ([CITY] if refused else [CITY, "press"])
    assert refused in ([], ["commitment_late"])
    assert {file.get("pool_root") is not None for file in files(worker)} == {True}
    assert [verify(file) for file in files(worker)] == [()] * len(FEW)
    assert verify_chain(worker.log()) == ()


def test_one_commitment_from_two_places_at_once_is_given_once(two: Two) -> None:
    """The second is like a double tap: done already, and logged once."""
    assert at_once(*(Witness(line, "press").commits for line in two)) == []
    assert len(two[0].entries("commitment")) == 1 + _opened(two[0])


def test_two_commitments_for_one_monday_at_once_leave_one(two: Two) -> None:
    refused = at_once(
        lambda: Witness(two[0], "press").commits(value="1" * 64),
        lambda: Witness(two[1], "press").commits(value="2" * 64),
    )
    assert refused == ["commitment_made"]
    assert len(two[0].entries("commitment")) == 1 + _opened(two[0])


def test_one_commitment_for_two_mondays_at_once_is_used_once(two: Two) -> None:
    """Acts for different Mondays share no lock; the database itself lets only one through."""
    promised = commitment("press", value_of("press", MONDAY))
    refused = at_once(
        lambda: Witness(two[0], "press").commits(promised=promised),
        lambda: Witness(two[1], "press").commits(MONDAY + WEEK, promised=promised),
    )
    assert refused == ["commitment_used"]
    assert len(two[0].entries("commitment")) == 1 + _opened(two[0])
    assert verify_chain(two[0].log()) == ()


def _opened(line: Line) -> int:
    return len({entry["draw"][4:] for entry in line.entries("monday_opened")})


def test_the_last_value_and_the_last_minute_at_once_leave_one_truth(two: Two) -> None:
    """The witness is in all files, or named in the log and in none."""
    worker, other = two
    press = Witness(other, "press")
    press.commits()
    worker.until(TUESDAY, "21:59")
    worker.clock.set(at_tehran(TUESDAY, "22:00"))
    other.clock.set(at_tehran(TUESDAY, "21:59"))
    refused = at_once(worker.worker.tick, press.shows)
    for line in two:
        line.clock.set(at_tehran(TUESDAY, "22:02"))
        line.worker.tick()
    (closed,) = worker.entries("reveals_closed")
    revealed = [entry["party"] for entry in worker.entries("reveal")]
    assert (closed["silent"], revealed) == (
        (["press"], [CITY]) if refused else ([], [CITY, "press"])
    )
    assert closed["revealed"] == revealed
    worker.until(WEDNESDAY, DRAWN)
    assert {tuple(file["reveals"]) for file in files(worker)} == {tuple(revealed)}
    assert [verify(file) for file in files(worker)] == [()] * len(FEW)
    assert len(worker.entries("draw")) == len(FEW)
    assert verify_chain(worker.log()) == ()


def test_two_workers_close_the_reveals_once(two: Two) -> None:
    one, other = two
    Witness(one, "press").commits()
    one.until(TUESDAY, "21:59")
    ten = at_tehran(TUESDAY, "22:00")

    def close(line: Line) -> None:
        with line.city.application.store.unit_of_work(ten) as uow:
            reveals.close_reveals(uow, MONDAY, ten)

    assert at_once(lambda: close(one), lambda: close(other)) == []
    assert [closed["silent"] for closed in one.entries("reveals_closed")] == [["press"]]
    assert verify_chain(one.log()) == ()


def test_two_workers_write_once_which_value_stands(two: Two) -> None:
    one, other = two
    one.until(WEDNESDAY, "19:58")
    one.enter()
    eight = at_tehran(WEDNESDAY, "20:00")

    def stand(line: Line) -> None:
        with line.city.application.store.unit_of_work(eight) as uow:
            late_value.write_standing(uow, MONDAY, eight)

    assert at_once(lambda: stand(one), lambda: stand(other)) == []
    assert len(one.entries("value_stands")) == 1
    assert verify_chain(one.log()) == ()


def test_a_last_word_and_the_end_of_its_hours_at_once_leave_one_truth(two: Two) -> None:
    """The entered value is one of the causes of what stands, or it is refused."""
    worker, other = two
    worker.until(WEDNESDAY, "19:58")
    worker.enter("1")
    worker.clock.set(at_tehran(WEDNESDAY, "20:00"))
    other.clock.set(at_tehran(WEDNESDAY, "19:59"))
    refused = at_once(worker.worker.tick, lambda: other.enter("2"))
    for line in two:
        line.clock.set(at_tehran(WEDNESDAY, "20:02"))
        line.worker.tick()
    (stands,) = worker.entries("value_stands")
    assert stands["value"] == ("1" if refused else "2")
    assert {file["late_value"] for file in files(worker)} == {stands["value"]}
    assert verify_chain(worker.log()) == ()


def test_two_objections_at_once_put_one_list_right(two: Two) -> None:
    """Each sees the list that the other has left; the second list has both requests."""
    one, other = two
    *_, first, second = one.file(4)
    first.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    second.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    one.until(TUESDAY, "12:00")
    assert len(one.draw().file["pool"]) == 5
    for line in two:
        line.clock.set(at_tehran(TUESDAY, "13:00"))
    at_once(
        lambda: one.city.application.execute_as(first.actor, object_to_list, ObjectToList()),
        lambda: other.city.application.execute_as(second.actor, object_to_list, ObjectToList()),
    )
    one.until(TUESDAY, "20:00")
    draw = one.draw()
    assert len(draw.file["pool"]) == 7
    assert verify(draw.file) == ()
    assert [entry["number"] for entry in one.entries("objection")] == [1, 2]
    assert verify_chain(one.log()) == ()
