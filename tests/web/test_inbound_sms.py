"""«چندم؟» by SMS: a holder of a seat today is answered at her own mobile, others not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from browsers import Browser
from support.clock import FixedClock
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.config import InboundSms, Settings, SettingsError
from publicmeeting.domain.meetings.estimate import DayState, MyDay, Pace, entry_range
from publicmeeting.domain.people import local_mobile
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.text.tracking.day_words import sms_words
from publicmeeting.usecases.rate_limits import RULES, Limit

SECRET = "s" * 32
ADDRESS = f"/sms/inbound?key={SECRET}"
Walk = Callable[..., WalkedCase]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, sms_inbound=InboundSms(SECRET, "sender"))


def mobile_of(application: Application, walked: WalkedCase) -> str:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mobile = uow.people.get(walked.request.person_id).mobile
    assert mobile is not None
    return mobile


def answers(application: Application, mobile: str) -> list[str]:
    return [text for text in application.phone.texts(mobile) if "شمارهٔ" in text]


@pytest.mark.parametrize("by", ["get", "post"])
def test_who_has_a_seat_today_is_told_where_she_stands(
    browser: Browser, application: Application, a_request: Walk, by: str
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    mobile = mobile_of(application, walked)
    sender = local_mobile(mobile)
    if by == "get":
        answer = browser.get(f"{ADDRESS}&sender={sender}&text=چندم؟")
    else:
        answer = browser.post(ADDRESS, {"sender": mobile, "text": "چندم؟"})
    assert (answer.status_code, answer.text) == (204, "")
    (text,) = answers(application, mobile)
    assert "نفر بعدی شمایید. کسی در اتاق نیست." in text
    assert walked.code not in text
    walked.official("reception", Action.CALL)
    browser.get(f"{ADDRESS}&sender={sender}")
    assert any("شما را صدا زدند" in one for one in answers(application, mobile))


def test_everybody_else_gets_the_same_silence(
    browser: Browser, application: Application, a_request: Walk, clock: FixedClock
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    mobile = mobile_of(application, walked)
    for sender in ("09350000001", "12345", "", "'; drop table", "۰۹۳۵" * 9):
        answer = browser.post(ADDRESS, {"sender": sender})
        assert (answer.status_code, answer.text) == (204, "")
        if sender.startswith("09"):
            assert not answers(application, f"+98{sender[1:]}")
    clock.forward(days=1)
    assert browser.post(ADDRESS, {"sender": mobile}).status_code == 204
    assert not answers(application, mobile), "her day is over"


def test_without_the_secret_there_is_no_such_page(
    browser: Browser, application: Application, a_request: Walk
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    mobile = mobile_of(application, walked)
    for key in ("", "x", "s" * 31, "é"):
        for answer in (
            browser.get(f"/sms/inbound?key={key}&sender={mobile}"),
            browser.post(f"/sms/inbound?key={key}", {"sender": mobile}),
        ):
            assert answer.status_code == 404
    assert not answers(application, mobile)


def test_a_telephone_that_answers_by_itself_is_not_talked_with_for_ever(
    browser: Browser, application: Application, a_request: Walk
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    mobile = mobile_of(application, walked)
    most = RULES[Limit.INBOUND_SMS].most
    for _ in range(most + 3):
        assert browser.post(ADDRESS, {"sender": mobile}).status_code == 204
    assert len(answers(application, mobile)) == most


def test_a_message_takes_no_step(
    browser: Browser, application: Application, a_request: Walk
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    walked.official("reception", Action.CALL)
    before = walked.request.history
    browser.post(ADDRESS, {"sender": mobile_of(application, walked), "text": "دارم می‌آیم"})
    assert walked.request.history == before


@in_one_city("state", DayState)
def test_every_answer_is_two_parts_at_most(state: DayState, clock: FixedClock) -> None:
    own = at_tehran(tehran_day(clock.now), "10:30")
    day = MyDay(state, 12, own, own + timedelta(hours=2), came_at=own, waited_until=own, inside=11)
    waits = replace(day, before=11, entry=entry_range(Pace(timedelta(minutes=15)), 11, own, own))
    for my_day in (day, waits, replace(day, calls=2)):
        text = sms_words(my_day, own)
        assert sms_length(text) <= SMS_MOST
        assert "{" not in text


def test_a_short_secret_is_named_at_the_start() -> None:
    environment = {"PUBLICMEETING_ENV": "demo", "PUBLICMEETING_SMS_INBOUND_SECRET": "short"}
    with pytest.raises(SettingsError, match="PUBLICMEETING_SMS_INBOUND_SECRET"):
        Settings.from_environment(environment)
