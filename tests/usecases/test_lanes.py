"""A lane is asked for with a document; two officers of two units answer blind."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lanes import asked_lane
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.cases import OneCase, open_case
from publicmeeting.usecases.lane_figures import lane_rates
from publicmeeting.usecases.lane_judging import (
    JudgeLane,
    OneAsk,
    judge_lane,
    lane_list,
    open_lane,
)
from publicmeeting.usecases.lanes import AskLane, ask_lane
from publicmeeting.usecases.photos import OnePhoto, see_photo
from publicmeeting.usecases.tracking import openings, timeline_page

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
DESKS, UNITS = {"desk", "second_desk"}, {"technical", "services"}


def lists(line: Line, username: str) -> list[str]:
    seen = line.city.office.look_as(line.city.as_(username), lane_list, Nothing())
    return [one.id for one in seen.lines]


def test_two_officers_of_two_units_find_it_in_their_lists(line, documents, asked):
    judges = {one.name for one in documents.judges(asked)}
    assert len(judges) == 2
    assert not judges <= DESKS
    assert judges <= DESKS | UNITS
    ask_id = documents.ask_id(asked)
    found = {name for name in (*DESKS, *UNITS) if ask_id in lists(line, name)}
    assert found == judges
    assert line.told("lane_asked") == [{"ticket": asked.request.ticket, "lane": "access"}]


def test_both_yes_before_the_freeze_give_the_lane_and_its_seat(line, documents):
    for number in range(14):
        (one,) = line.file(1)
        if number == 5:
            documents.ask(one)
            documents.decide(one, "yes", "yes")
            certified = one
    ticket = certified.request.ticket
    line.until(WEDNESDAY, "12:00")
    file = line.draw().file
    assert [row["lane"] for row in file["pool"] if row["ticket"] == ticket] == ["access"]
    assert [one["why"] for one in file["seated"] if one["ticket"] == ticket] == ["lane:access"]
    assert verify(file) == ()
    assert line.told("lane_judged") == [{"ticket": ticket, "lane": "access", "verdict": "yes"}]


@pytest.mark.parametrize("verdicts", [("yes", "no"), ("no", "yes"), ("no", "no")])
def test_one_no_leaves_her_in_the_general_line(line, documents, asked, verdicts):
    documents.decide(asked, *verdicts)
    assert asked.request.lane == Lane.GENERAL
    assert asked_lane(asked.request) is None
    assert [one["verdict"] for one in line.told("lane_judged")] == ["no"]


def test_what_is_open_at_the_freeze_is_general_and_counts_for_the_next_monday(line, documents):
    citizens = line.file(10)
    late = citizens[0]
    documents.ask(late)
    line.until(WEDNESDAY, "09:00")
    documents.decide(late, "yes", "yes")
    assert late.request.lane == Lane.ACCESS
    line.until(WEDNESDAY, "12:00")
    ticket = late.request.ticket
    rows = {row["ticket"]: row["lane"] for row in line.draw().file["pool"]}
    assert rows[ticket] == "general"
    line.until(WEDNESDAY + WEEK, "12:00")
    later = {row["ticket"]: row["lane"] for row in line.draw(MONDAY + WEEK).file["pool"]}
    assert later.get(ticket, "access") == "access"
    assert late.request.lane == Lane.ACCESS


def test_the_log_and_the_other_judge_learn_nothing_before_both_have_answered(
    line, documents, asked
):
    first, second = documents.judges(asked)
    ask_id = documents.ask_id(asked)
    documents.judge(first, ask_id, "no")
    assert line.told("lane_judged") == []
    assert lists(line, first.name) == []
    assert lists(line, second.name) == [ask_id]
    page = line.city.office.perform_as(second, open_lane, OneAsk(id=ask_id))
    assert "expired" not in repr(page.line)
    documents.judge(second, ask_id, "yes")
    assert len(line.told("lane_judged")) == 1


def test_a_judge_sees_the_document_and_nothing_of_her(line, documents, asked):
    judge = documents.judges(asked)[0]
    page = line.city.office.perform_as(judge, open_lane, OneAsk(id=documents.ask_id(asked)))
    request = asked.request
    for hidden in (request.code, request.title, request.text, request.ticket, request.person_id):
        assert hidden not in repr(page.line)
    (document,) = page.documents
    wish = OnePhoto(id=document.id)
    assert line.city.office.look_as(judge, see_photo, wish).id == document.id
    seen = line.city.office.look_as(asked.actor, openings, OneCase(code=asked.code))
    assert [one.role.value for one in seen] == ["judge"]


def test_nobody_else_sees_the_document_while_she_is_not_known(line, documents, asked):
    judges = {one.name for one in documents.judges(asked)}
    (document,) = line.city.office.perform_as(
        documents.judges(asked)[0], open_lane, OneAsk(id=documents.ask_id(asked))
    ).documents
    wish = OnePhoto(id=document.id)
    others = {"desk", "second_desk", "technical", "services", "desk4", "mayor", "overseer",
              "reception", "administrator"} - judges  # fmt: skip
    for name in others:
        with pytest.raises(Denied, match="not_found"):
            line.city.office.look_as(line.city.as_(name), see_photo, wish)
    assert line.city.office.look_as(asked.actor, see_photo, wish).id == document.id
    documents.decide(asked, "yes", "yes")
    for name in judges:
        with pytest.raises(Denied, match="not_found"):
            line.city.office.look_as(line.city.as_(name), see_photo, wish)


def test_the_desk_does_not_learn_to_which_request_a_document_belongs(line, documents, asked):
    documents.decide(asked, "yes", "no")
    desk = line.city.as_("desk")
    page = line.city.office.perform_as(desk, open_case, OneCase(code=asked.code))
    assert page.photos == ()
    assert [mark.action for mark in page.marks if mark.state != "ahead"] == [Action.SUBMIT]
    mine = line.city.office.look_as(asked.actor, timeline_page, OneCase(code=asked.code))
    told = [mark.action for mark in mine.marks if mark.state == "past"]
    assert told == [Action.ASK_LANE, Action.JUDGE_LANE, Action.JUDGE_LANE, Action.DECIDE_LANE]


def ask(line: Line, citizen: Citizen, **given: object) -> None:
    wish = AskLane.model_validate({"code": citizen.code, "lane": "access", **given})
    line.city.office.perform_as(citizen.actor, ask_lane, wish)


def test_a_second_ask_waits_for_the_first_and_a_lane_needs_no_other(line, documents, asked):
    picture = documents.picture(asked, "5")
    with pytest.raises(Denied, match="lane_asked_already"):
        ask(line, asked, photos=(picture,))
    documents.decide(asked, "no", "no")
    documents.ask(asked, "urgent", photos=(picture,))
    documents.decide(asked, "yes", "yes", lane="urgent")
    assert asked.request.lane == Lane.URGENT
    with pytest.raises(Denied, match="lane_held"):
        ask(line, asked, photos=(documents.picture(asked, "6"),))


def test_asking_once_more_meets_the_same_two(documents, asked):
    before = {one.name for one in documents.judges(asked)}
    documents.decide(asked, "no", "yes")
    documents.ask(asked, photos=(documents.picture(asked, "5"),))
    assert {one.name for one in documents.judges(asked)} == before


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "need_photos"),
        ({"lane": ""}, "need_lane"),
        ({"lane": "general"}, "form_broken"),
        ({"lane": "friends"}, "form_broken"),
        ({"photos": ("nobody's",)}, "image_not_yours"),
        ({"photos": ("1", "2", "3", "4")}, "photos_too_many"),
    ],
)
def test_an_ask_that_lacks_something_is_refused_and_leaves_nothing(line, given, word):
    (citizen,) = line.file(1)
    with pytest.raises(Denied, match=word):
        ask(line, citizen, **given)
    assert citizen.request.count(Action.ASK_LANE) == 0
    assert line.told("lane_asked") == []


def test_a_document_of_somebody_else_is_no_document(line, documents):
    one, other = line.file(2)
    with pytest.raises(Denied, match="image_not_yours"):
        ask(line, one, photos=(documents.picture(other),))
    with pytest.raises(Denied, match="not_found"):
        line.city.office.perform_as(other.actor, ask_lane, AskLane(code=one.code))


def test_nobody_asks_after_she_has_a_seat_nor_between_freeze_and_draw(line, documents):
    (citizen,) = line.file(1)
    picture = documents.picture(citizen)
    line.until(TUESDAY, "12:00")
    with pytest.raises(Denied, match="line_frozen"):
        ask(line, citizen, photos=(picture,))
    line.until(WEDNESDAY, "12:00")
    assert citizen.stage == "invited"
    with pytest.raises(Denied, match="stage_moved"):
        ask(line, citizen, photos=(picture,))
    citizen.does(Action.GIVE_UP_SEAT)
    documents.ask(citizen, photos=(picture,))


def test_nobody_judges_but_the_two_and_each_once(line, documents, asked):
    ask_id = documents.ask_id(asked)
    first, second = documents.judges(asked)
    picked = {first.name, second.name}
    same_unit = ({"desk": "second_desk", "second_desk": "desk"}.get(one) for one in picked)
    for name in {*filter(None, same_unit), "desk4", *(DESKS | UNITS)} - picked:
        with pytest.raises(Denied, match="not_found"):
            documents.judge(line.city.as_(name), ask_id, "yes")
    with pytest.raises(Denied, match="not_your_role"):
        documents.judge(line.city.as_("mayor"), ask_id, "yes")
    documents.judge(first, ask_id, "yes")
    with pytest.raises(Denied, match="judged_already"):
        documents.judge(first, ask_id, "no")
    with pytest.raises(Denied, match="judged_already"):
        line.city.office.perform_as(first, open_lane, OneAsk(id=ask_id))
    documents.judge(second, ask_id, "yes")
    with pytest.raises(Denied, match="judged_already"):
        documents.judge(second, ask_id, "no")
    assert asked.request.lane == Lane.ACCESS


@pytest.mark.parametrize(
    ("verdict", "reason", "word"),
    [("", "certified", "need_verdict"), ("yes", "", "need_reason"), ("yes", "date_near", "form_"),
     ("yes", "expired", "form_broken"), ("maybe", "certified", "form_broken")],
)  # fmt: skip
def test_an_answer_gives_a_reason_that_fits(line, documents, asked, verdict, reason, word):
    judge, ask_id = documents.judges(asked)[0], documents.ask_id(asked)
    wish = JudgeLane(id=ask_id, verdict=verdict, reason=reason)
    with pytest.raises(Denied, match=word):
        line.city.office.perform_as(judge, judge_lane, wish)
    assert asked.request.count(Action.JUDGE_LANE) == 0


def test_both_may_answer_at_the_same_instant(documents, asked):
    ask_id = documents.ask_id(asked)
    one, other = documents.judges(asked)
    done, refused = together(
        lambda: documents.judge(one, ask_id, "yes"), lambda: documents.judge(other, ask_id, "yes")
    )
    assert (len(done), refused) == (2, [])
    assert asked.request.lane == Lane.ACCESS
    assert asked.request.count(Action.DECIDE_LANE) == 1


def test_an_answer_is_due_in_two_working_days_and_lateness_shows(line, documents, asked):
    judge = documents.judges(asked)[0]
    (task,) = line.city.office.look_as(judge, lane_list, Nothing()).lines
    assert task.due_at == at_tehran(MONDAY - 6 * DAY)  # asked on Saturday: until Monday's end
    line.until(TUESDAY + DAY, "09:00")
    (task,) = line.city.office.look_as(judge, lane_list, Nothing()).lines
    assert task.late_days == 2
    (rate,) = line.city.office.look_as(Actor(), lane_rates, Nothing())
    assert (rate.waiting, rate.late) == (1, 1)
