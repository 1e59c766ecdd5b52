"""What a witness's program sends over HTTP: without a cookie, an Origin or an account."""

import json

import pytest
from browsers import Browser
from support.city import City
from support.clock import FixedClock
from support.line import MONDAY, Line
from support.signing_witness import Witness

from publicmeeting.kit.jalali import iso
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.formulas import commitment

ISO = iso(MONDAY)
VALUE = "ab" * 32


@pytest.fixture
def council(city: City, clock: FixedClock) -> Witness:
    line = Line(city, clock)
    line.worker.tick()
    return Witness(line, "council")


def committed(council: Witness) -> dict[str, object]:
    promised = commitment("council", VALUE)
    sig = council.sign("commitment", MONDAY, promised)
    return {"monday": ISO, "party": "council", "commitment": promised, "sig": sig}


def sends(browser: Browser, path: str, body: object):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return browser.post(f"/log/{path}", headers={}, content=data)


def test_a_signed_word_is_an_entry_and_twice_the_same_one(
    browser: Browser, council: Witness
) -> None:
    body = committed(council)
    first = sends(browser, "commitment", body)
    assert first.status_code == 200
    assert sends(browser, "commitment", body).json() == first.json()


@pytest.mark.parametrize(
    ("changed", "status", "key"),
    [
        ({"sig": "AAAA"}, 403, "witness_signature"),
        ({"party": "union"}, 403, "witness_unknown"),
        ({"monday": "1405-09-10"}, 404, "monday_unknown"),
        ({"commitment": "x"}, 400, "commitment_form"),
        ({"more": "1"}, 400, "witness_word"),
        ({"sig": None}, 400, "witness_word"),
        ({"party": 5}, 400, "witness_word"),
        ({"monday": ["1405-09-09"]}, 400, "witness_word"),
    ],
)
def test_each_refusal_is_a_sentence_with_its_status(
    browser: Browser, council: Witness, changed: dict[str, object], status: int, key: str
) -> None:
    answer = sends(browser, "commitment", {**committed(council), **changed})
    assert (answer.status_code, answer.text) == (status, refusal(key))


@pytest.mark.parametrize("path", ["commitment"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"1", b"null", b"[" * 3000])
def test_what_is_no_word(browser: Browser, council: Witness, path: str, body: bytes) -> None:
    del council
    answer = sends(browser, path, body)
    assert (answer.status_code, answer.text) == (400, refusal("witness_word"))


def test_a_body_without_end_is_cut_off(browser: Browser, council: Witness) -> None:
    del council
    assert sends(browser, "commitment", b"x" * 10_000).status_code == 413
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
    word = browser.post("/log/commitment", content=b"{}", headers=elsewhere)
    assert (word.status_code, word.text) == (400, refusal("witness_word"))
    for path in ("/auth/leave", "/log/other", "/log/commitment/"):
        assert browser.post(path, headers=elsewhere).status_code == 403
