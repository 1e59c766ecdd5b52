"""Commands about stored files, in the data folder and in a bucket."""

import argparse
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.city import KEY, City
from support.clock import FixedClock
from support.files import aged, files_in, path_of
from support.images import add_image
from support.stores import emptied
from support.swept import may_be_swept

from publicmeeting.application import Application, open_application
from publicmeeting.cli.commands import backup, doctor, storage
from publicmeeting.cli.commands.rekey import change_key
from publicmeeting.cli.prepare import check, forget, update
from publicmeeting.cli.stop import StopError, without_traceback
from publicmeeting.config import S3, Settings
from publicmeeting.media.files import BucketStore, Files, FolderStore, Mark, read_mark
from publicmeeting.store.database import migrate
from publicmeeting.store.database.migrate import current
from publicmeeting.store.database.vault import Vault
from publicmeeting.worker.cleanup import (
    Cleanup,
    Stop,
    Stopped,
    note_files,
    stopped,
    sweep_files,
)

NEW = b"n" * 32
LATER = timedelta(minutes=1)


def settings(folder: Path, url: str = "", s3: S3 | None = None, **more: str) -> Settings:
    environ = {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_SECRET": KEY.hex(), **more}
    if s3 is not None:
        for part in ("endpoint", "bucket", "region", "access_key", "secret_key"):
            environ[f"PUBLICMEETING_S3_{part.upper()}"] = getattr(s3, part)
    return Settings.from_environment({**environ, **({"DATABASE_URL": url} if url else {})})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """`run(settings, "status")` runs the command in this process."""
    parser = argparse.ArgumentParser()
    storage.register(parser.add_subparsers())

    def run(chosen: Settings, *words: str) -> None:
        monkeypatch.setattr(storage, "settings", lambda: chosen)
        arguments = parser.parse_args(["storage", *words])
        arguments.perform(arguments)

    return run


def findings(chosen: Settings) -> list[str]:
    skipped = ("the disk has room",)
    return [
        f"{examined.check}: {found.what}"
        for examined in doctor.examined(chosen)
        for found in examined.findings
        if examined.check not in skipped
    ]


def test_what_doctor_has_found_stands_in_the_status_at_once(
    application: Application,
    city: City,
    clock: FixedClock,
    database_url: str,
    tmp_path: Path,
    run,
    capsys,
) -> None:
    """Otherwise `status` and `/health` would report a restored file as lost for an hour."""
    may_be_swept(application)
    chosen = settings(tmp_path, database_url)

    def status() -> str:
        capsys.readouterr()
        run(chosen, "status")
        return capsys.readouterr().out

    assert "nothing is swept" not in status()
    note_files(application.store, clock(), fine=False)
    assert "nothing is swept: doctor found the files in order once and no longer does" in status()
    assert "last sweep: never; storage sweep looks again at once" in status()
    note_files(application.store, clock(), fine=True)
    assert "nothing is swept" not in status()


def test_before_doctor_was_ever_content_the_status_does_not_say_that_files_are_swept(
    application: Application, city: City, clock: FixedClock
) -> None:
    """In a new installation, whose first check found something wrong."""
    store = application.store
    for _ in range(2):
        note_files(store, clock(), fine=False)
        with store.unit_of_work(clock(), reading=True) as uow:
            assert stopped(uow) == Stopped(Stop.UNCHECKED)


def test_a_lost_file_that_is_back_is_missing_no_more_in_the_status(
    application: Application, city: City, clock: FixedClock
) -> None:
    """The sweep has named it and looks again within an hour; doctor has looked just now."""
    may_be_swept(application)
    store = application.store
    with store.unit_of_work(clock()) as uow:
        uow.facts.put("sweep_stopped", str(Stopped(Stop.FILES_MISSING, 1)))
    for fine, stop in ((False, Stopped(Stop.FILES_MISSING, 1)), (True, None)):
        note_files(store, clock(), fine=fine)
        with store.unit_of_work(clock(), reading=True) as uow:
            assert stopped(uow) == stop


def test_a_graver_reason_than_doctor_s_stays_in_the_status(
    application: Application, city: City, clock: FixedClock
) -> None:
    may_be_swept(application)
    with application.store.unit_of_work(clock()) as uow:
        uow.facts.put("sweep_stopped", "too_many 90")
    for fine in (False, True):
        note_files(application.store, clock(), fine=fine)
        with application.store.unit_of_work(clock(), reading=True) as uow:
            assert str(stopped(uow)) == "too_many 90"


@pytest.mark.on_postgresql
def test_files_are_listed_swept_and_brought_back(
    application: Application,
    city: City,
    clock: FixedClock,
    database_url: str,
    tmp_path: Path,
    run,
    capsys,
) -> None:
    may_be_swept(application)
    chosen = settings(tmp_path, database_url)
    names = [application.images.put(f"picture {at}".encode()) for at in range(60)]
    for name in names:
        aged(path_of(application.files.images, name))
    with pytest.raises(StopError, match=r"no row names 60 files.*--beyond"):
        run(chosen, "sweep")
    run(chosen, "status")
    assert "no row names 60 files" in capsys.readouterr().out
    run(chosen, "sweep", "--beyond")
    today = datetime.now(UTC).date()
    run(chosen, "status")
    output = capsys.readouterr().out
    assert "60 files moved into the trash, 0 brought back, 0 deleted for good." in output
    assert f"images: 0\noriginals: 0\ntrash of {today}: 60\n" in output
    run(chosen, "restore")
    assert application.images.names() == {}, "no row names any"
    run(chosen, "restore", "--day", today.isoformat())
    assert set(application.images.names()) == set(names)


def test_files_of_another_city_are_not_touched(
    application: Application, database_url: str, tmp_path: Path, run
) -> None:
    application.images.put(b"of another city")
    for words in (["status"], ["sweep"], ["restore"]):
        with pytest.raises(StopError, match="does not know"):
            run(settings(tmp_path, database_url), *words)


def test_a_city_moves_to_a_bucket_and_back(
    application: Application,
    city: City,
    clock: FixedClock,
    database_url: str,
    tmp_path: Path,
    rclone_store: S3,
    run,
    capsys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "_REPORT_SECONDS", 0.0)  # after each file
    bucket = emptied(rclone_store)
    update(settings(tmp_path, database_url))
    sha = application.images.put(b"a picture")
    with application.store.unit_of_work(clock()) as uow:
        add_image(uow, city.as_("desk"), sha)
    moved = settings(tmp_path, database_url, rclone_store)
    with pytest.raises(StopError, match="bucket meetings are not known to be those"):
        update(moved)
    run(moved, "copy", "to-bucket")
    printed = capsys.readouterr().out
    assert "  1 of 1 files\n1 files copied. The city's place is bucket meetings" in printed
    with pytest.raises(StopError, match="All machines name one place"):
        check(settings(tmp_path, database_url))  # a machine with the settings of before
    run(moved, "copy", "to-bucket")
    assert "were moved to bucket meetings before" in capsys.readouterr().out
    update(moved)
    check(moved)
    assert findings(moved) == []
    there = open_application(moved, clock)
    assert there.images.get(sha) == b"a picture"
    later = there.images.put(b"a later picture")
    there.store.close()
    run(moved, "copy", "to-folder")
    assert files_in(tmp_path, KEY).images.get(later) == b"a later picture"
    with pytest.raises(StopError, match="There is no bucket"):
        run(settings(tmp_path, database_url), "copy", "to-bucket")
    assert {stored.key for stored in bucket.listing("images")} == {
        stored.key for stored in FolderStore(tmp_path).listing("images")
    }


@pytest.mark.on_postgresql
def test_files_that_rows_name_are_not_left_behind_in_silence(
    application: Application,
    city: City,
    clock: FixedClock,
    database_url: str,
    tmp_path: Path,
    moto_store: S3,
    run,
    capsys,
) -> None:
    bucket = emptied(moto_store)
    update(settings(tmp_path, database_url))
    lost, sha = (application.images.put(data) for data in (b"a lost picture", b"a picture"))
    with application.store.unit_of_work(clock()) as uow:
        for name in (lost, sha):
            add_image(uow, city.as_("desk"), name)
    path_of(application.files.images, lost).unlink()
    moved = settings(tmp_path, database_url, moto_store)
    with pytest.raises(StopError, match=f"(?s)lacks 1 files.*{lost}.*Nothing was copied"):
        run(moved, "copy", "to-bucket")
    assert not list(bucket.listing("images"))
    run(moved, "copy", "to-bucket", "--without-lost")
    assert "1 files copied" in capsys.readouterr().out


def test_an_interrupted_copy_back_is_no_place_to_serve_from(
    application: Application,
    city: City,
    database_url: str,
    tmp_path: Path,
    moto_store: S3,
    monkeypatch: pytest.MonkeyPatch,
    run,
    capsys,
) -> None:
    """A folder that had the mark of before would be served from, with half of the files."""
    emptied(moto_store)
    here, moved = settings(tmp_path, database_url), settings(tmp_path, database_url, moto_store)
    update(here)
    run(moved, "copy", "to-bucket")
    Files(BucketStore(moto_store), Vault(KEY)).images.put(b"a later picture")

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(moved, "copy", "to-folder")
    assert "Interrupted: run it again" in capsys.readouterr().err
    with pytest.raises(StopError, match="If a storage copy was interrupted"):
        check(here)
    check(moved)
    run(moved, "copy", "to-folder")
    check(here)


def test_files_of_two_cities_are_not_mixed(tmp_path: Path, moto_store: S3, run) -> None:
    bucket = emptied(moto_store)
    here = settings(tmp_path / "here", "", moto_store)
    with pytest.raises(StopError, match="run the migrate command first"):
        run(here, "copy", "to-bucket")
    update(settings(tmp_path / "here"))
    Files(bucket, Vault(KEY)).set_mark(Mark("another city"))
    with pytest.raises(StopError, match="nothing was copied"):
        run(here, "copy", "to-bucket")
    assert read_mark(bucket) == Mark("another city")


def test_a_demo_in_the_place_of_a_real_city_empties_nothing(tmp_path: Path) -> None:
    real, demo = settings(tmp_path, f"sqlite:///{tmp_path / 'real.sqlite3'}"), settings(tmp_path)
    update(real)
    sha = files_in(tmp_path, KEY).images.put(b"the order of a mayor")
    with pytest.raises(StopError, match="nothing was deleted"):
        forget(demo)
    with pytest.raises(StopError, match=r"belong to an installation.*gets its dump first"):
        update(demo)
    assert current(demo) is None, "a dump is restored into an empty database only"
    with pytest.raises(StopError, match="nothing was deleted"):
        forget(demo)
    assert files_in(tmp_path, KEY).images.get(sha) == b"the order of a mayor"


def test_a_demo_in_postgresql_keeps_its_files_and_names_all_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were deleted and the tables stayed, so that neither `run` nor `seed` began again."""
    update(settings(tmp_path))
    files_in(tmp_path, KEY).images.put(b"of the demo city")
    monkeypatch.setattr(migrate, "current", lambda _settings: "0077")
    url, s3 = "postgresql://somebody@localhost/city", S3("https://s3.example", "demo", "", "a", "b")
    with pytest.raises(StopError, match=rf"drop its database.*, delete {tmp_path}, and start"):
        forget(settings(tmp_path, url))
    with pytest.raises(StopError, match=f"delete {tmp_path} and the files in bucket demo, and"):
        forget(settings(tmp_path, url, s3))
    assert files_in(tmp_path, KEY).images.names()


def test_a_demo_empties_its_own_place(tmp_path: Path) -> None:
    forget(settings(tmp_path))
    update(settings(tmp_path))
    files_in(tmp_path, KEY).images.put(b"of the demo city")
    forget(settings(tmp_path))
    assert files_in(tmp_path, KEY).images.names() == {}
    assert not (tmp_path / "demo.sqlite3").exists()


@pytest.mark.on_postgresql
def test_a_bucket_is_swept_examined_and_sealed_under_another_key(
    application: Application, city: City, database_url: str, tmp_path: Path, moto_store: S3
) -> None:
    emptied(moto_store)
    chosen = settings(tmp_path, database_url, moto_store, PUBLICMEETING_SECRET_NEXT=NEW.hex())
    update(chosen)
    # Objects are dated by the machine's clock, so the sweep comes two days later.
    there = open_application(chosen, clock := FixedClock(datetime.now(UTC)))
    may_be_swept(there)
    lost, used = there.originals.put(b"of nobody"), there.images.put(b"of somebody")
    with there.store.unit_of_work(clock()) as uow:
        add_image(uow, city.as_("desk"), used)
    assert findings(chosen) == []
    clock.forward(days=2)
    note_files(there.store, clock(), fine=True)
    assert sweep_files(there, clock()).discarded == 1
    assert [discarded.name for discarded in there.originals.discarded()] == [lost]
    there.store.close()
    change_key(chosen, lambda _: None)
    new = Files(BucketStore(moto_store), Vault(NEW))
    assert new.images.get(used) == b"of somebody"
    assert [discarded.name for discarded in new.originals.discarded()] == [lost]
    assert set(new.images.names()) == {used}


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("BUCKET", "nobody", "there is no bucket of that name"),
        ("SECRET_KEY", "wrong", "the secret key is not that of the access key"),
        ("ENDPOINT", "http://127.0.0.1:9", "it does not answer"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_one_sentence_at_the_start(
    tmp_path: Path, rclone_store: S3, capsys, part: str, value: str, reason: str
) -> None:
    chosen = settings(tmp_path, "", rclone_store)
    environ = {name: getattr(chosen.s3, name) for name in S3.__dataclass_fields__}
    broken = settings(tmp_path, "", S3(**{**environ, part.lower(): value}))
    assert without_traceback(lambda: update(broken)) == 1
    output = capsys.readouterr().err
    assert reason in output
    assert output.count("\n") == 1
    assert output.endswith("put that right and start again.\n")


def test_a_backup_names_what_lies_beside_the_database(
    tmp_path: Path, rclone_store: S3, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    for s3, named in ((None, "installation.json"), (rclone_store, "bucket meetings")):
        chosen = settings(tmp_path)
        update(chosen)
        read = settings(tmp_path, "", s3)
        monkeypatch.setattr(backup, "settings", lambda read=read: read)
        backup._perform(argparse.Namespace(file=tmp_path / f"copy-{bool(s3)}", done=False))
        assert named in capsys.readouterr().out


@pytest.mark.on_postgresql
def test_a_worker_sweeps_a_bucket_once_an_hour(
    application: Application, city: City, clock: FixedClock, moto_store: S3
) -> None:
    files = Files(emptied(moto_store), application.store.vault)
    application.files, application.images, application.originals = (
        files,
        files.images,
        files.originals,
    )
    may_be_swept(application)
    name = application.images.put(b"of nobody")
    clock.set(datetime.now(UTC) + timedelta(hours=23))
    Cleanup(application, "this process").sweep()
    assert set(application.images.names()) == {name}
    clock.forward(hours=2)
    Cleanup(application, "this process").sweep()
    assert application.images.names() == {}
    assert hashlib.sha256(b"of nobody").hexdigest() in {
        discarded.name for discarded in application.images.discarded()
    }
