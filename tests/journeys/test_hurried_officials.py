"""An official in a hurry: the page shows whose case it is, what is begun, and where to go on."""

import re

import pytest
from person import PATIENT, Meet
from playwright.sync_api import expect
from support.citizens import file, someone

from publicmeeting.application import Application
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.officials import calls_text, staff_text
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.shell.narrowing import FIND, PAGE_TOP

OWN_CITY = True
_SECOND_TAP = """([x, y]) => new Promise((done) => {
  const at = ({left, right, top, bottom}) => left < x && x < right && top < y && y < bottom;
  const all = () => [...document.querySelectorAll("a, button")];
  const there = () => all().find((one) => at(one.getBoundingClientRect()));
  const first = there();
  const tap = () => {
    const now = there();
    if (!now || now === first) return requestAnimationFrame(tap);
    const press = {bubbles: true, cancelable: true, detail: 1, clientX: x, clientY: y};
    document.elementFromPoint(x, y).dispatchEvent(new MouseEvent("click", press));
    done(now.textContent);
  };
  first.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, detail: 1}));
  tap();
})"""
"""Taps a place, and taps it again as soon as another element is there."""
_A_LINE_THERE = """async ([x, y]) => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  window.opened = 0;
  document.addEventListener("click", ({target}) => (window.opened += target.closest("a") ? 1 : 0));
  return [...document.querySelectorAll("a")].some((one) => {
    const {left, right, top, bottom} = one.getBoundingClientRect();
    return left < x && x < right && top < y && y < bottom;
  });
}"""
"""Whether a link is at a place, once all is drawn. Counts presses of links in `opened`."""
_A_BUTTON = """() => {
  const button = document.querySelector("main").appendChild(document.createElement("button"));
  window.presses = 0;
  button.onclick = () => (window.presses += 1);
  button.focus();
}"""
_UNDER = """async (touches) => {
  const box = document.body.appendChild(document.createElement("div"));
  box.style.cssText = "position: fixed; z-index: 99; top: 100px; left: 100px";
  window.pressed = [];
  const at = {bubbles: true, cancelable: true, clientX: 140, clientY: 140};
  const add = (name) => {
    const one = box.appendChild(document.createElement("button"));
    one.textContent = name;
    one.style.cssText = "position: absolute; top: 0; left: 0; width: 80px; height: 80px";
    one.onclick = () => pressed.push(name);
  };
  const point = (name) =>
    document.elementFromPoint(140, 140).dispatchEvent(new PointerEvent(name, at));
  window.tap = () => {
    const press = new MouseEvent("click", {...at, detail: 1});
    document.elementFromPoint(140, 140).dispatchEvent(press);
  };
  const drawn = async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  };
  add("photo");
  touches.forEach(point);
  add("cross");
  await drawn();
  tap();
}"""
"""Puts a cross over a photo after these events of a finger, and taps it at once."""
_AT_THE_EDGE = """() => {
  const faults = [];
  addEventListener("error", ({message}) => faults.push(message), {once: true});
  const at = {bubbles: true, clientX: 0, clientY: 0};
  document.dispatchEvent(new PointerEvent("pointermove", at));
  return faults;
}"""


def _page_of_three(page: int) -> str:
    return chrome_text.LIST_PAGE.format(page=persian(page), pages=persian(3))


def test_a_turned_page_of_a_long_list_begins_at_its_first_line(meet: Meet) -> None:
    """Its buttons stand below the list, so the next page was shown from its end."""
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/?tab=all")
    desk.page.get_by_role("button", name=chrome_text.LIST_LATER).click()
    expect(desk.page.locator(f"#{PAGE_TOP}")).to_be_focused()
    expect(desk.page.locator(f"#{LINES} .row").first).to_be_in_viewport(ratio=1)


def test_a_second_tap_where_the_button_of_the_list_was_opens_no_line(meet: Meet) -> None:
    """The list has scrolled to its first line meanwhile, and another line is under the finger."""
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/?tab=all")
    later = desk.page.get_by_role("button", name=chrome_text.LIST_LATER)
    later.scroll_into_view_if_needed()
    box = later.bounding_box()
    assert box
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.page.mouse.click(*at)
    expect(desk.page.locator(f"#{PAGE_TOP}")).to_be_focused()
    assert desk.page.evaluate(_A_LINE_THERE, at)
    desk.page.mouse.click(*at)
    assert desk.page.evaluate("window.opened") == 0


def test_a_desk_is_pressed_once_by_a_finger_and_by_a_key(meet: Meet) -> None:
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/")
    page = desk.page
    # A press on what has just come presses nothing below it: for example the cross of the next
    # photo, which lies over the photo.
    page.evaluate(_UNDER, ["pointermove"])
    assert page.evaluate("pressed") == []
    page.wait_for_function("() => !document.querySelector('[data-fresh]')")
    page.evaluate("tap()")
    assert page.evaluate("pressed") == ["cross"]
    # A tap after scrolling presses what has come to where the finger was.
    page.evaluate(_UNDER, ["pointerdown", "pointercancel"])
    assert page.evaluate("pressed") == ["cross"]
    assert page.evaluate(_AT_THE_EDGE) == [], "a pointer dragged out of the window"
    page.evaluate(_A_BUTTON)
    for _ in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate("presses") == 2, "a key that is held down presses once"


