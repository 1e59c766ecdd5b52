"""The browser of the journeys: found on the machine, or installed where that is our place."""

import os
import shutil
from collections.abc import Callable

from publicmeeting.cli.debian import apt_get
from publicmeeting.cli.stop import StopError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """Return the path of a Chromium or Chrome on PATH; `which` looks a name up there."""
    return next((path for name in _NAMES if (path := which(name))), None)


def provide_chromium() -> str:
    """Return a browser's path; root on Debian gets one installed.

    Raises `StopError` when there is none and it is not ours to install one.
    """
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the journeys", flush=True)
        apt_get("update")
        apt_get("install", "-y", "--no-install-recommends", "chromium")
        found = find_chromium()
    if found is None:
        raise StopError(
            "The journeys need a browser and none was found: install Chromium "
            "(Debian: apt install chromium), or leave them out with --fast."
        )
    return found
