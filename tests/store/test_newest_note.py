"""The newest note stands outside the database, and a database behind it appends nothing."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from support.city import KEY
from support.log_bodies import skipped

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.newest_note import NewestNote
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.merkle import EMPTY
from publicmeeting.turns.note import Key, SignedNote

NOW = utc_now()
ORIGIN = "example.ir/log"


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Store]:
    with closing(Store(url, KEY, newest_note=NewestNote(folder / "note"))) as store:
        yield store


def append(store: Store, count: int = 1) -> None:
    with store.unit_of_work(NOW) as uow:
        for _ in range(count):
            uow.log.append(Kind.SKIP, skipped(), NOW)


@pytest.fixture
def log(engine_url: str, tmp_path: Path) -> Iterator[Store]:
    with opened(engine_url, tmp_path) as store:
        with store.unit_of_work(NOW) as uow:
            uow.log.open(ORIGIN, "", NOW)
        yield store


def newest(folder: Path) -> Checkpoint:
    return Checkpoint.read(SignedNote.read((folder / "note").read_bytes()).text)


def test_every_commit_leaves_its_note_and_signs_once(log: Store, tmp_path: Path) -> None:
    append(log, 3)
    with log.unit_of_work(NOW, reading=True) as uow:
        note = SignedNote.read(uow.log.checkpoint() or "")
        key = Key.read(uow.log.keys().daily)
        assert note.signed_by([key])
        assert Checkpoint.read(note.text) == newest(tmp_path)
        assert uow.log.continues_newest_note()
    assert newest(tmp_path).size == 4


def test_what_is_rolled_back_is_signed_nowhere(log: Store, tmp_path: Path) -> None:
    def refused() -> None:
        with log.unit_of_work(NOW) as uow:
            uow.log.append(Kind.SKIP, skipped(), NOW)
            uow.log.append(Kind.SKIP, {"name": "سارا"}, NOW)

    with pytest.raises(ValueError):
        refused()
    assert newest(tmp_path).size == 1
    append(log)
    assert newest(tmp_path).size == 2


def signed_elsewhere(folder: Path, size: int, origin: str = ORIGIN) -> None:
    note = signed(Checkpoint(origin, size, EMPTY), b"\x01" * 32)
    (folder / "note").write_text(str(note), encoding="utf-8")


@pytest.mark.parametrize("size", [1, 2, 99])
def test_a_database_that_has_not_what_was_signed_appends_nothing(
    log: Store, tmp_path: Path, size: int
) -> None:
    signed_elsewhere(tmp_path, size)
    with pytest.raises(Denied, match="log_behind"):
        append(log)
    with log.unit_of_work(NOW, reading=True) as uow:
        assert uow.log.head().seq == 1
        assert not uow.log.continues_newest_note()
    assert newest(tmp_path).size == size, "and the note stays"


def test_a_longer_log_of_another_root_is_found_at_the_check(log: Store, tmp_path: Path) -> None:
    append(log, 5)
    signed_elsewhere(tmp_path, 3)
    with log.unit_of_work(NOW, reading=True) as uow:
        assert not uow.log.continues_newest_note()


def test_an_old_backup_put_back_appends_nothing(tmp_path: Path, engine_url: str) -> None:
    if not engine_url.startswith("sqlite"):
        return  # a copy of one file stands for a backup
    with opened(engine_url, tmp_path) as store, store.unit_of_work(NOW) as uow:
        uow.log.open(ORIGIN, "", NOW)
    file = Path(engine_url.removeprefix("sqlite:///"))
    shutil.copy(file, tmp_path / "backup")
    with opened(engine_url, tmp_path) as store:
        append(store)
    shutil.copy(tmp_path / "backup", file)
    with opened(engine_url, tmp_path) as store, pytest.raises(Denied, match="log_behind"):
        append(store)


@pytest.mark.parametrize("damage", ["", "half a no", "example.ir/log\n9\nAAAA\n\n— x AAAA\n"])
def test_a_damaged_file_stops_nobody_and_is_written_anew(
    log: Store, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "note").write_text(damage, encoding="utf-8")
    append(log)
    assert newest(tmp_path).size == 2


def test_a_folder_that_cannot_be_written_stops_nobody(engine_url: str, tmp_path: Path) -> None:
    with opened(engine_url, tmp_path / "none") as store:
        with store.unit_of_work(NOW) as uow:
            uow.log.open(ORIGIN, "", NOW)
        append(store)
        with store.unit_of_work(NOW, reading=True) as uow:
            assert uow.log.head().seq == 2


def test_the_file_never_goes_back_whoever_writes_last(log: Store, tmp_path: Path) -> None:
    notes = [str(signed(Checkpoint(ORIGIN, size, EMPTY), b"\x01" * 32)) for size in range(10, 40)]
    file = NewestNote(tmp_path / "note")
    writers = [threading.Thread(target=file.put, args=(note,)) for note in reversed(notes)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert newest(tmp_path).size == 39


def test_a_log_is_opened_once_and_with_a_reserve_of_its_own(log: Store) -> None:
    with pytest.raises(ValueError), log.unit_of_work(NOW) as uow:
        uow.log.open(ORIGIN, "", NOW)
    with pytest.raises(ValueError), log.unit_of_work(NOW) as uow:
        uow.log.open("other.ir/log", city_key(ORIGIN, b"\x03" * 32).vkey, NOW)


def test_time_and_size_are_those_of_the_transaction_until_it_is_committed(log: Store) -> None:
    later = NOW + timedelta(seconds=5)
    with log.unit_of_work(NOW) as uow:
        before = uow.log.head()
        uow.log.append(Kind.SKIP, skipped(), later)
        assert uow.log.head().seq == before.seq + 1
        assert uow.log.newest_at() == later.replace(microsecond=0)
        assert uow.log.mark(before.seq) == before
        with pytest.raises(KeyError):
            uow.log.mark(before.seq + 2)
