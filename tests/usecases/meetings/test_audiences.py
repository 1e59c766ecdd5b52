"""The number of audiences outside the line: stated once, in public; silence is visible."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from support.city import THREE
from support.each import in_one_city
from support.line import DISTRICT, MONDAY, Line

from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.audiences import (
    MondayStatement,
    StateAudiences,
    Statement,
    my_mondays,
    state_audiences,
)
from publicmeeting.usecases.public_record.open_risks import OpenRisks, open_risks

DAY = timedelta(days=1)
DRAW = draw_id(DISTRICT, MONDAY)
StateCount = Callable[..., Statement]


@pytest.fixture
def state_count(line: Line) -> StateCount:
    """`says("۳")` is reception's statement about the first Monday."""

    def statement(
        count: str, *, corrects: int | str = "", by: str = "reception", on: date = MONDAY
    ) -> Statement:
        command = StateAudiences(
            district="4" if by.endswith("4") else str(DISTRICT),
            monday=on.isoformat(),
            count=count,
            corrects=str(corrects),
        )
        return line.city.application.execute_as(line.city.as_(by), state_audiences, command)

    return statement


def mine(line: Line, by: str = "reception") -> tuple[MondayStatement, ...]:
    return line.city.application.query_as(line.city.as_(by), my_mondays, Nothing()).mondays


def figures(line: Line) -> OpenRisks:
    return line.city.application.query_as(line.city.as_("phone"), open_risks, Nothing())


def holds(line: Line, who: str) -> None:
    """Let the mayor name an official for the first Monday."""
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        account = line.city.as_(who).account_id
        uow.city.set_monday(DISTRICT, MONDAY, held_by=account)


@pytest.mark.parametrize(
    ("by", "typed", "count"),
    [("reception", "0", 0), ("mayor", "۳", 3), ("deputy", " ٣ ", 3), ("mayor", "200", 200)],
)
def test_a_number_is_said_and_written_into_the_public_log(
    line: Line, state_count: StateCount, by: str, typed: str, count: int
) -> None:
    line.begins(MONDAY, "16:00")
    if by == "deputy":
        holds(line, "deputy")
    statement = state_count(typed, by=by)
    assert (statement.count, statement.late, statement.corrected) == (count, False, False)
    whose = "deputy" if by == "deputy" else "mayor"
    assert line.entries("audience_off_system") == [
        {"draw": DRAW, "count": count, "by": whose, "corrects": 0}
    ]
    assert verify_chain(line.log()) == ()
    assert mine(line)[0].statement == statement


@in_one_city(
    "typed, word",
    [
        ("", "audiences_number"),
        ("-1", "audiences_number"),
        ("−۱", "audiences_number"),
        ("دو", "audiences_number"),
        ("2.5", "audiences_number"),
        ("²", "audiences_number"),
        ("201", "audiences_most"),
        ("9" * 400, "audiences_most"),
    ],
)
def test_what_is_no_count_is_refused_under_its_field(
    line: Line, state_count: StateCount, typed: str, word: str
) -> None:
    line.begins(MONDAY, "16:00")
    with pytest.raises(Invalid, match=word) as refused:
        state_count(typed)
    assert refused.value.field == "count"
    assert line.entries("audience_off_system") == []


def test_a_second_word_has_to_take_the_first_one_back(line: Line, state_count: StateCount) -> None:
    line.begins(MONDAY, "16:00")
    first = state_count("3")
    for corrects in ("", first.seq + 1, "نه"):
        with pytest.raises(Denied, match="audiences_stated"):
            state_count("2", corrects=corrects, by="mayor")
    again = state_count("2", corrects=first.seq, by="mayor")
    assert again.corrected
    assert line.entries("audience_off_system")[-1] == {
        "draw": DRAW,
        "count": 2,
        "by": "mayor",
        "corrects": first.seq,
    }
    with pytest.raises(Denied, match="audiences_stated"):
        state_count("1", corrects=first.seq)
    line.until(MONDAY + 2 * DAY)
    assert figures(line).off_system == 2


