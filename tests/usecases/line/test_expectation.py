"""The expected Monday that a citizen is shown, compared with what then happens."""

from datetime import timedelta

import pytest
from support.city import WHOLE
from support.documents import Documents
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.plans import statements_sent

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.line.expectation import ClosedList, LaneSeats, Outlook, expected

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SEATS = 8
FILING_ENDS = MONDAY - 8 * DAY
"""First moment after filing: Saturday 24:00."""


def outlook(line: Line, request=None, district: int = DISTRICT) -> Outlook:
    with line.reading() as uow:
        return expected(uow, district, line.clock(), request)


def test_an_empty_district_seats_whoever_files_now_on_the_next_monday(line: Line) -> None:
    found = outlook(line)
    assert (found.before, found.alike, found.seats) == (0, 0, SEATS)
    assert found.joins == found.earliest == found.likely == found.latest == MONDAY


def test_those_of_the_same_week_are_alike_and_herself_is_not_counted(line: Line) -> None:
    citizens = line.file(5)
    line.until(FILING_ENDS)
    found = outlook(line, citizens[0].request)
    assert (found.before, found.alike, found.joins) == (0, 4, MONDAY)


def test_whoever_has_just_filed_reads_what_she_reads_a_moment_later(line: Line) -> None:
    line.file(5)
    line.clock.forward(seconds=5)
    outlook(line)  # another citizen looks at the map a moment before
    line.clock.forward(milliseconds=200)
    (she,) = line.file(1)
    at_once = outlook(line, she.request)
    line.clock.forward(seconds=2)
    assert at_once.alike == outlook(line, she.request).alike


def test_whoever_files_after_the_line_closed_comes_after_those_of_the_week_before(
    line: Line,
) -> None:
    line.file(SEATS + 4)
    line.until(FILING_ENDS, "09:00")
    found = outlook(line)
    assert (found.before, found.joins) == (SEATS + 4, MONDAY + WEEK)
    assert found.earliest is not None
    assert found.earliest >= MONDAY + WEEK


def test_after_a_draw_those_left_have_more_weeks_than_a_newcomer(line: Line) -> None:
    citizens = line.drawn(SEATS + 4)
    (left, *_) = [citizen for citizen in citizens if citizen.stage == "waiting"]
    assert outlook(line).before == 4
    hers = outlook(line, left.request)
    assert (hers.before, hers.alike, hers.joins) == (0, 3, MONDAY + WEEK)
    assert hers.earliest == hers.latest == MONDAY + WEEK


def test_a_debt_comes_before_all_weeks(line: Line) -> None:
    (owed, *_) = citizens = line.file(3)
    line.until(MONDAY - 5 * DAY, "20:00")
    for citizen in citizens:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "12:00")
    line.file(3 * SEATS)
    found = outlook(line, owed.request)
    assert (found.before, found.alike) == (0, 2)
    assert found.earliest == found.latest == MONDAY + WEEK


def test_a_closed_monday_is_passed_over(line: Line) -> None:
    line.close()
    assert outlook(line).earliest == MONDAY + WEEK
    assert outlook(line, district=4).earliest == MONDAY


def test_the_likely_monday_keeps_its_word(line: Line) -> None:
    """At least half of those told one Monday are seated by then, and all by the latest."""
    citizens = line.file(2 * SEATS)
    line.until(FILING_ENDS)
    expected = outlook(line, citizens[0].request)
    seated: set[str] = set()
    monday = MONDAY
    while expected.latest is not None and monday <= expected.latest:
        line.until(monday - 5 * DAY, "20:00")
        seated |= {one.code for one in citizens if one.stage == "invited"}
        for citizen in citizens:
            if citizen.stage == "invited":
                citizen.does(Action.WITHDRAW)
        if monday == expected.likely:
            assert len(seated) >= SEATS
        monday += WEEK
    assert len(seated) == 2 * SEATS


@pytest.mark.parametrize("districts", [WHOLE], ids=["whole city"])
def test_the_map_shows_every_districts_next_monday_and_how_many_wait(line: Line) -> None:
    line.file(2)
    line.file(1, accepted=False, district=4)
    tiles = line.city.application.query_as(NOBODY, city_board, Nothing()).lines
    assert [tile.district for tile in tiles] == list(range(1, 23))
    assert {tile.next_monday for tile in tiles} == {MONDAY}
    assert {tile.district: tile.waiting for tile in tiles if tile.waiting} == {4: 1, 6: 2}
    line.until(FILING_ENDS)
    tiles = line.city.application.query_as(NOBODY, city_board, Nothing()).lines
    assert {tile.next_monday for tile in tiles} == {MONDAY + WEEK}, "its line is closed"


def test_after_the_freeze_the_list_itself_is_what_is_known(line: Line) -> None:
    """Eight seats and ten rows of one week; nobody asked for a lane."""
    citizens = line.file(SEATS + 2)
    line.until(MONDAY - 6 * DAY, "12:00")
    found = outlook(line, citizens[0].request)
    assert found.closed == ClosedList(rows=SEATS + 2, seats=SEATS, least=0, most=0)
    assert (found.before, found.alike) == (0, SEATS + 1)
    assert (found.earliest, found.likely) == (MONDAY, MONDAY)
    newcomer = outlook(line)
    assert newcomer.closed is None
    assert (newcomer.before, newcomer.joins) == (SEATS + 2, MONDAY + WEEK)


def test_whoever_left_a_frozen_list_or_is_not_in_it_counts_as_the_list_has_it(line: Line) -> None:
    stays, leaves, later = line.file(3)
    later.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(MONDAY - 6 * DAY, "12:00")
    leaves.does(Action.WITHDRAW)
    hers = outlook(line, stays.request)
    assert hers.closed is not None
    assert (hers.closed.rows, hers.before, hers.alike) == (2, 0, 1)
    assert outlook(line, later.request).closed is None


def test_the_list_is_read_once_a_second_and_not_after_its_draw(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(MONDAY - 6 * DAY, "12:00")
    outlook(line, citizen.request)
    with statements_sent(line.city.application.store) as sent:
        outlook(line, citizen.request)
        assert not any("draw.file" in one for one in sent)
        line.until(MONDAY - 5 * DAY, "20:00")
        sent.clear()
        assert outlook(line).closed is None
    assert not any("draw.file" in one for one in sent)


def test_what_lanes_really_took_is_counted_and_told(
    line: Line, documents: Documents, asked: Citizen
) -> None:
    """One of the list has a lane: first its seat is expected, later it counts as taken."""
    documents.decide(asked, "yes", "yes")
    citizens = line.file(2 * SEATS)
    line.until(MONDAY - 6 * DAY, "12:00")
    hers = outlook(line, citizens[0].request)
    assert hers.closed is not None
    assert (hers.closed.least, hers.closed.most) == (1, 1)
    assert hers.alike == 2 * SEATS - 1, "whoever sits by her lane is no equal any more"
    certain = outlook(line, asked.request)
    assert (certain.before, certain.alike) == (0, 0)
    assert certain.earliest == certain.likely == certain.latest == MONDAY
    line.until(MONDAY - 5 * DAY, "20:00")
    assert outlook(line).lanes == LaneSeats(quota=2, taken=1, draws=1)
