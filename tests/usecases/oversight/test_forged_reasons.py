"""The database owner writes into a Monday's row why it is closed; the log says whether it is."""

from typing import Any

import pytest
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.triggers import write
from test_books import only

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.roles import NOBODY
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.ui.citizen.home import last_monday
from publicmeeting.ui.city.calendar import lines
from publicmeeting.ui.mayor.agenda.views import people_of
from publicmeeting.ui.staff.monday.views import day_view
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.districts.closing import CloseMonday, city_calendar, close_monday
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.in_hall.hall import screen_of
from publicmeeting.usecases.oversight.books import tables_follow
from publicmeeting.web.hall.view import news_of

REASON = 'UPDATE monday SET why = :why WHERE district = 6 AND "on" = :day'


def set_reason(hall: Hall, why: str) -> None:
    write(hall, REASON, why=why, day=f"{MONDAY}")


def shown(hall: Hall) -> dict[str, Any]:
    """Return what the hall's screen, reception, mayor, administrator and everybody see."""
    with hall.reading() as uow:
        screen = screen_of(uow, DISTRICT, hall.clock())
    assert screen is not None
    board = hall.query("reception", monday_list, ADay())
    reception = day_view(board, None)
    return {
        "hall": news_of(screen, {})["shown"],
        "reception": (reception.notice, reception.notice_lead),
        "mayor": people_of(board),
        "calendar": lines(hall.query("administrator", city_calendar, Nothing())),
        "home": last_monday(hall.query(NOBODY, city_board, Nothing())),
    }


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("why", [ClosureReason.MOURNING.value, "no reason that anybody knows"])
def test_no_word_in_its_row_closes_a_monday(hall: Hall, why: str) -> None:
    truth = shown(hall)
    set_reason(hall, why)
    assert shown(hall) == truth
    found = only(hall, tables_follow)
    assert found == f"monday d06-1405-09-09: its reason is {why!r}, not nothing"


def test_a_closed_monday_stays_closed_whatever_its_reason(hall: Hall) -> None:
    closing = CloseMonday(
        monday=f"{MONDAY}", district=f"{DISTRICT}", reason=ClosureReason.POWER.value
    )
    hall.execute("administrator", close_monday, closing)
    truth = shown(hall)
    assert truth["hall"]["where"] == truth["reception"][1] == closure(ClosureReason.POWER)
    set_reason(hall, "no reason that anybody knows")
    changed = shown(hall)
    assert changed["hall"]["title"] == truth["hall"]["title"]
    assert changed["hall"]["where"] == changed["reception"][1] == closure("")
    set_reason(hall, ClosureReason.MAYOR_AWAY.value)
    found = only(hall, tables_follow)
    assert found == "monday d06-1405-09-09: its reason is 'mayor_away', not power"
