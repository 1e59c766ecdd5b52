"""Her day on a phone without scripts: what happens, and her answer to a call."""

from collections.abc import Callable
from html import unescape

from browsers import Browser
from signed_in import file, sign_in
from support.citizens import someone
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import day_text

Walk = Callable[..., WalkedCase]


def seen(browser: Browser, walked: WalkedCase, query: str = "") -> str:
    return unescape(browser.get(f"/plain/mine/{walked.code}/{query}").text)


def test_her_day_is_read_anew_by_itself_and_her_other_days_are_not(
    browser: Browser, a_request: Walk
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    browser.put_cookie("session", walked.keys.session)
    answer = browser.get(f"/plain/mine/{walked.code}/")
    assert answer.headers["refresh"] == f"30; url=/plain/mine/{walked.code}/"
    text = unescape(answer.text)
    assert day_text.MEANS["here"] in text
    assert day_text.NUMBER in text
    assert day_text.IS_NEXT in text
    assert day_text.COMING not in text
    assert "<script" not in text


def test_another_day_has_no_refresh(browser: Browser, a_request: Walk) -> None:
    walked = a_request(at=Stage.WAITING)
    browser.put_cookie("session", walked.keys.session)
    assert "refresh" not in browser.get(f"/plain/mine/{walked.code}/").headers


def test_a_call_is_answered_once(browser: Browser, a_request: Walk) -> None:
    walked = a_request(at=Stage.ARRIVED)
    browser.put_cookie("session", walked.keys.session)
    address = f"/plain/mine/{walked.code}/coming/"
    early = browser.post(address, {})
    assert early.headers["location"] == f"/plain/mine/{walked.code}/?e=not_called_yet"
    assert refusal("not_called_yet") in seen(browser, walked, "?e=not_called_yet")
    walked.official("reception", Action.CALL)
    assert day_text.HEAD["called"] in seen(browser, walked)
    assert day_text.IS_NEXT not in seen(browser, walked), "she is called, and waits no more"
    assert f'action="{address}"' in seen(browser, walked)
    answer = browser.post(address, {})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/plain/mine/{walked.code}/",
    )
    assert day_text.HEAD["coming"] in seen(browser, walked)
    assert browser.post(address, {}).headers["location"].endswith("?e=is_expected")


def test_with_her_paper_alone_nobody_answers_for_her(
    browser: Browser, application: Application, a_request: Walk
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    walked.official("reception", Action.CALL)
    address = f"/plain/mine/{walked.code}/coming/"
    assert "e=session_ended" in browser.post(address, {}).headers["location"]
    # Anybody with her code and the end of her number can read her stages.
    fields = {"code": walked.code, "last_four": "0000", "back": "/plain/track/"}
    browser.post("/auth/track", fields)
    assert "e=session_ended" in browser.post(address, {}).headers["location"]
    sign_in(browser, application, someone(2))
    file(browser, application, someone(2))
    assert "e=not_found" in browser.post(address, {}).headers["location"]
    assert not walked.request.count(Action.COMING)
