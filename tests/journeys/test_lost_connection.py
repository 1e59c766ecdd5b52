"""While the connection is lost, every page says so near the thumb, and presses wait."""

import json
import re
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from deciding_steps import as_she_stands, at_her_page, waiting_citizens
from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import Meet, Person
from playwright.sync_api import Locator, Route, WebSocketRoute, expect
from support.citizens import file, someone
from support.served_city import Served
from test_axe import DISTRICT
from test_forms_in_sight import is_whole, opens

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text, tracking_text
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.shell.demo import DemoState
from publicmeeting.ui.staff.desk.state import DeskState

OWN_CITY = True
_FILED = count(72_400)
"""Numbers of citizens whose cases wait at the desk."""
SLOW = 60_000
_FIRST_TOP = "document.querySelector('h1, h2').getBoundingClientRect().top"
_COVERED = """(line) => {
  const over = line.getBoundingClientRect();
  const desk = ".rail, .desk-list, .desk-detail, .deciding-fields, .decision .btn";
  const parts = document.querySelectorAll(`${desk}, .tablet-side, .tablet-main, .tablet-paper`);
  return [...parts].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.height && box.top < over.bottom - 1 && box.bottom > over.top + 1
      && box.left < over.right - 1 && box.right > over.left + 1;
  }).map((one) => one.className);
}"""
"""What the line covers on a page whose columns scroll by themselves."""
_TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The line moves to its column in the frame after it appears (`ui/shell/connection/offline.js`)."""
_TO_END = """for (const one of [document.scrollingElement, ...document.querySelectorAll('*')])
  one.scrollTop = one.scrollHeight"""
NOTE = "همسایه‌ها خودشان چراغ را درست کردند."
MORE = " دیگر لازم نیست."
OLD = "این را دیگر کسی نمی‌گوید."
_TAPS = """(one, [later, other]) => {
  one.click();
  setTimeout(() => one.click(), 150);
  setTimeout(() => {
    performance.now = ((now) => () => now() + later)(performance.now.bind(performance));
    one.form.elements.mobile.value = other;
    one.click();
  }, 600);
}"""
"""Two quick taps, and later one with another mobile.

Nothing may query a page that waits for its answer, so a script does it.
"""
AGAIN_AFTER_MS = 8000
"""Milliseconds after which a plain form's button sends again (`ui/shell/connection/twice.js`)."""
SENT_AGAIN_MOST = 6 * 1024
"""Most bytes of the first message after a lost connection."""


def loses(person: Person) -> Locator:
    """Cut the network, wait until the page says so, and return that line."""
    person.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch")
    person.loses_network()
    line = person.page.get_by_text(chrome_text.OFFLINE)
    expect(line).to_be_visible(timeout=SLOW)
    person.page.evaluate(_TWO_FRAMES)
    return line


def finds(person: Person) -> None:
    person.finds_network()
    expect(person.page.get_by_text(chrome_text.OFFLINE)).to_have_count(0, timeout=SLOW)


def waiting(person: Person) -> Locator:
    return person.button(chrome_text.WAITS)


def at_the_desk(person: Person, application: Application) -> None:
    """Open a new case at the desk; other tests may have used up the demo's new ones."""
    request = file(application, someone(next(_FILED)), district=f"{DISTRICT}")
    person.has_come_in_as(f"desk{DISTRICT}")
    person.goes(f"/desk/?case={request.code}")
    opens(person, Action.ASK_INFO)


def at_the_table(person: Person, _: Application) -> None:
    person.has_come_in_as("mayor6")
    person.goes("/mayor/")


def in_the_second_step(person: Person, _: Application) -> None:
    person.goes("/request/")
    chooses_district(person, 12)


def at_the_rules(person: Person, _: Application) -> None:
    person.goes("/rules/")


PLACES: tuple[tuple[str, Callable[[Person, Application], None], str, str], ...] = (
    ("phone", in_the_second_step, "[name=text]", ".foot button"),
    ("phone", at_the_rules, "", ""),
    ("phone", at_the_desk, "#note", "#send-step"),
    ("tablet", at_the_desk, "#note", "#send-step"),
    ("desk", at_the_desk, "#note", "#send-step"),
    ("tablet", at_the_table, "", ""),
)


