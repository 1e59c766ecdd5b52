"""A citizen proves her turn on her phone; a file that somebody changed is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from person import Meet, Person
from playwright.sync_api import Route, expect

from publicmeeting.application import Application
from publicmeeting.domain.roles import NOBODY
from publicmeeting.text.public_record import log_text, verify_text
from publicmeeting.text.public_record.verify_text import BREAK, FINDING
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.finding import FindingCode
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.usecases.public_record.log import (
    InDistrict,
    OneDraw,
    draw_list,
    draw_text,
)

DISTRICT = 6


@pytest.fixture
def drawn(application: Application) -> dict[str, Any]:
    """The newest draw of the district that has run."""
    listed = application.query_as(NOBODY, draw_list, InDistrict(district=DISTRICT))
    draw = next(published.id for published in listed if published.state == "drawn")
    file: dict[str, Any] = json.loads(
        application.query_as(NOBODY, draw_text, OneDraw(draw=draw)).text
    )
    return file


@pytest.fixture
def reader(meet: Meet) -> Person:
    return meet("reader", "phone")


def checks(reader: Person, drawn: dict[str, Any], ticket: str) -> None:
    """Follow the link of a receipt, whose ticket is in the part of the address no server sees."""
    draw = drawn["draw"]
    reader.goes(f"/verify/#d={DISTRICT}&t={ticket}&draw={draw}")
    expect(reader.page.get_by_label(verify_text.TICKET)).to_have_value(ticket)
    expect(reader.page.get_by_label(verify_text.DRAW)).to_have_value(draw)
    reader.button(verify_text.GO).click()


def test_a_row_and_a_seat_are_proved_and_only_the_address_of_the_row_has_the_ticket(
    reader: Person, drawn: dict[str, Any]
) -> None:
    ticket = drawn["seated"][1]["ticket"]
    sent: list[str] = []
    reader.page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    reader.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame)))
    )
    checks(reader, drawn, ticket)
    for sentence in (
        verify_text.ALL_WELL,
        verify_text.SEAL,
        verify_text.KEPT_FIRST,
        verify_text.ROW,
        verify_text.ROOT_LOGGED,
        verify_text.PLACE,
        verify_text.ROWS,
    ):
        reader.sees(sentence)
    reader.shot("proved")
    assert reader.overflowing() == []
    about = [one for one in sent if ticket in one]
    assert about
    assert all(one.endswith(f"/draws/{drawn['draw']}/row/{ticket}") for one in about)
    reader.button(verify_text.AGAIN).click()
    reader.sees(verify_text.KEPT_ON)


def test_a_log_that_is_another_than_this_telephone_saw_is_told_with_evidence(
    reader: Person, drawn: dict[str, Any]
) -> None:
    checks(reader, drawn, drawn["seated"][1]["ticket"])
    reader.sees(verify_text.SEAL)
    reader.page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem("publicmeeting/log"));
          kept.root = btoa("x".repeat(32));
          localStorage.setItem("publicmeeting/log", JSON.stringify(kept));
        }"""
    )
    reader.button(verify_text.AGAIN).click()
    reader.sees(verify_text.FAILED)
    reader.sees(BREAK[Break.LOG_REWRITTEN].split(":")[0])
    reader.sees(verify_text.EVIDENCE)
    reader.shot("rewritten")
    assert verify_text.ALL_WELL not in reader.page.inner_text("main")


def test_the_whole_log_is_audited_apart_from_the_page(reader: Person) -> None:
    reader.goes("/verify/")
    ask = reader.page.get_by_role("button").filter(has_text=verify_text.WHOLE_ASK.split("(")[0])
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    reader.page.route("**/log/checkpoint", hold, times=1)
    ask.click()
    reader.until(lambda: asked)
    reader.button(verify_text.WHOLE_STOP).click()
    with reader.page.expect_response("**/log/checkpoint"):
        asked[0].continue_()
    reader.page.evaluate("() => fetch('/live')")
    assert reader.page.workers == [], "stopped before it had begun to read"
    ask.click()
    reader.sees(verify_text.WHOLE_FIGURES)
    reader.shot("whole")
    assert reader.overflowing() == []


