"""The ceremony's page before, during and after the draw."""

import asyncio
import re
from datetime import timedelta

import pytest
from support.city import FEW
from support.each import in_one_city
from support.line import MONDAY, Line
from support.staff_tab import Tab, do
from support.witnesses import Witness

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.text.line import listing_text
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.public.ceremony.state import CeremonyState
from publicmeeting.ui.public.draws import DrawsState
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record import ceremony

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
ADDRESS = "/ceremony/?monday=1405-09-09"


def watched(application: Application, address: str = ADDRESS) -> CeremonyState:
    return Tab(application).opens(CeremonyState, address)


def test_before_the_freeze_it_counts_down_to_it(line: Line, application: Application) -> None:
    line.begins(TUESDAY - DAY, "12:00")
    state = watched(application)
    assert (state.head.now, state.head.left) == (ceremony_text.NOW["open"], 24 * 3600)
    assert [party.name for party in state.parties] == [party_name("city")]
    assert state.head.no_witness == ceremony_text.NO_WITNESS
    # Without isolation its halves would change places between Persian words.
    assert re.search(r"\u2066\d+-[0-9a-f]{16}\u2069$", state.head.log)
    assert {tile.kind for tile in state.tiles} == {"plain"}
    assert len(state.tiles) == len(FEW)


def test_who_has_committed_is_named_and_known_by_a_mark(
    line: Line, application: Application
) -> None:
    promised = Witness(line, "council").commits()
    state = watched(application)
    assert [(party.name, party.status, party.mark) for party in state.parties][1] == (
        party_name("council"),
        ceremony_text.COMMITTED,
        promised[:8],
    )
    assert state.head.no_witness == ""


def test_a_list_that_nobody_signed_in_time_says_so_wherever_it_is_shown(
    line: Line, application: Application
) -> None:
    line.file(2)
    line.until(WEDNESDAY, "09:00")
    assert watched(application).head.warn == "", "they may still sign"
    line.until(WEDNESDAY, "09:01")
    assert watched(application).head.warn == ceremony_text.ONLY_CITY
    line.until(WEDNESDAY, "20:00")
    assert watched(application).head.warn == ceremony_text.ONLY_CITY
    draws = Tab(application).opens(DrawsState, "/draws/")
    (row,) = [one for one in draws.rows if one.href.endswith("1405-09-09")]
    assert ceremony_text.ONLY_CITY in row.meta


