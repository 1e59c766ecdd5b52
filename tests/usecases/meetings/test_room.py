"""The Monday's board, the meeting's screen, and how a meeting ends."""

import pytest
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.together import refused, together

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list, open_monday
from publicmeeting.usecases.meetings.deputies import NameHolder, holders, name_holder
from publicmeeting.usecases.meetings.room import (
    FinishMeeting,
    finish_meeting,
    meeting_screen,
    open_meeting,
)
from publicmeeting.usecases.oversight.promises import REFUSALS, CityPromises, city_promises


def test_a_meeting_is_finished_with_an_order_and_not_without(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    assert refused(hall.finish, guest) == "no_outcome"
    hall.order(guest)
    assert hall.finish(guest).stage is Stage.FOLLOW_UP


@pytest.mark.on_postgresql
def test_two_who_are_called_in_at_the_same_instant_are_not_both_in_the_room(hall: Hall):
    for guest in hall.guests:
        hall.arrive(guest)
    first, *others = hall.guests
    calls = [lambda g=g: hall.act("reception", g, Action.CALL_IN, skip="away") for g in others]
    done, words = together(lambda: hall.act("mayor", first, Action.CALL_IN), *calls)
    assert len(done) == 1
    assert {word.key for word in words} == {"room_taken"}


def test_finishing_twice_is_refused(hall: Hall):
    guest = hall.guests[0]
    hall.met(guest)
    assert refused(hall.finish, guest) == "stage_moved"


def test_a_refusal_needs_an_explanation_and_no_order(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    assert refused(hall.finish, guest, outcome="refused") == "need_note"
    hall.order(guest)
    assert refused(hall.finish, guest, outcome="refused", note="دلیل") == "order_issued"


def test_a_visitor_with_an_order_in_hand_is_not_sent_back_to_be_owed_a_seat_too(hall: Hall):
    """Her next Monday would come before all others, each week again, with an order each time."""
    guest = hall.guests[0]
    hall.receive(guest)
    hall.order(guest)
    for who in ("mayor", "reception"):
        assert refused(hall.act, who, guest, Action.SEND_BACK, note="پس از نماز") == "order_issued"
    assert hall.finish(guest).stage is Stage.FOLLOW_UP


@pytest.mark.on_postgresql
def test_an_order_and_a_refusal_at_the_same_instant_are_one_of_them(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    done, words = together(
        lambda: hall.order(guest),
        lambda: hall.finish(guest, outcome="refused", note="این کار با دادگاه است."),
    )
    assert (len(done), len(words)) == (1, 1)
    assert words[0].key in {"order_issued", "stage_moved"}
    assert (guest.request.stage is Stage.IN_ROOM) is bool(guest.orders)


def test_an_explained_refusal_closes_the_request_and_may_be_objected_to(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    done = hall.finish(guest, outcome="refused", note="این کار با دادگاه است.")
    assert done.stage is Stage.CLOSED
    assert done.seat is None
    objection = TakeStep(code=guest.code, action="object_refusal", note="دادگاه رأی داده است.")
    refusals = CityPromises(which=REFUSALS)
    assert hall.query("overseer", city_promises, refusals).lines == ()
    hall.execute(guest.actor, take_step, objection)
    (waits,) = hall.query("overseer", city_promises, refusals).lines
    assert (waits.code, waits.due_at) == (guest.code, guest.request.due_at)
    hall.act("overseer", guest, Action.ANSWER_OBJECTION, note="رد شهردار درست بود.")
    assert hall.query("overseer", city_promises, refusals).lines == ()
    assert refused(hall.query, "mayor", city_promises, refusals) == "not_your_role"


def test_nobody_else_ends_the_mayors_meeting(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    hall.order(guest)
    for who in ("mayor4", "reception", "deputy"):
        assert refused(hall.finish, guest, who=who) in {"not_found", "not_your_role"}


@pytest.mark.on_postgresql
def test_the_deputy_who_holds_the_monday_orders_and_finishes(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    assert refused(hall.order, guest, who="deputy") == "not_your_role"
    before = hall.query("mayor", holders, ADay()).people
    assert [one.name for one in before if one.holds] == ["mayor"]
    named = NameHolder(account=hall.as_("deputy").account_id)
    after = hall.execute("mayor", name_holder, named)
    assert [one.name for one in after if one.holds] == ["deputy"]
    hall.order(guest, who="deputy")
    assert hall.finish(guest, who="deputy").stage is Stage.FOLLOW_UP


@in_one_city(
    "who, account, word",
    [
        ("mayor", "deputy4", "holder_unknown"),
        ("mayor", "desk", "holder_unknown"),
        ("mayor4", "deputy", "holder_unknown"),
        ("deputy", "deputy", "not_your_role"),
    ],
)
def test_only_the_mayor_names_who_holds_the_day_and_only_her_deputies(
    hall: Hall, who, account, word
):
    command = NameHolder(account=hall.as_(account).account_id)
    assert refused(hall.execute, who, name_holder, command) == word


def test_nobody_is_named_for_a_day_that_is_over(hall: Hall):
    command = NameHolder(account=hall.as_("deputy").account_id, monday=MONDAY.isoformat())
    hall.clock.forward(days=1)
    assert refused(hall.execute, "mayor", name_holder, command) == "too_late"


def test_an_unknown_outcome_is_no_form_of_ours(hall: Hall):
    command = FinishMeeting(code=hall.guests[0].code, outcome="forgotten")
    assert refused(hall.execute, "mayor", finish_meeting, command) == "form_broken"


@pytest.mark.on_postgresql
def test_the_board_shows_who_is_in_and_who_is_next(hall: Hall):
    first, second, third = hall.guests
    hall.clock.forward(minutes=5)
    hall.receive(first)
    hall.arrive(third)
    hall.arrive(second)
    board = hall.query("reception", monday_list, ADay())
    assert board.monday.on == MONDAY
    assert board.in_room.code == first.code
    assert board.next.code == second.code
    assert [visitor.number for visitor in board.visitors] == [1, 2, 3]
    assert board.entry.own_time == at_tehran(MONDAY, "09:15")
    assert board.entry.likely == at_tehran(MONDAY, "09:20")
    assert Action.CALL in {step.action for step in board.visitors[1].steps}


def test_names_are_on_the_board_once_their_opening_is_written(hall: Hall):
    before = hall.query("reception", monday_list, ADay())
    assert {visitor.name for visitor in before.visitors} == {None}
    opened = hall.execute("reception", open_monday, ADay())
    again = hall.query("reception", monday_list, ADay())
    assert all(visitor.name for visitor in (*opened.visitors, *again.visitors))
    assert {visitor.name for visitor in hall.query("mayor", monday_list, ADay()).visitors} == {None}
    with hall.reading() as uow:
        assert [role for role, *_ in uow.requests.openings(hall.guests[0].request)] == ["reception"]


@in_one_city(
    "who, command",
    [
        ("mayor4", ADay(district=6)),
        ("reception", ADay(district=4)),
        ("mayor", ADay(monday="2026-11-24")),
    ],
)
def test_another_district_and_a_day_without_meeting_look_like_none(hall: Hall, who, command):
    assert refused(hall.query, who, monday_list, command) == "not_found"


def test_the_agenda_begins_with_promises_that_are_late(hall: Hall):
    guest = hall.guests[0]
    order = hall.met(guest, due_on="2026-12-02")[0]
    assert hall.query("mayor", agenda, ADay(monday=MONDAY.isoformat())).late == ()
    hall.clock.forward(days=4)
    day = hall.query("mayor", agenda, ADay(monday=MONDAY.isoformat()))
    assert [line.number for line in day.late] == [order.number]
    assert day.late[0].late_days > 0
    assert day.done == 1


def test_the_mayor_reads_a_name_only_after_the_opening_is_written(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    command = OneCase(code=guest.code)
    assert refused(hall.query, "mayor", meeting_screen, command) == "not_opened"
    screen = hall.execute("mayor", open_meeting, command)
    assert screen.person.name == hall.query("mayor", meeting_screen, command).person.name
    assert (screen.number, screen.in_room_since) == (1, hall.clock())
    assert [choice.unit.code for choice in screen.units if choice.suggested] == ["technical"]
    assert refused(hall.execute, "mayor4", open_meeting, command) == "not_found"


def test_the_screen_shows_what_was_promised_before_in_the_same_matter(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    first = hall.order(guest)[0]
    screen = hall.execute("mayor", open_meeting, OneCase(code=guest.code))
    assert [line.number for line in screen.orders] == [first.number]
    assert screen.earlier == ()
    assert screen.next_number != first.number
