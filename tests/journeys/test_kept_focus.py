"""An official's page that draws itself anew leaves nobody who works by keyboard without a place,
and presses nothing for the next person."""

from person import Meet
from playwright.sync_api import expect
from test_axe import MAYOR

from publicmeeting.domain.stages import Action
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.screening import calls_text

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


def test_the_mayor_comes_from_his_list_to_the_name_and_back_to_where_he_was(
    meet: Meet, visitor: str
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(MAYOR)
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
