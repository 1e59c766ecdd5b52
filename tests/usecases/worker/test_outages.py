"""Outages cost citizens nothing: seats stay theirs, deadlines get longer."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, update
from support.citizens import shows_card
from support.hall import TECHNICAL, Hall
from support.line import DRAWN, MONDAY, WEDNESDAY, Citizen, Line, recomputed_weeks
from support.together import refusal, together
from support.triggers import write

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.lifecycle.guards import OBJECTION_DAYS
from publicmeeting.domain.lifecycle.order_guards import REOPEN_DAYS
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.worker.marks import outage_at, outages
from publicmeeting.turns.log import moment
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.effects.costs import Cost
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code, my_door
from publicmeeting.usecases.oversight.held_events import marks_tagged
from publicmeeting.usecases.tracking.turn import MyTurn, my_turn
from publicmeeting.worker.cleanup import forget
from publicmeeting.worker.scheduler import Scheduler

DAY, WEEK, SECOND = timedelta(days=1), timedelta(weeks=1), timedelta(seconds=1)
SATURDAY, SUNDAY = MONDAY - 2 * DAY, MONDAY - DAY


def has_outage(line: Line, day: date, since: str, until: str, *, back: date | None = None) -> None:
    """Switch the machine off for this time."""
    line.until(day, since)
    line.sleep_until(back or day, until)
    line.worker.tick()


def over_saturday(line: Line, many: int = 3) -> list[Citizen]:
    """Draw seats, and switch the machine off from Saturday noon to Monday, 8:00."""
    citizens = line.drawn(many)
    line.expected.add("opened_late")
    has_outage(line, SATURDAY, "12:00", "08:00", back=MONDAY)
    return citizens


def turn_of(line: Line, citizen: Citizen) -> MyTurn:
    return line.city.application.query_as(citizen.actor, my_turn, OneCase(code=citizen.code))


def seat_time(citizen: Citizen) -> str:
    seat = citizen.request.seat
    return seat.time if seat else ""


@pytest.mark.on_postgresql
def test_a_seat_that_could_not_be_answered_is_hers_and_who_comes_is_received(line: Line) -> None:
    citizen, other, absent = sorted(over_saturday(line), key=seat_time)
    assert {c.stage for c in (citizen, other, absent)} == {Stage.INVITED}
    assert line.entries("seat_lapsed") == []
    actions = [event.action for event in citizen.request.history]
    assert actions.count(Action.KEEP_SEAT) == 1
    assert refusal(lambda: citizen.does(Action.CONFIRM)).key == "too_late", "every auditor names it"
    line.until(MONDAY, "09:00")
    line.official("reception", other, Action.ARRIVE, identity=other.identity)
    line.meet(citizen)
    before = absent.request
    line.until(MONDAY, "18:00")
    assert citizen.stage == Stage.CLOSED
    assert (other.stage, other.request.debt) == (Stage.WAITING, 1), "she came, and is owed a seat"
    assert (absent.stage, absent.waited) == (Stage.WAITING, before.waited)
    with line.reading() as uow:
        assert uow.requests.counts(absent.request) == (0, 0), "her silence was none"


@pytest.mark.parametrize(
    ("back", "gone"),
    [("19:30", "19:40"), ("19:30", "19:30"), ("16:30", "19:40")],
)
def test_a_second_outage_leaves_the_first_one_believed(line: Line, back: str, gone: str) -> None:
    """The power fails twice around the end of the answers.

    The seats are kept after the second failure, when the first one can no longer be logged. The
    auditors check the log at the end of the test.
    """
    citizen, other, absent = sorted(line.drawn(3), key=seat_time)
    has_outage(line, SATURDAY, "12:00", back)
    if gone != back:
        line.until(SATURDAY, gone)
    line.sleep_until(SATURDAY, "21:30")
    line.worker.tick()
    assert {c.stage for c in (citizen, other, absent)} == {Stage.INVITED}
    assert not {"seat_lapsed", "taken_out"} & {entry.kind for entry in line.log()}
    line.until(SATURDAY, "22:00")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:00")
    line.official("reception", other, Action.ARRIVE, identity=other.identity)
    line.until(MONDAY, "18:00")
    assert (citizen.stage, citizen.waited) == (Stage.WAITING, absent.waited)


def test_whose_kept_seat_is_by_telephone_is_rung(line: Line) -> None:
    citizens = line.drawn(2)
    line.expected.add("opened_late")
    for citizen in citizens:
        shows_card(line.city.application, citizen.request)
        citizen.does(Action.ASK_CALL)
    has_outage(line, SATURDAY, "12:00", "08:00", back=MONDAY)
    first, other = sorted(citizens, key=seat_time)
    line.until(MONDAY, seat_time(first))
    line.official("reception", first, Action.REACH)
    line.until(MONDAY, seat_time(other))
    line.official("reception", other, Action.RING)
    assert (first.stage, other.stage) == (Stage.ARRIVED, Stage.INVITED)


def test_who_cannot_come_gives_the_kept_seat_up_and_the_next_is_asked(line: Line) -> None:
    citizen = next(one for one in line.drawn(10) if one.stage == Stage.INVITED)
    has_outage(line, SATURDAY, "12:00", "08:00", back=SUNDAY)
    assert citizen.stage == Stage.INVITED
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(SUNDAY, "10:00")
    assert line.entries("offered")[0]["because"] == line.seqs("seat_given_up")


def test_a_kept_seat_given_up_by_a_thumb_comes_back_as_it_was(line: Line) -> None:
    citizen, *_ = line.drawn(3)
    has_outage(line, SATURDAY, "12:00", "09:00", back=SUNDAY)
    before = citizen.request
    citizen.does(Action.GIVE_UP_SEAT)
    line.clock.forward(minutes=1)
    line.city.application.execute_as(citizen.actor, take_seat_back, OneCase(code=citizen.code))
    assert (citizen.stage, citizen.request.seat) == (Stage.INVITED, before.seat)
    assert citizen.request.due_at == before.due_at
    line.until(MONDAY, "08:00")
    assert (citizen.stage, citizen.request.count(Action.KEEP_SEAT)) == (Stage.INVITED, 1)
    assert citizen.does(Action.GIVE_UP_SEAT).waited == before.waited, "and costs nothing again"


def test_whose_seat_needs_no_answer_is_reminded_and_called(line: Line) -> None:
    """Her seat was drawn on Sunday."""
    citizens = line.file(3)
    line.until(WEDNESDAY, "19:00")
    line.enter()
    has_outage(line, WEDNESDAY, "19:30", "09:00", back=SUNDAY)
    citizen = min(citizens, key=seat_time)
    assert citizen.stage == Stage.INVITED
    line.until(SUNDAY, "21:00")
    with line.reading() as uow:
        notices = [each.action for each in uow.outbox.of_request(citizen.request.id, "citizen")]
    assert notices.count("reminder") == 1
    line.until(MONDAY, seat_time(citizen))
    with line.reading() as uow:
        code = hall_code(uow, 6, line.clock.now)
    line.city.application.execute_as(citizen.actor, check_in, CheckIn(code=citizen.code, hall=code))
    line.official("reception", citizen, Action.CALL)
    line.clock.forward(minutes=2)
    line.official("reception", citizen, Action.CALL)
    citizen.does(Action.COMING)
    assert refusal(lambda: line.official("reception", citizen, Action.NO_SHOW)).key == "stage_moved"
    line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    assert citizen.stage == Stage.ARRIVED


def test_giving_a_kept_seat_up_costs_as_little_as_silence(line: Line) -> None:
    losers = [citizen for citizen in line.drawn(10) if citizen.stage == Stage.WAITING]
    line.until(WEDNESDAY + WEEK, DRAWN)
    honest, silent, *_ = [loser for loser in losers if loser.stage == Stage.INVITED]
    line.expected.add("opened_late")
    has_outage(line, SATURDAY + WEEK, "12:00", "08:00", back=MONDAY + WEEK)
    page = turn_of(line, honest)
    assert page.cost == Cost(needs_no_answer=True), "she reads it before she taps"
    honest.does(Action.GIVE_UP_SEAT)
    assert (honest.stage, honest.waited) == (Stage.WAITING, 1)
    assert line.entries("seat_given_up")[-1]["ticket"] == honest.request.ticket
    line.until(MONDAY + WEEK, "20:00")
    assert (silent.stage, silent.waited) == (Stage.WAITING, 1)
    with line.reading() as uow:
        assert [uow.requests.counts(citizen.request) for citizen in (honest, silent)] == [
            (0, 0)
        ] * 2
    assert recomputed_weeks(line)[honest.request.ticket] == 1


@pytest.mark.parametrize("hour", ["20:11", "21:20"])
def test_a_friend_s_seat_that_the_tables_keep_open_is_given_up_as_any_other(
    line: Line, hour: str
) -> None:
    """A database owner can move her deadline, but every reader of the log sees it."""
    friend, other = line.drawn(2)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        mine = update(RequestRow).where(col(RequestRow.id) == friend.request.id)
        uow.session.connection().execute(mine.values(due_at=line.clock.now + WEEK))
    line.until(SATURDAY, hour)
    assert (friend.stage, other.stage) == (Stage.INVITED, Stage.WAITING)
    friend.does(Action.GIVE_UP_SEAT)
    with line.reading() as uow:
        counts = [uow.requests.counts(citizen.request) for citizen in (friend, other)]
    assert counts == [(1, 0), (0, 1)]
    if hour == "21:20":
        line.expected.add("not_lapsed")


@pytest.mark.on_postgresql
def test_an_outage_stands_once_in_the_log_and_doctor_misses_its_deleted_mark(line: Line) -> None:
    """The database owner would take back days that everybody has."""
    line.drawn(2)
    has_outage(line, SATURDAY, "12:00", "08:00", back=SUNDAY)
    (outage,) = line.entries("outage")
    assert [outage["from"], outage["until"]] == [
        moment(at_tehran(SATURDAY, "12:00")),
        moment(at_tehran(SUNDAY, "08:00")),
    ]
    with line.reading() as uow:
        assert list(marks_tagged(uow, line.clock.now)) == []
    away = "DELETE FROM job WHERE name LIKE 'city-was-away/%'"
    write(line, away)
    with line.reading() as uow:
        (found,) = marks_tagged(uow, line.clock.now)
    assert found.where == f"public log {line.seqs('outage')[0]}"


def test_within_ten_minutes_of_its_end_a_seat_is_given_up_as_ever(line: Line) -> None:
    """The clock has ten minutes for a lapse, so a quick press must not avoid its cost."""
    citizen, other = line.drawn(2)
    has_outage(line, SATURDAY, "12:00", "19:30")
    line.until(SATURDAY, "20:09")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(SATURDAY, "20:11")
    other.does(Action.GIVE_UP_SEAT)
    with line.reading() as uow:
        assert [uow.requests.counts(each.request)[0] for each in (citizen, other)] == [1, 0]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("is_late", [False, True], ids=["kept", "drawn on Sunday"])
def test_whose_seat_needs_no_answer_says_in_the_hall_that_she_is_there(
    line: Line, *, is_late: bool
) -> None:
    if is_late:
        citizens = line.file(3)
        line.until(WEDNESDAY, "19:00")
        line.enter()
        has_outage(line, WEDNESDAY, "19:30", "09:00", back=SUNDAY)
    else:
        citizens = over_saturday(line)
    citizen, other, *_ = sorted(citizens, key=seat_time)
    line.until(MONDAY, seat_time(citizen))
    application = line.city.application
    with line.reading() as uow:
        code = hall_code(uow, 6, line.clock.now)
    assert application.query_as(citizen.actor, my_door, Nothing()) == citizen.code
    day = turn_of(line, citizen)
    assert day.hall is not None
    assert day.seat_pass is not None
    assert day.day is not None
    assert day.day.entry is not None, "others' ranges count her, and she has one"
    say = CheckIn(code=citizen.code, hall=code)
    assert application.execute_as(citizen.actor, check_in, say) == ""
    line.until(MONDAY, seat_time(other))
    line.clock.forward(minutes=11)
    line.close()
    assert (citizen.request.debt, other.request.debt) == (1, 0), "only one of them was there"


@pytest.mark.parametrize(
    ("since", "until"),
    [("19:30", "22:00"), ("18:10", "19:05")],
    ids=["she had time until half an hour before", "less than an hour"],
)
def test_who_could_have_answered_has_been_silent(line: Line, since: str, until: str) -> None:
    citizen, *_ = line.drawn(2)
    has_outage(line, SATURDAY, since, until)
    line.until(SATURDAY, "22:30")
    assert citizen.stage == Stage.WAITING
    assert len(line.entries("seat_lapsed")) == 2


def test_who_has_less_than_an_hour_after_an_absence_keeps_her_seat_and_may_confirm(
    line: Line,
) -> None:
    citizen, other = line.drawn(2)
    has_outage(line, SATURDAY, "12:00", "19:30")
    citizen.does(Action.CONFIRM)
    line.until(SATURDAY, "20:01")
    assert (citizen.stage, other.stage) == (Stage.CONFIRMED, Stage.INVITED)


def test_what_she_was_asked_for_may_come_as_much_later_as_she_still_had(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    line.worker.send()
    due = citizen.request.due_at
    assert due is not None
    line.expected.add("opened_late")
    since, until = due - timedelta(hours=30), due + timedelta(hours=10)
    line.clock.set(since)
    line.worker.tick()
    line.worker.note_running()
    line.clock.set(until)
    line.worker.note_running()
    line.worker.tick()
    assert (citizen.stage, citizen.request.due_at) == (
        Stage.NEEDS_INFO,
        until + timedelta(hours=30),
    )
    line.clock.set(until + timedelta(hours=30, seconds=1))
    line.worker.tick()
    assert citizen.stage == Stage.WITHDRAWN, "the second silence is one"


def test_a_report_she_could_not_answer_waits_for_her(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest, TECHNICAL)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    due = hall.step("technical", number, OrderAction.REPORT, note="شد.").due_at
    assert due is not None
    worker = hall.application.worker
    for at in (due - timedelta(hours=20), due + timedelta(hours=5)):
        hall.clock.set(at)
        worker.note_running()
        worker.tick()
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        order = uow.orders.get_visible(number, hall.as_("mayor"))
    assert (order.stage, order.due_at) == (OrderStage.REPORTED, due + timedelta(hours=25))
    assert order.count(OrderAction.STAY_OPEN) == 1
    assert guest.does(number, OrderAction.CONTEST, note="نشد.").stage is OrderStage.CONTESTED


def test_the_demo_is_never_away(line: Line) -> None:
    demo = Scheduler(line.city.application, demo=True)
    demo.note_running()
    line.clock.forward(days=2)
    demo.note_running()
    with line.reading() as uow:
        assert outage_at(uow, line.clock.now - DAY) is None


@pytest.mark.on_postgresql
def test_two_processes_that_come_back_at_once_know_the_same_absence(line: Line) -> None:
    line.worker.note_running()
    gone = line.clock.now
    line.clock.forward(hours=5)
    two = [Scheduler(line.city.application) for _ in range(2)]
    _, refused = together(*(scheduler.note_running for scheduler in two))
    assert refused == []
    with line.reading() as uow:
        assert outage_at(uow, gone + timedelta(hours=2)) == (gone, line.clock.now)
        assert outage_at(uow, line.clock.now) is None


def alive(where: Line | Hall, until: datetime) -> None:
    """Run the city until then; due work is done at the end."""
    worker = where.worker if isinstance(where, Line) else where.application.worker
    while where.clock.now < until:
        worker.note_running()
        where.clock.set(min(until, where.clock.now + timedelta(hours=1)))
    worker.note_running()
    worker.run_due()
    worker.send()


def gone(line: Line, since: datetime, until: datetime) -> None:
    """Run the city until one instant, and again from the other one on."""
    line.overlooked.update({"opened_late", "draw_missing"})  # nobody of these tests is in a list
    alive(line, since)
    line.clock.set(until)
    alive(line, until)


_NO = {"reason": "other_body", "note": "این کار دادگاه است."}


def test_who_could_not_object_before_the_end_has_the_lost_days_back(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.DECLINE, **_NO)
    ends = deadline_days(line.clock.now, OBJECTION_DAYS)
    gone(line, ends - 2 * DAY, ends + DAY)
    alive(line, ends + 3 * DAY - SECOND)
    assert citizen.does(Action.OBJECT, note="این کار شهرداری است.").stage == Stage.SUBMITTED


def test_the_lost_days_and_no_more(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.DECLINE, **_NO)
    line.worker.tick()  # the message is sent to her at once
    ends = deadline_days(line.clock.now, OBJECTION_DAYS)
    gone(line, ends - 2 * DAY, ends + DAY)
    alive(line, ends + 3 * DAY)
    late = refusal(lambda: citizen.does(Action.OBJECT, note="این کار شهرداری است."))
    assert late.key == "objection_late"


def test_who_could_not_object_to_another_district_has_the_lost_days_back(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.REDIRECT, district="2", note="نشانی آن‌جاست.")
    ends = deadline_days(line.clock.now, OBJECTION_DAYS)
    gone(line, ends - DAY, ends + DAY)
    alive(line, ends + 2 * DAY - SECOND)
    citizen.does(Action.OBJECT_REDIRECT, note="نشانی همین‌جاست.")
    assert citizen.request.count(Action.OBJECT_REDIRECT) == 1


def test_what_is_done_can_be_reopened_as_many_days_later_as_were_lost(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest, TECHNICAL)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="شد.")
    guest.does(number, OrderAction.CONFIRM_DONE)
    ends = deadline_days(hall.clock.now, REOPEN_DAYS)
    alive(hall, ends - 2 * DAY)
    hall.clock.set(ends + DAY)
    alive(hall, ends + 3 * DAY - SECOND)
    again = guest.does(number, OrderAction.REOPEN, note="دوباره شکست.")
    assert again.stage is OrderStage.CONTESTED


def test_days_lost_in_the_middle_come_back_at_the_end(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    due = citizen.request.due_at
    assert due is not None
    gone(line, due - 8 * DAY, due - 2 * DAY)
    alive(line, due)
    assert (citizen.stage, citizen.request.due_at) == (Stage.NEEDS_INFO, due + 6 * DAY)


def test_hours_in_the_middle_cost_nobody_anything(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    due = citizen.request.due_at
    assert due is not None
    gone(line, line.clock.now, line.clock.now + timedelta(hours=20))
    alive(line, due + SECOND)
    assert citizen.stage == Stage.WITHDRAWN


def test_what_she_has_begun_is_not_forgotten_for_days_on_which_nobody_could_go_on(
    line: Line,
) -> None:
    visit = Actor(visit="a" * 32)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.drafts.save(visit, {"title": "چراغ"})
    begun = line.clock.now
    gone(line, begun + timedelta(hours=2), begun + 3 * DAY)
    for at, left in ((begun + 3 * DAY, {"title": "چراغ"}), (begun + 4 * DAY, {})):
        with line.city.application.store.unit_of_work(at) as uow:
            forget(uow)
            assert uow.drafts.read(visit) == left


def test_a_clock_that_ran_ahead_for_a_minute_keeps_no_silence_open(line: Line) -> None:
    """An hour ahead and set back a minute later: that is no outage, nor lies one in the future."""
    citizen, *_ = line.drawn(2)
    line.until(SATURDAY, "18:55")
    now = line.clock.now
    line.worker.note_running()
    line.clock.set(now + timedelta(minutes=80))
    line.worker.note_running()
    line.clock.set(now + timedelta(minutes=1))
    line.worker.note_running()
    with line.reading() as uow:
        assert outages(uow) == ()
    line.until(SATURDAY, "22:30")
    assert citizen.stage == Stage.WAITING
    assert len(line.entries("seat_lapsed")) == 2


@pytest.mark.on_postgresql
def test_what_was_away_before_a_clock_ran_ahead_is_kept(line: Line) -> None:
    line.drawn(2)
    has_outage(line, SATURDAY, "12:00", "16:00")
    now = line.clock.now
    for at in (now + timedelta(hours=3), now + timedelta(minutes=1)):
        line.clock.set(at)
        line.worker.note_running()
    with line.reading() as uow:
        assert [back for _, back in outages(uow)] == [now]
