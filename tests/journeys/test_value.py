"""The late value: an administrator confirms it before it is written, and can correct it.

Everybody who watches sees it. It can be corrected until it stands.
"""

from person import Meet
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.text.line import value_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.text.refusals.refusals_text import refusal

OWN_CITY = True
DAY = "1405-09-16"


def test_the_number_is_typed_read_back_written_and_seen(
    meet: Meet, application: Application
) -> None:
    crowd, admin = meet("crowd", "wall"), meet("admin", "desk")
    crowd.goes(f"/ceremony/?monday={DAY}")
    for moment in ("freeze", "sealed"):
        crowd.moves_clock(moment)
    crowd.sees(ceremony_text.NOW["sealed"])
    crowd.shot("sealed")
    admin.becomes("administrator")
    admin.goes("/city/value/")
    admin.shot("before-its-hours")
    crowd.moves_clock("value")
    box = admin.page.get_by_label(value_text.FIELD["published"])
    expect(box).to_be_visible()
    box.fill("۲۱۸۵۹۷۹٫۴۵")
    admin.button(value_text.LOOK).click()
    admin.sees(refusal("late_value_decimals"))
    admin.shot("decimals")
    assert box.input_value() == "۲۱۸۵۹۷۹٫۴۵", "nothing typed is lost"
    box.fill("۲۱۸۵۹۷۹")
    admin.page.keyboard.press("Enter")
    admin.sees("۲٬۱۸۵٬۹۷۹")
    admin.shot("read-back")
    admin.button(value_text.ENTER).click()
    admin.sees(value_text.DONE.format(value="۲٬۱۸۵٬۹۷۹"))
    admin.shot("written")
    crowd.sees(ceremony_text.ENTERED.format(value="۲٬۱۸۵٬۹۷۹"))
    crowd.shot("entering")
    crowd.moves_clock("draw")
    crowd.sees(ceremony_text.NOW["drawn"])
    crowd.shot("drawn")
    admin.sees(value_text.DECIDED)
    admin.shot("stands")
