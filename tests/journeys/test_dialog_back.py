"""Back closes an open dialog, whose large part a key reaches; without one it leaves the page."""

from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.common import chrome_text
from publicmeeting.text.orders import sheet_text


def test_back_closes_the_large_order_and_leaves_her_page_only_without_it(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/rules/")
    case = maryam.becomes("citizen/follow_up")
    page, large = maryam.page, maryam.page.locator("dialog.zoom").first
    opener = maryam.button(chrome_text.ZOOM).first
    for closes in (page.go_back, lambda: page.keyboard.press("Escape"), page.go_back):
        opener.click()
        expect(large).to_be_visible()
        page.keyboard.press("Tab")  # to what scrolls, which says its name
        expect(large.get_by_role("region", name=sheet_text.TITLE)).to_be_focused()
        closes()
        expect(large).to_be_hidden()
        expect(opener).to_be_focused()
        page.wait_for_function("!history.state?.dialog")
        assert page.url.endswith(case)
    page.go_back()
    page.wait_for_url("**/rules/")
    page.go_forward()
    expect(opener).to_be_visible()
    opener.click()
    page.wait_for_function("history.state?.dialog")
    page.reload()
    page.wait_for_function("!history.state?.dialog")
