"""The private folder: whole files, named by their content, for our eyes only."""

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from support.together import together

from publicmeeting.media.blobs import Blobs

NOW = datetime.now(UTC)
DATA = b"a picture"
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "private" / "images")


def test_what_is_put_can_be_got_by_its_name(blobs):
    assert not blobs.exists(SHA)
    assert blobs.put(DATA) == SHA
    assert blobs.exists(SHA)
    assert blobs.get(SHA) == DATA
    assert blobs.path(SHA).read_bytes() == DATA


def test_putting_twice_changes_nothing(blobs):
    blobs.put(DATA)
    before = blobs.path(SHA).stat()
    assert blobs.put(DATA) == SHA
    assert blobs.path(SHA).stat().st_ino == before.st_ino


def test_an_unknown_name_is_a_key_error(blobs):
    with pytest.raises(KeyError):
        blobs.get(SHA)


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "0", SHA + "\n", "/" + SHA]
)
def test_a_name_that_is_no_hash_reaches_no_file(blobs, name):
    blobs.put(DATA)
    for door in (blobs.get, blobs.path, blobs.exists):
        with pytest.raises(KeyError):
            door(name)


def test_folders_and_files_are_private(blobs):
    path = blobs.path(blobs.put(DATA))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert blobs.folder.stat().st_mode & 0o777 == 0o700


def test_no_half_file_is_left_when_the_disk_fails(blobs, monkeypatch):
    def full_disk(_handle):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        blobs.put(DATA)
    monkeypatch.undo()
    assert not blobs.exists(SHA)
    assert not [path for path in blobs.folder.rglob("*") if path.is_file()]
    assert blobs.put(DATA) == SHA


def aged(path):
    """Written two days ago."""
    then = (NOW - timedelta(days=2)).timestamp()
    os.utime(path, (then, then))


def test_sweeping_keeps_what_is_named_or_young_and_clears_leftovers(blobs):
    kept, gone, young = blobs.put(b"kept"), blobs.put(b"gone"), blobs.put(b"young")
    leftover, unfinished = (blobs.path(kept).parent / f".part-{one}" for one in ("crash", "now"))
    for half in (leftover, unfinished):
        half.write_bytes(b"half")
    for path in (blobs.path(kept), blobs.path(gone), leftover):
        aged(path)
    assert blobs.sweep({kept}, NOW - timedelta(days=1)) == [gone]
    assert [blobs.exists(one) for one in (kept, gone, young)] == [True, False, True]
    assert (leftover.exists(), unfinished.exists()) == (False, True)
    assert blobs.sweep({kept}, NOW - timedelta(days=1)) == []


def test_a_picture_that_is_put_while_it_is_swept_stays(blobs):
    for _ in range(100):
        aged(blobs.path(blobs.put(DATA)))
        together(lambda: blobs.put(DATA), lambda: blobs.sweep(set(), NOW - timedelta(days=1)))
        assert blobs.get(SHA) == DATA
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [SHA]


def test_many_threads_putting_the_same_picture_end_with_one(blobs):
    threads = [threading.Thread(target=blobs.put, args=(DATA,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [SHA]
