"""«I was not in the list»: if the log's list has her, the city owes her a seat."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from support.line import MONDAY, Citizen, Line
from support.overlooked import overlooked
from support.triggers import change_past_the_program

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.why_not_listed import Absence, Cure, ObjectionAnswer
from publicmeeting.usecases.public_record.ceremony import OneMonday, ceremony
from publicmeeting.usecases.public_record.open_risks import open_risks

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
NAME = "1405-09-09"


def objects(line: Line, citizen: Citizen, **about: str) -> ObjectionAnswer:
    return line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList(**about))


def outcomes(line: Line) -> list[str]:
    return [entry["outcome"] for entry in line.entries("objection")]


@pytest.fixture
def missing(line: Line) -> Citizen:
    """Tuesday 12:30: a citizen whom the city's program left out of the list."""
    (missing,) = line.begun(_missing)
    with overlooked(line):  # so that a copied city's findings are expected too
        return missing


def _missing(line: Line) -> list[Citizen]:
    *_, missing = line.file(20)
    with overlooked(line, missing):
        line.until(TUESDAY, "12:30")
    return [missing]


@pytest.mark.parametrize("hour", ["12:30", "20:00"])
def test_who_was_missed_is_owed_a_seat_and_the_draw_runs_on_the_list_of_the_log(
    line: Line, missing: Citizen, hour: str
) -> None:
    line.until(TUESDAY, hour)
    before = line.draw()
    answer = objects(line, missing)
    assert (answer.cure, answer.listed, answer.changed) == (Cure.OWED, False, False)
    assert (answer.monday, answer.number, answer.absence) == (MONDAY, 1, None)
    assert (missing.request.debt, missing.stage) == (1, "waiting")
    ticket, draw = missing.request.ticket, before.id
    (objection,) = line.entries("objection")
    assert objection == {
        "draw": draw,
        "ticket": ticket,
        "number": 1,
        "outcome": "wronged",
        "because": line.seqs("freeze", draw),
    }
    assert line.draw() == before
    line.until(WEDNESDAY, "20:00")
    drawn = line.draw().file
    (row,) = [row for row in drawn["pool"] if row["ticket"] == ticket]
    assert row["debt"] == 0, "a debt that comes after a freeze is not in that list"
    assert verify(drawn) == ()
    assert verify_chain(line.log()) == ()


def test_debts_for_a_list_come_first_in_the_next_draw(line: Line) -> None:
    *missing, _ = line.file(12)
    with overlooked(line, *missing):
        line.until(TUESDAY, "12:30")
    for citizen in missing:
        objects(line, citizen)
    line.until(WEDNESDAY, "20:00")
    seated = {one["ticket"] for one in line.draw().file["seated"]}
    owed = {one.request.ticket for one in missing} - seated
    assert owed
    line.until(WEDNESDAY + WEEK, "20:00")
    first = line.draw(MONDAY + WEEK).file["seated"][: len(owed)]
    assert {one["why"] for one in first} == {"debt"}
    assert {one["ticket"] for one in first} <= owed


def test_she_is_told_whoever_asked(line: Line, missing: Citizen) -> None:
    somebody = Actor(visit="visit of a neighbour")
    command = ObjectToList(ticket=missing.request.ticket[:8], monday=NAME)
    assert line.city.application.execute_as(somebody, object_to_list, command).cure is Cure.OWED
    event = missing.request.last(Action.OWE_SEAT)
    assert event is not None
    assert event.payload == {"monday": MONDAY.isoformat()}
    with line.reading() as uow:
        notices = uow.outbox.inbox(missing.actor.person_id)
    assert Action.OWE_SEAT in [notice.action for notice in notices]


@pytest.mark.parametrize("hour", ["12:30", "20:00"])
@pytest.mark.parametrize("about", [{}, {"monday": NAME}])
def test_a_second_time_brings_nothing(
    line: Line, missing: Citizen, hour: str, about: dict[str, str]
) -> None:
    line.until(TUESDAY, hour)
    objects(line, missing)
    written = line.log()
    with pytest.raises(Denied, match="objection_raised"):
        objects(line, missing, **about)
    assert line.log() == written


def test_after_the_draw_she_was_in_it_and_nothing_is_owed(line: Line, missing: Citizen) -> None:
    line.until(WEDNESDAY, "20:00")
    answer = objects(line, missing, monday=NAME)
    assert (answer.listed, answer.late, missing.request.debt) == (True, True, 0)
    assert outcomes(line) == ["listed"]


