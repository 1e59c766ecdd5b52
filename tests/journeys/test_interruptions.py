"""Interruptions in the middle of a form: lost network, ended session, colleague, old browser."""

import re
from dataclasses import replace

import pytest
from deciding_steps import at_her_page, waiting_citizens
from filing_steps import (
    TEXT,
    TITLE,
    chooses_district,
    confirms_mobile,
    files,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
    sends_photo,
)
from person import Meet, Person
from playwright.sync_api import Route, expect
from support.citizens import file, someone
from support.served_city import Served
from test_forms_in_sight import is_whole, opens
from test_lost_connection import finds, loses

from publicmeeting.application import Application
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text, titles_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

QUIET = 12
NOTE = "روی عکس شمارهٔ پلاک دیده نمی‌شود."


def test_a_lost_network_is_said_and_takes_nothing_that_was_typed(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket")
    maryam.goes("/request/")
    chooses_district(maryam, QUIET)
    fill_in_matter(maryam)
    maryam.loses_network()
    expect(maryam.page.get_by_text(chrome_text.OFFLINE).first).to_be_visible(timeout=60_000)
    maryam.page.locator("[name=text]").press_sequentially(" و شب‌ها تاریک است.")
    maryam.shot("offline")
    maryam.finds_network()
    expect(maryam.page.get_by_text(chrome_text.OFFLINE).first).to_be_hidden(timeout=60_000)
    expect(maryam.page.locator("[name=text]")).to_have_value(f"{TEXT} و شب‌ها تاریک است.")
    leaves_matter(maryam)


def test_back_and_forward_and_a_reload_lead_to_what_was_written(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/request/")
    tile = filing_text.TILE_LABEL.format(district=persian(QUIET))
    page.get_by_role("button", name=tile, exact=True).click()
    maryam.button(filing_text.GO_DISTRICT.format(district=persian(QUIET))).dblclick()
    expect(page).to_have_url(re.compile(r"\?step=2$"))
    maryam.settles()
    page.go_back()
    expect(page, "two presses are left by one way back").to_have_url(re.compile(r"\?step=1$"))
    expect(page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_visible()
    # A hurried «no» to this question would delete what she has just written.
    expect(page.get_by_text(filing_text.LEFT.partition("{")[0])).to_have_count(0)
    page.go_forward()
    expect(page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()
    fill_in_matter(maryam)
    # «Back» does not tell the field that it was left, and happens before a pause in typing.
    page.go_back()
    expect(page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_visible()
    page.go_forward()
    expect(page.locator("[name=text]")).to_have_value(TEXT)
    leaves_matter(maryam)
    page.go_back()
    for _ in range(2):
        expect(page.locator("[name=title]")).to_have_value(TITLE)
        expect(page.locator("[name=text]")).to_have_value(TEXT)
        expect(page.locator("[name=subject]")).to_have_value("street")
        page.reload()
        maryam.is_alive()


def test_a_step_opens_with_the_answer_of_its_button_and_back_reads_it_again(meet: Meet) -> None:
    """On a slow line every extra round trip is visible."""
    maryam = meet("maryam")
    sent: list[str] = []
    maryam.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame)))
    )

    def loads() -> int:
        return sum("on_load_internal" in one for one in sent)

    maryam.goes("/request/")
    sent.clear()
    chooses_district(maryam, QUIET)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    maryam.settles()
    assert sent
    assert not loads()
    maryam.page.go_back()
    expect(maryam.page.locator("[name=title]")).to_have_value(TITLE)
    maryam.until(lambda: loads() == 1)
    maryam.page.go_forward()
    expect(maryam.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
    maryam.until(lambda: loads() == 2)
    maryam.page.go_back()
    expect(maryam.page.locator("[name=title]")).to_have_value(TITLE)
    leaves_matter(maryam)
    maryam.settles()
    assert loads() == 3


def test_for_another_and_back_again_it_is_filed_for_whom_the_page_shows(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    herself = someone(72_006)
    another = replace(someone(72_007), mobile=herself.mobile, name="بیتا کریمی")
    old = files(maryam, herself, QUIET)
    page.go_back()
    maryam.sees(filing_text.LIVE_ONE)
    expect(page).to_have_title(titles_text.REQUEST)
    maryam.goes("/request/")
    maryam.sees(filing_text.LIVE_ONE)
    maryam.button(filing_text.ANOTHER).click()
    expect(page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_focused()
    chooses_district(maryam, QUIET)
    fill_in_matter(maryam, title="چراغ خاموش کوچهٔ ما")
    sends_photo(maryam)
    leaves_matter(maryam)
    fill_in_herself(maryam, another)
    maryam.sees("چراغ خاموش کوچهٔ ما")
    maryam.sees(another.name)
    expect(page.get_by_text(filing_text.NO_PHOTOS)).to_have_count(0)
    maryam.shot("for-another")
    page.go_back()
    maryam.button(herself.name).click()
    page.go_forward()
    expect(page.get_by_role("heading", name=filing_text.REVIEW_TITLE)).to_be_visible()
    maryam.sees(filing_text.LIVE_ONE)
    expect(page.get_by_text(another.name)).to_have_count(0)
    expect(page.get_by_role("link", name=filing_text.SEE_IT).last).to_have_attribute(
        "href", f"/mine/{old}/"
    )
    page.go_back()
    maryam.button(filing_text.ANOTHER).click()
    fill_in_herself(maryam, another)
    assert presses_file(maryam) != old


def test_what_is_chosen_and_typed_is_kept_without_leaving_the_field(meet: Meet) -> None:
    """A phone closes a tab without notice, so every pause saves; and a session may end."""
    maryam = meet("maryam")
    page = maryam.page
    sent: list[str] = []
    page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame)))
    )
    maryam.goes("/request/")
    chooses_district(maryam, QUIET)
    maryam.button(filing_text.KEEP_ON).click()
    expect(page.locator("#subject-error")).to_have_text(refusal("subject_missing"))
    page.locator("[name=subject]").select_option("street")
    expect(page.get_by_text(filing_text.SAVED).first).to_be_visible()
    page.reload()
    maryam.is_alive()
    expect(page.locator("[name=subject]")).to_have_value("street")
    for name, text in (("title", TITLE), ("text", TEXT)):
        page.locator(f"[name={name}]").press_sequentially(text)
        maryam.until(lambda text=text: any(text in one for one in sent))
        maryam.settles()
        assert page.evaluate("document.activeElement.name") == name
        page.reload()
        maryam.is_alive()
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    leaves_matter(maryam)
    who = someone(71_205)
    confirms_mobile(maryam, who)
    # No draft has her identity; her name and needs are saved before she goes on.
    needs = page.locator("[name=needs]")
    for one in (needs.first, needs.last, needs.first):
        one.press("Space")
    page.locator("[name=prefers][value=late]").press("Space")
    page.locator("[name=name]").press_sequentially(who.name)
    page.locator("[name=identity]").focus()
    maryam.settles()
    page.reload()
    maryam.is_alive()
    expect(page.locator("[name=name]")).to_have_value(who.name)
    expect(needs.first).not_to_be_checked()
    expect(needs.last).to_be_checked()
    expect(page.locator("[name=prefers][value=late]")).to_be_checked()
    fill_in_herself(maryam, who)
    page.go_back()
    expect(page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
    maryam.forgets("session")
    page.reload()
    maryam.is_alive()
    maryam.button(filing_text.LEFT_MINE).click()
    expect(page.locator("[name=mobile]")).to_be_visible()
    maryam.goes("/request/?step=2")
    expect(page.locator("[name=text]")).to_have_value(TEXT)


def test_a_note_at_the_desk_is_kept_without_leaving_the_field(
    meet: Meet, application: Application
) -> None:
    code = file(application, someone(72_041), district=str(QUIET)).code
    desk = meet("desk", "desk")
    sent: list[str] = []
    desk.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame)))
    )
    desk.has_come_in_as(f"desk{QUIET}")
    desk.goes(f"/desk/?case={code}")
    opens(desk, Action.ASK_INFO)
    desk.page.locator("#note").press_sequentially(NOTE)
    desk.until(lambda: any(NOTE in one for one in sent))
    desk.settles()
    assert desk.page.evaluate("document.activeElement.name") == "note"
    desk.page.reload()
    desk.is_alive()
    expect(desk.page.locator("#note")).to_have_value(NOTE)
    # Left in the middle of typing: the pause at which a note is saved never comes.
    desk.page.locator("#note").fill(f"{NOTE} {NOTE}")
    desk.page.reload()
    desk.is_alive()
    expect(desk.page.locator("#note")).to_have_value(f"{NOTE} {NOTE}")


