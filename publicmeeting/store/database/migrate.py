"""Migrate a database to the newest tables, and check whether it is up to date.

It calls Alembic as a library. `migrations/` beside this file has the linear steps. They only go
forward: whoever goes back to the release before leaves the tables as they are. Before an upgrade of
a database in use, stop all servers (`cli.machine.lock.no_server`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeAlias

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

from publicmeeting.config import Settings, master_key
from publicmeeting.kit.process.private import make_folder
from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.vault import Vault

Show: TypeAlias = Callable[[str], None]

_STEPS = Path(__file__).with_name("migrations")
_NEWEST = "head"

SERVED_FROM = "0077"
"""Oldest release, by its newest step, that may serve from the current tables.

A step that only adds allows the previous release. A step that changes existing tables raises this
to its own number.
"""

_SERVED_FROM = "tables_served_from"
_WHO_MAY_SERVE = text("SELECT value FROM fact WHERE key = :key")
_UPDATE_FACT = text("UPDATE fact SET value = :value WHERE key = :key")
_INSERT_FACT = text("INSERT INTO fact (key, value) VALUES (:key, :value)")


class OlderTables(Exception):  # noqa: N818  (a state of the installation, not a fault of it)
    """The tables are those of a trial before the first release; the message says what to do.

    Or somebody has changed their step in the database.
    """

    def __init__(self, step: str) -> None:
        super().__init__(
            f"These tables are those of a trial before the first release (step {step}): "
            "nothing carries them over. A demo begins anew in another data folder "
            "(PUBLICMEETING_DATA). A city that has served restores its backup, or finds out who "
            "wrote in its table alembic_version."
        )


class NewerTables(Exception):  # noqa: N818  (a state of the installation, not a fault of it)
    """A newer release changed tables that this one reads; the message is one sentence."""

    def __init__(self, step: str, known: str) -> None:
        super().__init__(
            f"These tables are those of a newer program (step {step}, this one knows {known}): "
            "start that program, or restore the backup from before it."
        )


def _silent(_line: str) -> None:
    """Show nothing."""


def upgrade(settings: Settings, show: Show = _silent) -> None:
    """Create the database file if missing, and migrate all tables to the newest step.

    `show` gets a line before each step of a database that has tables. Raises `OSError` if the data
    folder is not writable.
    """
    upgrade_url(settings.database_url, vault=Vault(master_key(settings)), show=show)


def current(settings: Settings) -> str | None:
    """Return the newest step of this database; None for an empty one."""
    if _missing_file(settings.database_url):
        return None
    with _connection(settings.database_url) as connection:
        return _step(connection)


def differences(settings: Settings) -> list[tuple[str, str]]:
    """Return (table, fault) of each difference from the newest tables of this release.

    A table that can give no number to a new row is one too.
    """
    from publicmeeting.store.database.guards import number_faults  # noqa: PLC0415
    from publicmeeting.store.database.tables import table_faults  # noqa: PLC0415

    with _connection(settings.database_url) as connection:
        found = list(table_faults(connection))
        named = {table for table, _ in found}
        return [*found, *number_faults(connection, but=named)]


def needs_upgrade(settings: Settings) -> bool:
    """Whether the database must be migrated before this release may serve.

    Raises `OlderTables` for those of a trial, `NewerTables` if a newer release made incompatible
    changes.
    """
    if _missing_file(settings.database_url):
        return True
    with _connection(settings.database_url) as connection:
        return _is_behind(connection)


def has_newest_tables(engine: Engine) -> bool:
    """Return the opposite for an open engine: whether its tables suffice for this release."""
    with engine.connect() as connection:
        try:
            return not _is_behind(connection)
        except (OlderTables, NewerTables):
            return False


def upgrade_url(
    url: str,
    vault: Vault | None = None,
    show: Show = _silent,
) -> None:
    """Upgrade to the newest step.

    Raises what `needs_upgrade` raises, and `WrongKey` if a step has to open sealed values and
    cannot.
    """
    file = make_url(url).database
    if url.startswith("sqlite") and file:
        make_folder(Path(file).parent)
    with _connection(url) as connection:
        if not _is_behind(connection):
            return
        show = _silent if _step(connection) is None else show
        config = _config(connection)
        config.attributes["vault"] = vault
        steps = _steps()
        # Like Alembic's own commands, but without parsing all steps again.
        with EnvironmentContext(
            config,
            steps,
            fn=lambda here, _: _shown(steps._upgrade_revs(_NEWEST, here), show),  # noqa: SLF001
            destination_rev=_NEWEST,
        ):
            steps.run_env()
        _note_who_may_serve(connection)


def _shown(steps: Sequence[RevisionStep], show: Show) -> Iterator[RevisionStep]:
    """Yield steps as Alembic runs them; `show` gets a line before each."""
    for done, step in enumerate(steps, start=1):
        script = step.revision
        show(f"step {script.revision}, {done} of {len(steps)}: {script.doc}")
        yield step


def _is_behind(connection: Connection) -> bool:
    """Whether steps are missing; raises what `needs_upgrade` raises."""
    here = _step(connection)
    head, first = _steps().get_current_head(), _steps().get_base()
    assert head is not None
    assert first is not None
    if here is not None and here < first:
        raise OlderTables(here)
    if here is None and inspect(connection).has_table("log_head"):
        raise OlderTables("missing")
    if here is None or here <= head:
        return here != head
    served_from = connection.execute(_WHO_MAY_SERVE, {"key": _SERVED_FROM}).scalar()
    if served_from is None or head < served_from:
        raise NewerTables(here, head)
    return False


def _step(connection: Connection) -> str | None:
    """Return the newest step of these tables; this program's, if somebody has added others."""
    heads = MigrationContext.configure(connection).get_current_heads()
    known = _steps().get_current_head()
    return known if known in heads else max(heads, default=None)


@cache
def _steps() -> ScriptDirectory:
    """Cached, because loading executes the file of every step."""
    return ScriptDirectory.from_config(_config())


def _note_who_may_serve(connection: Connection) -> None:
    fact = {"key": _SERVED_FROM, "value": SERVED_FROM}
    if not connection.execute(_UPDATE_FACT, fact).rowcount:
        connection.execute(_INSERT_FACT, fact)


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
    # ConfigParser would interpret a percent sign in the folder's name.
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
