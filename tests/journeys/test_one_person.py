"""One person behind one national code, whose right to it is disputed or proved.

A stranger has filed with hers, and she comes with her card. Another has lost her phone, and a third
has none.
"""

import re

from person import Meet, Person
from playwright.sync_api import expect
from support.citizens import Someone, citizen, file, someone

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common import chrome_text, demo_text
from publicmeeting.text.filing import card_text, receipt_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.tracking import case_text, tracking_text
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

QUIET = 12


_WATCHES_OTHERS = """([other, here]) => {
  window.seen = [];
  const look = () => {
    const text = document.querySelector("main")?.innerText ?? "";
    if (location.pathname.includes(here) && text.includes(other)) window.seen.push(document.title);
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


def test_under_the_address_of_one_request_another_is_never_shown(
    meet: Meet, application: Application
) -> None:
    """The tab has shown it, and shows the next one only when the server has answered."""
    her = someone(71_021)
    session, first = _has_filed(application, her, her)
    withdrawn = TakeStep(code=first, action=Action.WITHDRAW)
    application.execute_now(take_step, session, withdrawn)
    second = file(application, her, session).code
    maryam = meet("maryam")
    maryam.has_signed_in(session.session, maryam.origin)
    link = maryam.page.get_by_role("link")
    receipt = link.filter(has_text=case_text.RECEIPT)
    maryam.goes(f"/mine/{first}/")
    receipt.click()
    maryam.sees(persian(first))
    link.filter(has_text=receipt_text.MINE).first.click()
    maryam.page.evaluate(_WATCHES_OTHERS, [persian(first), second])
    maryam.page.locator(f"[href='/mine/{second}/']").first.click()
    maryam.sees(persian(second))
    receipt.click()
    maryam.page.wait_for_url(f"**/receipt/{second}/")
    maryam.sees(persian(second))
    assert maryam.page.evaluate("seen") == []


def test_squatting_is_undone_at_the_desk_and_the_strangers_page_says_so(
    meet: Meet, application: Application
) -> None:
    her, his = someone(71_001), someone(71_002)
    session, code = _has_filed(application, her, his)
    stranger, desk = meet("stranger"), meet("desk", "desk")
    stranger.has_signed_in(session.session, stranger.origin)
    stranger.goes(f"/mine/{code}/")
    desk.has_come_in_as("desk6")
    _looks(desk, her)
    desk.sees(card_text.KNOWN)
    desk.shot("question")
    desk.page.locator("[name=name]").fill(her.name)
    desk.button(card_text.WHOSE_NOT).click()
    expect(desk.button(card_text.REACH_KEEP)).to_have_count(0)
    desk.button(card_text.REACH_MOBILE).click()
    desk.page.locator("[name=mobile]").fill(persian(her.mobile))
    desk.button(card_text.SEND).click()
    expect(desk.page.locator("[name=code]")).to_be_focused()
    desk.shot("code-sent")
    desk.page.locator("[name=code]").fill("۰۰۰۰۰۰")
    desk.button(card_text.ACCEPT).click()
    expect(desk.page.locator("#code-error")).to_be_visible()
    desk.page.locator("[name=code]").fill(persian(_read_out(desk)))
    desk.button(card_text.ACCEPT).click()
    desk.sees(card_text.DONE_DISPLACED)
    desk.shot("displaced")
    assert her.identity not in desk.page.content()
    stranger.sees(DONE[Action.DISPLACE])
    stranger.sees(case_text.RECLAIM)
    stranger.shot("displaced")
    stranger.button(ACTION[Action.UNDO]).click()
    stranger.sees("بعد دوباره همین دکمه را بزنید")
    stranger.shot("unproved")
    stranger.goes("/mine/")
    stranger.sees("کسی با کارت گفت این درخواست از او نیست")


def test_a_lost_telephone_and_none_at_all_are_put_right_with_the_card(
    meet: Meet, application: Application
) -> None:
    her, new = someone(71_011), someone(71_012)
    session, code = _has_filed(application, her, her)
    old, desk = meet("old-telephone"), meet("desk", "desk")
    old.has_signed_in(session.session, old.origin)
    old.goes(f"/mine/{code}/")
    desk.has_come_in_as("desk6")
    _looks(desk, her)
    desk.page.locator("[name=name]").fill(her.name)
    desk.button(card_text.WHOSE_MINE).click()
    desk.button(card_text.REACH_MOBILE).click()
    desk.page.locator("[name=mobile]").fill(new.mobile)
    desk.button(card_text.SEND).click()
    expect(desk.page.locator("[name=code]")).to_be_focused()
    desk.page.locator("[name=code]").fill(_read_out(desk))
    desk.page.keyboard.press("Enter")
    desk.sees(card_text.REACHED_BY)
    old.sees(chrome_text.NEED_ENTER)

    desk.button(card_text.OTHER).click()
    _looks(desk, her)
    desk.page.locator("[name=name]").fill(her.name)
    desk.button(card_text.REACH_NONE).click()
    desk.button(card_text.ACCEPT).click()
    desk.sees(card_text.PIN_ONCE)
    desk.shot("pin")
    pin = ascii_digits(desk.page.locator("bdi.pin").inner_text())
    desk.page.reload()
    desk.is_alive()
    expect(desk.page.locator("bdi.pin")).to_have_count(0)
    guest = meet("guest")
    guest.goes("/track/")
    guest.page.locator("[name=code]").fill(persian(code))
    guest.page.locator("[name=last_four]").fill(persian(pin))
    guest.button(tracking_text.FIND).click()
    guest.page.wait_for_url(f"**/track/?code={code}*")


def _has_filed(application: Application, who: Someone, by: Someone) -> tuple[Keys, str]:
    """File a request with one person's code and another's mobile; return the session."""
    keys = citizen(application, by.mobile)
    return keys, file(application, who, keys, district=str(QUIET)).code


def _looks(desk: Person, who: Someone) -> None:
    if "/desk/person/" not in desk.page.url:
        desk.goes("/desk/person/")
    desk.page.locator("[name=identity]").fill(persian(who.identity))
    desk.button(card_text.LOOK).click()
    expect(desk.page.locator("[name=name]")).to_be_focused()


def _read_out(person: Person) -> str:
    """Return the code that she reads out from her phone."""
    bar = person.page.locator("details.demo")
    bar.locator("summary").press("Enter")
    expect(bar.get_by_text(demo_text.LEAD)).to_be_visible()
    text = bar.get_by_text(re.compile(r"کد تأیید موبایل: \d{6}")).first
    expect(text).to_be_visible()
    found = re.search(r": (\d{6})", text.inner_text())
    assert found is not None
    bar.locator("summary").press("Enter")
    return found[1]
