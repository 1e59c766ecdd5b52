"""Commands that an engineer runs at the server: doctor, admin create, backup, and the key."""

import argparse
import io
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from support.city import KEY, PASSWORD, WHOLE
from support.doors import has_app, id_of
from support.each import in_one_city
from support.files import files_in
from support.images import add_image

from publicmeeting.cli.commands import admin, backup, doctor, found
from publicmeeting.cli.machine.lock import held, server_lock
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Env, Settings, master_key
from publicmeeting.kit.clock import utc_now
from publicmeeting.media.files import Mark
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.rekey import check_key
from publicmeeting.store.unit_of_work import Store, failing_since
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.oversight.findings import Examined, Finding
from publicmeeting.worker.cleanup import files_fine_at, note_files
from publicmeeting.worker.health import newest_backup, newest_examination


def settings(folder: Path, url: str = "", key: bytes = KEY) -> Settings:
    environ = {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_SECRET": key.hex()}
    return Settings.from_environment({**environ, **({"DATABASE_URL": url} if url else {})})


def wrong(chosen: Settings) -> dict[str, list[str]]:
    """Return check → findings, of the checks that found something."""
    return {
        examined.check: [f"{f.where} {f.what}" for f in examined.findings]
        for examined in doctor.examined(chosen)
        if examined.findings
    }


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    for command in (admin, backup, doctor, found):
        command.register(subparsers)
    return parser.parse_args(words)


@pytest.mark.parametrize("options", [[], ["--all"]])
def test_doctor_prints_twenty_findings_of_a_kind(monkeypatch, capsys, options):
    """With a wrong data folder some thousand files are missing, and the rest is not seen."""
    missing = [Finding(f"picture {one}", f"its file {one:064x} is missing") for one in range(30)]
    found = Examined("every file is there", (*missing, Finding("file x", "cannot be opened")))
    monkeypatch.setattr(doctor, "settings", lambda: None)
    monkeypatch.setattr(doctor, "examined", lambda _settings, is_alone: iter([found]))
    arguments = parsed("doctor", *options)
    assert arguments.perform(arguments) == 1
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "NO  every file is there"
    assert lines[-1] == "      file x: cannot be opened"
    if options:
        assert len(lines) == 31
    else:
        assert lines[19].startswith("      picture 19: its file")
        assert lines[20] == "      and 10 more, see doctor --all: its file … is missing"
        assert len(lines) == 22


@pytest.mark.on_postgresql(rows=(1,))
@pytest.mark.parametrize("is_alone", [False, True])
def test_doctor_reads_the_books_of_a_grown_city_without_looking_through_them_for_garbage(
    city, database_url, tmp_path, monkeypatch, is_alone
):
    """As a serving process does; not in a process that goes on with something else."""
    del city
    settled, books = [], "every event leads to its case's stage"
    monkeypatch.setattr(doctor, "settle", lambda: settled.append(True))
    checks = doctor.examined(settings(tmp_path, database_url), is_alone=is_alone)
    assert any(check.check == books for check in checks)
    assert settled == [True] * is_alone, "before the first of them is read"


@pytest.mark.on_postgresql
def test_doctor_finds_a_city_sound_and_writes_only_that(application, city, database_url, tmp_path):
    chosen = settings(tmp_path, database_url)
    assert wrong(chosen) == {}
    assert len(list(doctor.examined(chosen))) > 10
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.facts.key_check() is None
    assert files_fine_at(application.store, application.clock()) is not None


@pytest.mark.on_postgresql
def test_a_run_of_doctor_that_came_to_its_end_is_noted_with_what_it_found(
    application, city, database_url, tmp_path, monkeypatch
):
    arguments, chosen = parsed("doctor"), settings(tmp_path, database_url)
    monkeypatch.setattr(doctor, "settle", lambda: None)
    check_key(application.store)

    def run(with_settings):
        monkeypatch.setattr(doctor, "settings", lambda: with_settings)
        code = arguments.perform(arguments)
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            newest = newest_examination(uow)
        return code, newest and newest.findings

    other = replace(chosen, secret=b"x" * 32)
    assert run(other) == (1, None), "with another key it reads no book"
    assert run(chosen) == (0, 0)
    with application.store.unit_of_work(application.clock()) as uow:
        wrong_role = text("UPDATE role_grant SET role = 'mayor' WHERE account_id = :id")
        uow.connection.execute(wrong_role, {"id": city.as_("desk").account_id})
    assert run(chosen)[0] == 1


NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("archived", "failed", "since"),
    [
        (None, None, None),
        (NOON, None, None),
        (NOON, NOON - timedelta(hours=1), None),
        (NOON, NOON + timedelta(hours=1), NOON),
        (None, NOON, NOON),
    ],
)
def test_an_archive_fails_if_its_newest_try_did(archived, failed, since):
    """It then fails until somebody looks, while PostgreSQL's own disk fills up."""
    assert failing_since(archived, failed) == since


