"""A citizen's papers, and an order's printable page: for those with a right to them only."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace

import anyio
import pytest
from browsers import Browser, Browsers, as_answered
from PIL import Image
from signed_in import keys, sign_in, sign_in_staff
from support.citizens import someone
from support.city import City
from support.clock import FixedClock
from support.orders import issue_undrawn
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.choices import AccessNeed, SheetPart
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.media.sheets.qr import read_qr
from publicmeeting.media.sheets.slips import compose_pass
from publicmeeting.text.filing import slips_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.in_hall.passes import ShownCard, code_in, seat_pass, see_card
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.web.routes.papers import pass_slip
from publicmeeting.web.routes.pictures import NO_TAKES

PAPERS = ("/receipt/{}.png", "/pass/{}.png", "/pass/{}.ics", "/proof/{}.txt", "/qr/{}.svg")


@pytest.fixture
def hers(browser: Browser, seated: WalkedCase) -> Browser:
    browser.put_cookie("session", seated.keys.session)
    return browser


def test_receipt_and_pass_are_saved_as_pictures_with_her_code(
    hers: Browser, seated: WalkedCase
) -> None:
    for name in ("receipt", "pass"):
        saved = hers.get(f"/{name}/{seated.code}.png")
        assert saved.status_code == 200
        assert saved.headers["content-type"] == "image/png"
        assert saved.headers["content-disposition"] == (
            f'attachment; filename="{name}-{seated.code}.png"'
        )
        assert saved.headers["cache-control"] == "private, no-store"
        assert Image.open(io.BytesIO(saved.content)).size[0] == 1080
        assert code_in(read_qr(saved.content) or "") == seated.code


def test_a_desk_prints_the_pass_of_the_card_it_has_seen(
    browser: Browser, application: Application, seated: WalkedCase
) -> None:
    """In this browser only, and none of her other papers; by telephone no card is seen."""
    paths = [path.format(seated.code) for path in PAPERS]
    for who in ("phone", "desk"):
        sign_in_staff(browser, who)
        assert {browser.get(path).status_code for path in paths} == {404}
    card = ShownCard(code=seated.code, identity=seated.who.identity)
    assert application.execute_now(see_card, keys(browser), card)[1] == ""
    found = {path for path in paths if browser.get(path).status_code == 200}
    assert found == {f"/pass/{seated.code}.png", f"/pass/{seated.code}.ics"}
    browser.put_cookie("visit", "")
    assert {browser.get(path).status_code for path in paths} == {404}


def test_the_receipt_carries_her_ticket_where_no_server_hears_of_it(
    hers: Browser, seated: WalkedCase
) -> None:
    link = read_qr(hers.get(f"/receipt/{seated.code}.png").content) or ""
    address, _, fragment = link.partition("#")
    assert address.endswith(f"/track/?code={seated.code}")
    assert fragment == f"d=6&t={seated.request.ticket}"
    assert "#" not in (read_qr(hers.get(f"/pass/{seated.code}.png").content) or "#")


def test_the_saved_pass_says_each_need_that_reception_prepares(
    application: Application, seated: WalkedCase
) -> None:
    facts = application.query_now(seat_pass, seated.keys, OneCase(code=seated.code))
    needs = tuple(str(need) for need in AccessNeed)
    slip = pass_slip(replace(facts, needs=needs), "http://localhost")
    notes = [note for _, note in slip.notes]
    assert notes[1:-1] == list(slips_text.NEED.values())
    assert compose_pass(slip).width == 1080


def test_her_seat_goes_into_her_calendar_without_her_name(
    hers: Browser, seated: WalkedCase
) -> None:
    answer = hers.get(f"/pass/{seated.code}.ics")
    text = answer.text.replace("\r\n ", "")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20261130T0" in text
    assert "SUMMARY:ملاقات با شهردار منطقهٔ ۶" in text
    assert seated.who.name not in text
    assert seated.who.identity not in text


def test_the_proof_sheet_proves_her_ticket(hers: Browser, seated: WalkedCase) -> None:
    answer = hers.get(f"/proof/{seated.code}.txt")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert seated.who.identity not in answer.text
    ticket = seated.request.ticket
    assert ticket in answer.text
    lines = answer.text.rstrip("\n").splitlines()[-4:]
    lines[2] = seated.who.identity
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == ticket


def test_the_proof_sheet_says_what_it_is_for_before_it_warns(
    hers: Browser, seated: WalkedCase
) -> None:
    _, purpose, calm, *rest = hers.get(f"/proof/{seated.code}.txt").text.splitlines()
    assert purpose.startswith("این برگه برای وقتی است")
    assert calm.startswith("لازم نیست از آن سر در بیاورید")
    warning = next(at for at, line in enumerate(rest) if "به کسی ندهید" in line)
    assert warning < rest.index("رمز برگه:")


def test_the_page_shows_the_code_as_a_drawing(hers: Browser, seated: WalkedCase) -> None:
    drawing = hers.get(f"/qr/{seated.code}.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg")
    assert "<script" not in drawing.text


def test_the_halls_drawing_leads_anybody_to_her_own_page_and_names_nobody(
    browser: Browser, hers: Browser
) -> None:
    strangers, drawing = browser.get("/qr/mine.svg"), hers.get("/qr/mine.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text == strangers.text
    assert drawing.text.startswith("<svg")


def test_the_qr_of_the_hall_leads_to_her_seat_of_today_with_its_code(
    browsers: Browsers, hers: Browser, seated: WalkedCase, clock: FixedClock
) -> None:
    """Anybody else finds her own requests, as with the QR without a code."""
    stranger = browsers()
    drawing = stranger.get("/qr/hall/40713.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    for wrong in ("4071", "407133", "٤٠٧١٣", "a0713", "%2e%2e"):
        assert stranger.get(f"/qr/hall/{wrong}.svg").status_code == 404
    assert hers.get("/here/40713/").headers["location"] == "/mine/"
    seat = seated.request.seat
    assert seat is not None
    clock.set(at_tehran(seat.monday, "08:30"))
    before = seated.request.version
    assert hers.get("/here/40713/").headers["location"] == f"/mine/{seated.code}/?hall=40713"
    assert hers.get("/here/x<b>40713999/").headers["location"].endswith("?hall=40713")
    assert seated.request.version == before, "an address that is opened says nothing for her"
    assert stranger.get("/here/40713/").headers["location"] == "/mine/"


def test_nobody_else_gets_a_paper_or_learns_that_it_exists(
    browsers: Browsers,
    application: Application,
    seated: WalkedCase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("publicmeeting.web.routes.papers.NO_TAKES", 0)
    another, desk, mayor = browsers(), browsers(), browsers()
    sign_in(another, application, someone(2))
    sign_in_staff(desk, "desk")
    sign_in_staff(mayor, "mayor")
    for paper in PAPERS:
        path = paper.format(seated.code)
        answers = [one.get(path) for one in (browsers(), another, desk, mayor)]
        answers.append(another.get(paper.format("0506123457")))
        answers.append(another.get(paper.format("..%5c")))
        distinct = {as_answered(answer) for answer in answers}
        assert len(distinct) == 1
        assert (answers[0].status_code, answers[0].text) == (404, refusal("not_found"))


def test_without_a_seat_there_is_no_pass(
    browser: Browser, city: City, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.WAITING)
    browser.put_cookie("session", walked.keys.session)
    assert browser.get(f"/pass/{walked.code}.png").status_code == 404
    assert browser.get(f"/pass/{walked.code}.ics").status_code == 404
    assert browser.get(f"/receipt/{walked.code}.png").status_code == 200


@pytest.fixture
def printed(city: City, a_request: Callable[..., WalkedCase]) -> tuple[WalkedCase, str]:
    """A case with an order that has a page for printing, and the order's number."""
    return has_printed(city, a_request, b"%PDF-1.7 a page")


