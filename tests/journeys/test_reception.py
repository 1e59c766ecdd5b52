"""The field for the scanner: ready when the page opens, and again after a code that was misread."""

from person import Meet, soon
from playwright.sync_api import expect

from publicmeeting.text import monday as words
from publicmeeting.ui.staff.monday.state import SEEK

_WIDTH = "(main) => main.getBoundingClientRect().width"
_UNKNOWN, _NEXT = "0506000000", "0506000001"
_PAPER = {"width": 794, "height": 1123}
"""A4 in CSS pixels."""


def test_a_misread_code_is_overwritten_by_the_next_scan(meet: Meet) -> None:
    reception = meet("reception", "tablet")
    reception.signs_in("reception6")
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
        expect(reception.page.get_by_text(words.NOT_HERE).first).to_be_visible()


def test_a_desk_is_printed_in_one_column(meet: Meet) -> None:
    reception = meet("reception", "desk")
    reception.signs_in("reception6")
    reception.goes("/monday/")
    reception.page.emulate_media(media="print")
    reception.page.set_viewport_size(_PAPER)  # type: ignore[arg-type]
    soon(lambda: reception.page.locator("main").evaluate(_WIDTH) > _PAPER["width"] * 0.9)
    reception.shot("printed")