def test_doctor_finds_a_data_folder_that_is_a_file(tmp_path):
    file = tmp_path / "data"
    file.touch(mode=0o644)
    first = next(iter(wrong(settings(file)).values()))
    assert first == [f"{file} is no folder: name one with PUBLICMEETING_DATA"]


def test_doctor_finds_an_archive_that_fails(application, city, database_url, tmp_path, monkeypatch):
    chosen = settings(tmp_path, database_url)
    assert application.store.archive_failing_since() is None, "this one is not set to archive"
    monkeypatch.setattr(Store, "archive_failing_since", lambda _: NOON)
    (finding,) = wrong(chosen)["what PostgreSQL writes is archived, if it is set so"]
    assert "archives nothing since 2026-12-01 12:00 UTC" in str(finding)


def test_doctor_finds_a_lost_picture_and_nothing_is_swept_any_more(
    application, city, database_url, tmp_path
):
    application.images.put(b"of somebody else")
    note_files(application.store, application.clock(), fine=True)
    with application.store.unit_of_work(application.clock()) as uow:
        add_image(uow, city.as_("desk"), "a" * 64)
    found = wrong(settings(tmp_path, database_url))
    assert list(found) == ["every picture and paper has its file, opens and is unchanged"]
    assert files_fine_at(application.store, application.clock()) is None


@pytest.mark.on_postgresql
def test_a_server_does_not_start_with_files_of_another_city(
    application, city, database_url, tmp_path
):
    update(settings(tmp_path, database_url))
    other = settings(tmp_path / "other")
    update(other)
    (tmp_path / "other" / "installation.json").replace(tmp_path / "installation.json")
    with pytest.raises(StopError, match=r"belong to another installation.*--adopt"):
        update(settings(tmp_path, database_url))
    assert "the files are those of this database" in wrong(settings(tmp_path, database_url))
    update(settings(tmp_path, database_url), adopt=True)
    assert wrong(settings(tmp_path, database_url)) == {}


def test_a_server_does_not_start_with_an_empty_database_beside_files(tmp_path):
    files_in(tmp_path).images.put(b"the order of a mayor")
    with pytest.raises(StopError, match="one of the two is empty"):
        update(settings(tmp_path))
    assert len(files_in(tmp_path).images.names()) == 1
    update(settings(tmp_path), adopt=True)
    update(settings(tmp_path))


def test_nobody_else_on_the_machine_can_read_anything(tmp_path):
    """Whatever the umask of the caller, and whatever permissions an earlier version has left."""
    before = os.umask(0o022)
    try:
        folder = tmp_path / "city"
        folder.mkdir(mode=0o755)
        (folder / "demo.sqlite3").touch(mode=0o644)
        chosen = Settings.from_environment({"PUBLICMEETING_DATA": str(folder)})
        assert any("can be read by others" in found[0] for found in wrong(chosen).values())
        with held(server_lock(chosen)):
            update(chosen)
        store = Store(chosen.database_url, master_key(chosen))
        with store.unit_of_work(utc_now()) as uow:
            uow.facts.put("somebody", "writes")
            modes = {
                path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777
                for path in (folder, *folder.rglob("*"))
            }
        store.close()
        backup.back_up(chosen, tmp_path / "copy.sqlite3")
        modes["copy.sqlite3"] = (tmp_path / "copy.sqlite3").stat().st_mode & 0o777
    finally:
        os.umask(before)
    assert {"city/demo.sqlite3", "city/demo.sqlite3-wal", "city/demo.sqlite3-shm"} <= modes.keys()
    wide = {name: oct(mode) for name, mode in modes.items() if mode & 0o077}
    assert wide == {}


def test_an_older_database_is_said_at_the_start(tmp_path, capsys):
    update(settings(tmp_path))
    files = files_in(tmp_path)
    mark = files.mark()
    files.set_mark(Mark(mark.installation, 9, "f" * 64))
    update(settings(tmp_path))
    assert "restored from before" in capsys.readouterr().out
    update(settings(tmp_path), adopt=True)
    assert capsys.readouterr().out == ""


