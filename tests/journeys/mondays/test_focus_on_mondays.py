"""Pages of a Monday keep the keyboard's focus, and an equal message is heard again."""

from person import Meet
from playwright.sync_api import Page, expect
from test_axe import RECEPTION

from publicmeeting.domain.stages import Action
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import agenda_text, reception_text
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.staff.monday.state import SEEK

_HEARS = """() => {
  window.heard = [];
  const part = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("[role=alert]");
  new MutationObserver((changes) => {
    for (const {target, addedNodes} of changes) {
      const text = (target.nodeType === 3 ? target.data : [...addedNodes].map(
        (one) => one.textContent).join("")).trim();
      if (text && part(target)) window.heard.push(text);
    }
  }).observe(document, {subtree: true, childList: true, characterData: true});
}"""
"""Records what an alert contains from now on."""


def heard(page: Page, words: str, times: int) -> None:
    page.wait_for_function(
        "([words, times]) => heard.filter((one) => one.includes(words)).length >= times",
        arg=[words, times],
    )
    assert page.evaluate("(words) => heard.filter((one) => one.includes(words)).length", words) == (
        times
    )


def test_the_mayor_comes_from_his_list_to_the_name_and_back_to_where_he_was(
    meet: Meet, visitor: str, district: int
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{district}")
    mayor.goes("/mayor/")
    page = mayor.page
    mayor.button(ACTION[Action.SEND_BACK]).press("Enter")
    expect(page.locator("#note")).to_be_focused()
    mayor.button(agenda_text.NEVER_MIND).press("Enter")
    expect(page.locator("#note")).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()
    page.get_by_role("link", name=agenda_text.GO_ON).press("Enter")
    page.wait_for_url(f"**/mayor/meeting/{visitor}/")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_form_over_the_list_gives_the_focus_back_to_where_it_was_opened(
    meet: Meet, visitor: str, district: int
) -> None:
    del visitor  # it is Monday
    reception = meet("reception", "desk")
    reception.has_come_in_as(f"reception{district}")
    reception.goes("/monday/")
    page, identity = reception.page, reception.page.locator("#identity")
    lines = page.locator(f"#{LINES}")
    receive = lines.get_by_role("button", name=ACTION[Action.ARRIVE]).last
    for opens in (lambda: receive.press("Enter"), receive.click):
        opens()
        expect(identity).to_be_focused()
        page.keyboard.press("Escape")
        expect(receive).to_be_focused()
    code = (receive.get_attribute("id") or "").rpartition("-")[2]
    page.locator(f"#{SEEK}").fill(code)
    page.keyboard.press("Enter")
    expect(identity).to_be_focused()
    reception.button(staff_text.CANCEL).press("Enter")
    expect(page.locator(f"#{SEEK}")).to_be_focused()


def test_what_leads_nowhere_twice_is_heard_twice(meet: Meet, visitor: str) -> None:
    del visitor  # it is Monday
    reception = meet("reception", "desk")
    reception.has_come_in_as(RECEPTION)
    reception.goes("/monday/")
    page = reception.page
    page.evaluate(_HEARS)
    for times in (1, 2):
        page.locator(f"#{SEEK}").fill("0506000000")
        page.keyboard.press("Enter")
        heard(page, reception_text.NOT_HERE, times)
        expect(page.locator(f"#{SEEK}-error")).to_have_text(reception_text.NOT_HERE)
    standby = page.get_by_role("button", name=reception_text.NOTE_PRESENT).first
    standby.press("Enter")
    identity = page.locator("#identity")
    expect(identity).to_be_focused()
    words = ""
    for times in (1, 2):
        page.keyboard.press("Enter")
        error = page.locator("#identity-error .error")
        expect(error).to_be_visible()
        words = words or error.inner_text()
        heard(page, words, times)
        expect(error).to_have_text(words)
