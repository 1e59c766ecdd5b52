"""Single sign-on by forms: a complete walk, and everything that leads to no session."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
from browsers import Browser, Browsers
from signed_in import keys, sign_in
from support.citizens import citizen, code_on, file, own_visit, someone
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.provider import ISSUER, LyingProvider, provider
from support.together import refusal as refused
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import (
    PERSONS_OF_A_MOBILE,
    Level,
    masked_mobile,
    parse_mobile,
)
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.sso.client import ProviderClient, Providers
from publicmeeting.store.accounts.sign_ins import SIGN_ON_STAYS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, filing_page, speak_for
from publicmeeting.usecases.oversight.security_events import AskEvents, security_events
from publicmeeting.usecases.tracking.my_page import my_page

WHO = {"nationalCode": someone(1).identity, "mobile": someone(1).mobile, "name": "مریم رستمی"}
WITHOUT_MOBILE = {name: value for name, value in WHO.items() if name != "mobile"}


@pytest.fixture
def liar(application: Application, clock: FixedClock) -> Iterator[LyingProvider]:
    """The city's two providers: one that a test may let lie, and another."""
    liar = LyingProvider(clock)
    other = provider(name="nation", issuer="https://nation.example")
    clients = [ProviderClient(provider(), liar, clock), ProviderClient(other, liar, clock)]
    application.sso = Providers(clients)
    yield liar
    application.sso = Providers()


def leaves(browser: Browser, onward: str = "/mine/", back: str = "/enter/") -> str:
    """Return the address of the provider to which the form leads."""
    answer = browser.post("/auth/sso/city", {"next": onward, "back": back})
    assert answer.status_code == 200, answer.headers.get("location")
    seconds, _, url = answer.headers["refresh"].partition(";url=")
    assert seconds == "0"
    assert quote(url, safe=":/?=&%+") == url
    assert url.replace("&", "&amp;") in answer.text
    return url


def comes_back(browser: Browser, brought: str, provider: str = "city") -> str:
    """Return the address to which the answer leads."""
    answer = browser.get(f"/auth/sso/{provider}/return?{brought}")
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.headers["location"])


def signs_on(browser: Browser, liar: LyingProvider, onward: str = "/mine/", **who: object) -> str:
    return comes_back(browser, liar.signs_in(leaves(browser, onward), **(who or WHO)))


def reasons(application: Application) -> list[str]:
    overseer = Actor(grants=(Grant(Role.ADMINISTRATOR),))
    query = AskEvents(kind=SecurityKind.SSO_REFUSED.value)
    return [event.what for event in application.query_as(overseer, security_events, query).events]


def person_of(application: Application, clock: FixedClock) -> object:
    with application.store.unit_of_work(clock(), reading=True) as uow:
        return uow.people.by_identity("national", someone(1).identity)


