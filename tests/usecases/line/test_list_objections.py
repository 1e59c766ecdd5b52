"""«I am not in the list»: the log answers, and one tap makes an act in her name void."""

import json
from datetime import date, timedelta

import pytest
from support.each import in_one_city
from support.line import DISTRICT, DRAWN, MONDAY, Citizen, Line
from support.triggers import write

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.rows.city import DrawRow
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.line.objections.why_not_listed import Absence, ObjectionAnswer
from publicmeeting.usecases.rate_limits import RULES, Limit

STRANGERS = RULES[Limit.LIST_STRANGERS].most

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


def objects(line: Line, citizen: Citizen) -> ObjectionAnswer:
    return line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList())


@pytest.fixture
def missing(line: Line) -> Citizen:
    """Tuesday 13:00: a citizen who is out of a list of three by an act in her own name."""
    (missing,) = line.begun(_missing)
    assert missing.request.ticket not in tickets(line)
    return missing


def _missing(line: Line) -> list[Citizen]:
    *_, missing = line.file(4)
    away(missing)
    line.until(TUESDAY, "13:00")
    return [missing]


def away(citizen: Citizen) -> None:
    citizen.does(Action.EXCLUDE, monday=MONDAY.isoformat())


def tickets(line: Line) -> set[str]:
    return {row["ticket"] for row in line.draw().file["pool"]}


def test_who_is_missing_is_in_a_second_list_that_evening_and_the_draw_waits_for_nothing(
    line: Line, missing: Citizen
) -> None:
    first = line.draw().file
    answer = objects(line, missing)
    assert (answer.listed, answer.changed, answer.number) == (False, True, 1)
    assert answer.listed_at == at_tehran(TUESDAY, "20:00")
    assert line.draw().file == first, "one list until its hours are over"
    assert objects(line, missing).changed, "pressed twice"
    write(line, "DELETE FROM log_index WHERE kind = 'objection'")  # what rows say moves nothing
    write(line, "UPDATE draw SET id = 'another' WHERE id = :id", id=first["draw"])
    assert objects(line, missing).changed
    act, objection = line.seqs("monday_excluded"), line.seqs("objection")
    assert line.entries("objection") == [
        {
            "draw": first["draw"],
            "ticket": missing.request.ticket,
            "number": 1,
            "outcome": "changed",
            "because": act,
        }
    ]
    line.until(TUESDAY, "20:00")
    file = line.draw().file
    assert tickets(line) == {row["ticket"] for row in first["pool"]} | {missing.request.ticket}
    assert verify(file) == ()
    second = line.entries("freeze")[-1]
    assert (second["pool_root"], second["because"]) == (file["pool_root"], objection)
    line.until(WEDNESDAY, DRAWN)
    drawn = line.draw()
    assert drawn.drawn_at == line.draw(district=4).drawn_at == at_tehran(WEDNESDAY, DRAWN)
    assert verify(drawn.file) == ()
    assert missing.stage == "invited"
    assert verify_chain(line.log()) == ()
    write(line, "UPDATE draw SET id = :id WHERE id = 'another'", id=first["draw"])


def test_the_second_list_is_public_before_any_value_is_shown(line: Line, missing: Citizen) -> None:
    objects(line, missing)
    line.until(TUESDAY, "20:00")
    kinds = [entry.kind.value for entry in line.log()]
    newest_freeze = max(at for at, kind in enumerate(kinds) if kind == "freeze")
    assert newest_freeze < kinds.index("reveal")


