"""A citizen undoes by one tap a leaving that she did not mean or did not do."""

from datetime import date, timedelta

import pytest
from support.line import DISTRICT, MATTER, MONDAY, Citizen, Line
from support.together import refusal, together
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Filing, Request
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.estimate import day_line
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.line.objections.undoing import take_seat_back, undo_leaving
from publicmeeting.usecases.oversight.books import tables_follow
from publicmeeting.usecases.public_record.open_risks import district_risks

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
NOTE = "این کار را خودمان درست کردیم."


def undo(line: Line, citizen: Citizen, actor: Actor | None = None) -> Request:
    application = line.city.application
    return application.execute_as(actor or citizen.actor, undo_leaving, OneCase(code=citizen.code))


def test_she_stands_where_she_stood_with_her_weeks(line: Line) -> None:
    citizens = line.drawn(10)
    citizen = next(one for one in citizens if one.stage == "waiting")
    before = citizen.request
    citizen.does(Action.WITHDRAW, note=NOTE)
    after = undo(line, citizen)
    assert (after.stage, after.ticket) == (Stage.WAITING, before.ticket)
    assert (after.waited, after.debt, after.lane) == (before.waited, before.debt, before.lane)
    (out,), (back,) = line.entries("taken_out"), line.entries("taken_in")
    assert (out["why"], out["officer"], back["why"]) == ("withdrawn", "", "undone")
    assert line.log()[back["because"][0] - 1].body == out
    assert not wrong_keys(Kind.TAKEN_OUT, out)
    assert not wrong_keys(Kind.TAKEN_IN, back)
    line.until(TUESDAY + WEEK, "12:00")
    rows = {row["ticket"]: row for row in line.draw(MONDAY + WEEK).file["pool"]}
    assert rows[citizen.request.ticket]["waited"] == before.waited


