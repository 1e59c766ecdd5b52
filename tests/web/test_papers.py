"""What a citizen takes with her, and that nobody else can."""

import hashlib
import io
from collections.abc import Callable

import pytest
from browsers import Browser, Browsers
from PIL import Image
from signed_in import sign_in, sign_in_staff
from support.citizens import someone
from support.city import City
from support.walk import Story

from publicmeeting.domain.stages import Stage
from publicmeeting.media.qr import read_qr
from publicmeeting.office import Office
from publicmeeting.text.refusals import refusal
from publicmeeting.usecases.scanning import code_in

PAPERS = ("/receipt/{}.png", "/pass/{}.png", "/pass/{}.ics", "/proof/{}.txt", "/qr/{}.svg")


@pytest.fixture
def seated(a_request: Callable[..., Story]) -> Story:
    return a_request(at=Stage.CONFIRMED)


@pytest.fixture
def hers(browser: Browser, seated: Story) -> Browser:
    browser.put_cookie("session", seated.keys.session)
    return browser


def test_receipt_and_pass_are_saved_as_pictures_with_her_code(hers: Browser, seated: Story) -> None:
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


def test_the_receipt_carries_her_ticket_where_no_server_hears_of_it(
    hers: Browser, seated: Story
) -> None:
    said = read_qr(hers.get(f"/receipt/{seated.code}.png").content) or ""
    address, _, kept = said.partition("#")
    assert address.endswith(f"/track/?code={seated.code}")
    assert kept == f"d=6&t={seated.request.ticket}"
    assert "#" not in (read_qr(hers.get(f"/pass/{seated.code}.png").content) or "#")


def test_her_seat_goes_into_her_calendar_without_her_name(hers: Browser, seated: Story) -> None:
    answer = hers.get(f"/pass/{seated.code}.ics")
    text = answer.text.replace("\r\n ", "")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20261130T0" in text
    assert "SUMMARY:ملاقات با شهردار منطقهٔ ۶" in text
    assert seated.who.name not in text
    assert seated.who.identity not in text


def test_the_proof_sheet_proves_her_ticket(hers: Browser, seated: Story) -> None:
    answer = hers.get(f"/proof/{seated.code}.txt")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert seated.who.identity not in answer.text
    ticket = seated.request.ticket
    assert ticket in answer.text
    lines = answer.text.rstrip("\n").splitlines()[-4:]
    lines[2] = seated.who.identity
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == ticket


def test_the_page_shows_the_code_as_a_drawing(hers: Browser, seated: Story) -> None:
    drawing = hers.get(f"/qr/{seated.code}.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg")
    assert "<script" not in drawing.text


def test_nobody_else_gets_a_paper_or_learns_that_it_exists(
    browsers: Browsers, office: Office, seated: Story
) -> None:
    another, desk, mayor = browsers(), browsers(), browsers()
    sign_in(another, office, someone(2))
    sign_in_staff(desk, "desk")
    sign_in_staff(mayor, "mayor")
    for paper in PAPERS:
        path = paper.format(seated.code)
        answers = [one.get(path) for one in (browsers(), another, desk, mayor)]
        answers.append(another.get(paper.format("0506123457")))
        answers.append(another.get(paper.format("..%5c")))
        told = {(one.status_code, one.text, tuple(sorted(one.headers.items()))) for one in answers}
        assert len(told) == 1
        assert (answers[0].status_code, answers[0].text) == (404, refusal("not_found"))


def test_without_a_seat_there_is_no_pass(
    browser: Browser, city: City, a_request: Callable[..., Story]
) -> None:
    story = a_request(at=Stage.WAITING)
    browser.put_cookie("session", story.keys.session)
    assert browser.get(f"/pass/{story.code}.png").status_code == 404
    assert browser.get(f"/pass/{story.code}.ics").status_code == 404
    assert browser.get(f"/receipt/{story.code}.png").status_code == 200
