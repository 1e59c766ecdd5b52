"""The private folder: whole files, named by their content, for our eyes only."""

import hashlib
import threading

import pytest

from publicmeeting.media.blobs import Blobs

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


def test_sweeping_keeps_what_is_named_and_clears_leftovers(blobs):
    kept, gone = blobs.put(b"kept"), blobs.put(b"gone")
    leftover = blobs.path(kept).parent / ".part-crash"
    leftover.write_bytes(b"half")
    assert blobs.sweep({kept}) == [gone]
    assert blobs.exists(kept)
    assert not blobs.exists(gone)
    assert not leftover.exists()


def test_many_threads_putting_the_same_picture_end_with_one(blobs):
    threads = [threading.Thread(target=blobs.put, args=(DATA,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [SHA]
