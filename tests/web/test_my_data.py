"""A citizen sees, exports and ends her own data, and nobody else's."""

import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from browsers import Browser, Browsers
from contract.project_files import PROJECT
from signed_in import file, sign_in, sign_in_staff
from support.citizens import someone
from support.city import City
from support.clock import FixedClock
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.people import Door, masked_identity, masked_mobile
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common.dates_text import near_moment
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.my_data import SCHEMA

PAGE, FILE, WHOLE = "/mine/data/", "/mine/data.json", "/mine/data/all/"
SESSIONS = f"{PAGE}sessions/"
HER, HIM = someone(1), someone(2)


@pytest.fixture
def hers(browser: Browser, application: Application, city: City) -> Browser:
    sign_in(browser, application, HER)
    file(browser, application, HER)
    return browser


def handles(seen: str) -> list[str]:
    return [part.partition('"')[0] for part in seen.split('name="session" value="')[1:]]


def is_signed_in(application: Application, session: str) -> bool:
    return application.query_now(viewer, Keys(session), Nothing()).has_mobile


def test_she_sees_who_she_is_to_the_city_and_her_number_only_when_asked(hers: Browser) -> None:
    seen = unescape(hers.get(PAGE).text)
    assert HER.name in seen
    assert masked_identity(HER.identity) in seen
    assert masked_mobile("+98" + HER.mobile[1:]) in seen
    shown, _, folded = seen.partition("<details")
    assert persian(HER.identity) not in shown
    assert persian(HER.identity) in folded
    assert my_data_text.NO_OPENINGS in seen
    assert my_data_text.ONLY_THIS in seen
    assert f'href="{PAGE}"' in hers.get("/plain/mine/").text


def test_she_reads_who_has_opened_her_files_and_whether_with_her_name(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.SUBMITTED)
    application.execute_as(walked.city.as_("desk"), open_case, OneCase(code=walked.code))
    browser.put_cookie("session", walked.keys.session)
    seen = unescape(browser.get(PAGE).text)
    (request,) = browser.get(FILE).json()["requests"]
    assert [(one["role"], one["with_name"]) for one in request["openings"]] == [("desk", False)]
    assert signed(Role.DESK, 6) in seen
    assert my_data_text.WITHOUT_NAME in seen
    assert my_data_text.WITH_NAME not in seen


def test_she_takes_everything_along_as_the_table_says(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.CLOSED)
    browser.put_cookie("session", walked.keys.session)
    answer = browser.get(FILE)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    found = json.loads(answer.text)
    assert found["schema"] == SCHEMA
    assert found["person"]["identity"] == walked.who.identity
    (request,) = found["requests"]
    assert (request["code"], request["stage"]) == (walked.code, "closed")
    assert request["title"] == walked.request.title
    assert request["orders"][0]["text"]
    assert request["events"][0]["action"] == "submit"
    assert found["sessions"][0]["is_this"]
    readable = unescape(browser.get(WHOLE).text)
    for words in (request["text"], request["orders"][0]["text"], persian(walked.who.identity)):
        assert words in readable


def test_every_field_of_the_file_is_written_down(hers: Browser, city: City) -> None:
    table = (PROJECT / "docs" / "my-data.md").read_text(encoding="utf-8")
    found = hers.get(FILE).json()

    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            inner = (names(one) for key, one in value.items() if key != "draft")
            return set(value).union(*inner)
        return set().union(*map(names, value)) if isinstance(value, list) else set()

    missing = {
        name for name in names(found) if f"`{name}`" not in table and f"].{name}`" not in table
    }
    assert missing == set()


def test_her_devices_come_after_her_cases_and_all_but_three_are_folded(
    hers: Browser, browsers: Browsers, application: Application, clock: FixedClock
) -> None:
    for _ in range(4):
        clock.forward(minutes=2)
        sign_in(browsers(), application, HER)
    seen = unescape(hers.get(PAGE).text)
    assert seen.index(f">{my_data_text.CASES}<") < seen.index(f">{my_data_text.SESSIONS}<")
    shown, _, folded = seen.partition(f">{my_data_text.SESSIONS}<")[2].partition("<details")
    assert my_data_text.MORE_SESSIONS.format(count=persian(2)) in folded
    assert [len(handles(part)) for part in (shown, folded)] == [2, 2]
    assert my_data_text.THIS in shown, "the oldest is her own device"
    assert (
        hers.post(SESSIONS, {"session": handles(folded)[-1]})
        .headers["location"]
        .endswith("session")
    )


@pytest.mark.on_postgresql
def test_a_device_she_does_not_know_is_ended_and_no_other(
    hers: Browser, browsers: Browsers, application: Application, clock: FixedClock
) -> None:
    clock.forward(minutes=2)
    lost, stored, his = browsers(), browsers(), browsers()
    sign_in(lost, application, HER)
    clock.forward(minutes=2)
    sign_in(stored, application, HER)
    sign_in(his, application, HIM)
    file(his, application, HIM)
    seen = unescape(hers.get(PAGE).text)
    assert seen.count(my_data_text.DOORS[Door.CODE]) == 3
    newest, oldest = handles(seen)
    ended = hers.post(SESSIONS, {"session": oldest})
    assert ended.headers["location"] == f"{PAGE}?done=session"
    assert my_data_text.DONE["session"] in unescape(hers.get(ended.headers["location"]).text)
    assert not is_signed_in(application, lost.cookie("session"))
    assert is_signed_in(application, stored.cookie("session"))
    # A second press or tab, no handle, a wrong one, NUL, and another person's handles.
    for wrong in (oldest, "", "x" * 24, "\x00", *handles(his.get(PAGE).text)):
        again = hers.post(SESSIONS, {"session": wrong})
        assert refusal("session_gone") in unescape(hers.get(again.headers["location"]).text)
    theirs = his.post(SESSIONS, {"session": newest})
    assert "session_gone" in theirs.headers["location"]
    hers.post(SESSIONS, {"others": "1"})
    assert not is_signed_in(application, stored.cookie("session"))
    assert is_signed_in(application, hers.cookie("session"))
    assert is_signed_in(application, his.cookie("session"))
    away = stored.post(SESSIONS, {"others": "1"})
    assert away.headers["location"].startswith("/enter/?next=")


def test_a_device_is_listed_with_the_citys_time(hers: Browser, application: Application) -> None:
    ahead = timedelta(days=3, hours=2)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.clockwork.set_offset(ahead)
    city_now = application.clock() + ahead
    signed_in = my_data_text.SIGNED_IN.format(moment=near_moment(city_now, city_now))
    assert signed_in in unescape(hers.get(PAGE).text)


def test_the_pages_are_hers_and_nobody_elses(
    hers: Browser, browsers: Browsers, application: Application
) -> None:
    nobody, official, fresh = browsers(), browsers(), browsers()
    sign_in_staff(official, "desk")
    sign_in(fresh, application, HIM)
    for page in (PAGE, FILE, WHOLE):
        assert nobody.get(page).headers["location"].startswith("/enter/?next=")
        assert official.get(page).status_code == 404
        assert fresh.get(page).headers["location"] == "/mine/", "she has filed nothing yet"
    assert official.post(SESSIONS, {"others": "1"}).status_code == 404
    foreign = hers.post(SESSIONS, {"others": "1"}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
