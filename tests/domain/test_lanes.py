"""Who judges a document for a lane, and what two answers result in."""

from dataclasses import replace

import pytest
from cases import (
    CITIZEN,
    CLOCK,
    JUDGE,
    OTHER_DISTRICT,
    OTHER_JUDGE,
    filed,
    judged,
    lane_asked,
    take,
)
from support.each import for_each

from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.line.lanes import Officer, counting_answers, open_lane_ask, pick_judges
from publicmeeting.domain.roles import NOBODY, Role
from publicmeeting.domain.stages import Action

PEOPLE = [f"{number:064x}" for number in range(40)]
DESK, BOTH, TECHNICAL, GREEN = "desk", "d06-technical d06-green", "d06-technical", "d06-green"


def officers(**units_of: str) -> list[Officer]:
    return [Officer(name, frozenset(units.split())) for name, units in units_of.items()]


HALL = officers(a=DESK, b=DESK, c=TECHNICAL, d=BOTH, e=GREEN)


@for_each(PEOPLE)
def test_the_two_are_never_of_one_unit(person):
    picked = pick_judges(person, HALL)
    assert picked is not None
    first, second = (
        next(officer for officer in HALL if officer.account_id == name) for name in picked
    )
    assert not first.offices & second.offices


def test_the_lot_of_the_person_picks_and_nothing_else():
    pairs = {person: pick_judges(person, HALL) for person in PEOPLE}
    assert pairs == {person: pick_judges(person, HALL[::-1]) for person in PEOPLE}
    assert {name for pair in pairs.values() for name in pair} == set("abcde")


def test_who_has_read_the_request_is_asked_only_where_nobody_else_is_left():
    reader = Officer("b", frozenset({DESK}), has_read=True)
    others = officers(a=DESK, c=TECHNICAL)
    assert all("b" not in pick_judges(person, [reader, *others]) for person in PEOPLE)
    assert set(pick_judges(PEOPLE[0], [reader, others[1]])) == {"b", "c"}


@pytest.mark.parametrize(
    "few", [officers(), officers(a=DESK), officers(a=DESK, b=DESK), officers(c=TECHNICAL, d=BOTH)]
)
def test_two_of_one_unit_are_not_two(few):
    assert pick_judges(PEOPLE[0], few) is None


def test_a_judge_who_can_go_on_stays():
    for person in PEOPLE:
        picked = pick_judges(person, HALL, {"e"})
        assert picked is not None
        assert "e" in picked
    assert pick_judges(PEOPLE[0], officers(a=DESK, c=TECHNICAL), {"gone"}) is None


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [(("yes", "yes"), "yes"), (("yes", "no"), "no"), (("no", "yes"), "no"), (("no", "no"), "no")],
)
def test_only_two_times_yes_gives_a_lane(answers, verdict):
    case = judged(answers[0])
    ask = open_lane_ask(case)
    assert not ask.is_answered
    assert ask.verdict == "no"
    case = take(case, Action.JUDGE_LANE, OTHER_JUDGE, verdict=answers[1], reason="certified")
    both = open_lane_ask(case)
    assert both.is_answered
    assert both.verdict == verdict


def test_an_answer_of_somebody_who_no_longer_judges_does_not_count():
    case = take(judged(), Action.PICK_JUDGES, CLOCK, judges=["judge-2", "judge-3"])
    assert open_lane_ask(case).answers == ()
    assert not plays(JUDGE, Role.JUDGE, case)


def numbered(case):
    """Return the case with its events numbered from 1, as the store numbers them."""
    events = (replace(event, id=number) for number, event in enumerate(case.history, 1))
    return replace(case, history=tuple(events))


def test_answers_count_for_good_unless_their_judge_was_replaced():
    first = judged()
    decided = take(first, Action.JUDGE_LANE, OTHER_JUDGE, verdict="yes", reason="certified")
    decided = numbered(take(decided, Action.DECIDE_LANE, CLOCK, lane="access", verdict="yes"))
    answers = {event.id for event in decided.history if event.action is Action.JUDGE_LANE}
    assert counting_answers(decided) == answers
    assert len(answers) == 2
    replaced = take(first, Action.PICK_JUDGES, CLOCK, judges=["judge-2", "judge-3"])
    assert counting_answers(numbered(replaced)) == frozenset()


def test_every_pick_since_one_event_names_a_judge():
    case = take(lane_asked(), Action.PICK_JUDGES, CLOCK, judges=["judge-2", "judge-3"])
    case = numbered(take(case, Action.PICK_JUDGES, CLOCK, judges=["judge", "judge-2"]))
    first, _, last = (one.id for one in case.history if one.action is Action.PICK_JUDGES)
    assert open_lane_ask(case).picked == {"judge": last, "judge-2": first}


def test_an_answer_that_the_program_has_not_written_is_none():
    case = judged()
    written = replace(case.history[-1], is_confirmed=False)
    case = replace(case, history=(*case.history[:-1], written))
    assert open_lane_ask(case).answers == ()


def test_a_judge_is_one_for_an_ask_that_is_open():
    assert plays(JUDGE, Role.JUDGE, lane_asked())
    decided = take(lane_asked(), Action.DECIDE_LANE, CLOCK, lane="access", verdict="no")
    for case, actor in ((filed(), JUDGE), (decided, JUDGE), (lane_asked(), NOBODY)):
        assert not plays(actor, Role.JUDGE, case)
    assert not plays(JUDGE, Role.JUDGE, replace(lane_asked(), district=OTHER_DISTRICT))
    again = take(decided, Action.ASK_LANE, CITIZEN, lane="urgent", photos=2)
    assert not plays(JUDGE, Role.JUDGE, again)