@pytest.mark.parametrize(("size", "goes", "field", "button"), PLACES)
def test_the_line_is_in_sight_wherever_she_has_scrolled_to_and_covers_nothing(
    size: str,
    goes: Callable[[Person, Application], None],
    field: str,
    button: str,
    meet: Meet,
    application: Application,
) -> None:
    person = meet(f"{goes.__name__}-{size}", size)
    goes(person, application)
    page = person.page
    person.settles()
    if field:
        page.locator(field).focus()
    before = page.evaluate(_FIRST_TOP)
    line = loses(person)
    assert page.evaluate(_FIRST_TOP) == before or field
    person.shot("lost")
    expect(page.get_by_text("0", exact=True)).to_have_count(0)
    assert is_whole(line)
    assert size == "phone" or line.evaluate(_COVERED) == []
    if field:
        assert is_whole(page.locator(button))
        assert is_whole(page.locator(f"label[for={field.strip('#[]').removeprefix('name=')}]"))
        assert is_whole(page.locator(field)) or size == "phone"
    page.evaluate(_TO_END)
    assert is_whole(line)
    page.emulate_media(media="print")
    expect(line).to_be_hidden()


def test_a_form_pressed_without_a_connection_is_sent_once_with_all_that_was_typed(
    meet: Meet, town: Served, application: Application
) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({6}), stages=(Stage.WAITING,))
        request = uow.requests.by_id(uow.lists.requests(wanted, limit=1)[0].id)
    citizen = at_her_page(meet, town, application, request)
    citizen.button(ACTION[Action.WITHDRAW]).click()
    note = citizen.page.locator("[name=note]")
    note.fill(NOTE)
    loses(citizen)
    citizen.button(case_text.BUTTON[Action.WITHDRAW]).press("Enter")
    expect(waiting(citizen)).to_be_visible()
    citizen.shot("waits")
    waiting(citizen).click()  # the second press must do nothing
    note.press("End")
    note.press_sequentially(MORE)
    finds(citizen)
    citizen.sees(DONE[Action.WITHDRAW])
    withdrawals = as_she_stands(application, request).history
    assert [
        withdrawal.note for withdrawal in withdrawals if withdrawal.action is Action.WITHDRAW
    ] == [NOTE + MORE]


def test_a_door_pressed_without_a_connection_stands_with_its_words_and_opens_afterwards(
    meet: Meet,
) -> None:
    maryam = meet("maryam")
    maryam.goes("/enter/")
    mobile = maryam.page.locator("[name=mobile]")
    mobile.fill(someone(72_101).mobile)
    loses(maryam)
    mobile.press("Enter")
    expect(waiting(maryam)).to_be_visible()
    maryam.shot("door-waits")
    expect(mobile).to_have_value(someone(72_101).mobile)
    maryam.finds_network()
    expect(maryam.page.locator("[name=code]")).to_be_visible(timeout=SLOW)


def test_a_door_tapped_twice_is_sent_once_and_may_be_tapped_again(meet: Meet) -> None:
    """A browser shows the second answer and drops the first one, with its cookies.

    If the first answer never comes, she can tap again after some seconds.
    """
    maryam = meet("maryam")
    maryam.goes("/enter/")
    maryam.page.locator("[name=mobile]").fill(someone(72_102).mobile)
    sent: list[Route] = []

    def holds_first(route: Route) -> None:
        sent.append(route)
        if len(sent) > 1:
            route.continue_()

    maryam.page.route("**/auth/code", holds_first)
    maryam.button(filing_text.SEND_CODE).evaluate(_TAPS, [AGAIN_AFTER_MS, someone(72_103).mobile])
    expect(maryam.page.locator("[name=code]")).to_be_visible()
    assert someone(72_103).mobile in (sent[1].request.post_data or ""), "it is the second tap's"


