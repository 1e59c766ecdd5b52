"""Several machines with one database: who changes it as a whole is alone, and an older program is
told in one sentence."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from support.city import KEY
from support.databases import Templates

from publicmeeting.cli import doctor
from publicmeeting.cli.lock import no_server, serving, tables_lock
from publicmeeting.cli.prepare import check, update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, Settings
from publicmeeting.store import locks
from publicmeeting.store.engine import connect
from publicmeeting.store.locks import Lock, database_lock
from publicmeeting.store.migrate import (
    NOTHING,
    NewerTables,
    current,
    has_newest_tables,
    needs_upgrade,
    upgrade_url,
)

HOSTS = ("first", "second")


@pytest.fixture
def postgresql_url(postgresql_templates: Templates) -> Iterator[str]:
    url = postgresql_templates.copy("empty")
    yield url
    postgresql_templates.drop(url)


def environ(url: str, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url, "PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_ENV": "test",
        "PUBLICMEETING_SECRET": KEY.hex(),
    }  # fmt: skip


def settings(url: str, folder: Path) -> Settings:
    return Settings.from_environment(environ(url, folder))


def run(url: str, folder: Path, module: str, *words: str) -> tuple[int, str]:
    """A command in a process of its own: how it ended, and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", f"publicmeeting.cli.{module}", *words],
        cwd=PROJECT, env={**environ(url, folder), "PATH": ""}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def execute(url: str, *statements: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_hosts_that_start_at_once_on_an_empty_database_all_start(
    postgresql_url: str, tmp_path: Path
) -> None:
    upgrade_url(postgresql_url, NOTHING)
    execute(postgresql_url, "DROP TABLE alembic_version")
    with ThreadPoolExecutor(2) as hosts:
        ended = list(
            hosts.map(lambda host: run(postgresql_url, tmp_path / host, "app", "migrate"), HOSTS)
        )
    assert ended == [(0, "The database is up to date.\n")] * 2


def test_hosts_that_start_at_once_on_one_sqlite_file_all_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    with ThreadPoolExecutor(2) as hosts:
        ended = list(hosts.map(lambda host: run(url, tmp_path / host, "app", "migrate"), HOSTS))
    assert ended == [(0, "The database is up to date.\n")] * 2


def test_a_city_is_founded_once(postgresql_url: str, tmp_path: Path) -> None:
    table = tmp_path / "city.csv"
    rows = [f"{n},خیابان {n},تالار,شهردار,09:00 09:15" for n in range(1, 23)]
    table.write_text("\n".join(["district,address,hall,mayor,seats", *rows]), encoding="utf-8")
    with ThreadPoolExecutor(2) as hosts:
        words = ("app", "found", str(table))
        ended = sorted(hosts.map(lambda host: run(postgresql_url, tmp_path / host, *words), HOSTS))
    (done, _), (refused, said) = ended
    assert (done, refused) == (0, 1)
    assert said == "This city has its districts already: nothing was changed.\n"


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("app", ["migrate"]), ("app", ["storage", "status"]), ("app", ["rekey"]), ("prepare", []),
    ],
)  # fmt: skip
def test_an_older_program_on_newer_tables_says_so_in_one_sentence(
    tmp_path: Path, module: str, words: list[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    update(settings(url, tmp_path))
    execute(
        url,
        "UPDATE alembic_version SET version_num = '9998'",
        "UPDATE fact SET value = '9998' WHERE key = 'tables_served_from'",
    )
    code, said = run(url, tmp_path, module, *words)
    assert code == 1
    assert said.startswith("These tables are those of a newer program (step 9998, this one knows ")
    assert said.count("\n") == 1


def test_an_older_program_does_not_serve_newer_tables(tmp_path: Path) -> None:
    chosen = settings(f"sqlite:///{tmp_path / 'city.sqlite3'}", tmp_path)
    update(chosen)
    check(chosen)
    execute(chosen.database_url, "UPDATE alembic_version SET version_num = '9998'",
            "DELETE FROM fact WHERE key = 'tables_served_from'")  # fmt: skip
    with pytest.raises(NewerTables, match="newer program"):
        check(chosen)


def test_doctor_says_that_the_tables_are_newer(tmp_path: Path) -> None:
    chosen = settings(f"sqlite:///{tmp_path / 'city.sqlite3'}", tmp_path)
    update(chosen)
    execute(chosen.database_url, "UPDATE alembic_version SET version_num = '9998'",
            "DELETE FROM fact")  # fmt: skip
    found = {one.check: one.findings for one in doctor.examined(chosen) if one.findings}
    (finding,) = found.pop("the tables are those of this program")
    assert "newer program" in finding.what
    assert not found


def test_one_release_back_serves_from_tables_that_were_only_added_to(tmp_path: Path) -> None:
    chosen = settings(f"sqlite:///{tmp_path / 'city.sqlite3'}", tmp_path)
    update(chosen)
    mine = current(chosen)
    execute(
        chosen.database_url,
        "UPDATE alembic_version SET version_num = '9998'",
        f"UPDATE fact SET value = '{mine}' WHERE key = 'tables_served_from'",
    )
    assert not needs_upgrade(chosen)
    engine = connect(chosen.database_url)
    assert has_newest_tables(engine)
    engine.dispose()
    update(chosen)
    check(chosen)
    assert current(chosen) == "9998"
    execute(chosen.database_url, "DELETE FROM fact WHERE key = 'tables_served_from'")
    with pytest.raises(NewerTables):
        needs_upgrade(chosen)


def test_who_changes_everything_waits_for_nobody_who_serves_elsewhere(
    postgresql_url: str, tmp_path: Path
) -> None:
    here, there = (settings(postgresql_url, tmp_path / host) for host in HOSTS)
    with serving(there):
        with (
            pytest.raises(StopError, match="server of another machine"),
            no_server(here, "changing the key"),
        ):
            pass
        with no_server(here, "migrating", here_only=True):
            pass
    with (
        no_server(here, "changing the key"),
        pytest.raises(StopError, match="changed as a whole"),
        serving(there),
    ):
        pass
    with serving(here), serving(there):
        pass


def test_a_server_holds_its_lock_again_after_the_database_was_away(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_LOOK_SECONDS", 0.02)
    with serving(settings(postgresql_url, tmp_path)):
        execute(
            postgresql_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'publicmeeting lock'",
        )
        engine, held = connect(postgresql_url), 0
        asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        while not held:
            with engine.connect() as connection:
                held = connection.execute(text(asked)).scalar_one()
        engine.dispose()
        with database_lock(postgresql_url, Lock.SERVING, wait=False) as alone:
            assert not alone


def test_one_after_the_other_changes_tables(engine_url: str, tmp_path: Path) -> None:
    inside, most = 0, 0

    def change(host: str) -> None:
        nonlocal inside, most
        with tables_lock(settings(engine_url, tmp_path / host)):
            inside += 1
            most = max(most, inside)
            upgrade_url(engine_url)
            inside -= 1

    with ThreadPoolExecutor(4) as hosts:
        list(hosts.map(change, HOSTS * 4))
    assert most == 1
