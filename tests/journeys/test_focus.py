"""Work by keyboard alone: the focus is visible, follows what a press opens, and is never lost."""

import json
from collections.abc import Callable

import pytest
from deciding_steps import at_her_page, new_case, waiting_citizens, waiting_requests
from filing_steps import chooses_district
from person import Meet, Person
from pictures import photo
from playwright.sync_api import Locator, expect
from support.citizens import someone
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Need, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import assist_text, filing_text, receipt_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.shell.narrowing import FIND
from publicmeeting.ui.staff.assist.follow_state import SAY
from publicmeeting.ui.staff.monday.state import SEEK

DISTRICT = 6
_OUTLINE = "one => getComputedStyle(one).outlineStyle"
_HOLDS = """{
  window.held = [];
  const hears = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  const hold = (socket, hear) => (message) => {
    const read = () => hear.call(socket, message);
    if (String(message.data).includes(WORD)) held.push(read);
    else read();
  };
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...hears,
    set(hear) { hears.set.call(this, hold(this, hear)); },
  });
}"""
_LETS_COME = """() => {
  for (const read of held.splice(0)) read();
  return new Promise((done) => setTimeout(done));
}"""


def test_another_page_is_read_from_its_heading(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/track/")
    page = maryam.page
    page.get_by_role("link", name=chrome_text.SITE, exact=True).first.press("Enter")
    page.wait_for_url(maryam.origin + "/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/request/")
    expect(page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_focused()
    page.go_back()
    page.wait_for_url(maryam.origin + "/")
    expect(heading).to_be_focused()


def test_who_asks_for_another_number_is_led_to_its_field(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/enter/")
    mobile = maryam.page.locator("[name=mobile]")
    mobile.fill(someone(78_001).mobile)
    mobile.press("Enter")
    expect(maryam.page.locator("[name=code]")).to_be_focused()
    maryam.is_alive()
    maryam.page.get_by_role("link", name=filing_text.CODE_MISSING).press("Enter")
    expect(mobile).to_be_focused()


def test_a_form_has_the_focus_and_gives_it_back(
    meet: Meet, town: Served, application: Application
) -> None:
    case = waiting_citizens(application, Action.OBJECT_REFUSAL, (Stage.CLOSED,))[0]
    citizen = at_her_page(meet, town, application, case)
    name = ACTION[Action.OBJECT_REFUSAL]
    opener = citizen.button(name)
    form = citizen.page.get_by_role("form", name=name)
    _opens(opener, form)
    citizen.button(case_text.CANCEL).press("Enter")
    expect(opener).to_be_focused()
    _opens(opener, form)
    citizen.page.keyboard.press("Tab")
    citizen.page.keyboard.type("تقسیط را همان روز خواستم.")
    citizen.page.keyboard.press("Tab")
    citizen.page.keyboard.press("Enter")
    answer = citizen.page.get_by_role("alert").filter(
        has_text=case_text.THANKS[Action.OBJECT_REFUSAL]
    )
    expect(answer).to_be_focused()
    expect(answer).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("stage", ["invited", "waiting", "reported"])
def test_every_form_of_her_page_gives_the_focus_back_to_its_button(meet: Meet, stage: str) -> None:
    maryam = meet("maryam", "desk")
    maryam.becomes(f"citizen/{stage}")
    maryam.rests()
    openers = maryam.page.locator("main button[aria-expanded]")
    count = openers.count()
    assert count
    for at in range(count):
        openers.nth(at).press("Enter")
        maryam.button(case_text.CANCEL).press("Enter")
        expect(openers).to_have_count(count)
        expect(openers.nth(at)).to_be_focused()


def _opens(opener: Locator, form: Locator) -> None:
    opener.press("Enter")
    expect(form).to_be_focused()
    expect(form.get_by_role("textbox")).to_be_in_viewport()


def test_a_secret_that_is_shown_and_hidden_leaves_the_focus_at_its_button(
    meet: Meet, town: Served, application: Application
) -> None:
    case = waiting_citizens(application, Action.WITHDRAW, (Stage.WAITING,))[0]
    citizen = at_her_page(meet, town, application, case)
    citizen.goes(f"/proof/{case.code}/")
    citizen.button(receipt_text.SHOW).press("Enter")
    expect(citizen.button(receipt_text.HIDE)).to_be_focused()
    citizen.shot("secret")
    citizen.page.keyboard.press("Enter")
    expect(citizen.button(receipt_text.SHOW)).to_be_focused()


def test_a_row_at_the_foot_has_the_focus_back_from_its_form(
    meet: Meet, town: Served, application: Application
) -> None:
    case = waiting_citizens(application, Action.WITHDRAW, (Stage.WAITING,))[0]
    citizen = at_her_page(meet, town, application, case)
    row = citizen.button(ACTION[Action.WITHDRAW])
    row.press("Enter")
    citizen.button(case_text.CANCEL).press("Enter")
    expect(row).to_be_focused()


def test_escape_gives_the_focus_back_to_the_button_of_the_step(
    meet: Meet, application: Application
) -> None:
    name, asking = f"desk{DISTRICT}", Action.ASK_INFO
    case = waiting_requests(application, asking, (Stage.SUBMITTED,), name)[0]
    desk = meet("desk", "desk")
    desk.has_come_in_as(name)
    desk.goes(f"/desk/?case={case.code}")
    ask = desk.button(ACTION[asking])
    for key in ("Enter", "2"):
        ask.press(key)
        expect(desk.page.locator("[name=note]")).to_be_focused()
        desk.page.keyboard.press("Escape")
        expect(ask).to_be_focused()


def answers_late(person: Person, word: str = "_set_focus") -> Callable[[], None]:
    """Hold back, on pages opened afterwards, the answers that have this word: that move the focus.

    Returns a function that lets them come, and returns when the page has read them.
    """
    person.page.add_init_script(_HOLDS.replace("WORD", json.dumps(word)))

    def come() -> None:
        person.until(lambda: person.page.evaluate("held.length"))
        person.page.evaluate(_LETS_COME)

    return come


def test_a_late_answer_moves_the_focus_only_of_somebody_who_has_not_gone_on(
    meet: Meet, application: Application
) -> None:
    """Otherwise a clerk on a slow line chooses a district with the letters of her note."""
    name, redirecting = f"desk{DISTRICT}", Action.REDIRECT
    code = new_case(application, DISTRICT)
    desk = meet("desk", "desk")
    desk.has_come_in_as(name)
    come = answers_late(desk)
    desk.goes(f"/desk/?case={code}")
    redirect = desk.button(ACTION[redirecting])
    district = desk.page.locator(f"#{Need.DISTRICT.value}")
    note = desk.page.locator("[name=note]")
    presses: tuple[Callable[[], None], ...] = (lambda: redirect.press("Enter"), redirect.dblclick)
    for press in presses:
        press()
        expect(district).to_be_visible()
        come()
        expect(district).to_be_focused()
        desk.page.keyboard.press("Escape")
    redirect.click()
    note.click()
    desk.page.keyboard.type("137 ")
    come()
    expect(note).to_be_focused()
    desk.page.keyboard.type("12")
    expect(note).to_have_value("137 12")


def test_a_field_that_is_drawn_late_takes_the_focus_only_of_somebody_who_waits_for_it(
    meet: Meet,
) -> None:
    reception = meet("reception", "desk")
    reception.has_come_in_as("reception6")
    come = answers_late(reception, "monday_state")
    field = reception.page.locator(f"#{SEEK}")
    for key, is_focused in ((None, True), ("Tab", False)):
        reception.page.goto("/monday/")
        reception.until(lambda: reception.page.evaluate("held.length"))
        if key:
            reception.page.keyboard.press(key)
        come()
        expect(field).to_be_visible()
        reception.settles()
        assert field.evaluate("one => one === document.activeElement") is is_focused


def test_what_sends_a_photo_shows_that_it_has_the_focus(meet: Meet) -> None:
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/assist/")
    sender = desk.page.locator("[type=file]:not([name])")
    label = desk.page.locator("[type=file]:not([name]) + label")
    assert label.evaluate(_OUTLINE) == "none"
    desk.page.locator("[name=text]").focus()
    desk.page.keyboard.press("Tab")
    expect(sender).to_be_focused()
    assert label.evaluate(_OUTLINE) == "solid"


def test_photos_that_are_added_and_removed_leave_the_focus_at_their_field(meet: Meet) -> None:
    """The third photo is the last one; a removed photo takes the pressed button with it."""
    maryam = meet("maryam", "desk")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    sender = maryam.page.locator("#send-photo:not([name])")
    removing = maryam.button(filing_text.REMOVE_PHOTO)
    sender.focus()
    for count, colour in enumerate(("#803020", "#208030", "#203080"), 1):
        maryam.adds_photo(photo(colour=colour))
        expect(removing).to_have_count(count)
        expect(sender).to_be_focused()
    label, foot = (
        sender.locator("+ label").bounding_box(),
        maryam.page.locator(".foot").bounding_box(),
    )
    assert label is not None
    assert foot is not None
    assert label["y"] + label["height"] <= foot["y"], "the foot lies over the focused field"
    for count in (2, 1, 0):
        removing.first.press("Enter")
        expect(removing).to_have_count(count)
        expect(sender).to_be_focused()


def test_a_place_that_is_refused_has_the_focus(meet: Meet) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/")
    place = mayor.page.locator("#place")
    place.fill("سالن " * 60)
    place.press("Enter")
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(place).to_be_focused()


def test_what_to_say_to_a_caller_has_the_focus(meet: Meet, application: Application) -> None:
    phone = meet("phone", "desk")
    phone.has_come_in_as("phone1")
    phone.goes("/assist/follow/")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        case = uow.requests.by_id(uow.lists.ids(Filter(stages=(Stage.WAITING,)))[0])
        mobile = uow.people.get(case.person_id).mobile
    phone.page.keyboard.type(case.code)
    phone.page.keyboard.press("Tab")
    phone.page.keyboard.type(mobile[-4:])
    phone.page.keyboard.press("Enter")
    say = phone.page.locator(f"#{SAY}")
    expect(say).to_be_focused()
    expect(say).to_contain_text(assist_text.WHAT_TO_SAY)


def test_a_field_that_is_come_back_to_stands_below_the_edge_with_its_label(meet: Meet) -> None:
    reception = meet("reception", "desk")
    reception.has_come_in_as("reception6")
    reception.page.set_viewport_size({"width": 1280, "height": 500})
    reception.goes("/monday/")
    reception.page.get_by_role("main").get_by_role("button").last.focus()
    reception.page.keyboard.press("/")
    field = reception.page.locator(f"#{SEEK}")
    expect(field).to_be_focused()
    label = reception.page.get_by_text(reception_text.SCAN, exact=True)
    expect(label).to_be_in_viewport(ratio=1)


def test_the_search_field_keeps_the_focus_when_its_first_answer_comes(
    meet: Meet, application: Application
) -> None:
    """Further digits would press the buttons of the open case."""
    name = f"desk{DISTRICT}"
    code = waiting_requests(application, Action.ACCEPT, (Stage.SUBMITTED,), name)[0].code
    desk = meet("desk", "desk")
    desk.has_come_in_as(name)
    desk.goes("/desk/")
    search = desk.page.locator(f"#{FIND}")
    search.press_sequentially(code[:4])
    expect(desk.page.locator("#widen")).to_be_visible()
    expect(search).to_be_focused()
    desk.page.keyboard.type(code[4:])
    expect(desk.page.locator(".desk-list .rows a.row")).to_have_count(1)
    expect(search).to_have_value(code)


def test_a_found_line_is_reached_from_the_search_field_by_one_key(
    meet: Meet, application: Application
) -> None:
    """The clerk is on the telephone. Letters are typed into the field, and Escape empties it."""
    name = f"desk{DISTRICT}"
    code = waiting_requests(application, Action.ACCEPT, (Stage.SUBMITTED,), name)[0].code
    desk = meet("desk", "desk")
    desk.has_come_in_as(name)
    desk.goes("/desk/")
    keyboard = desk.page.keyboard
    for _ in range(2):
        keyboard.press("/")
    search = desk.page.locator(f"#{FIND}")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    keyboard.type(code)
    lines = desk.page.locator(".desk-list .rows a.row")
    expect(lines).to_have_count(1)
    keyboard.press("Enter")
    expect(search).to_be_focused()
    keyboard.press("ArrowDown")
    expect(lines).to_be_focused()
    keyboard.press("Enter")
    desk.page.wait_for_url(f"**/desk/**{code}**")
