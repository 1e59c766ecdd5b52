"""Attempts to get a seat earlier, or to keep somebody else from one."""

from datetime import date, timedelta

import pytest
from support.line import DISTRICT, MONDAY, Line, recomputed_weeks, resets

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.tracking.turn import my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SATURDAY_BEFORE = MONDAY - 9 * DAY
"""At its end filing for the Monday closes."""
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SEATS = 8
ELSEWHERE = 4


def pool(line: Line, monday: date = MONDAY, district: int = DISTRICT) -> dict[str, int]:
    """Return ticket → weeks waited of a frozen pool."""
    return {row["ticket"]: row["waited"] for row in line.draw(monday, district).file["pool"]}


# Holding a place for ever: always invited, never coming.


def test_who_gives_up_every_seat_begins_anew_each_third_time(line: Line) -> None:
    (parker,) = line.drawn(1)
    costs = []
    for week in range(4):
        line.until(WEDNESDAY + week * WEEK, "21:00")
        seen = line.city.application.query_as(parker.actor, my_turn, OneCase(code=parker.code))
        costs.append(seen.cost.weeks)
        parker.does(Action.GIVE_UP_SEAT)
    assert costs == ["", "", "given_up_third", ""]
    assert resets(line) == [(parker.request.ticket, "seat_given_up")]


@pytest.mark.on_postgresql
def test_silence_counts_also_when_it_is_not_twice_in_a_row(line: Line) -> None:
    (silent,) = line.drawn(1)
    for week, answers in enumerate((False, True, False)):
        line.until(WEDNESDAY + week * WEEK, "21:00")
        seen = line.city.application.query_as(silent.actor, my_turn, OneCase(code=silent.code))
        assert seen.silence_costs is (week > 0)
        if answers:
            silent.does(Action.GIVE_UP_SEAT)
    assert resets(line) == []
    line.until(MONDAY + 2 * WEEK)
    assert resets(line) == [(silent.request.ticket, "seat_lapsed")]


def test_declining_every_offer_brings_nobody_forward_and_nobody_back(line: Line) -> None:
    """Her weeks are the draws that she lost, whatever she does with offers."""
    others = line.drawn(SEATS + 4)
    for citizen in [one for one in others if one.stage == "invited"]:
        citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    offered = [one for one in others if one.stage == "invited"]
    assert len(offered) == 4
    for citizen in offered:
        citizen.does(Action.GIVE_UP_SEAT)
    assert {one.waited for one in offered} == {1}
    assert len(line.entries("offer_refused")) == 4
    weeks = recomputed_weeks(line)
    assert all(weeks[one.request.ticket] == one.waited for one in others)


def test_an_offer_is_taken_or_left_and_not_moved(line: Line) -> None:
    citizens = line.drawn(SEATS + 1)
    first = next(citizen for citizen in citizens if citizen.stage == "invited")
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    last = next(citizen for citizen in citizens if citizen.request.last(Action.OFFER))
    with pytest.raises(Denied, match="offer_not_moved"):
        last.does(Action.MOVE_ONCE, monday=(MONDAY + WEEK).isoformat())
    assert (last.stage, last.waited) == ("invited", 1)


def test_a_monday_left_out_is_no_week_and_can_be_put_back_until_the_freeze(line: Line) -> None:
    citizens = line.file(SEATS + 2)
    away, back = citizens[:2]
    for citizen in (away, back):
        citizen.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "11:59")
    back.does(Action.INCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "12:00")
    for action in (Action.EXCLUDE, Action.INCLUDE):
        with pytest.raises(Exception, match="monday_frozen"):
            away.does(action, monday=MONDAY.isoformat())
    assert away.request.ticket not in pool(line)
    assert back.request.ticket in pool(line)
    line.until(WEDNESDAY, "20:00")
    assert away.waited == 0
    for citizen in citizens:
        if citizen.stage == "invited":
            citizen.does(Action.GIVE_UP_SEAT)
            line.worker.tick()
    assert away.request.last(Action.OFFER) is None
    line.until(TUESDAY + WEEK, "12:00")
    assert pool(line, MONDAY + WEEK)[away.request.ticket] == 0


