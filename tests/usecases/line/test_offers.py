"""Offers of released seats: to whom, until when, and seats that no standby wanted."""

from datetime import date, timedelta

import pytest
from support.audited import replay
from support.line import DISTRICT, MONDAY, Citizen, Line, resets
from support.triggers import write

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.offers import TakeFree, free_seats, take_free
from publicmeeting.usecases.tracking.turn import my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEDNESDAY, THURSDAY, FRIDAY = (MONDAY - days * DAY for days in (5, 4, 3))
SATURDAY, SUNDAY = MONDAY - 2 * DAY, MONDAY - DAY
SEATS = 8


def drawn(line: Line, many: int) -> tuple[list[Citizen], list[Citizen]]:
    """Return the seated by their times, and the standby in its drawn order."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.drawn(many)}
    file = line.draw().file
    seated = sorted(file["seated"], key=lambda one: one["time"])
    return (
        [by_ticket[one["ticket"]] for one in seated],
        [by_ticket[ticket] for ticket in file["standby"]],
    )


def taking(line: Line, citizen: Citizen, time: str = "") -> Request:
    command = TakeFree(code=citizen.code, time=time)
    return line.city.application.execute_as(citizen.actor, take_free, command)


@pytest.mark.parametrize(
    ("given_up", "ends"),
    [
        ((THURSDAY, "15:30"), (THURSDAY, "17:30")),
        ((WEDNESDAY, "23:00"), (THURSDAY, "10:00")),
    ],
    ids=["by day", "at night"],
)
def test_a_seat_given_up_goes_to_the_next_for_two_hours_of_the_day(
    line: Line, given_up: tuple[date, str], ends: tuple[date, str]
) -> None:
    seated, (following, other) = drawn(line, SEATS + 2)
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    first = seated[0]
    line.until(*given_up)
    seat = first.request.seat
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    request = following.request
    assert request.stage.value == "invited"
    assert seat is not None
    assert request.seat is not None
    assert (request.seat.time, request.seat.why) == (seat.time, "standby")
    assert request.due_at == request.seat.answer_by == at_tehran(*ends)
    assert other.stage == "waiting"


@pytest.mark.on_postgresql
def test_no_row_changes_whom_a_free_seat_is_offered(line: Line) -> None:
    """The file of a draw repeats the order that follows from the log."""
    seated, (following, other) = drawn(line, SEATS + 2)
    draw = line.draw()
    forged = canonical_json({**draw.file, "standby": draw.file["standby"][::-1]})
    write(line, "UPDATE draw SET file = :file WHERE id = :name", file=forged, name=draw.id)
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert (following.stage, other.stage) == ("invited", "waiting")


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "change", ["stage = 'withdrawn'", "district = 4"], ids=["has left", "elsewhere"]
)
def test_nobody_is_passed_over_because_her_row_says_that_she_does_not_wait(
    line: Line, change: str
) -> None:
    seated, (following, other) = drawn(line, SEATS + 2)
    case = following.request.id
    write(line, f"UPDATE request SET {change} WHERE id = :id", id=case)
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert (other.stage, line.entries("offered")) == ("waiting", [])
    back = f"UPDATE request SET stage = 'waiting', district = {DISTRICT} WHERE id = :id"
    write(line, back, id=case)
    line.clock.forward(minutes=2)
    line.worker.tick()
    assert (following.stage, other.stage) == ("invited", "waiting")


HAD_ONE = """
INSERT INTO seat (district, monday, time, request_id, why, state, answer_by, assigned_at, ended_at)
SELECT district, monday, time, :next, 'standby', 'refused', answer_by, assigned_at, assigned_at
FROM seat WHERE request_id = :holder
"""
USED = "UPDATE seat SET state = 'used' WHERE request_id = :holder"
MUCH_LATER = "UPDATE seat SET ended_at = '2027-11-30 08:00:00' WHERE request_id = :holder"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("forged", [HAD_ONE, USED, MUCH_LATER], ids=["had one", "used", "later"])
def test_no_row_of_a_seat_keeps_an_offer_from_who_is_next(line: Line, forged: str) -> None:
    seated, (following, _) = drawn(line, SEATS + 2)
    holder, after = seated[0].request.id, following.request.id
    seated[0].does(Action.GIVE_UP_SEAT)
    named = {"holder": holder, **({"next": after} if ":next" in forged else {})}
    write(line, forged, **named)
    line.worker.tick()
    assert following.stage == "invited"
    if forged == USED:
        line.expected.add("is used by")


@pytest.mark.on_postgresql
def test_a_seat_that_only_its_row_calls_free_is_offered_to_nobody(line: Line) -> None:
    seated, (following, _) = drawn(line, SEATS + 2)
    seated[0].does(Action.CONFIRM)
    holder = seated[0].request.id
    forged = "UPDATE seat SET state = 'released', ended_at = :at WHERE request_id = :id"
    write(line, forged, id=holder, at=f"{line.clock.now:%F %T}")
    line.worker.tick()
    assert (following.stage, line.entries("offered")) == ("waiting", [])
    write(line, "UPDATE seat SET state = 'held', ended_at = NULL WHERE request_id = :id", id=holder)


def test_several_seats_go_down_the_line_the_earliest_first(line: Line) -> None:
    seated, standby = drawn(line, SEATS + 4)
    for citizen in (seated[5], seated[2]):
        citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    seats = [one.request.seat for one in standby]
    assert [seat.time if seat else None for seat in seats] == ["09:30", "10:15", None, None]


@pytest.mark.parametrize("answer", [Action.GIVE_UP_SEAT, None])
def test_an_offer_not_taken_goes_to_the_next_and_never_back(
    line: Line, answer: Action | None
) -> None:
    (first, *_), (following, after, last) = drawn(line, SEATS + 3)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert following.stage == "invited"
    if answer:
        following.does(answer)
        line.worker.tick()
    else:
        line.until(THURSDAY, "10:00")
    assert following.stage in {"waiting", "withdrawn"}
    assert after.stage == "invited"
    after.does(Action.CONFIRM)
    line.until(THURSDAY, "11:00")
    assert last.stage == "waiting"
    assert line.held()["09:00"] == after.code
    assert [entry["ticket"] for entry in line.entries("offered")] == [
        following.request.ticket,
        after.request.ticket,
    ]


def test_a_refused_or_unanswered_offer_costs_nothing(line: Line) -> None:
    seated, (refuses, silent) = drawn(line, SEATS + 2)
    for citizen in seated[:2]:
        citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    refuses.does(Action.GIVE_UP_SEAT)
    line.until(THURSDAY, "10:00")
    with line.reading() as uow:
        for citizen in (refuses, silent):
            assert uow.requests.counts(citizen.request) == (0, 0)
            assert (citizen.stage, citizen.waited) == ("waiting", 1)
    assert resets(line) == []
    assert len(line.entries("offer_refused")) == len(line.entries("offer_unanswered")) == 1


def test_what_lapses_on_saturday_evening_is_offered_until_ten_on_sunday(line: Line) -> None:
    seated, standby = drawn(line, SEATS + 1)
    line.until(SATURDAY, "20:00")
    assert {citizen.stage for citizen in seated} == {"waiting"}
    assert standby[0].request.due_at == at_tehran(SUNDAY, "10:00")
    assert len(line.entries("seat_lapsed")) == SEATS


def test_who_has_gone_away_is_passed_over(line: Line) -> None:
    (first, *_), (gone, following) = drawn(line, SEATS + 2)
    gone.does(Action.WITHDRAW)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert (gone.stage, following.stage) == ("withdrawn", "invited")


def test_a_seat_may_be_taken_only_after_the_whole_line_was_asked(line: Line) -> None:
    (first, *_), (only,) = drawn(line, SEATS + 1)
    (newcomer,) = line.file(1)
    with pytest.raises(Denied, match="not_free_yet"):
        taking(line, newcomer)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert only.stage == "invited"
    with pytest.raises(Denied, match="seats_gone"):
        taking(line, newcomer)
    only.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    request = taking(line, newcomer)
    assert request.stage.value == "confirmed"
    assert request.seat is not None
    assert (request.seat.time, request.seat.why) == ("09:00", "free")
    assert line.entries("taken_free")[0]["ticket"] == request.ticket


def test_free_seats_go_to_whoever_takes_them_until_sunday_evening(line: Line) -> None:
    seated, _ = drawn(line, SEATS - 3)
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    first, second, third = line.file(3)
    assert taking(line, first, "10:30").seat is not None
    for time in ("10:30", "23:00"):
        with pytest.raises(Denied, match="seat_taken"):
            taking(line, second, time)
    line.until(SUNDAY, "19:59")
    taking(line, second)
    line.until(SUNDAY, "20:00")
    with pytest.raises(Denied, match="not_free_yet"):
        taking(line, third)
    assert third.stage == "waiting"


@pytest.mark.on_postgresql
def test_a_seat_that_only_its_row_calls_free_is_taken_by_nobody(line: Line) -> None:
    seated, _ = drawn(line, SEATS - 3)
    (friend,) = line.file(1)
    row = "UPDATE seat SET state = :state WHERE request_id = :id"
    time, holder = seated[0].request.seat.time, seated[0].request.id
    write(line, row, state="released", id=holder)
    with pytest.raises(Denied, match="seat_taken"):
        taking(line, friend, time)
    write(line, row, state="held", id=holder)


def shown_free(line: Line, citizen: Citizen) -> tuple[str, ...]:
    """Return the free seats that her page offers."""
    command = OneCase(code=citizen.code)
    free = line.city.application.query_as(citizen.actor, my_turn, command).free
    return free.times if free else ()


@pytest.mark.parametrize("how", ["drawn", "offered", "taken"])
def test_a_seat_she_gave_up_is_neither_offered_nor_given_to_her_again(line: Line, how: str) -> None:
    seated, standby = drawn(line, SEATS + 1 if how == "offered" else SEATS - 1)
    citizen = seated[0]
    if how == "offered":
        citizen.does(Action.GIVE_UP_SEAT)
        line.worker.tick()
        citizen = standby[0]
    elif how == "taken":
        (citizen,) = line.file(1)
        taking(line, citizen)
    seat = citizen.request.seat
    assert seat is not None
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    (another,) = line.file(1)
    assert seat.time in shown_free(line, another)
    assert seat.time not in shown_free(line, citizen)
    with pytest.raises(Denied, match="seat_let_go"):
        taking(line, citizen, seat.time)
    assert "ساعت دیگری را انتخاب کنید" in refusal("seat_let_go")
    assert (citizen.stage, line.held().get(seat.time)) == ("waiting", None)
    assert taking(line, another, seat.time).seat is not None


def test_on_a_monday_she_cannot_come_a_free_seat_is_neither_offered_nor_given(line: Line) -> None:
    (away,) = line.file(1)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    drawn(line, 2)
    line.worker.tick()
    (another,) = line.file(1)
    assert shown_free(line, another) != ()
    assert shown_free(line, away) == ()
    before = line.held()
    for time in ("", shown_free(line, another)[0]):
        with pytest.raises(Denied, match="monday_not_hers"):
            taking(line, away, time)
    assert "نمی‌آیید" in refusal("monday_not_hers")
    assert (away.stage, line.held()) == ("waiting", before)
    assert taking(line, another).seat is not None


def test_whoever_names_no_time_gets_the_earliest_that_was_not_hers(line: Line) -> None:
    seated, _ = drawn(line, SEATS - 1)
    first = seated[0]
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    taken = taking(line, first).seat
    assert taken is not None
    assert taken.time == "10:45", "09:00 was hers"
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert shown_free(line, first) == ()
    with pytest.raises(Denied, match="seat_let_go"):
        taking(line, first)


def test_a_time_of_one_monday_is_hers_again_on_another(line: Line) -> None:
    (citizen,), _ = drawn(line, 1)
    seat = citizen.request.seat
    assert seat is not None
    citizen.does(Action.MOVE_ONCE, monday=(MONDAY + 2 * WEEK).isoformat())
    line.until(WEDNESDAY + WEEK, "20:00")
    assert taking(line, citizen, seat.time).seat is not None


def test_a_seat_can_be_taken_by_nobody_but_its_citizen(line: Line) -> None:
    drawn(line, 1)
    (citizen, other) = line.file(2)
    with pytest.raises(Denied, match="not_found"):
        line.city.application.execute_as(other.actor, take_free, TakeFree(code=citizen.code))


def test_no_seat_is_given_up_for_a_monday_that_is_closed(line: Line) -> None:
    (citizen,), _ = drawn(line, 1)

    def mondays() -> tuple[date, ...]:
        turn = line.city.application.query_as(citizen.actor, my_turn, OneCase(code=citizen.code))
        return turn.move_to

    before = mondays()
    assert MONDAY + WEEK in before
    line.close(MONDAY + WEEK)
    assert mondays() == tuple(day for day in before if day != MONDAY + WEEK)
    with pytest.raises(Invalid, match="monday_unknown"):
        citizen.does(Action.MOVE_ONCE, monday=(MONDAY + WEEK).isoformat())


def test_a_cancelled_monday_offers_nothing(line: Line) -> None:
    seated, standby = drawn(line, SEATS + 1)
    assert line.close() == SEATS
    line.until(SUNDAY, "12:00")
    assert line.held() == {}
    assert standby[0].request.last(Action.OFFER) is None
    assert {citizen.request.debt for citizen in seated} == {1}
    with line.reading() as uow:
        assert free_seats(uow, DISTRICT, line.clock()) is None


def week(line: Line, number: int, citizen: Citizen) -> None:
    """Let the city live until after the n-th Monday's draw, which gave her a seat."""
    line.until(WEDNESDAY + number * WEEK, "20:00")
    assert citizen.stage == "invited"


