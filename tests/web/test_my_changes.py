"""Forms by which a citizen changes her data, in a browser without scripts."""

from collections.abc import Callable
from html import unescape

import pytest
from browsers import Browser, Browsers
from signed_in import file, sign_in, sign_in_staff
from support.citizens import code_on, someone
from support.city import City
from support.clock import FixedClock
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.people import masked_mobile
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_data_text

PAGE = "/mine/data/"
NAME, MOBILE = f"{PAGE}name/", f"{PAGE}mobile/"
CODE = f"{MOBILE}code/"
HER = someone(1)
NEW, NEW_E164 = "09350000007", "+989350000007"


@pytest.fixture
def hers(browser: Browser, application: Application, city: City) -> Browser:
    sign_in(browser, application, HER)
    file(browser, application, HER)
    return browser


def reply(browser: Browser, at: str) -> str:
    return unescape(browser.get(at).text)


def test_she_corrects_her_name_and_a_refused_one_stands_in_the_form(hers: Browser) -> None:
    assert my_data_text.NAME_LEAD in reply(hers, NAME)
    wrong = hers.post(NAME, {"name": "مریم ۱۲"})
    assert wrong.status_code == 422
    seen = unescape(wrong.text)
    assert refusal("name_digits") in seen
    assert 'value="مریم ۱۲"' in seen
    right = hers.post(NAME, {"name": "مریم احمدی‌نژاد"})
    assert right.headers["location"] == f"{PAGE}?done=name"
    after = reply(hers, right.headers["location"])
    assert my_data_text.DONE["name"] in after
    assert "مریم احمدی‌نژاد" in after


def test_a_reload_after_a_refusal_shows_the_form(hers: Browser) -> None:
    for at, fields in ((NAME, {"name": "مریم ۱۲"}), (MOBILE, {"mobile": "021", "digits": "1"})):
        refused = hers.post(at, fields)
        assert refused.status_code == 422
        again = hers.reload(refused)
        assert (again.status_code, again.url.path) == (200, at)
        assert "replaceState" not in again.text


def test_she_moves_to_another_mobile_by_its_code(
    hers: Browser, application: Application, clock: FixedClock
) -> None:
    wrong = hers.post(MOBILE, {"mobile": "021", "digits": HER.identity[-4:]})
    assert (wrong.status_code, 'id="mobile-error"' in wrong.text) == (422, True)
    assert 'value="021"' in wrong.text
    short = hers.post(MOBILE, {"mobile": NEW, "digits": "1"})
    assert 'id="digits-error"' in short.text
    assert f'value="{NEW}"' in short.text, "nothing she typed is lost"
    digits = persian(HER.identity[-4:])
    asked = hers.post(MOBILE, {"mobile": NEW, "digits": digits})
    seen = reply(hers, asked.headers["location"])
    assert masked_mobile(NEW_E164) in seen
    assert NEW not in seen
    bad = hers.post(CODE, {"code": "12"})
    assert refusal("code_short") in reply(hers, bad.headers["location"])
    changing, code = hers.cookie("changing"), code_on(application, NEW_E164)
    done = hers.post(CODE, {"code": code})
    assert done.headers["location"] == f"{PAGE}?done=mobile"
    again = hers.post(CODE, {"code": code})
    assert again.headers["location"] == f"{PAGE}?done=mobile", "tapped twice, after the answer"
    hers.put_cookie("changing", changing)  # after a double tap the first answer is lost
    assert hers.post(CODE, {"code": code}).headers["location"] == f"{PAGE}?done=mobile"
    assert my_data_text.DONE["mobile"] in reply(hers, done.headers["location"])
    assert 'name="digits"' in reply(hers, MOBILE), "a next change begins anew"
    clock.forward(minutes=16)
    again = hers.post(CODE, {"code": "123456"})
    assert refusal("change_expired") in reply(hers, again.headers["location"])


def test_a_case_is_erased_after_two_answers(
    browser: Browser,
    application: Application,
    clock: FixedClock,
    a_request: Callable[..., WalkedCase],
) -> None:
    walked = a_request(at=Stage.WITHDRAWN)
    sign_in(browser, application, walked.who)
    at = f"{PAGE}erase/{walked.code}/"
    early = reply(browser, at)
    assert refusal("erase_later") in early
    assert my_data_text.GO_ON not in early
    browser.post(at, {"sure": "yes"})
    assert walked.request.title in reply(browser, PAGE), "too early, whatever is posted"
    clock.forward(days=32)
    browser.post("/auth/leave")
    sign_in(browser, application, walked.who)
    assert f'href="{at}"' in browser.get(PAGE).text
    first = reply(browser, at)
    assert my_data_text.STAYS_LOG in first
    assert 'name="sure"' not in first
    assert my_data_text.ERASE in reply(browser, f"{at}?sure=1")
    assert browser.post(at, {}).headers["location"] == at, "nobody has answered twice"
    for _ in range(2):
        done = browser.post(at, {"sure": "yes"})
        assert done.headers["location"] == f"{PAGE}?done=erased"
    after = reply(browser, PAGE)
    assert my_data_text.ERASED in after
    assert my_data_text.INSTEAD["title"] in after


def test_nobody_else_gets_at_her_data(
    hers: Browser, browsers: Browsers, application: Application
) -> None:
    nobody, official, other = browsers(), browsers(), browsers()
    sign_in_staff(official, "desk")
    sign_in(other, application, someone(2))
    code = file(other, application, someone(2)).code
    for at in (NAME, MOBILE, f"{PAGE}erase/{code}/"):
        assert nobody.get(at).headers["location"].startswith("/enter/?next=")
        assert official.get(at).status_code == 404
    for at, fields in (
        (NAME, {"name": "کس دیگر"}),
        (MOBILE, {"mobile": NEW, "digits": "1234"}),
        (CODE, {"code": "123456"}),
        (f"{PAGE}erase/{code}/", {"sure": "yes"}),
        (f"{PAGE}draft/", {}),
    ):
        assert nobody.post(at, fields).headers["location"].startswith("/enter/?next=")
        assert official.post(at, fields).status_code == 404
        evil = {"origin": "https://evil.example"}
        assert hers.post(at, fields, headers=evil).status_code == 403
    for stranger in ("0000000000", "x", code):
        refused = hers.get(f"{PAGE}erase/{stranger}/")
        assert refused.status_code == 404
        assert chrome_text.NOT_FOUND in refused.text
        assert hers.post(f"{PAGE}erase/{stranger}/", {"sure": "yes"}).status_code == 404
