"""The desk's inbox in one tab: what an officer sees and decides, and what he does not lose."""

import asyncio
from datetime import date, timedelta

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.staff_tab import Tab, do, sent

from publicmeeting.application import Application
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.reflex.view_model import serialize_view
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.steps.keys import CANCEL
from publicmeeting.ui.shell.steps.state import NOTES_MOST
from publicmeeting.ui.shell.steps.views import NOTE_TURN
from publicmeeting.ui.staff.desk.state import DeskState, lines_view
from publicmeeting.usecases.screening.inbox import Inbox, inbox

SATURDAY = date(2026, 11, 21)
"""The day on which the tests' requests are filed; its line closes at its end."""
NOTE = "پلاک ساختمان را بنویسید."


@pytest.fixture
def desk(application: Application, city: City) -> Tab:
    del city
    return Tab(application, "desk")


def opened(tab: Tab, address: str) -> DeskState:
    """Return the page's state at this address after loading."""
    return tab.opens(DeskState, address)


def test_whoever_is_not_signed_in_is_asked_to_sign_in(application: Application, city: City) -> None:
    del city
    state = opened(Tab(application), "/desk/")
    assert state.signed_out
    assert state.lines.rows == ()


def test_whoever_loses_the_last_role_or_the_session_reads_which_of_both(
    application: Application, desk: Tab, a_request
) -> None:
    """Both happen while the page is open and shows an older refusal."""
    address = f"/desk/?case={a_request().code}"
    state = opened(desk, address)
    state.refused = refusal("version_conflict")
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username("desk")
        assert account is not None
        uow.accounts.date_term(account.id, account.terms[0], SATURDAY - timedelta(1))
    assert opened(desk, address).signed_out
    assert state.refused == refusal("session_ended", kind="roleless")
    state.signed_out, state.refused = False, refusal("version_conflict")
    with application.store.unit_of_work(application.clock()) as uow:
        uow.sessions.end_of_account(account.id)
    assert opened(desk, address).signed_out
    assert state.refused == ""


@in_one_city("who", ["reception", "mayor", "administrator", "phone"])
def test_another_role_finds_nothing_here(application: Application, city: City, who: str) -> None:
    del city
    assert opened(Tab(application, who), "/desk/").missing


def test_the_case_of_the_address_is_open_beside_the_list(desk: Tab, a_request) -> None:
    walked, _ = a_request(title="نور کم بوستان"), a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    assert (state.case.code, state.case.title) == (walked.code, "نور کم بوستان")
    assert [row.chosen for row in state.lines.rows] == [True, False]
    assert len(walked.request.history) == 1


def test_neither_name_nor_number_is_anywhere_in_the_tab(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    shown = repr(state.dict())
    assert walked.code in shown
    for secret in (walked.who.name, walked.who.identity, walked.who.mobile, walked.who.mobile[1:]):
        assert secret not in shown


def test_a_case_of_another_district_is_not_found_and_the_list_stays(
    application: Application, city: City, a_request
) -> None:
    del city
    walked = a_request()
    state = opened(Tab(application, "desk4"), f"/desk/?case={walked.code}")
    assert state.case.code == ""
    assert state.case_refused == refusal("not_found")
    assert not state.missing


def test_a_tab_that_does_not_exist_is_the_first_one(desk: Tab, a_request) -> None:
    a_request()
    state = opened(desk, "/desk/?tab=secret")
    assert (state.which, len(state.lines.rows)) == ("submitted", 1)


def test_the_browser_hears_which_tab_is_chosen_also_of_the_first(desk: Tab, city: City) -> None:
    state = opened(desk, "/desk/")
    sent = serialize_view(state.get_value("around"))
    assert sent is not None
    assert sent["which"] == "submitted"


@pytest.mark.on_postgresql
def test_words_find_while_they_are_typed_and_nothing_found_says_so(desk: Tab, a_request) -> None:
    a_request(title="چنار خشک")
    a_request(title="نور کم کوچه")
    state = opened(desk, "/desk/")
    asyncio.run(do(state, DeskState.find, "چنار خشك"))
    assert [row.title for row in state.lines.rows] == ["چنار خشک"]
    asyncio.run(do(state, DeskState.find, "قزوین"))
    assert "قزوین" in state.lines.none


def test_a_decision_shows_its_result_and_the_next_case(desk: Tab, a_request) -> None:
    walked, other = a_request(), a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    sent(state, Action.ACCEPT, note="")
    assert walked.request.stage is Stage.WAITING
    assert state.done
    assert state.form.action == ""
    assert other.code in state.onward.href


def test_an_empty_field_is_told_under_it_and_nothing_happens(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    sent(state, Action.DECLINE, reason=None, note=" ")
    assert set(state.errors) == {"reason", "note"}
    assert walked.request.stage is Stage.SUBMITTED


def test_a_colleague_who_decides_first_takes_the_step_and_not_the_note(
    application: Application, desk: Tab, a_request
) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ASK_INFO))
    walked.official("second_desk", Action.ACCEPT)
    focus = asyncio.run(do(state, DeskState.send, {"note": NOTE}))
    assert CANCEL.replace("-", "_") in repr(focus), "the button that had the focus is gone"
    assert state.refused == refusal("stage_moved")
    assert state.form.action == Action.ASK_INFO
    moved = clock_words(in_tehran(walked.request.history[-1].at))
    newest = staff_text.MOVED_ON.format(what=DONE[Action.ACCEPT], time=moved)
    assert state.stale == newest, "who was faster, and with what"
    assert walked.request.stage is Stage.WAITING
    asyncio.run(do(state, DeskState.cancel))
    asyncio.run(do(state, DeskState.choose, Action.OFFER_ANSWER))
    assert state.form.draft == NOTE


