"""The mayor's order on paper, and its promise followed until the citizen says that it is done."""

import io
import time

from person import PATIENT, Person
from PIL import Image, ImageStat
from playwright.sync_api import FilePayload, Locator, expect
from road_steps import measured
from writing_hand import Hand

from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.seeder.pictures import painted
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, STAGE_MEANING
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text, sheet_text
from publicmeeting.text.tracking import case_text, citizen_orders_text

QUIET = 12
"""A district in which everybody who waits gets a seat."""
TITLE = "پیاده‌روی شکستهٔ خیابان ری"
PROMISE = "پیاده‌روی روبه‌روی پلاک ۱۲ تا پایان آذر ترمیم می‌شود."
TEXT = "رونوشت: بازرسی منطقه، فرم A-4."
REPORT, AGAIN = "سنگ‌فرش از پلاک ۱۰ تا ۱۲ عوض شد.", "تا پلاک ۱۶ هم کامل شد."
NOT_DONE = "جلوی پلاک ۱۴ هنوز شکسته است."


def is_ordered_and_followed(mayor: Person, unit: Person, maryam: Person, code: str) -> None:
    """Order on paper what is done only at the second try, until she says that it is done."""
    mayor.goes(f"/mayor/meeting/{code}/")
    _orders_by_hand_by_word_and_by_photo(mayor, maryam)
    _pictures_show_something(maryam)
    unit.signs_in(f"unit{QUIET}")
    unit.shot("orders")
    unit.page.get_by_role("link").filter(has_text=TITLE).first.click()
    _takes(unit, OrderAction.TAKE_ON)
    maryam.sees(ORDER_STAGE[OrderStage.IN_ACTION])
    _reports(unit, REPORT)
    maryam.sees(REPORT)
    maryam.sees(citizen_orders_text.BEFORE)
    _contests(maryam)
    _orders_anew(mayor, unit)
    _reports(unit, AGAIN)
    maryam.sees(AGAIN)
    maryam.button(ACTION[OrderAction.CONFIRM_DONE]).click()
    maryam.sees(ORDER_STAGE[OrderStage.DONE])
    maryam.rests()
    maryam.shot("kept")
    _pictures_show_something(maryam)


def _orders_by_hand_by_word_and_by_photo(mayor: Person, maryam: Person) -> None:
    hand = Hand(mayor)
    mayor.button(meeting_text.PEN).click()
    hand.writes(0)
    hand.writes(1, start=900)
    mayor.button(meeting_text.TYPE).click()
    mayor.page.locator("#text").fill(TEXT)
    mayor.button(meeting_text.PHOTO).click()
    mayor.adds_photo(as_file("paper.webp", painted("paper")), "paper")
    straighten = mayor.button(sheet_text.INK_STRAIGHTEN)
    expect(straighten).to_be_visible(timeout=2 * PATIENT)
    mayor.shot("corners")
    straighten.click()
    expect(mayor.button(meeting_text.AS_IT_WAS)).to_be_visible(timeout=2 * PATIENT)
    mayor.page.locator("#promise").fill(PROMISE)
    mayor.shot("sheet")
    begun = time.monotonic()
    mayor.button(meeting_text.FINISH).click()
    expect(_sheet(maryam)).to_be_visible(timeout=2 * PATIENT)
    measured("from the mayor's touch to the citizen's picture", time.monotonic() - begun)
    expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible()
    mayor.rests()
    mayor.shot("finished")
    maryam.sees(PROMISE)
    maryam.rests()
    maryam.shot("ordered")


def _sheet(maryam: Person) -> Locator:
    return maryam.page.get_by_role("img", name=case_text.ORDER_IMAGE).first


def _pictures_show_something(maryam: Person) -> None:
    """Check that every private picture on her page is drawn and not blank."""
    found = maryam.page.locator("img[src^='/images/']").evaluate_all(
        "(all) => [...new Set(all.map((one) => one.getAttribute('src')))]"
    )
    assert found
    for address in found:
        answer = maryam.context.request.get(address)
        assert answer.ok, address
        picture = Image.open(io.BytesIO(answer.body())).convert("L")
        assert ImageStat.Stat(picture).stddev[0] > 4, address


def _takes(unit: Person, action: OrderAction) -> None:
    unit.button(ACTION[action]).click()
    unit.page.locator("#send-step").click()


def _reports(unit: Person, words: str) -> None:
    unit.button(ACTION[OrderAction.REPORT]).click()
    unit.page.locator("[name=note]").fill(words)
    unit.adds_photo(as_file("before.webp", painted("pavement-0")), "before")
    unit.adds_photo(as_file("after.webp", painted("pavement-repaired")), "report")
    unit.rests()
    unit.shot("report")
    unit.page.locator("#send-step").click()
    unit.sees(ORDER_STAGE[OrderStage.REPORTED])


def _contests(maryam: Person) -> None:
    maryam.button(ACTION[OrderAction.CONTEST]).click()
    maryam.page.locator("[name=note]").fill(NOT_DONE)
    maryam.adds_photo(as_file("still.webp", painted("pavement-1")), "proof")
    maryam.rests()
    maryam.shot("contest")
    maryam.page.locator("form").filter(has=maryam.page.locator("[name=note]")).locator(
        "[type=submit]"
    ).click()
    maryam.sees(STAGE_MEANING[OrderStage.CONTESTED])
    maryam.rests()
    maryam.shot("contested")


def _orders_anew(mayor: Person, unit: Person) -> None:
    mayor.goes("/mayor/orders/?which=asks")
    mayor.page.get_by_role("link").filter(has_text="ترمیم می‌شود").first.click()
    retry = mayor.button(ACTION[OrderAction.RETRY])
    expect(retry).to_be_visible()
    mayor.sees(NOT_DONE)
    retry.click()
    mayor.page.locator("#step .chip").first.click()
    mayor.shot("retry")
    mayor.page.locator("#send-step").click()
    expect(unit.button(ACTION[OrderAction.REPORT])).to_be_visible(timeout=PATIENT)
    mayor.sees(orders_text.SENT)


def as_file(name: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/webp", "buffer": body}
