"""An older log is filled from a witness's copy, completely or not at all."""

import gzip
import shutil
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from support.city import KEY
from support.log_bodies import stated

from publicmeeting.cli import log_copy
from publicmeeting.cli.commands.log import read_copy
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.public_record.newest_note import NewestNote
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import entry
from publicmeeting.turns.tree import tiles
from publicmeeting.turns.tree.checkpoint import Checkpoint, signed
from publicmeeting.turns.tree.merkle import leaf_hash, root_of
from publicmeeting.usecases.public_record.filling import LogCopy, lost_entries
from publicmeeting.worker.recovery import Recovered, recover

NOW, ORIGIN, SEED = utc_now(), "example.ir/log", b"\x05" * 32
HERE, SIGNED = 3, 300


def written(store: Store, size: int) -> None:
    with store.unit_of_work(NOW) as uow:
        if not uow.log.keys().daily:
            uow.log.set_keys(ORIGIN, SEED, "")
        for number in range(uow.log.head().seq + 1, size + 1):
            uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(number), NOW)


@cache
def whole() -> list[bytes]:
    return [
        entry(number, NOW, Kind.AUDIENCE_OFF_SYSTEM, stated(number)).data
        for number in range(1, SIGNED + 1)
    ]


def note_of(entries: list[bytes], seed: bytes = SEED, origin: str = ORIGIN) -> str:
    root = root_of([leaf_hash(one) for one in entries])
    return str(signed(Checkpoint(origin, len(entries), root), seed))


@pytest.fixture
def behind(engine_url: str, tmp_path: Path):
    """A log of three entries, on a machine where three hundred were signed."""
    (tmp_path / "note").write_text(note_of(whole()), encoding="utf-8")
    with closing(Store(engine_url, KEY)) as store:
        written(store, HERE)
    note = NewestNote(tmp_path / "note")
    with closing(Store(engine_url, KEY, newest_note=note)) as store:
        yield store


def filled(store: Store, note: str, entries: list[bytes]) -> Recovered:
    copy = LogCopy(note=note, entries=tuple(entries))
    with store.unit_of_work(NOW, reading=True) as uow:
        lost = lost_entries(uow, COMMAND_LINE, copy, NOW)
    return recover(store, lost)


def test_it_has_everything_again_and_goes_on(behind: Store) -> None:
    with pytest.raises(Unavailable, match="log_behind"):
        written(behind, HERE + 1)
    entries = whole()
    assert filled(behind, note_of(entries), entries) == Recovered(
        HERE, SIGNED, (*range(HERE + 1, SIGNED + 1),)
    )
    with behind.unit_of_work(NOW, reading=True) as uow:
        assert uow.log.checkpoint() == note_of(entries), "no second root for one size"
        assert [one.data for one in uow.log.after(0)] == entries
        assert not uow.log.is_behind()
        assert uow.log.mark(256).root == root_of([leaf_hash(one) for one in entries[:256]]).hex()
    written(behind, SIGNED + 1)


def changed(place: int, count: int) -> list[bytes]:
    other = entry(place + 1, NOW, Kind.AUDIENCE_OFF_SYSTEM, stated(count)).data
    return [*whole()[:place], other, *whole()[place + 1 :]]


REFUSED = [
    ("copy_foreign", note_of(whole(), b"\x06" * 32), whole()),
    ("copy_foreign", note_of(whole(), origin="other.ir/log"), whole()),
    ("copy_foreign", "half a no", whole()),
    ("copy_broken", note_of(whole()), whole()[:-1]),
    ("copy_broken", note_of(whole()), changed(7, 0)),
    ("copy_broken", note_of(whole()), [*whole()[1::-1], *whole()[2:]]),
    ("copy_broken", note_of([*whole()[:-1], b"{}"]), [*whole()[:-1], b"{}"]),
    ("copy_broken", note_of([*whole(), whole()[0]]), [*whole(), whole()[0]]),
    ("log_differs", note_of(changed(1, 0)), changed(1, 0)),
    ("log_differs", note_of(changed(1, 0)[:HERE]), changed(1, 0)[:HERE]),
    ("copy_shorter", note_of(whole()[:HERE]), whole()[:HERE]),
    ("copy_shorter", note_of(whole()[:200]), whole()[:200]),
]


@pytest.mark.on_postgresql(rows=(0, 8))
@pytest.mark.parametrize(("why", "note", "entries"), REFUSED)
def test_any_other_copy_is_refused_and_writes_nothing(
    behind: Store, why: str, note: str, entries: list[bytes]
) -> None:
    with pytest.raises(Denied, match=why):
        filled(behind, note, entries)
    with behind.unit_of_work(NOW, reading=True) as uow:
        assert uow.log.head().seq == HERE


def copied(folder: Path, *, packed: bool) -> None:
    entries = whole()
    (folder / "checkpoint").write_text(note_of(entries), encoding="utf-8")
    for tile in tiles.tiles_of(SIGNED):
        if tile.level is None:
            path = folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            data = tiles.bundle(entries[tile.first : tile.first + tile.width])
            path.write_bytes(gzip.compress(data) if packed else data)


def test_a_copy_is_read_as_tiles_or_as_one_file(tmp_path: Path) -> None:
    for packed in (True, False):
        copied(tmp_path, packed=packed)
        assert read_copy(tmp_path) == (note_of(whole()), whole())
    (tmp_path / "entries").write_bytes(tiles.bundle(whole()))
    assert read_copy(tmp_path) == (note_of(whole()), whole())


def test_a_copy_may_lie_as_deep_as_whoever_audits_it_finds_it(tmp_path: Path) -> None:
    folder = tmp_path / "site" / "log"
    folder.mkdir(parents=True)
    copied(folder, packed=True)
    archive = shutil.make_archive(str(tmp_path / "site"), "zip", tmp_path, "site")
    for place in (tmp_path / "site", Path(archive)):
        assert read_copy(place) == (note_of(whole()), whole())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize("name", ["checkpoint", "tile/entries/000", "tile/entries/001.p/44"])
def test_half_a_copy_is_told(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    for damage in (cut, Path.unlink, lambda path: path.write_bytes(b"\x1f\x8bxx")):
        folder = tmp_path_factory.mktemp("copy")
        copied(folder, packed=True)
        damage(folder / name)
        with pytest.raises(StopError, match="no whole copy"):
            read_copy(folder)


@pytest.mark.parametrize("name", ["checkpoint", "entries", "tile/entries/001.p/44"])
def test_an_archive_with_a_part_larger_than_any_memory_is_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "copy").mkdir()
    copied(tmp_path / "copy", packed=False)
    if name == "entries":
        (tmp_path / "copy" / name).write_bytes(tiles.bundle(whole()))
    archive = Path(shutil.make_archive(str(tmp_path / "copy"), "zip", tmp_path, "copy"))
    assert read_copy(archive) == (note_of(whole()), whole())
    size = (tmp_path / "copy" / name).stat().st_size
    monkeypatch.setattr(log_copy, "LARGEST", size - 1)
    with pytest.raises(StopError, match="no whole copy"):
        read_copy(archive)


def test_a_new_database_is_filled_from_nothing(engine_url: str) -> None:
    upgrade_url(engine_url)
    with closing(Store(engine_url, KEY)) as store:
        with store.unit_of_work(NOW) as uow:
            uow.log.set_keys(ORIGIN, SEED, "")
        assert filled(store, note_of(whole()), whole()) == Recovered(
            0, SIGNED, (*range(1, SIGNED + 1),)
        )
