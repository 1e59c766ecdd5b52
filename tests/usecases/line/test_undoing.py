"""A leaving that she did not mean, or that was written in her name, is undone by one tap."""

from datetime import date, timedelta

import pytest
from support.line import DISTRICT, MATTER, MONDAY, Citizen, Line
from support.together import refusal, together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Filing, Request
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.estimate import day_line
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.line.objections.undoing import take_seat_back, undo_leaving
from publicmeeting.usecases.public_record.open_risks import district_risks

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
NOTE = "این کار را خودمان درست کردیم."


def undo(line: Line, citizen: Citizen, actor: Actor | None = None) -> Request:
    application = line.city.application
    return application.execute_as(actor or citizen.actor, undo_leaving, OneCase(code=citizen.code))


def test_she_stands_where_she_stood_with_her_weeks(line: Line) -> None:
    citizens = line.drawn(10)
    one = next(one for one in citizens if one.stage == "waiting")
    before = one.request
    one.does(Action.WITHDRAW, note=NOTE)
    after = undo(line, one)
    assert (after.stage, after.ticket) == (Stage.WAITING, before.ticket)
    assert (after.waited, after.debt, after.lane) == (before.waited, before.debt, before.lane)
    (out,), (back,) = line.entries("taken_out"), line.entries("taken_in")
    assert (out["why"], out["officer"], back["why"]) == ("withdrawn", "", "undone")
    assert line.log()[back["because"][0] - 1].body == out
    assert not wrong_keys(Kind.TAKEN_OUT, out)
    assert not wrong_keys(Kind.TAKEN_IN, back)
    line.until(TUESDAY + WEEK, "12:00")
    rows = {row["ticket"]: row for row in line.draw(MONDAY + WEEK).file["pool"]}
    assert rows[one.request.ticket]["waited"] == before.waited


def test_who_was_not_screened_yet_is_before_the_desk_again(line: Line) -> None:
    (one,) = line.file(1, accepted=False)
    one.does(Action.WITHDRAW)
    after = undo(line, one)
    assert after.stage is Stage.SUBMITTED
    assert after.due_at is not None
    line.official("desk", one, Action.ACCEPT)


def test_an_accepted_answer_is_undone_too(line: Line) -> None:
    (one,) = line.file(1, accepted=False)
    line.official("desk", one, Action.ANSWER, note="پیش‌تر انجام شده است.")
    one.does(Action.ACCEPT_ANSWER)
    assert one.stage == "closed"
    assert undo(line, one).stage is Stage.SUBMITTED
    assert [body["why"] for body in line.entries("taken_out")] == ["answered", "accepted"]


def test_twice_is_refused_and_nothing_is_written_twice(line: Line) -> None:
    (one,) = line.file(1)
    one.does(Action.WITHDRAW)
    undo(line, one)
    word = refusal(lambda: undo(line, one))
    assert (word.key, word.facts["already"]) == ("stage_moved", "undo")
    assert len(line.entries("taken_in")) == 1
    one.does(Action.WITHDRAW)
    assert undo(line, one).stage is Stage.WAITING, "each leaving can be undone"


def test_until_the_next_list_can_no_longer_be_changed(line: Line) -> None:
    first, second = line.file(2)
    for one in (first, second):
        one.does(Action.WITHDRAW)
    line.until(TUESDAY, "20:00")
    undo(line, first)
    line.until(TUESDAY, "20:01")
    with pytest.raises(Denied, match="undo_late"):
        undo(line, second)


def test_not_somebody_elses_nor_beside_another_request(line: Line) -> None:
    one, other = line.file(2)
    one.does(Action.WITHDRAW)
    assert refusal(lambda: undo(line, one, other.actor)).key == "not_found"
    assert refusal(lambda: undo(line, one, line.city.as_("desk"))).key == "not_your_role"
    assert refusal(lambda: undo(line, other)).key == "stage_moved"
    _file_again(line, one)
    assert refusal(lambda: undo(line, one)).key == "one_live_request"


