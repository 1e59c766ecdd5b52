"""Estimates on the home page and on every other page that has one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.city import City
from support.clock import FixedClock

from publicmeeting.domain.districts.texts import DistrictTexts
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.districts import home_text
from publicmeeting.ui.citizen.home import card, soonest_text, week_tiles
from publicmeeting.ui.citizen.outlook import (
    basis_text,
    monday_tiles,
    more_text,
    range_sentence,
    tile_day,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.line.expectation import (
    ClosedList,
    DistrictTile,
    LaneSeats,
    Outlook,
    Recent,
)

WEEK = timedelta(weeks=1)
FIRST = date(2026, 11, 30)
"""9 Azar."""


SATURDAY = date(2026, 11, 21)
"""30 Aban 1405; filing for Monday 9 Azar closes at its end."""
MONDAY_AT = 2
"""Index of Monday in a week that begins on Saturday."""


def outlook(
    *, before: int = 0, alike: int = 0, likely: int | None = 0, latest: int | None = 0
) -> Outlook:
    return Outlook(
        before,
        alike,
        4,
        FIRST,
        FIRST,
        None if likely is None else FIRST + likely * WEEK,
        None if latest is None else FIRST + latest * WEEK,
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (outlook(), "احتمالاً دوشنبه ۹ آذر."),
        (
            outlook(likely=2, latest=10),
            "احتمالاً تا دوشنبه ۲۳ آذر. زودترین: ۹ آذر؛ دیرترین: ۱۹ بهمن.",
        ),
        (outlook(likely=2, latest=None), "احتمالاً تا دوشنبه ۲۳ آذر. زودترین: ۹ آذر"),
        (outlook(likely=None, latest=None), "از ۹ آذر به بعد"),
    ],
)
def test_one_monday_is_named_and_the_range_around_it(found: Outlook, sentence: str) -> None:
    assert range_sentence(found).startswith(sentence)


def test_the_row_begins_with_the_first_monday_of_the_range_and_has_the_expected_one() -> None:
    for likely in range(12):
        tiles = monday_tiles(outlook(likely=likely, latest=12))
        assert len(tiles) == 5
        assert tiles[0].text == tile_day(FIRST)
        assert [tile.text for tile in tiles if tile.kind == "glazed"] == [
            tile_day(FIRST + likely * WEEK)
        ]
        assert ("…" in [tile.text for tile in tiles]) is (likely > 4), "no gap unless it is far"


def test_mondays_after_the_range_are_not_shown_as_possible() -> None:
    kinds = [tile.kind for tile in monday_tiles(outlook(likely=1, latest=2))]
    assert kinds == ["s2", "glazed", "s2", "raw", "raw"]


def test_equals_are_told_beside_those_before_her() -> None:
    alone = basis_text(outlook())
    assert "هیچ‌کس پیش از شما نیست" in alone
    assert "این برآورد است، نه قول." in alone, "not folded"
    assert "برابرند" not in alone
    one = basis_text(outlook(before=1, alike=1))
    assert "۱ نفر پیش از شماست. حدود ۱ نفر با شما برابر است" in one
    equals = basis_text(outlook(alike=7))
    assert "هیچ‌کس پیش از شما نیست. حدود ۷ نفر با شما برابرند" in equals
    both = basis_text(outlook(before=3, alike=7))
    assert "۳ نفر پیش از شما هستند. حدود ۷ نفر با شما برابرند" in both


def test_what_happened_lately_is_called_that_and_stands_apart() -> None:
    found = outlook()
    lately = more_text(
        Outlook(0, 0, 4, FIRST, found.earliest, found.likely, found.latest, Recent(25, 4, 6))
    )
    expected, happened = lately.split("\n")
    assert "هر دوشنبه حدود ۴ نوبت" in expected
    assert happened.startswith("آنچه گذشت: در ۸ هفتهٔ گذشته ۲۵ نفر")


def test_seats_that_lanes_may_take_are_told_where_they_make_a_difference() -> None:
    never = replace(outlook(before=14, alike=8), lanes=LaneSeats(2, 0, 8))
    assert "هر دوشنبه ۲ نوبت به سهمیهٔ معلولان و فوری برسد" in more_text(never)
    assert "در ۸ قرعهٔ گذشتهٔ آن، هیچ نوبتی نرسید." in more_text(never)
    some = replace(never, lanes=LaneSeats(2, 3, 8))
    assert "در ۸ قرعهٔ گذشتهٔ آن، ۳ نوبت رسید." in more_text(some)
    new_city = replace(never, lanes=LaneSeats(2, 0, 0))
    assert "قرعهٔ گذشته" not in more_text(new_city)
    assert "سهمیه" not in more_text(outlook(before=14, alike=8))


def test_a_closed_list_is_told_by_its_length_and_its_seats() -> None:
    closed = replace(outlook(before=1, alike=3), closed=ClosedList(5, 4, 0, 0))
    assert "فهرست این قرعه بسته شده است: ۵ نفر و ۴ نوبت." in more_text(closed)
    assert "هر دوشنبه حدود" not in more_text(closed)
    one = replace(closed, closed=ClosedList(5, 4, 1, 1))
    assert "نوبت. ۱ نوبت از آن به سهمیهٔ معلولان و فوری می‌رسد." in more_text(one)
    unsure = replace(closed, closed=ClosedList(5, 4, 0, 1))
    assert "نوبت. تا ۱ نوبت از آن" in more_text(unsure)


@pytest.mark.parametrize(
    ("time", "lit", "closed"), [("23:59", "۹ آذر", "۲ آذر"), ("24:00", "۱۶ آذر", "۹ آذر")]
)
def test_the_lit_monday_is_the_first_one_can_have_and_the_one_before_is_said_to_be_closed(
    city: City, clock: FixedClock, time: str, lit: str, closed: str
) -> None:
    clock.set(at_tehran(SATURDAY, time))
    board = city.application.query_as(NOBODY, city_board, Nothing())
    tiles = week_tiles(board)
    assert [(at, tile.text) for at, tile in enumerate(tiles) if tile.kind == "now"] == [
        (MONDAY_AT, lit.replace("\u00a0", " "))
    ]
    sentence = soonest_text(board)
    assert lit in sentence
    assert sentence.endswith(home_text.CLOSED_BEFORE.format(day=closed))


@pytest.mark.parametrize(
    ("today", "lit", "closed"),
    [
        # 2 Farvardin is a holiday: who files for it is received a week later.
        (date(2027, 3, 10), "۹ فروردین", "۲۴ اسفند"),
        (date(2027, 3, 18), "۹ فروردین", ""),
    ],
)
def test_no_holiday_is_promised_and_none_is_said_to_be_closed(
    city: City, clock: FixedClock, today: date, lit: str, closed: str
) -> None:
    clock.set(at_tehran(today, "12:00"))
    board = city.application.query_as(NOBODY, city_board, Nothing())
    assert week_tiles(board)[MONDAY_AT].text == lit.replace("\u00a0", " ")
    ends = home_text.CLOSED_BEFORE.format(day=closed) if closed else "۹ فروردین ۱۴۰۶ است."
    assert soonest_text(board).endswith(ends)


def test_a_district_says_where_it_receives_and_where_that_is_on_the_map() -> None:
    line = DistrictTile(6, None, 0, 3, outlook())
    texts = DistrictTexts(
        "خیابان کارگر", "سالن نخست", "۸ تا ۱۴", "کارت", "35.70122,51.40013", (), ()
    )
    shown = card(line, texts)
    assert (shown.place, shown.hours, shown.bring) == ("خیابان کارگر، سالن نخست", "۸ تا ۱۴", "کارت")
    assert (
        shown.map
        == "https://www.openstreetmap.org/?mlat=35.70122&mlon=51.40013#map=17/35.70122/51.40013"
    )
    assert card(line).place == card(line, replace(texts, point="")).map == ""
