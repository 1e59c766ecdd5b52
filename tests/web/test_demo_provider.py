"""The demo's invented provider «تهران من»: three people, the real client, no other redirect."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browsers import HTTP, Browser, compose
from signed_in import keys
from support.city import City
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.config import Env, Settings
from publicmeeting.domain.stages import Stage
from publicmeeting.sso.client import Providers, open_providers
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import mark_demo
from publicmeeting.usecases.tracking.my_page import my_page


@pytest.fixture
def browser(application: Application, city: City, built: Path) -> Iterator[Browser]:
    """A browser at the demo city."""
    with application.store.unit_of_work(application.clock()) as uow:
        mark_demo(uow, application.clock())
    application.sso = open_providers((), is_demo=True)
    settings = replace(Settings.from_environment(HTTP), env=Env.DEMO)
    browser = Browser(compose(application, settings, built), settings)
    browser.get("/")
    yield browser
    browser.close()
    application.sso = Providers()


def page_of(browser: Browser) -> str:
    """Return the invented provider's page that the button leads to."""
    led = browser.post("/auth/sso/tehran", {"next": "/mine/"}).headers["refresh"].partition("=")[2]
    assert led.startswith(f"{browser.origin}/pretend-sso/?")
    return led.removeprefix(browser.origin)


def chooses(browser: Browser, page: str, who: str) -> str:
    """Return the address that the choice leads back to."""
    answer = browser.post(page, {"who": who})
    assert answer.status_code == 303
    return str(answer.headers["location"]).removeprefix(browser.origin)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("new", ("نرگس کاویانی", True)), ("without_mobile", ("یوسف بهرامی", False))],
)
def test_a_newcomer_comes_in(
    browser: Browser, application: Application, who: str, seen: tuple[str, bool]
) -> None:
    back = chooses(browser, page_of(browser), who)
    assert browser.get(back).headers["location"] == "/mine/"
    found = application.query_now(viewer, keys(browser), Nothing())
    assert (found.name, found.has_mobile) == seen


def test_who_has_filed_finds_her_request(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    case = a_request(at=Stage.WAITING)
    page = page_of(browser)
    shown = browser.get(page)
    assert shown.text.count('name="who"') == 4
    assert "این صفحه واقعی نیست" in shown.text
    browser.get(chooses(browser, page, "known"))
    (mine,) = application.query_now(my_page, keys(browser), Nothing()).requests
    assert mine.line.code == case.code


def test_a_cancel_and_nobody_lead_back_without_a_code(browser: Browser) -> None:
    for who in ("", "somebody"):
        back = chooses(browser, page_of(browser), who)
        assert "code" not in parse_qs(urlsplit(back).query)
        assert browser.get(back).headers["location"].endswith("e=sso_cancelled")


def test_a_code_is_good_once_and_for_its_own_sign_on(
    browser: Browser, application: Application
) -> None:
    first, second = page_of(browser), page_of(browser)
    back = chooses(browser, first, "new")
    code = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(second).query)["state"][0]
    stolen = f"/auth/sso/tehran/return?code={code}&state={state}"
    assert browser.get(stolen).headers["location"].endswith("e=sso_refused")
    assert browser.get(back).headers["location"].endswith("e=sso_refused")  # valid only once
    assert not browser.cookie("session")


@in_one_city(
    "way_back",
    [
        "https://evil.example/auth/sso/tehran/return",
        "http://localhost:3000/auth/sso/nobody/return",
        "http://localhost:3000/mine/",
        "",
    ],
)
def test_it_leads_nowhere_but_to_our_own_way_back(browser: Browser, way_back: str) -> None:
    path = f"/pretend-sso/?redirect_uri={quote(way_back)}&state=s&nonce=n&code_challenge=c"
    assert browser.get(path).status_code == 400
    assert browser.post(path, {"who": "new"}).status_code == 404
    long = f"/pretend-sso/?redirect_uri={quote(way_back)}&state={'s' * 900}"
    assert browser.get(long).status_code == 400
