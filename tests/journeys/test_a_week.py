"""A week of one line, from the freeze to Sunday, on pages that stay open and are never reloaded.

Seven citizens compete for four seats; two witnesses act with programs of their own, and a screen
hangs on the wall.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from filing_steps import TEXT, TITLE
from person import Meet, Person, soon
from playwright.sync_api import expect
from support.citizens import Someone, citizen, file, someone
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.public_record import ceremony_text, verify_text
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.turns.formulas import CITY
from publicmeeting.ui.public.verify.page import COMMAND
from publicmeeting.usecases.public_record.ceremony import Ceremony, OneMonday
from publicmeeting.usecases.public_record.ceremony import ceremony as ceremony_of

OWN_CITY = True

DAY = "1405-09-16"
WITNESSES = ("council", "inspection")
"""Witnesses who do their part of the week by their own program."""
SEATS = 4
STANDBYS = 3
"""Standbys: one refuses, one accepts, and one is asked on Saturday night and does not answer."""


@dataclass(frozen=True)
class Citizen:
    """One of the seven, at her open timeline."""

    person: Person
    ticket: str

    def sees(self, words: str) -> None:
        self.person.sees(words)

    def taps(self, label: str) -> None:
        self.person.button(label).click()

    def is_called(self, head: str) -> None:
        """Check that her page shows the city's question under this heading."""
        expect(self.person.page.get_by_role("heading", name=head, exact=True)).to_be_visible()

    def is_not_called(self, head: str) -> None:
        expect(self.person.page.get_by_role("heading", name=head, exact=True)).to_have_count(0)


@pytest.fixture
def wall(meet: Meet) -> Person:
    """The screen in the hall; its demo bar moves the city's clock."""
    return meet("wall", "wall")


def test_a_week_from_the_freeze_to_sunday(
    meet: Meet, wall: Person, town: Served, application: Application, tmp_path: Path
) -> None:
    district = an_empty_line(application)
    seven = [
        files_and_watches(meet(f"citizen{at}"), someone(71_000 + at), district, town, application)
        for at in range(1, SEATS + STANDBYS + 1)
    ]
    wall.goes(f"/ceremony/?monday={DAY}")
    wall.sees(ceremony_text.NOW["open"])
    wall.sees(ceremony_text.NO_WITNESS)

    wall.moves_clock("freeze")
    wall.sees(ceremony_text.NOW["frozen"])
    expect(wall.page.get_by_text(ceremony_text.COMMITTED)).to_have_count(1 + len(WITNESSES))
    wall.shot("frozen")
    for one in seven:
        one.sees(case_text.WAIT)
    wall.page.locator(f".ceremony-map .d{district}").click()

    wall.moves_clock("reveals")
    wall.sees(ceremony_text.NOW["revealing"])
    wall.sees(ceremony_text.SHOWN)
    wall.shot("revealing")
    wall.moves_clock("sealed")
    wall.sees(ceremony_text.NOW["sealed"])
    expect(wall.page.get_by_text(ceremony_text.SHOWN)).to_have_count(1 + len(WITNESSES))
    wall.shot("sealed")
    wall.moves_clock("value")
    wall.sees(ceremony_text.NEXT["entering"])
    assert states(application, district) == {"frozen"}, "the number does not stand yet"
    wall.shot("entering")
    wall.moves_clock("draw")
    wall.sees(ceremony_text.NOW["drawn"])
    soon(lambda: states(application, district) == {"drawn"})

    drawn = served(wall, f"/verify/draws/d{district:02d}-{DAY}.json").json()
    assert set(drawn["reveals"]) == {CITY, *WITNESSES}
    wall.sees(grouped(int(drawn["late_value"])))
    wall.sees(drawn["seated"][0]["ticket"][:8])
    wall.shot("drawn")

    of = {one.ticket: one for one in seven}
    comes, gives_up, silent, comes_too = (of[one["ticket"]] for one in drawn["seated"])
    refuses, accepts, sleeps = (of[ticket] for ticket in drawn["standby"])
    answers_the_invitation(comes, comes_too, gives_up, silent)
    a_seat_goes_down_the_line(gives_up, refuses, accepts, sleeps)

    wall.moves_clock("answer_by")
    silent.sees(DONE[Action.LAPSE_SEAT])
    silent.person.shot("lapsed")
    sleeps.is_called(case_text.OFFER_HEAD)
    sleeps.person.shot("offered-at-night")
    wall.moves_clock("standby_until")
    sleeps.sees(DONE[Action.LAPSE_SEAT])
    sleeps.is_not_called(case_text.OFFER_HEAD)

    log = everything_is_checked_offline(wall, tmp_path)
    assert entries_of(log, set(of)) == [
        ("seat_confirmed", comes.ticket),
        ("seat_confirmed", comes_too.ticket),
        ("seat_given_up", gives_up.ticket),
        ("offered", refuses.ticket),
        ("offer_refused", refuses.ticket),
        ("offered", accepts.ticket),
        ("offer_accepted", accepts.ticket),
        ("seat_lapsed", silent.ticket),
        ("offered", sleeps.ticket),
        ("offer_unanswered", sleeps.ticket),
    ]
    proves_her_turn(accepts, district, drawn["draw"])


