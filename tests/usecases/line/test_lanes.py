"""A lane is asked for with a document; two officers of two units answer independently."""

from datetime import timedelta

import pytest
from support.documents import DESKS, UNITS, granted_lane
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import LaneRate, open_lane_ask
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.lanes import AskLane, ask_lane, lane_rates
from publicmeeting.usecases.oversight.books import lanes_judged
from publicmeeting.usecases.screening.lane_judging import (
    lane_list,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SATURDAY = MONDAY - 2 * DAY
"""The Saturday with which the week after the test's first one begins."""


def test_two_officers_of_two_units_find_it_in_their_lists(line, documents, asked):
    judges = {judge.name for judge in documents.judges(asked)}
    assert len(judges) == 2
    assert not judges <= DESKS
    assert judges <= DESKS | UNITS
    ask_id = documents.ask_id(asked)
    found = {name for name in (*DESKS, *UNITS) if ask_id in documents.tasks(name)}
    assert found == judges
    assert line.entries("lane_asked") == [], "beside a filing it would name her"


def test_both_yes_before_the_freeze_give_the_lane_and_its_seat(line, documents):
    for number in range(14):
        (one,) = line.file(1)
        if number == 5:
            documents.ask(one)
            documents.decide(one, "yes", "yes")
            certified = one
    ticket = certified.request.ticket
    line.until(WEDNESDAY, "20:00")
    file = line.draw().file
    assert [row["lane"] for row in file["pool"] if row["ticket"] == ticket] == ["access"]
    assert [one["why"] for one in file["seated"] if one["ticket"] == ticket] == ["lane:access"]
    assert verify(file) == ()
    (granted,) = line.entries("lane_granted")
    yes = [line.log()[seq - 1] for seq in granted["because"]]
    assert (granted["ticket"], granted["lane"]) == (ticket, "access")
    assert {(one.kind, one.body["verdict"]) for one in yes} == {(Kind.LANE_JUDGED, "yes")}
    assert len({one.body["case"] for one in yes}) == 1
    assert len({one.body["officer"].partition("/")[0] for one in yes}) == 2, "two units"


def test_doctor_names_no_lane_that_waits_for_midnight(line, documents, asked):
    documents.decide(asked, "yes", "yes")
    for day in (line.clock.now.date(), MONDAY - 8 * DAY):
        line.until(day, "23:00")
        with line.reading() as uow:
            assert list(lanes_judged(uow, line.clock())) == []
    assert asked.request.lane == Lane.ACCESS


@pytest.mark.parametrize("verdicts", [("yes", "no"), ("no", "no")])
def test_one_no_leaves_her_in_the_general_line(line, documents, asked, verdicts):
    documents.decide(asked, *verdicts)
    assert asked.request.lane == Lane.GENERAL
    assert open_lane_ask(asked.request) is None
    line.until(MONDAY - 8 * DAY)
    judged = sorted(entry["verdict"] for entry in line.entries("lane_judged"))
    assert (judged, line.entries("lane_granted")) == (sorted(verdicts), [])


def test_what_is_open_at_the_freeze_is_general_and_counts_for_the_next_monday(line, documents):
    citizens = line.file(10)
    late = citizens[0]
    documents.ask(late)
    line.until(WEDNESDAY, "09:00")
    documents.decide(late, "yes", "yes")
    assert granted_lane(late) == Lane.ACCESS
    line.until(WEDNESDAY, "20:00")
    ticket = late.request.ticket
    rows = {row["ticket"]: row["lane"] for row in line.draw().file["pool"]}
    assert rows[ticket] == "general"
    line.until(WEDNESDAY + WEEK, "20:00")
    later = {row["ticket"]: row["lane"] for row in line.draw(MONDAY + WEEK).file["pool"]}
    assert later.get(ticket, "access") == "access"
    assert granted_lane(late) == Lane.ACCESS


def ask(line: Line, citizen: Citizen, **fields: object) -> None:
    command = AskLane.model_validate({"code": citizen.code, "lane": "access", **fields})
    line.city.application.execute_as(citizen.actor, ask_lane, command)


def test_a_second_ask_waits_for_the_first_and_a_lane_needs_no_other(line, documents, asked):
    picture = documents.picture(asked, "5")
    with pytest.raises(Denied, match="lane_asked_already"):
        ask(line, asked, photos=(picture,))
    documents.decide(asked, "no", "no")
    documents.ask(asked, "urgent", photos=(picture,))
    documents.decide(asked, "yes", "yes", lane="urgent")
    assert granted_lane(asked) == Lane.URGENT
    with pytest.raises(Denied, match="lane_held"):
        ask(line, asked, photos=(documents.picture(asked, "6"),))


def test_asking_once_more_meets_the_same_two(documents, asked):
    before = {judge.name for judge in documents.judges(asked)}
    documents.decide(asked, "no", "yes")
    documents.ask(asked, photos=(documents.picture(asked, "5"),))
    assert {judge.name for judge in documents.judges(asked)} == before


def test_filing_anew_meets_the_same_two(line, documents, asked):
    """A friend of two officers, or a refused citizen, cannot draw other judges."""
    before = {judge.name for judge in documents.judges(asked)}
    for _ in range(5):
        asked.does(Action.WITHDRAW)
        asked = line.file_again(asked)
        documents.ask(asked, "urgent")
        assert {judge.name for judge in documents.judges(asked)} == before


@in_one_city(
    "fields, word",
    [
        ({}, "need_photos"),
        ({"lane": ""}, "need_lane"),
        ({"lane": "general"}, "form_broken"),
        ({"lane": "friends"}, "form_broken"),
        ({"photos": ("nobody's",)}, "image_not_yours"),
        ({"photos": ("1", "2", "3", "4")}, "photos_too_many"),
    ],
)
def test_an_ask_that_lacks_something_is_refused_and_leaves_nothing(line, fields, word):
    (citizen,) = line.file(1)
    with pytest.raises(Denied, match=word):
        ask(line, citizen, **fields)
    assert citizen.request.count(Action.ASK_LANE) == 0
    assert line.entries("lane_asked") == []


def test_a_document_of_somebody_else_is_no_document(line, documents):
    one, other = line.file(2)
    with pytest.raises(Denied, match="image_not_yours"):
        ask(line, one, photos=(documents.picture(other),))
    with pytest.raises(Denied, match="not_found"):
        line.city.application.execute_as(other.actor, ask_lane, AskLane(code=one.code))


def test_nobody_asks_after_she_has_a_seat_nor_between_freeze_and_draw(line, documents):
    (citizen,) = line.file(1)
    picture = documents.picture(citizen)
    line.until(TUESDAY, "12:00")
    with pytest.raises(Denied, match="line_frozen"):
        ask(line, citizen, photos=(picture,))
    line.until(WEDNESDAY, "20:00")
    assert citizen.stage == "invited"
    with pytest.raises(Denied, match="stage_moved"):
        ask(line, citizen, photos=(picture,))
    citizen.does(Action.GIVE_UP_SEAT)
    documents.ask(citizen, photos=(picture,))


def test_an_answer_is_due_in_two_working_days_and_lateness_shows(line, documents, asked):
    judge = documents.judges(asked)[0]
    (task,) = line.city.application.query_as(judge, lane_list, Nothing()).lines
    assert task.due_at == at_tehran(MONDAY - 6 * DAY)  # asked on Saturday: until Monday's end
    line.official("desk", asked, Action.ACCEPT)
    asked.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY + DAY, "09:00")
    (task,) = line.city.application.query_as(judge, lane_list, Nothing()).lines
    assert task.late_days == 2
    line.until(SATURDAY)
    (rate,) = everybody_reads(line)
    assert (rate.waiting, rate.late) == (1, 1)


