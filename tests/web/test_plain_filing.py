"""The four steps without scripts: each answers with the next step, or with the errors."""

import base64
import hashlib
import io
import re
from dataclasses import replace
from html import unescape

import pytest
from browsers import Browser
from PIL import Image
from signed_in import keys, sign_in
from support.citizens import a_form, someone
from support.city import City

from publicmeeting.application import Application
from publicmeeting.domain.people import masked_identity
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.signing_in.sign_in import SignOut, sign_out
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import FilingPage, filing_page
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.tracking.my_page import my_page

WHO = someone(1)
ROAD = "/plain/request/"
TITLE = "پیاده‌روی شکسته"
TEXT = "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد."
MATTER = {"step": "2", "subject": "street", "title": TITLE, "text": TEXT}
HERSELF = {"step": "3", "kind": "national", "identity": WHO.identity, "name": WHO.name}


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "#8a6f4d").save(out, "JPEG")
    return out.getvalue()


def draft(browser: Browser, application: Application) -> FilingPage:
    return application.query_now(filing_page, keys(browser), Nothing())


def shown(browser: Browser, step: int | str) -> str:
    answer = browser.get(f"{ROAD}?step={step}")
    assert answer.status_code == 200
    return unescape(answer.text)


def value(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


@pytest.fixture
def ready(browser: Browser, application: Application, city: City) -> Browser:
    """A browser with a confirmed mobile and the first two steps done."""
    browser.post(ROAD, {"step": "1", "district": "6"})
    browser.post(ROAD, MATTER)
    sign_in(browser, application, WHO)
    return browser


def test_each_step_leads_to_the_next_and_the_last_one_to_the_receipt(
    browser: Browser, application: Application, city: City
) -> None:
    first = browser.post(ROAD, {"step": "1", "district": "6"})
    assert (first.status_code, first.headers["location"]) == (303, f"{ROAD}?step=2")
    assert browser.post(ROAD, MATTER).headers["location"] == f"{ROAD}?step=3"
    assert filing_text.SEND_CODE in shown(browser, 3)
    sign_in(browser, application, WHO)
    assert filing_text.KIND_HINT in shown(browser, 3)
    assert 'autocomplete="name"' in shown(browser, 3)
    needs = ["step_free", "companion"]
    review = browser.post(ROAD, {**HERSELF, "needs": needs, "prefers": "early"})
    assert review.status_code == 200
    for chosen in (*(filing_text.NEED[need] for need in needs), filing_text.PREFER["early"]):
        assert chosen in review.text
    assert filing_text.REVIEW_TITLE in review.text
    assert masked_identity(WHO.identity) in review.text
    assert WHO.identity not in str(review.url)
    fields = {"step": "4", "kind": "national", "identity": value(review.text, "identity")}
    filed = browser.post(ROAD, fields)
    (request,) = application.query_now(my_page, keys(browser), Nothing()).requests
    assert filed.headers["location"] == f"/plain/receipt/{request.line.code}/"
    assert request.line.title == TITLE


def test_a_neighbourhood_is_searched_and_picked(browser: Browser, application: Application) -> None:
    found = browser.post(ROAD, {"step": "1", "place": "ونک", "district": "", "find": "1"})
    assert 'name="pick" value="3"' in found.text
    assert value(unescape(found.text), "place") == "ونک"
    nothing = browser.post(ROAD, {"step": "1", "place": "ژژژ", "find": "1"})
    assert chrome_text.PLAIN_PLACES_NONE in nothing.text
    assert "قبض نوسازی" in nothing.text
    assert 'href="tel:137"' in nothing.text
    picked = browser.post(ROAD, {"step": "1", "place": "ونک", "district": "6", "pick": "3"})
    assert picked.headers["location"] == f"{ROAD}?step=2"
    assert draft(browser, application).fields["district"] == "3"


def test_beside_similar_places_stands_how_she_finds_her_district(browser: Browser) -> None:
    """None of them may be hers."""
    similar = browser.post(ROAD, {"step": "1", "place": "تحریش", "find": "1"}).text
    assert 'name="pick" value="1"' in similar
    assert filing_text.PLACES_SIMILAR in unescape(similar)
    assert filing_text.UNSURE in unescape(similar)


def test_whoever_types_too_little_of_a_name_is_asked_for_more_of_it(
    browser: Browser, city: City
) -> None:
    def explains(place: str) -> bool:
        answer = browser.post(ROAD, {"step": "1", "place": place, "find": "1"})
        return chrome_text.PLAIN_PLACES_MORE in unescape(answer.text)

    assert explains("شهرک")
    assert not explains("ونک")
    assert not explains("ژژژ")


def test_what_is_wrong_with_the_matter_stands_beside_what_was_typed(
    browser: Browser, application: Application, city: City
) -> None:
    browser.post(ROAD, {"step": "1", "district": "6"})
    answer = browser.post(ROAD, {"step": "2", "subject": "street", "title": "الف", "text": TEXT})
    shown_text = unescape(answer.text)
    assert answer.status_code == 422
    assert refusal("text_too_short", least=5, length=3) in shown_text
    assert value(shown_text, "title") == "الف"
    assert TEXT in shown_text
    assert TEXT in shown(browser, 2)


def test_too_long_a_text_is_refused_and_still_in_the_form(browser: Browser, city: City) -> None:
    browser.post(ROAD, {"step": "1", "district": "6"})
    assert "maxlength" not in shown(browser, 2)
    answer = browser.post(ROAD, {**MATTER, "text": "الف " * 1200})
    assert answer.status_code == 422
    assert refusal("text_too_long", limit=4000, length=4799) in unescape(answer.text)
    assert "الف " * 1200 in answer.text
    assert "الف " * 1200 in shown(browser, 2)


def test_photos_come_with_the_matter_and_may_be_taken_back(
    browser: Browser, application: Application, city: City
) -> None:
    browser.post(ROAD, {"step": "1", "district": "6"})
    photo = ("photos", ("street.jpg", jpeg(), "image/jpeg"))
    empty = ("photos", ("", b"", "application/octet-stream"))
    sent = browser.post(ROAD, MATTER, files=[photo, empty])
    assert sent.headers["location"] == f"{ROAD}?step=3"
    (attached,) = draft(browser, application).photos
    assert f"/images/{attached.id}/thumb" in shown(browser, 2)
    browser.post(ROAD, {**MATTER, "drop": attached.id})
    assert draft(browser, application).photos == ()


def test_a_refused_photo_costs_neither_the_text_nor_the_other_photo(
    browser: Browser, application: Application, city: City
) -> None:
    browser.post(ROAD, {"step": "1", "district": "6"})
    good = ("photos", ("street.jpg", jpeg(), "image/jpeg"))
    letter = ("photos", ("letter.jpg", b"%PDF-1.7\n%%EOF\n", "image/jpeg"))
    answer = browser.post(ROAD, MATTER, files=[good, letter])
    assert answer.status_code == 422
    assert refusal("photo_kind", kind="pdf") in unescape(answer.text)
    found = draft(browser, application)
    assert (len(found.photos), found.fields["text"]) == (1, TEXT)


def test_a_wrong_identity_is_said_with_everything_else_still_there(
    ready: Browser, application: Application
) -> None:
    fields = {**HERSELF, "identity": "1234567890", "needs": "companion", "prefers": "late"}
    answer = ready.post(ROAD, fields)
    shown_text = unescape(answer.text)
    assert answer.status_code == 422
    assert refusal("national_code_check") in shown_text
    assert (value(shown_text, "identity"), value(shown_text, "name")) == ("1234567890", WHO.name)
    assert 'value="companion" checked' in shown_text
    assert 'value="late" checked' in shown_text
    assert "1234567890" not in str(draft(ready, application).fields)


def test_going_back_from_the_review_takes_the_identity_along(ready: Browser) -> None:
    carried = {"kind": "national", "identity": WHO.identity}
    ready.post(ROAD, HERSELF)
    back = ready.post(ROAD, {"step": "4", "to": "2", **carried})
    assert filing_text.MATTER_TITLE in back.text
    assert value(back.text, "identity") == WHO.identity
    on = ready.post(ROAD, {**MATTER, **carried})
    assert (on.status_code, value(on.text, "identity")) == (200, WHO.identity)


def test_the_review_says_that_others_read_a_number_in_the_text(ready: Browser) -> None:
    assert filing_text.PRIVATE not in ready.post(ROAD, HERSELF).text
    ready.post(ROAD, {**MATTER, "text": f"{MATTER['text']} تلفن من ۰۹۱۲ ۳۴۵ ۶۷ ۸۹"})
    review = ready.post(ROAD, HERSELF)
    assert review.status_code == 200
    assert filing_text.PRIVATE in review.text
    assert filing_text.FILE in review.text


def test_the_last_button_pressed_twice_leads_to_the_same_receipt(ready: Browser) -> None:
    review = unescape(ready.post(ROAD, HERSELF).text)
    fields = {name: value(review, name) for name in ("kind", "identity", "name", "seen")}
    first, again = (ready.post(ROAD, {"step": "4", **fields}) for _ in range(2))
    assert first.headers["location"].startswith("/plain/receipt/")
    assert again.headers["location"] == first.headers["location"]


def test_who_was_typed_is_filed_under_the_name_that_stood_beside(
    ready: Browser, application: Application
) -> None:
    """The draft's name belongs to somebody else by now: another tab has begun to type."""
    review = unescape(ready.post(ROAD, HERSELF).text)
    ready.post("/draft", {"name": "سایه رادان"})
    fields = {name: value(review, name) for name in ("kind", "identity", "name")}
    ready.post(ROAD, {"step": "4", **fields})
    assert draft(ready, application).person_name == WHO.name


@pytest.mark.parametrize("what", ["text", "person"])
def test_what_another_tab_has_changed_is_shown_before_it_is_filed(
    ready: Browser, application: Application, what: str
) -> None:
    ready.post(ROAD, HERSELF)
    application.execute_now(submit, keys(ready), a_form(WHO))
    found = application.query_now(my_page, keys(ready), Nothing()).requests
    withdraw = TakeStep(code=found[0].line.code, action="withdraw")
    application.execute_now(take_step, keys(ready), withdraw)
    ready.post(ROAD, {"step": "1", "district": "7"})
    ready.post(ROAD, MATTER)
    review = shown(ready, 4)
    if what == "text":
        ready.post(ROAD, {**MATTER, "title": "چاله‌ای دیگر در خیابان"})
    else:
        ready.post(ROAD, {"step": "3", "another": "1"})
    answer = ready.post(ROAD, {"step": "4", "seen": value(review, "seen")})
    shown_text = unescape(answer.text)
    assert (answer.status_code, refusal("review_changed") in shown_text) == (422, True)
    title, on = (
        ("چاله‌ای دیگر", filing_text.FILE)
        if what == "text"
        else (filing_text.SELF_TITLE, filing_text.KEEP_ON)
    )
    assert (title in shown_text, on in shown_text) == (True, True)
    if what == "text":
        filed = ready.post(ROAD, {"step": "4", "seen": value(shown_text, "seen")})
        assert "/plain/receipt/" in filed.headers["location"]


def test_a_reload_of_a_refused_step_sends_it_again(ready: Browser) -> None:
    """Her identity is stored nowhere, so the form's own address would show an empty field."""
    answer = ready.post(ROAD, {**HERSELF, "name": "مریم ۱۲"})
    assert answer.status_code == 422
    assert value(answer.text, "identity") == WHO.identity
    assert "<script" in answer.text
    assert "replaceState" not in answer.text


def test_a_session_that_has_ended_shows_the_door_and_keeps_what_may_be_kept(
    ready: Browser, application: Application
) -> None:
    application.execute_now(sign_out, Keys(), SignOut(session=ready.cookie("session")))
    answer = ready.post(ROAD, {**HERSELF, "prefers": "late"})
    assert answer.status_code == 422
    assert refusal("session_ended") in unescape(answer.text)
    assert filing_text.SEND_CODE in answer.text
    assert not draft(ready, application).fields, "the next one at this browser is asked first"
    ready.post(f"{ROAD}left", {"mine": "yes"})
    fields = draft(ready, application).fields
    assert (fields["name"], fields["prefers"], "identity" in fields) == (WHO.name, "late", False)
    assert fields["title"] == MATTER["title"], "with what she had typed before"


def test_a_second_request_is_refused_with_the_way_to_the_first(
    ready: Browser, application: Application
) -> None:
    ready.post(ROAD, HERSELF)
    carried = {"kind": "national", "identity": WHO.identity}
    first = ready.post(ROAD, {"step": "4", **carried}).headers["location"]
    code = first.strip("/").rpartition("/")[2]
    ready.post(ROAD, {"step": "1", "district": "7"})
    ready.post(ROAD, {**MATTER, "title": "چاله‌ای دیگر در خیابان"})
    answer = ready.post(ROAD, {"step": "4", "kind": "national", "identity": ""})
    assert answer.status_code == 422
    assert f"/plain/mine/{code}/" in answer.text


def test_for_somebody_else_everything_typed_is_still_there(
    ready: Browser, application: Application
) -> None:
    ready.post(ROAD, HERSELF)
    ready.post(ROAD, {"step": "4", "kind": "national", "identity": WHO.identity})
    ready.post(ROAD, {"step": "1", "district": "7"})
    ready.post(ROAD, MATTER, files=[("photos", ("street.jpg", jpeg(), "image/jpeg"))])
    answer = ready.post(ROAD, {"step": "3", "another": "1"})
    assert answer.headers["location"] == f"{ROAD}?step=3"
    assert value(shown(ready, 3), "name") == ""
    assert 'autocomplete="name"' not in shown(ready, 3), "the browser's name is not hers"
    found = draft(ready, application)
    assert (found.person_identity, found.fields["district"]) == ("", "7")
    assert (found.fields["title"], found.fields["text"], len(found.photos)) == (TITLE, TEXT, 1)


def test_what_was_typed_is_text_and_never_markup(browser: Browser, city: City) -> None:
    browser.post(ROAD, {"step": "1", "district": "6"})
    bad = '"><script>alert(1)</script>'
    answer = browser.post(ROAD, {"step": "2", "title": bad, "text": f"</textarea>{bad}"})
    assert "<script>" not in answer.text
    assert answer.text.count("<script") == 1, "our own, which sends no form twice"
    assert answer.text.count("</textarea>") == 1


def test_a_plain_page_allows_its_own_script_alone_and_is_never_kept(
    browser: Browser, city: City
) -> None:
    answer = browser.get(ROAD)
    headers, policy = answer.headers, answer.headers["content-security-policy"]
    (script,) = re.findall(r'<script type="module">(.*?)</script>', answer.text, re.DOTALL)
    assert policy.startswith("default-src 'none'")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"; script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "connect-src" not in policy, "it asks nobody anything"
    assert "isTwice(event)" in script
    assert "script-src" not in browser.get("/plain/").headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


# A link from the portal.


def test_a_link_fills_the_first_step_and_keeps_nothing_before_she_goes_on(
    browser: Browser, application: Application, city: City
) -> None:
    html = unescape(browser.get(f"{ROAD}?district=6&subject=street&from=portal").text)
    assert '<option value="6" selected>' in html
    assert draft(browser, application).fields == {}
    assert value(html, "subject") == "street"
    answer = browser.post(ROAD, {"step": "1", "district": "6", "subject": "street"})
    assert answer.headers["location"] == f"{ROAD}?step=2"
    assert draft(browser, application).fields == {"district": "6", "subject": "street"}


def test_a_link_says_what_there_is_not(browser: Browser, city: City) -> None:
    answer = browser.get(f"{ROAD}?district=30&subject=%00")
    assert answer.status_code == 200
    for sentence in filing_text.LINK_UNKNOWN.values():
        assert sentence in unescape(answer.text)


def test_a_link_asks_before_it_takes_her_choice_away(
    ready: Browser, application: Application
) -> None:
    html = unescape(ready.get(f"{ROAD}?district=7").text)
    assert filing_text.LINK_QUESTION in html
    own = draft(ready, application).fields
    assert own["district"] == "6"
    step = {"step": "1", "district": "7", "subject": value(html, "subject")}
    assert ready.post(ROAD, step).headers["location"] == f"{ROAD}?step=2"
    assert draft(ready, application).fields == {**own, "district": "7"}


def test_a_first_step_with_a_subject_there_is_not_keeps_none(
    browser: Browser, application: Application, city: City
) -> None:
    browser.post(ROAD, {"step": "1", "district": "6", "subject": "<nothing>"})
    assert draft(browser, application).fields == {"district": "6"}


def test_a_refused_form_opens_at_its_first_error(ready: Browser) -> None:
    """Without a script nothing else leads there; a long form opens at its head."""
    answer = ready.post(ROAD, {**MATTER, "title": "", "text": ""})
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)"[^>]* autofocus', answer.text) == ["title"]
    assert "autofocus" not in shown(ready, 2)
    herself = ready.post(ROAD, {**HERSELF, "name": ""})
    assert re.findall(r'id="(\w+)"[^>]* autofocus', herself.text) == ["name"]


def test_where_no_more_drafts_are_begun_she_signs_in_and_comes_back_to_her_district(
    browser: Browser, application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, Limit.DRAFT_ADDRESS, replace(RULES[Limit.DRAFT_ADDRESS], most=0))
    answer = browser.post(ROAD, {"step": "1", "district": "6"})
    assert (answer.status_code, refusal("sign_in_first") in unescape(answer.text)) == (422, True)
    onward = re.search(r'href="(/plain/enter/[^"]*)"', unescape(answer.text))
    assert onward is not None
    door = unescape(browser.get(onward[1]).text)
    assert value(door, "next") == f"{ROAD}?district=6"
    sign_in(browser, application, WHO)
    assert '<option value="6" selected' in unescape(browser.get(value(door, "next")).text)
    assert browser.post(ROAD, {"step": "1", "district": "6"}).status_code == 303
