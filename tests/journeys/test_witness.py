"""Weeks of two witnesses: one uses the page with a key of the browser, one the program."""

import json
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import pytest
from person import Meet, Person, soon
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import from_iso
from publicmeeting.text.line import witness_text
from publicmeeting.text.line.rules_text import WEAKER
from publicmeeting.text.line.witness_text import PARTY_NAMES
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.rules.weaker import Weaker
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import RulesForm, announce_rules, form_of, rules_draft
from publicmeeting.web.plain.witness import witness_script
from publicmeeting.worker.demo import DEMO_WITNESSES

OWN_CITY = True

SAY = witness_text.PAGE
ISO, NEXT_ISO = "1405-09-16", "1405-09-23"
COUNCIL, INSPECTION = DEMO_WITNESSES
BOTH = ["city", COUNCIL.party]


@pytest.fixture
def council(meet: Meet) -> Iterator[Person]:
    person = meet("council", "phone")
    yield person
    person.shot("at-the-end")


def weeks(origin: str) -> dict:
    with urlopen(f"{origin}/witness/weeks.json") as answer:
        return json.load(answer)


def week(origin: str, monday: str) -> dict:
    return next(one for one in weeks(origin)["mondays"] if one["monday"] == monday)


def entries(application: Application, monday: str, kind: Kind) -> list[Mapping]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.log.of_kind(kind, application.clock() - timedelta(weeks=9))
    return [entry.body for entry in found if entry.body["monday"] == monday]


def press(person: Person, word: str) -> None:
    person.page.get_by_role("button", name=word, exact=True).click()


def test_a_witness_goes_through_a_week_on_her_phone(
    council: Person, meet: Meet, application: Application
) -> None:
    council.page.goto(f"{council.origin}/witness/")
    expect(council.page.get_by_text(SAY["make_head"])).to_be_visible()
    press(council, SAY["make"])
    expect(council.page.get_by_text(SAY["wrong_kind"])).to_be_visible()
    expect(council.page.locator("#party")).to_be_hidden()
    council.page.locator("#kind").select_option(label=SAY["other"])
    press(council, SAY["make"])
    expect(council.page.get_by_text(SAY["wrong_party"])).to_be_visible()
    council.shot("who-she-is")

    council.page.locator("summary", has_text=SAY["restore_head"]).click()
    council.page.locator("#kind").select_option(label=PARTY_NAMES[COUNCIL.party])
    council.page.locator("#org").fill(COUNCIL.org)
    council.page.locator("#poster").check()
    council.page.locator("#paper").fill(COUNCIL.seed.hex())
    press(council, SAY["restore"])
    expect(council.page.get_by_text(SAY["step_committed"]).first).to_be_visible()
    you = council.page.get_by_text(SAY["you"])
    expect(you).to_contain_text(PARTY_NAMES[COUNCIL.party])
    expect(you).not_to_contain_text(COUNCIL.party)
    # It commits by itself, for each open Monday; for the other Monday it had done so before.
    soon(lambda: [entry["party"] for entry in entries(application, ISO, Kind.COMMITMENT)] == BOTH)
    mark = council.page.locator("#code")
    council.page.locator("summary", has_text=SAY["code_head"]).click()
    # The page computes it in its own time.
    expect(mark).to_have_text(sha256(witness_script().encode()).hexdigest())
    assert council.overflowing() == []

    crowd = meet("crowd", "phone")
    crowd.goes("/ceremony/")
    crowd.moves_clock("freeze")
    crowd.moves_clock("reveals")
    council.page.reload()
    press(council, SAY["reveal"])
    expect(council.page.get_by_text(SAY["step_revealed"]).first).to_be_visible()
    assert "council" in [entry["party"] for entry in entries(application, ISO, Kind.REVEAL)]
    press(council, SAY["sign"])
    expect(council.page.get_by_text(re.compile("امضا شد"))).to_be_visible()

    crowd.moves_clock("sealed")
    crowd.moves_clock("value")
    council.page.reload()
    number = council.page.locator(f"#value-{ISO}")
    number.fill("۲۱۸۵۹۷۹٫۴")
    press(council, SAY["value_send"])
    expect(council.page.get_by_text(SAY["decimals"])).to_be_visible()
    number.fill("۲٬۱۸۵٬۹۷۹")
    press(council, SAY["value_send"])
    expect(council.page.get_by_text(re.compile("عدد در دفتر است"))).to_be_visible()
    values = [
        entry for entry in entries(application, ISO, Kind.VALUE) if entry["party"] == "council"
    ]
    assert [value["value"] for value in values] == ["2185979"]

    proposes_more_lanes(application)
    reads_what_they_change(council)


def reads_what_they_change(council: Person) -> None:
    council.page.reload()
    for words in (WEAKER[Weaker.LANES], SAY["proposal_sign"], "witness.py rules --sign"):
        expect(council.page.get_by_text(words)).to_be_visible()
    council.shot("rules-are-proposed")