def test_a_note_that_was_sent_is_no_draft_of_the_next_step(desk: Tab, a_request) -> None:
    """Its field is saved when she pauses, and by then she has pressed the button."""
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    sent(state, Action.ASK_INFO, note=NOTE)
    asyncio.run(do(state, DeskState.keep_note, NOTE, walked.code, Action.ASK_INFO.value))
    walked.citizen(Action.GIVE_INFO, note="پلاک ۲۳.")
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ACCEPT))
    assert state.form.draft == ""


def test_an_open_form_outlives_a_reading_again(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ASK_INFO))
    form = state.form
    asyncio.run(state._reread())
    assert state.form == form
    assert state.stale == ""


def test_a_second_press_is_harmless(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    sent(state, Action.ACCEPT, note="")
    sentence = state.done
    asyncio.run(do(state, DeskState.send, {"note": ""}))
    assert (state.done, state.refused) == (sentence, "")


def test_a_prepared_text_goes_to_the_end_of_what_was_written(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ASK_INFO))
    asyncio.run(do(state, DeskState.keep_note, NOTE))
    asyncio.run(do(state, DeskState.take_template, "1"))
    assert state.form.draft.startswith(f"{NOTE}\n")
    before = state.form
    asyncio.run(do(state, DeskState.take_template, "99"))
    assert state.form == before


def test_a_prepared_text_and_the_step_pressed_at_once_are_both_taken(desk: Tab, a_request) -> None:
    """The form is sent as it was before the prepared text reached her page."""
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ASK_INFO))
    before = str(state.form.turn)
    asyncio.run(do(state, DeskState.take_template, "1"))
    text = state.form.draft
    asyncio.run(do(state, DeskState.send, {"note": "", NOTE_TURN: before}))
    assert (state.errors, state.refused) == ({}, "")
    assert walked.request.history[-1].note == text