@pytest.mark.parametrize(("hour", "times"), [("19:59", 0), ("20:00", 1)])
def test_a_seat_given_up_after_sunday_evening_costs_the_weeks(
    line: Line, hour: str, times: int
) -> None:
    (citizen,), _ = drawn(line, 1)
    citizen.does(Action.CONFIRM)
    line.until(SUNDAY, hour)
    citizen.does(Action.GIVE_UP_SEAT)
    assert resets(line) == [(citizen.request.ticket, "seat_given_up")] * times


def test_a_move_is_no_giving_up_and_keeps_her_out_until_the_monday_she_named(line: Line) -> None:
    (citizen,), _ = drawn(line, 1)
    citizen.does(Action.MOVE_ONCE, monday=(MONDAY + 2 * WEEK).isoformat())
    with line.reading() as uow:
        assert uow.requests.counts(citizen.request) == (0, 0)
    book, _ = replay(entry.published for entry in line.log())
    assert book.tickets[citizen.request.ticket].given_up == 0
    line.until(WEDNESDAY + WEEK, "20:00")
    assert line.draw(MONDAY + WEEK).file["pool"] == []
    assert citizen.waited == 0
    week(line, 2, citizen)


def test_an_accepted_offer_may_be_moved_as_long_as_it_might_be_answered(line: Line) -> None:
    seated, (first, second) = drawn(line, SEATS + 2)
    for citizen in seated[:2]:
        citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    for citizen in (first, second):
        citizen.does(Action.CONFIRM)
    line.until(THURSDAY, "10:00")
    first.does(Action.MOVE_ONCE, monday=(MONDAY + 2 * WEEK).isoformat())
    line.until(THURSDAY, "10:01")
    with pytest.raises(Denied, match="too_late_to_move"):
        second.does(Action.MOVE_ONCE, monday=(MONDAY + 2 * WEEK).isoformat())


