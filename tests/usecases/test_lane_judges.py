"""Who judges a lane, and what everybody can read of it."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Line

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle import STEP_FOR
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.lane_figures import lane_rates
from publicmeeting.usecases.lane_judging import (
    lane_list,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
DESKS, UNITS = {"desk", "second_desk"}, {"technical", "services"}


def lists(line: Line, username: str) -> list[str]:
    seen = line.city.office.look_as(line.city.as_(username), lane_list, Nothing())
    return [one.id for one in seen.lines]


def test_everybody_can_read_how_often_a_lane_is_given(line, documents):
    for verdicts in (("yes", "yes"), ("yes", "no"), ("no", "no")):
        (citizen,) = line.file(1)
        documents.ask(citizen)
        documents.decide(citizen, *verdicts)
    (open_one,) = line.file(1)
    documents.ask(open_one, "urgent")
    access, urgent = line.city.office.look_as(Actor(), lane_rates, Nothing())
    assert (access.lane, access.district, access.asked) == (Lane.ACCESS, 6, 3)
    assert (access.given, access.refused, access.waiting) == (1, 2, 0)
    assert (urgent.lane, urgent.asked, urgent.waiting, urgent.late) == (Lane.URGENT, 1, 1, 0)
    open_one.does(Action.WITHDRAW)
    urgent = line.city.office.look_as(Actor(), lane_rates, Nothing())[1]
    assert (urgent.asked, urgent.waiting) == (1, 0)


def test_the_clock_picks_somebody_else_for_a_judge_who_has_left(line, documents, asked):
    one, other = documents.judges(asked)
    documents.judge(one, documents.ask_id(asked), "yes")
    with line.city.office.store.work(line.clock()) as work:
        work.accounts.dismiss(other.account_id)
    line.worker.tick()
    after = {judge.name for judge in documents.judges(asked)}
    assert one.name in after
    assert other.name not in after
    (new,) = [judge for judge in documents.judges(asked) if judge.name != one.name]
    documents.judge(new, documents.ask_id(asked), "yes")
    assert asked.request.lane == Lane.ACCESS


def test_who_comes_to_know_the_name_judges_no_more(line, documents, asked):
    judge = documents.judges(asked)[0]
    with line.city.office.store.work(line.clock()) as work:
        work.requests.opened(asked.request, judge, "reception", line.clock(), with_name=True)
    with pytest.raises(Denied, match="name_seen"):
        documents.judge(judge, documents.ask_id(asked), "yes")
    line.worker.tick()
    assert judge.name not in {one.name for one in documents.judges(asked)}


def test_a_district_without_two_units_says_so(line, documents):
    (citizen,) = line.file(1, accepted=False, district=9)
    with pytest.raises(Denied, match="no_judges"):
        documents.ask(citizen)
    assert citizen.request.count(Action.ASK_LANE) == 0


def test_judging_rests_while_she_is_asked_and_goes_on_after(line, documents, asked):
    judge = documents.judges(asked)[0]
    line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    assert lists(line, judge.name) == []
    with pytest.raises(Denied, match="stage_moved"):
        documents.judge(judge, documents.ask_id(asked), "yes")
    asked.does(Action.GIVE_INFO, note="نبش وصال")
    assert lists(line, judge.name) == [documents.ask_id(asked)]


def test_no_row_of_the_tables_takes_a_lane_away():
    takes = [s.action for s in STEP_FOR.values() if "lane" in s.action.value]
    assert set(takes) == {Action.ASK_LANE, Action.JUDGE_LANE, Action.DECIDE_LANE}
