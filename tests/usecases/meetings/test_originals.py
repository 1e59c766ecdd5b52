"""On the day, reception checks the original of a lane's document beside the card."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.documents import Documents, by_a_lane
from support.line import MONDAY, WEDNESDAY, Citizen, Line

from publicmeeting.domain.choices import LaneReason, Original
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.ui.public.rules import original_rows, originals_sum
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.lanes import AskLane, LaneRates, ask_lane, lane_rates
from publicmeeting.usecases.meetings.agenda import ADay, Visitor, monday_list
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.oversight.promises import promise_figures

OVER = MONDAY + timedelta(days=5)
NOTE = "این کار در اختیار شهرداری نیست."


def both_there(line: Line) -> list[Citizen]:
    """Citizens in the hall: one with the lane's seat, and another one."""
    both = by_a_lane(line)
    for citizen in both:
        line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    return both


@pytest.fixture
def came(line: Line) -> Citizen:
    return line.begun(both_there)[0]


def answer(citizen: Citizen, original: str) -> None:
    citizen.line.official("reception", citizen, Action.CHECK_ORIGINAL, original=original)


def at_the_reception(citizen: Citizen) -> Visitor:
    line = citizen.line
    day = ADay(monday=MONDAY.isoformat())
    board = line.city.application.query_as(line.city.as_("reception"), monday_list, day)
    return next(visitor for visitor in board.visitors if visitor.code == citizen.code)


def test_reception_reads_which_paper_and_nothing_of_whoever_came_by_her_weeks(line):
    came, beside = line.begun(both_there)
    seen = at_the_reception(came)
    assert (seen.papers, seen.original) == ((LaneReason.CERTIFIED,), None)
    assert Action.CHECK_ORIGINAL in {step.action for step in seen.steps}
    other = at_the_reception(beside)
    assert other.papers == ()
    assert Action.CHECK_ORIGINAL not in {step.action for step in other.steps}
    with pytest.raises(Denied, match="no_lane_seat"):
        answer(beside, "seen")


@pytest.mark.parametrize("original", ["not_hers"])
def test_whatever_is_answered_she_is_received(came: Citizen, line: Line, original: str) -> None:
    answer(came, original)
    assert at_the_reception(came).original is Original(original)
    line.official("reception", came, Action.CALL_IN)
    assert came.stage == Stage.IN_ROOM


def test_the_newest_answer_counts_and_every_one_stays_in_her_history(came: Citizen) -> None:
    """Her son brings the paper later, or a hurried clerk pressed the wrong button."""
    answer(came, "not_shown")
    answer(came, "seen")
    assert at_the_reception(came).original is Original.SEEN
    assert came.request.count(Action.CHECK_ORIGINAL) == 2


def test_who_goes_home_before_she_is_called_brings_the_answer_along(came: Citizen, line: Line):
    """She is then owed a seat that no lane gave: nobody asks again, and the mayor reads it."""
    answer(came, "not_hers")
    line.until(WEDNESDAY + timedelta(weeks=1), "20:00")
    seat = came.request.seat
    assert seat is not None
    assert seat.why == "debt"
    day = ADay(monday=(MONDAY + timedelta(weeks=1)).isoformat())
    board = line.city.application.query_as(line.city.as_("mayor"), monday_list, day)
    (hers,) = (visitor for visitor in board.visitors if visitor.code == came.code)
    assert hers.original is Original.NOT_HERS


@pytest.mark.parametrize(("original", "many"), [("not_shown", 0), ("not_hers", 1)])
def test_whoever_is_accused_reads_it_in_the_hall(
    came: Citizen, line: Line, original: str, many: int
) -> None:
    """The mayor reads it before she goes in, and she can show the paper to him."""
    answer(came, original)
    with line.reading() as uow:
        notices = [one for one in uow.outbox.due(1000) if one.action == Action.CHECK_ORIGINAL]
    assert len(notices) == many


def public(line: Line) -> LaneRates:
    """Return the lane figures that anybody can read."""
    return line.city.application.query_as(Actor(), lane_rates, Nothing())


def rates(line: Line) -> tuple[int, ...]:
    (rate,) = public(line).rates
    return rate.came, rate.seen


def over(line: Line) -> None:
    """Let the week of the meeting pass."""
    line.until(OVER)


@pytest.mark.parametrize(("original", "counted"), [("seen", (1, 1)), ("not_hers", (1, 0))])
def test_everybody_reads_how_many_came_with_their_paper(came, line, original, counted):
    before = rates(line)
    answer(came, original)
    assert rates(line) == before == (0, 0), "beside her arrival it would name her ticket"
    over(line)
    assert rates(line) == counted
    overseer = line.city.as_("overseer")
    figures = line.city.application.query_as(overseer, promise_figures, Nothing())
    assert sum(figure.not_hers for figure in figures) == (original == "not_hers")


@pytest.mark.on_postgresql
def test_of_whom_a_paper_was_not_nobody_counts_out(came: Citizen, line: Line) -> None:
    """A district gives a lane one seat, so a figure that changes in that week names its holder."""
    shown = []
    for original in ("not_shown", "not_hers"):
        answer(came, original)
        with line.reading() as uow:
            found = uow.lanes.rates(at_tehran(OVER))
        shown.append((original_rows(found), originals_sum(found)))
    assert shown[0] == shown[1]


def leaves(came: Citizen) -> Citizen:
    """End the meeting with an explained no; she files again on Tuesday."""
    line = came.line
    line.official("reception", came, Action.CALL_IN)
    line.city.application.execute_as(
        line.city.as_("mayor"),
        finish_meeting,
        FinishMeeting(code=came.code, outcome="refused", note=NOTE),
    )
    return line.file_again(came)


def test_a_reception_that_looks_at_nothing_is_counted(came: Citizen, line: Line) -> None:
    leaves(came)
    over(line)
    assert rates(line) == (1, 0)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("original", ["not_hers"])
def test_she_asks_for_the_next_lane_where_the_original_is_seen(
    came: Citizen, line: Line, documents: Documents, original: str
) -> None:
    answer(came, original)
    again = leaves(came)
    picture = documents.picture(again, "7")
    with pytest.raises(Denied, match="original_first"):
        documents.ask(again, photos=(picture,))
    at_a_desk = replace(again.actor, account_id=line.city.as_("desk").account_id)
    command = AskLane(code=again.code, lane="access", photos=(picture,))
    line.city.application.execute_as(at_a_desk, ask_lane, command)
    again.does(Action.WITHDRAW)
    documents.ask(line.file_again(again))  # the desk has seen the paper, so she may ask again


@pytest.mark.parametrize("original", ["seen", ""])
def test_whose_paper_was_seen_or_asked_for_by_nobody_asks_as_before(
    came: Citizen, documents: Documents, original: str
) -> None:
    if original:
        answer(came, original)
    documents.ask(leaves(came))
