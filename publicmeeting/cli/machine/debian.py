"""Programs of the machine that tests need: found, or installed where that is our place."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import child_environment

_SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin"
"""Where Debian puts servers; not on everybody's PATH."""


@dataclass(frozen=True, slots=True)
class Program:
    """A Debian package, and where what we want of it lies; None where it is not installed."""

    package: str
    find: Callable[[], str | None]


def on_path(name: str) -> str | None:
    """The path of a program, servers' folders included."""
    return shutil.which(name) or shutil.which(name, path=_SYSTEM_FOLDERS)


def _faketime() -> str | None:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else None


GO_SOURCES = Path("/usr/share/gocode")
"""Where Debian puts what programs in Go are built with."""


def _source(package: str) -> str | None:
    path = GO_SOURCES / "src" / package
    return str(path) if path.is_dir() else None


PRODUCTION = (
    Program("haproxy", lambda: on_path("haproxy")),
    Program("redis-server", lambda: on_path("redis-server")),
    Program("pgbouncer", lambda: on_path("pgbouncer")),
    Program("systemd", lambda: on_path("systemd-analyze")),
    Program("libfaketime", _faketime),
    Program("golang-go", lambda: on_path("go")),
    Program("golang-golang-x-mod-dev", lambda: _source("golang.org/x/mod/sumdb/tlog")),
)
"""What a city runs behind, in the step `production`, and a stranger's reader of its log."""


def provide(programs: Iterable[Program], whose: str) -> None:
    """Have all of them; root on Debian gets what is missing installed.

    Raises `StopError` when something is missing and it is not ours to install.
    """
    missing = [program.package for program in programs if program.find() is None]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StopError(
            f"{whose} need programs that were not found: install them first "
            f"(Debian: apt install {' '.join(missing)})."
        )
    print(f"Installing {', '.join(missing)} for {whose.lower()}", flush=True)
    apt_get("update")
    apt_get("install", "-y", "--no-install-recommends", *missing)


def apt_get(*arguments: str) -> None:
    """Raises `StopError` with its output when it fails."""
    done = subprocess.run(
        ["apt-get", "-qq", *arguments],  # noqa: S607 (found on PATH just now)
        env=child_environment({"DEBIAN_FRONTEND": "noninteractive"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StopError(f"{done.stdout.strip()}\napt-get could not install it.")


# The browser of the journeys: found on the machine, or installed where that is our place.

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SHELL = "chromium-headless-shell"
_Which = Callable[[str], str | None]


def find_chromium(which: _Which = shutil.which) -> str | None:
    """Return the path of a Chromium or Chrome on PATH; `which` looks a name up there."""
    return next((path for name in _NAMES if (path := which(name))), None)


def find_headless(which: _Which = shutil.which) -> str | None:
    """Return the path of the same browser without windows, profiles and extensions, where it is
    installed, else of one with them. A page costs it a third of the processor's time; it has no
    memory of pages for Back."""
    return which(_SHELL) or find_chromium(which)


def provide_chromium() -> str:
    """Return a browser's path; root on Debian gets one installed.

    Raises `StopError` when there is none and it is not ours to install one.
    """
    found = find_chromium()
    if found is None and _may_install():
        print("Installing Chromium for the journeys", flush=True)
        _install("chromium")
        found = find_chromium()
    if found is None:
        raise StopError(
            "The journeys need a browser and none was found: install Chromium "
            "(Debian: apt install chromium), or leave them out with --fast."
        )
    return found


def provide_headless() -> str:
    """Return what `find_headless` finds; root on Debian gets it installed beside Chromium, which
    the journeys that go back need. Raises `StopError` as `provide_chromium`."""
    if shutil.which(_SHELL) is None and _may_install():
        print("Installing Chromium and its headless shell for the journeys", flush=True)
        try:
            _install("chromium", _SHELL)
        except StopError as stop:
            print(f"{stop}\nThe journeys take longer without it.", flush=True)
    chromium = provide_chromium()
    return find_headless() or chromium


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(*packages: str) -> None:
    apt_get("update")
    apt_get("install", "-y", "--no-install-recommends", *packages)