def test_a_code_is_looked_up_once_the_connection_is_back(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/track/")
    maryam.page.locator("[name=code]").fill("0512000007")
    maryam.page.locator("[name=last_four]").fill("1234")
    loses(maryam)
    maryam.button(tracking_text.FIND).click()
    expect(waiting(maryam)).to_be_visible()
    expect(maryam.page).to_have_url(re.compile("/track/$"))
    maryam.finds_network()
    maryam.page.wait_for_url("**/track/?e=tracking_unknown")


def test_a_step_at_the_desk_waits_by_keys_alone(meet: Meet, application: Application) -> None:
    desk = meet("desk", "tablet")
    at_the_desk(desk, application)
    desk.page.locator("#note").fill(NOTE)
    loses(desk)
    desk.page.keyboard.press("Control+Enter")
    expect(waiting(desk)).to_be_visible()
    desk.shot("desk-waits")
    desk.page.keyboard.press("Control+Enter")
    finds(desk)
    desk.sees(inbox_text.SENT.format(stage=STAGE[Stage.NEEDS_INFO]))


def test_a_refusal_over_the_page_and_the_line_stand_above_each_other(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/request/")
    chooses_district(maryam, 12)
    fill_in_matter(maryam)
    line = loses(maryam)
    trouble = maryam.page.locator("output.trouble")
    trouble.evaluate("(one) => (one.textContent = 'سامانه پاسخ نداد.')")
    assert is_whole(trouble)
    assert is_whole(line)
    assert is_whole(maryam.button(filing_text.KEEP_ON))
    maryam.shot("both")


@pytest.mark.parametrize("link", [road_text.TURN_CALENDAR, road_text.TURN_SAVE])
def test_a_page_from_which_a_file_is_saved_hears_what_happens_then(
    meet: Meet, town: Served, application: Application, link: str
) -> None:
    request = waiting_citizens(application, Action.GIVE_UP_SEAT, (Stage.CONFIRMED,))[0]
    citizen = at_her_page(meet, town, application, request)
    citizen.settles()
    with citizen.page.expect_download():
        citizen.page.get_by_role("link", name=link).click()
    other = citizen.another_tab(f"/mine/{request.code}/")
    other.button(ACTION[Action.GIVE_UP_SEAT]).click()
    other.button(case_text.BUTTON[Action.GIVE_UP_SEAT]).click()
    for tab in (other, citizen):
        expect(tab.button(ACTION[Action.UNDO_GIVE_UP])).to_be_visible()


OTHER_RELEASE = '42/_event,["state_mismatch",{"backend":"another","reload_cooldown_ms":-1}]'
"""What a process tells the page of another release, before everything else."""


def dies(person: Person, handler: str, *, reaches: bool, upgraded: bool = False) -> None:
    """Break her connection at the next event of this handler, once.

    The event is lost or, with `reaches`, its answer. This holds for pages opened afterwards. With
    `upgraded` her page connects to a process of another release then.
    """
    has_died, to_tell = False, [OTHER_RELEASE] if upgraded else []

    def connects(to_page: WebSocketRoute) -> None:
        to_server = to_page.connect_to_server()

        def tells(message: str | bytes) -> None:
            if to_tell and str(message).startswith("40/_event"):
                to_page.send(to_tell.pop())
            to_page.send(message)

        def hears(message: str | bytes) -> None:
            nonlocal has_died
            if has_died or handler not in str(message):
                to_server.send(message)
                return
            has_died = True
            if reaches:
                to_server.on_message(lambda _: to_page.close(code=1001))
                to_server.send(message)
            else:
                to_page.close(code=1001)

        to_page.on_message(hears)
        if has_died and to_tell:
            to_server.on_message(tells)

    person.page.route_web_socket(re.compile("_event"), connects)


@pytest.mark.parametrize(
    ("reaches", "upgraded"),
    [(False, False), (True, False), (False, True)],
    ids=["press lost", "answer lost", "press lost and another release"],
)
def test_steps_and_press_of_a_filing_lead_on_over_the_next_connection(
    meet: Meet, *, reaches: bool, upgraded: bool
) -> None:
    maryam, who = meet("maryam"), someone(next(_FILED))
    steps = BookingState.get_name()
    dies(maryam, f"{steps}.leave_matter", reaches=reaches, upgraded=upgraded)
    maryam.goes("/request/")
    chooses_district(maryam, 12)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    dies(maryam, f"{steps}.file", reaches=reaches, upgraded=upgraded)
    maryam.page.reload()
    maryam.settles()
    presses_file(maryam)


def goes_deaf(person: Person, handler: str) -> list[WebSocketRoute]:
    """From the first event of this handler on, let her connection accept events and deliver none.

    Returns a list that gets this connection.
    """
    deaf: list[WebSocketRoute] = []

    def connects(to_page: WebSocketRoute) -> None:
        to_server = to_page.connect_to_server()

        def hears(message: str | bytes) -> None:
            if not deaf and handler in str(message):
                deaf.append(to_page)
            if to_page not in deaf:
                to_server.send(message)

        to_page.on_message(hears)

    person.page.route_web_socket(re.compile("_event"), connects)
    return deaf


def two_filed(application: Application, number: int) -> str:
    """File two requests that wait for the desk; return the code of one."""
    for one in (number, number + 1):
        request = file(application, someone(one), district=str(DISTRICT))
    return request.code


def line(desk: Person, code: str) -> Locator:
    return desk.page.locator(f"#{LINES} a[href*='{code}']").first


def other_line(desk: Person, code: str) -> Locator:
    return desk.page.locator(f"#{LINES} a[href*='case=']:not([href*='{code}'])").first


def submitted(application: Application) -> set[str]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.SUBMITTED,))
        return {request.code for request in uow.lists.requests(wanted, limit=50)}


