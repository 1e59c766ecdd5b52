"""A mayor's second step: a code after the password, a remembered tablet, and then a passkey."""

import time
from collections.abc import Iterator

import pytest
from axe_core import violations
from passlib.totp import TOTP
from person import Meet, Person
from playwright.sync_api import expect
from readable import SCHEMES
from support.ports import free_port
from support.served_city import Served, served_city

from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.seeder.founding import PASSWORD
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common import sign_in_text as text
from publicmeeting.text.refusals.refusals_text import refusal

MAYOR = "mayor6"
KEYS = "/account/keys/"
SMALL = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def town() -> Iterator[Served]:
    """A city that obliges deciders to use two steps; it has a host name, as passkeys need one."""
    port = free_port()
    more = {
        "PUBLICMEETING_PORT": f"{port}",
        "PUBLICMEETING_URL": f"http://localhost:{port}",
        "PUBLICMEETING_TWO_STEP": "required",
    }
    with served_city(more) as served:
        yield served
        assert "Traceback" not in served.log.read_text(encoding="utf-8")


def types_password(person: Person) -> None:
    person.goes("/sign-in/")
    person.page.locator("[name=username]").fill(MAYOR)
    person.page.locator("[name=password]").fill(PASSWORD)
    person.button(chrome_text.ENTER).click()


def types_code(person: Person, code: str, press: str = text.ENTER) -> None:
    person.page.locator("[name=code]").fill(persian(code))
    person.button(press).click()


def is_at_work(person: Person) -> None:
    person.page.wait_for_url(lambda url: url.endswith("/mayor/"))
    person.is_alive()


def leaves(person: Person) -> None:
    person.context.request.post("/auth/leave", headers={"Origin": person.origin})


def code_after(secret: str, spent: str) -> str:
    """Return an unused code: that of the next thirty seconds, which is valid already."""
    code = str(TOTP(key=secret).generate(int(time.time()) + 30).token)
    assert code != spent
    return code


def has_fingers(person: Person) -> None:
    """Give the tablet a key store whose owner is always present."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_mayor_sets_up_is_remembered_and_comes_in_with_one_touch(meet: Meet, axe: str) -> None:
    mayor, other = meet("mayor", "tablet"), meet("other", "desk")
    has_fingers(mayor)
    secret, first, papers = sets_up(mayor, axe)
    leaves(mayor)
    a_code_serves_one_browser(mayor, other, secret, first)
    adds_key(mayor)
    leaves(mayor)
    types_password(mayor)
    is_at_work(mayor)  # without a second step, because the tablet is remembered
    other.page.get_by_role("link", name=text.WITH_PAPER).click()
    types_code(other, papers[0])
    other.sees(text.PAPER_USED.format(left="۹"))
    is_readable(other, axe)
    comes_in_with_one_touch(mayor)


def is_readable(person: Person, axe: str) -> None:
    """Check the page on a small phone, in dark and light, and with axe."""
    person.page.wait_for_load_state()  # without its style sheet axe would find wrong colours
    before = person.page.viewport_size
    person.page.set_viewport_size(SMALL)
    for scheme in SCHEMES:
        person.page.emulate_media(color_scheme=scheme)
        assert violations(person.page, axe) == []
        assert person.overflowing() == []
        for one in person.page.locator(".key-secret").all():
            assert one.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "letters are cut"
    person.shot("small")
    assert before
    person.page.set_viewport_size(before)


def sets_up(mayor: Person, axe: str) -> tuple[str, str, list[str]]:
    """Do his first sign-in; return the secret, the code that confirmed it, and recovery codes."""
    page = mayor.page
    types_password(mayor)
    mayor.sees(text.ENROL_TITLE)
    is_readable(mayor, axe)
    secret = page.locator(".key-secret").inner_text().replace(" ", "")
    first = str(TOTP(key=secret).generate(int(time.time())).token)
    types_code(mayor, first, text.ENROL_DONE)
    mayor.sees(text.CODES_ONCE)
    is_readable(mayor, axe)
    papers = [ascii_digits(code) for code in page.locator(".key-codes bdi").all_inner_texts()]
    assert len(papers) == 10
    page.get_by_role("link", name=text.CODES_SAVED).click()
    is_at_work(mayor)
    return secret, first, papers


def a_code_serves_one_browser(mayor: Person, other: Person, secret: str, first: str) -> None:
    """Somebody who has looked over his shoulder uses the code too late."""
    types_password(mayor)
    types_password(other)
    other.sees(text.CODE_HINT)
    types_code(other, first)
    other.sees(refusal("second_wrong"))
    expect(other.page.locator("[name=code]")).to_be_focused()
    other.shot("spent-code")
    code = code_after(secret, first)
    mayor.page.locator("[name=remember]").check()
    mayor.shot("code")
    types_code(mayor, code)
    is_at_work(mayor)
    types_code(other, code)
    other.sees(refusal("second_wrong"))


def adds_key(mayor: Person) -> None:
    mayor.page.goto(KEYS)
    mayor.page.locator("[name=name]").fill("تبلت اتاق ملاقات")
    mayor.button(text.KEY_ADD).click()
    mayor.sees(text.DONE_KEY)
    mayor.sees("تبلت اتاق ملاقات")
    mayor.shot("keys")


def comes_in_with_one_touch(mayor: Person) -> None:
    mayor.page.goto(KEYS)
    mayor.sees(refusal("not_two_steps"))  # a remembered tablet is not enough to change keys
    mayor.shot("keys-fixed")
    mayor.button(text.FORGET).first.click()
    mayor.sees(text.DONE_FORGOTTEN)
    leaves(mayor)
    mayor.goes("/sign-in/")
    mayor.shot("door")
    mayor.button(text.KEY_ENTER).click()
    is_at_work(mayor)
    mayor.page.goto(KEYS)
    mayor.button(text.REMOVE).click()
    mayor.sees(text.DONE_KEY_GONE)
    leaves(mayor)
    mayor.goes("/sign-in/")
    mayor.button(text.KEY_ENTER).click()
    mayor.sees(refusal("passkey_refused"))
