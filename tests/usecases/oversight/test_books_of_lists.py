"""Each published list and each row equals what anybody can compute from the public log.

Weeks, debts and counts are computed again too.
"""

from datetime import timedelta

import pytest
from support.hall import Hall
from support.line import MONDAY, Citizen, Line
from support.overlooked import OTHER_LIST, overlooked
from support.triggers import write
from test_books import only

from publicmeeting.domain.records import Monday
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.turns.formulas import draw_id
from publicmeeting.usecases.oversight.books import audit_holds, draws_hold, tables_follow

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NOTE = "پلاک ۱۲ کجاست؟"


def listed(line: Line, monday=MONDAY) -> set[str]:
    return {row["ticket"] for row in line.draw(monday).file["pool"]}


def differences(line: Line) -> list[str]:
    with line.reading() as uow:
        checks = (audit_holds, tables_follow)
        found = [finding for check in checks for finding in check(uow, line.clock.now)]
    return [f"{finding.where}: {finding.what}" for finding in found]


def asks(line: Line, citizen: Citizen) -> None:
    line.official("desk", citizen, A.ASK_INFO, note=NOTE)


def test_whatever_a_desk_says_before_the_line_closes_can_be_followed_in_the_log(line: Line) -> None:
    turned, asked, back, informed, plain = line.file(5, accepted=False)
    line.official("desk", turned, A.DECLINE, reason="other_body", note="کار دادگاه است.")
    asks(line, asked)
    line.official("desk", back, A.DECLINE, reason="other_body", note="کار دادگاه است.")
    back.does(A.OBJECT, note="کار شهرداری است.")
    asks(line, informed)
    informed.does(A.GIVE_INFO, note="پلاک ۱۲ است.")
    line.until(MONDAY - 6 * DAY, "12:00")
    assert listed(line) == {citizen.request.ticket for citizen in (back, informed, plain)}
    assert differences(line) == []


def test_who_was_received_has_left_the_line_and_who_was_not_is_back(line: Line) -> None:
    met, waits = line.drawn(2)
    for citizen in (met, waits):
        citizen.does(A.CONFIRM)
    line.until(MONDAY, "09:00")
    line.meet(met)
    line.until(MONDAY + 2 * DAY, "12:00")
    assert listed(line, MONDAY + WEEK) == {waits.request.ticket}
    (not_called,) = line.entries("not_called")
    assert not_called["ticket"] == waits.request.ticket
    assert differences(line) == []


def test_who_is_left_out_of_a_list_is_found_by_name(line: Line) -> None:
    *_, missing = line.file(3)
    with overlooked(line, missing):
        line.until(MONDAY - 6 * DAY, "12:00")
    (freeze,) = line.seqs("freeze", line.draw().id)
    assert differences(line) == [
        f"public log {freeze}: left_out {line.draw().id} {missing.request.ticket[:8]}",
        f"draw {line.draw().id}: {OTHER_LIST}",
    ]


def test_a_monday_of_the_tables_alone_and_the_week_it_took_are_found(line: Line) -> None:
    """A row of a Monday written by hand: the clock continues after it, and never opens that day."""
    line.expected.update({"not_opened", "the log never opened it"})
    line.file(1)
    with line.reading() as uow:
        last = uow.city.last_monday()
    assert last is not None
    forged = last + WEEK
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.city.open_monday(Monday(6, forged, (), "closed", why="late"), 1)
    assert differences(line) == [f"monday {draw_id(6, forged)}: the log never opened it"]
    line.until(forged - 14 * DAY, "00:01")
    (named,) = [
        difference
        for difference in differences(line)
        if "not_opened" in difference and "d06" in difference
    ]
    assert draw_id(6, forged + WEEK) in named


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("waited = waited + 1", "has waited 1, the log says 0"),
        ("given_up = 2", "has given_up 2, the log says 0"),
        ("unanswered = 1", "has unanswered 1, the log says 0"),
        ("debt = 1", "has debt 1, the log says 0"),
    ],
)
def test_weeks_or_a_debt_given_past_the_log_are_found(hall: Hall, change: str, finding: str):
    code = hall.guests[0].code
    write(hall, f"UPDATE request SET {change} WHERE code = :code", code=code)
    assert only(hall, tables_follow) == f"request {code}: {finding}"


@pytest.mark.on_postgresql(rows=(0, 2))
@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("monday = '9999-12-31'", "is of district 6 and 9999-12-31"),
        ("monday = '2027-03-01'", "is of district 6 and 2027-03-01"),
        ("drawn_at = NULL", "its draw was at None, by the log at 2026-11-25T"),
    ],
)
def test_a_draw_of_another_day_or_time_is_found(hall: Hall, change: str, finding: str) -> None:
    name = draw_id(6, MONDAY)
    write(hall, f"UPDATE draw SET {change} WHERE id = :name", name=name)
    with hall.reading() as uow:
        found = [f"{one.where}: {one.what}" for one in draws_hold(uow, hall.clock.now)]
    assert any(one.startswith(f"draw {name}: {finding}") for one in found)