def everybody_reads(line: Line) -> tuple[LaneRate, ...]:
    return line.city.application.query_as(Actor(), lane_rates, Nothing()).rates


def test_no_figure_moves_beside_what_the_log_says_of_a_ticket(line, documents):
    """Reading both each minute must not tell who has asked, was refused, or has left."""
    line.until(SATURDAY - DAY, "12:00")
    waits, goes, other = line.file(3)
    for one in (waits, goes):
        documents.ask(one)
    assert everybody_reads(line) == ()
    line.until(SATURDAY)
    (before,) = everybody_reads(line)
    assert (before.asked, before.waiting) == (2, 2)
    documents.decide(waits, "yes", "no")
    goes.does(Action.WITHDRAW)
    documents.ask(other)
    assert everybody_reads(line) == (before,)
    line.until(SATURDAY + 7 * DAY)
    (after,) = everybody_reads(line)
    assert (after.asked, after.refused) == (3, 1)


def test_everybody_can_read_how_often_a_lane_is_given(line, documents):
    for verdicts in (("yes", "yes"), ("yes", "no"), ("no", "no")):
        (citizen,) = line.file(1)
        documents.ask(citizen)
        documents.decide(citizen, *verdicts)
    (open_one,) = line.file(1)
    documents.ask(open_one, "urgent")
    open_one.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(SATURDAY)
    access, urgent = everybody_reads(line)
    assert (access.lane, access.district, access.asked) == (Lane.ACCESS, 6, 3)
    assert (access.granted, access.refused, access.waiting) == (1, 2, 0)
    assert (urgent.lane, urgent.asked, urgent.waiting, urgent.late) == (Lane.URGENT, 1, 1, 1)
    open_one.does(Action.WITHDRAW)
    line.until(SATURDAY + 7 * DAY)
    urgent = everybody_reads(line)[1]
    assert (urgent.asked, urgent.waiting) == (1, 0)


