"""Programs that tests need from the machine: found, or installed if we are root on Debian."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import child_environment

_SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin"
"""Folders in which Debian installs servers; often not on PATH."""


@dataclass(frozen=True, slots=True)
class Program:
    """A Debian package, and the function that finds its program; None if it is not installed."""

    package: str
    find: Callable[[], str | None]


def on_path(name: str) -> str | None:
    """Return the path of a program; also searches the folders for servers."""
    return shutil.which(name) or shutil.which(name, path=_SYSTEM_FOLDERS)


def _faketime() -> str | None:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else None


GO_SOURCES = Path("/usr/share/gocode")
"""Folder in which Debian installs Go source packages."""


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
"""What a city runs behind, in the step `production`, and an independent reader of its log."""


def provide(programs: Iterable[Program], whose: str) -> None:
    """Ensure that all programs exist; as root on Debian, install missing ones.

    Raises StopError if a program is missing and we may not install it.
    """
    missing = [program.package for program in programs if program.find() is None]
    if not missing:
        return
    if not _may_install():
        raise StopError(
            f"{whose} need programs that were not found: install them first "
            f"(Debian: apt install {' '.join(missing)})."
        )
    print(f"Installing {', '.join(missing)} for {whose.lower()}", flush=True)
    _install(*missing)


def apt_get(*arguments: str) -> None:
    """Run apt-get; raises StopError with its output if it fails."""
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


# Browser of the journeys: found on the machine, or installed if we are root on Debian.

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SHELL = "chromium-headless-shell"
_Which = Callable[[str], str | None]


def find_chromium(which: _Which = shutil.which) -> str | None:
    """Return the path of a Chromium or Chrome on PATH; `which` looks up a name there."""
    return next((path for name in _NAMES if (path := which(name))), None)


def find_headless(which: _Which = shutil.which) -> str | None:
    """Return the path of Chromium's headless shell if installed, else of a full Chromium.

    The shell has no windows, profiles and extensions; a page takes a third of the processor time.
    It has no cache for going back.
    """
    return which(_SHELL) or find_chromium(which)


def provide_chromium() -> str:
    """Return a browser's path; as root on Debian, install one.

    Raises StopError if there is none and we may not install it.
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
    """Return the result of `find_headless`; as root on Debian, install the shell and Chromium.

    Journeys that go back need Chromium. Raises StopError as `provide_chromium` does.
    """
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