def test_a_drill_whose_files_are_younger_than_its_dump_is_sound_and_sweeps_nothing(tmp_path):
    """A backup copies the database first, while the city goes on working."""
    chosen = settings(tmp_path)
    update(chosen)
    files = files_in(tmp_path)
    mark = files.mark()
    files.set_mark(Mark(mark.installation, 9, "f" * 64))
    assert wrong(chosen) == {}
    said = "the files are those of this database, which was restored from before them"
    assert said in [examined.check for examined in doctor.examined(chosen)]
    store = Store(chosen.database_url, KEY)
    assert files_fine_at(store, utc_now()) is None
    store.close()
    files.set_mark(Mark("another", 9, "f" * 64))
    assert list(wrong(chosen)) == ["the files are those of this database"]


def test_doctor_finds_a_clock_that_only_a_demo_may_move(application, city, database_url, tmp_path):
    del city
    chosen = settings(tmp_path, database_url)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.clockwork.set_offset(timedelta(hours=2))
    assert wrong(chosen) == {}
    ahead = "the city's clock is 2:00:00 ahead of the machine's, by a row of the database"
    found = wrong(replace(chosen, env=Env.PRODUCTION))
    assert found == {"the city's time is this machine's": [ahead]}


def test_doctor_stops_at_old_tables(tmp_path):
    chosen = settings(tmp_path)
    assert "is empty: restore its dump" in wrong(chosen)["the tables are those of this program"][0]
    upgrade_url(chosen.database_url)
    with closing(sqlite3.connect(make_url(chosen.database_url).database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0002'")
    assert "before the first release" in wrong(chosen)["the tables are those of this program"][0]


def test_doctor_stops_at_a_wrong_key(application, city, database_url, tmp_path):
    check_key(application.store)
    found = wrong(settings(tmp_path, database_url, b"x" * 32))
    assert list(found) == ["the key is the right one"]


def test_doctor_says_when_the_database_cannot_be_read(tmp_path):
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StopError, match="cannot be read"):
        wrong(settings(tmp_path, f"sqlite:///{broken}"))


def test_a_server_does_not_start_with_another_key(tmp_path):
    update(settings(tmp_path))
    update(settings(tmp_path))
    with pytest.raises(StopError, match="not the one this database was sealed with"):
        update(settings(tmp_path, key=b"x" * 32))


def create(application, *words: str, password: str = PASSWORD) -> None:
    admin.create(application, parsed("admin", "create", *words), password)


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("districts", [WHOLE], ids=["whole city"])
@pytest.mark.parametrize(
    "words",
    [
        ("--role", "administrator"),
        ("--role", "unit", "--unit", "d22-legal"),
    ],
)
def test_an_account_made_at_the_server_signs_in(application, city, words):
    create(application, "--username", "First", "--name", "نخستین", *words)
    command = SignIn(username="first", password=PASSWORD)
    key, refused = application.execute_now(sign_in, Keys(), command)
    assert key, refused


@in_one_city(
    "words, sentence",
    [
        (("--username", "desk", "--role", "overseer"), "is taken"),
        (("--username", "new", "--role", "desk"), "needs --district"),
        (("--username", "new", "--role", "desk", "--district", "23"), "no such district"),
        (("--username", "new", "--role", "unit"), "needs --unit"),
        (("--username", "new", "--role", "unit", "--unit", "d6"), "no such unit"),
        (("--username", " ", "--role", "overseer"), "are needed"),
    ],
)
def test_an_impossible_account_is_refused_in_a_sentence(application, city, words, sentence):
    with pytest.raises(StopError, match=sentence):
        create(application, *words, "--name", "نو")


def test_a_short_password_is_refused(application, city):
    with pytest.raises(StopError, match="at least 12"):
        create(
            application, "--username", "new", "--name", "نو", "--role", "phone", password="short"
        )


@pytest.mark.parametrize("role", ["citizen", "clock", "judge", "king"])
def test_a_role_nobody_holds_by_an_account_is_no_choice(role):
    with pytest.raises(SystemExit):
        parsed("admin", "create", "--username", "x", "--name", "x", "--role", role)


def enters(application, password: str) -> bool:
    command = SignIn(username="desk", password=password)
    return bool(application.execute_now(sign_in, Keys(), command)[0])


def at_the_server(monkeypatch, database_url: str, tmp_path: Path, *words: str) -> None:
    """Run the command as it is typed."""
    monkeypatch.setattr(admin, "settings", lambda: settings(tmp_path, database_url))
    arguments = parsed("admin", *words)
    arguments.perform(arguments)


@pytest.mark.on_postgresql
def test_a_password_is_changed_at_the_server(
    application, city, database_url, tmp_path, monkeypatch
):
    change = ("password", "--username", "desk", "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\nanother password\n"))
    with pytest.raises(StopError, match="at least 12"):
        at_the_server(monkeypatch, database_url, tmp_path, *change)
    assert enters(application, PASSWORD)
    at_the_server(monkeypatch, database_url, tmp_path, *change)
    assert (enters(application, PASSWORD), enters(application, "another password")) == (False, True)


