"""The witness's program against this city: it copies, checks and signs the log."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.large.bulk import set_head
from browsers import Browser
from sqlmodel import col, update
from support.clock import FixedClock
from support.line import MONDAY, Line
from support.triggers import drop_triggers
from support.witness_keys import key_of, seed_of
from witness_command import command

from publicmeeting.kit.jalali import iso
from publicmeeting.store.database.rows.city import LogRow
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.log import canonical
from publicmeeting.turns.tree.merkle import Edge
from publicmeeting.turns.tree.note import SignedNote
from publicmeeting.usecases.public_record.cosigning import moments, note_to_sign

witness = command()
FOUND, REFUSED = 200, 400
TUESDAY = MONDAY - timedelta(days=6)


class Reached(witness.City):
    """The city, reached without a network."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def get(self, path: str) -> bytes:
        answer = self.browser.get(f"/log/{path}")
        if answer.status_code != FOUND:
            raise witness.NotNow(path)
        return answer.content

    def post(self, path: str, data: bytes, kind: str) -> bytes | None:
        answer = self.browser.post(f"/log/{path}", headers={"Content-Type": kind}, content=data)
        return answer.content if answer.status_code == FOUND else None


@pytest.fixture
def folder(line: Line, tmp_path: Path) -> Path:
    return installed(line, tmp_path / "council", "council")


def installed(line: Line, folder: Path, party: str) -> Path:
    with line.reading() as uow:
        keys = uow.log.keys().announced
    settings = {"party": party, "name": key_of(party).name, "city_keys": keys}
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "seed").write_text(b64encode(seed_of(party)).decode())
    return folder


def rounds(browser: Browser, folder: Path, clock: FixedClock) -> Any:
    return witness.Rounds(witness.Copy(folder), Reached(browser), lambda: clock.now)


def test_a_witness_copies_the_log_and_the_city_keeps_her_signature(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    rounds(browser, folder, clock).once()
    line.until(TUESDAY, "12:30")
    size = len(line.log())
    rounds(browser, folder, clock).once()
    note = SignedNote.read(browser.get(f"/log/note/{size}").content)
    assert set(note.signed_by([key_of("council")])) == {key_of("council")}
    assert browser.get("/log/notes").json()[-1] == size


def test_two_who_look_at_different_minutes_sign_one_note(
    browser: Browser, line: Line, folder: Path, clock: FixedClock, tmp_path: Path
) -> None:
    """So a city that writes an entry each minute still has a quorum under one note."""
    press = installed(line, tmp_path / "press", "press")
    line.until(TUESDAY, "22:00")
    rounds(browser, folder, clock).once()
    first = browser.get("/log/notes").json()[-1]
    line.file(1)
    line.until(TUESDAY, "22:01")
    for path in (press, folder):
        rounds(browser, path, clock).once()
    both = {key_of("council"), key_of("press")}
    note = SignedNote.read(browser.get(f"/log/note/{first}").content)
    assert set(note.signed_by(list(both))) == both
    with line.reading() as uow:
        (closed,) = [moment for moment in moments(uow, MONDAY) if moment.kind == "reveals_closed"]
        assert set(closed.by_party) == {"council", "press"}
        assert note_to_sign(uow) == first


def test_a_week_missed_is_copied_with_the_next_round(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    rounds(browser, folder, clock).once()
    line.until(MONDAY + timedelta(days=2), "12:30")
    entries = [entry.data for entry in line.log()]
    watching = rounds(browser, folder, clock)
    watching.once()
    assert watching.copy.entries == entries


def test_what_the_command_seals_it_opens_in_its_hours(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    """Otherwise the institution would be named as silent."""
    rounds(browser, folder, clock).once()
    assert {entry["party"] for entry in line.entries("commitment")} == {"city", "council"}
    line.until(TUESDAY, "19:59")
    rounds(browser, folder, clock).once()
    assert line.entries("reveal") == []
    line.until(TUESDAY, "20:05")
    rounds(browser, folder, clock).once()
    line.until(TUESDAY, "22:00")
    (closed,) = line.entries("reveals_closed")
    assert (closed["revealed"], closed["silent"]) == (["city", "council"], [])


def test_a_number_sealed_by_another_key_is_not_taken(
    browser: Browser, line: Line, folder: Path
) -> None:
    line.worker.tick()
    (folder / "seed").write_text(b64encode(seed_of("press")).decode())
    promised = commitment("council", "ab" * 32)
    sig = witness.Copy(folder).sign_words("commitment", iso(MONDAY), promised)
    word = {"monday": iso(MONDAY), "party": "council", "commitment": promised, "sig": sig}
    answer = browser.post("/log/commitment", headers={}, content=json.dumps(word).encode())
    assert answer.status_code >= REFUSED
    assert {entry["party"] for entry in line.entries("commitment")} == {"city"}


def test_a_city_that_rewrites_an_old_entry_and_signs_again_is_refused_with_both_notes(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    """Its owner controls database, server and key, and so leaves, head and newest note."""
    line.file(2)
    for _ in range(2):  # the second round copies the commitments of the first
        rounds(browser, folder, clock).once()
    with line.city.application.store.unit_of_work(clock.now) as uow:
        entries = uow.log.after(0, 1000)
        old = next(one for one in entries if one.kind == "filed")
        forged = replace(old, body={**old.body, "ticket": "0" * 64})
        drop_triggers(uow)
        uow.connection.execute(
            update(LogRow)
            .where(col(LogRow.seq) == old.seq)
            .values(body=canonical(forged.body), leaf=forged.leaf)
        )
        edge = Edge()
        for entry in entries:
            edge.append(forged.leaf if entry.seq == old.seq else entry.leaf)
        set_head(uow.log, edge, entries[-1].at)
    with pytest.raises(witness.Refused):
        rounds(browser, folder, clock).once()
    (place,) = folder.glob("rewritten-*")
    notes = [SignedNote.read((place / name).read_bytes()) for name in ("old.note", "new.note")]
    sizes_and_roots = {note.text.split("\n", 2)[1]: note.text for note in notes}
    assert len({note.text for note in notes}) == 2
    assert len(sizes_and_roots) == 1