def test_nothing_is_taken_back_before_anything_was_said(
    line: Line, state_count: StateCount
) -> None:
    line.begins(MONDAY, "16:00")
    with pytest.raises(Denied, match="audiences_stated"):
        state_count("2", corrects="1")


@pytest.mark.parametrize("hour", ["10:59"])
def test_nothing_is_said_before_the_last_meeting_is_over(
    line: Line, state_count: StateCount, hour: str
) -> None:
    line.begins(MONDAY, hour)
    with pytest.raises(Denied, match="audiences_early"):
        state_count("0")
    assert mine(line) == ()


@in_one_city("day", [date(2026, 12, 1), date(2031, 12, 1), date(2020, 1, 6)])
def test_a_day_that_is_no_monday_of_the_district_is_refused(
    line: Line, state_count: StateCount, day: date
) -> None:
    line.begins(MONDAY, "16:00")
    with pytest.raises(Refusal, match="monday_unknown"):
        state_count("0", on=day)


@pytest.mark.on_postgresql
def test_each_district_speaks_for_itself(line: Line, state_count: StateCount) -> None:
    line.begins(MONDAY, "16:00")
    state_count("4", by="mayor4")
    assert line.entries("audience_off_system")[0]["draw"] == draw_id(4, MONDAY)
    assert mine(line)[0].statement is None
    state_count("1")
    assert mine(line, "mayor4")[0].statement == mine(line, "deputy4")[0].statement


@in_one_city("by", ["desk", "overseer", "administrator", "phone", "technical"])
def test_nobody_else_speaks_for_a_district(line: Line, state_count: StateCount, by: str) -> None:
    line.begins(MONDAY, "16:00")
    with pytest.raises(Denied, match="not_your_role"):
        state_count("0", by=by)


@pytest.mark.parametrize("districts", [THREE], ids=["three districts"])
def test_silence_is_counted_after_tuesday_and_a_late_word_is_late(
    line: Line, state_count: StateCount
) -> None:
    line.begins(MONDAY + DAY, "23:59")
    assert figures(line).silent == 0
    state_count("0", by="mayor4")
    line.until(MONDAY + 2 * DAY)
    seen = figures(line)
    assert (seen.mondays, seen.silent, seen.off_system) == (3, 2, 0)
    statement = state_count("5")
    assert statement.late
    assert figures(line).silent == 1


def test_after_four_weeks_nothing_is_said_any_more(line: Line, state_count: StateCount) -> None:
    line.begins(MONDAY + timedelta(weeks=4, days=1))
    assert next(statement.on for statement in mine(line)) == MONDAY + timedelta(weeks=4)
    assert MONDAY not in [statement.on for statement in mine(line)]
    with pytest.raises(Denied, match="audiences_old"):
        state_count("0")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("by", ["reception", "deputy"])
def test_nobody_corrects_the_mayor_in_her_name(
    line: Line, state_count: StateCount, by: str
) -> None:
    """An administrator alone can make a reception or a deputy overnight."""
    line.begins(MONDAY, "16:00")
    said = state_count("0", by="mayor")
    with pytest.raises(Denied, match="audiences_not_yours"):
        state_count("57", corrects=said.seq, by=by)
    assert [entry["count"] for entry in line.entries("audience_off_system")] == [0]
    assert [mine(line, who)[0].may_state for who in (by, "mayor")] == [False, True]


def test_the_deputy_who_held_the_day_states_and_corrects_and_no_other(
    line: Line, state_count: StateCount
) -> None:
    line.begins(MONDAY, "16:00")
    with pytest.raises(Denied, match="audiences_not_yours"):
        state_count("57", by="deputy")
    holds(line, "deputy")
    said = state_count("2", by="deputy")
    assert state_count("3", corrects=said.seq, by="deputy").corrected
    again = line.entries("audience_off_system")[-1]
    assert (again["count"], again["by"]) == (3, "deputy")
