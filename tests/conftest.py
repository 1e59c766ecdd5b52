"""Fixtures for every test that needs more than plain values.

`application` is the whole service without pages, over a database of its own. A test that also names
`city` has a small city founded in it; one that names `line` has its Mondays open. A test with a
database runs once on each engine; `--engine` chooses one.

Each test gets a copy of a template database. The templates are made at their first use in a
session, so a copy costs about a tenth of a second.
"""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter
from support import walk
from support.brief_readings import watch_brief_readings
from support.city import FEW, City, found, found_and_open, open_application
from support.clock import FixedClock
from support.databases import SqliteTemplates, Templates, folder_in_memory, postgres
from support.engines import ENGINES, engine_of, is_chosen, may_hold_chosen
from support.forks import Forks
from support.forks import forks as forking
from support.hall import Guest, Hall
from support.line import Line
from support.once import walk_always, walked_if_replaced
from support.statement_cover import StatementCover
from support.stores import moto, rclone

from publicmeeting.application import Application
from publicmeeting.cli.commands.test import FAILED_FILES
from publicmeeting.config import S3
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.usecases.accounts.factors import second_step
from publicmeeting.usecases.accounts.signing_in.sign_in import HASHES


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=ENGINES,
        help="sqlite: leave out what needs PostgreSQL; postgresql: what is chosen for it",
    )
    parser.addoption("--all", action="store_true", help="run every test on every engine")
    parser.addoption("--walks", type=int, default=0, help="so many random weeks of each kind")
    parser.addoption(
        "--statements",
        action="store_true",
        help="fail if a statement is sent only by tests that PostgreSQL does not run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """With one engine chosen, put temporary files into memory; no server uses them then."""
    # A library that reads QR codes complains of objects that still exist when its process ends.
    config.add_cleanup(gc.unfreeze)
    watch_brief_readings()
    if config.getoption("--engine") and (folder := folder_in_memory()):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)
    if config.getoption("--statements"):
        config.pluginmanager.register(StatementCover(config))
        walk_always()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exclude everything that is collected from garbage collection until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import files without a chosen test if only PostgreSQL runs."""
    is_narrow = config.getoption("--engine") == "postgresql" and not config.getoption("--all")
    is_left_out = is_narrow and collection_path.is_file() and not may_hold_chosen(collection_path)
    return True if is_left_out else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    engine, is_whole = config.getoption("--engine"), config.getoption("--all")
    runs, left_out = [], []
    for item in items:
        on = engine_of(item)
        is_wanted = engine in {None, on} and (on == "sqlite" or is_whole or is_chosen(item))
        (runs if is_wanted else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = runs


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Store the names of the failed files, which the step then runs again."""
    reports = [
        report for kind in ("failed", "error") for report in terminalreporter.getreports(kind)
    ]
    files = sorted({report.nodeid.split("::")[0] for report in reports})
    if files and (named := os.environ.get(FAILED_FILES)):
        Path(named).parent.mkdir(parents=True, exist_ok=True)
        Path(named).write_text("\n".join(files), encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def real_hashes() -> Iterator[dict[str, Any]]:
    """The real cost of a password's hash; while tests run, hashing is cheap."""
    real = HASHES.to_dict()
    HASHES.update(argon2__memory_cost=8, argon2__time_cost=1)
    yield real
    HASHES.load(real)


@pytest.fixture(scope="session", autouse=True)
def real_paper_cost() -> Iterator[int]:
    """The real cost of a recovery code's hash; while tests run, hashing is cheap."""
    real = second_step._COST
    second_step._COST = 2
    yield real
    second_step._COST = real


@pytest.fixture
def monkeypatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """As pytest's; a test that replaces something gets no copied walk (`support/once.py`)."""
    with walked_if_replaced(monkeypatch):
        yield monkeypatch


@pytest.fixture
def clock() -> FixedClock:
    """The city's clock: Saturday 21 November 2026, 9:30 in Tehran, until a test moves it."""
    return FixedClock()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    return SqliteTemplates(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_templates() -> Iterator[Templates]:
    with postgres() as templates:
        yield templates


@pytest.fixture(scope="session")
def rclone_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """A bucket of a store that checks keys and signatures."""
    with rclone(tmp_path_factory.mktemp("stores") / "rclone") as settings:
        yield settings


@pytest.fixture(scope="session")
def moto_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """A bucket of a store in memory."""
    with moto(tmp_path_factory.mktemp("stores") / "moto") as settings:
        yield settings


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Starts other processes of the city, forked from one that has imported the program."""
    with forking(tmp_path_factory.mktemp("forks")) as begun:
        yield begun


@pytest.fixture(params=ENGINES)
def templates(request: pytest.FixtureRequest) -> Templates:
    """Templates of each engine the service runs on, one after the other."""
    found: Templates = request.getfixturevalue(f"{request.param}_templates")
    return found


@pytest.fixture
def engine_url(templates: Templates) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    url = templates.copy("empty")
    yield url
    templates.drop(url)


@pytest.fixture
def districts() -> tuple[int, ...]:
    """Districts of the city; a module about all of them overrides this fixture with `WHOLE`."""
    return FEW


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, districts: tuple[int, ...]
) -> Iterator[str]:
    """The URL of a migrated database.

    It holds a city if the test asks for `city`, and the city's first Mondays are open if the test
    asks for `line`.
    """
    if "city" in request.fixturenames:
        name, tell = ("line", found_and_open) if "line" in request.fixturenames else ("city", found)

        def fill(template: str) -> None:
            tell(template, tmp_path / "template", districts)

        url = templates.copy(f"{name}_{len(districts)}", fill)
    else:
        url = templates.copy("empty")
    yield url
    templates.drop(url)


@pytest.fixture
def application(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Application]:
    """The whole service without pages, over a database, a folder and a clock of its own."""
    application = open_application(database_url, tmp_path / "images", clock)
    yield application
    application.store.close()


@pytest.fixture
def city(application: Application) -> City:
    """The small city (`support/city.py`): two districts and an account for each role."""
    return City(application)


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    return Line(city, clock)


@pytest.fixture
def guest(hall: Hall) -> Guest:
    """The first guest of the fixture `hall`, before the door."""
    return hall.guests[0]


@pytest.fixture
def as_(city: City) -> Callable[[str], Actor]:
    """`as_("desk")` is the actor of an account of the city."""
    return city.as_


@pytest.fixture
def a_request(city: City) -> Callable[..., walk.WalkedCase]:
    """`a_request(at=Stage.WAITING)` is a request walked to that stage, with its citizen.

    Walking far costs seconds; the first walk of a session to a stage is copied for later tests on
    SQLite.
    """

    def walked(at: Stage = Stage.SUBMITTED, **form: object) -> walk.WalkedCase:
        return walk.a_request(city, at, **form)

    return walked
