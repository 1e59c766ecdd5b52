"""Cosignatures over HTTP: without a cookie, an Origin or an account."""

import json

import pytest
from browsers import Browser
from support.city import City
from support.clock import FixedClock
from support.line import MONDAY, Line
from support.signing_witness import Witness

from publicmeeting.kit.jalali import iso
from publicmeeting.text.refusals.refusals_text import refusal

ISO = iso(MONDAY)
VALUE = "ab" * 32


@pytest.fixture
def council(city: City, clock: FixedClock) -> Witness:
    line = Line(city, clock)
    line.worker.tick()
    return Witness(line, "council")


def sends(browser: Browser, path: str, body: object):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return browser.post(f"/log/{path}", headers={}, content=data)


def test_a_body_without_end_is_cut_off(browser: Browser, council: Witness) -> None:
    del council
    assert sends(browser, "cosignature", b"x" * 100_000).status_code == 413


def test_a_cosigned_note_comes_back_merged(browser: Browser, council: Witness) -> None:
    note = council.note()
    answer = sends(browser, "cosignature", note.encode())
    assert answer.status_code == 200
    assert council.key.name in answer.text
    size = note.split("\n")[1]
    assert browser.get(f"/log/note/{size}").text == answer.text
    assert browser.get("/log/notes").json() == [int(size)]


def test_cosignatures_are_refused_by_status(browser: Browser, council: Witness) -> None:
    note = council.note()
    lines = note.split("\n")
    lines[1] = str(int(lines[1]) + 1)
    assert sends(browser, "cosignature", "\n".join(lines).encode()).status_code == 400
    assert sends(browser, "cosignature", browser.get("/log/checkpoint").content).status_code == 403
    assert sends(browser, "cosignature", b"\xff\xfe").status_code == 400
    assert sends(browser, "cosignature", b"").status_code == 400


def test_only_what_is_signed_may_come_from_elsewhere(browser: Browser, council: Witness) -> None:
    del council
    elsewhere = {"Origin": "https://elsewhere.example"}
    answer = browser.post("/log/cosignature", content=b"{}", headers=elsewhere)
    assert (answer.status_code, answer.text) == (400, refusal("note_malformed"))
    for path in ("/auth/leave", "/log/other", "/log/cosignature/"):
        assert browser.post(path, headers=elsewhere).status_code == 403