def has_printed(
    city: City, a_request: Callable[..., WalkedCase], page: bytes
) -> tuple[WalkedCase, str]:
    """Return a case with an order that has this page for printing, and the order's number."""
    walked, mayor = a_request(at=Stage.IN_ROOM), city.as_("mayor")
    order = IssueOrders(code=walked.code, units=("d06-technical",), note="تا آذر ترمیم شود.")
    stored = city.application.images.put(page)
    (issued,) = issue_undrawn(city.application, mayor, order, printable=stored)
    city.application.execute_as(mayor, finish_meeting, FinishMeeting(code=walked.code))
    return walked, issued.number


def test_the_page_for_printing_is_the_file_that_was_kept(
    browsers: Browsers, printed: tuple[WalkedCase, str]
) -> None:
    walked, number = printed
    hers, mayor, unit = browsers(), browsers(), browsers()
    hers.put_cookie("session", walked.keys.session)
    sign_in_staff(mayor, "mayor")
    sign_in_staff(unit, "technical")
    for one in (hers, mayor, unit):
        answer = one.get(f"/orders/{number}.pdf")
        assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 a page")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"].endswith(f'"order-{number}.pdf"')


def test_a_photograph_that_is_named_as_that_page_is_sent_to_nobody(
    browsers: Browsers, city: City, a_request: Callable[..., WalkedCase]
) -> None:
    walked, number = has_printed(city, a_request, b"another citizen's photograph")
    hers = browsers()
    hers.put_cookie("session", walked.keys.session)
    assert hers.get(f"/orders/{number}.pdf").status_code == 404