def proposes_more_lanes(application: Application) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account = uow.accounts.by_username("admin")
        assert account is not None
    admin = Actor(account_id=account.id, name=account.name, grants=account.grants)
    draft = application.query_as(admin, rules_draft, Nothing())
    fields = {**form_of(draft.newest.rules.body), "access": "2"}
    form = RulesForm.model_validate({**fields, "from_on": draft.mondays[2].isoformat()})
    application.execute_as(admin, announce_rules, form)


OLD_BROWSER = """crypto.subtle.importKey = () =>
  Promise.reject(new DOMException("", "NotSupportedError"));"""


def test_a_browser_that_cannot_sign_is_told_what_to_do(meet: Meet) -> None:
    old = meet("old-browser", "phone")
    old.context.add_init_script(OLD_BROWSER)
    old.page.goto(f"{old.origin}/witness/")
    expect(old.page.get_by_text(SAY["old_browser"])).to_be_visible()
    expect(old.page.locator("main button")).to_have_count(0)
    old.shot("told")


class Institution:
    """A folder on another machine, and the program that was downloaded to it."""

    def __init__(self, folder: Path, origin: str, application: Application) -> None:
        self.folder, self.origin, self.application = folder, origin, application
        self.program = folder / "witness.py"
        with urlopen(f"{origin}/witness.py") as answer:
            self.program.write_bytes(answer.read())
        keys = [word for key in weeks(origin)["keys"] for word in ("--city-key", key)]
        name = INSPECTION.key.name
        self.does("keygen", "--party", INSPECTION.party, "--name", name, *keys)

    def does(self, command: str, *words: str, code: int = 0, keep: bool = True) -> str:
        folder = ["--dir", str(self.folder / "keep")] if keep else []
        line = [sys.executable, str(self.program), command, *folder, *words]
        done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def runs(self, *words: str, code: int = 0) -> str:
        """Run the program for one round, at the demo city's time."""
        now = self.application.city_now().astimezone(UTC)
        at = ["--pretend-now", f"{now:%Y-%m-%dT%H:%M:%SZ}"]
        return self.does("run", "--city", self.origin, "--once", *at, *words, code=code)


def test_an_institution_installs_the_command_misses_a_week_and_comes_back(
    meet: Meet, application: Application, tmp_path: Path
) -> None:
    crowd = meet("crowd", "phone")
    crowd.goes("/ceremony/")
    house = Institution(tmp_path, crowd.origin, application)
    first, second = untouched(crowd.origin)[:2]
    assert (house.program).read_bytes() == (PROJECT / "assets" / "witness.py").read_bytes()
    house.runs()
    assert committed(application, first) == [], "its key is not in the rules"
    (house.folder / "keep" / "seed").write_text(b64encode(INSPECTION.seed).decode())
    house.runs()
    assert committed(application, first) == ["inspection"]
    value = (house.folder / "keep" / "values" / first).read_text()
    assert sizes(crowd.origin), "the city keeps the note it signed"

    crowd.moves_clock("freeze")
    crowd.moves_clock("meetings")
    (closed,) = entries(application, first, Kind.REVEALS_CLOSED)
    assert "inspection" in closed["silent"], "nobody ran it all week"
    assert value not in [entry["value"] for entry in entries(application, first, Kind.REVEAL)]
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert {figures.state for figures in uow.draw_figures.of(from_iso(first))} == {"drawn"}

    house.runs()
    assert committed(application, second) == ["inspection"]
    crowd.moves_clock("freeze")
    crowd.moves_clock("reveals")
    house.runs()
    shown = [entry["party"] for entry in entries(application, second, Kind.REVEAL)]
    assert "inspection" in shown
    crowd.moves_clock("sealed")
    house.runs()
    crowd.moves_clock("value")
    house.runs("--value", "۲٬۱۸۵٬۹۷۹")
    values = entries(application, second, Kind.VALUE)
    assert ("inspection", "2185979") in [(one["party"], one["value"]) for one in values]
    signed = next(one for one in week(crowd.origin, second)["moments"])
    assert "inspection" in signed["signed"]
    assert (
        house.does("page", "--city", crowd.origin, keep=False)
        .strip()
        .endswith(sha256(witness_script().encode()).hexdigest())
    )


def untouched(origin: str) -> list[str]:
    """Return the open Mondays for which the inspection has not committed yet."""
    mondays = [one for one in weeks(origin)["mondays"] if INSPECTION.party not in one["parties"]]
    return sorted(monday["monday"] for monday in mondays)


def committed(application: Application, monday: str) -> list[str]:
    """Return who has committed for a Monday, besides the city and the other witness."""
    found = [entry["party"] for entry in entries(application, monday, Kind.COMMITMENT)]
    return [one for one in found if one == INSPECTION.party]


def sizes(origin: str) -> list[int]:
    with urlopen(f"{origin}/log/notes") as answer:
        return json.load(answer)