def test_what_is_typed_over_a_prepared_text_is_sent_as_typed(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    asyncio.run(do(state, DeskState.choose, Action.ASK_INFO))
    asyncio.run(do(state, DeskState.take_template, "1"))
    now = str(state.form.turn)
    asyncio.run(do(state, DeskState.send, {"note": "", NOTE_TURN: now}))
    assert "note" in state.errors
    asyncio.run(do(state, DeskState.send, {"note": NOTE, NOTE_TURN: now}))
    assert walked.request.history[-1].note == NOTE


def test_a_tab_keeps_a_few_notes_and_no_flood(desk: Tab, a_request) -> None:
    state = opened(desk, f"/desk/?case={a_request().code}")
    for number in range(NOTES_MOST + 5):
        state._notes = {**state._notes, f"{number}": NOTE}
    asyncio.run(do(state, DeskState.keep_note, "x" * 10_000))
    assert len(state._notes) == NOTES_MOST
    assert len(state._notes[state.case.code]) == 4000


@in_one_city("action", ["judge_lane", "finish", "call", "nonsense", ""])
def test_what_is_no_button_opens_no_form(desk: Tab, a_request, action: str) -> None:
    state = opened(desk, f"/desk/?case={a_request().code}")
    asyncio.run(do(state, DeskState.choose, action))
    assert state.form.action == ""


def test_a_request_sent_elsewhere_leaves_the_list_and_its_text_stays(desk: Tab, a_request) -> None:
    walked = a_request()
    state = opened(desk, f"/desk/?case={walked.code}")
    sent(state, Action.REDIRECT, district="7", note="این نشانی در منطقهٔ هفت است.")
    assert walked.request.district == 7
    assert (state.lines.rows, state.buttons) == ((), ())
    assert state.case.code == walked.code
    assert state.done


def test_days_and_lateness_stand_on_the_line(
    application: Application, desk: Tab, clock: FixedClock, a_request
) -> None:
    a_request()
    state = opened(desk, "/desk/")
    assert [tile.kind for tile in state.lines.rows[0].strip] == ["half", "raw", "raw"]
    clock.forward(days=4)
    late = opened(Tab(application, "desk"), "/desk/?tab=late").lines.rows[0]
    assert late.late
    assert late.strip[-1].kind == "late"
    assert late.end == "۲ روز کاری دیرکرد"


def test_a_line_names_its_district_where_an_officer_has_several(
    application: Application, city: City, a_request
) -> None:
    """The list joins two districts, which may have a street of the same name."""
    a_request()
    a_request(district="4", title="نور کم بوستان")
    both = Actor(grants=(Grant(Role.DESK, 6), Grant(Role.DESK, 4)))
    page = application.query_as(both, inbox, Inbox())
    rows = lines_view(page, "").rows
    assert {row.meta.partition("\u00a0· ")[0] for row in rows} == {"منطقهٔ ۶", "منطقهٔ ۴"}
    own = application.query_as(city.as_("desk"), inbox, Inbox())
    assert not any("منطقهٔ" in row.meta for row in lines_view(own, "").rows)


def test_the_rail_shows_where_an_official_works(
    application: Application, city: City, a_request
) -> None:
    del city
    a_request()
    seen = {}
    for who in ("desk", "reception", "technical", "mayor"):
        rail = Tab(application, who).state(Rail)
        asyncio.run(do(rail, Rail.load))
        seen[who] = [(place.href, place.count) for place in rail.places]
    assert seen == {
        "desk": [
            ("/desk/", "۱"),
            ("/assist/", ""),
            ("/desk/calls/", ""),
            ("/desk/person/", ""),
            ("/unit/", ""),
            ("/lanes/", ""),
            ("/district/", ""),
        ],
        "reception": [("/monday/", "")],
        "technical": [("/unit/", ""), ("/desk/", ""), ("/lanes/", "")],
        "mayor": [("/mayor/", ""), ("/mayor/orders/", ""), ("/district/", "")],
    }


@pytest.mark.parametrize(
    ("days", "hour", "word"),
    [(0, "23:00", ""), (1, "09:00", "line_closed"), (3, "09:00", "line_closed")],
)
def test_the_page_says_why_the_hours_before_a_list_took_a_button_away(
    application: Application, a_request, days: int, hour: str, word: str
) -> None:
    walked = a_request()
    walked.line.until(SATURDAY + timedelta(days=days), hour)
    state = opened(Tab(application, "desk"), f"/desk/?case={walked.code}")
    assert state.case.closed == (refusal(word) if word else "")
    offered = {button.action for button in state.buttons}
    assert (Action.DECLINE in offered) is (word == "")
    assert Action.ACCEPT in offered


def test_a_list_is_narrowed_and_everything_comes_back_with_one_press(desk: Tab, a_request) -> None:
    a_request(subject="street")
    a_request(subject="dues", title="تقسیط عوارض")
    state = opened(desk, "/desk/")
    asyncio.run(do(state, DeskState.narrow, "subject", "dues"))
    assert [row.title for row in state.lines.rows] == ["تقسیط عوارض"]
    asyncio.run(do(state, DeskState.narrow, "subject", "green"))
    assert state.lines.rows == ()
    assert state.lines.none
    asyncio.run(do(state, DeskState.narrow, "subject", "nothing like it"))
    asyncio.run(do(state, DeskState.narrow, "turn", "9"))
    assert state.sought.subject == "green"
    asyncio.run(do(state, DeskState.widen))
    assert len(state.lines.rows) == 2


def test_a_row_of_all_cases_says_its_stage(desk: Tab, a_request) -> None:
    a_request(at=Stage.WAITING)
    a_request(at=Stage.NEEDS_INFO)
    state = opened(desk, "/desk/?tab=all")
    ends = {row.end for row in state.lines.rows}
    assert all(
        any(STAGE[stage] in end for end in ends) for stage in (Stage.WAITING, Stage.NEEDS_INFO)
    )


def test_what_a_second_officer_has_to_judge_leaves_my_list_and_says_so(
    desk: Tab, a_request
) -> None:
    walked, other = a_request(at=Stage.DECLINED), a_request()
    walked.citizen(Action.OBJECT, note="این کار شهرداری است.")
    state = opened(desk, f"/desk/?case={walked.code}")
    assert [other.code in row.href for row in state.lines.rows] == [True]
    assert state.buttons == ()
    assert state.case.none == refusal("another_officer")
