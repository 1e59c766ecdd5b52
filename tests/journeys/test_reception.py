"""The scanner's field is ready when the page opens and after a misread code.

Also an official's page on paper.
"""

import re

import pytest
from person import Meet, Person, soon
from playwright.sync_api import expect

from publicmeeting.text.districts import home_text
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.officials import inbox_text, staff_text
from publicmeeting.text.orders import promises_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.staff.monday.state import SEEK

_PARTS = """() =>
  [...document.querySelectorAll("main, .desk-list, .tablet-side")]
    .filter((part) => part.checkVisibility() && part.innerText.trim())
    .map((part) => part.getBoundingClientRect().width)"""
"""Width of each part that a reader would see as a column."""
_SQUEEZED = """() => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, of = text.parentElement, range = document.createRange();
    const letters = text.data.trim().length;
    if (!letters || !of.checkVisibility() || of.closest(".sr-only")) continue;
    range.selectNodeContents(text);
    const lines = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
    if (lines.size > 2 && letters / lines.size < 4) found.push(text.data);
  }
  return found;
}"""
"""Texts with hardly more than a letter on each line."""
PRINTED = (
    ("reception6", "/monday/"),
    ("desk6", "/desk/"),
    ("unit6", "/unit/"),
    ("overseer", "/city/promises/"),
    ("mayor6", "/mayor/"),
    ("mayor6", "/mayor/orders/"),
    ("admin", "/city/people/"),
    ("admin", "/city/calendar/"),
    ("admin", "/city/audit/"),
)
_UNKNOWN, _NEXT = "0506000000", "0506000001"
_PAPER = {"width": 794, "height": 1123}
"""A4 in CSS pixels."""
_MARGIN = "10mm"
_WITHIN_MARGINS = {"width": 718, "height": 1047}
"""A4 without margins of 10 mm, with which Chromium and Firefox print."""
_BEFORE_PRINT = "dispatchEvent(new Event('beforeprint'))"
_AFTER_PRINT = "dispatchEvent(new Event('afterprint'))"


def test_a_misread_code_is_overwritten_by_the_next_scan(meet: Meet) -> None:
    reception = meet("reception", "tablet")
    reception.has_come_in_as("reception6")
    reception.goes("/monday/")
    field = reception.page.locator(f"#{SEEK}")
    expect(field).to_be_focused()
    box = field.bounding_box()
    assert box is not None
    assert box["y"] < 768 / 2, "above the list, where all is one column"
    for code in (_UNKNOWN, _NEXT):
        reception.page.keyboard.type(code)
        expect(field).to_have_value(code)
        reception.page.keyboard.press("Enter")
        expect(reception.page.get_by_text(reception_text.NOT_HERE).first).to_be_visible()
        # The field's own alert announces it, so no other region may.
        live = reception.page.locator("[role=status], [aria-live=polite]")
        spoken = live.filter(has_text=reception_text.NOT_HERE)
        expect(spoken).to_have_count(0)


@pytest.mark.parametrize(("who", "path"), PRINTED, ids=[path for _, path in PRINTED])
def test_a_desk_is_printed_in_one_column(who: str, path: str, meet: Meet) -> None:
    official = meet(who, "desk")
    official.has_come_in_as(who)
    official.goes(path)
    official.page.emulate_media(media="print")
    official.page.set_viewport_size(_PAPER)
    least = _PAPER["width"] * 0.9
    soon(lambda: min(official.page.evaluate(_PARTS)) > least)
    expect(official.page.locator(".rail")).to_be_hidden()
    # Fields, and the sign that the page is live, have no meaning on paper.
    fields = official.page.locator("input, select, textarea, .live-sign")
    assert fields.locator("visible=true").count() == 0
    assert official.page.evaluate(_SQUEEZED) == []
    assert official.overflowing() == []
    columns = official.page.locator("main .grid:not([class*='grid-cols'])")
    shown = set(columns.evaluate_all("all => all.map((one) => getComputedStyle(one).display)"))
    assert "grid" not in shown, "a page may end with a heading alone"
    official.shot("printed")


def test_what_is_folded_with_a_sign_is_open_on_paper_and_folded_again(meet: Meet) -> None:
    """By the browser's own event: few browsers let a style sheet open it."""
    reader = meet("nobody", "phone")
    reader.goes("/rules/")
    table = reader.page.locator("details:has(> .disclosure) table").first
    expect(table).to_be_hidden()
    reader.page.evaluate(_BEFORE_PRINT)
    expect(table).to_be_visible()
    reader.page.evaluate(_AFTER_PRINT)
    expect(table).to_be_hidden()

    reader.goes("/")
    reader.page.locator("[name=district][value='6']").click()
    fold = reader.page.locator("details", has_text=home_text.HOW_GUESSED)
    assert fold.locator("summary").evaluate("(one) => getComputedStyle(one).display") == "list-item"
    expect(fold.locator("p")).to_be_hidden()
    reader.page.evaluate(_BEFORE_PRINT)
    expect(fold.locator("p")).to_be_visible()

    reader.becomes("citizen/follow_up")
    steps = reader.page.locator(".road-before ol")
    expect(steps).to_be_hidden()
    reader.page.evaluate(_BEFORE_PRINT)
    expect(steps).to_be_visible()


