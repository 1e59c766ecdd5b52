"""Visitors' needs reach reception the day before, and it is recorded who prepared them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.each import in_one_city
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Monday, RequestLine
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.coming import preparing
from publicmeeting.usecases.meetings.coming.preparing import (
    NotePrepared,
    Preparation,
    note_prepared,
    preparations,
)
from publicmeeting.usecases.oversight.workplaces import workplaces

DAY = timedelta(days=1)
SUNDAY = MONDAY - DAY


@pytest.fixture
def guests(line: Line) -> list[Citizen]:
    """Sunday, 8:00: three with seats of the first Monday; the last needs nothing."""
    return line.begun(_guests)


def _guests(line: Line) -> list[Citizen]:
    filed = [
        line.file(1, needs=needs)[0] for needs in (("low_vision", "companion"), ("step_free",))
    ]
    filed += line.file(1)
    line.until(MONDAY - 4 * DAY)
    for citizen in filed:
        citizen.does(Action.CONFIRM)
    line.until(SUNDAY, "08:00")
    return filed


def seen(line: Line, who: str = "reception") -> tuple[Preparation, ...]:
    return line.city.application.query_as(line.city.as_(who), preparations, ADay(district=DISTRICT))


def tick(
    line: Line, citizen: Citizen, need: str, who: str = "reception", *, ready: bool = True
) -> None:
    command = NotePrepared(code=citizen.code, need=need, is_ready=ready)
    line.city.application.execute_as(line.city.as_(who), note_prepared, command)


def waiting(line: Line, who: str = "reception") -> int:
    return line.city.application.query_as(line.city.as_(who), workplaces, Nothing()).unprepared


def test_the_reception_reads_each_need_and_nothing_that_names_her(
    line: Line, guests: list[Citizen]
) -> None:
    rows = [(preparation.code, preparation.need) for preparation in seen(line)]
    assert sorted(rows) == sorted(
        [
            (guests[0].code, AccessNeed.LOW_VISION),
            (guests[0].code, AccessNeed.COMPANION),
            (guests[1].code, AccessNeed.STEP_FREE),
        ]
    )
    assert seen(line, "mayor") == seen(line)
    assert not any("مریم" in str(one) for one in seen(line))


def test_a_seat_given_up_between_two_readings_leaves_no_row_without_a_time(
    line: Line, guests: list[Citizen], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL reads the list first, and then its seats."""

    def read(uow: UnitOfWork, day: Monday) -> list[RequestLine]:
        return [
            replace(visitor, seat=None) if visitor.code == guests[0].code else visitor
            for visitor in visitors(uow, day)
        ]

    visitors = preparing._visitors
    monkeypatch.setattr(preparing, "_visitors", read)
    assert [preparation.code for preparation in seen(line)] == [guests[1].code]


@in_one_city("who", ["desk", "technical", "overseer", "administrator"])
def test_nobody_else_reads_what_she_needs(line: Line, guests: list[Citizen], who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        seen(line, who)


def test_a_tick_says_who_and_when_and_is_taken_back(line: Line, guests: list[Citizen]) -> None:
    before = len(line.log())
    tick(line, guests[1], "step_free")
    (row,) = (preparation for preparation in seen(line) if preparation.need is AccessNeed.STEP_FREE)
    assert (row.by, row.at) == (_name(line, "reception"), line.clock.now)
    tick(line, guests[1], "step_free", ready=False)
    tick(line, guests[1], "step_free", ready=False)
    assert all(preparation.at is None for preparation in seen(line))
    assert len(line.log()) == before, "nothing of it is public"


def _name(line: Line, who: str) -> str:
    with line.reading() as uow:
        account = uow.accounts.get(line.city.as_(who).account_id or "")
    assert account is not None
    return account.name


@pytest.mark.on_postgresql
def test_two_who_tick_at_once_are_one_tick_of_the_first(line: Line, guests: list[Citizen]) -> None:
    done, refused = together(*[lambda: tick(line, guests[1], "step_free")] * 4)
    assert (len(done), refused) == (4, [])
    first = seen(line)
    line.clock.forward(minutes=5)
    tick(line, guests[1], "step_free")
    assert seen(line) == first


def test_it_is_counted_beside_the_reception_from_the_day_before(
    line: Line, guests: list[Citizen]
) -> None:
    assert waiting(line) == 3
    tick(line, guests[0], "companion")
    assert waiting(line) == 2
    assert waiting(line, "mayor") == waiting(line, "desk") == 0
    line.until(MONDAY + DAY, "08:00")
    assert (waiting(line), seen(line)) == (0, ())


def test_nothing_is_asked_earlier(line: Line) -> None:
    (citizen,) = line.file(1, needs=("step_free",))
    line.until(MONDAY - 4 * DAY)
    citizen.does(Action.CONFIRM)
    assert waiting(line) == 0
    assert len(seen(line)) == 1


@in_one_city(
    "need, word", [("sign_language", "form_broken"), ("", "form_broken"), ("x", "form_broken")]
)
def test_only_a_need_of_hers_is_ticked(
    line: Line, guests: list[Citizen], need: str, word: str
) -> None:
    with pytest.raises(Denied, match=word):
        tick(line, guests[0], need)


def test_without_a_seat_ahead_there_is_nothing_to_prepare(
    line: Line, guests: list[Citizen]
) -> None:
    guests[1].does(Action.GIVE_UP_SEAT)
    with pytest.raises(Denied, match="no_seat"):
        tick(line, guests[1], "step_free")
    assert AccessNeed.STEP_FREE not in {preparation.need for preparation in seen(line)}
    for who in ("mayor", "desk", "overseer"):
        with pytest.raises(Denied, match="not_your_role"):
            tick(line, guests[0], "companion", who)
    other = replace(guests[0], code="0506000000")
    with pytest.raises(Denied, match="not_found"):
        tick(line, other, "companion")