def test_a_monday_chosen_twice_is_done_and_is_one_entry(line: Line) -> None:
    (citizen,) = line.file(1)
    for kind, action in (("monday_excluded", Action.EXCLUDE), ("monday_included", Action.INCLUDE)):
        citizen.does(action, monday=MONDAY.isoformat())
        with pytest.raises(Denied, match="stage_moved") as again:
            citizen.does(action, monday=MONDAY.isoformat())
        assert again.value.facts["already"] == action.value
        assert len(line.seqs(kind)) == 1


def test_a_monday_never_left_out_is_not_put_back(line: Line) -> None:
    """A forged event must not make the log accuse the city."""
    (citizen,) = line.file(1)
    with pytest.raises(Denied, match="stage_moved"):
        citizen.does(Action.INCLUDE, monday=MONDAY.isoformat())
    assert line.seqs("monday_included") == []


@pytest.mark.parametrize("action", [Action.EXCLUDE, Action.INCLUDE])
def test_a_press_of_noon_that_waited_for_the_list_comes_too_late(line: Line, action) -> None:
    """Its time was read before the list was fixed, but its entry would come after it."""
    (citizen,) = line.file(1)
    if action is Action.INCLUDE:
        citizen.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "11:59")
    pressed = line.clock.now
    line.until(TUESDAY, "12:00")
    command = TakeStep(code=citizen.code, action=action, monday=MONDAY.isoformat())
    with (
        pytest.raises(Invalid, match="monday_frozen"),
        line.city.application.store.unit_of_work(line.clock.now) as uow,
    ):
        take_step(uow, citizen.actor, command, pressed)


# A desk that tries to exclude somebody.


def test_what_a_clerk_leaves_lying_is_taken_in_and_cannot_be_turned_away(line: Line) -> None:
    (left,) = line.file(1, accepted=False)
    line.until(TUESDAY, "12:00")
    assert left.stage == "waiting"
    assert line.entries("taken_in") == [], "she is in the line from the day she filed"
    assert left.request.ticket in pool(line)
    for action, fields in (
        (Action.DECLINE, {"reason": "other_body", "note": "نه"}),
        (Action.ASK_INFO, {"note": "نشانی؟"}),
        (Action.ANSWER, {"note": "شد"}),
        (Action.ACCEPT, {}),
    ):
        with pytest.raises(Denied, match="stage_moved"):
            line.official("desk", left, action, **fields)
    line.until(WEDNESDAY, "20:00")
    assert left.stage == "invited"


