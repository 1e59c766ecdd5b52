"""A contest is judged at any later stage of its request; the weeks follow the public log."""

from datetime import date, timedelta

import pytest
from support.audited import against_log, all_draws
from support.contests import (
    answer,
    contest_id,
    decide,
    is_missed,
    judges_of,
    missed_on_second_monday,
)
from support.line import MONDAY, Citizen, Line
from support.together import together
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.line.history import missed_meetings
from publicmeeting.domain.stages import Action
from publicmeeting.turns.kinds import wrong_keys
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.oversight.books import draws_hold, tables_follow
from publicmeeting.usecases.oversight.promises import (
    REDIRECTS,
    CityPromises,
    city_promises,
)
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.turn import my_turn

A = Action
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEDNESDAY = MONDAY - 5 * DAY
SEATS = 8
WRONG = "در سالن بودم و کسی نام مرا نخواند."
HERE = "خانه در منطقهٔ ۶ است."


@pytest.fixture
def absent(line: Line) -> Citizen:
    """A citizen with one week who was just marked absent from the second Monday.

    Nobody else is left in the line.
    """
    (citizen,) = line.begun(missed_on_second_monday)
    return citizen


def _listed(line: Line, which: str) -> list[str]:
    page = line.city.application.query_as(
        line.city.as_("overseer"), city_promises, CityPromises(which=which)
    )
    return [city_line.code for city_line in page.lines]


def _everybody_counts_the_same(line: Line) -> None:
    """Check the whole log with every file, and `doctor`."""
    with line.reading() as uow:
        files = [draw.file for draw in all_draws(uow)]
        assert list(tables_follow(uow, line.clock())) == []
    log = [entry.published for entry in line.log()]
    assert against_log(files, log).faults == {}


def _judged(line: Line) -> list[str]:
    return [entry["verdict"] for entry in line.entries("contest_judged")]


def test_who_is_seated_again_first_keeps_the_invitation_and_gets_the_weeks(
    line: Line, absent: Citizen
) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    invited = absent.request
    assert (invited.stage.value, invited.waited) == ("invited", 0)
    decide(line, absent)
    judged = absent.request
    assert (judged.stage, judged.due_at, judged.seat) == (
        invited.stage,
        invited.due_at,
        invited.seat,
    )
    assert (judged.waited, judged.debt, judged.missed) == (1, 0, 0)
    absent.does(A.GIVE_UP_SEAT)
    line.until(WEDNESDAY + 3 * WEEK, "21:00")
    _everybody_counts_the_same(line)


def test_the_log_has_the_contest_both_answers_and_the_weeks(line: Line, absent: Citizen) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    decide(line, absent)
    log = line.log()
    missed, contested, first, second, back = (
        [entry for entry in log if entry.kind.value == kind][at]
        for kind, at in (
            ("no_show", 0),
            ("contested", 0),
            ("contest_judged", 0),
            ("contest_judged", 1),
            ("weeks_back", 0),
        )
    )
    assert contested.body["because"] == [missed.seq]
    assert first.body["because"] == second.body["because"] == [contested.seq]
    assert back.body["because"] == [contested.seq, first.seq, second.seq]
    assert back.body["waited"] == absent.waited == 1
    units = {entry.body["officer"].partition("/")[0] for entry in (first, second)}
    assert len(units) == 2
    assert not units & {missed.body["officer"].partition("/")[0]}
    assert not any(wrong_keys(entry.kind, entry.body) for entry in log)


@pytest.mark.parametrize("verdicts", [("yes", "no"), ("no", "no")])
def test_one_no_keeps_the_no_show(line: Line, absent: Citizen, verdicts: tuple[str, str]) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    decide(line, absent, verdicts)
    assert (absent.waited, absent.request.missed) == (0, 1)
    assert sorted(_judged(line)) == sorted(verdicts)
    assert line.entries("weeks_back") == []
    _everybody_counts_the_same(line)


def test_an_invitation_does_not_take_the_three_days_to_contest(line: Line, absent: Citizen) -> None:
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    due_at = absent.request.due_at
    contested = absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    assert (contested.stage.value, contested.due_at) == ("invited", due_at)
    mine = line.city.application.query_as(absent.actor, my_turn, OneCase(code=absent.code)).contest
    assert mine is not None
    assert mine.due_at not in (None, due_at), "five working days, not those of her invitation"
    absent.does(A.CONFIRM)
    line.until(MONDAY + 2 * WEEK, "08:55")
    line.official("reception", absent, A.ARRIVE, identity=absent.identity)
    decide(line, absent)
    assert (absent.stage, absent.waited, absent.request.debt) == ("arrived", 1, 0)
    line.official("reception", absent, A.CALL_IN)
    _everybody_counts_the_same(line)


