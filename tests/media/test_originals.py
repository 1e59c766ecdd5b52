"""What came from outside is kept apart, and whoever takes the folder away learns nothing."""

import hashlib
import os
from datetime import UTC, datetime, timedelta

import pytest

from publicmeeting.media.originals import Originals
from publicmeeting.store.vault import Vault

NOW = datetime.now(UTC)
DATA = b"GPS 35.70, 51.40 " * 90_000
"""Longer than what is sealed at once."""
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def originals(tmp_path):
    return Originals(tmp_path / "originals", Vault(b"k" * 32))


def files(originals):
    return [path for path in originals.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"x", DATA[: 1 << 20], DATA])
def test_what_is_put_can_be_got_by_its_hash(originals, data):
    sha = hashlib.sha256(data).hexdigest()
    assert not originals.exists(sha)
    assert originals.put(data) == sha
    assert originals.exists(sha)
    assert originals.get(sha) == data
    assert list(originals.names()) == [sha]


def test_nothing_on_disk_tells_what_it_is(originals):
    originals.put(DATA)
    (path,) = files(originals)
    sealed = path.read_bytes()
    # Eight bytes: three stand somewhere in a megabyte by chance, in one run of ten.
    assert not any(DATA[at : at + 8] in sealed for at in range(17))
    for said in (SHA, hashlib.sha256(path.read_bytes()).hexdigest()):
        assert said not in str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert originals.folder.stat().st_mode & 0o777 == 0o700


def test_putting_twice_changes_nothing_and_makes_it_young(originals):
    originals.put(DATA)
    (path,) = files(originals)
    inode = path.stat().st_ino
    os.utime(path, (0, 0))
    assert originals.put(DATA) == SHA
    assert [one.stat().st_ino for one in files(originals)] == [inode]
    assert NOW - originals.names()[SHA] < timedelta(hours=1)


def test_the_same_file_is_sealed_differently_in_each_city(originals, tmp_path):
    other = Originals(tmp_path / "other", Vault(b"o" * 32))
    originals.put(DATA)
    other.put(DATA)
    assert files(originals)[0].name != files(other)[0].name


@pytest.mark.parametrize("at", [0, 1, 40, 1_048_576 + 20, -1])
def test_a_changed_bit_is_no_file(originals, at):
    originals.put(DATA)
    (path,) = files(originals)
    sealed = bytearray(path.read_bytes())
    sealed[at] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(KeyError):
        originals.get(SHA)


@pytest.mark.parametrize("left", [0, 5, 20, 1000])
def test_a_cut_file_is_no_file(originals, left):
    originals.put(DATA)
    (path,) = files(originals)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(KeyError):
        originals.get(SHA)


def test_one_file_in_the_place_of_another_is_no_file(originals):
    originals.put(DATA)
    other = originals.put(b"another")
    originals.path(SHA).replace(originals.path(other))
    with pytest.raises(KeyError):
        originals.get(other)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(originals, name):
    for door in (originals.get, originals.path, originals.exists):
        with pytest.raises(KeyError):
            door(name)


def test_sweeping_keeps_what_is_named_or_young(originals):
    kept, gone, young = (originals.put(one) for one in (b"kept", b"gone", b"young"))
    for one in (kept, gone):
        os.utime(originals.path(one), (0, 0))
    assert originals.sweep({kept}, NOW - timedelta(days=1)) == [gone]
    assert set(originals.names()) == {kept, young}


def test_with_another_key_nothing_is_swept_and_nothing_opens(originals):
    originals.put(DATA)
    os.utime(originals.path(SHA), (0, 0))
    stranger = Originals(originals.folder, Vault(b"o" * 32))
    assert stranger.sweep(set(), NOW) == []
    assert set(stranger.names()) == {originals.path(SHA).name}
    with pytest.raises(KeyError):
        stranger.get(SHA)
    assert originals.get(SHA) == DATA