def test_who_was_not_screened_yet_is_before_the_desk_again(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    citizen.does(Action.WITHDRAW)
    after = undo(line, citizen)
    assert after.stage is Stage.SUBMITTED
    assert after.due_at is not None
    line.official("desk", citizen, Action.ACCEPT)


def test_an_accepted_answer_is_undone_too(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.ANSWER, note="پیش‌تر انجام شده است.")
    citizen.does(Action.ACCEPT_ANSWER)
    assert citizen.stage == "closed"
    assert undo(line, citizen).stage is Stage.SUBMITTED
    assert [body["why"] for body in line.entries("taken_out")] == ["answered", "accepted"]


def test_twice_is_refused_and_nothing_is_written_twice(line: Line) -> None:
    (citizen,) = line.file(1)
    citizen.does(Action.WITHDRAW)
    undo(line, citizen)
    word = refusal(lambda: undo(line, citizen))
    assert (word.key, word.facts["already"]) == ("stage_moved", "undo")
    assert len(line.entries("taken_in")) == 1
    citizen.does(Action.WITHDRAW)
    assert undo(line, citizen).stage is Stage.WAITING, "each leaving can be undone"


def test_until_the_next_list_can_no_longer_be_changed(line: Line) -> None:
    first, second = line.file(2)
    for citizen in (first, second):
        citizen.does(Action.WITHDRAW)
    line.until(TUESDAY, "20:00")
    undo(line, first)
    line.until(TUESDAY, "20:01")
    with pytest.raises(Denied, match="undo_late"):
        undo(line, second)


def test_not_somebody_elses_nor_beside_another_request(line: Line) -> None:
    citizen, other = line.file(2)
    citizen.does(Action.WITHDRAW)
    assert refusal(lambda: undo(line, citizen, other.actor)).key == "not_found"
    assert refusal(lambda: undo(line, citizen, line.city.as_("desk"))).key == "not_your_role"
    assert refusal(lambda: undo(line, other)).key == "stage_moved"
    _file_again(line, citizen)
    assert refusal(lambda: undo(line, citizen)).key == "one_live_request"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("cell", ["freed_by = NULL", "state = 'lapsed'", "ended_at = NULL"])
def test_no_row_of_her_seat_keeps_it_from_whoever_undoes_her_leaving(line: Line, cell: str) -> None:
    citizen = seated(line)
    seat = citizen.request.seat
    citizen.does(Action.WITHDRAW)
    write(line, f"UPDATE seat SET {cell} WHERE request_id = :id", id=citizen.request.id)
    after = undo(line, citizen)
    assert (after.stage, after.seat) == (Stage.INVITED, seat)


def _file_again(line: Line, citizen: Citizen) -> None:
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        person = uow.people.get(citizen.request.person_id)
        filing = Filing(person=person, district=5, matter=MATTER)
        file_request(uow, citizen.actor, Role.CITIZEN, line.clock.now, filing)


@pytest.mark.parametrize("stage", ["invited", "confirmed"])
def test_her_seat_is_hers_again_while_nobody_else_was_offered_it(line: Line, stage: str) -> None:
    citizen = next(one for one in line.drawn(10) if one.stage == "invited")
    if stage == "confirmed":
        citizen.does(Action.CONFIRM)
    seat = citizen.request.seat
    citizen.does(Action.WITHDRAW)
    after = undo(line, citizen)
    assert (after.stage.value, after.seat) == (stage, seat)
    assert after.due_at == (seat.answer_by if stage == "invited" else None)
    citizen.does(Action.WITHDRAW)
    line.worker.tick()  # the seat goes to the next
    assert undo(line, citizen).stage is Stage.WAITING
    assert citizen.request.seat is None
    line.until(TUESDAY + WEEK, "12:00")
    assert citizen.request.ticket in {
        row["ticket"] for row in line.draw(MONDAY + WEEK).file["pool"]
    }


def test_what_the_clock_ended_is_no_act_of_hers(line: Line) -> None:
    both = line.file(2, accepted=False)
    for citizen, first in zip(both, (Action.ASK_INFO, Action.ANSWER), strict=True):
        line.official("desk", citizen, first, note="سند را بفرستید.")
    line.until(MONDAY + 3 * DAY, "12:00")
    for citizen, end in zip(both, (Action.LAPSE_INFO, Action.SETTLE_ANSWER), strict=True):
        assert citizen.request.history[-1].action is end
        with pytest.raises(Denied, match="nothing_to_undo"):
            undo(line, citizen)


def test_she_is_told_at_once_and_how_to_undo_it(line: Line) -> None:
    (citizen,) = line.file(1)
    citizen.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    citizen.does(Action.WITHDRAW)
    line.worker.send()
    with line.reading() as uow:
        mobile = uow.people.get(citizen.request.person_id).mobile
    texts = "\n".join(line.city.application.phone.texts(mobile))
    assert texts.count("شما نبودید") == 2


def test_how_many_were_undone_is_a_public_figure(line: Line) -> None:
    citizen, _ = line.file(2)
    citizen.does(Action.WITHDRAW)
    undo(line, citizen)
    line.until(MONDAY + DAY)
    found = line.city.application.query_as(NOBODY, district_risks, Nothing())
    assert {figures.district: figures.undone for figures in found}[6] == 1


def given_up(line: Line, citizen: Citizen) -> int:
    with line.reading() as uow:
        return uow.requests.counts(citizen.request)[0]


def leave_too_late(line: Line, citizen: Citizen, monday: date) -> None:
    """Let her withdraw on Sunday evening and undo it on Monday night."""
    line.until(monday - DAY, "20:30")
    citizen.does(Action.WITHDRAW)
    line.until(monday, "23:00")
    undo(line, citizen)


def test_a_leaving_undone_too_late_for_her_seat_is_one_seat_given_up(line: Line) -> None:
    """Giving up on Sunday at 20:30 costs all weeks; leaving and returning must not be free."""
    citizen = next(one for one in line.drawn(10) if one.stage == "invited")
    citizen.does(Action.CONFIRM)
    leave_too_late(line, citizen, MONDAY)
    assert (citizen.stage, citizen.request.seat, given_up(line, citizen)) == ("waiting", None, 1)
    assert [e.payload.get("given_up") for e in citizen.request.history if e.action == "undo"] == [1]


def test_of_an_undone_leaving_that_brings_the_seat_back_nothing_is_counted(line: Line) -> None:
    citizen = next(one for one in line.drawn(10) if one.stage == "invited")
    citizen.does(Action.WITHDRAW)
    undo(line, citizen)
    assert given_up(line, citizen) == 0


def owed_and_invited_again(line: Line) -> list[Citizen]:
    """Return one who is owed a seat, gave the next one up in time, and has another."""
    citizen, *_ = line.drawn(8)
    line.close()
    line.until(MONDAY + WEEK - 5 * DAY, "20:01")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY + 2 * WEEK - 5 * DAY, "20:01")
    return [citizen]


