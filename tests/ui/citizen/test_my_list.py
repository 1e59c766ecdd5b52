"""«I am not in the list» on her own page and on the page that checks draws."""

import asyncio
from datetime import timedelta

import pytest
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line
from support.overlooked import overlooked
from support.staff_tab import Tab

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.line import listing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.citizen.timeline.waiting import ListView, list_view
from publicmeeting.ui.public.verify.state import VerifyState
from publicmeeting.ui.shell.parts.line import reply
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import MyTurn, my_turn

DAY = timedelta(days=1)
TUESDAY = MONDAY - 6 * DAY
NAME = "1405-09-09"


def card(line: Line, citizen: Citizen) -> ListView:
    command = OneCase(code=citizen.code)
    found = line.city.application.query_as(citizen.actor, my_turn, command).list
    assert found is not None
    return list_view(found, DateWords(line.clock()))


def test_who_is_in_it_is_led_to_her_row(line: Line) -> None:
    (there,) = line.file(1)
    line.until(TUESDAY, "12:30")
    shown = card(line, there)
    assert (shown.head, shown.ask) == (listing_text.IN_IT, "")
    assert shown.row == f"/verify/#d=6&t={there.request.ticket}&draw=d06-1405-09-09"


def test_who_is_missed_has_one_tap_and_a_reason_has_its_words(line: Line) -> None:
    away, missing = line.file(2)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(MONDAY - 8 * DAY)
    (late,) = line.file(1)
    with overlooked(line, missing):
        line.until(TUESDAY, "12:30")
    shown = card(line, missing)
    assert (shown.head, shown.why, shown.ask) == (
        listing_text.NOT_IN_IT,
        listing_text.SHOULD_BE,
        listing_text.ASK,
    )
    assert shown.until == "مهلت اعتراض تا سه‌شنبه ۳ آذر، ساعت ۲۰:۰۰"
    left_out = card(line, away)
    assert (left_out.why, left_out.ask) == (listing_text.NOT_ME, listing_text.VOID)
    line.city.application.execute_as(away.actor, object_to_list, ObjectToList())
    added = card(line, away)
    assert (added.head, added.ask) == (listing_text.ADDED, "")
    assert card(line, late).why.startswith(listing_text.ABSENT["filed_late"])
    line.city.application.execute_as(late.actor, object_to_list, ObjectToList())
    view = card(line, late)
    assert (view.ask, view.until) == ("", "")
    assert view.why.endswith(listing_text.ASKED)


def test_the_page_that_did_not_find_a_row_says_what_the_log_has(
    line: Line, application: Application
) -> None:
    away, missing, _ = line.file(3)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    with overlooked(line, missing):
        line.until(TUESDAY, "13:00")
    state = verifying(application)
    object_for(state, "0" * 64)
    assert (state.errors, state.reply.first) == ({"ticket": refusal("ticket_unknown")}, "")
    object_for(state, away.request.ticket)
    assert state.reply.first == listing_text.SAME.format(district="۶")
    assert listing_text.ABSENT["monday_out"] in state.reply.rest
    object_for(state, missing.request.ticket)
    assert state.reply.first == listing_text.OWED.format(district="۶", day="دوشنبه ۹ آذر")
    assert (state.asking, state.errors) == (False, {})


def test_her_own_tap_is_answered_with_the_second_list(line: Line) -> None:
    (away,) = line.file(1)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "13:00")
    for _ in range(2):
        answer = line.city.application.execute_as(away.actor, object_to_list, ObjectToList())
        words = reply(answer)
        assert words.first == listing_text.CHANGED.format(district="۶")
        assert "سه‌شنبه ۳ آذر، ساعت ۲۰:۰۰" in words.rest


@in_one_city("sent", [None, 7, {"ticket": "x"}])
def test_what_is_no_ticket_is_refused(line: Line, application: Application, sent: object) -> None:
    line.begins(TUESDAY, "13:00")
    state = verifying(application)
    object_for(state, sent)
    assert state.refused == refusal("no_live_request")