def test_whoever_waits_sees_her_place_among_the_standbys(
    reader: Person, drawn: dict[str, Any]
) -> None:
    checks(reader, drawn, drawn["standby"][0])
    reader.sees(verify_text.ALL_WELL)
    reader.sees("نفر ۱ فهرست ذخیره")


def test_a_ticket_of_another_district_is_told_as_that(
    reader: Person, drawn: dict[str, Any]
) -> None:
    checks(reader, drawn, "0" * 64)
    reader.sees(verify_text.IN_NO)
    reader.sees(verify_text.WELL_WITHOUT)
    reader.sees(verify_text.PLACE_NONE)
    assert verify_text.PLACE not in reader.page.inner_text("main"), (
        "nothing right is said of her place"
    )
    reader.page.get_by_label(verify_text.TICKET).fill("۱۲۳")
    reader.button(verify_text.AGAIN).click()
    reader.sees(verify_text.TICKET_BROKEN)


def test_without_a_ticket_the_draw_is_spoken_of_and_nobody(
    reader: Person, drawn: dict[str, Any]
) -> None:
    checks(reader, drawn, "")
    for sentence in (verify_text.ALL_WELL, verify_text.LIST, verify_text.ORDER, verify_text.SEAL):
        reader.sees(sentence)
    shown = reader.page.inner_text("main")
    assert verify_text.ROW not in shown
    assert verify_text.PLACE not in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("city.ir/log/receipt/v1 {", verify_text.RECEIPT_CUT),
        ("9f3a0c42", verify_text.RECEIPT_OLD),
        ("۱۲۳", verify_text.TICKET_BROKEN),
    ],
)
def test_a_receipt_that_is_cut_or_of_another_time_is_one_clear_sentence(
    reader: Person, typed: str, sentence: str
) -> None:
    reader.goes("/verify/")
    field = reader.page.get_by_label(verify_text.TICKET)
    field.fill(typed)
    reader.button(verify_text.GO).click()
    reader.sees(sentence)
    assert field.input_value() == typed


def more_weeks(file: dict[str, Any]) -> None:
    file["pool"][0]["waited"] += 1


def another_seat(file: dict[str, Any]) -> None:
    file["seated"][0]["ticket"] = file["standby"][0]


def another_monday(file: dict[str, Any]) -> None:
    file["draw"] = "d06-1405-01-03"


@pytest.mark.parametrize(
    ("touch", "finding"),
    [
        (more_weeks, FindingCode.POOL_ROOT_DIFFERS),
        (another_seat, FindingCode.SEATED_DIFFERS),
        (another_monday, FindingCode.MALFORMED),
    ],
)
def test_a_file_that_was_touched_is_shown_in_red(
    reader: Person,
    drawn: dict[str, Any],
    touch: Callable[[dict[str, Any]], None],
    finding: FindingCode,
) -> None:
    def touched(route: Route) -> None:
        file = json.loads(json.dumps(drawn))
        touch(file)
        route.fulfill(json=file)

    reader.page.route(f"**/verify/draws/{drawn['draw']}.json", touched)
    checks(reader, drawn, drawn["seated"][0]["ticket"])
    reader.sees(verify_text.WRONG)
    reader.sees(FINDING[finding].replace("{place}", "draw"))
    reader.sees(verify_text.NUMBER)
    reader.shot(f"touched-{finding.value}")


def test_a_file_cut_in_half_is_one_clear_sentence(reader: Person, drawn: dict[str, Any]) -> None:
    half = json.dumps(drawn)[:200]
    reader.page.route(
        f"**/verify/draws/{drawn['draw']}.json", lambda route: route.fulfill(body=half)
    )
    checks(reader, drawn, "")
    reader.sees(verify_text.UNREADABLE)


def test_what_a_receipt_says_of_the_log_is_found_in_it(
    reader: Person, application: Application
) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mark = uow.log.mark(3)
    reader.goes(f"/verify/log/?mark={mark.printed}")
    reader.sees(log_text.FOUND.format(seq="۳"))
    reader.page.get_by_label(log_text.MARK).fill("3-00000000")
    reader.button(log_text.LOOK).click()
    reader.sees(refusal("mark_unknown"))
