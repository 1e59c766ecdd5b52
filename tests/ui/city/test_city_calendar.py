"""The administrator's calendar: a Monday is looked at, then closed, and officials read it."""

import asyncio
import re
from typing import Any

import pytest
from support.city import THREE
from support.each import for_each
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.choices import CLOSURES, ClosureReason
from publicmeeting.kit.digits import persian
from publicmeeting.store.public_record.log import Log
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.ui.city.calendar import CalendarState
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.staff.monday.state import MondayState


@pytest.fixture
def districts() -> tuple[int, ...]:
    """Three districts: one is closed by somebody else, several remain."""
    return THREE


def opened(application: Application, username: str = "administrator") -> Any:
    state = Tab(application, username).state(CalendarState)
    asyncio.run(do(state, CalendarState.load))
    return state


def command(**change: str) -> dict[str, str]:
    return {"monday": MONDAY.isoformat(), "district": "6", "reason": "pollution", **change}


def test_nothing_is_closed_before_its_result_was_read(line: Line, application: Application) -> None:
    state = opened(application)
    assert next(monday.value for monday in state.mondays) == MONDAY.isoformat()
    asyncio.run(do(state, CalendarState.close))
    asyncio.run(do(state, CalendarState.preview, command()))
    assert state.seen.what == "دوشنبه ۹ آذر ۱۴۰۵ در منطقهٔ ۶ بسته می‌شود."
    assert state.seen.then.startswith("هنوز کسی نوبت ندارد")
    assert line.entries("monday_closed") == []
    asyncio.run(do(state, CalendarState.close))
    assert state.done == "دوشنبه ۹ آذر ۱۴۰۵ در منطقهٔ ۶ بسته شد."
    assert state.lines[0].closed == ("منطقهٔ ۶: برای آلودگی هوا تعطیل شده است.",)
    asyncio.run(do(state, CalendarState.close))
    assert len(line.entries("monday_closed")) == 1


def test_guests_are_counted_before_and_after(line: Line, application: Application) -> None:
    guests = line.drawn(2)
    assert guests[0].stage == "invited"
    state = opened(application)
    assert state.lines[0].seats == "۲ نوبت داده شده"
    asyncio.run(do(state, CalendarState.preview, command(district="", reason="heat")))
    assert state.seen.then.startswith("۲ نفر نوبت دارند")
    asyncio.run(do(state, CalendarState.close))
    assert "۲ نفر نوبت طلب دارند" in state.done
    assert MONDAY.isoformat() not in [monday.value for monday in state.mondays]


def test_a_whole_city_is_closed_district_by_district(
    line: Line, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one transaction, filing would wait until the last holder of the city is notified."""
    line.drawn(2)
    state = opened(application)
    asyncio.run(do(state, CalendarState.preview, command(district="", reason="heat")))
    appended = list[int]()
    sign = Log.sign

    def counting(log: Log) -> None:
        appended.append(log.appended)
        sign(log)

    monkeypatch.setattr(Log, "sign", counting)
    line.close(MONDAY, str(THREE[0]))  # closed by somebody else after the page was opened
    asyncio.run(do(state, CalendarState.close))
    assert len(line.entries("monday_closed")) == len(THREE)
    assert len([one for one in appended if one]) == len(THREE)
    assert "طلب دارند" in state.done
    assert f"{persian(len(THREE) - 1)} منطقه" in state.done


def test_what_is_missing_is_told_beside_its_field(line: Line, application: Application) -> None:
    state = opened(application)
    asyncio.run(do(state, CalendarState.preview, command(reason="")))
    assert list(state.errors) == ["reason"]
    asyncio.run(do(state, CalendarState.preview, command(monday="1405-09-09")))
    assert list(state.errors) == ["monday"]
    assert state.seen.what == ""
    asyncio.run(do(state, CalendarState.close))
    assert line.entries("monday_closed") == []


def test_no_other_official_sees_the_mondays(line: Line, application: Application) -> None:
    state = opened(application, "mayor")
    assert (state.lines, state.mondays) == ((), ())
    asyncio.run(do(state, CalendarState.preview, command()))
    assert state.seen.what == ""


def test_reception_reads_why_in_words(line: Line, application: Application) -> None:
    admin = opened(application)
    asyncio.run(do(admin, CalendarState.preview, command()))
    asyncio.run(do(admin, CalendarState.close))
    line.until(MONDAY, "08:00")
    state = Tab(application, "reception").state(MondayState)
    asyncio.run(do(state, MondayState.load))
    assert state.day.notice_lead == "برای آلودگی هوا تعطیل شده است."


@for_each(CLOSURES)
def test_no_reason_speaks_of_the_city(reason: ClosureReason) -> None:
    assert not re.search(r"\bشهر\b|همهٔ منطقه", closure(reason))


def test_closing_one_district_says_so_of_that_district(
    line: Line, application: Application
) -> None:
    admin, reason = opened(application), ClosureReason.MAYOR_AWAY
    asyncio.run(do(admin, CalendarState.preview, command(reason=reason)))
    asyncio.run(do(admin, CalendarState.close))
    assert [*admin.lines[0].closed] == [f"منطقهٔ ۶: {closure(reason)}"]
    line.until(MONDAY, "08:00")
    for username, closed in (("mayor", True), ("mayor4", False)):
        agenda = Tab(application, username).state(AgendaState)
        asyncio.run(do(agenda, AgendaState.load))
        assert (agenda.day.empty_lead == closure(reason)) is closed
