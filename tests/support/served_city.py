"""The demo city for benches and journeys: seeded once, copied for each use, on its own ports."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from publicmeeting.cli.commands.build import build_pages, stamp_of
from publicmeeting.cli.machine.environment import server_changes
from publicmeeting.cli.machine.lock import held
from publicmeeting.cli.machine.processes import child, wait_until_healthy
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, Settings, bare_environment
from support.ports import free_port
from support.services import Services, services
from support.standing_by import server, standing_by

CITIES = PROJECT / "artifacts" / "cities"
_HOST = "127.0.0.1"
_SEEDERS = ("domain", "kit", "media", "notify", "seeder", "store", "turns", "usecases", "worker")
_SOURCES = frozenset({".py", ".webp", ".json"})
_NAME = 16
_GROUP, _USER, _SYSTEM, _RESIDENT = 2, 11, 12, 21
"""Numbers of the fields in /proc/PID/stat after the name of the program."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Served:
    """A running city: its address, its data, its log file.

    `settings` and `origin` are those of the first process; `origins` has one address for each
    process.
    """

    origin: str
    settings: Settings
    log: Path
    origins: tuple[str, ...]
    processes: tuple[int, ...]

    @property
    def memory_mib(self) -> float:
        """Memory of all processes of the server, in MiB (on Linux; else 0)."""
        return sum(self._stats(_RESIDENT)) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def processor_seconds(self) -> float:
        """Processor time of all processes of the server so far, in seconds (on Linux; else 0)."""
        ticks = sum(self._stats(_USER)) + sum(self._stats(_SYSTEM))
        return ticks / os.sysconf("SC_CLK_TCK")

    def _stats(self, field: int) -> Iterator[int]:
        """Yield one field of /proc/PID/stat for each process in our process groups."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[_GROUP]) in self.processes:
                    yield int(fields[field])


def seeded_city() -> Path:
    """Return the folder of the seeded city, unchanged: copy it, never serve it.

    Seeding takes a minute, so the result is stored until a source of it changes.
    """
    package = PROJECT / "publicmeeting"
    seeders = [
        path
        for name in _SEEDERS
        for path in sorted((package / name).rglob("*.*"))
        if path.suffix in _SOURCES
    ]
    folder = CITIES / stamp_of(PROJECT, seeders)[:_NAME]
    with held(PROJECT / "artifacts" / "cities.lock"):
        if not folder.exists():
            shutil.rmtree(CITIES, ignore_errors=True)
            CITIES.mkdir(parents=True, exist_ok=True)
            # The seeding of a run that was killed may still be writing into a folder of its own.
            draft = Path(tempfile.mkdtemp(suffix=".draft", dir=CITIES))
            print("Seeding the demo city (about a minute)", flush=True)
            with child("publicmeeting.cli.prepare", _environment(settings_for(draft))) as seeding:
                if seeding.wait():
                    raise StopError("The demo city could not be seeded; the reason stands above.")
            draft.rename(folder)
    return folder


@contextmanager
def served_city(
    more: Mapping[str, str] = _NOTHING, *, begin: Callable[[Path], object] | None = None
) -> Iterator[Served]:
    """Serve built pages over a copy of the demo city; the server ends with the block.

    `more` are variables of its environment, which take precedence. `begin` makes the copy in the
    folder that it is called with, instead of copying the seeded city.
    """
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as parent:
        folder = Path(parent) / "data"
        if begin is None:
            shutil.copytree(seeded_city(), folder)
        else:
            begin(folder)
        with _serving([settings_for(folder, free_port(), more)], more) as served:
            yield served


@contextmanager
def served_by_two() -> Iterator[Served]:
    """Serve with two processes over one PostgreSQL and one Redis, seeded anew.

    Raises `StopError` if either program is missing.
    """
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as parent, services() as shared:
        folder = Path(parent) / "data"
        folder.mkdir()
        more = {"PUBLICMEETING_SECRET": secrets.token_hex(32), **_addresses(shared)}
        both = [settings_for(folder, free_port(), more) for _ in range(2)]
        print("Seeding the demo city (about a minute)", flush=True)
        with child("publicmeeting.cli.prepare", _environment(both[0], more)) as seeding:
            if seeding.wait():
                raise StopError("The demo city could not be seeded; the reason stands above.")
        with _serving(both, more) as served:
            yield served


def one_or_two(*, shared: bool) -> AbstractContextManager[Served]:
    """Return `served_by_two` if `shared`, else `served_city`."""
    return served_by_two() if shared else served_city()


@contextmanager
def _serving(each: list[Settings], more: Mapping[str, str] = _NOTHING) -> Iterator[Served]:
    """Run a server process for each of these settings, and wait until all of them are well."""
    first = each[0]
    build_pages(first.env)
    log = first.data_dir / "server.log"
    with ExitStack() as stack:
        output = stack.enter_context(log.open("w", encoding="utf-8"))
        servers = [stack.enter_context(server(_environment(one, more), output)) for one in each]
        try:
            for settings, begun in zip(each, servers, strict=True):
                wait_until_healthy(settings, begun)
        except StopError as stop:
            raise StopError(f"{log.read_text(encoding='utf-8')}\n{stop}") from None
        origins = tuple(one.public_url for one in each)
        yield Served(origins[0], first, log, origins, tuple(one.pid for one in servers))


def served_again(town: Served) -> AbstractContextManager[Served]:
    """Serve the same city again at the same address, after its process was killed."""
    return _serving([town.settings])


def servers_stand_by() -> AbstractContextManager[None]:
    """Let servers start from a process that has imported everything (`support.standing_by`)."""
    return standing_by(_environment(settings_for(PROJECT)))


def settings_for(folder: Path, port: int = 0, more: Mapping[str, str] = _NOTHING) -> Settings:
    """Return the settings of the demo city whose data lies in `folder`."""
    return Settings.from_environment(bare_environment({**_own(folder, port), **more}))


def _own(folder: Path, port: int) -> dict[str, str]:
    origin = {"PUBLICMEETING_URL": f"http://{_HOST}:{port}"}
    return {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_PORT": str(port), **origin}


def _environment(settings: Settings, more: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """Return an environment without this machine's own settings.

    A bench must never reach a real city's database.
    """
    own = _own(settings.data_dir, settings.port)
    return bare_environment({**server_changes(settings), **own, **more})


def _addresses(shared: Services) -> dict[str, str]:
    return {"DATABASE_URL": shared.database_url, "REDIS_URL": shared.redis_url}
