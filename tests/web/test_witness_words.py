"""Statements of a witness's program over HTTP need no cookie, Origin or account."""

import json
from datetime import timedelta

import pytest
from browsers import Browser
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.line import MONDAY, Line
from support.witnesses import Witness

from publicmeeting.kit.jalali import iso, weekday_day
from publicmeeting.text.line.rules_text import WEAKER
from publicmeeting.text.line.witness_text import PAGE
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.rules.weaker import Weaker
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import RulesForm, announce_rules, form_of, rules_draft
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    reject_rules,
    waiting_rules,
)
from publicmeeting.web.plain.witness import witness_script

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
    (week,) = [
        one for one in browser.get("/witness/weeks.json").json()["mondays"] if one["monday"] == ISO
    ]
    assert week["parties"]["council"]["commitment"] == body["commitment"]
    assert week["reveals_from"] is None
    assert {one["party"] for one in week["witnesses"]} == {"council", "press"}


@in_one_city(
    "changed, status, key",
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


@in_one_city("path", ["commitment", "reveal", "value"])
@in_one_city("body", [b"", b"[]", b"{", b"\xff", b"1", b"null", b"[" * 3000])
def test_what_is_no_word(browser: Browser, council: Witness, path: str, body: bytes) -> None:
    del council
    answer = sends(browser, path, body)
    assert (answer.status_code, answer.text) == (400, refusal("witness_word"))


@pytest.mark.on_postgresql
def test_her_page_is_told_of_proposed_rules_and_what_they_change(
    browser: Browser, council: Witness
) -> None:
    """A witness who uses only this page would otherwise never read of a proposal."""
    city = council.line.city
    assert browser.get("/witness/weeks.json").json()["proposal"] is None
    admin = city.as_("administrator")
    draft = city.application.query_as(admin, rules_draft, Nothing())
    fields = {**form_of(draft.newest.rules.body), "access": "2"}
    later = MONDAY + timedelta(weeks=4)
    form = RulesForm.model_validate({**fields, "from_on": later.isoformat()})
    city.application.execute_as(admin, announce_rules, form)
    told = browser.get("/witness/weeks.json").json()["proposal"]
    assert told["changes"] == [WEAKER[Weaker.LANES]]
    assert (told["title"], told["signed"]) == (weekday_day(later), [])
    assert {"proposal", "proposal_until", "proposal_sign", "proposal_signed"} <= set(PAGE)
    council.signs_rules(later, told["hash"])
    assert browser.get("/witness/weeks.json").json()["proposal"]["signed"] == ["council"]
    waiting = city.application.query_as(city.as_("overseer"), waiting_rules, Nothing())
    command = OneRulesProposal(seq=waiting.seq)
    city.application.execute_as(city.as_("overseer"), reject_rules, command)
    assert browser.get("/witness/weeks.json").json()["proposal"] is None


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


def test_the_page_is_one_script_that_its_policy_allows(browser: Browser) -> None:
    answer = browser.get("/witness/")
    assert answer.status_code == 200
    assert answer.text.count("<script") == 1
    assert witness_script() in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert "import " not in witness_script().replace("importKey", "").split("\n", 1)[1][:50]
