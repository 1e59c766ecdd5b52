"""One process without Redis is restarted: what only its pages knew is lost, and it says so."""

import os
import signal

from filing_steps import (
    TITLE,
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import Meet
from playwright.sync_api import expect
from support.citizens import someone
from support.served_city import Served, served_again
from test_forms_in_sight import is_whole

from publicmeeting.text.common.chrome_text import OFFLINE
from publicmeeting.text.filing import filing_text

OWN_CITY = True
SLOW = 60_000


def test_what_she_does_while_it_is_restarted_is_asked_again_only_where_it_was_stored_nowhere(
    meet: Meet, town: Served
) -> None:
    reza, who = meet("reza"), someone(72_300)
    reza.goes("/request/")
    chooses_district(reza, 12)
    fill_in_matter(reza)
    text = reza.page.locator("[name=text]")
    text.blur()
    expect(reza.page.get_by_text(filing_text.SAVED).first).to_be_visible()
    reza.settles()
    reza.may_fail("WebSocket", "ERR_", "Failed to fetch")
    os.killpg(town.processes[0], signal.SIGKILL)
    text.press("End")
    text.press_sequentially(" از بهار پیش همین‌طور است.")
    whole = text.input_value()
    offline = reza.page.get_by_text(OFFLINE)
    expect(offline.first).to_be_visible(timeout=SLOW)
    with served_again(town) as second:
        expect(offline).to_have_count(0, timeout=SLOW)
        reza.settles()
        expect(text).to_have_value(whole)  # the server had only the beginning
        leaves_matter(reza)
        confirms_mobile(reza, who)
        fill_in_herself(reza, who)
        expect(reza.page.locator("main").get_by_text(whole)).to_be_visible()
        reza.settles()
        os.killpg(second.processes[0], signal.SIGKILL)
        reza.button(filing_text.FILE).click()
        with served_again(town):
            gone = reza.page.get_by_text(filing_text.IDENTITY_GONE).locator("visible=true")
            expect(gone.first).to_be_visible(timeout=SLOW)
            reza.settles()
            reza.shot("identity-gone")
            expect(reza.page.locator("[name=identity]")).to_be_focused()
            assert is_whole(gone.first)
            expect(reza.page.locator("[name=name]")).to_have_value(who.name)
            fill_in_herself(reza, who)
            expect(reza.page.locator("main").get_by_text(TITLE)).to_be_visible()
            presses_file(reza)
