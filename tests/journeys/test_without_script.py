"""Browsers without scripts, and pages not alive yet: every form works and loses nothing."""

import re
from urllib.parse import parse_qs, urlsplit

from filing_steps import TEXT, TITLE
from person import Meet, Person
from pictures import photo, pretender
from playwright.sync_api import Page, expect
from support.citizens import someone

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.text.common import chrome_text
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import filing_text, receipt_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, tracking_text

WHO = someone(73_001)
REFUSED = "status of 422"
DISTRICT = 12
SCRIPTS = "**/assets/*.js"
HELD_BACK = """(tile) => !tile.form.dispatchEvent(
  new SubmitEvent("submit", {bubbles: true, cancelable: true, submitter: tile}))"""


def presses(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def chooses_district(person: Person) -> None:
    person.page.goto("/request/")
    person.shot("first-step")
    touches_tile(person.page)


def touches_tile(page: Page) -> None:
    """Touch a district of the map, which is in the first bytes; each tile is a form's button."""
    page.locator(f"[name=district][value='{DISTRICT}']").click(no_wait_after=True)


def test_the_tiles_of_the_first_page_begin_a_request_where_no_script_runs(meet: Meet) -> None:
    old = meet("tiles", java_script_enabled=False)
    old.page.goto("/")
    words = old.page.locator("main form noscript p")
    expect(words).to_be_visible()
    expect(words).to_have_text(home_text.WITHOUT_SCRIPT)
    old.shot("first-page")
    touches_tile(old.page)
    expect(old.page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()
    old.page.goto("/plain/request/?step=1")
    expect(old.page.locator("[name=district]")).to_have_value(f"{DISTRICT}")


def test_a_tile_touched_before_the_first_page_is_alive_changes_no_draft(meet: Meet) -> None:
    """While scripts are on their way, a touch only asks how long one waits there."""
    eager = meet("eager")
    _holds_scripts(eager.page)
    eager.page.goto("/", wait_until="commit")
    tile = eager.page.locator(f"[name=district][value='{DISTRICT}']")
    assert tile.evaluate(HELD_BACK)


def test_a_double_tap_leaves_a_folded_part_open_where_no_script_runs(meet: Meet) -> None:
    reader = meet("reader", java_script_enabled=False)
    reader.page.emulate_media(reduced_motion="reduce")
    reader.page.goto("/rules/")
    folded = reader.page.locator("details:has(> .disclosure)").first
    title = folded.locator("summary")
    title.dblclick()
    assert folded.get_attribute("open") is not None
    title.click()  # waits until the title can be pressed again
    expect(folded).not_to_have_attribute("open", "")


def fill_in_matter(person: Person, text: str = TEXT) -> None:
    person.page.locator("[name=subject]").select_option("street")
    person.page.locator("[name=title]").fill(TITLE)
    person.page.locator("[name=text]").fill(text)


def confirms_mobile(person: Person, phone: Person) -> None:
    """Confirm her mobile; `phone` is another browser that shows the demo's phone."""
    person.page.locator("[name=mobile]").fill(persian(WHO.mobile))
    presses(person.page, filing_text.SEND_CODE)
    person.shot("code")
    phone.goes("/track/")
    person.page.locator("[name=code]").fill(persian(phone.reads_code()))
    presses(person.page, filing_text.CHECK_CODE)


def test_a_request_is_filed_and_followed_without_any_script(meet: Meet) -> None:
    old, phone = meet("old", java_script_enabled=False), meet("phone")
    old.may_fail(REFUSED)
    page = old.page
    chooses_district(old)
    expect(page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()

    fill_in_matter(old, "کوتاه")
    page.locator("[name=photos]").set_input_files([photo(), pretender("a PDF named .jpg")])
    presses(page, filing_text.KEEP_ON)
    old.sees(refusal("text_too_short", least=20, length=5))
    old.sees(refusal("photo_kind", kind="pdf"))
    old.shot("matter-refused")
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    expect(page.locator("[name=text]")).to_have_value("کوتاه")
    expect(page.locator(".thumb")).to_have_count(1)
    page.locator("[name=text]").fill(TEXT)
    presses(page, filing_text.KEEP_ON)

    old.shot("door")
    confirms_mobile(old, phone)
    old.sees(filing_text.CONFIRMED)
    page.get_by_text(filing_text.NEED["step_free"]).click()
    page.locator("[name=identity]").fill("۱۲۳۴۵۶۷۸۹۰")
    page.locator("[name=name]").fill(WHO.name)
    presses(page, filing_text.KEEP_ON)
    old.sees(refusal("national_code_check"))
    old.shot("herself-refused")
    expect(page.locator("[name=name]")).to_have_value(WHO.name)
    page.locator("[name=identity]").fill(persian(WHO.identity))
    presses(page, filing_text.KEEP_ON)

    old.sees(filing_text.REVIEW_TITLE)
    for words in (TITLE, TEXT, WHO.name, filing_text.NEED["step_free"]):
        old.sees(words)
    old.shot("review")
    presses(page, filing_text.CHANGE_WHAT.format(what=filing_text.STEPS[1]))
    page.locator("[name=title]").fill(f"{TITLE} و میدان")
    presses(page, filing_text.KEEP_ON)
    expect(page.locator("[name=name]")).to_have_value(WHO.name)
    presses(page, filing_text.KEEP_ON)
    old.sees(f"{TITLE} و میدان")
    presses(page, filing_text.FILE)

    old.sees(receipt_text.TITLE)
    old.shot("receipt")
    code = page.url.rstrip("/").rpartition("/")[2]
    assert re.fullmatch("[0-9]{10}", code)
    page.get_by_role("link", name=receipt_text.FOLLOW).click()
    old.sees(STAGE[Stage.SUBMITTED])
    old.shot("road")
    _tracks_it(meet("neighbour", java_script_enabled=False), code)


def _tracks_it(other: Person, code: str) -> None:
    """Track the request in a browser that is signed in nowhere."""
    page = other.page
    page.goto("/track/")
    page.locator("[name=code]").fill(persian(code))
    page.locator("[name=last_four]").fill("۰۰۰۰")
    presses(page, tracking_text.FIND)
    other.sees(refusal("tracking_unknown"))
    other.shot("track-refused")
    assert code not in page.url
    expect(page.locator("[name=code]")).to_have_value(persian(code))
    page.locator("[name=last_four]").fill(persian(WHO.mobile[-4:]))
    presses(page, tracking_text.FIND)
    other.sees(STAGE[Stage.SUBMITTED])
    other.shot("track")
    expect(page.get_by_text(TITLE)).to_have_count(0)
    page.get_by_role("link", name=case_text.ANOTHER).click()
    expect(page.locator("[name=last_four]")).to_be_visible()


def test_every_page_says_without_a_script_where_to_go(meet: Meet) -> None:
    old = meet("old", java_script_enabled=False)
    for path in (
        *("/", "/request/", "/track/", "/enter/", "/sign-in/", "/mine/"),
        *("/desk/", "/mine/0512000007/"),
    ):
        old.page.goto(path)
        # For Playwright, the content of <noscript> is no text and has no role.
        words = old.page.locator("noscript > .notice")
        expect(words).to_be_visible()
        expect(words).to_contain_text(chrome_text.NO_SCRIPT)
        old.shot(f"no-script-{path.strip('/').replace('/', '-') or 'home'}")
        words.locator("a").click()
        old.page.wait_for_url("**/plain/**")  # the plain page of the same address, or their start
        expect(old.page.get_by_role("heading", level=1)).to_be_visible()
        old.shot("plain")
        assert old.overflowing() == [], path


def test_the_citizens_door_opens_without_a_script(meet: Meet) -> None:
    old, phone = meet("old", java_script_enabled=False), meet("phone")
    who = someone(73_002)
    old.page.goto("/enter/")
    old.page.locator("[name=mobile]").fill(who.mobile)
    presses(old.page, filing_text.SEND_CODE)
    expect(old.page).to_have_url(re.compile(r"/enter/\?(.*&)?sent=1$"))
    assert who.mobile not in old.page.url
    phone.goes("/track/")
    old.page.locator("[name=code]").fill(phone.reads_code())
    presses(old.page, filing_text.CHECK_CODE)
    expect(old.page.get_by_role("heading", name=chrome_text.MINE)).to_be_visible()
    old.shot("mine")


def test_a_neighbourhood_is_found_without_a_script(meet: Meet) -> None:
    old = meet("old", java_script_enabled=False)
    old.page.goto("/plain/request/")
    old.page.locator("[name=place]").fill("ونک")
    old.page.locator("[name=place]").press("Enter")
    old.shot("places")
    old.page.locator("[name=pick]").first.click()
    expect(old.page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()


def _holds_scripts(page: Page) -> None:
    """Hold the page's scripts back for ever."""
    page.route(SCRIPTS, lambda _: None)


def test_a_step_sent_before_the_page_is_alive_is_kept_and_the_next_one_comes(meet: Meet) -> None:
    hasty = meet("hasty")
    page = hasty.page
    _holds_scripts(page)
    page.goto("/request/", wait_until="commit")
    touches_tile(page)
    page.wait_for_url("**/request/?step=2", wait_until="commit")
    expect(page.locator("[name=district]")).to_be_hidden()
    hasty.shot("second-step-on-its-way")
    page.unroute(SCRIPTS)
    page.reload()
    hasty.is_alive()
    expect(page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()
    page.goto("/request/?step=1")
    hasty.is_alive()
    chosen = filing_text.GO_DISTRICT.format(district=persian(DISTRICT))
    expect(page.get_by_role("button", name=chosen)).to_be_visible()


def test_whoever_has_begun_chooses_another_district_before_the_page_is_alive(meet: Meet) -> None:
    """Her page is personal, so its first bytes hold a form and no map."""
    hasty = meet("hasty")
    hasty.goes("/request/")
    hasty.page.locator(f"[name=district][value='{DISTRICT}']").click()
    expect(hasty.button(filing_text.GO_DISTRICT.format(district=persian(DISTRICT)))).to_be_visible()
    _holds_scripts(hasty.page)
    hasty.page.goto("/request/", wait_until="commit")
    hasty.page.locator("select[name=district]").select_option(f"{DISTRICT + 1}")
    hasty.page.get_by_role("button", name=filing_text.KEEP_ON).click(no_wait_after=True)
    hasty.page.wait_for_url("**/request/?step=2", wait_until="commit")


def test_a_page_that_never_becomes_alive_leads_to_the_plain_one_with_the_draft(meet: Meet) -> None:
    hasty = meet("hasty")
    page = hasty.page
    _holds_scripts(page)
    page.goto("/request/", wait_until="commit")
    touches_tile(page)
    page.wait_for_url("**/request/?step=2", wait_until="commit")
    page.get_by_role("link", name=chrome_text.PLAIN_INSTEAD).click(no_wait_after=True)
    expect(page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()


def test_whose_session_has_ended_comes_back_to_the_page_she_was_on(meet: Meet) -> None:
    desk = meet("desk", "desk")
    desk.signs_in(f"unit{DISTRICT}")
    desk.goes("/unit/")
    desk.forgets("session")
    desk.page.reload()
    desk.is_alive()
    desk.page.get_by_role("link", name=chrome_text.STAFF_ENTER).click()
    for password, leads_to in (("wrong", "**e=password_wrong*"), (PASSWORD, "**/unit/")):
        desk.page.locator("[name=username]").fill(f"unit{DISTRICT}")
        desk.page.locator("[name=password]").fill(password)
        desk.button(chrome_text.ENTER).click()
        desk.page.wait_for_url(leads_to)
        desk.is_alive()


def test_the_citizens_door_is_told_where_she_was(meet: Meet) -> None:
    maryam = meet("maryam")
    mine = maryam.becomes("citizen/waiting")
    maryam.sees(receipt_text.SIGNED["right"])  # its receipt is fetched with the session
    maryam.forgets("session")
    other = maryam.another_tab(mine)
    other.page.get_by_role("link", name=chrome_text.ENTER, exact=True).click()
    other.page.wait_for_url(lambda url: "/enter/" in url)
    assert parse_qs(urlsplit(other.page.url).query)["next"] == [mine]
