"""Brings the tables of a database up to date, and says whether they are.

Programmatic Alembic: `migrations/` beside this file holds the steps, linear, each with a downgrade.
Whoever upgrades a database in use keeps servers away first (`cli.lock.no_server`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

from publicmeeting.config import Settings
from publicmeeting.store.engine import connect

_STEPS = Path(__file__).with_name("migrations")
NEWEST, NOTHING = "head", "base"


def upgrade(settings: Settings) -> None:
    """Create the database file where there is none, and every table in its newest form.

    Raises `OSError` when the data folder cannot be written.
    """
    upgrade_url(settings.database_url)


def current(settings: Settings) -> str | None:
    """The newest step this database has taken; None for an empty one."""
    if _missing_file(settings.database_url):
        return None
    with _connection(settings.database_url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def needs_upgrade(settings: Settings) -> bool:
    """Whether steps are to be taken before this program may serve from the database."""
    return current(settings) != ScriptDirectory.from_config(_config()).get_current_head()


def has_newest_tables(engine: Engine) -> bool:
    """The same question, over an engine that is open already."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == ScriptDirectory.from_config(_config()).get_current_head()


def upgrade_url(url: str, to: str = NEWEST) -> None:
    """Take all steps up, or down, to a revision."""
    file = make_url(url).database
    if url.startswith("sqlite") and file:
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _connection(url) as connection:
        here = MigrationContext.configure(connection).get_current_revision()
        backward = to == NOTHING or (here is not None and to != NEWEST and to < here)
        config = _config(connection)
        (command.downgrade if backward else command.upgrade)(config, to)


def _missing_file(url: str) -> bool:
    file = make_url(url).database
    return url.startswith("sqlite") and not (file and Path(file).exists())


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = connect(url).execution_options(unhurried=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # The parser would read a percent sign in the folder's name as one of its own.
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
