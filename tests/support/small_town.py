"""A small city served by a real process, for tests of failures around it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from publicmeeting.store.database.migrate import upgrade_url
from support.city import FEW, KEY, found_and_open
from support.ports import free_port
from support.served_city import Served, _serving, settings_for


@contextmanager
def small_town(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Serve a small city with its offices in `folder`; `more` names another database, and Redis.

    Its log may contain failures: tests cause them.
    """
    folder.mkdir(exist_ok=True)
    own = {"PUBLICMEETING_SECRET": KEY.hex(), **(more or {})}
    settings = settings_for(folder, free_port(), own)
    upgrade_url(settings.database_url)
    found_and_open(settings.database_url, folder / "images", FEW)
    with _serving([settings], own) as served:
        yield served
