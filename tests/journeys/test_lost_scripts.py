"""A script or style sheet of the next page is lost on the way: the page opens all the same."""

import re
from itertools import count

from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import Meet
from playwright.sync_api import Route, expect
from support.citizens import someone

from publicmeeting.text.filing import receipt_text


def test_whoever_files_reads_her_receipt_though_its_script_was_lost_on_the_way(meet: Meet) -> None:
    """She must not see the form again, nor the browser's error page."""
    maryam = meet("maryam")
    maryam.may_fail("ERR_FAILED", "Error loading route module", "dynamically imported")
    maryam.goes("/request/")
    chooses_district(maryam, 12)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    who = someone(72_191)
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    page, asked = maryam.page, count()
    scripts = re.compile(r"/assets/.*receipt.*\.js")

    def fails(script: Route) -> None:
        script.abort()

    def fails_once(answer: Route) -> None:
        if next(asked):
            page.unroute(scripts)
            answer.continue_()
        else:
            answer.abort()

    page.route(scripts, fails)
    page.route("**/live", fails_once)
    presses_file(maryam)
    maryam.is_alive()
    maryam.sees(receipt_text.TITLE)


def test_a_page_whose_own_sheet_is_gone_is_opened_anew(meet: Meet) -> None:
    """After a release that has changed only the style sheet, the old one is gone."""
    mayor = meet("mayor", "tablet")
    mayor.may_fail("404")
    mayor.has_come_in_as("mayor6")
    mayor.goes("/rules/")
    page = mayor.page
    lost: list[str] = []

    def gone(sheet: Route) -> None:
        lost.append(sheet.request.url)
        sheet.fulfill(status=404)

    page.route(re.compile(r"/assets/.*\.css"), gone, times=1)
    with page.expect_event("load"):  # of a new document
        page.evaluate("void window.__reactRouterDataRouter.navigate('/mayor/orders/')")
    mayor.is_alive()
    assert lost
    expect(page).to_have_url(re.compile("/mayor/orders/$"))
    frame = page.locator(".tablet")
    expect(frame).to_have_css("display", "grid")


def test_a_page_whose_own_sheet_stays_away_is_opened_anew_once_and_then_shown(meet: Meet) -> None:
    """If something on the way always refuses the sheet, a plain page is better than none.

    The address has a parameter, so the built page does not link the sheet itself. Two routes of the
    page ask for it, and only one of them may open the page anew.
    """
    mayor = meet("mayor", "tablet")
    mayor.may_fail("404")
    mayor.has_come_in_as("mayor6")
    mayor.goes("/mayor/orders/?which=asks")
    page, opened, lost, asked = mayor.page, list[str](), list[str](), list[Route]()
    order = page.locator("main a[href^='/mayor/orders/1']").first
    address = f"{mayor.origin}{order.get_attribute('href')}"
    sheets = re.compile(r"/assets/tablet.*\.css")

    def waits(answer: Route) -> None:
        asked.append(answer)

    page.route(sheets, lambda sheet: sheet.fulfill(status=404))
    page.route("**/live", waits)
    page.on("request", lambda one: opened.append(one.url) if one.is_navigation_request() else None)
    page.on("requestfailed", lambda one: lost.append(one.url) if sheets.search(one.url) else None)
    page.goto(address)
    mayor.until(lambda: len(lost) == len(("of one route", "of the other")))
    page.evaluate("() => new Promise((then) => setTimeout(then))")
    page.unroute("**/live")
    for answer in asked:
        answer.continue_()
    expect(page.locator("main h1").first).to_be_visible()
    assert len(asked) == 1
    assert len(opened) == len(("opened", "opened anew"))


def test_a_link_pressed_again_while_its_script_is_lost_opens_when_the_network_is_back(
    meet: Meet,
) -> None:
    """The second press waits for what the first one is loading."""
    maryam = meet("maryam")
    maryam.may_fail("ERR_FAILED", "Error loading route module", "dynamically imported")
    maryam.goes("/rules/")
    page, asked = maryam.page, list[str]()
    scripts = re.compile(r"/assets/_draws_\._index.*\.js")

    def fails(answer: Route) -> None:
        asked.append(answer.request.url)
        answer.abort()

    page.route(scripts, lambda script: script.abort())
    page.route("**/live", fails)
    for presses in (1, 2):
        page.evaluate("void window.__reactRouterDataRouter.navigate('/draws/')")
        maryam.until(lambda presses=presses: len(asked) >= presses)
    page.unroute(scripts)
    page.unroute("**/live")
    expect(page).to_have_url(re.compile("/draws/$"))
    maryam.is_alive()
