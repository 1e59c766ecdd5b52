"""The summary of a Monday for the person who held it, and the sheet of the day."""

from datetime import timedelta

import pytest
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import How
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import people
from publicmeeting.text.meetings import agenda_text, paper_text, reception_text
from publicmeeting.ui.mayor.agenda.evening import evening as shown_evening
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.held import DaySummary, EveningOf, day_summary
from publicmeeting.usecases.meetings.on_paper.paper_entry import print_day
from publicmeeting.web.routes.tables import day_list


def summary(hall: Hall, who: str = "mayor") -> DaySummary | None:
    found: DaySummary | None = hall.query(who, day_summary, EveningOf())
    return found


@pytest.fixture
def evening(hall: Hall) -> Hall:
    """The day is over: one order, one refusal after twenty minutes, one absence."""
    first, second, third = hall.guests
    hall.receive(first)
    hall.clock.set(at_tehran(MONDAY, "09:10"))
    hall.order(first)
    hall.finish(first)
    hall.receive(second)
    hall.clock.set(at_tehran(MONDAY, "09:30"))
    hall.finish(second, outcome="refused", note="این کار با طرح نمی‌خواند.")
    hall.clock.set(at_tehran(MONDAY, "09:50"))
    for _ in range(2):
        hall.clock.forward(seconds=30)
        hall.act("reception", third, Action.CALL)
    hall.act("reception", third, Action.NO_SHOW)
    hall.ends("13:00")
    return hall


def test_it_is_counted_from_what_was_recorded(evening: Hall) -> None:
    seen = summary(evening)
    assert seen is not None
    assert (seen.monday, seen.how) == (MONDAY, How.MAYOR)
    assert (seen.met, seen.refused, seen.missed, seen.orders) == (2, 1, 1, 1)
    assert seen.average == timedelta(minutes=15)
    evening.clock.set(at_tehran(MONDAY, "09:00") + timedelta(days=6))
    assert summary(evening) is not None, "until the next one"


def test_while_the_day_is_on_there_is_none(hall: Hall) -> None:
    assert summary(hall) is None
    hall.clock.set(at_tehran(MONDAY, "10:59"))
    assert summary(hall) is None


@in_one_city("who", ["reception", "desk", "overseer", "administrator"])
def test_it_is_for_who_holds_mondays_alone(evening: Hall, who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        summary(evening, who)
    with pytest.raises(Denied, match="not_found"):
        evening.query("mayor", day_summary, EveningOf(district=7))


def test_it_stands_on_the_agenda_in_six_numbers(evening: Hall) -> None:
    state = Tab(evening.application, "mayor").opens(AgendaState, "/mayor/")
    shown = {figure.of: figure.number for figure in state.evening.figures}
    assert shown[agenda_text.MET] == "۲"
    assert shown[agenda_text.MISSED] == "۱"
    assert shown[agenda_text.AVERAGE] == "۱۵ دقیقه"
    assert state.evening.on == MONDAY.isoformat()


def test_the_sheet_of_the_day_says_what_became_of_each(evening: Hall) -> None:
    printed = day_list(evening.execute("mayor", print_day, ADay(monday=MONDAY.isoformat())))
    assert printed.title.startswith("برگهٔ روز")
    noted = [line.noted for line in printed.lines]
    assert noted[0] == "ملاقات شد، ۹:۰۰ تا ۹:۱۰؛ ۱ دستور"
    assert noted[1] == f"ملاقات شد، ۹:۱۰ تا ۹:۳۰؛ {paper_text.REFUSED}"
    assert noted[2] == paper_text.MISSED
    assert set(noted[3:]) <= {paper_text.WAITS_AGAIN}


def test_whoever_came_and_was_not_received_has_come_on_every_sheet(hall: Hall) -> None:
    """The day ended before her turn; no sheet may say that she stayed away."""
    came = hall.guests[1]
    hall.arrive(came)
    hall.ends("13:00")
    printed = day_list(hall.execute("mayor", print_day, ADay(monday=MONDAY.isoformat())))
    assert [line.boxes[0] for line in printed.lines] == [False, True, False]
    assert {line.noted for line in printed.lines} == {paper_text.WAITS_AGAIN}
    state = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    states = {guest.code: guest.state for guest in state.day.guests}
    assert agenda_text.CAME_THEN.partition("{")[2].partition("}")[2] in states[came.code]
    assert {guest.badge.word for guest in state.day.guests} == {reception_text.SKIPPED}
    board = Tab(hall.application, "reception").opens(MondayState, "/monday/").day
    heads = [row.head for row in board.visitors if row.head]
    assert heads == [reception_text.GROUP_SKIPPED.format(count=persian(3))]
    assert board.summary.endswith(f"جا ماند: {people(3)}")


@in_one_city("days", [0, 3, 4])
def test_the_way_to_the_paper_stands_there_until_thursday(evening: Hall, days: int) -> None:
    evening.clock.set(at_tehran(MONDAY, "20:00") + timedelta(days=days))
    seen = summary(evening)
    assert seen is not None
    assert seen.is_paper_open is (days <= 3)
    assert shown_evening(seen).is_paper_open is seen.is_paper_open