def test_a_note_left_into_a_dead_connection_is_not_the_draft_of_the_next_case(
    meet: Meet, application: Application
) -> None:
    desk = meet("desk", "wall")  # wide enough for the list beside a form
    page = desk.page
    deaf = goes_deaf(desk, f"{DeskState.get_name()}.keep_note")
    code = two_filed(application, 72_110)
    desk.has_come_in_as("desk6")
    desk.goes(f"/desk/?case={code}")
    opens(desk, Action.ASK_INFO)
    page.locator("#note").fill(NOTE)
    page.locator("#note").blur()
    desk.until(lambda: deaf)
    other_line(desk, code).click()
    page.wait_for_url(lambda address: code not in address)
    deaf[0].close(code=1001)
    chosen = page.locator(f"#{LINES} a[aria-current=true]:not([href*='{code}'])")
    expect(chosen).to_be_visible(timeout=SLOW)
    desk.settles()
    opens(desk, Action.ASK_INFO)
    desk.shot("next")
    expect(page.locator("#note")).to_have_value("")
    line(desk, code).click()
    page.wait_for_url(f"**case={code}*")
    expect(page.locator("#send-step")).to_have_count(0)
    opens(desk, Action.ASK_INFO)
    expect(page.locator("#note")).to_have_value(NOTE)


def test_a_step_pressed_into_a_dead_connection_is_not_taken_for_the_next_case(
    meet: Meet, application: Application
) -> None:
    """If it arrives after the next case is loaded it is dropped; before, it is for its own case."""
    desk = meet("desk", "wall")
    page = desk.page
    deaf = goes_deaf(desk, f"{DeskState.get_name()}.send")
    code = two_filed(application, 72_120)
    before = submitted(application)
    desk.has_come_in_as("desk6")
    desk.goes(f"/desk/?case={code}")
    opens(desk, Action.ASK_INFO)
    page.locator("#note").fill(NOTE)
    page.locator("#send-step").click()
    desk.until(lambda: deaf)
    other_line(desk, code).click()
    page.wait_for_url(lambda address: code not in address)
    deaf[0].close(code=1001)
    words = f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"
    not_sent = page.locator("main").get_by_text(words)
    desk.until(lambda: not_sent.count() or code not in submitted(application))
    desk.settles()
    desk.shot("not-sent")
    assert before - submitted(application) <= {code}
    if code in submitted(application):
        line(desk, code).click()
        page.wait_for_url(f"**case={code}*")
        desk.settles()
        opens(desk, Action.ASK_INFO)
        expect(page.locator("#note")).to_have_value(NOTE)


def test_a_press_whose_answer_is_lost_is_carried_out_once(
    meet: Meet, town: Served, application: Application
) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({6}), stages=(Stage.WAITING,))
        request = uow.requests.by_id(uow.lists.requests(wanted, limit=1)[0].id)
    citizen = at_her_page(meet, town, application, request)
    dies(citizen, f"{TimelineState.get_name()}.take", reaches=True)
    citizen.page.reload()
    citizen.settles()
    citizen.button(ACTION[Action.WITHDRAW]).click()
    citizen.page.locator("[name=note]").fill(NOTE)
    citizen.button(case_text.BUTTON[Action.WITHDRAW]).click()
    citizen.sees(DONE[Action.WITHDRAW])
    citizen.settles()
    citizen.shot("once")
    expect(citizen.page.locator(".error, output.trouble:not(:empty)")).to_have_count(0)
    withdrawals = as_she_stands(application, request).history
    assert [
        withdrawal.note for withdrawal in withdrawals if withdrawal.action is Action.WITHDRAW
    ] == [NOTE]


