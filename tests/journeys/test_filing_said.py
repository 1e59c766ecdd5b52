"""Each step of filing announces itself, and errors are announced at the field."""

from filing_steps import chooses_district, confirms_mobile, fill_in_matter, leaves_matter
from person import Meet, soon
from pictures import photo
from playwright.sync_api import Route, expect
from support.citizens import someone

from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.chrome_text import OFFLINE, WAITS
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import filing_text

DISTRICT = 12
_TITLE = "document.title"
_FOCUS = "document.activeElement.tagName"
_HEAR = """() => {
  const live = document.querySelector("main ~ [aria-live=polite]");
  window.heard = [];
  new MutationObserver(() => heard.push(live.textContent)).observe(live, {
    childList: true, characterData: true, subtree: true,
  });
}"""


def _place(step: int) -> str:
    return filing_text.STEP_OF.format(step=persian(step), steps=persian(len(filing_text.STEPS)))


def _title(step: int) -> str:
    return filing_text.STEP_TITLE.format(
        step=persian(step), steps=persian(len(filing_text.STEPS)), name=filing_text.STEPS[step - 1]
    )


def test_a_step_has_its_title_and_its_heading_the_focus(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/request/")
    soon(lambda: maryam.page.evaluate(_TITLE) == _title(1))
    chooses_district(maryam, DISTRICT)
    soon(lambda: maryam.page.evaluate(_TITLE) == _title(2))
    soon(lambda: maryam.page.evaluate(_FOCUS) == "H1")
    read = maryam.page.evaluate("document.activeElement.textContent")
    assert read == f"{_place(2)} {filing_text.MATTER_TITLE}"


def test_each_change_is_read_as_a_whole_sentence(meet: Meet) -> None:
    """The region is emptied first, since some screen readers read only what differs."""
    maryam = meet("maryam")
    maryam.goes("/")
    maryam.page.evaluate(_HEAR)
    for district in (6, 7):
        maryam.page.locator(f".map button.d{district}").click()
        heard = f"{home_text.NAME.format(district=persian(district))}: "
        soon(lambda heard=heard: maryam.page.evaluate("heard.at(-1) ?? ''").startswith(heard))
    first, between, second = maryam.page.evaluate("heard")
    assert (bool(first), between, bool(second)) == (True, "", True)
    assert home_text.ESTIMATE in second, "her wait, which she presses for, comes far below the map"


def test_a_confirmed_mobile_is_read_on_a_page_with_the_same_title(meet: Meet) -> None:
    """The page opens anew after the code, under a title that does not tell if it was right."""
    maryam = meet("maryam")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    live = maryam.page.locator("main ~ [aria-live=polite]")
    expect(live).not_to_have_text(filing_text.CONFIRMED)
    confirms_mobile(maryam, someone(74_311))
    expect(live).to_have_text(filing_text.CONFIRMED)
    maryam.button(filing_text.KEEP_ON).click()
    expect(maryam.page.locator("#identity-error")).not_to_be_empty()
    expect(live).to_have_text("")


def test_a_photo_is_read_as_it_goes_as_it_arrives_and_as_it_is_removed(meet: Meet) -> None:
    maryam = meet("maryam")
    on_its_way: list[Route] = []

    def holds(route: Route) -> None:
        on_its_way.append(route)

    maryam.page.route("**/photos?kind=photo*", holds)
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    heard = maryam.page.locator("main [role=status].sr-only")
    maryam.adds_photo(photo())
    expect(heard).to_have_text(chrome_text.PHOTO_SENDING)
    on_its_way[0].continue_()
    expect(heard).to_have_text(chrome_text.PHOTO_SENT)
    maryam.button(filing_text.REMOVE_PHOTO).click()
    expect(heard).to_have_text(chrome_text.PHOTO_REMOVED)
    maryam.adds_photo(photo("another.jpg", "#aa4455"))
    expect(heard).to_have_text(chrome_text.PHOTO_SENDING)
    maryam.button(chrome_text.PHOTO_LEAVE).click()
    expect(heard).to_have_text(chrome_text.PHOTO_REMOVED)


def test_without_a_connection_the_pressed_button_says_what_it_waits_for(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.may_fail("ERR_INTERNET_DISCONNECTED", "WebSocket")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    maryam.loses_network()
    expect(maryam.page.get_by_text(OFFLINE)).to_be_in_viewport()
    maryam.button(filing_text.KEEP_ON).click()
    expect(maryam.button(WAITS)).to_be_visible()
    maryam.finds_network()
    expect(maryam.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