def test_nobody_else_learns_that_there_is_a_page_for_printing(
    browsers: Browsers, application: Application, printed: tuple[WalkedCase, str]
) -> None:
    _, number = printed
    another, mayor, unit = browsers(), browsers(), browsers()
    sign_in(another, application, someone(2))
    sign_in_staff(mayor, "mayor4")
    sign_in_staff(unit, "services")
    answers = [one.get(f"/orders/{number}.pdf") for one in (browsers(), another, mayor, unit)]
    answers += [another.get(path) for path in ("/orders/14050909999.pdf", "/orders/..%5c.pdf")]
    distinct = {as_answered(answer) for answer in answers}
    assert len(distinct) == 1
    assert (answers[0].status_code, answers[0].text) == (404, refusal("not_found"))


def test_a_no_takes_as_long_for_a_paper_as_for_none(
    browser: Browser, printed: tuple[WalkedCase, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers are consecutive: the time of an answer would tell which numbers and codes exist."""
    waits: list[float] = []

    async def noted(deadline: float) -> None:
        waits.append(deadline)

    monkeypatch.setattr(anyio, "current_time", lambda: 7.0)
    monkeypatch.setattr(anyio, "sleep_until", noted)
    paths = ["/orders/{}.pdf"], ["/receipt/{}.png", "/receipts/{}.json", "/receipts/{}/1.txt"]
    for of, there, none in zip(
        paths, (printed[1], printed[0].code), ("1405090906999", "0000000000"), strict=True
    ):
        for path in of:
            for one in (there, none):
                waits.clear()
                assert browser.get(path.format(one)).status_code == 404
                assert waits == [7 + NO_TAKES]


def test_a_page_whose_file_is_lost_is_not_found(
    browser: Browser, application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    browser.put_cookie("session", walked.keys.session)
    with application.store.unit_of_work(application.clock()) as uow:
        (order,) = uow.orders.of_request(walked.request.id)
        uow.document_audit.add(
            request_id=order.request_id,
            sheet=order.number,
            part=SheetPart.PRINTABLE,
            sha256="f" * 64,
            account_id=None,
            role=Role.MAYOR,
            at=application.clock(),
        )
    assert browser.get(f"/orders/{order.number}.pdf").status_code == 404