def test_a_district_without_two_units_says_so(line, documents):
    (citizen,) = line.file(1, accepted=False, district=9)
    with pytest.raises(Denied, match="no_judges"):
        documents.ask(citizen)
    assert citizen.request.count(Action.ASK_LANE) == 0


def test_no_row_of_the_tables_takes_a_lane_away():
    takes = [s.action for s in STEP_FOR.values() if "lane" in s.action.value]
    assert set(takes) == {Action.ASK_LANE, Action.JUDGE_LANE, Action.DECIDE_LANE}


def test_what_a_day_asked_and_answered_is_written_at_midnight_by_random_cases(line, documents):
    citizens = [documents.ask(one) or one for one in line.file(5)]
    for citizen in citizens[:3]:
        documents.decide(citizen, "yes", "yes")
    line.until(MONDAY - 9 * DAY, "23:59")
    assert not line.entries("lane_asked")
    assert {one.request.lane for one in citizens} == {"general"}
    line.until(MONDAY - 8 * DAY)
    written = [one for one in line.log() if one.kind in CASES]
    assert {one.at[11:] for one in written} == {"20:30:00Z"}
    assert [one.kind for one in written] == [
        *[Kind.LANE_ASKED] * 5,
        *[Kind.LANE_JUDGED] * 6,
        *[Kind.LANE_GRANTED] * 3,
    ]
    for kind in (Kind.LANE_ASKED, Kind.LANE_JUDGED):
        cases = [one.body["case"] for one in written if one.kind is kind]
        assert cases == sorted(cases)
    assert not any(wrong_keys(one.kind, one.body) for one in written)
    assert [one.request.lane for one in citizens] == ["access"] * 3 + ["general"] * 2
    line.worker.tick()
    assert len([one for one in line.log() if one.kind in CASES]) == len(written)


def test_a_lane_for_a_request_that_is_over_is_written_all_the_same(line, documents, asked):
    """Otherwise nobody could tell a citizen who left from a lane that was withheld."""
    documents.decide(asked, "yes", "yes")
    asked.does(Action.WITHDRAW)
    line.until(MONDAY - 7 * DAY)
    assert len(line.entries("lane_judged")) == 2
    assert [entry["ticket"] for entry in line.entries("lane_granted")] == [asked.request.ticket]
    assert asked.stage == "withdrawn"


def test_a_lane_agreed_to_while_she_is_asked_for_more_is_hers_at_midnight(line, documents, asked):
    documents.decide(asked, "yes", "yes")
    line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    line.until(MONDAY - 8 * DAY)
    assert len(line.entries("lane_judged")) == 2
    assert [entry["ticket"] for entry in line.entries("lane_granted")] == [asked.request.ticket]
    asked.does(Action.GIVE_INFO, note="خیابان آزادی، پلاک ۱۲")
    assert granted_lane(asked) == Lane.ACCESS


CASES = (Kind.LANE_ASKED, Kind.LANE_JUDGED, Kind.LANE_GRANTED)
