"""A pretend city for benches and journeys: told once, copied for each use, on a port of its own."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.cli.build import build_pages
from publicmeeting.cli.environment import server_changes
from publicmeeting.cli.lock import held
from publicmeeting.cli.run import child, wait_until_it_is_well
from publicmeeting.cli.stamp import stamp_of
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, Settings, bare_environment

CITIES = PROJECT / "artifacts" / "cities"
_HOST = "127.0.0.1"
_TELLERS = ("domain", "kit", "media", "notify", "samples", "store", "turns", "usecases")
_NAME = 16


@dataclass(frozen=True, slots=True)
class Served:
    """A running city: where it answers, where its data lies, where it writes its log."""

    origin: str
    settings: Settings
    log: Path


def told_city() -> Path:
    """The folder of a city as it stands before anybody has changed it; copy it, never serve it.

    Telling takes a minute, so it is kept as long as the sources that tell it are the same.
    """
    package = PROJECT / "publicmeeting"
    tellers = [path for name in _TELLERS for path in sorted((package / name).rglob("*.py"))]
    folder = CITIES / stamp_of(PROJECT, tellers)[:_NAME]
    with held(PROJECT / "artifacts" / "cities.lock"):
        if not folder.exists():
            shutil.rmtree(CITIES, ignore_errors=True)
            draft = folder.with_suffix(".draft")
            draft.mkdir(parents=True)
            print("Telling the pretend city (about a minute)", flush=True)
            with child("publicmeeting.cli.prepare", _environment(settings_for(draft))) as telling:
                if telling.wait():
                    raise StopError("The pretend city could not be told; the reason stands above.")
            draft.rename(folder)
    return folder


@contextmanager
def served_city() -> Iterator[Served]:
    """A server with built pages over a copy of the pretend city; gone when the block is left."""
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as parent:
        folder = Path(parent) / "data"
        shutil.copytree(told_city(), folder)
        settings = settings_for(folder, _free_port())
        build_pages(settings)
        log = folder / "server.log"
        with (
            log.open("w", encoding="utf-8") as output,
            child("publicmeeting.cli.serve", _environment(settings), output) as server,
        ):
            try:
                wait_until_it_is_well(settings, server)
            except StopError as stop:
                raise StopError(f"{log.read_text(encoding='utf-8')}\n{stop}") from None
            yield Served(settings.public_url, settings, log)


def settings_for(folder: Path, port: int = 0) -> Settings:
    """The settings of a pretend city whose data lies in `folder`."""
    return Settings.from_environment(bare_environment(_own(folder, port)))


def _own(folder: Path, port: int) -> dict[str, str]:
    origin = {"PUBLICMEETING_URL": f"http://{_HOST}:{port}"}
    return {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_PORT": str(port), **origin}


def _environment(settings: Settings) -> dict[str, str]:
    """Nothing of this machine's own settings: a bench must not reach a real city's database."""
    own = _own(settings.data_dir, settings.port)
    return bare_environment({**server_changes(settings), **own})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