def test_three_days_are_counted_to_the_second(line: Line, absent: Citizen) -> None:
    line.until(MONDAY + WEEK + 3 * DAY, "10:00")
    line.clock.forward(seconds=1)
    with pytest.raises(Denied, match="contest_late"):
        absent.does(A.CONTEST_NO_SHOW, note=WRONG)


def test_who_is_out_of_the_line_is_answered_and_given_nothing(line: Line, absent: Citizen) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    absent.does(A.WITHDRAW)
    decide(line, absent)
    assert (absent.stage, absent.waited, absent.request.debt) == ("withdrawn", 0, 0)
    assert (_judged(line), line.entries("weeks_back")) == (["yes", "yes"], [])
    _everybody_counts_the_same(line)


def test_who_undoes_her_leaving_gets_what_was_judged_meanwhile_once(
    line: Line, absent: Citizen
) -> None:
    """A withdrawal forged in her name while her contest is judged takes nothing from her.

    Nor do rows that name other entries of the log as the judges' answers.
    """
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    absent.does(A.WITHDRAW)
    decide(line, absent)
    write(line, "UPDATE lane_judge SET logged_seq = 1")
    for _ in range(2):
        line.city.application.execute_as(absent.actor, undo_leaving, OneCase(code=absent.code))
        assert (absent.stage, absent.waited, absent.request.missed) == ("waiting", 1, 0)
        assert missed_meetings(absent.request.history) == 0
        assert len(line.entries("weeks_back")) == 1
        absent.does(A.WITHDRAW)
    _everybody_counts_the_same(line)


def test_weeks_that_came_back_by_coming_late_come_back_once(line: Line, absent: Citizen) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    line.official("reception", absent, A.COME_LATE, identity=absent.identity)
    assert absent.waited == 1
    line.until(MONDAY + WEEK, "20:00")
    assert absent.stage == "waiting"
    decide(line, absent)
    assert (absent.waited, absent.request.debt, absent.request.missed) == (1, 1, 0)
    assert line.entries("weeks_back") == []
    _everybody_counts_the_same(line)


def test_who_came_late_has_nothing_to_contest(line: Line, absent: Citizen) -> None:
    line.official("reception", absent, A.COME_LATE, identity=absent.identity)
    line.until(MONDAY + WEEK, "20:00")
    with pytest.raises(Denied, match="nothing_lost"):
        absent.does(A.CONTEST_NO_SHOW, note=WRONG)


def test_weeks_lost_by_something_else_since_stay_lost_and_the_contested_ones_come_back(
    line: Line, absent: Citizen
) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    absent.does(A.CONFIRM)
    line.until(MONDAY + 2 * WEEK - DAY, "21:00")
    absent.does(A.GIVE_UP_SEAT)
    decide(line, absent)
    assert absent.waited == 1
    line.until(WEDNESDAY + 3 * WEEK, "21:00")
    _everybody_counts_the_same(line)


def test_two_contests_are_judged_one_after_the_other(line: Line, absent: Citizen) -> None:
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    absent.does(A.CONFIRM)
    line.until(MONDAY + 2 * WEEK, "10:00")
    is_missed(line, absent)
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    first = contest_id(line, absent)
    decide(line, absent)
    assert (absent.waited, absent.request.missed) == (1, 1)
    assert contest_id(line, absent) != first
    decide(line, absent, ("no", "no"))
    assert (absent.waited, absent.request.missed) == (1, 1)
    _everybody_counts_the_same(line)


@pytest.mark.on_postgresql
def test_a_week_that_a_draw_gives_while_both_answer_is_counted_once(
    line: Line, absent: Citizen
) -> None:
    """That Monday was closed before its list, so its draw without seats runs after the reveals."""
    absent.does(A.CONTEST_NO_SHOW, note=WRONG)
    ask_id = contest_id(line, absent)
    first, second = judges_of(line, absent)
    answer(line, first, ask_id, "yes")
    line.close(MONDAY + 2 * WEEK)
    line.until(MONDAY + 8 * DAY, "21:59")
    assert absent.waited == 0
    together(
        lambda: line.until(MONDAY + 8 * DAY, "22:00"), lambda: answer(line, second, ask_id, "yes")
    )
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    assert (absent.waited, absent.request.missed) == (2, 0)
    (back,) = line.entries("weeks_back")
    assert back["waited"] in {1, 2}
    _everybody_counts_the_same(line)


def test_a_judged_contest_ends_its_own_clock_and_no_other(line: Line, absent: Citizen) -> None:
    assert absent.does(A.CONTEST_NO_SHOW, note=WRONG).due_at is not None
    decide(line, absent, ("no", "no"))
    assert absent.request.due_at is None


def _declined(line: Line) -> Citizen:
    """Return a citizen who objects to a redirect to district 4, before and after its acceptance."""
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, A.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    line.official("desk4", citizen, A.ACCEPT)
    citizen.does(A.OBJECT_REDIRECT, note=HERE)
    return citizen