def an_empty_line(application: Application) -> int:
    """Return a district of the demo city in which nobody waits or may still be taken in."""
    before = (
        Stage.SUBMITTED,
        Stage.NEEDS_INFO,
        Stage.ANSWERED,
        Stage.WAITING,
        Stage.INVITED,
        Stage.CONFIRMED,
    )
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        lines = uow.lists.requests(Filter(stages=before), limit=1000)
    return next(n for n in range(1, 23) if n not in {line.district for line in lines})


def files_and_watches(
    person: Person, who: Someone, district: int, town: Served, application: Application
) -> Citizen:
    """File a request that no desk screens, so that the clock takes it into the line."""
    keys = citizen(application, who.mobile)
    request = file(application, who, keys, district=str(district), title=TITLE, text=TEXT)
    person.has_signed_in(keys.session, town.origin)
    person.goes(f"/mine/{request.code}/")
    return Citizen(person, request.ticket)


def states(application: Application, district: int) -> set[str]:
    seen: Ceremony = application.query_as(NOBODY, ceremony_of, OneMonday(monday=DAY))
    return {draw.figures.state for draw in seen.draws if draw.figures.district == district}


def answers_the_invitation(
    comes: Citizen, comes_too: Citizen, gives_up: Citizen, silent: Citizen
) -> None:
    """Answer on the pages that were open when the draw ran."""
    for one in (comes, comes_too, gives_up, silent):
        one.is_called(road_text.TURN_HEAD)
    comes.person.shot("invited")
    for one in (comes, comes_too):
        one.taps(ACTION[Action.CONFIRM])
        one.sees(DONE[Action.CONFIRM])
    gives_up.taps(ACTION[Action.GIVE_UP_SEAT])
    gives_up.sees(case_text.LEAD[Action.GIVE_UP_SEAT])
    gives_up.person.shot("gives-up")
    gives_up.taps(case_text.BUTTON[Action.GIVE_UP_SEAT])
    gives_up.sees(case_text.OWN[Action.GIVE_UP_SEAT])
    gives_up.is_not_called(road_text.TURN_HEAD)


def a_seat_goes_down_the_line(
    gives_up: Citizen, refuses: Citizen, accepts: Citizen, sleeps: Citizen
) -> None:
    """Offer a seat to one standby after another; each answers with one tap."""
    refuses.is_called(case_text.OFFER_HEAD)
    refuses.sees(case_text.OFFER_WHY)
    refuses.person.shot("offered")
    for other in (accepts, sleeps, gives_up):
        other.is_not_called(case_text.OFFER_HEAD)
    refuses.taps(case_text.DECLINE_OFFER)
    accepts.is_called(case_text.OFFER_HEAD)
    accepts.taps(ACTION[Action.CONFIRM])
    accepts.sees(DONE[Action.CONFIRM])
    accepts.person.shot("accepted")
    for other in (refuses, sleeps):
        other.is_not_called(case_text.OFFER_HEAD)


