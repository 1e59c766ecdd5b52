"""Several machines with one database.

A command that changes the whole database runs alone, and an older program refuses to start in one
sentence.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Barrier, local

import pytest
from sqlalchemy import Connection, text
from support.city import KEY
from support.databases import Templates
from support.forks import Fork, Forks
from support.stores import emptied
from support.together import together

from publicmeeting.cli.commands import doctor
from publicmeeting.cli.machine.lock import no_server, serving, tables_lock
from publicmeeting.cli.prepare import check, update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import S3, Settings
from publicmeeting.store.database import postgres
from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.migrate import (
    NewerTables,
    current,
    has_newest_tables,
    needs_upgrade,
    upgrade_url,
)
from publicmeeting.store.database.postgres import Lock, database_lock
from publicmeeting.store.database.vault import WrongKey
from publicmeeting.store.facts import Facts
from publicmeeting.store.rekey import check_key
from publicmeeting.store.unit_of_work import Store

pytestmark = pytest.mark.on_postgresql

HOSTS = ("first", "second")
_LOCKS = (
    "pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()"
    " WHERE locktype = 'advisory'"
)


@pytest.fixture
def postgresql_url(postgresql_templates: Templates) -> Iterator[str]:
    url = postgresql_templates.copy("empty")
    yield url
    postgresql_templates.drop(url)


def environ(url: str, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "PUBLICMEETING_DATA": str(folder),
        "PUBLICMEETING_ENV": "test",
        "PUBLICMEETING_SECRET": KEY.hex(),
    }


def vars_of(s3: S3 | None) -> dict[str, str]:
    return {} if s3 is None else {name: getattr(s3, name) for name in S3.__dataclass_fields__}


def settings(url: str, folder: Path) -> Settings:
    return Settings.from_environment(environ(url, folder))


def begun(
    forks: Forks, url: str, folder: Path, module: str, *words: str, s3: S3 | None = None
) -> Fork:
    """Start a command in a process of its own."""
    parts = {f"PUBLICMEETING_S3_{name.upper()}": value for name, value in vars_of(s3).items()}
    own = json.dumps({**environ(url, folder), **parts, "PATH": ""})
    return forks.start("support.command", module, own, *words)


def ended(fork: Fork) -> tuple[int, str]:
    """Return the exit code and the output of a command."""
    end = fork.wait()
    return end.code, end.out + end.errors


def both(
    forks: Forks, url: str, folder: Path, *words: str, s3: S3 | None = None
) -> list[tuple[int, str]]:
    """Run the same command on two hosts at once; their files are in the bucket, if there is one."""
    hosts = [begun(forks, url, folder / host, "app", *words, s3=s3) for host in HOSTS]
    return [ended(host) for host in hosts]


def execute(url: str, *statements: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def await_waiter(url: str) -> None:
    """Return once somebody waits for an advisory lock."""
    engine, waiting = connect(url), 0
    asked = f"SELECT count(*) FROM {_LOCKS} AND NOT granted"
    while not waiting:
        with engine.connect() as connection:
            waiting = connection.execute(text(asked)).scalar_one()
    engine.dispose()


def test_hosts_that_start_at_once_on_an_empty_database_all_start(
    forks: Forks, postgresql_url: str, tmp_path: Path, moto_store: S3
) -> None:
    emptied(moto_store)
    execute(postgresql_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    both_ended = both(forks, postgresql_url, tmp_path, "migrate", s3=moto_store)
    assert both_ended == [(0, "The database is up to date.\n")] * 2


def test_hosts_that_start_at_once_on_one_sqlite_file_all_start(
    forks: Forks, tmp_path: Path, moto_store: S3
) -> None:
    emptied(moto_store)
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    both_ended = both(forks, url, tmp_path, "migrate", s3=moto_store)
    assert both_ended == [(0, "The database is up to date.\n")] * 2


def test_a_second_host_with_a_folder_of_its_own_is_refused_before_it_has_files(
    forks: Forks, tmp_path: Path
) -> None:
    """Its pictures would be where no other host reads."""
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    (done, _), (refused, printed) = sorted(both(forks, url, tmp_path, "migrate"))
    assert (done, refused) == (0, 1)
    assert "All machines name one place" in printed


@pytest.mark.parametrize("words", [["migrate"]], ids=" ".join)
def test_a_database_out_of_reach_is_one_sentence(
    forks: Forks, tmp_path: Path, words: list[str]
) -> None:
    url = f"postgresql+psycopg://city@/city?host={tmp_path}"
    code, printed = ended(begun(forks, url, tmp_path, "app", *words))
    assert code == 1
    assert printed.startswith("The database cannot be used (")
    assert printed.endswith("): check DATABASE_URL and start again.\n")
    assert printed.count("\n") == 1


def test_a_city_is_founded_once(forks: Forks, postgresql_url: str, tmp_path: Path) -> None:
    table = tmp_path / "city.csv"
    rows = [f"{n},خیابان {n},تالار,شهردار,09:00 09:15" for n in range(1, 23)]
    table.write_text("\n".join(["district,address,hall,mayor,seats", *rows]), encoding="utf-8")
    (done, _), (refused, text) = sorted(both(forks, postgresql_url, tmp_path, "found", str(table)))
    assert (done, refused) == (0, 1)
    assert text == "This city has its districts already: nothing was changed.\n"


def test_two_that_open_a_new_database_at_once_remember_one_key(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_read, get = Barrier(2), Facts.get
    first = local()

    def read_by_both(facts: Facts, key: str) -> str | None:
        found = get(facts, key)
        if not getattr(first, "is_over", False):
            first.is_over = True
            both_read.wait(timeout=10)
        return found

    monkeypatch.setattr(Facts, "get", read_by_both)
    right, wrong = (Store(postgresql_url, key) for key in (KEY, b"x" * 32))
    with closing(right), closing(wrong):
        done, refused = together(*[partial(check_key, right)] * 2)
        assert (done, refused) == ([None, None], [])
        monkeypatch.undo()
        with pytest.raises(WrongKey):
            check_key(wrong)


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("app", ["migrate"]),
        ("prepare", []),
    ],
)
def test_an_older_program_on_newer_tables_says_so_in_one_sentence(
    forks: Forks, tmp_path: Path, module: str, words: list[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    update(settings(url, tmp_path))
    execute(
        url,
        "UPDATE alembic_version SET version_num = '9998'",
        "UPDATE fact SET value = '9998' WHERE key = 'tables_served_from'",
    )
    code, text = ended(begun(forks, url, tmp_path, module, *words))
    assert code == 1
    assert text.startswith("These tables are those of a newer program (step 9998, this one knows ")
    assert text.count("\n") == 1


def test_an_older_program_does_not_serve_newer_tables(tmp_path: Path) -> None:
    chosen = settings(f"sqlite:///{tmp_path / 'city.sqlite3'}", tmp_path)
    update(chosen)
    check(chosen)
    execute(
        chosen.database_url,
        "UPDATE alembic_version SET version_num = '9998'",
        "DELETE FROM fact WHERE key = 'tables_served_from'",
    )
    with pytest.raises(NewerTables, match="newer program"):
        check(chosen)


def test_doctor_says_that_the_tables_are_newer(tmp_path: Path) -> None:
    chosen = settings(f"sqlite:///{tmp_path / 'city.sqlite3'}", tmp_path)
    update(chosen)
    execute(
        chosen.database_url, "UPDATE alembic_version SET version_num = '9998'", "DELETE FROM fact"
    )
    found = {
        examined.check: examined.findings
        for examined in doctor.examined(chosen)
        if examined.findings
    }
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
    monkeypatch.setattr(postgres, "_POLL_SECONDS", 0.02)
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


def test_a_server_holds_its_lock_again_after_a_command_that_began_in_an_outage(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, share = Queue[bool](), postgres._share

    def noted(connection: Connection) -> bool:
        answers.put(share(connection))
        return answers.queue[-1]

    monkeypatch.setattr(postgres, "_POLL_SECONDS", 0.02)
    monkeypatch.setattr(postgres, "_share", noted)
    with serving(settings(postgresql_url, tmp_path)):
        assert answers.get_nowait()
        with ExitStack() as command, ThreadPoolExecutor(1) as waiting:
            lock = database_lock(postgresql_url, Lock.SERVING)
            held = waiting.submit(command.enter_context, lock)
            await_waiter(postgresql_url)
            execute(
                postgresql_url,
                f"SELECT pg_terminate_backend(pid) FROM {_LOCKS} AND mode = 'ShareLock'",
            )
            assert held.result(10)
            assert not answers.get(timeout=10)
        while not answers.get(timeout=10):
            pass
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