def test_an_official_signed_out_in_another_tab_is_told_so_at_once(
    meet: Meet, application: Application
) -> None:
    desk = meet("desk", "desk")
    code = file(application, someone(72_002), district=str(QUIET)).code
    desk.has_come_in_as(f"desk{QUIET}")
    desk.goes(f"/desk/?case={code}")
    desk.button(ACTION[Action.ASK_INFO]).click()
    desk.page.locator("[name=note]").fill("نشانی دقیق را بنویسید.")
    other = desk.another_tab("/desk/")
    other.button(chrome_text.LEAVE).click()
    other.page.wait_for_url("**/sign-in/")
    desk.sees(staff_text.NEED_ENTER)
    expect(desk.page.locator("[name=note]")).to_have_count(0)
    desk.shot("signed-out")


def test_a_case_that_moves_under_an_open_form_refuses_the_step_and_keeps_the_note(
    meet: Meet, town: Served, application: Application
) -> None:
    desk = meet("desk", "desk")
    case = file(application, someone(72_003), district=str(QUIET))
    note = "نشانی دقیق کوچه و پلاک را بنویسید."
    desk.has_come_in_as(f"desk{QUIET}")
    desk.goes(f"/desk/?case={case.code}")
    desk.button(ACTION[Action.ASK_INFO]).click()
    desk.page.locator("[name=note]").fill(note)
    maryam = at_her_page(meet, town, application, case)
    maryam.button(ACTION[Action.WITHDRAW]).click()
    maryam.button(case_text.BUTTON[Action.WITHDRAW]).click()
    maryam.sees(DONE[Action.WITHDRAW])
    gone = staff_text.MOVED_ON.partition("{time}")[0].format(what=DONE[Action.WITHDRAW])
    expect(desk.page.get_by_text(gone).first).to_be_visible()
    expect(desk.page.locator("[name=note]")).to_have_value(note)
    desk.shot("moved-on")


