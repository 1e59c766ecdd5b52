"""A desk's steps between the close of a line and its list cost nobody a draw."""

from datetime import date, timedelta

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.public_record.open_risks import DistrictRisks, district_risks

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SATURDAY, SUNDAY, EVE, TUESDAY = (MONDAY - n * DAY for n in (9, 8, 7, 6))
"""Filing closes at the end of Saturday; the list is fixed on Tuesday at noon."""
AWAY = (
    (Action.DECLINE, {"reason": "other_body", "note": "کار دادگاه است."}),
    (Action.ANSWER, {"note": "شهرداری این کار را از پیش انجام داده است."}),
)
TURNED_AWAY = pytest.mark.parametrize(("action", "fields"), AWAY)


def pool(line: Line, monday: date = MONDAY) -> set[str]:
    return {row["ticket"] for row in line.draw(monday).file["pool"]}


def appeal(citizen: Citizen) -> None:
    action = Action.OBJECT if citizen.stage == "declined" else Action.INSIST
    citizen.does(action, note="جای آن در معبر است.")


def figure(line: Line) -> DistrictRisks:
    found = line.city.application.query_as(line.city.as_("phone"), district_risks, Nothing())
    return next(risks for risks in found if risks.district == DISTRICT)


@TURNED_AWAY
def test_from_the_close_of_her_line_nobody_is_turned_away(
    line: Line, action: Action, fields: dict[str, str]
) -> None:
    early, late = line.file(2, accepted=False)
    line.until(SUNDAY)
    with pytest.raises(Denied, match="line_closed"):
        line.official("desk", early, action, **fields)
    line.until(TUESDAY, "11:59")
    with pytest.raises(Denied, match="line_closed"):
        line.official("second_desk", late, action, **fields)
    line.until(TUESDAY, "12:00")
    assert {early.request.ticket, late.request.ticket} <= pool(line)


@TURNED_AWAY
def test_who_is_turned_away_at_the_last_minute_and_says_no_stands_in_the_list(
    line: Line, action: Action, fields: dict[str, str]
) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.until(SATURDAY, "23:59")
    line.official("desk", citizen, action, **fields)
    line.until(TUESDAY, "11:59")
    appeal(citizen)
    line.until(TUESDAY, "12:00")
    assert citizen.request.ticket in pool(line)
    assert citizen.waited == 0, "no list of hers was fixed meanwhile"


def test_who_objects_after_the_list_gets_its_week(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.until(SATURDAY, "23:59")
    (decline, fields), _ = AWAY
    line.official("desk", citizen, decline, **fields)
    line.until(TUESDAY, "12:01")
    appeal(citizen)
    assert citizen.waited == 1
    (out,), (back,) = line.entries("taken_out"), line.entries("taken_in")
    assert (out["why"], back["why"]) == ("declined", "objected")
    assert line.log()[back["because"][0] - 1].body == out
    line.until(TUESDAY + WEEK, "12:00")
    (row,) = line.draw(MONDAY + WEEK).file["pool"]
    assert row["waited"] == 1


def test_who_missed_two_lists_gets_one_week_and_who_insists_none(line: Line) -> None:
    first, second = line.file(2, accepted=False)
    (decline, fields), (answer, note) = AWAY
    line.official("desk", first, decline, **fields)
    line.official("desk", second, answer, **note)
    line.until(TUESDAY + DAY, "13:00")
    second.does(Action.INSIST, note="جای آن در معبر است.")
    line.until(SATURDAY + WEEK, "10:00")
    appeal(first)
    assert (first.waited, second.waited) == (1, 0)


@TURNED_AWAY
def test_who_filed_late_is_screened_until_her_own_list(
    line: Line, action: Action, fields: dict[str, str]
) -> None:
    line.begins(SUNDAY, "09:00")
    (later,) = line.file(1, accepted=False)
    line.until(TUESDAY, "11:59")
    line.official("desk", later, action, **fields)
    assert later.stage in {"declined", "answered"}
    (out,) = line.entries("taken_out")
    assert (out["ticket"], out["officer"][:8]) == (later.request.ticket, "desk-06/")
    assert not wrong_keys(Kind.TAKEN_OUT, out)


def test_the_second_refusal_is_final_and_may_come_late(line: Line) -> None:
    """Otherwise an objection in the morning would force any matter into the line for good."""
    (citizen,) = line.file(1, accepted=False)
    line.until(SATURDAY, "12:00")
    (decline, fields), (answer, note) = AWAY
    line.official("desk", citizen, decline, **fields)
    line.until(EVE, "12:00")
    appeal(citizen)
    line.until(TUESDAY, "11:00")
    with pytest.raises(Denied, match="list_near"):
        line.official("second_desk", citizen, answer, **note)
    line.official("second_desk", citizen, decline, **fields)
    with pytest.raises(Denied, match="objected_once"):
        appeal(citizen)


def test_turning_away_is_public_and_counted(line: Line) -> None:
    one, other = line.file(2, accepted=False)
    for citizen, (action, fields) in zip((one, other), AWAY, strict=True):
        line.official("desk", citizen, action, **fields)
    assert [body["why"] for body in line.entries("taken_out")] == ["declined", "answered"]
    line.until(MONDAY + DAY)
    assert figure(line).turned_away == 2


def test_a_refusal_taken_back_later_is_no_way_to_a_seat(line: Line) -> None:
    """Otherwise a clerk could make a debt, which precedes all weeks, of a wrong refusal."""
    others = line.file(9)
    (friend,) = line.file(1, accepted=False)
    line.until(SATURDAY, "10:00")
    (decline, fields), _ = AWAY
    line.official("desk", friend, decline, **fields)
    line.until(TUESDAY, "13:00")
    appeal(friend)
    line.official("second_desk", friend, Action.ACCEPT)
    assert (friend.waited, friend.request.debt) == (1, 0), "as all the others of that list"
    line.until(TUESDAY + WEEK, "12:00")
    rows = {row["ticket"]: row for row in line.draw(MONDAY + WEEK).file["pool"]}
    assert rows[friend.request.ticket]["waited"] == 1
    assert (
        max(
            rows[citizen.request.ticket]["waited"]
            for citizen in others
            if citizen.stage == "waiting"
        )
        == 1
    )
