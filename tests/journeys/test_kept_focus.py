"""An official's page that is redrawn keeps the keyboard's focus."""

from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.officials import calls_text

OWN_CITY = True


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
