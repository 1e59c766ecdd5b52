"""The public check of a printed order says whether it is genuine, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from browsers import Browser, Browsers
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.records import Order
from publicmeeting.domain.stages import Stage
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.rate_limits import RULES, Limit


@pytest.fixture
def walked(a_request: Callable[..., WalkedCase]) -> WalkedCase:
    return a_request(at=Stage.FOLLOW_UP)


@pytest.fixture
def order(application: Application, walked: WalkedCase) -> Order:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.orders.of_request(walked.request.id)[0]


@pytest.fixture
def address(application: Application, order: Order) -> str:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return f"/check/{order.number}/{uow.orders.check_mark(order.number)}/"


@pytest.mark.on_postgresql
def test_a_genuine_order_tells_district_day_and_number_to_anybody(
    browsers: Browsers, address: str, order: Order, walked: WalkedCase
) -> None:
    answer = browsers(fresh=True).get(address)
    assert answer.status_code == 200
    for shown in (
        sheet_text.CHECK_GENUINE,
        "منطقهٔ ۶",
        "دوشنبه ۹ آذر ۱۴۰۵",
        "۱۴۰۵۰۹۰۹۰۶۰۰۱",
    ):
        assert shown in answer.text
    for hidden in (order.text, walked.code, walked.who.name, walked.request.title, "فنی و عمران"):
        assert hidden not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "<script" not in answer.text


def test_a_code_read_with_other_digits_or_without_its_last_stroke_is_the_same(
    browser: Browser, address: str
) -> None:
    _, check, number, mark, _ = address.split("/")
    persian = number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for path in (f"/{check}/{persian}/{mark}/", f"/{check}/{number}/{mark.upper()}/", address[:-1]):
        assert browser.get(path).status_code == 200


def test_a_wrong_mark_and_an_unknown_number_look_the_same(
    browser: Browser, address: str, order: Order
) -> None:
    mark = address.strip("/").rpartition("/")[2]
    wrong = "0" * 16 if mark != "0" * 16 else "1" * 16
    paths = (
        f"/check/{order.number}/{wrong}/",
        f"/check/14050909999/{mark}/",
        f"/check/14050909999/{wrong}/",
        f"/check/{order.number}/{mark[:-1]}/",
        f"/check/{order.number}/{'ک' * 300}/",
        f"/check/{order.number}/",
        "/check/",
    )
    answers = [browser.get(path) for path in paths]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert sheet_text.CHECK_UNKNOWN in answers[0].text


def test_whoever_tries_many_marks_has_to_wait_and_closes_no_genuine_paper_to_his_address(
    browsers: Browsers, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = replace(RULES[Limit.CHECK_ADDRESS], most=3)
    monkeypatch.setitem(RULES, Limit.CHECK_ADDRESS, most)
    one = browsers("192.0.2.9")
    wrong = f"{address[:-17]}{'0' * 16}/"
    assert [one.get(wrong).status_code for _ in range(3)] == [404] * 3
    late = one.get(wrong)
    assert late.status_code == 429
    assert refusal("too_many_requests", minutes=15) in late.text
    assert one.get(address).status_code == 200
    assert browsers("192.0.2.10").get(wrong).status_code == 404