def test_nobody_is_sent_on_between_the_close_of_her_line_and_its_list(line: Line) -> None:
    """Minutes before the list, an officer could otherwise leave a friend alone in it."""
    sent, objected = line.file(2, accepted=False)
    note = "این خیابان در منطقهٔ ۴ است."
    line.official("desk", objected, Action.REDIRECT, district=str(ELSEWHERE), note=note)
    objected.does(Action.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    for day, hour in ((SATURDAY_BEFORE + DAY, "00:00"), (TUESDAY, "11:59")):
        line.until(day, hour)
        with pytest.raises(Denied, match="redirect_line_closed"):
            line.official("desk", sent, Action.REDIRECT, district=str(ELSEWHERE), note=note)
        with pytest.raises(Denied, match="redirect_line_closed"):
            line.official("overseer", objected, Action.REDIRECT, district="6", note=note)
    line.until(TUESDAY, "12:00")
    with pytest.raises(Denied, match="redirect_frozen"):
        line.official("overseer", objected, Action.REDIRECT, district="6", note=note)
    assert sent.request.ticket in pool(line)
    assert objected.request.ticket in pool(line, district=ELSEWHERE)
    line.until(WEDNESDAY, "20:00")
    objected.does(Action.GIVE_UP_SEAT)
    line.official("overseer", objected, Action.REDIRECT, district="6", note=note)
    assert objected.request.district == DISTRICT


@pytest.mark.parametrize(
    ("day", "hour", "refused"),
    [
        (SATURDAY_BEFORE, "23:59", False),
        (SATURDAY_BEFORE + DAY, "00:00", True),
    ],
)
def test_nothing_is_asked_of_her_once_the_line_is_closed(
    line: Line, day: date, hour: str, *, refused: bool
) -> None:
    (asked,) = line.file(1, accepted=False)
    line.until(day, hour)
    if refused:
        with pytest.raises(Denied, match="line_closed"):
            line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    else:
        line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
        asked.does(Action.GIVE_INFO, note="نبش وصال")
    line.until(TUESDAY, "12:00")
    assert asked.request.ticket in pool(line)


def test_who_files_after_the_line_closed_can_be_asked_before_her_own_closes(line: Line) -> None:
    line.begins(SATURDAY_BEFORE + DAY, "09:00")
    (later,) = line.file(1, accepted=False)
    line.until(TUESDAY, "11:00")
    line.official("desk", later, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    assert later.stage == "needs_info"
    later.does(Action.GIVE_INFO, note="نبش وصال")
    line.until(SATURDAY_BEFORE + WEEK + DAY, "09:00")
    with pytest.raises(Denied, match="line_closed"):
        line.official("second_desk", later, Action.ASK_INFO, note="باز هم؟")


def test_in_the_last_days_the_desk_accepts_and_takes_nobody_out(line: Line) -> None:
    accepted, other = line.file(2, accepted=False)
    line.until(TUESDAY - DAY, "23:59")
    line.official("desk", accepted, Action.ACCEPT)
    with pytest.raises(Denied, match="line_closed"):
        line.official("desk", other, Action.DECLINE, reason="other_body", note="کار دادگاه است.")
    line.until(TUESDAY, "12:00")
    assert {accepted.request.ticket, other.request.ticket} <= set(pool(line))


# A Monday that is closed.


def test_a_closed_monday_is_drawn_without_seats_and_the_week_counts(line: Line) -> None:
    citizens = line.file(3)
    line.close()
    line.until(WEDNESDAY, "20:00")
    file = line.draw().file
    assert (file["seats"], file["seated"]) == ([], [])
    assert {citizen.waited for citizen in citizens} == {1}
    assert recomputed_weeks(line) == {citizen.request.ticket: 1 for citizen in citizens}


# Another request, another district.


def test_who_files_again_begins_with_no_weeks(line: Line) -> None:
    citizens = line.drawn(SEATS + 1)
    loser = next(citizen for citizen in citizens if citizen.stage == "waiting")
    old = loser.request
    assert old.waited == 1
    loser.does(Action.WITHDRAW)
    (again,) = line.file(1)
    assert (again.waited, again.request.debt, again.request.lane) == (0, 0, "general")
    assert again.request.ticket != old.ticket
    assert line.entries("taken_out")[-1]["ticket"] == old.ticket


def test_a_winner_who_withdrew_releases_the_seat_at_once(line: Line) -> None:
    citizens = line.file(SEATS + 2)
    line.until(TUESDAY, "13:00")
    leavers = citizens[:5]
    for leaver in leavers:
        leaver.does(Action.WITHDRAW)
    line.until(WEDNESDAY, "20:00")
    file = line.draw().file
    gone = {citizen.request.ticket for citizen in leavers}
    assert gone <= {row["ticket"] for row in file["pool"]}
    won = [one for one in file["seated"] if one["ticket"] in gone]
    assert won
    assert line.entries("seat_given_up") == []
    (drawn,) = [e.seq for e in line.log() if e.kind == "draw" and e.body["draw"] == line.draw().id]
    standby = [t for t in file["standby"] if t not in gone]
    causes = {tuple(entry["because"]) for entry in line.entries("offered")}
    assert causes == ({(drawn,)} if standby else set())  # all standbys may have left too
    offered = {entry["time"] for entry in line.entries("offered")}
    assert len(offered) == min(len(won), len(standby))


def test_a_request_sent_to_another_district_stands_in_that_line_only(line: Line) -> None:
    (sent,) = line.file(1, accepted=False)
    before = sent.request.ticket
    line.official("desk", sent, Action.REDIRECT, district=str(ELSEWHERE), note="در منطقهٔ ۴ است.")
    after = sent.request.ticket
    assert after != before
    line.until(TUESDAY, "12:00")
    assert before not in pool(line)
    assert pool(line, MONDAY, ELSEWHERE) == {after: 0}
    with pytest.raises(Denied, match="not_found"):
        line.official("desk", sent, Action.ASK_INFO, note="؟")
