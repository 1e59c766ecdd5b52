"""Signed receipts: only her own, to the byte, and checked by the script of her page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browsers import Browser, as_answered
from signed_in import sign_in, sign_in_staff
from support.browser_scripts import ScriptError, Scripts
from support.citizens import someone
from support.each import in_one_city
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.media.sheets.qr import qr_svg
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree.note import Key, SignedNote
from publicmeeting.turns.tree.receipt import Receipt

CHECK = "(one, all) => checkReceipt(one, all)"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    modules = ("shell/proofs/note.js", "citizen/receipt/receipt_check.js")
    with Scripts(folder, *modules) as running:
        yield running


@pytest.fixture
def hers(browser: Browser, seated: WalkedCase) -> Browser:
    browser.put_cookie("session", seated.keys.session)
    return browser


def listed(browser: Browser, case: WalkedCase) -> Any:
    return json.loads(browser.get(f"/receipts/{case.code}.json").text)


def paths(case: WalkedCase, seq: int) -> list[str]:
    return [
        f"/receipts/{case.code}.json",
        f"/receipts/{case.code}/{seq}.txt",
        f"/receipts/{case.code}/{seq}.svg",
    ]


def test_each_entry_about_her_ticket_has_a_receipt_that_is_the_same_bytes_for_ever(
    hers: Browser, seated: WalkedCase
) -> None:
    found = listed(hers, seated)
    seqs = [one["seq"] for one in found["receipts"]]
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) >= 2
    keys = [Key.read(key) for key in found["keys"]]
    for one in found["receipts"]:
        note = SignedNote.read(one["note"])
        assert note.signed_by(keys)
        receipt = Receipt.read(note.text)
        assert (receipt.entry.seq, receipt.size) == (one["seq"], one["seq"])
        assert receipt.origin == found["origin"]
        assert seated.request.ticket in receipt.entry.body.values()
        answer = hers.get(f"/receipts/{seated.code}/{one['seq']}.txt")
        assert answer.text == one["note"]
        assert f"receipt-{seated.code}-{one['seq']}.txt" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "private, no-store"
    kinds = {Receipt.read(SignedNote.read(r["note"]).text).entry.kind for r in found["receipts"]}
    assert {Kind.FILED, Kind.SEAT_CONFIRMED} <= kinds


def test_the_whole_note_is_in_its_qr(hers: Browser, seated: WalkedCase) -> None:
    newest = listed(hers, seated)["receipts"][0]
    drawing = hers.get(f"/receipts/{seated.code}/{newest['seq']}.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert drawing.text == qr_svg(newest["note"])


def test_what_she_does_has_its_receipt_at_once(hers: Browser, seated: WalkedCase) -> None:
    before = listed(hers, seated)["receipts"][0]["seq"]
    seated.citizen(Action.GIVE_UP_SEAT)
    after = listed(hers, seated)["receipts"][0]
    assert after["seq"] > before
    entry = Receipt.read(SignedNote.read(after["note"]).text).entry
    assert entry.kind is Kind.SEAT_GIVEN_UP


def test_nobody_else_gets_any_and_hears_the_same_of_what_is_there_and_what_is_not(
    hers: Browser, browser: Browser, application: Application, seated: WalkedCase
) -> None:
    seq = listed(hers, seated)["receipts"][0]["seq"]
    browser.put_cookie("session", "")
    nothing = [
        as_answered(browser.get(path.replace(seated.code, "0506000000")))
        for path in paths(seated, seq)
    ]
    for enter in (
        lambda: None,
        lambda: sign_in(browser, application, someone(7)),
        lambda: sign_in_staff(browser, "desk"),
        lambda: sign_in_staff(browser, "mayor"),
    ):
        enter()
        answers = [browser.get(path) for path in paths(seated, seq)]
        assert {answer.status_code for answer in answers} == {404}
        for answer, other in zip(answers, nothing, strict=True):
            assert seated.request.ticket not in answer.text
            assert answer.status_code == other[0]


def test_an_entry_of_another_ticket_or_none_is_not_given(hers: Browser, seated: WalkedCase) -> None:
    for seq in ("1", "999999", str(10**30), "-1", "x", "1.5", "٣"):
        for form in ("txt", "svg"):
            assert hers.get(f"/receipts/{seated.code}/{seq}.{form}").status_code == 404


def test_the_script_of_her_page_finds_each_right(
    hers: Browser, seated: WalkedCase, scripts: Scripts
) -> None:
    found = listed(hers, seated)
    for one in found["receipts"]:
        result = scripts.run(CHECK, one, found)
        receipt = Receipt.read(SignedNote.read(one["note"]).text)
        assert result == {
            "seq": one["seq"],
            "mark": f"{one['seq']}-{receipt.root.hex()[:16]}",
            "key": Key.read(found["keys"][0]).id.hex(),
        }


@in_one_city("wrong", ["seq", "ticket", "note", "cut", "signature", "origin", "keys"])
def test_the_script_calls_nothing_right_that_is_not_hers_and_whole(
    hers: Browser, seated: WalkedCase, scripts: Scripts, wrong: str
) -> None:
    found = listed(hers, seated)
    one, other = found["receipts"][0], found["receipts"][1]
    forged = {**one}
    if wrong == "seq":
        forged["seq"] = one["seq"] + 1
    elif wrong == "ticket":
        found["ticket"] = "0" * 64
    elif wrong == "note":
        forged["note"] = other["note"]
    elif wrong == "cut":
        forged["note"] = one["note"][:-9]
    elif wrong == "signature":
        forged["note"] = one["note"].replace(":00Z", ":01Z").replace("seq", "seq", 1)
        forged["note"] = forged["note"].replace(f'"seq":{one["seq"]}', f'"seq":{one["seq"]}1')
    elif wrong == "origin":
        found["origin"] = "example.ir/log"
    else:
        found["keys"] = []
    with pytest.raises(ScriptError):
        scripts.run(CHECK, forged, found)
