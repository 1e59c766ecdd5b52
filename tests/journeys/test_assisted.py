"""Citizens without internet: 137 files for one woman, a desk for another.

Both are notified of their turn and confirm it, and a desk prints the pass.
"""

import re

from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from support.citizens import Someone, someone

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.text.common import demo_text
from publicmeeting.text.filing import assist_text
from publicmeeting.text.filing.filing_text import quarters
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import inbox_text

OWN_CITY = True
QUIET = 12
"""A district in which everybody who waits gets a seat."""
TITLE = "چراغ خاموش کوچهٔ یاس"
TEXT = "سه ماه است چراغ کوچهٔ یاس خاموش است و شب‌ها از آن نمی‌شود گذشت."
HANDS_MOST = 60
"""Most keystrokes for a whole filing besides her dictated text, one wrong code included.

At two strokes a second, with some hundred that she dictates, all of it is done in 80 seconds.
"""


class Hands:
    """Types as an officer does while listening: without a mouse, and every stroke is counted."""

    def __init__(self, officer: Person) -> None:
        self.page = officer.page
        self.strokes = self.dictated = 0

    def types(self, text: str, *, dictated: bool = False) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)
        self.dictated += len(text) if dictated else 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.strokes += 1

    def goes_to(self, name: str) -> None:
        """Reach a field by Tab alone."""
        for _ in range(12):
            if self.page.evaluate("document.activeElement?.name") == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} is too far away")


def test_two_women_without_internet_come_to_the_mayor(meet: Meet) -> None:
    caller, guest = someone(70_201), someone(70_202)
    keeper = meet("keeper", "desk")
    keeper.goes("/")
    phone = meet("phone", "desk")
    phone.signs_in("phone1")
    phone.page.wait_for_url("**/assist/")

    hers = _is_filed_by_telephone(phone, keeper, caller)
    desk = meet("desk", "desk")
    desk.has_come_in_as("desk6b")
    guests, pin = _is_filed_at_the_desk(desk, guest)

    screener = meet("screener", "desk")
    screener.has_come_in_as(f"desk{QUIET}")
    for code in (hers, guests):
        _is_accepted(screener, code)
    for moment in ("freeze", "draw"):
        keeper.moves_clock(moment)

    _says_by_a_code_that_she_comes(phone, keeper, caller, hers)
    _hears_by_her_pin_and_comes(phone, guests, pin)
    _gets_her_pass(desk, guest, guests, pin)


def _is_filed_by_telephone(phone: Person, keeper: Person, who: Someone) -> str:
    hands, page = Hands(phone), phone.page
    expect(page.locator("[name=place]")).to_be_focused()
    hands.types(persian(QUIET))
    hands.press("Enter")
    expect(page.locator("[name=subject]")).to_be_focused()
    # A reload in the middle of the call must lose nothing.
    page.reload()
    phone.is_alive()
    phone.sees(quarters(QUIET))
    page.locator("[name=subject]").focus()
    hands.press("ArrowDown", 3)
    hands.goes_to("title")
    hands.types(TITLE, dictated=True)
    hands.press("Tab")
    hands.types(TEXT, dictated=True)
    hands.goes_to("identity")
    hands.types(persian(who.identity))
    hands.press("Tab")
    hands.types(who.name, dictated=True)
    hands.press("Tab")
    hands.types(persian(who.mobile))
    phone.shot("typed")
    hands.press("Enter")
    expect(page.locator("[name=code]")).to_be_focused()
    phone.sees(who.name)
    phone.shot("code-sent")
    hands.types("۰۰۰۰۰۰")
    hands.press("Enter")
    expect(page.locator("#code-error")).to_be_visible()
    page.locator("[name=code]").fill("")
    page.locator("[name=code]").focus()
    hands.types(persian(_read_out(keeper, "کد ثبت درخواست")))
    hands.press("Enter")
    phone.sees(assist_text.READ_OUT)
    phone.shot("filed")
    assert hands.strokes - hands.dictated < HANDS_MOST, hands.strokes
    code = _code_of(phone)
    whole = page.locator("main").inner_text()
    assert persian(who.identity) not in whole
    assert who.identity not in whole
    page.locator("#next-call").click()
    for name in ("title", "mobile"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    for reply in (TITLE, who.name, persian(who.mobile)):
        assert reply not in page.content()
    return code


def _is_filed_at_the_desk(desk: Person, who: Someone) -> tuple[str, str]:
    page = desk.page
    desk.goes("/assist/")
    page.locator("[name=place]").fill(str(QUIET))
    page.keyboard.press("Enter")
    page.locator("[name=subject]").select_option("street")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=text]").fill(TEXT)
    desk.button(assist_text.PROOFS["card"]).click()
    expect(page.locator("[name=mobile]")).to_have_count(0)
    page.locator("[name=identity]").fill(persian(who.identity))
    page.locator("[name=name]").fill(who.name)
    desk.button(assist_text.FILE).click()
    desk.sees(assist_text.PIN_ONCE)
    desk.shot("pin")
    pin = page.locator("article bdi.pin").inner_text()
    return _code_of(desk), ascii_digits(pin)


