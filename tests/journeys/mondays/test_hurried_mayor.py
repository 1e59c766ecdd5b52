"""A mayor or an officer at the door in a hurry: whose case it is, what is begun, where to go on."""

import re

import pytest
from person import PATIENT, Meet, soon
from playwright.sync_api import Route, expect
from sqlmodel import select
from support.citizens import file, someone
from test_forms_in_sight import is_whole
from test_lost_connection import finds, loses
from writing_hand import Hand

from publicmeeting.application import Application
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.store.database.rows.city import SeatRow
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import agenda_text, meeting_text, offline_text, reception_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.staff.monday.state import SEEK
from publicmeeting.usecases.accounts.credentials import SESSION
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

PROMISE = "تا پایان ماه روشنایی کوچه درست می‌شود."


def case(application: Application, code: str) -> Request:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.requests.find(code)
        assert found is not None
        return found


def test_an_upright_tablet_names_the_visitor_and_ends_no_meeting_without_a_begun_sheet(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    mayor = meet("mayor", "tablet")
    page = mayor.page
    page.set_viewport_size({"width": 768, "height": 1024})
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    expect(hand.pad).to_be_visible()
    expect(mayor.button(meeting_text.FINISH)).to_be_in_viewport(ratio=1)
    tools = page.locator(".sheet-tools")
    expect(tools.get_by_text(case(application, visitor).title)).to_be_visible()

    mayor.button(meeting_text.TYPE).press("Enter")
    expect(page.locator("#text")).to_be_focused()
    lines = page.locator("#text").evaluate(
        "(one) => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert lines >= 8, "a promise is more than three lines"
    page.keyboard.type("روشنایی کوچه درست شود.")
    page.locator("#promise").fill(PROMISE)
    mayor.button(meeting_text.ANOTHER).click()
    expect(page.locator("#promise")).to_have_value("")
    mayor.button(meeting_text.PEN).click()
    hand.writes(0)
    hand.has_written(1)
    mayor.settles()

    page.get_by_text(chrome_text.FILE, exact=True).click()
    mayor.button(meeting_text.END).click()
    without = mayor.button(meeting_text.END_WITHOUT)
    expect(without).to_be_visible()
    mayor.shot("begun")
    without.click()
    expect(mayor.button(chrome_text.CLOSE)).to_be_hidden()
    call_next = page.get_by_role("button", name=meeting_text.CALL_NEXT)
    expect(page.get_by_role("link", name=meeting_text.NEXT_ONE)).to_be_in_viewport(ratio=1)
    expect(call_next, "nobody has come yet").to_have_count(0)
    arrives_too(application, district)
    expect(call_next).to_be_in_viewport(ratio=1)
    expect(call_next).to_contain_text(re.compile(r"[۱-۹]\s· \S"))
    expect(page.locator(".tablet-side")).to_be_hidden()
    expect(page.get_by_text(meeting_text.LEFT_DRAWN)).to_be_visible()
    hand.has_written(1)
    mayor.shot("ended")
    page.get_by_role("link", name=meeting_text.AGENDA, exact=True).last.click()
    page.wait_for_url("**/mayor/")


def arrives_too(application: Application, district: int) -> None:
    """Let the last of those who confirmed for today arrive at reception."""
    today = tehran_day(application.city_now())
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({district}), stages=(Stage.CONFIRMED,))
        lines = uow.lists.requests(wanted, limit=30)
        seated = {line.seat.time: line for line in lines if line.seat and line.seat.monday == today}
        last = seated[max(seated)]
        identity = uow.people.get(last.person_id).identity
        account = uow.accounts.by_username(f"reception{district}")
        assert account is not None
    come = TakeStep(code=last.code, action=Action.ARRIVE, identity=identity)
    reception = Actor(account_id=account.id, grants=(Grant(Role.RECEPTION, district),))
    application.execute_as(reception, take_step, come)


@pytest.mark.parametrize("in_the_room", [2], indirect=True)
def test_what_the_agenda_asks_is_in_sight_with_its_buttons(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    arrives_too(application, district)
    mayor = meet("mayor", "tablet")
    page = mayor.page
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    mayor.button(ACTION[Action.SEND_BACK]).click()
    expect(page.locator("#note")).to_be_focused()
    expect(mayor.button(agenda_text.NEVER_MIND)).to_be_in_viewport(ratio=1)
    mayor.shot("sending-back")
    page.locator("#note").fill("سند را نیاورده است.")
    mayor.button(agenda_text.BACK_DO).click()
    page.set_viewport_size({"width": 1024, "height": 560})
    page.get_by_role("button", name=agenda_text.CALL_IN).last.click()
    expect(page.locator("#skip")).to_be_focused()
    expect(mayor.button(agenda_text.SKIP_GO)).to_be_in_viewport(ratio=1)
    expect(page.get_by_text(agenda_text.SKIP)).to_be_in_viewport(ratio=1)
    mayor.shot("skipping")


def test_no_meeting_ends_before_the_city_knows_what_stands_on_the_next_sheet(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """On a slow line the press overtakes the strokes, and nobody would be asked about the sheet."""
    mayor = meet("mayor", "tablet")
    page = mayor.page
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    hand.writes(0)
    hand.has_written(1)
    page.locator("#promise").fill(PROMISE)
    mayor.button(meeting_text.ANOTHER).click()
    expect(page.locator("#promise")).to_have_value("")
    hand.has_written(0)
    mayor.settles()

    def holds(ink: Route) -> None:
        if ink.request.method != "POST":
            ink.continue_()

    page.route("**/ink/**", holds)
    hand.writes(0)
    mayor.button(meeting_text.END).click()
    mayor.sees(sheet_text.INK_ENDING)
    assert case(application, visitor).stage is Stage.IN_ROOM
    page.unroute("**/ink/**")  # this releases the held requests
    without = mayor.button(meeting_text.END_WITHOUT)
    expect(without).to_be_visible()
    assert case(application, visitor).stage is Stage.IN_ROOM
    without.click()
    soon(lambda: case(application, visitor).stage is Stage.FOLLOW_UP)


def test_a_session_that_ends_in_the_middle_of_an_order_says_that_the_order_is_still_there(
    visitor: str, district: int, meet: Meet
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    hand.writes(0)
    mayor.page.locator("#promise").fill(PROMISE)
    mayor.settles()
    mayor.forgets(SESSION)
    mayor.page.reload()
    mayor.sees(meeting_text.ENTER_AND_GO_ON)
    mayor.shot("signed-out")
    mayor.page.get_by_role("link", name=chrome_text.STAFF_ENTER).click()
    mayor.page.locator("[name=username]").fill(f"mayor{district}")
    mayor.page.locator("[name=password]").fill(PASSWORD)
    mayor.button(chrome_text.ENTER).click()
    hand.has_written(1)
    expect(mayor.page.locator("#promise")).to_have_value(PROMISE)


@pytest.mark.parametrize("in_the_room", [2], indirect=True)
def test_a_sheet_to_which_he_comes_back_has_his_last_words_and_another_visitors_has_none_of_them(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """He goes by links: the page of the tab stays, and with it what it was loaded with."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({district}), stages=(Stage.CONFIRMED,))
        others = [line for line in uow.lists.requests(wanted, limit=30) if line.seat]
    first = case(application, visitor)
    other = next(one for one in others if one.seat and one.seat.monday == first.seat.monday)
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch", "ERR_FAILED")
    page, text = mayor.page, mayor.page.locator("#text")

    def goes_by(address: str) -> None:
        page.locator(f"a[href='{address}']").locator("visible=true").first.click()
        page.wait_for_url(f"**{address}")

    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    mayor.button(meeting_text.TYPE).click()
    for words in ("تا شنبه.", "تا یکشنبه.", "تا پایان ماه."):
        text.fill(words)
        goes_by("/mayor/")
        goes_by(f"/mayor/meeting/{visitor}/")
        mayor.settles()
        expect(text).to_have_value(words)

    goes_by("/mayor/")
    expect(page.locator("h1")).to_contain_text(agenda_text.TODAY.partition("{")[0])
    loses(mayor)
    goes_by(f"/mayor/meeting/{other.code}/")
    expect(mayor.button(offline_text.OPEN)).to_be_visible(timeout=4 * PATIENT)
    expect(text).to_have_count(0)
    expect(page.get_by_text(first.title)).to_have_count(0)
    finds(mayor)
    expect(page.locator("h1")).to_be_visible(timeout=4 * PATIENT)
    expect(text).to_have_value("")


def test_a_mistaken_reception_is_taken_back_from_the_form_that_follows_it(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """A citizen with a lane shows her document at once; on a phone that form hides her line."""
    with application.store.unit_of_work(application.clock()) as uow:
        first = uow.requests.find(visitor)
        assert first is not None
        assert first.seat is not None
        monday = first.seat.monday
        held = select(SeatRow).where(SeatRow.district == district, SeatRow.monday == monday)
        for row in uow.session.exec(held):
            row.why = "lane:access"
        wanted = Filter(districts=frozenset({district}), stages=(Stage.CONFIRMED,))
        lines = [request for request in uow.lists.requests(wanted, limit=30) if request.seat]
        hers = next(line for line in lines if line.seat and line.seat.monday == monday)
        identity = uow.people.get(hers.person_id).identity
        uow.people.prove(hers.person_id, Level.MATCHED, "matching")  # else all digits are typed
    reception = meet("reception", "phone")
    reception.has_come_in_as(f"reception{district}")
    reception.goes("/monday/")
    page = reception.page
    page.locator(f"#{SEEK}").fill(identity)
    page.keyboard.press("Enter")
    expect(page.locator("#identity")).to_be_focused()
    page.locator("#identity").fill(identity)  # for some citizens the last digits do not suffice
    page.keyboard.press("Enter")
    asked = page.get_by_role("region", name=ACTION[Action.CHECK_ORIGINAL])
    expect(asked).to_be_in_viewport()
    undo = asked.get_by_role("button", name=reception_text.UNDO)
    expect(undo).to_be_in_viewport()
    reception.shot("received")
    undo.click()
    expect(asked).to_have_count(0)
    soon(lambda: case(application, hers.code).stage is Stage.CONFIRMED)


def test_without_network_a_dialog_opens_as_often_as_wanted_and_what_is_pressed_waits_in_sight(
    visitor: str, district: int, meet: Meet
) -> None:
    """A button that only opens a dialog needs no network, so it neither waits nor is used up."""
    mayor = meet("mayor", "tablet")
    mayor.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch", "the script")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    urgent = mayor.button(meeting_text.URGENT)
    expect(urgent).to_be_visible()
    box = mayor.button(sheet_text.INK_UNDO).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44, "a finger misses it"
    loses(mayor)
    refusing = mayor.page.get_by_role("dialog", name=meeting_text.REFUSE)
    for _ in range(2):
        mayor.button(meeting_text.REFUSE).click()
        expect(refusing).to_be_visible()
        mayor.page.keyboard.press("Escape")
        expect(refusing).to_be_hidden()
    expect(mayor.button(chrome_text.WAITS)).to_have_count(0)
    urgent.click()
    expect(urgent).to_have_attribute("data-waits", chrome_text.WAITS)
    mayor.finds_network()
    expect(urgent).to_have_attribute("aria-pressed", "true", timeout=4 * PATIENT)
    expect(mayor.page.locator("[data-waits]")).to_have_count(0)

    # A press that needs the network waits within its dialog, which covers the page's own line.
    mayor.button(ACTION[Action.SEND_BACK]).click()
    dialog = mayor.page.get_by_role("dialog", name=agenda_text.BACK_TITLE)
    send = dialog.get_by_role("button", name=agenda_text.BACK_DO)
    expect(send).to_be_visible()
    loses(mayor)
    send.press("Enter")
    waits = dialog.get_by_role("button", name=chrome_text.WAITS)
    expect(waits).to_be_visible()
    assert is_whole(waits)
    mayor.shot("dialog-waits")
    finds(mayor)
    expect(dialog.locator("#back-error .error")).to_be_visible(timeout=4 * PATIENT)
    expect(dialog.locator("#back")).to_be_focused()


def test_a_reason_that_typing_made_false_goes_without_network_and_comes_back(
    visitor: str, district: int, meet: Meet, application: Application
) -> None:
    """Only the server checks a form, but it does not answer while the network is lost."""
    mayor, desk = meet("mayor", "tablet"), meet("desk", "desk")
    for person in (mayor, desk):
        person.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch", "the script")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes(f"/mayor/meeting/{visitor}/")
    hand = Hand(mayor)
    expect(hand.pad).to_be_visible()
    hand.writes(0)
    mayor.button(meeting_text.FINISH).click()
    code = file(application, someone(73_590), district=str(district)).code
    desk.has_come_in_as(f"desk{district}")
    desk.goes(f"/desk/?case={code}")
    desk.button(ACTION[Action.ASK_INFO]).click()
    desk.page.locator("#send-step").click()
    for person, name in ((mayor, "promise"), (desk, "note")):
        field, reason = person.page.locator(f"#{name}"), person.page.locator(f"#{name}-error")
        expect(reason).to_contain_text("ننوشته‌اید")
        person.loses_network()
        expect(person.page.get_by_text(chrome_text.OFFLINE)).to_be_visible(timeout=4 * PATIENT)
        field.fill("تا شنبه.")
        expect(reason.get_by_text("ننوشته‌اید")).to_be_hidden()
        expect(field).to_have_attribute("aria-invalid", "false")
        person.shot("typed-offline")
        field.fill(" ")
        expect(reason.get_by_text("ننوشته‌اید")).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
