"""The newest note is also stored outside the database; a database behind it appends nothing."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from support.city import KEY
from support.log_bodies import skipped

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.public_record import newest_note
from publicmeeting.store.public_record.newest_note import ENTRIES_FILE, NewestNote
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.merkle import EMPTY
from publicmeeting.turns.tree.note import Key, SignedNote
from publicmeeting.usecases.oversight.books import CHECKS, newest_note_is_readable

NOW = utc_now()
ORIGIN = "example.ir/log"


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Store]:
    with closing(Store(url, KEY, newest_note=NewestNote(folder / "note"))) as store:
        yield store


def soon(true: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.001)


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


def test_what_a_city_writes_while_it_is_examined_is_no_fault_of_its_log(log: Store) -> None:
    """`doctor` reads for minutes, statement by statement, and reads the note at the end."""
    with log.unit_of_work(NOW, reading=True, unhurried=True) as uow:
        assert len(uow.log.data_after(0, 9)) == 1
        append(log)
        assert len(uow.log.data_after(0, 9)) == 1
        assert uow.log.continues_newest_note()
    with log.unit_of_work(NOW, reading=True, unhurried=True) as uow:
        assert len(uow.log.data_after(0, 9)) == 2
        assert uow.log.continues_newest_note()


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("content", [b"", b"no note", b"\xff"])
def test_doctor_names_a_note_that_cannot_be_read(
    log: Store, tmp_path: Path, content: bytes
) -> None:
    """Otherwise the database could be rolled back behind it without a word."""
    assert newest_note_is_readable in CHECKS.values()
    with log.unit_of_work(NOW, reading=True) as uow:
        assert not list(newest_note_is_readable(uow, NOW))
        (tmp_path / "note").write_bytes(content)
        (finding,) = newest_note_is_readable(uow, NOW)
    assert finding.where == "public log"


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
    with pytest.raises(Unavailable, match="log_behind"):
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
        return  # the test copies one file as its backup
    with opened(engine_url, tmp_path) as store, store.unit_of_work(NOW) as uow:
        uow.log.open(ORIGIN, "", NOW)
    file = Path(engine_url.removeprefix("sqlite:///"))
    shutil.copy(file, tmp_path / "backup")
    with opened(engine_url, tmp_path) as store:
        append(store)
    shutil.copy(tmp_path / "backup", file)
    with opened(engine_url, tmp_path) as store, pytest.raises(Unavailable, match="log_behind"):
        append(store)


@pytest.mark.on_postgresql(rows=(0,))
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
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
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


def test_notes_that_wait_for_one_being_written_are_written_as_one(
    log: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = [str(signed(Checkpoint(ORIGIN, size, EMPTY), b"\x01" * 32)) for size in range(10, 20)]
    file, written = NewestNote(tmp_path / "note"), list[int]()
    first, replace = threading.Event(), Path.replace

    def slowly(draft: Path, target: Path) -> Path:
        written.append(Checkpoint.read(SignedNote.read(draft.read_bytes()).text).size)
        first.wait(10)
        return replace(draft, target)

    monkeypatch.setattr(Path, "replace", slowly)
    writers = [threading.Thread(target=file.put, args=(note,)) for note in notes]
    writers[0].start()
    soon(lambda: written)
    for writer in writers[1:]:
        writer.start()
    soon(lambda: len(file._waiting) == len(writers) - 1)
    first.set()
    for writer in writers:
        writer.join()
        assert newest(tmp_path).size in {10, 19}
    assert written == [10, 19]
    assert newest(tmp_path).size == 19


def test_a_note_that_another_process_has_put_is_read_at_once(tmp_path: Path) -> None:
    ours, others = NewestNote(tmp_path / "note"), NewestNote(tmp_path / "note")
    for size in range(10, 40):
        note = str(signed(Checkpoint(ORIGIN, size, EMPTY), b"\x01" * 32))
        (ours, others)[size % 2].put(note)
        for one in (ours, others):
            known = one.read()
            assert known is not None
            assert known.size == size


def test_the_next_writer_does_not_wait_for_the_file(
    log: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replacing, go_on, replace = threading.Event(), threading.Event(), Path.replace

    def slowly(draft: Path, target: Path) -> Path:
        replacing.set()
        go_on.wait(10)
        return replace(draft, target)

    monkeypatch.setattr(Path, "replace", slowly)
    first = threading.Thread(target=append, args=(log,))
    first.start()
    assert replacing.wait(10)
    with log.unit_of_work(NOW) as uow:
        uow.facts.put("whatever", "is written")
    assert not go_on.is_set(), "that was committed meanwhile"
    go_on.set()
    first.join()
    assert newest(tmp_path).size == 2


def test_the_older_entries_go_from_the_file_in_time(
    log: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_note, "_ENTRIES_MOST", 2000)
    for _ in range(40):
        append(log)
    _, entries = NewestNote(tmp_path / "note").lines()
    assert list(entries) == [*range(min(entries), 42)]
    assert 4 <= len(entries) < 20


def test_what_a_savepoint_undid_stands_in_no_file(log: Store, tmp_path: Path) -> None:
    with log.unit_of_work(NOW) as uow:
        with suppress(ZeroDivisionError), uow.savepoint():
            uow.log.append(Kind.SKIP, skipped(), NOW)
            raise ZeroDivisionError
        other = uow.log.append(Kind.SKIP, skipped(), NOW + timedelta(seconds=5))
    _, entries = NewestNote(tmp_path / "note").lines()
    assert entries[other.seq] == other.data
    assert len((tmp_path / ENTRIES_FILE).read_bytes().splitlines()) == len(entries)