def _file_again(line: Line, one: Citizen) -> None:
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        person = uow.people.get(one.request.person_id)
        filing = Filing(person=person, district=5, matter=MATTER)
        file_request(uow, one.actor, Role.CITIZEN, line.clock.now, filing)


@pytest.mark.parametrize("stage", ["invited", "confirmed"])
def test_her_seat_is_hers_again_while_nobody_else_was_offered_it(line: Line, stage: str) -> None:
    one = next(one for one in line.drawn(10) if one.stage == "invited")
    if stage == "confirmed":
        one.does(Action.CONFIRM)
    seat = one.request.seat
    one.does(Action.WITHDRAW)
    after = undo(line, one)
    assert (after.stage.value, after.seat) == (stage, seat)
    assert after.due_at == (seat.answer_by if stage == "invited" else None)
    one.does(Action.WITHDRAW)
    line.worker.tick()  # it goes to the next
    assert undo(line, one).stage is Stage.WAITING
    assert one.request.seat is None
    line.until(TUESDAY + WEEK, "12:00")
    assert one.request.ticket in {row["ticket"] for row in line.draw(MONDAY + WEEK).file["pool"]}


@pytest.mark.parametrize("end", [Action.LAPSE_INFO, Action.SETTLE_ANSWER])
def test_what_the_clock_ended_is_no_act_of_hers(line: Line, end: Action) -> None:
    (one,) = line.file(1, accepted=False)
    first = Action.ASK_INFO if end is Action.LAPSE_INFO else Action.ANSWER
    line.official("desk", one, first, note="سند را بفرستید.")
    line.until(MONDAY + 3 * DAY, "12:00")
    assert one.request.history[-1].action is end
    assert refusal(lambda: undo(line, one)).key == "nothing_to_undo"


def test_she_is_told_at_once_and_how_to_undo_it(line: Line) -> None:
    (one,) = line.file(1)
    one.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    one.does(Action.WITHDRAW)
    line.worker.send()
    with line.reading() as uow:
        mobile = uow.people.get(one.request.person_id).mobile
    texts = "\n".join(line.city.application.phone.texts(mobile))
    assert texts.count("اگر شما نبودید") == 2


def test_how_many_were_undone_is_a_public_figure(line: Line) -> None:
    one, _ = line.file(2)
    one.does(Action.WITHDRAW)
    undo(line, one)
    line.until(MONDAY + DAY)
    found = line.city.application.query_as(NOBODY, district_risks, Nothing())
    assert {figures.district: figures.undone for figures in found}[6] == 1


def given_up(line: Line, citizen: Citizen) -> int:
    with line.reading() as uow:
        return uow.requests.counts(citizen.request)[0]


def leave_too_late(line: Line, citizen: Citizen, monday: date) -> None:
    """She says on Sunday evening that she withdraws, and on Monday night that she did not."""
    line.until(monday - DAY, "20:30")
    citizen.does(Action.WITHDRAW)
    line.until(monday, "23:00")
    undo(line, citizen)


def test_a_leaving_undone_too_late_for_her_seat_is_one_seat_given_up(line: Line) -> None:
    """Giving up on Sunday at 20:30 costs all weeks; leaving and coming back must not be free."""
    one = next(one for one in line.drawn(10) if one.stage == "invited")
    one.does(Action.CONFIRM)
    leave_too_late(line, one, MONDAY)
    assert (one.stage, one.request.seat, given_up(line, one)) == ("waiting", None, 1)
    assert [e.payload.get("given_up") for e in one.request.history if e.action == "undo"] == [1]


def test_of_an_undone_leaving_that_brings_the_seat_back_nothing_is_counted(line: Line) -> None:
    one = next(one for one in line.drawn(10) if one.stage == "invited")
    one.does(Action.WITHDRAW)
    undo(line, one)
    assert given_up(line, one) == 0