def test_who_has_left_the_line_is_owed_nothing(line: Line, missing: Citizen) -> None:
    ticket = missing.request.ticket
    missing.does(Action.WITHDRAW)
    with pytest.raises(Denied, match="debt_not_in_line"):
        objects(line, missing, ticket=ticket)
    assert missing.request.debt == 0


def test_a_ticket_that_is_not_hers_owes_her_nothing(line: Line, missing: Citizen) -> None:
    """A citizen who filed too late asks for herself and for the one who was left out."""
    (other,) = line.file(1)
    assert objects(line, other).absence is Absence.FILED_LATE
    objects(line, other, ticket=missing.request.ticket)
    assert (other.request.debt, missing.request.debt) == (0, 1)


def test_who_was_rightly_absent_is_told_why_and_owed_nothing(line: Line) -> None:
    away, lacks = line.file(1)[0], line.file(1, accepted=False)[0]
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.official("desk", lacks, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    line.until(MONDAY - 8 * DAY)
    (late,) = line.drawn(1)
    lacks.does(Action.GIVE_INFO, note="کوچهٔ سوم")
    whys = (Absence.MONDAY_OUT, Absence.INFO_LACKED, Absence.FILED_LATE)
    for citizen, why in zip((away, lacks, late), whys, strict=True):
        answer = objects(line, citizen, monday=NAME)
        assert (answer.absence, answer.cure, answer.late) == (why, None, True)
        with pytest.raises(Denied, match="objection_raised"):
            objects(line, citizen)
        assert citizen.request.debt == 0
    assert outcomes(line) == ["as_logged"] * 3


def test_who_was_in_the_list_is_told_so_and_owed_nothing(line: Line) -> None:
    (there,) = line.drawn(1)
    answer = objects(line, there)
    assert (answer.listed, answer.late, answer.number) == (True, True, 0)
    assert objects(line, there).listed, "pressed twice"
    assert outcomes(line) == ["listed"]
    assert there.request.debt == 0


def test_a_file_that_cannot_be_read_stops_nobody_and_the_log_says_who_was_in_the_list(
    line: Line,
) -> None:
    there, out = line.file(2)
    out.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(WEDNESDAY, "20:00")
    engine, draw = line.city.application.store.engine, line.draw()
    change = "UPDATE draw SET file = :file, id = :name WHERE id = :id"
    change_past_the_program(engine, change, file="{", id=draw.id, name="another")
    assert objects(line, out, monday=NAME).absence is Absence.MONDAY_OUT
    assert objects(line, there).listed
    assert outcomes(line) == ["as_logged", "listed"]
    file = canonical_json(draw.file)
    change_past_the_program(engine, change, file=file, id="another", name=draw.id)


def test_after_eight_weeks_a_list_is_left_alone(line: Line) -> None:
    """A newer list, in which she was, does not answer for the one that she names."""
    (late,) = line.file(1)
    late.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(WEDNESDAY + WEEK, "20:00")
    assert late.stage == "invited"
    last = line.draw().frozen_at + 8 * WEEK
    answer = objects_at(line, late, last)
    assert (answer.absence, answer.monday) == (Absence.MONDAY_OUT, MONDAY)
    with pytest.raises(Denied, match="objection_closed"):
        objects_at(line, late, last + timedelta(seconds=1))


class _BackError(Exception):
    """Rolls back an objection."""


def objects_at(line: Line, citizen: Citizen, now: datetime) -> ObjectionAnswer:
    """Return the answer at a later instant, without simulating the weeks until then."""
    answers = []
    store, command = line.city.application.store, ObjectToList(monday=NAME)
    with suppress(_BackError), store.unit_of_work(line.clock.now) as uow:
        answers.append(object_to_list(uow, citizen.actor, command, now))
        raise _BackError
    return answers[0]


@pytest.mark.parametrize("typed", ["1405-99-99", "1404-01-01"])
def test_a_monday_that_is_none_or_had_no_list(line: Line, missing: Citizen, typed: str) -> None:
    line.until(TUESDAY, "20:00")
    assert objects(line, missing, monday=typed).cure is Cure.OWED


@pytest.mark.on_postgresql
def test_the_cures_are_public_figures(line: Line, missing: Citizen) -> None:
    def figures() -> tuple[int, int]:
        look = line.city.application.query_as
        return (
            look(Actor(), ceremony, OneMonday(monday=NAME)).found_late,
            look(Actor(), open_risks, Nothing()).found_late,
        )

    assert figures() == (0, 0)
    objects(line, missing)
    line.clock.forward(seconds=2)  # the figures are counted once a second
    assert figures() == (1, 1)
