"""While an official fills in a form, its case stays in sight, and keys replace the mouse."""

import re
from typing import Any

import pytest
from deciding_steps import new_case
from person import PATIENT, Meet, Person
from playwright.sync_api import Locator, expect
from readable import faults
from test_axe import order_at, request_at

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.line import lanes_text
from publicmeeting.text.officials import inbox_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.shell.steps.keys import KEYS

SIZES = ("desk", "tablet", "phone")
_SEEN = """(one) => {
  const box = one.getBoundingClientRect();
  let top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  for (let up = one.parentElement; up; up = up.parentElement) {
    if (getComputedStyle(up).overflowY === "visible") continue;
    const frame = up.getBoundingClientRect();
    top = Math.max(top, frame.top);
    bottom = Math.min(bottom, frame.bottom);
  }
  const x = box.left + box.width / 2, y = (top + bottom) / 2;
  const above = document.elementFromPoint(x, y);
  const free = above !== null && (one.contains(above) || above.contains(one));
  return {height: box.height, seen: free ? Math.max(0, bottom - top) : 0};
}"""
"""How much of an element is in the window, inside every scrolling part, and covered by nothing."""


_ASKED = "k2-j3/5"
"""What the form asks a citizen in these tests."""


def seen(locator: Locator) -> dict[str, Any]:
    found: dict[str, Any] = locator.evaluate(_SEEN)
    return found


def is_whole(locator: Locator) -> bool:
    found = seen(locator)
    return bool(found["seen"] >= found["height"] - 1)


def at_work(meet: Meet, who: str, path: str, size: str = "phone") -> Person:
    """Return an official of the demo city at a page of his."""
    person = meet(f"{who}-{size}", size)
    person.has_come_in_as(who)
    person.goes(path)
    return person


def opens(person: Person, action: Action | OrderAction) -> None:
    """Open a form by its button; a phone has no keys."""
    person.page.locator(f"#key-{KEYS[action]}").click()
    expect(person.page.locator("#send-step")).to_be_visible(timeout=PATIENT)
    person.rests()


@pytest.mark.parametrize("size", SIZES)
def test_a_refusal_shows_the_request_and_every_reason(
    size: str, meet: Meet, application: Application, axe: str
) -> None:
    desk = at_work(meet, "desk6", f"/desk/?case={request_at(Stage.SUBMITTED)(application)}", size)
    opens(desk, Action.DECLINE)
    desk.shot("decline")
    reasons = desk.page.locator("#reason label")
    assert reasons.count() == 6
    whole = [is_whole(one) for one in reasons.all()]
    # On a phone longer texts may cut the last ones; a cut one shows that there is more.
    assert whole.count(True) >= (4 if size == "phone" else 6), whole
    text = desk.page.locator(".desk-detail article > p.whitespace-pre-line")
    assert seen(text)["seen"] >= 40
    assert is_whole(desk.page.locator("#send-step"))
    assert desk.page.evaluate("document.activeElement.id") == "reason"
    assert faults(desk, axe) == []


@pytest.mark.parametrize("size", SIZES)
def test_a_report_shows_the_order_and_both_buttons_for_photos(
    size: str, meet: Meet, application: Application, axe: str
) -> None:
    unit = at_work(meet, "unit6", f"/unit/{order_at(OrderStage.IN_ACTION)(application)}/", size)
    opens(unit, OrderAction.REPORT)
    unit.shot("report")
    for kind in ("before", "report"):
        button = unit.page.locator(f"label[for=send-{kind}]")
        assert is_whole(button), kind
    assert is_whole(unit.page.locator("#note"))
    assert is_whole(unit.page.locator("#send-step"))
    assert seen(unit.page.locator(".desk-detail h2").first)["seen"] >= 20
    assert faults(unit, axe) == []