def test_a_second_tap_of_a_mayor_neither_follows_nor_closes_what_the_first_has_opened(
    meet: Meet,
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/")
    page = mayor.page
    box = page.get_by_role("link", name=orders_text.TITLE, exact=True).bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*place)
    assert page.evaluate(_SECOND_TAP, place) == meeting_text.AGENDA
    page.wait_for_url("**/mayor/orders/")
    mayor.settles()
    page.wait_for_url("**/mayor/orders/")
    page.get_by_role("link", name=meeting_text.AGENDA).click()
    page.wait_for_url("**/mayor/")
    mayor.goes("/mayor/orders/?which=asks")
    page.locator("main a[href^='/mayor/orders/1']").first.click()
    opens = page.locator("button[aria-expanded]").first
    opens.dblclick()
    mayor.settles()
    expect(opens).to_have_attribute("aria-expanded", "true")
    opens.press("Enter")
    expect(opens).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("way", ["browser", "link"])
def test_back_from_an_order_the_mayor_is_where_he_left_the_list_with_its_filter(
    way: str, meet: Meet
) -> None:
    """On a tablet the list scrolls by itself, which no browser puts back."""
    mayor = meet("mayor", "tablet")
    page = mayor.page
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/orders/?which=done")
    line = page.locator(".tablet-main a.row").last
    line.scroll_into_view_if_needed()
    mayor.settles()
    box, title = line.bounding_box(), line.inner_text()
    line.click()
    expect(page).to_have_url(re.compile("/mayor/orders/[0-9]+"))
    mayor.settles()
    if way == "link":
        page.locator(".tablet-head a").click()
    else:
        page.go_back()
    expect(page).to_have_url(re.compile("which=done$"))
    mayor.until(lambda: line.bounding_box() == box, lambda: f"{line.bounding_box()}, not {box}")
    assert line.inner_text() == title


def test_a_field_stays_in_view_when_a_keyboard_takes_half_of_the_tablet(meet: Meet) -> None:
    mayor = meet("mayor", "tablet")
    page = mayor.page
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/profile/")
    text = page.locator("textarea")
    text.click()
    page.set_viewport_size({"width": 1024, "height": 400})
    mayor.settles()
    expect(text).to_be_in_viewport(ratio=0.9)


def test_both_columns_of_a_districts_texts_begin_at_one_height(meet: Meet) -> None:
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/district/")
    heads = desk.page.locator("main h2").locator("visible=true")
    expect(heads.nth(1)).to_be_visible()
    tops = sorted(box["y"] for one in heads.all() if (box := one.bounding_box()))
    assert tops[1] - tops[0] < 1, tops


def test_the_second_tap_on_a_pager_turns_no_second_page(meet: Meet) -> None:
    administrator = meet("administrator", "desk")
    administrator.has_come_in_as("admin")
    administrator.goes("/city/people/")
    later = administrator.page.locator("button", has_text=chrome_text.LIST_LATER)
    page = administrator.page.locator(f"#{PAGE_TOP}")
    expect(page).to_have_text(_page_of_three(1))
    later.dblclick()
    administrator.settles()
    expect(page).to_have_text(_page_of_three(2))
    later.click()
    expect(page).to_have_text(_page_of_three(3))


def test_a_double_tap_opens_a_fold_and_does_not_close_it_again(meet: Meet) -> None:
    """With a fast second tap, and with a slow one."""
    maryam = meet("maryam")
    maryam.goes("/rules/")
    folds = maryam.page.locator("main details")
    folds.nth(0).locator("summary").dblclick()
    expect(folds.nth(0)).to_have_attribute("open", "")
    folds.nth(1).locator("summary").dblclick(delay=250)
    expect(folds.nth(1)).to_have_attribute("open", "")
    folds.nth(0).locator("summary").press("Enter")
    expect(folds.nth(0)).not_to_have_attribute("open", "")


def test_an_officer_with_many_cases_keeps_her_place_by_keys_and_on_a_phone(
    meet: Meet, application: Application
) -> None:
    for number in range(20):
        file(application, someone(73_600 + number), district="6")
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/")
    lines = desk.page.locator(".desk-list .rows a.row")
    hint = desk.page.locator(".desk-list").get_by_text(staff_text.KEY_NEXT)
    expect(lines.nth(15)).to_be_attached()
    expect(hint).to_be_visible()
    for at in range(12):
        desk.page.keyboard.press("KeyJ")
        expect(lines.nth(at)).to_have_attribute("aria-current", "true", timeout=PATIENT)
    expect(lines.nth(11)).to_be_in_viewport(ratio=1)
    desk.page.locator(f"#{FIND}").fill("هیچ‌جا‌نیست")
    expect(lines).to_have_count(0)
    expect(hint).to_have_count(0)

    phone = meet("phone", "phone")
    phone.has_come_in_as("desk6")
    phone.goes("/desk/")
    line = phone.page.locator(".desk-list .rows a.row").nth(15)
    line.scroll_into_view_if_needed()
    line.click()
    back = phone.page.get_by_role("link", name=staff_text.BACK_TO_LIST)
    expect(back).to_be_visible(timeout=PATIENT)
    back.click()
    expect(line).to_be_in_viewport(timeout=PATIENT)


def test_a_line_that_goes_takes_its_focus_to_the_next_line_and_presses_nothing(meet: Meet) -> None:
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/calls/")
    lines = desk.page.get_by_role("list", name=calls_text.LIST).get_by_role("listitem")
    many = lines.count()
    assert many > 1
    second = lines.nth(1).get_by_role("strong").first.inner_text()
    inform = lines.first.get_by_role("button").first
    inform.focus()
    desk.page.keyboard.press("Enter")
    expect(lines).to_have_count(many - 1)
    expect(lines.first).to_contain_text(second)
    expect(lines.first).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.rests()
    expect(lines).to_have_count(many - 1)
