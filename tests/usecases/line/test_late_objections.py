"""«I was not in the list», too late to put it right: the city owes a seat, once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.overlooked import overlooked

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.machine.files import against_log
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.why_not_listed import Absence, Cure, ObjectionAnswer
from publicmeeting.usecases.oversight.books_of_the_line import weeks_match
from publicmeeting.usecases.public_record.ceremony import OneMonday, ceremony
from publicmeeting.usecases.public_record.open_risks import open_risks

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
NAME = "1405-09-09"


def objects(line: Line, citizen: Citizen, **about: str) -> ObjectionAnswer:
    return line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList(**about))


def owed(line: Line) -> list[dict[str, object]]:
    return line.entries("debt")


@pytest.fixture
def missing(line: Line) -> Citizen:
    """Wednesday evening: a draw of many in which one is missing, and no seat is free."""
    (missing,) = line.begun(_missing)
    line.overlooked.add(missing.request.ticket)
    assert line.draw().state == "drawn"
    return missing


def _missing(line: Line) -> list[Citizen]:
    *_, missing = line.file(20)
    with overlooked(line, missing):
        line.until(WEDNESDAY, "20:00")
    return [missing]


def everything_agrees(line: Line) -> bool:
    """As verifiers and doctor see it: every row follows from what the log told before."""
    with line.reading() as uow:
        files = [one.file for one in uow.draws.listed(district=DISTRICT)]
        doctors = [*weeks_match(uow, line.clock.now)]
    entries = [entry.published for entry in line.log()]
    agreed = against_log(files, entries).faults == {}
    return agreed and doctors == [] and verify_chain(line.log()) == ()


def test_who_was_missed_is_owed_a_seat_and_comes_first_in_the_next_draw(
    line: Line, missing: Citizen
) -> None:
    before = line.draw()
    answer = objects(line, missing)
    assert (answer.cure, answer.listed, answer.changed) == (Cure.OWED, False, False)
    assert (answer.monday, answer.number, answer.absence) == (MONDAY, 1, None)
    assert (missing.request.debt, missing.stage) == (1, "waiting")
    ticket, draw = missing.request.ticket, before.id
    assert owed(line) == [{"ticket": ticket, "debt": 1, "draw": draw, "why": "list"}]
    assert line.entries("objection") == [
        {
            "draw": draw,
            "ticket": ticket,
            "number": 1,
            "outcome": "wronged",
            "because": line.seqs("freeze", draw),
        }
    ]
    assert line.draw() == before
    line.until(WEDNESDAY + WEEK, "20:00")
    first = line.draw(MONDAY + WEEK).file["seated"][0]
    assert (first["ticket"], first["why"]) == (ticket, "debt")
    assert everything_agrees(line)


def test_she_is_told_whoever_asked(line: Line, missing: Citizen) -> None:
    somebody = Actor(visit="visit of a neighbour")
    command = ObjectToList(ticket=missing.request.ticket[:8], monday=NAME)
    assert line.city.application.execute_as(somebody, object_to_list, command).cure is Cure.OWED
    event = missing.request.last(Action.OWE_SEAT)
    assert event is not None
    assert event.payload == {"monday": MONDAY.isoformat()}
    with line.reading() as uow:
        notices = uow.outbox.inbox(missing.actor.person_id)
    assert Action.OWE_SEAT in [one.action for one in notices]


@pytest.mark.on_postgresql
def test_between_the_hours_and_the_draw_the_list_stays_and_the_seat_is_owed(line: Line) -> None:
    *_, missing = line.file(3)
    with overlooked(line, missing):
        line.until(TUESDAY, "20:00")
    before = line.draw()
    assert objects(line, missing).cure is Cure.OWED
    assert line.draw() == before
    line.until(WEDNESDAY + WEEK, "20:00")
    assert everything_agrees(line)


def test_a_debt_that_comes_after_a_freeze_is_not_in_that_list(line: Line) -> None:
    """Owed for an old list while the new one, without her too, can still be put right."""
    *_, missing = line.file(40)
    with overlooked(line, missing):
        line.until(TUESDAY + WEEK, "12:30")
    assert objects(line, missing, monday=NAME).cure is Cure.OWED
    assert objects(line, missing).changed
    line.until(TUESDAY + WEEK, "20:00")
    (row,) = [
        row
        for row in line.draw(MONDAY + WEEK).file["pool"]
        if row["ticket"] == missing.request.ticket
    ]
    assert (row["debt"], missing.request.debt) == (0, 1)
    line.until(MONDAY + WEEK - 3 * DAY, "20:00")
    assert line.draw(MONDAY + WEEK).state == "drawn"
    assert everything_agrees(line)


@pytest.mark.parametrize("about", [{}, {"monday": NAME}])
def test_a_second_time_brings_nothing(line: Line, missing: Citizen, about: dict[str, str]) -> None:
    objects(line, missing)
    told = line.log()
    with pytest.raises(Denied, match="objection_given"):
        objects(line, missing, **about)
    assert line.log() == told


def test_two_faults_are_cured_by_one_debt_and_none_is_kept_for_later(line: Line) -> None:
    *_, missing = line.file(40)
    with overlooked(line, missing):
        line.until(WEDNESDAY + WEEK, "20:00")
    answer = objects(line, missing, monday=NAME)
    assert (answer.cure, answer.monday) == (Cure.OWED, MONDAY + WEEK)
    assert [one["outcome"] for one in line.entries("objection")] == ["wronged", "wronged"]
    assert len(owed(line)) == 1
    line.until(WEDNESDAY + 2 * WEEK, "20:00")
    missing.does(Action.GIVE_UP_SEAT)
    missing_again = [{}, {"monday": NAME}, {"monday": "1405-09-16"}]
    for about in missing_again:
        with pytest.raises(Denied, match="objection_given"):
            objects(line, missing, **about)


def test_a_debt_that_stands_already_stays_one(line: Line) -> None:
    *_, missing = line.file(40)
    with overlooked(line, missing):
        line.until(WEDNESDAY, "20:00")
    objects(line, missing)
    with overlooked(line, missing):
        line.until(WEDNESDAY + WEEK, "20:00")
    answer = objects(line, missing)
    assert (answer.cure, answer.monday) == (Cure.OWED_BEFORE, MONDAY + WEEK)
    assert (missing.request.debt, len(owed(line))) == (1, 1)
    assert missing.request.count(Action.OWE_SEAT) == 1


def test_a_ticket_that_is_not_hers_owes_her_nothing(line: Line, missing: Citizen) -> None:
    """Somebody who was in the list asks for herself, and for the one who was not."""
    line.until(MONDAY - 4 * DAY)
    (other,) = line.file(1)
    assert objects(line, other).absence is Absence.FILED_LATE
    objects(line, other, ticket=missing.request.ticket)
    assert (other.request.debt, missing.request.debt) == (0, 1)


def test_who_was_rightly_absent_is_told_why_and_owed_nothing(line: Line) -> None:
    away, lacks = line.file(1)[0], line.file(1, accepted=False)[0]
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.official("desk", lacks, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    line.until(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    line.until(WEDNESDAY, "20:00")
    lacks.does(Action.GIVE_INFO, note="کوچهٔ سوم")
    whys = (Absence.MONDAY_OUT, Absence.INFO_LACKED, Absence.FILED_LATE)
    for one, why in zip((away, lacks, late), whys, strict=True):
        answer = objects(line, one, monday=NAME)
        assert (answer.absence, answer.cure, answer.late) == (why, None, True)
        with pytest.raises(Denied, match="objection_given"):
            objects(line, one)
    assert owed(line) == []
    assert [one["outcome"] for one in line.entries("objection")] == ["as_logged"] * 3


def test_who_was_in_the_list_is_told_so_and_owed_nothing(line: Line) -> None:
    (there,) = line.file(1)
    line.until(WEDNESDAY, "20:00")
    answer = objects(line, there)
    assert (answer.listed, answer.late, answer.number) == (True, True, 0)
    assert objects(line, there).listed, "pressed twice"
    assert [one["outcome"] for one in line.entries("objection")] == ["listed"]
    assert owed(line) == []


def withdrawn(line: Line, citizen: Citizen) -> None:
    del line
    citizen.does(Action.WITHDRAW)


def seated(line: Line, citizen: Citizen) -> None:
    line.until(WEDNESDAY + WEEK, "20:00")
    assert citizen.stage == "invited"


@pytest.mark.parametrize("meanwhile", [withdrawn, seated])
def test_who_has_left_the_line_is_owed_nothing(
    line: Line, meanwhile: Callable[[Line, Citizen], None]
) -> None:
    *_, missing = line.file(3)
    with overlooked(line, missing):
        line.until(WEDNESDAY, "20:00")
    ticket = missing.request.ticket
    meanwhile(line, missing)
    with pytest.raises(Denied):
        objects(line, missing, ticket=ticket)
    assert (missing.request.debt, owed(line)) == (0, [])


def test_a_seat_given_since_has_cured_the_fault(line: Line) -> None:
    *_, missing = line.file(3)
    with overlooked(line, missing):
        line.until(WEDNESDAY, "20:00")
    seated(line, missing)
    for _ in range(2):
        with pytest.raises(Denied, match="seat_since"):
            objects(line, missing, monday=NAME)
        missing.does(Action.GIVE_UP_SEAT if missing.stage == "invited" else Action.WITHDRAW)
    assert (missing.request.debt, owed(line)) == (0, [])


def test_what_she_was_before_she_was_sent_to_this_district_is_no_fault_of_its_lists(
    line: Line,
) -> None:
    (sent,) = line.file(1, accepted=False)
    line.file(1)
    with overlooked(line, sent):
        line.until(WEDNESDAY, "20:00")
    line.official("desk", sent, Action.REDIRECT, district="4", note="این خیابان در منطقهٔ ۴ است.")
    answer = objects(line, sent)
    assert (answer.district, answer.absence, answer.cure) == (4, Absence.NOT_IN_LINE, None)
    assert owed(line) == []


def test_after_eight_weeks_a_list_is_left_alone(line: Line) -> None:
    *_, missing = line.file(2)
    with overlooked(line, missing):
        line.until(WEDNESDAY, "20:00")
    for week in range(1, 11):
        missing.does(Action.EXCLUDE, monday=(MONDAY + week * WEEK).isoformat())
        line.until(WEDNESDAY + week * WEEK, "20:00")
    assert objects(line, missing).absence is Absence.MONDAY_OUT
    assert owed(line) == []


@pytest.mark.parametrize("typed", ["1405-99-99", "x", "1404-01-01"])
def test_a_monday_that_is_none_or_had_no_list(line: Line, missing: Citizen, typed: str) -> None:
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
    assert figures() == (1, 1)