def test_the_second_seat_since_a_debt_lost_so_takes_the_debt(line: Line) -> None:
    (citizen,) = line.begun(owed_and_invited_again)
    assert citizen.request.debt == 1, "the first in time costs nothing of it"
    citizen.does(Action.CONFIRM)
    leave_too_late(line, citizen, MONDAY + 2 * WEEK)
    assert (citizen.request.debt, given_up(line, citizen)) == (0, 2)


def back(line: Line, citizen: Citizen, actor: Actor | None = None) -> Request:
    application = line.city.application
    command = OneCase(code=citizen.code)
    return application.execute_as(actor or citizen.actor, take_seat_back, command)


def seated(line: Line, many: int = 8) -> Citizen:
    return next(citizen for citizen in line.drawn(many) if citizen.stage == "invited")


@pytest.mark.parametrize("stage", ["invited", "confirmed"])
def test_a_seat_given_up_comes_back_by_one_tap_as_it_was(line: Line, stage: str) -> None:
    citizen = seated(line)
    if stage == "confirmed":
        citizen.does(Action.CONFIRM)
    before = citizen.request
    citizen.does(Action.GIVE_UP_SEAT)
    assert given_up(line, citizen) == 1
    hidden = "UPDATE seat SET state = :state WHERE request_id = :id"
    write(line, hidden, state="left", id=citizen.request.id)
    with line.reading() as uow:
        assert [finding.what for finding in tables_follow(uow, line.clock())] == [
            "has ended as left, by the log released"
        ]
    after = back(line, citizen)
    assert (after.stage.value, after.seat, after.waited) == (stage, before.seat, before.waited)
    assert after.due_at == before.due_at
    assert given_up(line, citizen) == 0
    (body,) = line.entries("taken_in")
    assert (body["why"], body["because"]) == ("undone", line.seqs("seat_given_up"))


def test_a_moved_seat_comes_back_with_the_right_to_move_it(line: Line) -> None:
    citizen = seated(line)
    to = (MONDAY + 2 * WEEK).isoformat()
    citizen.does(Action.MOVE_ONCE, monday=to)
    back(line, citizen)
    citizen.does(Action.MOVE_ONCE, monday=to)
    assert len(line.entries("seat_given_up")) == 2


def test_all_weeks_come_back_with_a_seat_given_up_too_late(line: Line) -> None:
    """There is no standby, so nobody was asked."""
    citizen = seated(line, 5)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    before = citizen.waited
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.waited == 0
    assert back(line, citizen).waited == before
    line.until(MONDAY, "08:50")
    assert citizen.stage == "confirmed"


def test_the_debt_that_a_second_seat_took_comes_back_with_it(line: Line) -> None:
    (citizen,) = line.begun(owed_and_invited_again)
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.request.debt == 0
    assert (back(line, citizen).debt, given_up(line, citizen)) == (1, 1)
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.request.debt == 0, "it is the second again"


def test_no_seat_comes_back_once_somebody_was_asked_or_the_day_has_begun(line: Line) -> None:
    citizen = seated(line, 10)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert refusal(lambda: back(line, citizen)).key == "seat_gone"
    alone = next(one for one in line.file(1))
    assert refusal(lambda: back(line, alone)).key == "seat_gone"
    assert line.entries("taken_in") == []


def test_after_the_hour_for_an_answer_an_unanswered_seat_stays_given_up(line: Line) -> None:
    citizen = seated(line)
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - 2 * DAY, "20:01")
    assert refusal(lambda: back(line, citizen)).key == "too_late"


