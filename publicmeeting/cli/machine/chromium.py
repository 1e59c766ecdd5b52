"""The browser of the journeys: found on the machine, or installed where that is our place."""

import os
import shutil
from collections.abc import Callable

from publicmeeting.cli.machine.debian import apt_get
from publicmeeting.cli.stop import StopError

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