def test_withdrawing_with_an_open_offer_frees_it_by_the_same_entry(line: Line) -> None:
    seated, (following, after) = drawn(line, SEATS + 2)
    seated[0].does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    given_up = seated[0].newest("seat_given_up")
    before = line.entries("seat_given_up")
    following.does(Action.WITHDRAW)
    assert line.entries("seat_given_up") == before
    assert line.entries("offer_refused") == []
    line.worker.tick()
    assert after.stage == "invited"
    out = following.newest("taken_out")
    assert [entry["because"] for entry in line.entries("offered")] == [[given_up], [out]]


def test_what_lapsed_or_was_refused_is_the_cause_of_the_next_offer(line: Line) -> None:
    (first, *_), (refuses, silent, last) = drawn(line, SEATS + 3)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    refuses.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    line.until(THURSDAY, "10:00")
    assert last.stage == "invited"
    causes = [
        first.newest("seat_given_up"),
        refuses.newest("offer_refused"),
        silent.newest("offer_unanswered"),
    ]
    assert [entry["because"] for entry in line.entries("offered")] == [[seq] for seq in causes]


def test_an_open_offer_of_a_monday_that_is_closed_is_over_and_nothing_is_owed(line: Line) -> None:
    (first, *_), (following,) = drawn(line, SEATS + 1)
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert following.stage == "invited"
    assert line.close() == SEATS - 1
    assert (following.stage, following.request.debt) == ("waiting", 0)
    assert [entry["ticket"] for entry in line.entries("offer_unanswered")] == [
        following.request.ticket
    ]


def test_a_debt_stays_with_the_first_seat_given_up_and_goes_with_the_second(line: Line) -> None:
    (citizen,), _ = drawn(line, 1)
    citizen.does(Action.GIVE_UP_SEAT)
    week(line, 1, citizen)
    assert line.close(MONDAY + WEEK) == 1
    assert citizen.request.debt == 1
    week(line, 2, citizen)
    assert line.draw(MONDAY + 2 * WEEK).file["seated"][0]["why"] == "debt"
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.request.debt == 1
    week(line, 3, citizen)
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.request.debt == 0


def test_a_debt_goes_with_a_seat_left_without_an_answer(line: Line) -> None:
    (citizen,), _ = drawn(line, 1)
    assert line.close() == 1
    line.until(SATURDAY + WEEK, "20:00")
    assert (citizen.stage, citizen.request.debt) == ("waiting", 0)
    assert len(line.entries("not_received")) == len(line.entries("seat_lapsed")) == 1