def test_an_offer_somebody_else_was_asked_for_and_somebody_elses_seat_do_not_come_back(
    line: Line,
) -> None:
    citizens = line.drawn(10)
    citizen = next(one for one in citizens if one.stage == "invited")
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    asked = line.entries("offered")[0]["ticket"]
    standby = next(one for one in citizens if one.request.ticket == asked)
    standby.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert refusal(lambda: back(line, standby)).key == "seat_gone"
    assert refusal(lambda: back(line, citizen)).key == "seat_gone", "another was asked for it"
    assert refusal(lambda: back(line, citizen, standby.actor)).key == "not_found"


def test_taken_back_twice_is_refused(line: Line) -> None:
    citizen = seated(line)
    citizen.does(Action.GIVE_UP_SEAT)
    back(line, citizen)
    word = refusal(lambda: back(line, citizen))
    assert (word.key, word.facts["already"]) == ("stage_moved", "undo_give_up")


@pytest.mark.on_postgresql
def test_taken_back_while_the_clock_offers_it_it_is_one_of_both(line: Line) -> None:
    citizen = seated(line, 9)
    citizen.does(Action.GIVE_UP_SEAT)
    together(lambda: back(line, citizen), line.worker.tick)
    offered = len(line.entries("offered"))
    assert (citizen.stage, offered) in {("invited", 0), ("waiting", 1)}


def test_a_seat_taken_back_on_its_own_day_leaves_the_day_readable(line: Line) -> None:
    """She gave it up the evening before; only the second act belongs to the day."""
    citizen = seated(line, 5)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "07:30")
    back(line, citizen)
    with line.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        found = day_line(uow, day, line.clock.now)
    assert found is not None
    assert found.of(citizen.request.id) is not None
    line.meet(citizen)
    line.until(MONDAY + DAY)
    with line.reading() as uow:
        assert uow.city.monday(DISTRICT, MONDAY).has_ended


def test_a_seat_whose_time_is_over_is_taken_back_by_nobody(line: Line) -> None:
    """Given up on Sunday evening it took all weeks; the mayor is late and has called nobody."""
    citizen = seated(line, 5)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "11:30")
    assert refusal(lambda: back(line, citizen)).key == "seat_gone"
    assert (citizen.stage, citizen.waited) == ("waiting", 0)


def left_before_the_draw(line: Line) -> Citizen:
    """Return a citizen who leaves between the list and the draw that would have seated her."""
    citizens = line.file(4)
    line.until(TUESDAY, "21:00")
    citizens[0].does(Action.WITHDRAW)
    line.until(WEDNESDAY, "20:01")
    return citizens[0]


def test_a_leaving_between_list_and_draw_is_undone_with_the_seat_it_would_have_brought(
    line: Line,
) -> None:
    citizen = left_before_the_draw(line)
    assert undo(line, citizen).stage is Stage.INVITED
    seat = citizen.request.seat
    assert seat is not None
    assert line.held()[seat.time] == citizen.code
    citizen.does(Action.CONFIRM)


def test_where_that_seat_has_gone_on_she_is_owed_one(line: Line) -> None:
    citizen = next(one for one in line.drawn(10) if one.stage == "waiting")
    line.file(10)
    line.until(TUESDAY + WEEK, "21:00")
    citizen.does(Action.WITHDRAW)
    line.until(WEDNESDAY + WEEK + DAY, "12:00")
    (seat,) = [row for row in line.draw(MONDAY + WEEK).file["seated"] if _is_of(row, citizen)]
    assert line.entries("offered")[-1]["time"] == seat["time"], "somebody else was asked"
    after = undo(line, citizen)
    assert (after.stage, after.waited, after.debt) == (Stage.WAITING, 1, 1)
    with line.reading() as uow:
        assert uow.requests.counts(citizen.request)[0] == 1, (
            "as of a seat that she gave up and denies"
        )


def _is_of(row: dict[str, str], citizen: Citizen) -> bool:
    return row["ticket"] == citizen.request.ticket
