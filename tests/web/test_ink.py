"""Strokes at the mayor's table are uploaded one by one."""

import pytest
from browsers import Browser, Browsers
from signed_in import file, keys, sign_in, sign_in_staff
from support.city import City
from support.walk import a_request

from publicmeeting.domain.stages import Stage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.orders.paper.drafts import (
    WORDS,
    OneSheet,
    draft_owner,
    unfinished_sheet,
)

STROKE = {"id": "a1b2c3d4", "colour": "black", "dots": [[10, 20, 0.5], [30, 40, 1]]}


def put(browser: Browser, code: str, body: object):
    return browser.post(f"/ink/{code}", json=body)


def owner(browser: Browser, city: City) -> str:
    return city.application.query_now(draft_owner, keys(browser), Nothing())


def test_strokes_and_words_are_kept_for_the_next_tab(browsers: Browsers, city: City) -> None:
    code = a_request(city, Stage.SUBMITTED).code
    first, second = browsers(), browsers()
    for one in (first, second):
        sign_in_staff(one, "mayor")
    sent = put(first, code, {"page": 1, "add": [STROKE], "words": {"text": "ترمیم شود."}})
    assert (sent.status_code, sent.json()) == (200, {"page": 1})
    seen = second.get(f"/ink/{code}")
    assert seen.headers["cache-control"] == "no-store"
    answer = seen.json()
    assert (answer["page"], answer["strokes"]) == (1, [STROKE])
    assert answer["words"] == dict.fromkeys(WORDS, "") | {"text": "ترمیم شود."}
    assert put(second, code, {"page": 1, "drop": [STROKE["id"]]}).status_code == 200
    assert first.get(f"/ink/{code}").json()["strokes"] == []


def test_an_older_text_of_a_page_that_arrives_late_is_not_kept(
    browser: Browser, city: City
) -> None:
    request = a_request(city, Stage.IN_ROOM)
    sign_in_staff(browser, "mayor")
    for turn, text in ((2, "ترمیم شود."), (1, "ترمیم")):
        body = {"page": 1, "tab": "aa", "turn": turn, "words": {"text": text}}
        assert put(browser, request.code, body).status_code == 200
    query = OneSheet(code=request.code)
    sheet = city.application.query_now(unfinished_sheet, keys(browser), query)
    assert sheet.fields["text"] == "ترمیم شود."


def test_half_an_emoji_takes_no_text_with_it(browser: Browser, city: City) -> None:
    """A field that cuts a text at its limit may leave half of a surrogate pair."""
    request = a_request(city, Stage.IN_ROOM)
    sign_in_staff(browser, "mayor")
    body = rb'{"page": 1, "words": {"text": "lamp \ud83d"}}'
    assert browser.post(f"/ink/{request.code}", content=body).status_code == 200
    query = OneSheet(code=request.code)
    sheet = city.application.query_now(unfinished_sheet, keys(browser), query)
    assert sheet.fields["text"] == "lamp "


def test_a_page_that_is_no_longer_written_on_is_told_the_new_one(
    browser: Browser, city: City
) -> None:
    code = a_request(city, Stage.SUBMITTED).code
    sign_in_staff(browser, "mayor")
    answer = put(browser, code, {"page": 7, "add": [STROKE]})
    assert (answer.status_code, answer.json()) == (409, {"page": 1})


def test_a_stroke_of_an_issued_order_is_named_and_not_added(browser: Browser, city: City) -> None:
    request = a_request(city, Stage.IN_ROOM)
    sign_in_staff(browser, "mayor")
    assert put(browser, request.code, {"page": 1, "add": [STROKE]}).status_code == 200
    press = {"act": "end", "code": request.code, "page": 1}
    words = {"words": {"promise": "ترمیم می‌شود."}}
    assert put(browser, request.code, words).status_code == 200
    assert browser.post("/mayor/unsent", json=press).json()["state"] == "done"
    late = put(browser, request.code, {"page": 1, "add": [STROKE]})
    assert (late.status_code, late.json()) == (409, {"page": 2, "gone": [STROKE["id"]]})
    answer = put(browser, request.code, {"page": 2, "add": [STROKE]})
    assert answer.json() == {"page": 2, "gone": [STROKE["id"]]}
    following = browser.get(f"/ink/{request.code}").json()
    assert (following["page"], following["strokes"]) == (2, [])


