"""«Is this request yours?»: the forms of a proved person, and everybody else who opens them."""

from html import unescape

import pytest
from browsers import Browser, Browsers
from signed_in import keys, sign_in
from support.citizens import citizen, code_on, file, someone
from support.city import City
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.people import Door, IdentityKind, Level, masked_mobile, parse_mobile
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Stage
from publicmeeting.text.filing import whose_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.signing_in.proven import open_proven_session
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import ANYONE, Nothing, usecase
from publicmeeting.usecases.identity import Proof

HER, STRANGER = someone(1), someone(2)
PAGE = "/enter/whose/"
ONWARD = "/request/?step=3"
POSTS = ("/auth/whose/code", "/auth/whose/mine", "/auth/whose/not-mine")


@pytest.fixture
def squatted(application: Application, city: City) -> Request:
    """A request that a stranger has filed with her code."""
    return file(application, HER, citizen(application, STRANGER.mobile))


def sign_on(browser: Browser, application: Application, mobile: str = HER.mobile) -> None:
    """Sign her in by single sign-on."""
    reached = parse_mobile(mobile) if mobile else None
    proof = Proof(IdentityKind.NATIONAL, HER.identity, Level.VERIFIED, "sso:my", HER.name, reached)

    @usecase(*ANYONE)
    def enter(uow, actor, _command, _now):
        return open_proven_session(uow, actor, proof, Door.SSO)[0]

    browser.put_cookie("session", application.execute_now(enter, keys(browser), Nothing()))


def read(browser: Browser, address: str = PAGE) -> str:
    return unescape(browser.get(address).text)


def speaks_for_somebody(browser: Browser, application: Application) -> bool:
    return application.query_now(viewer, keys(browser), Nothing()).is_citizen


def test_she_is_shown_a_masked_mobile_and_a_code_and_nothing_of_the_text(
    browser: Browser, application: Application, squatted: Request
) -> None:
    sign_on(browser, application)
    seen = read(browser, f"{PAGE}?next={ONWARD}")
    assert masked_mobile(parse_mobile(STRANGER.mobile)) in seen
    assert whose_text.MINE in seen
    assert whose_text.DISPLACE in seen
    assert squatted.title not in seen
    assert STRANGER.mobile not in seen
    assert f'name="next" value="{ONWARD}"' in seen


def test_what_is_hers_by_the_code_of_that_mobile_leads_on(
    browser: Browser, application: Application, squatted: Request
) -> None:
    sign_on(browser, application)
    asked = browser.post("/auth/whose/code", {"next": ONWARD})
    assert asked.headers["location"].endswith("&sent=1")
    at = asked.headers["location"]
    assert whose_text.CODE_FIELD in read(browser, at)
    wrong = browser.post("/auth/whose/mine", {"code": "12", "next": ONWARD})
    seen = read(browser, wrong.headers["location"])
    assert refusal("code_short") in seen
    assert whose_text.CODE_FIELD in seen
    again = browser.post("/auth/whose/code", {"next": ONWARD}).headers["location"]
    assert whose_text.CODE_FIELD in read(browser, again), "the code on its way can still be typed"
    code = code_on(application, parse_mobile(STRANGER.mobile))
    done = browser.post("/auth/whose/mine", {"code": code, "next": ONWARD})
    assert (done.status_code, done.headers["location"]) == (303, ONWARD)
    twice = browser.post("/auth/whose/mine", {"code": code, "next": ONWARD})
    assert twice.headers["location"] == ONWARD, "whoever taps twice goes on"
    assert speaks_for_somebody(browser, application)
    assert browser.get(PAGE).headers["location"] == "/enter/"


def test_what_is_not_hers_is_put_aside_after_one_more_question(
    browser: Browser, application: Application, squatted: Request
) -> None:
    sign_on(browser, application)
    assert whose_text.SURE in read(browser, f"{PAGE}?sure=1&next={ONWARD}")
    done = browser.post("/auth/whose/not-mine", {"next": ONWARD})
    assert (done.status_code, done.headers["location"]) == (303, ONWARD)
    assert speaks_for_somebody(browser, application)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.requests.find(squatted.code)
    assert found is not None
    assert found.stage is Stage.WITHDRAWN
    twice = browser.post("/auth/whose/not-mine", {"next": ONWARD})
    assert twice.headers["location"] == ONWARD, "whoever taps twice goes on"


def test_a_second_tab_that_comes_late_goes_on(
    browsers: Browsers, application: Application, squatted: Request
) -> None:
    tab, late = browsers(), browsers()
    sign_on(tab, application)
    sign_on(late, application)
    tab.post("/auth/whose/not-mine", {})
    assert whose_text.DECIDED in read(late)
    assert late.post("/auth/whose/mine", {}).headers["location"] == "/mine/"
    assert speaks_for_somebody(late, application)


@in_one_city("path", POSTS)
def test_nobody_decides_without_a_proof(
    browsers: Browsers, application: Application, squatted: Request, path: str
) -> None:
    stranger, nobody = browsers(), browsers(fresh=True)
    sign_in(stranger, application, someone(3))
    for browser in (stranger, nobody):
        answer = browser.post(path, {"code": "123456", "next": "//evil.example/"})
        assert answer.headers["location"].startswith(f"{PAGE}?next=%2Fmine%2F")
        assert "e=session_ended" in answer.headers["location"]
        assert browser.get(PAGE).headers["location"] == "/enter/"
    foreign = stranger.post(path, {}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_what_no_form_sends_changes_nothing(
    browser: Browser, application: Application, squatted: Request, path: str
) -> None:
    sign_on(browser, application)
    if path != "/auth/whose/not-mine":
        for body in (b"\xff\x00", b"code=" + b"9" * 70_000, b"code=%00&next=%00"):
            answer = browser.post(
                path,
                content=body,
                headers={
                    "origin": browser.origin,
                    "content-type": "application/x-www-form-urlencoded",
                },
            )
            assert answer.status_code in {303, 400, 413}
    browser.get(path)
    assert not speaks_for_somebody(browser, application)