def test_what_was_answered_before_the_connection_is_lost_is_not_sent_again(meet: Meet) -> None:
    """A restart of Redis loses the list of events that were carried out."""
    maryam = meet("maryam")
    sent: list[str] = []
    heard: list[str] = []
    opened: list[WebSocketRoute] = []

    def connects(to_page: WebSocketRoute) -> None:
        to_server = to_page.connect_to_server()
        opened.append(to_page)

        def asks(message: str | bytes) -> None:
            sent.append(str(message))
            to_server.send(message)

        def answers(message: str | bytes) -> None:
            heard.append(str(message))
            to_page.send(message)

        to_page.on_message(asks)
        to_server.on_message(answers)

    maryam.page.route_web_socket(re.compile("_event"), connects)
    maryam.goes("/request/")
    chooses_district(maryam, 12)
    fill_in_matter(maryam)
    maryam.button(filing_text.KEEP_ON).click()
    maryam.sees(filing_text.SELF_TITLE)
    pressed = next(_KEY.findall(one)[0] for one in sent if "leave_matter" in one)
    maryam.until(lambda: any(pressed in _ANSWERED.findall(one) for one in heard))
    done, before = {key for one in heard for key in _ANSWERED.findall(one)}, len(sent)
    opened[-1].close(code=1001)
    maryam.until(lambda: len(opened) > 1, lambda: "connects again")
    maryam.settles()
    # This event comes after everything that is sent again.
    maryam.page.locator("[name=mobile]").fill(someone(72_190).mobile)
    maryam.button(filing_text.SEND_CODE).click()
    expect(maryam.page.locator("[name=code]")).to_be_visible()
    again = {key for one in sent[before:] for key in _KEY.findall(one)}
    assert again.isdisjoint(done)


def test_a_press_that_nobody_answers_for_a_while_shows_that_it_is_sent(meet: Meet) -> None:
    """On a slow line, whether the answer refuses the press or leads on."""
    maryam = meet("maryam")
    is_slow: list[bool] = []
    under_way: list[Callable[[], None]] = []

    def connects(to_page: WebSocketRoute) -> None:
        to_server = to_page.connect_to_server()

        def answers(message: str | bytes) -> None:
            if is_slow:
                under_way.append(partial(to_page.send, message))
            else:
                to_page.send(message)

        to_page.on_message(to_server.send)
        to_server.on_message(answers)

    maryam.page.route_web_socket(re.compile("_event"), connects)
    maryam.goes("/request/")
    chooses_district(maryam, 12)

    def presses(label: str, shown: str = chrome_text.SENDS) -> None:
        is_slow.append(True)
        maryam.button(label).click()
        expect(maryam.page.locator(f".foot .btn[data-waits='{shown}']")).to_be_visible()
        expect(maryam.page.get_by_role("status").get_by_text(chrome_text.SENDS)).to_have_count(1)
        is_slow.clear()
        while under_way:
            under_way.pop(0)()

    presses(filing_text.KEEP_ON)
    expect(maryam.page.locator("#subject-error")).to_have_text(refusal("subject_missing"))
    expect(maryam.page.locator("[data-waits]")).to_have_count(0)
    # On a button of one short word the sentence would cover the next button.
    on = maryam.button(filing_text.KEEP_ON)
    on.evaluate("(button) => { button.style.width = '3rem'; }")
    presses(filing_text.KEEP_ON, "…")
    expect(maryam.page.locator("[data-waits]")).to_have_count(0)
    on.evaluate("(button) => { button.style.width = ''; }")
    fill_in_matter(maryam)
    maryam.settles()
    presses(filing_text.KEEP_ON)
    maryam.sees(filing_text.SELF_TITLE)
    expect(maryam.page.locator("[data-waits]")).to_have_count(0)


_KEY = re.compile(r'"press":"([0-9a-f]+)"')
_ANSWERED = re.compile(r',"([0-9a-f]{24})"\]$')
"""At the end of the last message of a press."""


def test_a_page_that_connects_again_is_told_little_and_keeps_nothing_its_server_does_not_know(
    meet: Meet,
) -> None:
    maryam = meet("maryam")
    received: list[str] = []
    opened: list[WebSocketRoute] = []

    def connects(to_page: WebSocketRoute) -> None:
        to_server = to_page.connect_to_server()
        opened.append(to_page)

        def receive(message: str | bytes) -> None:
            received.append(str(message))
            to_page.send(message)

        to_server.on_message(receive)

    maryam.page.route_web_socket(re.compile("_event"), connects)
    maryam.goes("/track/")
    maryam.settles()
    old = {"delta": {DemoState.get_full_name(): {"refused_rx_state_": OLD}}}
    opened[-1].send(f"42/_event,{json.dumps(['event', old])}")
    expect(maryam.page.get_by_text(OLD)).to_have_count(1)
    before = len(received)
    opened[-1].close(code=1001)
    maryam.until(lambda: len(opened) > 1, lambda: "connects again")
    expect(maryam.page.get_by_text(OLD)).to_have_count(0)
    maryam.settles()
    again = next(one for one in received[before:] if '"delta"' in one)
    assert len(again.encode()) <= SENT_AGAIN_MOST
