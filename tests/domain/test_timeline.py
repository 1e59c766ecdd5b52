"""The timeline: past, present and future, and what each role sees of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cases import (
    ANOTHER_CITIZEN,
    ANSWER_BY,
    CITIZEN,
    DEPUTY,
    DESK,
    DISTRICT,
    DRAWN,
    DUE_ON,
    FILED,
    LATER,
    MAYOR,
    MEETING,
    MONDAY,
    OTHER_DISTRICT,
    PHONE,
    RECEPTION,
    UNIT,
    at,
    at_stage,
    confirmed,
    contested,
    declined,
    done,
    filed,
    follow_up,
    in_action,
    in_room,
    invited,
    issued,
    judged,
    missed,
    official,
    redirected,
    take,
    waiting,
)
from support.each import for_each

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.lifecycle.timeline import (
    DrawSeen,
    Mark,
    MarkState,
    is_meaning_over,
    timeline,
)
from publicmeeting.domain.roles import CLOCK, NOBODY, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import end_of_day, tehran_day

A, O, S = Action, OrderAction, Stage  # noqa: E741  (columns of the table)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def draw(weeks_before, *, seated=False):
    back = weeks_before * WEEK
    return DrawSeen(MONDAY - back, DRAWN - back, seated)


def waited(weeks):
    """Return a request accepted so early that it lost this many draws before it got a seat."""
    early = FILED - weeks * WEEK
    case = take(filed(early), A.ACCEPT, DESK, early + LATER)
    case = take(case, A.SEAT, CLOCK, DRAWN, ends_at=ANSWER_BY)
    draws = [draw(n) for n in range(weeks, 0, -1)]
    return replace(case, seat=invited().seat), (*draws, draw(0, seated=True))


def seen(request, orders=(), viewer=CITIZEN, now=None, draws=(), **kind):
    return timeline(request, orders, viewer, now or request.history[-1].at, draws, **kind)


def states(marks, state):
    return [mark.action or mark.stage for mark in marks if mark.state == state]


def test_past_now_and_ahead_of_an_invitation_after_two_weeks():
    request, draws = waited(2)
    marks = seen(request, draws=draws)
    assert states(marks, "past") == [A.SUBMIT, A.ACCEPT, S.WAITING]
    assert states(marks, "now") == [A.SEAT]
    ahead = [A.CONFIRM, A.ARRIVE, A.CALL_IN, O.ISSUE, O.REPORT, O.CONFIRM_DONE]
    assert states(marks, "ahead") == ahead
    (line,) = [mark for mark in marks if mark.waits]
    assert (line.weeks, line.waits[-1].seated) == (2, True)
    assert (line.at, line.until) == (request.history[1].at, DRAWN)
    (now,) = [mark for mark in marks if mark.state == "now"]
    assert (now.role, now.due_at, now.late_days) == (Role.CLOCK, ANSWER_BY, 0)
    meeting = next(mark for mark in marks if mark.action is A.CALL_IN)
    assert (meeting.at, meeting.role) == (MEETING, Role.RECEPTION)


def test_who_is_seated_at_once_has_no_stretch_of_waiting():
    request, draws = waited(0)
    marks = seen(request, draws=draws)
    assert states(marks, "past") == [A.SUBMIT, A.ACCEPT]
    assert not any(mark.waits for mark in marks)


def test_a_seat_given_up_begins_a_new_stretch():
    request, draws = waited(1)
    request = take(request, A.GIVE_UP_SEAT, CITIZEN)
    marks = seen(request, draws=(*draws, draw(-1)))
    assert states(marks, "past") == [A.SUBMIT, A.ACCEPT, S.WAITING, A.SEAT, A.GIVE_UP_SEAT]
    first, now = [mark for mark in marks if mark.waits]
    assert (first.weeks, first.state) == (1, "past")
    assert (now.weeks, now.state, now.role) == (1, "now", Role.CLOCK)
    assert now.at == request.history[-1].at


@for_each([*Stage])
def test_there_is_exactly_one_present_and_it_is_the_stage(stage):
    request = at_stage(stage)
    (now,) = [mark for mark in seen(request) if mark.state == "now"]
    assert now.stage is stage
    assert now.due_at == request.due_at


@pytest.mark.parametrize("stage", [S.CLOSED, S.DECLINED, S.WITHDRAWN])
def test_what_is_over_has_no_road_ahead(stage):
    assert states(seen(at_stage(stage)), "ahead") == []


@pytest.mark.parametrize(
    ("stage", "first"),
    [(S.NEEDS_INFO, A.GIVE_INFO), (S.ANSWERED, A.SETTLE_ANSWER), (S.WAITING, A.SEAT)],
)
def test_what_is_not_over_has_one(stage, first):
    assert states(seen(at_stage(stage)), "ahead")[0] is first


def test_a_stage_that_goes_on_says_whose_move_it_is():
    assert seen(waiting())[2].role is Role.CLOCK
    (now,) = [mark for mark in seen(in_room()) if mark.state == "now"]
    assert (now.action, now.role) == (None, Role.MAYOR)


def test_while_an_order_is_carried_out_it_is_the_present():
    marks = seen(follow_up(), [in_action()])
    past = [A.SUBMIT, A.ACCEPT, A.SEAT, A.CONFIRM, A.ARRIVE, O.ISSUE, A.CALL_IN, A.FINISH]
    assert sorted(states(marks, "past"), key=str) == sorted([*past, O.TAKE_ON], key=str)
    (now,) = [mark for mark in marks if mark.state == "now"]
    assert (now.stage, now.role) == (OrderStage.IN_ACTION, Role.UNIT)
    assert (now.order_number, now.due_at) == ("14050909067", end_of_day(DUE_ON))
    assert states(marks, "ahead") == [O.REPORT, O.CONFIRM_DONE]
    assert next(m for m in marks if m.state == "ahead").due_at == end_of_day(DUE_ON)


def test_each_order_that_is_not_done_is_a_present_of_its_own():
    second = replace(contested(), id="o2", number="14050909067-2")
    third = replace(done(), id="o3", number="14050909067-3")
    marks = seen(follow_up(), [in_action(), second, third])
    now = [(mark.stage, mark.order_number) for mark in marks if mark.state == "now"]
    assert now == [
        (OrderStage.IN_ACTION, "14050909067"),
        (OrderStage.CONTESTED, "14050909067-2"),
    ]
    assert O.CONFIRM_DONE in states(marks, "past")
    ahead = [(m.action, m.order_number) for m in marks if m.state == "ahead"]
    assert ahead == [
        (O.REPORT, "14050909067"),
        (O.CONFIRM_DONE, "14050909067"),
        (O.RETRY, "14050909067-2"),
        (O.REPORT, "14050909067-2"),
        (O.CONFIRM_DONE, "14050909067-2"),
    ]


def test_the_order_is_seen_before_she_leaves_the_room():
    marks = seen(in_room(), [issued()])
    assert O.ISSUE in states(marks, "past")
    assert states(marks, "now") == [S.IN_ROOM]
    assert states(marks, "ahead") == [O.REPORT, O.CONFIRM_DONE]


def test_a_closed_case_keeps_the_past_of_its_orders():
    request = take(follow_up(), A.CONCLUDE, CLOCK, done().history[-1].at + LATER)
    marks = seen(request, [done()])
    assert states(marks, "past")[-2:] == [O.REPORT, O.CONFIRM_DONE]
    assert states(marks, "now") == [A.CONCLUDE]


def test_the_past_is_in_the_order_in_which_it_happened():
    marks = [m for m in seen(follow_up(), [in_action()]) if m.state == "past"]
    times = [mark.until or mark.at for mark in marks]
    assert times == sorted(times)


def test_a_call_is_shown_to_her_and_to_officials():
    request = take(confirmed(), A.CALL, RECEPTION, MEETING)
    assert A.CALL in states(seen(request), "past")
    for reader in (RECEPTION, MAYOR, DEPUTY):
        assert A.CALL in states(seen(request, viewer=reader), "past")


def test_a_redirect_is_signed_by_the_district_that_made_it():
    (mark,) = [m for m in seen(redirected()) if m.state == "now"]
    assert (mark.action, mark.district) == (A.REDIRECT, DISTRICT)


def commented(audience):
    return take(in_action(), O.COMMENT, MAYOR, note="نظر", audience=audience)


def test_an_internal_comment_is_never_shown_to_the_citizen():
    for audience, shown in (("internal", False), ("citizen", True)):
        order = commented(audience)
        notes = [mark.note for mark in seen(follow_up(), [order]) if mark.action is O.COMMENT]
        assert notes == (["نظر"] if shown else [])
        inside = states(seen(follow_up(), [order], viewer=UNIT), "past")
        assert O.COMMENT in inside


def test_a_mayor_whose_own_case_it_is_has_the_citizens_eyes_for_internal_comments():
    both = replace(MAYOR, person_id="maryam")
    assert O.COMMENT not in states(seen(follow_up(), [commented("internal")], viewer=both), "past")


def test_the_judges_of_a_lane_do_not_see_each_others_answer():
    request = judged()
    for reader, shown in ((DESK, False), (UNIT, False), (CITIZEN, True), (MAYOR, True)):
        assert (A.JUDGE_LANE in states(seen(request, viewer=reader), "past")) is shown


def test_a_unit_sees_its_own_order_and_not_the_one_of_another_unit():
    other = replace(in_action(), id="o2", number="2", unit_id="d06-green_space")
    marks = seen(follow_up(), [in_action(), other], viewer=UNIT)
    assert {mark.order_number for mark in marks} == {None, "14050909067"}
    citizen = seen(follow_up(), [in_action(), other])
    assert {mark.order_number for mark in citizen} == {None, "14050909067", "2"}


@pytest.mark.parametrize("viewer", [NOBODY, ANOTHER_CITIZEN, PHONE])
def test_who_has_no_part_in_a_case_sees_nothing(viewer):
    assert seen(follow_up(), [in_action()], viewer=viewer) == ()


def test_the_mayor_next_door_sees_nothing_and_a_deputy_sees_days_he_does_not_hold():
    request = replace(confirmed(), day_held_by="somebody else")
    assert seen(request, viewer=official(Role.MAYOR, "m", OTHER_DISTRICT)) == ()
    assert seen(request, viewer=DEPUTY) != ()


def test_tracking_by_code_shows_stages_and_nothing_anybody_wrote():
    request = declined()
    full = seen(request)
    thin = seen(request, viewer=NOBODY, stages_only=True)
    assert [(m.action, m.stage, m.at) for m in thin] == [(m.action, m.stage, m.at) for m in full]
    assert any(mark.note for mark in full)
    assert all(not mark.note and not mark.payload for mark in thin)
    order = commented("citizen")
    assert O.COMMENT in states(seen(follow_up(), [order]), "past")
    assert O.COMMENT not in states(seen(follow_up(), [order], NOBODY, stages_only=True), "past")


def test_a_redirect_leaves_the_past_in_the_district_where_it_happened():
    marks = seen(redirected())
    assert [(m.state, m.action, m.district) for m in marks[:2]] == [
        ("past", A.SUBMIT, 6),
        ("now", A.REDIRECT, DISTRICT),
    ]
    accepted = take(redirected(), A.ACCEPT, official(Role.DESK, "desk-7", OTHER_DISTRICT))
    assert [m.district for m in seen(accepted)[:3]] == [6, 6, OTHER_DISTRICT]


def test_lateness_is_counted_from_the_deadline():
    request = filed()  # Saturday, to be screened by the end of Monday
    for now, days in (
        (at(date(2026, 11, 23), "23:59"), 0),
        (at(date(2026, 11, 24), "00:00"), 1),
        (at(date(2026, 11, 25), "10:00"), 2),
        (at(date(2026, 11, 27), "10:00"), 2),
        (at(date(2026, 11, 28), "10:00"), 3),
    ):
        (mark,) = [m for m in seen(request, now=now) if m.state == "now"]
        assert mark.late_days == days


def test_a_deadline_that_passed_on_a_wednesday_is_late_on_thursday():
    wednesday_end = end_of_day(date(2026, 11, 25))
    assert late_days(wednesday_end, at(date(2026, 11, 26), "08:00")) == 1
    assert late_days(None, MEETING) == 0


def test_the_deadline_of_a_contested_no_show_is_seen():
    request = take(missed(), A.CONTEST_NO_SHOW, CITIZEN)
    (now,) = [mark for mark in seen(request) if mark.state == "now"]
    assert (now.stage, now.due_at) == (S.WAITING, request.due_at)
    assert request.due_at is not None
    assert A.CONTEST_NO_SHOW in states(seen(request), "past")


def test_what_goes_on_stands_where_it_began():
    order = take(in_action(), O.COMMENT, UNIT, note="فردا می‌آییم.", audience="citizen")
    marks = [m for m in seen(follow_up(), [order]) if m.state != "ahead"]
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    assert [m.action or m.stage for m in marks[-2:]] == [OrderStage.IN_ACTION, O.COMMENT]


def test_lateness_stands_after_the_order_it_is_about():
    late = take(issued(), O.WARN_UNIT, CLOCK, issued().issued_at + 5 * DAY)
    marks = [m for m in seen(follow_up(), [late]) if m.order_number]
    assert [(m.action, m.state) for m in marks[:2]] == [(O.ISSUE, "now"), (O.WARN_UNIT, "past")]


def test_a_lost_stretch_of_waiting_stands_where_it_began():
    request, draws = waited(2)
    early = request.history[1].at + DAY
    request = replace(
        request,
        history=(
            *request.history[:2],
            replace(request.history[1], action=A.EXCLUDE, from_stage=S.WAITING, at=early),
            *request.history[2:],
        ),
    )
    assert states(seen(request, draws=draws), "past") == [A.SUBMIT, A.ACCEPT, S.WAITING, A.EXCLUDE]


def test_what_several_units_will_do_stands_in_the_order_of_its_days():
    first = replace(in_action(), due_on=DUE_ON + 90 * DAY)
    second = replace(in_action(), id="o2", number="2")
    ahead = [m for m in seen(follow_up(), [first, second]) if m.state == "ahead"]
    assert [(m.action, m.order_number) for m in ahead] == [
        (O.REPORT, "2"),
        (O.CONFIRM_DONE, "2"),
        (O.REPORT, first.number),
        (O.CONFIRM_DONE, first.number),
    ]


def test_a_draw_without_a_witness_is_named_where_it_is_told():
    """Beside the lost draw and beside the seat that it gave, and nowhere else."""
    request, (lost, won) = waited(1)
    seat = replace(request.history[-1], payload={"monday": MONDAY.isoformat()})
    request = replace(request, history=(*request.history[:-1], seat))
    for alone, expected in (
        ((), [(), ()]),
        ((lost,), [(lost.monday,), ()]),
        ((won,), [(MONDAY,), (MONDAY,)]),
    ):
        draws = [replace(one, witnessed=one not in alone) for one in (lost, won)]
        for stages_only in (False, True):
            marks = seen(request, draws=draws, stages_only=stages_only)
            shown = [mark for mark in marks if mark.waits or mark.action is Action.SEAT]
            assert [mark.alone for mark in shown] == expected
            assert not any(mark.alone for mark in marks if mark not in shown)


def past(action, stage):
    return Mark(MarkState.PAST, stage, Role.RECEPTION, DISTRICT, action, MEETING)


def current(stage, *, since):
    return Mark(MarkState.NOW, stage, Role.CLOCK, DISTRICT, at=since)


def over(mark, *later, days=0):
    return is_meaning_over(mark, later, tehran_day(MEETING) + days * DAY)


def test_what_a_step_said_to_do_is_over_when_a_later_step_is_current():
    confirms = past(A.CONFIRM, S.CONFIRMED)
    assert not over(confirms, days=30)
    assert over(confirms, current(S.FOLLOW_UP, since=MEETING + WEEK))
    assert not over(replace(confirms, is_undoable=True), current(S.WAITING, since=MEETING + DAY))
    assert not over(past(A.DECIDE_LANE, S.WAITING), current(S.FOLLOW_UP, since=MEETING + WEEK))


@pytest.mark.parametrize("action", [A.ASK_CALL, A.ASK_VISIT, A.CHANGE_PLACE])
def test_how_and_where_she_would_be_received_is_over_with_the_meeting(action):
    step = past(action, S.CONFIRMED)
    assert not over(step, days=6), "the seat she holds is still to come"
    assert over(step, current(S.FOLLOW_UP, since=MEETING + WEEK), days=7)


@pytest.mark.parametrize(
    ("action", "stage"),
    [(A.PRESENT, S.WAITING), (A.UNDO_LATE, S.WAITING), (A.CALL_IN, S.IN_ROOM)],
)
def test_what_she_was_to_do_in_the_hall_is_over_after_its_day(action, stage):
    """A standby in vain stays in the line, and the room is a state that the call itself began."""
    step = past(action, stage)
    for later in ((), (current(stage, since=MEETING),)):
        assert not over(step, *later)
        assert over(step, *later, days=1)
    assert over(step, current(S.FOLLOW_UP, since=MEETING + timedelta(minutes=9)))
