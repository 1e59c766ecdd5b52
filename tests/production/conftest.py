"""A city installed as docs/operations.md says, on this machine.

It is a release with two server processes, PostgreSQL, Redis, a gateway, and HAProxy without sticky
sessions. All tests of a session share it.
"""

import csv
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from parts import (
    DISTRICT,
    Gateway,
    Mood,
    Postgres,
    Process,
    Proxy,
    Redis,
    gone,
    runs,
    small_disk,
    tree,
    until,
)
from person import PATIENT
from playwright.sync_api import Browser, expect, sync_playwright
from visitor import Visitor

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.found import COLUMNS
from publicmeeting.cli.machine.debian import provide_chromium
from publicmeeting.config import bare_environment

KEY = "5a" * 32
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# A busy machine is no failure, so expectations wait long.
expect.set_options(timeout=PATIENT)


@dataclass
class Town:
    """The whole installation. A test must repair what it breaks."""

    release: Path
    data: Path
    logs: Path
    settings: dict[str, str]
    passwords: dict[str, str]
    postgres: Postgres
    redis: Redis
    gateway: Gateway
    proxy: Proxy
    processes: dict[str, Process]

    @property
    def one(self) -> Process:
        return self.processes["one"]

    @property
    def two(self) -> Process:
        return self.processes["two"]

    def runs(self, *words: str) -> str:
        return runs(self.release, self.settings, *words)

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.logs.glob("serve-*.log")))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder in /tmp, because a path to a socket may have at most about a hundred characters."""
    made = Path(tempfile.mkdtemp(prefix="pm-"))
    yield made
    gone(made)


@pytest.fixture(scope="session")
def release(folder: Path) -> Iterator[Path]:
    """The unpacked release, made without a setting of this machine; no process may write to it."""
    file = folder / "publicmeeting-test.tar.gz"
    assert main(["release", str(file)]) == 0
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / "publicmeeting-test"
    # As pip would make it, but without the minute that it takes.
    (unpacked / ".venv").symlink_to(Path(sys.executable).parent.parent)
    compiled = ("-m", "compileall", "-q", "--invalidation-mode", "checked-hash")
    subprocess.run([sys.executable, *compiled, str(unpacked / "publicmeeting")], check=True)
    before = tree(unpacked)
    yield unpacked
    assert tree(unpacked) == before


@pytest.fixture(scope="session")
def town(folder: Path, release: Path) -> Iterator[Town]:
    with ExitStack() as stack:
        data = stack.enter_context(small_disk(folder / "data"))
        postgres = Postgres(folder)
        stack.callback(postgres.close)
        postgres.archives()
        postgres.has("city")
        redis = Redis(folder)
        stack.callback(redis.stops)
        gateway = Gateway()
        stack.callback(gateway.close)
        settings = bare_environment(
            {
                "PUBLICMEETING_ENV": "production",
                "PUBLICMEETING_VENV": "off",
                "PUBLICMEETING_SECRET": KEY,
                "PUBLICMEETING_DATA": str(data),
                "PUBLICMEETING_PROXY_HOPS": "1",
                "DATABASE_URL": postgres.url("city"),
                "REDIS_URL": redis.url,
                "PYTHONDONTWRITEBYTECODE": "1",
                **gateway.settings,
            }
        )
        logs = folder / "logs"
        logs.mkdir()
        names = ("one", "two")
        processes = {
            name: Process(name, release, settings, logs / f"serve-{name}.log") for name in names
        }
        ports = {name: process.port for name, process in processes.items()}
        proxy = Proxy(folder, release / "deploy" / "haproxy.cfg", ports)
        settings["PUBLICMEETING_URL"] = proxy.origin
        for process in processes.values():
            process.learns(settings)
        passwords = founded(folder, release, settings)
        for process in processes.values():
            stack.callback(process.stops)
            process.starts(ready=False)
        stack.callback(proxy.stops)
        proxy.starts()
        built = Town(
            release,
            data,
            logs,
            settings,
            passwords,
            postgres,
            redis,
            gateway,
            proxy,
            processes,
        )
        is_well(built)
        yield built


def founded(folder: Path, release: Path, settings: dict[str, str]) -> dict[str, str]:
    """Found the city by commands alone, as an operator does; returns user name → first password."""
    runs(release, settings, "migrate")
    form = runs(release, settings, "found", "--form").splitlines()
    assert form[0] == ",".join(COLUMNS)
    filled = [line.replace(",,,", ",خیابان کارگر,تالار شهر,شهردار", 1) for line in form[1:]]
    city = folder / "city.csv"
    city.write_text("\n".join([form[0], *filled, ""]), encoding="utf-8")
    runs(release, settings, "found", str(city))
    staff, made = folder / "staff.csv", folder / "passwords.csv"
    staff.write_text(
        f"username,name,role,district,unit\ndesk,سارا محمدی,desk,{DISTRICT},\n"
        "admin,مدیر سامانه,administrator,,\n",
        encoding="utf-8",
    )
    runs(release, settings, "admin", "import", str(staff), "--passwords", str(made))
    with made.open(encoding="utf-8", newline="") as opened:
        return {row["username"]: row["password"] for row in csv.DictReader(opened)}


def is_well(town: Town) -> None:
    """Wait until everything runs and the proxy sees both processes."""
    town.gateway.is_in(Mood.WELL)
    for process in town.processes.values():
        until(lambda process=process: process.asked("/ready")[0] == 200, process.name)
    town.proxy.sees(up=2)


@pytest.fixture(autouse=True)
def _mended(town: Town) -> Iterator[None]:
    """Check after each test that the installation is well again."""
    yield
    is_well(town)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=provide_chromium(), headless=True, args=list(QUIET)
        )
        yield browser
        browser.close()


@pytest.fixture
def meet(chromium: Browser, town: Town) -> Iterator[Callable[..., Visitor]]:
    """`meet("maryam")` is a person with a browser of her own, in front of the proxy."""
    met: list[Visitor] = []

    def one(name: str, *, phone: bool = True) -> Visitor:
        width, height = (360, 740) if phone else (1280, 800)
        context = chromium.new_context(
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            base_url=town.proxy.origin,
            viewport={"width": width, "height": height},
            has_touch=phone,
            ignore_https_errors=True,
        )
        met.append(Visitor(name, context, town.gateway, town.passwords))
        return met[-1]

    yield one
    for person in met:
        person.context.close()