@pytest.mark.parametrize(("who", "path"), [("desk6", "/desk/"), ("overseer", "/city/promises/")])
def test_the_filters_of_a_list_are_readable_for_everybody(
    who: str, path: str, meet: Meet, axe: str
) -> None:
    person = at_work(meet, who, path)
    person.page.get_by_text(chrome_text.NARROW).click()
    subjects = person.page.locator("#only-subject")
    subjects.select_option(index=1)
    expect(person.button(chrome_text.LIST_ALL_AGAIN)).to_be_visible()
    person.shot("filters")
    assert faults(person, axe) == []
    person.button(chrome_text.LIST_ALL_AGAIN).click()
    expect(subjects).to_have_value("")


def test_the_list_is_three_keys_away_and_searched_without_a_mouse(meet: Meet) -> None:
    unit = at_work(meet, "unit6", "/unit/", "desk")
    unit.page.keyboard.press("Slash")
    expect(unit.page.locator("#find")).to_be_focused()
    unit.goes("/unit/")
    skip = unit.page.get_by_role("link", name=chrome_text.SKIP_TO_LIST)
    skip.focus()  # the first element of the page after the demo's bar
    for key in ("Enter", "Tab"):
        unit.page.keyboard.press(key)
    expect(unit.page.locator("#desk-lines a.row").first).to_be_focused()
    unit.page.keyboard.press("KeyJ")
    unit.page.wait_for_url(re.compile(r"/unit/\d+"))


def test_a_case_is_opened_put_aside_and_judged_by_keys_alone(
    meet: Meet, application: Application
) -> None:
    desk = at_work(meet, "desk6", "/desk/", "desk")
    keyboard, note = desk.page.keyboard, desk.page.locator("#note")
    lines = desk.page.locator(".desk-list .rows a.row")
    first, second = (lines.nth(at).get_attribute("href") or "" for at in (0, 1))
    opened = desk.page.locator(".desk-list .rows a.row[aria-current=true]")
    for key, href in (("j", first), ("j", second), ("k", first)):
        keyboard.press(key)
        expect(opened).to_have_attribute("href", href, timeout=PATIENT)

    desk.goes(f"/desk/?case={new_case(application, 6)}")
    ask = str(KEYS[Action.ASK_INFO])
    expect(desk.page.locator(f"#key-{ask}")).to_be_visible()
    keyboard.press(ask)
    expect(note).to_be_focused()
    for letter in _ASKED:  # digits, j and k are keys elsewhere, but text inside a field
        keyboard.press(letter)
    keyboard.press("Escape")
    expect(note).to_have_count(0)
    keyboard.press(ask)
    expect(note).to_have_value(_ASKED)
    desk.shot("by-keys")
    keyboard.press("Control+Enter")
    desk.sees(inbox_text.SENT.format(stage=STAGE[Stage.NEEDS_INFO]))


def test_a_long_promise_takes_two_lines_of_a_units_list(meet: Meet) -> None:
    unit = at_work(meet, "unit6", "/unit/", "desk")
    line = unit.page.locator(".rows-dense .row-body > .row-meta").first
    lines = line.evaluate("""(one) => {
      one.textContent = "روشنایی کوچه ".repeat(60);
      return one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight);
    }""")
    assert lines < 2.5


def judges_a_document(application: Application) -> str:
    """Return the user name of an officer with a document to judge and no contest before it."""
    with application.store.unit_of_work(application.city_now(), reading=True) as uow:
        for account in uow.accounts.all():
            tasks = uow.lanes.waiting_for(account.id) if account.active else []
            if tasks and not tasks[0].contest:
                return account.username
    raise AssertionError("nobody judges a document")


def test_a_judge_finds_his_list_on_a_tablet_and_judges_a_document_by_keys_alone(
    meet: Meet, application: Application
) -> None:
    judge = at_work(meet, judges_a_document(application), "/lanes/", "tablet")
    expect(judge.page.locator(f"#{LINES} a").first).to_be_visible()
    judge.page.keyboard.press("j")
    reason = judge.page.locator("[name=reason]").first
    reason.focus()
    expect(reason).to_be_focused()
    judge.page.keyboard.press("Space")
    expect(reason).to_be_checked()
    judge.page.keyboard.press("Control+Enter")
    judge.sees(lanes_text.DONE)