def served(person: Person, path: str) -> Any:
    answer = person.context.request.get(path)
    assert answer.ok, path
    return answer


def everything_is_checked_offline(wall: Person, folder: Path) -> list[dict[str, Any]]:
    """Download archive and auditor as anybody may, and run the audit; returns the log's entries."""
    wall.goes("/verify/")
    archive = downloaded(wall, verify_text.EVERYTHING, folder)
    program = downloaded(wall, verify_text.PROGRAM, folder)
    assert (archive.name, program.name) == ("everything.zip", "verify_draw.py")
    assert program.read_bytes() == (PROJECT / "assets" / "verify_draw.py").read_bytes()
    expect(wall.page.get_by_text(COMMAND, exact=True)).to_be_visible()
    lines, status = audited(program, archive)
    assert status == 0, lines
    assert lines[-1].startswith("درست: ")
    with ZipFile(archive) as whole:
        whole.extractall(folder)
    return one_lie_is_named(program, folder / "everything")


def downloaded(person: Person, label: str, folder: Path) -> Path:
    with person.page.expect_download() as begun:
        person.page.get_by_role("link", name=label, exact=True).click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    return path


def audited(program: Path, copy: Path) -> tuple[list[str], int]:
    """Run the auditor as on another machine, with the command that the page shows."""
    done = subprocess.run(
        [sys.executable, "-I", program, copy, "--lang", "fa"],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout.splitlines(), done.returncode


def one_lie_is_named(program: Path, copy: Path) -> list[dict[str, Any]]:
    """Change the seed of the last draw in the copy, which the auditor must name; return entries."""
    tiles = sorted(one for one in (copy / "tile" / "entries").rglob("*") if one.is_file())
    entries = [json.loads(one) for path in tiles for one in read_bundle_of(path)]
    entries.sort(key=lambda entry: int(entry["seq"]))
    drawn = next(entry for entry in reversed(entries) if entry["kind"] == "draw")
    seed = drawn["body"]["seed"].encode()
    for path in tiles:
        path.write_bytes(path.read_bytes().replace(seed, b"0" * len(seed)))
    lines, status = audited(program, copy)
    assert (status, lines[-1].partition(":")[0]) == (1, "نادرست")
    named = f"ثبت {persian(drawn['seq'])} · {drawn['body']['draw']}: "
    assert any(line.startswith(named) and line.endswith("[seed_differs]") for line in lines), lines
    assert any("دفتر از نو نوشته شده است" in line or "ریشهٔ" in line for line in lines), lines
    return entries


def read_bundle_of(path: Path) -> Iterator[bytes]:
    data, at = path.read_bytes(), 0
    while at < len(data):
        begins = at + 2
        at = begins + int.from_bytes(data[at:begins])
        yield data[begins:at]


def entries_of(log: list[dict[str, Any]], tickets: set[str]) -> list[tuple[str, str]]:
    """Return what the log has about the seats of these tickets, in order."""
    return [
        (entry["kind"], entry["body"]["ticket"])
        for entry in log
        if entry["body"].get("ticket") in tickets
        and entry["kind"].startswith(("seat_", "offer", "waited", "taken_free"))
    ]


def proves_her_turn(who: Citizen, district: int, draw: str) -> None:
    """Check that her own browser shows a tick for each thing it has checked."""
    person = who.person
    person.goes(f"/verify/#d={district}&t={who.ticket}&draw={draw}")
    expect(person.page.get_by_label(verify_text.DRAW)).to_have_value(draw)
    person.button(verify_text.GO).click()
    person.sees(verify_text.ALL_WELL)
    person.sees(verify_text.PLACE_STANDBY.format(place=persian(2)))
    for words in (
        verify_text.SEAL,
        verify_text.ROW,
        verify_text.ROOT_LOGGED,
        verify_text.FILE,
        verify_text.PLACE,
    ):
        person.sees(words)
    expect(person.page.get_by_text(ceremony_text.ONLY_CITY)).to_have_count(0)
    person.shot("proved")