@pytest.mark.on_postgresql
def test_what_a_desk_accepted_still_goes_back_with_its_weeks(line: Line) -> None:
    line.file(2 * SEATS, accepted=False, district=4)
    line.until(WEDNESDAY, "21:00")
    citizen = _declined(line)
    line.until(WEDNESDAY + WEEK, "21:00")
    assert (citizen.stage, citizen.waited) == ("waiting", 1), "the others have waited longer"
    old = citizen.request.ticket
    _goes_back(line, citizen)
    back = citizen.request
    assert (back.district, back.stage.value, back.waited, back.debt) == (6, "submitted", 1, 0)
    assert back.ticket != old
    assert _listed(line, REDIRECTS) == []
    line.until(WEDNESDAY + 2 * WEEK, "21:00")
    file = line.draw(MONDAY + 2 * WEEK).file
    assert [one["waited"] for one in file["pool"] if one["ticket"] == back.ticket] == [1]
    assert [one["why"] for one in file["seated"] if one["ticket"] == back.ticket] == ["line"]
    _everybody_counts_the_same(line)


def test_the_mondays_she_left_out_stay_out_under_her_new_ticket(line: Line) -> None:
    citizen = _declined(line)
    line.until(WEDNESDAY, "21:00")
    citizen.does(A.MOVE_ONCE, monday=(MONDAY + 2 * WEEK).isoformat())
    for action, weeks in ((A.EXCLUDE, 3), (A.EXCLUDE, 4), (A.INCLUDE, 4)):
        citizen.does(action, monday=(MONDAY + weeks * WEEK).isoformat())
    before = len(line.entries("monday_excluded"))
    _goes_back(line, citizen)
    assert line.entries("monday_excluded")[before:] == []
    line.until(WEDNESDAY + WEEK, "21:00")
    assert line.draw(MONDAY + WEEK).file["pool"] == []
    with line.reading() as uow:
        assert list(draws_hold(uow, line.clock())) == [], "the seat of her old ticket was drawn"


def _goes_back(line: Line, citizen: Citizen) -> None:
    line.official("overseer", citizen, A.REDIRECT, district="6", note="حق با شهروند است.")


def test_the_overseer_sends_nobody_from_district_to_district(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, A.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    _goes_back(line, citizen)
    with pytest.raises(Denied, match="no_objection"):
        line.official("overseer", citizen, A.REDIRECT, district="4", note="نه")
    citizen.does(A.OBJECT_REDIRECT, note="خانهٔ من در منطقهٔ ۴ است.")
    moved = line.official("overseer", citizen, A.REDIRECT, district="4", note="حق با شماست.")
    assert moved.district == 4


def test_nothing_accepted_moves_without_an_objection(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, A.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    line.official("desk4", citizen, A.ACCEPT)
    for who in ("overseer", "desk4"):
        with pytest.raises(Denied, match=r"no_objection|redirected_once"):
            line.official(who, citizen, A.REDIRECT, district="6", note="نه")
    (other,) = line.file(1)
    with pytest.raises(Denied, match="redirect_accepted"):
        line.official("desk", other, A.REDIRECT, district="4", note="نه")


def test_the_list_that_is_fixed_is_not_touched_and_the_objection_can_be_answered(
    line: Line,
) -> None:
    citizen = _declined(line)
    line.until(WEDNESDAY - DAY, "13:00")
    with pytest.raises(Denied, match="redirect_frozen"):
        _goes_back(line, citizen)
    line.until(WEDNESDAY, "21:00")
    assert citizen.stage == "invited"
    assert _listed(line, REDIRECTS) == [citizen.code]
    case = line.city.application.execute_as(
        line.city.as_("overseer"), open_case, OneCase(code=citizen.code)
    )
    assert [step.action for step in case.steps] == [A.KEEP_DISTRICT]
    due_at = citizen.request.due_at
    line.official("overseer", citizen, A.KEEP_DISTRICT, note="نوبت گرفته است؛ همین‌جا بیاید.")
    assert (citizen.stage, citizen.request.due_at) == ("invited", due_at)
    assert _listed(line, REDIRECTS) == []


def test_a_desk_that_accepts_at_once_does_not_end_the_ten_days_to_object(line: Line) -> None:
    citizen = _declined(line)
    assert _listed(line, REDIRECTS) == [citizen.code]
    with pytest.raises(Denied, match="objected_once"):
        citizen.does(A.OBJECT_REDIRECT, note=HERE)
    _goes_back(line, citizen)
    assert citizen.request.district == 6
    assert _listed(line, REDIRECTS) == []
    line.until(date(2026, 11, 24), "13:00")
    assert citizen.request.ticket in {row["ticket"] for row in line.draw().file["pool"]}
    _everybody_counts_the_same(line)