def test_the_place_of_the_open_page_is_in_sight_in_a_telephones_rail(meet: Meet) -> None:
    admin = meet("admin", "phone")
    admin.has_come_in_as("admin")
    admin.goes("/city/security/")
    here = admin.page.locator(".rail-item[aria-current=page]")
    expect(here).to_be_in_viewport(ratio=1)


def test_an_open_case_is_printed_without_the_way_back_to_its_list_and_without_a_question(
    meet: Meet,
) -> None:
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6")
    desk.goes("/desk/")
    desk.page.get_by_role("link", name=staff_text.OPEN_FIRST).click()
    expect(desk.page.locator("article h2")).to_be_visible()
    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size(_PAPER)
    assert desk.page.locator("a.back").locator("visible=true").count() == 0
    question = desk.page.get_by_text(inbox_text.DECISION, exact=True)
    expect(question).to_have_count(1)
    expect(question).to_be_hidden()
    desk.shot("printed")


def test_a_form_that_is_longer_than_a_page_begins_on_the_first(meet: Meet) -> None:
    admin = meet("admin", "desk")
    admin.has_come_in_as("admin")
    admin.goes("/city/rules/")
    expect(admin.page.locator("form > .sheet")).to_be_visible()
    printed = _pages(admin)
    admin.page.add_style_tag(content="@media print { .sheet { break-inside: avoid !important } }")
    assert printed < _pages(admin)


def test_the_map_of_a_draw_is_printed_on_one_page(meet: Meet) -> None:
    reader = meet("nobody", "desk")
    reader.goes("/ceremony/")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator(".ceremony-map")).to_have_css("break-inside", "avoid")


def test_the_rules_are_printed_as_tables_and_begin_on_the_first_page(meet: Meet) -> None:
    """Within a browser's margins, A4 is narrower than the width at which tables become stacks."""
    reader = meet("nobody", "desk")
    reader.goes("/rules/")
    reader.page.emulate_media(media="print")
    reader.page.set_viewport_size(_WITHIN_MARGINS)
    row = reader.page.locator(".table-cards tbody tr").first
    expect(row).to_have_css("display", "table-row")
    rules = reader.page.locator(".sheet").filter(has=reader.page.locator("dl")).first
    expect(rules).to_have_css("break-inside", "auto")
    expect(rules.locator("dl > *").first).to_have_css("break-inside", "avoid")
    expect(reader.page.locator("h2").first).to_have_css("break-after", "avoid")


def test_a_pass_is_printed_alone_and_its_page_whole(meet: Meet) -> None:
    citizen = meet("citizen", "desk")
    citizen.becomes("citizen/confirmed")
    citizen.page.evaluate("void (window.print = () => {})")
    citizen.button(road_text.TURN_PRINT).click()
    citizen.page.emulate_media(media="print")
    expect(citizen.page.locator(".pass .qr img")).to_be_visible()
    assert _pages(citizen) == 1
    citizen.page.evaluate(_AFTER_PRINT)
    assert _pages(citizen) > 1


def test_an_order_is_printed_on_its_sheet_and_one_page_of_text(meet: Meet) -> None:
    """Its sheet took a page of its own, before which the first one was nearly empty."""
    unit = meet("unit", "tablet")
    unit.has_come_in_as("unit6")
    unit.goes("/unit/")
    unit.page.locator(f"#{LINES} .row").first.click()
    sheet = unit.page.locator("article .paper img").first
    sheet.scroll_into_view_if_needed()
    expect(sheet).to_have_js_property("complete", value=True)
    unit.page.emulate_media(media="print")
    assert _pages(unit) == 2

    citizen = meet("citizen", "desk")
    citizen.becomes("citizen/follow_up")
    citizen.page.set_viewport_size(_WITHIN_MARGINS)
    citizen.page.emulate_media(media="print")
    order = citizen.page.locator(".paper").first
    order.scroll_into_view_if_needed()
    expect(order.locator("img")).to_have_js_property("complete", value=True)
    end = order.evaluate("one => one.getBoundingClientRect().bottom + scrollY")
    assert end < _WITHIN_MARGINS["height"], "below the promise, on the first page"


def test_paper_ends_with_the_last_line_and_has_the_table_of_all_districts(meet: Meet) -> None:
    """Space and words for screen readers filled a last page; districts were printed folded."""
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/orders/")
    mayor.page.set_viewport_size(_WITHIN_MARGINS)
    mayor.page.emulate_media(media="print")
    last = mayor.page.locator(f"#{LINES} li").last
    end = last.evaluate("one => Math.ceil(one.getBoundingClientRect().bottom)")
    printed = mayor.page.pdf(width=f"{_WITHIN_MARGINS['width']}px", height=f"{end + 2}px")
    assert _count(printed) == 1

    overseer = meet("overseer", "desk")
    overseer.has_come_in_as("overseer")
    overseer.goes("/city/promises/")
    overseer.page.set_viewport_size(_WITHIN_MARGINS)
    overseer.page.emulate_media(media="print")
    table = overseer.page.get_by_role("table", name=promises_text.FIGURES)
    expect(table).to_be_visible()
    expect(overseer.page.locator("details:visible")).to_have_count(0)


def _pages(person: Person) -> int:
    margin = dict.fromkeys(("top", "right", "bottom", "left"), _MARGIN)
    printed = person.page.pdf(format="A4", margin=margin)
    return _count(printed)


def _count(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", printed))