def test_a_fault_found_too_late_has_its_own_words_in_every_place(
    line: Line, application: Application
) -> None:
    *_, missing = line.file(20)
    with overlooked(line, missing):
        line.until(TUESDAY, "20:00")
    shown = card(line, missing)
    assert (shown.head, shown.why) == (listing_text.WAS_NOT_IN_IT, listing_text.SHOULD_BE)
    assert (shown.title, shown.until) == (listing_text.TITLE.format(day="دوشنبه ۹ آذر"), "")
    assert shown.ask == listing_text.ASK_LATE
    state = verifying(application)
    object_for(state, missing.request.ticket)
    assert state.reply.first == listing_text.OWED.format(district="۶", day="دوشنبه ۹ آذر")
    assert (state.reply.rest, state.reply.changed) == (listing_text.OWED_WHY, False)
    object_for(state, missing.request.ticket)
    assert state.refused == refusal("objection_raised")


def verifying(application: Application) -> VerifyState:
    return Tab(application, "desk").opens(VerifyState, "/verify/")


def object_for(state: VerifyState, ticket: object, monday: object = NAME) -> None:
    async def all_of_it() -> None:
        async for _ in VerifyState.object_to_list.fn(state, ticket, monday):
            pass

    asyncio.run(all_of_it())


def test_after_her_tap_her_next_monday_is_the_one_she_is_in(line: Line) -> None:
    away, *_ = line.file(3)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "13:00")
    before = turn(line, away)
    assert before.outlook is not None
    assert before.outlook.earliest == MONDAY + timedelta(weeks=1)
    line.city.application.execute_as(away.actor, object_to_list, ObjectToList())
    for hour in ("13:01", "20:01"):
        line.until(TUESDAY, hour)
        after = turn(line, away)
        assert after.outlook is not None
        assert after.next_draw is not None
        assert (after.outlook.earliest, after.next_draw.monday) == (MONDAY, MONDAY)
        assert after.outlook.likely == MONDAY


def test_after_an_undone_leaving_her_next_monday_is_the_one_she_is_in(line: Line) -> None:
    gone, *_ = line.file(3)
    gone.does(Action.WITHDRAW)
    line.until(TUESDAY, "13:00")
    line.city.application.execute_as(gone.actor, undo_leaving, OneCase(code=gone.code))
    after = turn(line, gone)
    assert after.outlook is not None
    assert after.next_draw is not None
    assert (after.outlook.earliest, after.next_draw.monday) == (MONDAY, MONDAY)


@pytest.mark.parametrize(("hour", "is_shown"), [("13:00", True), ("20:00", True), ("20:01", False)])
def test_a_monday_left_out_is_undone_on_the_road_until_its_hours_are_over(
    line: Line, hour: str, *, is_shown: bool
) -> None:
    away, *_ = line.file(2)
    away.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, hour)
    assert (road_text.NOT_YOU in road(line, away)) is is_shown
    if hour == "13:00":
        line.city.application.execute_as(away.actor, object_to_list, ObjectToList())
        assert road_text.NOT_YOU not in road(line, away), "it is undone"


def test_a_leaving_is_undone_on_the_road_until_its_hours_are_over(line: Line) -> None:
    gone, _ = line.file(2)
    gone.does(Action.WITHDRAW)
    assert road_text.NOT_YOU in road(line, gone)
    line.until(TUESDAY, "20:01")
    assert road_text.NOT_YOU not in road(line, gone)


def road(line: Line, citizen: Citizen) -> str:
    command = OneCase(code=citizen.code)
    page = line.city.application.query_as(citizen.actor, timeline_page, command)
    return " ".join(step.meaning for step in road_steps(page.marks, page.dates, own=True))


def turn(line: Line, citizen: Citizen) -> MyTurn:
    command = OneCase(code=citizen.code)
    return line.city.application.query_as(citizen.actor, my_turn, command)