def test_a_form_whose_step_is_over_by_then_is_refused_in_sight_and_keeps_its_text(
    meet: Meet, town: Served, application: Application
) -> None:
    case = file(application, someone(72_008), district=str(QUIET))
    maryam = at_her_page(meet, town, application, case)
    maryam.button(ACTION[Action.WITHDRAW]).click()
    maryam.page.locator("[name=note]").fill(NOTE)
    loses(maryam)
    maryam.button(case_text.BUTTON[Action.WITHDRAW]).click()
    her = Actor(person_id=case.person_id, grants=(Grant(Role.CITIZEN),))
    command = TakeStep(code=case.code, action=Action.WITHDRAW.value)
    application.execute_as(her, take_step, command)  # on her other phone
    finds(maryam)
    refused = maryam.page.locator("[data-answer]")
    expect(refused).to_contain_text(refusal("stage_moved"))
    expect(refused).to_be_focused()
    assert is_whole(refused)
    maryam.shot("not-sent")
    maryam.page.reload()
    maryam.sees(NOTE)


def test_a_tab_that_opened_before_the_step_was_taken_hears_of_it(
    meet: Meet, town: Served, application: Application
) -> None:
    case = file(application, someone(72_004), district=str(QUIET))
    maryam, desk = at_her_page(meet, town, application, case), meet("desk", "desk")
    other = maryam.another_tab(f"/mine/{case.code}/")
    desk.has_come_in_as(f"desk{QUIET}")
    desk.goes(f"/desk/?case={case.code}")
    desk.button(ACTION[Action.ACCEPT]).click()
    desk.page.locator("#send-step").click()
    for tab in (maryam, other):
        tab.sees(DONE[Action.ACCEPT])


def test_a_double_tap_opens_a_form_and_does_not_close_it_again(
    meet: Meet, town: Served, application: Application
) -> None:
    case = waiting_citizens(application, Action.WITHDRAW, (Stage.WAITING,))[0]
    citizen = at_her_page(meet, town, application, case)
    citizen.button(ACTION[Action.WITHDRAW]).dblclick()
    citizen.settles()
    expect(citizen.button(case_text.CANCEL)).to_be_visible()