@pytest.mark.on_postgresql
def test_an_official_is_dismissed_at_the_server(
    application, city, database_url, tmp_path, monkeypatch
):
    at_the_server(monkeypatch, database_url, tmp_path, "dismiss", "--username", "desk")
    assert not enters(application, PASSWORD)
    with pytest.raises(StopError, match="Nobody"):
        at_the_server(monkeypatch, database_url, tmp_path, "dismiss", "--username", "desk")
    with pytest.raises(StopError, match="Nobody"):
        admin.change(application, "desk", PASSWORD)


@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
def test_a_copy_is_whole_private_and_without_the_key(
    application, a_request, database_url, tmp_path, monkeypatch
):
    """Also one that a kill interrupts: half a copy never had the name of a whole one."""
    walked = a_request()
    copy = tmp_path / "copy.sqlite3"
    is_there, connect = [], sqlite3.connect

    def connects(*words, **named):
        is_there.append(copy.exists())
        return connect(*words, **named)

    monkeypatch.setattr(sqlite3, "connect", connects)
    chosen = settings(tmp_path, database_url)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.facts.put("unfinished", "not committed yet")
        assert backup.back_up(chosen, copy) == copy.stat().st_size
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    content = copy.read_bytes()
    for secret in (KEY, KEY.hex().encode(), walked.who.identity.encode()):
        assert secret not in content
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert list(tmp_path.glob("copy.sqlite3*")) == [copy], "nothing waits beside it"
    assert not any(is_there[:2])
    store = Store(f"sqlite:///{copy}", KEY)
    with store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.requests.find(walked.code).title == walked.request.title
        assert uow.facts.get("unfinished") is None
    store.close()


def test_a_copy_replaces_nothing_and_needs_a_database(tmp_path):
    chosen = settings(tmp_path)
    with pytest.raises(StopError, match="no database to copy"):
        backup.back_up(chosen, tmp_path / "copy")
    upgrade_url(chosen.database_url)
    (tmp_path / "copy").write_text("something dear", encoding="utf-8")
    with pytest.raises(StopError, match="exists already"):
        backup.back_up(chosen, tmp_path / "copy")
    assert (tmp_path / "copy").read_text(encoding="utf-8") == "something dear"
    with pytest.raises(StopError, match="No such folder"):
        backup.back_up(chosen, tmp_path / "nowhere" / "copy")


@pytest.mark.on_postgresql
def test_a_complete_backup_is_noted_by_a_command(
    application, city, database_url, tmp_path, monkeypatch
):
    def newest():
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            return newest_backup(uow)

    check_key(application.store)
    chosen = settings(tmp_path, database_url)
    other = replace(chosen, secret=b"x" * 32)
    monkeypatch.setattr(backup, "settings", lambda: other)
    with pytest.raises(StopError, match="The key is not the one"):
        parsed("backup", "--done").perform(parsed("backup", "--done"))
    assert newest() is None
    monkeypatch.setattr(backup, "settings", lambda: chosen)
    parsed("backup", "--done").perform(parsed("backup", "--done"))
    assert newest() is not None


def test_postgresql_is_copied_by_its_own_tool(tmp_path):
    chosen = settings(tmp_path, "postgresql://somebody@localhost/city")
    with pytest.raises(StopError, match="pg_dump"):
        backup.back_up(chosen, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.on_postgresql
def test_the_last_administrator_who_has_lost_everything_sets_up_anew_at_the_server(
    application, city, database_url, tmp_path, monkeypatch
):
    has_app(application, "administrator")
    lost = ("second-step", "--username", "administrator")
    at_the_server(monkeypatch, database_url, tmp_path, *lost)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account_id = id_of(uow, "administrator")
        assert not uow.second_steps.has_totp(account_id)
        assert uow.second_steps.recovery_codes_left(account_id) == 0
        (event,) = uow.account_events.of_account(account_id, most=1)
    assert (event.kind.value, event.by_account) == ("second_step_reset", None)
    with pytest.raises(StopError, match="Nobody"):
        admin.reset_second_step(application, "nobody")