def test_the_list_of_draws_leads_to_the_mondays_that_it_leaves_out(
    line: Line, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.until(TUESDAY, "12:00")
    assert Tab(application).opens(DrawsState, "/draws/").older == "", "it has them all"
    monkeypatch.setattr(ceremony, "SHOWN", 1)
    draws = Tab(application).opens(DrawsState, "/draws/")
    (newest,) = draws.rows
    assert draws.older.split("=")[1] == newest.href.split("=")[1]


def test_what_a_quorum_signed_in_time_is_said_too(line: Line, application: Application) -> None:
    council, press = Witness(line, "council"), Witness(line, "press")
    council.commits()
    line.until(TUESDAY, "21:30")
    waiting = watched(application)
    assert (waiting.head.now, waiting.head.left) == (ceremony_text.NOW["revealing"], 30 * 60)
    council.shows()
    line.until(TUESDAY, "22:00")
    council.cosigns()
    assert watched(application).head.signed == "", "one is no quorum"
    press.cosigns()
    assert watched(application).head.signed == ceremony_text.SIGNED
    line.until(WEDNESDAY, "20:00")
    state = watched(application)
    assert (state.head.now, state.head.warn) == (ceremony_text.NOW["drawn"], "")
    assert state.head.signed == ceremony_text.SIGNED
    assert [party.kind for party in state.parties] == ["glazed", "glazed"]


def test_a_silent_witness_is_named_on_the_screen(line: Line, application: Application) -> None:
    Witness(line, "press").commits()
    line.until(WEDNESDAY, "20:00")
    state = watched(application)
    assert [party.status for party in state.parties] == [ceremony_text.SHOWN, ceremony_text.SILENT]
    assert state.head.warn == ceremony_text.ONLY_CITY


def test_a_city_that_slept_through_its_hours_is_named_as_silent(
    line: Line, application: Application
) -> None:
    line.file(1)
    line.until(TUESDAY, "12:00")
    line.sleep_until(TUESDAY, "23:00")
    line.until(WEDNESDAY, "20:00")
    state = watched(application)
    assert [party.status for party in state.parties] == [ceremony_text.SILENT]
    assert line.draw().file["reveals"] == {}


def test_one_districts_result_opens_and_closes(line: Line, application: Application) -> None:
    line.drawn(9)
    state = watched(application)
    asyncio.run(do(state, CeremonyState.choose, 6))
    tickets = {one["ticket"][:8] for one in line.draw().file["seated"]}
    assert {seat.mark for seat in state.detail.seats} == tickets
    assert len(state.detail.seats) == 8
    assert state.detail.standby
    asyncio.run(do(state, CeremonyState.choose, 6))
    assert (state.chosen, state.detail.title) == (0, "")


@in_one_city("district", [0, 23, -1, "6"])
def test_a_district_that_does_not_exist_chooses_nothing(
    line: Line, application: Application, district: object
) -> None:
    state = watched(application)
    asyncio.run(do(state, CeremonyState.choose, district))
    assert state.chosen == 0
    assert line.draw().state == "open"


@in_one_city("monday", ["1405-09-10", "1300-01-01", "x", "../../"])
def test_a_day_without_draws_is_missing(line: Line, application: Application, monday: str) -> None:
    state = watched(application, f"/ceremony/?monday={monday}")
    # There are draws, only not on this day, so the page must not deny them all.
    assert (state.missing, state.names_day) == (True, True)
    assert not watched(application, "/ceremony/").names_day
    assert line.draw().state == "open"


def test_without_a_day_it_is_the_next_mondays(line: Line, application: Application) -> None:
    line.begins(WEDNESDAY, "20:00")
    assert "۹ آذر" in watched(application, "/ceremony/").head.title
    line.until(MONDAY + DAY, "08:00")
    assert "۱۶ آذر" in watched(application, "/ceremony/").head.title


def test_an_objection_is_answered_on_the_page(line: Line, application: Application) -> None:
    (there,) = line.file(1)
    line.until(TUESDAY, "12:30")
    state = Tab(application, "desk").opens(CeremonyState, ADDRESS)
    assert state.head.object_until
    asyncio.run(do(state, CeremonyState.raise_objection, {"ticket": there.request.ticket[:8]}))
    assert state.reply.first == listing_text.LISTED.format(district="۶")
    asyncio.run(do(state, CeremonyState.raise_objection, {"ticket": "0000"}))
    assert state.errors == {"ticket": refusal("ticket_unknown")}
    assert state.reply.first == ""


def test_the_number_is_awaited_then_stands_and_who_entered_it_is_seen(
    line: Line, application: Application
) -> None:
    line.file(1)
    line.until(TUESDAY, "22:00")
    state = watched(application)
    assert (state.head.now, state.head.until) == (
        ceremony_text.NOW["sealed"],
        ceremony_text.NEXT["sealed"],
    )
    assert [tile.kind for tile in state.value] == ["raw"] * 7
    assert "چهارشنبه" in state.head.value_title
    line.until(WEDNESDAY, "15:00")
    line.enter("2185979")
    state = watched(application)
    assert state.head.until == ceremony_text.NEXT["entering"]
    assert state.parties[0].number == ceremony_text.ENTERED.format(value="۲٬۱۸۵٬۹۷۹")
    assert [tile.kind for tile in state.value] == ["raw"] * 7
    line.until(WEDNESDAY, "20:00")
    state = watched(application)
    assert "".join(tile.text for tile in state.value) == "۲۱۸۵۹۷۹"
    assert state.head.value_label == "۲٬۱۸۵٬۹۷۹"
    assert state.head.value_lead == ceremony_text.VALUE_STANDS["published"]


def test_words_that_differ_are_shown_as_differing(line: Line, application: Application) -> None:
    line.file(1)
    line.until(WEDNESDAY, "15:00")
    line.enter("2185979")
    Witness(line, "council").enters("2185978")
    state = watched(application)
    assert state.head.value_lead == ceremony_text.DISPUTED
    assert [party.name for party in state.parties] == [party_name("city"), party_name("council")]


def test_a_second_list_is_announced_until_it_is_written(
    line: Line, application: Application
) -> None:
    *_, missing = line.file(3)
    missing.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "12:30")
    line.city.application.execute_as(missing.actor, object_to_list, ObjectToList())
    assert watched(application).head.second_lists == ceremony_text.SECOND_LISTS.format(count="۱")
    line.until(TUESDAY, "20:00")
    assert watched(application).head.second_lists == ""