def test_somebody_new_is_verified_and_led_on(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    before = browser.cookie("visit")
    assert signs_on(browser, liar, "/request/?step=3") == "/request/?step=3"
    seen = application.query_now(viewer, keys(browser), Nothing())
    assert (seen.name, seen.is_citizen, seen.has_mobile) == (WHO["name"], True, True)
    person = person_of(application, clock)
    assert person.level is Level.VERIFIED
    assert person.mobile == parse_mobile(someone(1).mobile)
    assert browser.cookie("visit") != before
    page = application.query_now(filing_page, keys(browser), Nothing())
    assert page.person_id == person.id


def test_somebody_who_has_filed_by_code_finds_her_requests(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    request = file(application, someone(1))
    assert signs_on(browser, liar) == "/mine/"
    (mine,) = application.query_now(my_page, keys(browser), Nothing()).requests
    assert mine.line.code == request.code
    assert person_of(application, clock).level is Level.VERIFIED


def test_what_a_stranger_holds_is_for_her_to_decide(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    file(application, someone(1))
    led = signs_on(browser, liar, "/request/", **{**WHO, "mobile": someone(2).mobile})
    assert led == "/enter/whose/?next=%2Frequest%2F"
    assert not application.query_now(viewer, keys(browser), Nothing()).is_citizen
    assert person_of(application, clock).level is Level.TYPED


def test_without_a_mobile_the_session_goes_on_once_a_code_has_come(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    assert signs_on(browser, liar, **WITHOUT_MOBILE) == "/mine/"
    seen = application.query_now(viewer, keys(browser), Nothing())
    assert (seen.is_citizen, seen.has_mobile) == (True, False)
    person = person_of(application, clock)
    before = keys(browser)
    sign_in(browser, application, someone(3))
    seen = application.query_now(viewer, keys(browser), Nothing())
    assert (seen.name, seen.has_mobile) == (WHO["name"], True)
    assert person_of(application, clock).mobile == parse_mobile(someone(3).mobile)
    assert person_of(application, clock).id == person.id
    assert not application.query_now(viewer, before, Nothing()).is_citizen


def test_a_browser_she_has_proved_herself_at_does_not_ask_who_she_is(
    browser: Browser, browsers: Browsers, application: Application, city: City, liar: LyingProvider
) -> None:
    signs_on(browser, liar)
    browser.post("/auth/leave")
    sign_in(browser, application, someone(1))
    assert application.query_now(viewer, keys(browser), Nothing()).is_citizen
    elsewhere = browsers()
    sign_in(elsewhere, application, someone(1))
    assert not application.query_now(viewer, keys(elsewhere), Nothing()).is_citizen


def test_a_proven_session_does_not_take_over_somebody_elses_mobile(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    """Her brother's mobile is hers too from now on; the session stays hers."""
    file(application, someone(3))
    signs_on(browser, liar, **WITHOUT_MOBILE)
    clock.forward(minutes=2)
    browser.post("/auth/code", {"mobile": someone(3).mobile})
    code = code_on(application, parse_mobile(someone(3).mobile))
    browser.post("/auth/confirm", {"code": code})
    assert application.query_now(viewer, keys(browser), Nothing()).name == WHO["name"]


def test_a_mobile_that_serves_somebody_else_opens_nothing_before_a_code(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    """The number that she once gave the provider now belongs to a stranger, who has filed."""
    stranger = file(application, someone(2))
    signs_on(browser, liar, **{**WHO, "mobile": someone(2).mobile})
    mine = application.query_now(my_page, keys(browser), Nothing())
    assert (mine.name, mine.others) == (WHO["name"], ())
    assert person_of(application, clock).mobile is None, "nor is he sent what is hers"
    chosen = SpeakFor(person=stranger.person_id)
    word = refused(lambda: application.execute_now(speak_for, keys(browser), chosen))
    assert word.key == "session_ended"


def test_whoever_shares_her_mobile_is_named_once_a_code_has_come(
    browser: Browser, application: Application, city: City, liar: LyingProvider, clock: FixedClock
) -> None:
    her, child = someone(1), replace(someone(2), mobile=someone(1).mobile)
    request = file(application, her)
    elsewhere = citizen(application, her.mobile, visit=own_visit(application, "elsewhere"))
    other = file(application, child, elsewhere)
    signs_on(browser, liar)
    (mine,) = application.query_now(my_page, keys(browser), Nothing()).requests
    assert mine.line.code == request.code
    alone = application.query_now(my_page, keys(browser), Nothing())
    assert (alone.others, alone.mobile) == ((), masked_mobile(parse_mobile(her.mobile)))
    clock.forward(minutes=2)
    sign_in(browser, application, her)
    named = application.query_now(my_page, keys(browser), Nothing()).others
    assert (other.person_id, child.name) in named


def test_a_mobile_that_is_full_is_said_and_another_one_asked_for(
    browser: Browser, liar: LyingProvider, application: Application, clock: FixedClock
) -> None:
    full = parse_mobile(someone(3).mobile)
    with application.store.unit_of_work(clock()) as uow:
        for number in range(7, 7 + PERSONS_OF_A_MOBILE):
            uow.people.add("national", someone(number).identity, someone(number).name, full)
    signs_on(browser, liar, "/request/", **WITHOUT_MOBILE)
    browser.post("/auth/code", {"mobile": someone(3).mobile})
    answer = browser.post("/auth/confirm", {"code": code_on(application, full)})
    assert "e=mobile_full" in answer.headers["location"]
    assert f"limit={PERSONS_OF_A_MOBILE}" in answer.headers["location"]
    seen = application.query_now(viewer, keys(browser), Nothing())
    assert (seen.is_citizen, seen.has_mobile) == (True, False)


def test_a_mobile_that_cannot_be_one_is_none(
    browser: Browser, application: Application, city: City, liar: LyingProvider
) -> None:
    signs_on(browser, liar, **{**WHO, "mobile": "02188888888"})
    assert not application.query_now(viewer, keys(browser), Nothing()).has_mobile


@in_one_city(
    "who, word",
    [
        ({**WHO, "nationalCode": "0499370890"}, "sso_no_identity"),
        ({**WHO, "nationalCode": ""}, "sso_no_identity"),
        ({**WHO, "nationalCode": "۱" * 500}, "sso_no_identity"),
        ({**WHO, "name": ""}, "sso_no_name"),
        ({**WHO, "name": "۱۲۳"}, "sso_no_name"),
    ],
)
def test_without_a_national_code_or_a_name_nobody_is_signed_in(
    browser: Browser,
    application: Application,
    city: City,
    liar: LyingProvider,
    who: dict[str, object],
    word: str,
) -> None:
    assert signs_on(browser, liar, **who) == f"/enter/?e={word}"
    assert not browser.cookie("session")


def test_a_cancel_leads_back_to_where_it_began(
    browser: Browser, application: Application, city: City, liar: LyingProvider
) -> None:
    url = leaves(browser, back="/request/?step=3")
    state = parse_qs(urlsplit(url).query)["state"][0]
    led = comes_back(browser, f"error=access_denied&state={state}&iss={ISSUER}")
    assert led == "/request/?step=3&e=sso_cancelled"
    assert reasons(application) == []
    assert comes_back(browser, f"error=access_denied&state={state}") == "/enter/?e=sso_stale"


def test_an_answer_is_good_once_at_its_visit_and_in_time(
    browser: Browser,
    browsers: Browsers,
    application: Application,
    city: City,
    liar: LyingProvider,
    clock: FixedClock,
) -> None:
    """An answer is refused if replayed, late, or of another browser, provider or nobody.

    An attacker could otherwise give another browser his own session.
    """
    stale = "/enter/?e=sso_stale"
    brought = liar.signs_in(leaves(browser), **WHO)
    assert comes_back(browser, brought, "nation") == stale
    assert comes_back(browsers(), brought) == stale
    assert comes_back(browsers(fresh=True), brought) == stale
    assert comes_back(browser, brought) == "/mine/"
    assert comes_back(browser, brought) == stale
    late = liar.signs_in(leaves(browser))
    clock.forward(seconds=SIGN_ON_STAYS.total_seconds())
    assert comes_back(browser, late) == stale
    asked = liar.asked.count("/token")
    for strange in ("", "state=", "state=%0A", "state=%00", f"state={'x' * 5000}", "code=1"):
        assert comes_back(browser, strange) == stale
    assert liar.asked.count("/token") == asked == 1
    assert {"city/state", "nation/state"} == set(reasons(application))


def test_an_answer_that_lies_is_refused_and_counted_without_a_word_of_it(
    browser: Browser,
    application: Application,
    city: City,
    liar: LyingProvider,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    url = leaves(browser, back="/request/?step=3")
    liar.lie = lambda _header, claims: claims.update(nonce="another")
    brought = liar.signs_in(url, **WHO)
    assert comes_back(browser, brought) == "/request/?step=3&e=sso_refused"
    assert reasons(application) == ["city/nonce"]
    assert not browser.cookie("session")
    asked = parse_qs(urlsplit(url).query)
    for secret in (asked["state"][0], asked["nonce"][0], WHO["nationalCode"], "code-0"):
        assert secret not in caplog.text


@in_one_city("error", ["<script>", "login_required"])
def test_another_error_of_the_provider_is_a_refusal(
    browser: Browser, city: City, liar: LyingProvider, error: str
) -> None:
    state = parse_qs(urlsplit(leaves(browser)).query)["state"][0]
    led = comes_back(browser, f"state={state}&error={quote(error)}")
    assert led == "/enter/?e=sso_refused"


@in_one_city("error", ["server_error", "temporarily_unavailable"])
def test_a_provider_that_says_it_is_down_is_no_wrong_answer(
    browser: Browser, application: Application, city: City, liar: LyingProvider, error: str
) -> None:
    state = parse_qs(urlsplit(leaves(browser)).query)["state"][0]
    led = comes_back(browser, f"state={state}&error={error}&iss={ISSUER}")
    assert led == "/enter/?e=sso_unreachable"
    assert reasons(application) == []


def test_a_provider_that_is_down_is_said_before_and_behind_it(
    browser: Browser, application: Application, city: City, liar: LyingProvider
) -> None:
    liar.answers["/.well-known/openid-configuration"] = httpx2.ConnectError("gone")
    answer = browser.post("/auth/sso/city", {"back": "/enter/?next=/mine/"})
    assert answer.headers["location"] == "/enter/?next=%2Fmine%2F&e=sso_unreachable"
    liar.answers.clear()
    brought = liar.signs_in(leaves(browser), **WHO)
    liar.answers["/token"] = httpx2.Response(503)
    assert comes_back(browser, brought) == "/enter/?e=sso_unreachable"
    assert reasons(application) == []


@pytest.mark.parametrize("onward", ["//evil.example", ""])
def test_nobody_is_led_out_of_the_site(
    browser: Browser, city: City, liar: LyingProvider, onward: str
) -> None:
    brought = liar.signs_in(leaves(browser, onward, back=onward), **WHO)
    assert comes_back(browser, brought) == "/mine/"


def test_nor_by_a_row_that_the_database_owner_changes(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    brought = liar.signs_in(leaves(browser), **WHO)
    change_past_the_program(
        city.application.store.engine, "UPDATE sso_attempt SET onward = 'https://evil.example/'"
    )
    assert comes_back(browser, brought) == "/mine/"


def test_the_portals_link_goes_on_behind_the_sign_on(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    """The page's address holds the target, also before the page is alive."""
    link = "/request/?district=6&subject=street"
    here = f"{browser.origin}/enter/?next={quote(link, safe='')}"
    form = {"origin": browser.origin, "referer": here}
    answer = browser.post("/auth/sso/city", {"next": "/mine/"}, headers=form)
    url = answer.headers["refresh"].partition(";url=")[2]
    assert comes_back(browser, liar.signs_in(url, **WHO)) == link


def test_another_sites_form_and_a_link_begin_nothing(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    strange = browser.post("/auth/sso/city", {}, headers={"origin": "https://evil.example"})
    assert strange.status_code == 403
    assert browser.get("/auth/sso/city").status_code in {404, 405}
    for path in ("/auth/sso/nobody", "/auth/sso/nobody/return?state=x", "/auth/sso/city/x"):
        assert browser.get(path).status_code in {404, 405}
    assert browser.post("/auth/sso/nobody").status_code == 404
    assert liar.asked == []


def test_without_a_first_page_and_too_often_is_refused(
    browsers: Browsers, city: City, liar: LyingProvider
) -> None:
    fresh = browsers(fresh=True).post("/auth/sso/city")
    assert fresh.headers["location"] == "/enter/?e=not_ready"
    eager = browsers()
    led = [eager.post("/auth/sso/city").headers.get("location", "") for _ in range(21)]
    assert ["too_many_requests" in one for one in led] == [False] * 20 + [True]


def test_a_form_of_anything_begins_no_more_than_a_sign_on(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    kind = {"origin": browser.origin, "content-type": "multipart/form-data; boundary=x"}
    broken = browser.post("/auth/sso/city", headers=kind, content=b"--x\r\nnonsense")
    assert broken.status_code in {200, 400}
    long = browser.post("/auth/sso/city", {"next": "/" + "n" * 70_000})
    assert long.status_code in {400, 413}


def test_over_https_the_way_back_is_the_public_address(
    https_browser: Browser, application: Application, city: City, liar: LyingProvider
) -> None:
    https_browser.get("/")
    url = leaves(https_browser)
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == [
        "https://meeting.example/auth/sso/city/return"
    ]


def test_plain_pages_offer_the_same_doors(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    page = browser.get("/plain/enter/?e=sso_cancelled").text
    assert page.count('action="/auth/sso/city"') == 1
    assert refusal("sso_cancelled") in page
    assert 'action="/auth/code"' in page


def test_a_failed_sign_on_is_no_fault_of_the_code_that_is_awaited(
    browser: Browser, city: City, liar: LyingProvider
) -> None:
    browser.post("/auth/code", {"mobile": someone(1).mobile, "next": "/mine/"})
    wrong = browser.get("/plain/enter/?e=code_wrong").text
    assert 'id="code-error"' in wrong
    failed = browser.get("/plain/enter/?e=sso_unreachable").text
    assert refusal("sso_unreachable") in failed
    assert 'name="code"' not in failed
    assert failed.count('action="/auth/sso/city"') == 1
    assert 'name="code"' in browser.get("/plain/enter/").text


def test_the_demo_provider_is_the_demos_alone(browser: Browser, city: City) -> None:
    for path in ("/pretend-sso/", "/pretend-sso/?redirect_uri=https://evil.example/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code == 404