def test_a_right_list_stays_and_the_objection_is_counted(line: Line) -> None:
    line.file(2)
    line.until(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    line.until(TUESDAY, "12:30")
    before = line.draw()
    write(line, "UPDATE log_index SET kind = 'lost' WHERE kind = 'filed'")
    answer = objects(line, late)
    write(line, "UPDATE log_index SET kind = 'filed' WHERE kind = 'lost'")
    assert (answer.listed, answer.changed, answer.absence) == (False, False, "filed_late")
    assert line.draw() == before
    (objection,) = line.entries("objection")
    assert objection["outcome"] == "as_logged"
    assert objection["because"] == line.seqs("filed", late.request.ticket)
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"


def test_a_row_of_the_clock_ends_the_hours_for_nobody(line: Line, missing: Citizen) -> None:
    """A database owner writes «the second list is written»; only the log decides."""
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.clockwork.mark_done(f"second-list/{line.draw().id}", line.clock.now)
    assert objects(line, missing).changed
    line.until(WEDNESDAY, "20:00")
    assert missing.request.ticket in tickets(line)
    assert line.draw().state == "drawn"


def test_who_is_in_the_list_is_told_so_and_it_is_written_once(line: Line) -> None:
    (there,) = line.file(1)
    line.until(TUESDAY, "12:30")
    answer = objects(line, there)
    assert (answer.listed, answer.changed, answer.number) == (True, False, 0)
    assert objects(line, there).listed, "pressed twice"
    (written,) = line.entries("objection")
    frozen = line.seqs("freeze", written["draw"])
    assert (written["outcome"], written["because"]) == ("listed", frozen)


@pytest.mark.on_postgresql
def test_one_objection_for_one_ticket(line: Line) -> None:
    line.begins(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    line.until(TUESDAY, "12:30")
    objects(line, late)
    with pytest.raises(Denied, match="objection_raised"):
        objects(line, late)


def test_what_happened_after_the_freeze_changes_no_list(line: Line) -> None:
    """A citizen who has withdrawn since stays in it, one who came since stays out."""
    leaves, stays = line.file(2)
    (answers,) = line.file(1, accepted=False)
    line.official("desk", answers, Action.ASK_INFO, note="نشانی دقیق را بنویسید.")
    line.until(TUESDAY, "12:30")
    leaves.does(Action.WITHDRAW)
    answers.does(Action.GIVE_INFO, note="کوچهٔ سوم، پلاک هفت.")
    before = line.draw().file
    answer = objects(line, answers)
    assert (answer.listed, answer.changed) == (False, False)
    assert line.draw().file == before
    assert tickets(line) == {leaves.request.ticket, stays.request.ticket}


def test_nobody_but_she_makes_an_act_in_her_name_void(line: Line, missing: Citizen) -> None:
    somebody = Actor(visit="visit of a neighbour")
    command = ObjectToList(ticket=missing.request.ticket)
    answer = line.city.application.execute_as(somebody, object_to_list, command)
    assert (answer.changed, answer.absence) == (False, Absence.MONDAY_OUT)
    assert line.entries("objection")[-1]["outcome"] == "as_logged"
    assert objects(line, missing).changed, "a stranger's question takes nothing from her"
    assert [entry["number"] for entry in line.entries("objection")] == [1, 2]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_withdrawal_undone_after_the_freeze_is_in_the_second_list(
    line: Line, *, accepted: bool
) -> None:
    line.file(1)
    (gone,) = line.file(1, accepted=accepted)
    gone.does(Action.WITHDRAW)
    line.until(TUESDAY, "13:00")
    line.city.application.execute_as(gone.actor, undo_leaving, OneCase(code=gone.code))
    assert gone.stage == "waiting"
    assert line.entries("taken_in") == []
    (objection,) = line.entries("objection")
    act = line.seqs("taken_out", gone.request.ticket)
    assert (objection["outcome"], objection["because"]) == ("changed", act)
    line.until(TUESDAY, "20:00")
    assert gone.request.ticket in tickets(line)
    line.until(WEDNESDAY, DRAWN)
    assert gone.stage == "invited"


def test_a_file_that_was_changed_in_the_database_changes_no_draw(line: Line) -> None:
    """One UPDATE between list and draw: the draw uses the log's list."""
    rival, *_ = line.file(3)
    write(line, "UPDATE draw SET file = :cut", cut='"seats":[]')
    line.until(TUESDAY, "12:30")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        row = uow.session.get(DrawRow, line.draw().id)
        file = json.loads(row.file)
        file["pool"] = [one for one in file["pool"] if one["ticket"] != rival.request.ticket]
        row.file = canonical_json(file)
    assert objects(line, rival).listed
    line.until(WEDNESDAY, DRAWN)
    assert rival.request.ticket in tickets(line)
    assert rival.stage == "invited"
    assert verify(line.draw().file) == ()


def test_who_was_sent_to_this_district_since_is_missing_in_no_list_of_it(line: Line) -> None:
    (sent,) = line.file(1, accepted=False)
    line.official("desk", sent, Action.REDIRECT, district="4", note="این خیابان در منطقهٔ ۴ است.")
    sent.does(Action.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    line.until(MONDAY - 9 * DAY, "23:00")
    line.official("overseer", sent, Action.REDIRECT, district="6", note="حق با شهروند است.")
    line.until(TUESDAY, "12:30")
    before = line.draw()
    assert objects(line, sent).changed is False
    assert line.draw() == before


def test_two_who_were_missing_are_in_one_second_list(line: Line) -> None:
    """It names their objections, and not that of somebody who was in the first one."""
    listed, _, citizen, other = line.file(4)
    away(citizen)
    away(other)
    line.until(TUESDAY, "12:00")
    assert objects(line, citizen).changed
    assert objects(line, listed).listed
    line.until(TUESDAY, "19:59")
    answer = objects(line, other)
    assert (answer.changed, answer.number) == (True, 3)
    line.until(TUESDAY, "20:00")
    assert len(tickets(line)) == 4
    hers, _, the_others = line.seqs("objection")
    assert line.entries("freeze")[-1]["because"] == [hers, the_others]


def test_before_the_freeze_there_is_no_list_to_object_to(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(TUESDAY, "11:59")
    with pytest.raises(Denied, match="objection_closed"):
        objects(line, citizen)


@pytest.mark.parametrize("at", [(TUESDAY, "20:00"), (WEDNESDAY, "20:05")])
def test_after_its_hours_no_list_is_frozen_anew(
    line: Line, missing: Citizen, at: tuple[date, str]
) -> None:
    line.until(*at)
    before = line.draw()
    assert objects(line, missing).changed is False
    assert line.draw() == before
    assert missing.request.ticket not in tickets(line)


def test_a_late_freeze_gives_as_many_hours_and_moves_the_reveals(line: Line) -> None:
    *_, missing = line.file(3)
    away(missing)
    line.until(TUESDAY, "11:00")
    line.sleep_until(TUESDAY, "15:00")
    line.worker.tick()
    line.until(TUESDAY, "22:59")
    assert objects(line, missing).listed_at == at_tehran(TUESDAY, "23:00")
    assert line.entries("reveal") == []
    line.until(TUESDAY, "23:00")
    assert missing.request.ticket in tickets(line)
    assert len(line.entries("reveal")) == 1
    line.until(WEDNESDAY, "00:59")
    assert line.entries("reveals_closed") == []
    line.until(WEDNESDAY, "01:00")
    assert len(line.entries("reveals_closed")) == 1
    line.until(WEDNESDAY, DRAWN)
    assert line.draw().state == "drawn", "the session begins after the reveals were closed"


def test_a_freeze_ten_minutes_late_moves_nothing(line: Line) -> None:
    line.file(1)
    line.until(TUESDAY, "11:00")
    line.sleep_until(TUESDAY, "12:10")
    line.worker.tick()
    line.until(TUESDAY, "20:00")
    assert len(line.entries("reveal")) == 1


@pytest.mark.parametrize("shown", [8, 64])
def test_anybody_may_ask_with_the_ticket_of_a_receipt(
    line: Line, missing: Citizen, shown: int
) -> None:
    typed = missing.request.ticket[:shown].upper()
    command = ObjectToList(ticket=f" {typed} ")
    somebody = Actor(visit="visit of a neighbour")
    assert not line.city.application.execute_as(somebody, object_to_list, command).listed
    assert line.city.application.execute_as(missing.actor, object_to_list, command).changed


def test_strangers_cannot_fill_the_log_with_every_ticket_ever_filed(line: Line) -> None:
    gone = line.file(STRANGERS + 1)
    for citizen in gone:
        citizen.does(Action.WITHDRAW)
    line.until(TUESDAY, "12:30")

    def stranger(number: int) -> ObjectionAnswer:
        command = ObjectToList(ticket=gone[number].request.ticket)
        return line.city.application.execute_as(Actor(visit=f"{number}"), object_to_list, command)

    for number in range(STRANGERS):
        assert not stranger(number).changed
    with pytest.raises(Denied, match="too_many_requests"):
        stranger(STRANGERS)
    assert len(line.entries("objection")) == STRANGERS
    somebody = line.file(1)[0].actor
    command = ObjectToList(ticket=gone[STRANGERS].request.ticket)
    assert (
        line.city.application.execute_as(somebody, object_to_list, command).number == STRANGERS + 1
    )


@in_one_city("typed", ["abc", "0" * 64, "%%%%%%%%", "________"])
def test_a_ticket_nobody_has_is_refused(line: Line, missing: Citizen, typed: str) -> None:
    with pytest.raises(Invalid, match="ticket_unknown"):
        line.city.application.execute_as(missing.actor, object_to_list, ObjectToList(ticket=typed))
    assert line.entries("objection") == []
    assert line.draw().district == DISTRICT
