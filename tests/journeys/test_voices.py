"""Questions beside the draw: «am I in the list?», and a district's statement about its Monday."""

from io import BytesIO
from pathlib import Path

import pytest
from axe_core import violations
from person import Meet, Person
from PIL import Image
from playwright.sync_api import Browser, expect
from support.codes import qr_png
from support.served_city import Served

from publicmeeting.text.line import listing_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.text.public_record import verify_text
from publicmeeting.text.refusals.refusals_text import refusal

OWN_CITY = True

NOBODYS = "0" * 64
NAMES_A_READER = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return []; }
  async detect() { throw new DOMException("no such service", "NotSupportedError"); }
};"""


@pytest.fixture(scope="module")
def frozen(chromium: Browser, town: Served) -> None:
    """Fix the lists of this module's city, whichever test comes first."""
    context = chromium.new_context(locale="fa-IR", base_url=town.origin)
    clock = Person("clock", context)
    clock.goes("/")
    clock.moves_clock("freeze")
    assert clock.problems == []
    context.close()


def is_readable(person: Person, axe: str) -> None:
    person.rests()
    assert violations(person.page, axe) == []
    assert person.overflowing() == []


def test_an_office_corrects_its_word_and_what_is_no_number_is_told_under_it(
    meet: Meet, axe: str
) -> None:
    mayor = meet("mayor", "tablet")
    mayor.becomes("mayor")
    mayor.sees(audiences_text.TITLE)
    field = mayor.page.locator("#count")
    if not field.count():
        mayor.page.get_by_role("button", name=audiences_text.CORRECT).first.click()
    field.fill("سه")
    mayor.button(audiences_text.SEND).click()
    mayor.sees(refusal("audiences_number"))
    expect(field).to_have_value("سه")
    is_readable(mayor, axe)
    field.fill("۱۲")
    mayor.button(audiences_text.SEND).click()
    mayor.sees(audiences_text.DONE)
    mayor.page.reload()
    mayor.is_alive()
    mayor.sees("۱۲ نفر")
    desk = meet("reception", "desk")
    desk.becomes("reception")
    desk.sees("۱۲ نفر")
    is_readable(desk, axe)


@pytest.mark.usefixtures("frozen")
def test_after_the_freeze_she_is_led_from_her_page_to_her_row(meet: Meet, axe: str) -> None:
    citizen = meet("citizen")
    citizen.becomes("citizen/waiting")
    citizen.sees(listing_text.IN_IT)
    is_readable(citizen, axe)
    citizen.shot("in-the-list")
    citizen.page.get_by_role("link", name=listing_text.MY_ROW).click()
    expect(citizen.page.get_by_label(verify_text.TICKET)).not_to_have_value("")
    citizen.button(verify_text.GO).click()
    citizen.sees(verify_text.NOT_YET)
    citizen.sees(verify_text.ROW)
    assert "#" not in citizen.page.url, "the ticket stays in this tab"


@pytest.mark.usefixtures("frozen")
def test_whoever_is_not_found_asks_with_one_tap_and_a_link_can_be_pasted(
    meet: Meet, axe: str
) -> None:
    reader = meet("reader")
    reader.goes("/verify/")
    link = f"https://meeting.example/track/0506123457#d=6&t={NOBODYS}"
    reader.page.get_by_label(verify_text.TICKET).fill(link)
    expect(reader.page.get_by_label(verify_text.TICKET)).to_have_value(NOBODYS)
    expect(reader.page.get_by_label(verify_text.DISTRICT)).to_have_value("6")
    frozen = (
        reader.page.get_by_label(verify_text.DRAW)
        .locator("option")
        .filter(has_text=verify_text.STATES["frozen"])
    )
    reader.page.get_by_label(verify_text.DRAW).select_option(frozen.first.get_attribute("value"))
    reader.button(verify_text.GO).click()
    reader.sees(verify_text.IN_NO)
    reader.button(verify_text.OBJECT).click()
    reader.sees(refusal("ticket_unknown"))
    is_readable(reader, axe)
    reader.shot("not-found")


def test_a_picture_of_a_receipt_is_read_where_the_browser_has_no_reader(
    meet: Meet, tmp_path: Path
) -> None:
    """In a photo of 12 megapixels; only files of this site are fetched for it.

    Telephones without Google's services have a reader by name only.
    """
    receipt, meadow = tmp_path / "receipt.jpg", tmp_path / "meadow.jpg"
    photograph(receipt, qr_png(f"https://meeting.example/track/0506123457#d=6&t={NOBODYS}"))
    photograph(meadow, None)
    reader = meet("reader")
    reader.page.add_init_script(NAMES_A_READER)
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(f"{request.method} {request.url}"))
    reader.goes("/verify/")
    assert not [one for one in fetched if "jsQR" in one]
    fetched.clear()
    choose = reader.page.get_by_label(verify_text.SCAN)
    choose.set_input_files(meadow)
    reader.sees(verify_text.SCAN_NONE)
    choose.set_input_files(receipt)
    expect(reader.page.get_by_label(verify_text.TICKET)).to_have_value(NOBODYS)
    expect(reader.page.get_by_label(verify_text.DISTRICT)).to_have_value("6")
    assert [one for one in fetched if "jsQR" in one]
    origin = reader.page.url.split("/verify")[0]
    assert {one.split(" ")[0] for one in fetched} == {"GET"}
    assert all(one.split(" ")[1].startswith(origin) for one in fetched)
    reader.shot("receipt-read")


def photograph(path: Path, code: bytes | None) -> None:
    """Write a photo of a sheet on a table, slightly turned, in uneven light."""
    table = Image.linear_gradient("L").resize((4032, 3024)).point(lambda light: 90 + light // 3)
    if code:
        paper = Image.new("L", (2200, 1600), 245)
        paper.paste(Image.open(BytesIO(code)).convert("L").resize((760, 760)), (700, 400))
        table.paste(paper.rotate(7, expand=True, fillcolor=150), (700, 500))
    table.convert("RGB").save(path, quality=80)