@pytest.mark.parametrize("reaches", [False, True], ids=["on its way", "with its answer"])
def test_a_door_whose_line_dies_at_the_press_keeps_the_mobile_and_opens(
    meet: Meet, *, reaches: bool
) -> None:
    """Network and socket seem alive, so nothing announced the loss.

    Without this the browser's error page would appear, and her number would be lost.
    """
    maryam = meet("maryam")
    maryam.may_fail("ERR_CONNECTION_RESET", "ERR_FAILED")
    maryam.goes("/enter/")
    who = someone(72_104 + reaches)
    maryam.page.locator("[name=mobile]").fill(who.mobile)
    died: list[str] = []

    def dies_first(route: Route) -> None:
        if route.request.url in died:
            route.continue_()
            return
        died.append(route.request.url)
        if reaches:
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    maryam.page.route("**/auth/*", dies_first)
    maryam.button(filing_text.SEND_CODE).click()
    maryam.until(lambda: died)
    expect(maryam.page).to_have_url(re.compile("/enter/"))
    expect(maryam.page.locator("[name=code]")).to_be_visible()
    maryam.page.locator("[name=code]").fill(persian(maryam.reads_code()))
    maryam.button(filing_text.CHECK_CODE).click()
    maryam.page.wait_for_url("**/mine/**")
    assert [url.rpartition("/")[2] for url in died] == ["code", "confirm"]


def answers_badly(person: Person, status: int, headers: dict[str, str]) -> list[str]:
    """Answer the door's form with a status, or with none if 0; return a list of what is sent."""
    sent: list[str] = []

    def fails(route: Route) -> None:
        sent.append(route.request.url)
        if status:
            route.fulfill(status=status, headers=headers, body="")
        else:
            route.abort("connectionreset")

    person.page.route("**/auth/code", fails)
    return sent


def test_a_door_without_a_good_answer_is_sent_again_at_most_once_and_keeps_the_mobile(
    meet: Meet,
) -> None:
    """Each wrong code that arrives costs one of her five tries.

    A city that asks to wait gets no second try; one that fails, or whose answer is lost, gets one.
    """
    maryam = meet("maryam")
    maryam.may_fail("ERR_CONNECTION_RESET", "ERR_FAILED", "502", "503", "429")
    mobile, code = (maryam.page.locator(f"[name={name}]") for name in ("mobile", "code"))
    for status, headers, posts in (
        (502, {}, 2),
        (429, {"Retry-After": "60"}, 1),
        (503, {"Retry-After": "30"}, 1),
        (0, {}, 2),
    ):
        maryam.context.clear_cookies()
        maryam.goes("/enter/")
        mobile.fill(someone(72_106 + status).mobile)
        sent = answers_badly(maryam, status, headers)
        maryam.button(filing_text.SEND_CODE).click()
        expect(maryam.page.get_by_text(chrome_text.NO_ANSWER)).to_be_visible()
        maryam.settles()
        assert len(sent) == posts, status
        expect(mobile).to_have_value(someone(72_106 + status).mobile)
        maryam.shot(f"no-answer-{status}")
        maryam.page.unroute("**/auth/code")
        maryam.button(filing_text.SEND_CODE).click()
        expect(code).to_be_visible()


def test_the_next_page_does_not_show_that_a_form_of_the_last_one_got_no_answer(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.may_fail("429")
    maryam.goes("/enter/")
    page = maryam.page
    page.route("**/auth/code", lambda sent: sent.fulfill(status=429, headers={"Retry-After": "9"}))
    page.locator("[name=mobile]").fill(someone(72_108).mobile)
    maryam.button(filing_text.SEND_CODE).click()
    sentence = page.get_by_text(chrome_text.NO_ANSWER)
    expect(sentence).to_be_visible()
    page.evaluate("void window.__reactRouterDataRouter.navigate('/rules/')")
    expect(page).to_have_url(re.compile("/rules/$"))
    expect(page.locator("h1").first).to_be_visible()
    expect(sentence).to_have_count(0)
