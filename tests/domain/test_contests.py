"""Two officers judge a contest of a no-show, each once; only two yes give weeks back."""

from dataclasses import replace

import pytest
from cases import (
    CITIZEN,
    JUDGE,
    OTHER_JUDGE,
    OVERSEER,
    RECEPTION,
    contest_judged,
    contest_picked,
    contested_no_show,
    missed,
    take,
)

from publicmeeting.domain.choices import NoShowReason, Verdict
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.line.history import missed_meetings
from publicmeeting.domain.line.lanes import contests, open_contests, reasons_of
from publicmeeting.domain.roles import CLOCK, Actor, Grant, Role
from publicmeeting.domain.stages import Action

A = Action
LATER_THAT_DAY = missed().history[-1].at


def decided(first: str, second: str):
    case = contest_judged(contest_picked(), JUDGE, first)
    return contest_judged(case, OTHER_JUDGE, second)


@pytest.mark.parametrize(
    ("first", "second", "verdict", "reasons"),
    [
        ("yes", "yes", Verdict.YES, (NoShowReason.WAS_THERE,)),
        ("yes", "no", Verdict.NO, (NoShowReason.NOT_SHOWN,)),
        ("no", "yes", Verdict.NO, (NoShowReason.NOT_SHOWN,)),
        ("no", "no", Verdict.NO, (NoShowReason.NOT_SHOWN,)),
    ],
)
def test_only_two_yes_are_a_yes(first, second, verdict, reasons):
    (contest,) = contests(decided(first, second))
    assert (contest.is_answered, contest.verdict, contest.reasons) == (True, verdict, reasons)


def test_one_answer_decides_nothing():
    (contest,) = open_contests(contest_judged(contest_picked()))
    assert (contest.is_answered, contest.verdict) == (False, Verdict.NO)


def test_an_answer_of_whoever_was_replaced_counts_no_more():
    case = contest_judged(contest_picked())
    case = take(case, A.PICK_CONTEST, CLOCK, contest=1, judges=["judge-2", "judge-3"])
    (contest,) = open_contests(case)
    assert (contest.judges, contest.answers) == (("judge-2", "judge-3"), ())


def test_neither_the_overseer_nor_the_hall_nor_an_officer_who_was_not_picked_judges():
    case = contest_picked()
    other = Actor(account_id="judge-9", grants=(Grant(Role.UNIT, None, "d06-civil"),))
    for actor in (OVERSEER, RECEPTION, CITIZEN, other):
        with pytest.raises(Denied, match="not_your_role"):
            contest_judged(case, actor)
        assert A.JUDGE_NO_SHOW not in {
            step.action for step in steps_open_to(actor, case, LATER_THAT_DAY)
        }


def test_whoever_wrote_the_no_show_does_not_judge_it():
    wrote = missed().last(A.NO_SHOW).account_id
    both = Actor(account_id=wrote, grants=(Grant(Role.DESK, 6, None),))
    with pytest.raises(Denied, match="not_your_role"):
        contest_judged(contest_picked(wrote, "judge"), both)


def test_a_judge_of_another_district_is_none():
    case = replace(contest_picked(), district=7)
    with pytest.raises(Denied, match="not_your_role"):
        contest_judged(case, JUDGE)


def test_a_missed_meeting_counts_no_more_once_the_log_gave_its_weeks_back():
    case = decided("yes", "yes")
    assert missed_meetings(case.history) == 1
    answered = take(case, A.DECIDE_NO_SHOW, CLOCK, contest=1, verdict="yes", reasons=["was_there"])
    assert missed_meetings(answered.history) == 1, "she was out of the line: nothing came back"
    back = take(
        case, A.DECIDE_NO_SHOW, CLOCK, contest=1, verdict="yes", reasons=["was_there"], weeks_back=2
    )
    assert missed_meetings(back.history) == 0
    assert reasons_of(back.history[-1].payload) == (Verdict.YES, (NoShowReason.WAS_THERE,))
    assert open_contests(back) == ()


def test_her_contest_waits_even_where_nobody_can_judge_it_yet():
    (contest,) = open_contests(contested_no_show())
    assert (contest.number, contest.judges) == (1, ())
