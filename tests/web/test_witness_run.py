"""The command for institutions against this very city: it copies, checks and signs its log."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browsers import Browser
from support.city import City
from support.clock import FixedClock
from support.line import MONDAY, Line
from support.witness_keys import key_of, seed_of
from witness_command import command

from publicmeeting.turns.note import SignedNote

witness = command()
FOUND = 200


class Reached(witness.City):
    """The city without a network."""

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
def line(city: City, clock: FixedClock) -> Line:
    return Line(city, clock)


@pytest.fixture
def folder(line: Line, tmp_path: Path) -> Path:
    with line.reading() as uow:
        keys = uow.log.keys().announced
    settings = {"party": "council", "name": key_of("council").name, "city_keys": keys}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    (tmp_path / "seed").write_text(b64encode(seed_of("council")).decode())
    return tmp_path


def rounds(browser: Browser, folder: Path, clock: FixedClock) -> Any:
    return witness.Rounds(witness.Copy(folder), Reached(browser), lambda: clock.now)


def test_a_witness_copies_the_log_and_the_city_keeps_her_signature(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    rounds(browser, folder, clock).once()
    line.until(MONDAY - timedelta(days=6), "12:30")
    rounds(browser, folder, clock).once()
    with line.reading() as uow:
        size = uow.log.head().seq
    note = SignedNote.read(browser.get(f"/log/note/{size}").content)
    assert set(note.signed_by([key_of("council")])) == {key_of("council")}
    assert browser.get("/log/notes").json()[-1] == size


def test_a_week_missed_is_copied_with_the_next_round(
    browser: Browser, line: Line, folder: Path, clock: FixedClock
) -> None:
    rounds(browser, folder, clock).once()
    line.until(MONDAY + timedelta(days=2), "12:30")
    watching = rounds(browser, folder, clock)
    watching.once()
    assert len(watching.copy.entries) == len(line.log())
