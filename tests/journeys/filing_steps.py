"""The four steps of filing a request, taken by a citizen with a Persian keyboard."""

from person import PATIENT, Person
from pictures import photo
from playwright.sync_api import FilePayload, expect
from support.citizens import Someone

from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text

TITLE = "پیاده‌روی شکستهٔ خیابان ری"
TEXT = "سنگ‌فرش پیاده‌رو روبه‌روی پلاک ۱۲ شکسته است و سالمندان زمین می‌خورند."


def chooses_district(person: Person, district: int) -> None:
    tile = filing_text.TILE_LABEL.format(district=persian(district))
    person.page.get_by_role("button", name=tile, exact=True).click()
    person.button(filing_text.GO_DISTRICT.format(district=persian(district))).click()
    expect(person.page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()
    person.page.wait_for_url("**/request/?step=2")


def fill_in_matter(person: Person, title: str = TITLE, text: str = TEXT) -> None:
    """Fill in the step about the matter without leaving it."""
    page = person.page
    page.locator("[name=subject]").select_option("street")
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill(text)


def leaves_matter(person: Person) -> None:
    person.button(filing_text.KEEP_ON).click()
    expect(person.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
    person.page.wait_for_url("**/request/?step=3")  # the address changes after the page


def sends_photo(person: Person, file: FilePayload | None = None) -> None:
    person.adds_photo(file or photo())
    remove = person.page.get_by_role("button", name=filing_text.REMOVE_PHOTO)
    expect(remove.first).to_be_visible(timeout=2 * PATIENT)
    expect(person.page.get_by_text(chrome_text.PHOTO_SENDING, exact=True)).to_have_count(0)


def confirms_mobile(person: Person, who: Someone) -> None:
    person.page.locator("[name=mobile]").fill(persian(who.mobile))
    person.button(filing_text.SEND_CODE).click()
    expect(person.page.locator("[name=code]")).to_be_focused()
    person.is_alive()
    person.page.locator("[name=code]").fill(persian(person.reads_code()))
    person.button(filing_text.CHECK_CODE).click()
    expect(person.page.locator("strong", has_text=filing_text.CONFIRMED)).to_be_visible()


def fill_in_herself(person: Person, who: Someone) -> None:
    person.page.locator("[name=identity]").fill(persian(who.identity))
    person.page.locator("[name=name]").fill(who.name)
    person.button(filing_text.KEEP_ON).click()
    expect(person.page.get_by_role("heading", name=filing_text.REVIEW_TITLE)).to_be_visible()
    person.page.wait_for_url("**/request/?step=4")


def files(person: Person, who: Someone, district: int) -> str:
    """Go from the first step to the receipt; returns the tracking code."""
    person.goes("/request/")
    chooses_district(person, district)
    fill_in_matter(person)
    leaves_matter(person)
    confirms_mobile(person, who)
    fill_in_herself(person, who)
    return presses_file(person)


def presses_file(person: Person) -> str:
    person.button(filing_text.FILE).click()
    person.page.wait_for_url("**/receipt/*/")
    return person.page.url.rstrip("/").rpartition("/")[2]
