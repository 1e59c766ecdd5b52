"""The week on the home page: the Monday that is lit, and the sentence under it."""

from datetime import date

import pytest
from support.city import City
from support.clock import FixedClock

from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.districts import home_text
from publicmeeting.ui.citizen.home.state import soonest_text, week_tiles
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board

SATURDAY = date(2026, 11, 21)
"""30 Aban 1405; at its end filing for Monday 9 Azar is closed."""
MONDAY_AT = 2
"""Saturday is the first day of the week."""


@pytest.mark.parametrize(
    ("time", "lit", "closed"), [("23:59", "۹ آذر", "۲ آذر"), ("24:00", "۱۶ آذر", "۹ آذر")]
)
def test_the_lit_monday_is_the_first_one_can_have_and_the_one_before_is_said_to_be_closed(
    city: City, clock: FixedClock, time: str, lit: str, closed: str
) -> None:
    clock.set(at_tehran(SATURDAY, time))
    board = city.application.query_as(NOBODY, city_board, Nothing())
    tiles = week_tiles(board)
    assert [(at, one.text) for at, one in enumerate(tiles) if one.kind == "now"] == [
        (MONDAY_AT, lit)
    ]
    sentence = soonest_text(board)
    assert lit in sentence
    assert sentence.endswith(home_text.CLOSED_BEFORE.format(day=closed))