def test_the_third_seat_lost_so_takes_the_weeks(line: Line) -> None:
    citizens = line.drawn(9)
    one = next(one for one in citizens if one.stage == "waiting")
    monday = MONDAY
    for count in (1, 2, 3):
        monday += WEEK
        line.until(monday - 5 * DAY, "20:01")
        assert one.stage == "invited"
        one.does(Action.CONFIRM)
        before = one.waited
        assert before
        if count < 3:
            one.does(Action.GIVE_UP_SEAT)
            assert given_up(line, one) == count
        else:
            leave_too_late(line, one, monday)
    assert (one.waited, given_up(line, one)) == (0, 0)


def test_the_second_seat_since_a_debt_lost_so_takes_the_debt(line: Line) -> None:
    one, *_ = line.drawn(8)
    line.close()
    monday = MONDAY + WEEK
    line.until(monday - 5 * DAY, "20:01")
    assert one.request.debt == 1
    one.does(Action.GIVE_UP_SEAT)
    assert one.request.debt == 1, "the first in time costs nothing of it"
    monday += WEEK
    line.until(monday - 5 * DAY, "20:01")
    one.does(Action.CONFIRM)
    leave_too_late(line, one, monday)
    assert (one.request.debt, given_up(line, one)) == (0, 2)


def back(line: Line, citizen: Citizen, actor: Actor | None = None) -> Request:
    application = line.city.application
    command = OneCase(code=citizen.code)
    return application.execute_as(actor or citizen.actor, take_seat_back, command)


def seated(line: Line, many: int = 8) -> Citizen:
    return next(one for one in line.drawn(many) if one.stage == "invited")


@pytest.mark.parametrize("stage", ["invited", "confirmed"])
def test_a_seat_given_up_comes_back_by_one_tap_as_it_was(line: Line, stage: str) -> None:
    one = seated(line)
    if stage == "confirmed":
        one.does(Action.CONFIRM)
    before = one.request
    one.does(Action.GIVE_UP_SEAT)
    assert given_up(line, one) == 1
    after = back(line, one)
    assert (after.stage.value, after.seat, after.waited) == (stage, before.seat, before.waited)
    assert after.due_at == before.due_at
    assert given_up(line, one) == 0
    (body,) = line.entries("taken_in")
    assert (body["why"], body["because"]) == ("undone", line.seqs("seat_given_up"))


def test_a_moved_seat_comes_back_with_the_right_to_move_it(line: Line) -> None:
    one = seated(line)
    to = (MONDAY + 2 * WEEK).isoformat()
    one.does(Action.MOVE_ONCE, monday=to)
    back(line, one)
    one.does(Action.MOVE_ONCE, monday=to)
    assert len(line.entries("seat_given_up")) == 2


def test_all_weeks_come_back_with_a_seat_given_up_too_late(line: Line) -> None:
    """Nobody stands by, so nobody was asked."""
    one = seated(line, 5)
    one.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    before = one.waited
    one.does(Action.GIVE_UP_SEAT)
    assert one.waited == 0
    assert back(line, one).waited == before
    line.until(MONDAY, "08:50")
    assert one.stage == "confirmed"


def test_the_debt_that_a_second_seat_took_comes_back_with_it(line: Line) -> None:
    one, *_ = line.drawn(8)
    line.close()
    for count in (1, 2):
        line.until(MONDAY + count * WEEK - 5 * DAY, "20:01")
        one.does(Action.GIVE_UP_SEAT)
    assert one.request.debt == 0
    assert (back(line, one).debt, given_up(line, one)) == (1, 1)
    one.does(Action.GIVE_UP_SEAT)
    assert one.request.debt == 0, "it is the second again"


def test_no_seat_comes_back_once_somebody_was_asked_or_the_day_has_begun(line: Line) -> None:
    one = seated(line, 10)
    one.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert refusal(lambda: back(line, one)).key == "seat_gone"
    alone = next(one for one in line.file(1))
    assert refusal(lambda: back(line, alone)).key == "seat_gone"
    assert line.entries("taken_in") == []


def test_after_the_hour_for_an_answer_an_unanswered_seat_stays_given_up(line: Line) -> None:
    one = seated(line)
    one.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - 2 * DAY, "20:01")
    assert refusal(lambda: back(line, one)).key == "too_late"


