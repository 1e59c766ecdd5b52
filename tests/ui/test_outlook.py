"""The expectation as it is read: one Monday, its range, who is before her and who is her equal."""

from datetime import date, timedelta

import pytest

from publicmeeting.ui.citizen.outlook import basis_words, monday_tiles, range_words
from publicmeeting.usecases.expectation import Outlook, Recent

WEEK = timedelta(weeks=1)
FIRST = date(2026, 11, 30)
"""9 Azar."""


def outlook(
    *, before: int = 0, alike: int = 0, likely: int | None = 0, latest: int | None = 0
) -> Outlook:
    return Outlook(
        before, alike, 4, FIRST, FIRST,
        None if likely is None else FIRST + likely * WEEK,
        None if latest is None else FIRST + latest * WEEK,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (outlook(), "دوشنبهٔ مورد انتظار: ۹ آذر."),
        (outlook(likely=2, latest=10), "دوشنبهٔ مورد انتظار: ۲۳ آذر. بازه: ۹ آذر تا ۱۹ بهمن."),
        (outlook(likely=2, latest=None), "دوشنبهٔ مورد انتظار: ۲۳ آذر. زودترین: ۹ آذر"),
        (outlook(likely=None, latest=None), "از ۹ آذر به بعد"),
    ],
)
def test_one_monday_is_named_and_the_range_around_it(found: Outlook, said: str) -> None:
    assert range_words(found).startswith(said)


def test_the_expected_monday_is_always_in_the_row_and_the_only_glazed_one() -> None:
    for likely in range(12):
        tiles = monday_tiles(outlook(likely=likely, latest=12), FIRST - WEEK)
        assert len(tiles) == 5
        assert [tile.kind for tile in tiles].count("glazed") == 1


def test_equals_are_told_beside_those_before_her() -> None:
    alone = basis_words(outlook())
    assert "هیچ‌کس پیش از شما نیست" in alone
    assert "برابرند" not in alone
    equals = basis_words(outlook(alike=7))
    assert "هیچ‌کس پیش از شما نیست. حدود ۷ نفر با شما برابرند" in equals
    both = basis_words(outlook(before=3, alike=7))
    assert "۳ نفر پیش از شما هستند. حدود ۷ نفر با شما برابرند" in both


def test_what_happened_lately_is_called_that_and_stands_apart() -> None:
    found = outlook()
    lately = basis_words(
        Outlook(0, 0, 4, FIRST, found.earliest, found.likely, found.latest, Recent(25, 4, 6))
    )
    expected, happened = lately.split("\n")
    assert "برآورد است" in expected
    assert happened.startswith("آنچه گذشت: در ۸ هفتهٔ گذشته ۲۵ نفر")
