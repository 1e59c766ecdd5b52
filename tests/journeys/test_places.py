"""A citizen who does not know her district: a quarter leads to it, an unknown name to 137."""

from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.filing import filing_text


def test_a_quarter_finds_the_district_and_an_unknown_name_says_where_to_ask(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/request/")
    ask = maryam.page.get_by_role("link", name=filing_text.ASK_137)
    expect(ask).to_have_attribute("href", "tel:137")
    search = maryam.page.locator("[name=place]")
    search.fill("کوچهٔ بی‌نام و نشان")
    maryam.sees(filing_text.PLACES_NONE)
    expect(maryam.page.get_by_role("status").filter(has=ask)).to_be_visible()
    maryam.shot("unknown-place")
    search.fill("يوسف اباد")
    found = filing_text.PLACES_FOUND.format(count="۱")
    expect(maryam.page.get_by_role("status").filter(has_text=found)).to_have_count(1)
    maryam.page.get_by_role("button", name="یوسف‌آباد").click()
    expect(maryam.button(filing_text.GO_DISTRICT.format(district="۶"))).to_be_visible()
    maryam.sees("منطقهٔ ۶: عباس‌آباد")
    maryam.shot("its-quarters")
    search.fill("")
    maryam.page.reload()
    maryam.is_alive()
    maryam.shot("district-chosen")