def test_texts_of_an_issued_order_are_named(browser: Browser, city: City) -> None:
    """The answer to them was lost. Another text, or an earlier one, is on no order."""
    request = a_request(city, Stage.IN_ROOM)
    sign_in_staff(browser, "mayor")
    words = {"text": "چراغ نصب شود. ", "promise": "ترمیم می‌شود.", "units": "d06-technical"}
    assert put(browser, request.code, {"page": 1, "words": words}).status_code == 200
    press = {"act": "end", "code": request.code, "page": 1}
    assert browser.post("/mayor/unsent", json=press).json()["state"] == "done"
    late = put(browser, request.code, {"page": 1, "words": words})
    assert (late.status_code, late.json()) == (409, {"page": 2, "issued": sorted(words)})
    others = {"text": "چراغ", "promise": "ترمیم", "units": "d06-green", "reason": ""}
    late = put(browser, request.code, {"page": 1, "words": others})
    assert (late.status_code, late.json()) == (409, {"page": 2})


def test_what_cannot_be_read_is_refused_with_a_sentence(browser: Browser, city: City) -> None:
    code = a_request(city, Stage.SUBMITTED).code
    sign_in_staff(browser, "mayor")
    for body in (
        b"",
        b"x",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"page": "1"}',
        b'{"words": {"a": 1}}',
    ):
        answer = browser.post(f"/ink/{code}", content=body)
        assert (answer.status_code, answer.json()["error"]) == (422, refusal("form_broken"))
    bad = put(browser, code, {"add": [{**STROKE, "colour": "red"}]})
    assert (bad.status_code, bad.json()["error"]) == (422, refusal("ink_unreadable"))


def test_strangers_learn_nothing(browsers: Browsers, city: City) -> None:
    code = a_request(city, Stage.SUBMITTED).code
    nobody, other = browsers(), browsers()
    sign_in_staff(other, "mayor4")
    assert nobody.get(f"/ink/{code}").status_code == 401
    assert put(nobody, code, {"add": [STROKE]}).status_code == 401
    for answer in (other.get(f"/ink/{code}"), put(other, code, {"add": [STROKE]})):
        assert answer.json()["error"] == refusal("not_found")
    assert other.get("/ink/0000000000").json() == other.get(f"/ink/{code}").json()


@pytest.mark.parametrize("username", ["mayor4", "desk", ""])
def test_a_sheet_is_refused_for_good_only_to_its_owner(
    browsers: Browsers, city: City, username: str
) -> None:
    """On the owner's tablet another person has signed in, who may not see this visitor."""
    code = a_request(city, Stage.IN_ROOM).code
    tablet, elsewhere = browsers(), browsers()
    sign_in_staff(elsewhere, "mayor")
    if username:
        sign_in_staff(tablet, username)
    else:
        file(tablet, city.application, sign_in(tablet, city.application))
    mayor = owner(elsewhere, city)
    assert tablet.get(f"/ink/{code}?owner={mayor}").json()["key"] == "other_official"
    press = {"act": "end", "code": code, "page": 1, "owner": mayor}
    assert tablet.post("/mayor/unsent", json=press).json()["key"] == "other_official"
    assert elsewhere.get(f"/ink/0000000000?owner={mayor}").json()["key"] == "not_found"


def test_what_one_official_wrote_never_reaches_the_next_who_signs_in_on_the_same_tablet(
    browsers: Browsers, city: City
) -> None:
    code = a_request(city, Stage.IN_ROOM).code
    tablet, elsewhere = browsers(), browsers()
    sign_in_staff(elsewhere, "mayor")
    sign_in_staff(tablet, "deputy")
    assert put(tablet, code, {"words": {"text": "نوشتهٔ جانشین"}}).status_code == 200
    of_the_mayor = {"page": 1, "owner": owner(elsewhere, city), "add": [STROKE]}
    answer = put(tablet, code, {**of_the_mayor, "words": {"text": "نوشتهٔ شهردار"}})
    assert (answer.status_code, answer.json()["key"]) == (403, "other_official")
    assert tablet.get(f"/ink/{code}?owner={of_the_mayor['owner']}").status_code == 403
    assert tablet.get(f"/ink/{code}").json()["strokes"] == []
    assert put(elsewhere, code, of_the_mayor).status_code == 200
    assert elsewhere.get(f"/ink/{code}").json()["strokes"] == [STROKE]
