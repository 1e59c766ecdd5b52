"""Reading without scripts: the stage by code, her requests, her receipt."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from browsers import Browser, Browsers
from signed_in import file, sign_in
from support.citizens import citizen, code_on, someone
from support.citizens import file as file_elsewhere
from support.city import City
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.stages_text import STAGE, YOUR_ANSWER
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_page_text, road_text, tracking_text
from publicmeeting.text.tracking.case_text import OWN
from publicmeeting.text.tracking.my_page_text import seat_words
from publicmeeting.text.tracking.road_words import own_road_words
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.lost import note_lost
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.tracking.timeline import timeline_page

WHO = someone(1)


@in_one_city(
    "at, leads_to",
    [
        ("/request/?step=2&district=6", "/plain/request/?step=2&district=6"),
        ("/mine/0512000007/", "/plain/mine/0512000007/"),
        ("/enter/?next=/mine/", "/plain/enter/?next=%2Fmine%2F"),
        ("/rules/", "/plain/"),
        ("//elsewhere.example/request/", "/plain/"),
        ("https://elsewhere.example/", "/plain/"),
    ],
)
def test_an_old_browser_is_led_to_the_plain_page_of_the_one_it_cannot_draw(
    browser: Browser, city: City, at: str, leads_to: str
) -> None:
    answer = browser.get(f"/plain/old/?at={quote(at)}")
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


def test_a_browser_that_runs_no_script_is_led_there_by_the_link_of_the_page(
    browser: Browser, city: City
) -> None:
    for page, leads_to in (
        (f"{browser.origin}/mine/0512000007/", "/plain/mine/0512000007/"),
        (f"{browser.origin}/rules/", "/plain/"),
        ("https://elsewhere.example/mine/0512000007/", "/plain/"),
    ):
        answer = browser.get("/plain/old/", referer=page)
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


def test_a_code_and_four_digits_show_the_stages_and_nothing_more(
    browser: Browser, application: Application, city: City
) -> None:
    request = file_elsewhere(application, WHO, citizen(application, WHO.mobile))
    fields = {"code": request.code, "last_four": WHO.mobile[-4:], "back": "/plain/track/"}
    at = browser.post("/auth/track", fields).headers["location"]
    seen = unescape(browser.get(at).text)
    assert STAGE[Stage.SUBMITTED] in seen
    assert request.title not in seen
    assert request.text not in seen
    for line in tracking_text.DIED_LINES:
        assert line in seen, "her family has the receipt, and nobody else to ask"


def test_who_searches_or_misses_a_request_reads_of_lost_ones(
    browser: Browser, application: Application, city: City
) -> None:
    """A code of the hours after a backup is refused like an invented one."""

    def seen(path: str) -> str:
        return unescape(browser.get(path).text)

    sign_in(browser, application, WHO)
    now = application.clock()
    what, whose = tracking_text.lost_words(1, now, now)
    for path in ("/plain/track/", "/plain/mine/"):
        assert what not in seen(path)
    with application.store.unit_of_work(now) as uow:
        note_lost(uow, now)
    for path in ("/plain/track/", "/plain/mine/"):
        assert what in seen(path)
        assert whose in seen(path)
    file(browser, application, WHO)
    assert what not in seen("/plain/mine/")


def test_a_refused_code_is_said_and_stands_in_the_form_not_in_the_address(
    browser: Browser, city: City
) -> None:
    fields = {"code": "۰۵۱۲۰۰۰۰۰۷", "last_four": "1234", "back": "/plain/track/"}
    at = browser.post("/auth/track", fields).headers["location"]
    assert at == "/plain/track/?e=tracking_unknown"
    seen = unescape(browser.get(at).text)
    assert refusal("tracking_unknown") in seen
    assert 'name="code" value="۰۵۱۲۰۰۰۰۰۷"' in seen


@pytest.mark.parametrize(
    ("last_four", "wrong"), [("1234", {"code", "last_four"}), ("12", {"last_four"})]
)
def test_a_refused_code_names_the_field_that_may_be_wrong(
    browser: Browser, city: City, last_four: str, wrong: set[str]
) -> None:
    """Ten digits of a code are not too few, so only the others can be."""
    fields = {"code": "0512000007", "last_four": last_four, "back": "/plain/track/"}
    seen = unescape(browser.get(browser.post("/auth/track", fields).headers["location"]).text)
    for name, sentence in tracking_text.WRONG_BOTH.items():
        assert (f'id="{name}-error"' in seen) == (sentence in seen) == (name in wrong)
    assert refusal("tracking_short") not in seen
    # The only wrong field has the focus: without the sentence above a voice reads the error last.
    assert seen.count("autofocus") == (len(wrong) == 1)


def test_the_whole_mobile_is_asked_for_at_its_field(browser: Browser, city: City) -> None:
    seen = unescape(browser.get("/plain/track/?e=tracking_whole_mobile").text)
    assert seen.count(refusal("tracking_whole_mobile")) == 1
    assert not any(sentence in seen for sentence in tracking_text.WRONG_BOTH.values())


def test_a_code_alone_shows_only_the_form(
    browser: Browser, application: Application, city: City
) -> None:
    request = file_elsewhere(application, WHO, citizen(application, WHO.mobile))
    seen = unescape(browser.get(f"/plain/track/?code={request.code}").text)
    assert tracking_text.LAST_FOUR in seen
    assert STAGE[Stage.SUBMITTED] not in seen


def test_her_road_begins_with_what_was_promised_and_leads_to_the_paper(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    browser.put_cookie("session", walked.keys.session)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (order,) = uow.orders.of_request(walked.request.id)
    seen = unescape(browser.get(f"/plain/mine/{walked.code}/").text)
    assert "تا آذر ترمیم شود." in seen
    assert "واحد فنی و عمران تا دوشنبه ۳۰ آذر گزارش می‌دهد." in seen
    assert f'href="/images/{order.image_id}"' in seen
    assert ".pdf" not in seen
    assert OWN[Action.CONFIRM] in seen, "what she did is said to her"
    assert DONE[Action.CONFIRM] not in seen


@pytest.mark.parametrize("at", [Stage.DECLINED, Stage.INVITED, Stage.CLOSED])
def test_her_road_says_all_that_the_page_with_scripts_says(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase], at: Stage
) -> None:
    walked = a_request(at=at)
    browser.put_cookie("session", walked.keys.session)
    page = application.query_now(timeline_page, walked.keys, OneCase(code=walked.code))
    seen = unescape(browser.get(f"/plain/mine/{walked.code}/").text)
    for step in own_road_words(page.marks, page.dates, page.units):
        assert step.title in seen
        assert step.when in seen
        assert step.meaning in seen
        assert step.badge in seen
    ahead = sum(mark.state is MarkState.AHEAD for mark in page.marks)
    assert seen.count(chrome_text.STEP_AHEAD) == ahead
    assert f'"sr-only">{chrome_text.STEP_STATE}</span><span class="badge' in seen
    assert bool(ahead) is (at is Stage.INVITED)
    seat = page.request.seat
    assert (seat is not None) is (at is Stage.INVITED)
    for address in (f"/plain/mine/{walked.code}/", "/plain/mine/") if seat else ():
        assert seat_words(seat.monday, seat.time) in unescape(browser.get(address).text)
    assert (YOUR_ANSWER in seen) is (at is Stage.INVITED)
    assert (DECLINE[DeclineReason.OTHER_BODY] in seen) is (at is Stage.DECLINED)


def test_her_road_offers_nothing_that_needs_scripts(
    browser: Browser, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.WITHDRAWN)
    browser.put_cookie("session", walked.keys.session)
    seen = unescape(browser.get(f"/plain/mine/{walked.code}/").text)
    assert DONE[Action.WITHDRAW] in seen
    assert road_text.NOT_YOU not in seen


def test_her_receipt_and_her_road_are_hers(
    browsers: Browsers, application: Application, city: City
) -> None:
    hers, his = browsers(), browsers()
    sign_in(hers, application, WHO)
    code = file(hers, application, WHO).code
    sign_in(his, application, someone(2))
    file(his, application, someone(2))
    for page, word in (("receipt", receipt_text.NEXT), ("mine", receipt_text.SCREENED)):
        address = f"/plain/{page}/{code}/"
        seen, refused = hers.get(address), his.get(address)
        assert seen.status_code == 200
        assert word in seen.text or persian(code[:3]) in seen.text
        assert refused.status_code == 404
        assert chrome_text.NOT_FOUND in refused.text
    assert f"/plain/mine/{code}/" in hers.get("/plain/mine/").text
    assert f"/plain/mine/{code}/" not in his.get("/plain/mine/").text


@pytest.mark.parametrize("page", ["/plain/mine/", "/plain/mine/0512000007/"])
def test_the_door_leads_back_to_the_page_that_asked_for_it(
    browser: Browser, application: Application, city: City, page: str
) -> None:
    door = browser.get(page)
    assert (door.status_code, door.headers["location"]) == (
        303,
        f"/plain/enter/?next={quote(page, safe='')}",
    )
    seen = browser.get(door.headers["location"]).text
    assert f'name="next" value="{page}"' in seen
    assert chrome_text.NO_MOBILE in seen, "and who serves whoever has none"
    back = f"/plain/enter/?next={page}"
    browser.post("/auth/code", {"mobile": WHO.mobile, "back": back, "next": page})
    code = code_on(application, parse_mobile(WHO.mobile))
    wrong = browser.post("/auth/confirm", {"code": "1", "back": back, "next": page})
    html = unescape(browser.get(wrong.headers["location"]).text)
    assert refusal("code_short") in html
    entered = browser.post("/auth/confirm", {"code": code, "back": back, "next": page})
    assert entered.headers["location"] == page


def test_a_borrowed_telephone_is_left_from_the_receipt_and_from_the_door(
    browser: Browser, application: Application, city: City
) -> None:
    leaves = 'action="/auth/leave"'
    assert leaves not in browser.get("/plain/enter/").text
    sign_in(browser, application, WHO)
    code = file(browser, application, WHO).code
    for page in ("/plain/enter/", f"/plain/receipt/{code}/"):
        seen = browser.get(page).text
        assert leaves in seen
        assert my_page_text.NOT_YOUR_PHONE in seen
    assert my_page_text.SIGNED_IN in browser.get("/plain/enter/").text
    browser.post("/auth/leave", {})
    assert leaves not in browser.get("/plain/enter/").text


def test_whoever_has_another_number_now_reads_who_leads_her_back(
    browser: Browser, application: Application, city: City
) -> None:
    for page in ("/plain/track/", "/plain/enter/"):
        assert chrome_text.TO_ANY_DESK in browser.get(page).text
    sign_in(browser, application, WHO)
    assert chrome_text.TO_ANY_DESK in browser.get("/plain/mine/").text


def test_the_door_leads_to_no_other_site(browser: Browser) -> None:
    seen = browser.get("/plain/enter/?next=//evil.example/").text
    assert "evil" not in seen


def test_one_mobile_of_several_persons_is_asked_for_whom(
    browser: Browser, application: Application, city: City
) -> None:
    sign_in(browser, application, WHO)
    assert my_page_text.EMPTY in browser.get("/plain/mine/").text
    other = someone(2)
    codes = [file(browser, application, one).code for one in (WHO, other)]
    seen = browser.get("/plain/mine/").text
    assert codes[1] in seen
    assert codes[0] not in seen
    (first, second) = re.findall(r'name="person" value="([^"]+)"', seen)
    browser.post("/auth/leave", {})
    sign_in(browser, application, WHO)
    address = f"/plain/mine/{codes[0]}/"
    door = browser.get(address).headers["location"]
    assert browser.get(door).headers["location"] == "/plain/mine/", "she chooses, and signs in once"
    seen = browser.get("/plain/mine/").text
    assert first in seen
    assert my_page_text.EMPTY not in seen
    for person in (first, second):
        answer = browser.post("/plain/mine/", {"person": person})
        assert answer.headers["location"] == "/plain/mine/"
    found = {re.findall(r"/plain/mine/([0-9]{10})/", browser.get("/plain/mine/").text)[0]}
    browser.post("/plain/mine/", {"person": first})
    found |= {re.findall(r"/plain/mine/([0-9]{10})/", browser.get("/plain/mine/").text)[0]}
    assert found == set(codes)
    assert browser.post("/plain/mine/", {"person": "x"}).headers["location"].endswith("e=not_found")
    asks = TakeStep(code=codes[0], action=Action.ASK_INFO, note="پلاک را بنویسید.")
    application.execute_as(city.as_("desk"), take_step, asks)
    awaited = my_page_text.AWAITED.format(name=WHO.name)
    for person in (first, second):
        browser.post("/plain/mine/", {"person": person})
        seen = unescape(browser.get("/plain/mine/").text)
        assert re.findall(r'value="([^"]+)" aria-pressed="true"', seen) == [person]
        is_hers = f"/plain/mine/{codes[0]}/" in seen
        assert (my_page_text.ASKED_YOU in seen, awaited in seen) == (is_hers, not is_hers)