def _is_accepted(screener: Person, code: str) -> None:
    screener.goes(f"/desk/?case={code}")
    screener.sees(inbox_text.ASSISTED)
    screener.button(ACTION[Action.ACCEPT]).click()
    screener.page.locator("#send-step").click()
    screener.sees(inbox_text.SENT.format(stage=STAGE[Stage.WAITING]))


def _says_by_a_code_that_she_comes(phone: Person, keeper: Person, who: Someone, code: str) -> None:
    page = phone.page
    phone.goes("/assist/follow/")
    phone.button(dict(assist_text.FOLLOW_BY)["word"]).click()
    page.locator("[name=mobile]").fill(persian(who.mobile))
    phone.button(assist_text.SEND_CODE).click()
    expect(page.locator("[name=identity]")).to_be_focused()
    page.locator("[name=identity]").fill(persian(who.identity))
    page.locator("[name=code]").fill(_read_out(keeper, "کد دیدن درخواست"))
    phone.button(assist_text.CODE_LOOK).click()
    assert _code_of(phone) == code
    phone.shot("what-to-say")
    _says_that_she_comes(phone)


def _hears_by_her_pin_and_comes(phone: Person, code: str, pin: str) -> None:
    page = phone.page
    page.locator("[name=case]").fill(persian(code))
    page.locator("[name=digits]").fill(persian(pin))
    page.keyboard.press("Enter")
    phone.sees(assist_text.NEWS)
    phone.shot("news")
    _says_that_she_comes(phone)


def _says_that_she_comes(phone: Person) -> None:
    word = assist_text.ANSWER["confirm"]
    phone.button(word).click()
    phone.sees(assist_text.ANSWERED["confirm"])
    phone.page.locator("#next-call").click()
    expect(phone.page.locator("[name=case]")).to_be_visible()


def _gets_her_pass(desk: Person, who: Someone, code: str, pin: str) -> None:
    page = desk.page
    desk.goes("/assist/follow/")
    page.locator("[name=case]").fill(code)
    page.locator("[name=digits]").fill(pin)
    page.keyboard.press("Enter")
    desk.sees(assist_text.SLIP_LEAD)
    page.locator("[name=card]").fill(persian(who.identity))
    page.keyboard.press("Enter")
    picture = page.locator(f'img[src="/pass/{code}.png"]')
    expect(picture).to_be_visible(timeout=PATIENT)
    desk.until(lambda: picture.evaluate("one => one.naturalWidth") > 0)
    desk.settles()
    desk.shot("pass")


def _read_out(keeper: Person, begins: str) -> str:
    """Return the newest message of this kind on the demo's phone."""
    bar = keeper.page.locator("details.demo")
    bar.locator("summary").press("Enter")
    expect(bar.get_by_text(demo_text.LEAD)).to_be_visible()
    text = bar.get_by_text(re.compile(rf"{begins}: \d{{6}}")).first
    expect(text).to_be_visible()
    found = re.search(r"(\d{6})", text.inner_text())
    assert found is not None
    bar.locator("summary").press("Enter")
    return found[1]


def _code_of(officer: Person) -> str:
    """Return the tracking code on the page, from its three groups."""
    groups = officer.page.locator("main bdi:has(span + span)").first
    expect(groups).to_be_visible()
    code = ascii_digits("".join(groups.inner_text().split()))
    assert re.fullmatch(r"\d{10}", code), code
    return code
