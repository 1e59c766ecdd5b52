"""Journeys: pages of people in a real browser, over a served copy of the demo city.

A person in a browser is `meet("name")`. All modules share one served city (`shared_town`), unless a
module says `OWN_CITY = True`, which costs the start of a server. The first run builds the pages and
seeds the city, in about three minutes.
"""

import re
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from axe_core import axe_source
from person import MET, PATIENT, Meet, Person
from playwright.sync_api import Browser, expect, sync_playwright
from support.served_city import Served, served_city, servers_stand_by
from support.staff_tab import session_of
from towns import nothing_failed_in, read_anew

from publicmeeting.application import Application
from publicmeeting.cli.machine.debian import find_headless, provide_chromium
from publicmeeting.config import PROJECT

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
FAILED = PROJECT / "artifacts" / "failed"
TAKEN = PROJECT / "artifacts" / "journeys" / "seconds.txt"
# Expectations wait as long as presses do: a busy machine is no failure.
expect.set_options(timeout=PATIENT)
LONGEST_FIRST = (
    "test_axe",
    "test_whole_monday",
    "test_abuse",
    "test_sockets",
    "test_writing_by_hand",
    "test_axe_parts",
    "test_tablet_without_network",
    "test_hall_display",
    "test_leaving",
    "test_main_road",
    "test_a_week",
    "test_witness",
    "test_photographs",
    "test_interruptions",
    "test_first_picture",
    "test_forms_in_sight",
    "test_lost_connection",
    "test_restarted_server",
    "test_decisions",
)
"""Files that take longest, in this order; the others follow by name."""
SIZES = {"phone": (360, 740), "tablet": (1024, 768), "desk": (1280, 800), "wall": (1920, 1080)}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures", action="store_true", help="leave a picture of each named moment of a journey"
    )


def pytest_configure(config: pytest.Config) -> None:
    Person.leaves_pictures = bool(config.getoption("--pictures", default=False))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first: one that starts last leaves the other processor idle."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    return LONGEST_FIRST.index(path.stem) if path.stem in LONGEST_FIRST else len(LONGEST_FIRST)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Write the seconds of each file, the longest first; `LONGEST_FIRST` is ordered by it.

    A file that did not run has its seconds of the run before.
    """
    seconds: Counter[str] = Counter()
    for kind in ("", "passed", "failed", "error"):
        for report in terminalreporter.getreports(kind):
            if isinstance(report, pytest.TestReport):
                seconds[Path(report.nodeid.split("::")[0]).stem] += report.duration
    before = TAKEN.read_text(encoding="utf-8").split() if TAKEN.exists() else []
    known = Counter({**dict(zip(before[1::2], map(float, before[::2]), strict=True)), **seconds})
    lines = [f"{taken:6.1f} {name}" for name, taken in known.most_common()]
    TAKEN.parent.mkdir(parents=True, exist_ok=True)
    TAKEN.write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Store in `FAILED` what everybody saw, and the server's log, if a journey fails."""
    report = yield
    if report.failed and call.when == "call":
        folder = FAILED / re.sub(r"\W+", "-", item.name).strip("-")
        shutil.rmtree(folder, ignore_errors=True)
        for person in MET:
            person.leave_behind(folder)
        town = getattr(item, "funcargs", {}).get("town")
        if isinstance(town, Served):
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(town.log, folder / "server.log")
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_headless() or provide_chromium(), headless=True, args=list(QUIET)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _servers_stand_by() -> Iterator[None]:
    """Import once what every server imports, which takes most of a server's start."""
    with servers_stand_by():
        yield


@pytest.fixture(scope="session")
def shared_town() -> Iterator[Served]:
    """One served city for all modules that do not move its clock.

    Each module uses requests and citizens of its own in it.
    """
    with served_city() as served:
        yield served


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The served demo city, on Saturday 7 Azar 1405; its log must contain no traceback at the end.

    A module that moves the clock, or changes what others read, says `OWN_CITY = True`.
    """
    if getattr(request.module, "OWN_CITY", False):
        with served_city() as served:
            yield served
            nothing_failed_in(served)
        return
    served = request.getfixturevalue("shared_town")
    before = served.log.stat().st_size
    yield served
    nothing_failed_in(served, before)


@pytest.fixture(scope="module")
def application(town: Served) -> Iterator[Application]:
    """The same city's data, to look something up."""
    with read_anew(town.settings) as application:
        yield application


def met_in(request: pytest.FixtureRequest, name: str, size: str, **other: object) -> Person:
    """Return a person with her own browser in the test's city; the caller closes her context."""
    width, height = SIZES[size]
    chromium: Browser = request.getfixturevalue("chromium")
    town: Served = request.getfixturevalue("town")
    context = chromium.new_context(
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        viewport={"width": width, "height": height},
        base_url=town.origin,
        has_touch=size == "phone",
        **other,
    )

    def opened(username: str) -> str:
        return session_of(request.getfixturevalue("application"), username)

    return Person(name, context, town.origin, opened)


@pytest.fixture
def meet(town: Served, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """`meet("citizen", size="phone")` is a person in a new browser, who must see no error."""
    met: list[Person] = []

    def one(name: str, size: str = "phone", **other: object) -> Person:
        met.append(met_in(request, name, size, **other))
        return met[-1]

    yield one
    problems = {person.name: person.problems for person in met if person.problems}
    for person in met:
        person.context.close()
    assert problems == {}


@pytest.fixture(scope="module")
def still_there(town: Served, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """As `meet`, but a person asked for twice in a row keeps her browser, with the program loaded.

    A test looks at her `problems` itself.
    """
    there: list[Person] = []

    def one(name: str, size: str = "phone") -> Person:
        if not there or there[0].name != name:
            leaves()
            there.append(met_in(request, name, size))
        return there[0]

    def leaves() -> None:
        while there:
            there.pop().context.close()

    yield one
    leaves()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, adapted to Persian."""
    return axe_source()