def test_an_offer_somebody_else_was_asked_for_and_somebody_elses_seat_do_not_come_back(
    line: Line,
) -> None:
    citizens = line.drawn(10)
    one = next(one for one in citizens if one.stage == "invited")
    one.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    asked = line.entries("offered")[0]["ticket"]
    standby = next(one for one in citizens if one.request.ticket == asked)
    standby.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert refusal(lambda: back(line, standby)).key == "seat_gone"
    assert refusal(lambda: back(line, one)).key == "seat_gone", "another was asked for it"
    assert refusal(lambda: back(line, one, standby.actor)).key == "not_found"


def test_taken_back_twice_is_refused(line: Line) -> None:
    one = seated(line)
    one.does(Action.GIVE_UP_SEAT)
    back(line, one)
    word = refusal(lambda: back(line, one))
    assert (word.key, word.facts["already"]) == ("stage_moved", "undo_give_up")


@pytest.mark.on_postgresql
def test_taken_back_while_the_clock_offers_it_it_is_one_of_both(line: Line) -> None:
    one = seated(line, 9)
    one.does(Action.GIVE_UP_SEAT)
    together(lambda: back(line, one), line.worker.tick)
    offered = len(line.entries("offered"))
    assert (one.stage, offered) in {("invited", 0), ("waiting", 1)}


def test_a_seat_taken_back_on_its_own_day_leaves_the_day_readable(line: Line) -> None:
    """She gave it up the evening before: of the two acts only the second lies in the day."""
    one = seated(line, 5)
    one.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    one.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "07:30")
    back(line, one)
    with line.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        found = day_line(uow, day, line.clock.now)
    assert found is not None
    assert found.of(one.request.id) is not None
    line.meet(one)
    line.until(MONDAY + DAY)
    with line.reading() as uow:
        assert uow.city.monday(DISTRICT, MONDAY).ended_at is not None


def test_a_seat_whose_time_is_over_is_taken_back_by_nobody(line: Line) -> None:
    """Given up on Sunday evening it took all her weeks; the mayor is late and has called nobody."""
    one = seated(line, 5)
    one.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    one.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "11:30")
    assert refusal(lambda: back(line, one)).key == "seat_gone"
    assert (one.stage, one.waited) == ("waiting", 0)


def left_before_the_draw(line: Line) -> Citizen:
    """Whoever leaves between the list and the draw that would have seated her."""
    citizens = line.file(4)
    line.until(TUESDAY, "21:00")
    citizens[0].does(Action.WITHDRAW)
    line.until(WEDNESDAY, "20:01")
    return citizens[0]


def test_a_leaving_between_list_and_draw_is_undone_with_the_seat_it_would_have_brought(
    line: Line,
) -> None:
    one = left_before_the_draw(line)
    assert undo(line, one).stage is Stage.INVITED
    seat = one.request.seat
    assert seat is not None
    assert line.held()[seat.time] == one.code
    one.does(Action.CONFIRM)


def test_where_that_seat_has_gone_on_she_is_owed_one(line: Line) -> None:
    one = next(one for one in line.drawn(10) if one.stage == "waiting")
    line.file(10)
    line.until(TUESDAY + WEEK, "21:00")
    one.does(Action.WITHDRAW)
    line.until(WEDNESDAY + WEEK + DAY, "12:00")
    (seat,) = [row for row in line.draw(MONDAY + WEEK).file["seated"] if _is_of(row, one)]
    assert line.entries("offered")[-1]["time"] == seat["time"], "somebody else was asked"
    after = undo(line, one)
    assert (after.stage, after.waited, after.debt) == (Stage.WAITING, 1, 1)
    with line.reading() as uow:
        assert uow.requests.counts(one.request)[0] == 1, "as of a seat that she gave up and denies"


def _is_of(row: dict[str, str], one: Citizen) -> bool:
    return row["ticket"] == one.request.ticket
