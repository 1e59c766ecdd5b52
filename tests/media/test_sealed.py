"""Stored files are sealed, so that a stolen folder or bucket reveals nothing, and none is lost."""

import hashlib
import pickle
import resource
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from support.files import aged, files_in
from support.stores import emptied
from support.together import in_threads, together

from publicmeeting.config import S3
from publicmeeting.media.files import BucketStore, Files, FolderStore, Mark, copy_files, move_mark
from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.store.database.vault import Vault

DATA = b"GPS 35.70, 51.40 " * 90_000
"""Data longer than one sealed chunk."""
SHA = hashlib.sha256(DATA).hexdigest()
TODAY = date(2026, 11, 26)
KEY = b"k" * 32
STORES = ("folder", "rclone", "moto")


@pytest.fixture(params=STORES)
def objects(request, tmp_path):
    """Every kind of store, empty."""
    if request.param == "folder":
        return FolderStore(tmp_path)
    return emptied(request.getfixturevalue(f"{request.param}_store"))


@pytest.fixture(params=["images", "originals"])
def storage(request, objects):
    return getattr(Files(objects, Vault(KEY)), request.param)


def other_key(storage):
    return getattr(Files(storage.objects, Vault(b"o" * 32)), storage.area)


def all_keys(objects):
    areas = ("images", "originals", "trash")
    return sorted(one.key for area in areas for one in objects.listing(area))


@pytest.mark.parametrize("data", [b"", b"x", DATA[: 1 << 20], DATA])
def test_what_is_put_can_be_got_by_its_hash(storage, data):
    sha = hashlib.sha256(data).hexdigest()
    assert not storage.exists(sha)
    assert storage.put(data) == sha
    assert storage.exists(sha)
    assert storage.get(sha) == data
    assert list(storage.names()) == [sha]


def test_nothing_in_the_store_tells_what_it_is(storage):
    storage.put(DATA)
    (key,) = all_keys(storage.objects)
    sealed = storage.objects.read(key)
    # Compare eight bytes: three are in a megabyte by chance, in one run of ten.
    assert not any(DATA[at : at + 8] in sealed for at in range(17))
    for name in (SHA, hashlib.sha256(sealed).hexdigest()):
        assert name not in key


def test_putting_twice_ends_with_one_young_file(storage):
    before = datetime.now(UTC) - timedelta(minutes=1)
    assert storage.put(DATA) == storage.put(DATA) == SHA
    assert len(all_keys(storage.objects)) == 1
    assert storage.names()[SHA] > before


def test_the_same_file_has_another_name_in_each_city(storage):
    storage.put(DATA)
    other_key(storage).put(DATA)
    assert len(all_keys(storage.objects)) == 2


@pytest.mark.parametrize("at", [0, 1, 40, 1_048_576 + 20, -1])
def test_a_changed_bit_is_no_file_until_it_is_put_again(storage, at):
    storage.put(DATA)
    sealed = bytearray(storage.objects.read(storage.key(SHA)))
    sealed[at] ^= 1
    storage.objects.write(storage.key(SHA), bytes(sealed))
    with pytest.raises(KeyError):
        storage.get(SHA)
    storage.put(DATA)
    assert storage.get(SHA) == DATA


@pytest.mark.parametrize("left", [0, 5, 20, 1000])
def test_a_cut_file_is_no_file(storage, left):
    storage.put(DATA)
    storage.objects.write(storage.key(SHA), storage.objects.read(storage.key(SHA))[:left])
    with pytest.raises(KeyError):
        storage.get(SHA)


def test_one_file_in_the_place_of_another_is_no_file(storage):
    storage.put(DATA)
    other = storage.put(b"another")
    storage.objects.write(storage.key(other), storage.objects.read(storage.key(SHA)))
    with pytest.raises(KeyError):
        storage.get(other)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(storage, name):
    for door in (storage.get, storage.key, storage.exists):
        with pytest.raises(KeyError):
            door(name)


@pytest.mark.parametrize(
    "key", ["", "..", "images/../secret.key", "/etc/passwd", "images//a", "a\n"]
)
def test_no_key_leads_out_of_the_store(objects, key):
    for door in (objects.read, objects.exists, objects.delete):
        with pytest.raises(KeyError):
            door(key)


def test_a_discarded_file_comes_back_as_it_was(storage):
    stays, gone = storage.put(b"kept"), storage.put(b"gone")
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert storage.discard([gone], TODAY, later) == [gone]
    assert (storage.exists(stays), storage.exists(gone)) == (True, False)
    (one,) = storage.discarded()
    assert (one.name, one.on) == (gone, TODAY)
    assert one.key.startswith(f"trash/2026-11-26/{storage.area}/")
    assert storage.bring_back(one)
    assert storage.get(gone) == b"gone"
    assert list(storage.discarded()) == []


def test_a_file_put_again_is_not_discarded(storage):
    sha = storage.put(DATA)
    assert storage.discard([sha], TODAY, datetime.now(UTC) - timedelta(days=1)) == []
    assert storage.get(sha) == DATA


def test_only_what_is_purged_is_gone(storage):
    gone, purged = storage.put(b"gone"), storage.put(b"purged")
    storage.discard([gone, purged], TODAY, datetime.now(UTC) + timedelta(minutes=1))
    for one in list(storage.discarded()):
        if one.name == purged:
            storage.purge(one)
    assert [one.name for one in storage.discarded()] == [gone]


def test_with_another_key_nothing_opens_and_names_are_no_hashes(storage):
    storage.put(DATA)
    stranger = other_key(storage)
    assert set(stranger.names()) == {storage.key(SHA).rpartition("/")[2]}
    with pytest.raises(KeyError):
        stranger.get(SHA)
    assert storage.get(SHA) == DATA


def test_another_key_takes_over_what_lies_there_and_what_lies_in_the_trash(storage):
    stays, gone = storage.put(b"kept"), storage.put(b"gone")
    storage.discard([gone], TODAY, datetime.now(UTC) + timedelta(minutes=1))
    new = other_key(storage)
    assert (storage.reseal(new), storage.reseal(new)) == (1, 0)
    assert storage.get(stays) == new.get(stays) == b"kept"
    assert storage.leave_to(new) == 1
    with pytest.raises(KeyError):
        storage.get(stays)
    (one,) = new.discarded()
    assert one.name == gone
    assert new.bring_back(one)
    assert new.get(gone) == b"gone"


def test_the_mark_says_whose_files_these_are(objects):
    files = Files(objects, Vault(KEY))
    assert files.mark() is None
    files.set_mark(Mark("a city", 7, "ab"))
    assert files.mark() == Mark("a city", 7, "ab")


@pytest.mark.parametrize("cut", [b"", b"{", b"[]", b'{"installation": 1}'])
def test_a_mark_nobody_can_read_is_no_mark_and_no_permission(objects, cut):
    objects.write("installation.json", cut)
    with pytest.raises(StorageUnavailable, match=r"installation\.json"):
        Files(objects, Vault(KEY)).mark()


def test_files_are_copied_from_the_folder_to_a_bucket_and_back(moto_store, tmp_path):
    here = files_in(tmp_path / "here", KEY)
    sha, gone = here.images.put(DATA), here.originals.put(b"gone")
    here.originals.discard([gone], TODAY, datetime.now(UTC) + timedelta(minutes=1))
    here.set_mark(Mark("a city"))
    bucket, there = emptied(moto_store), FolderStore(tmp_path / "there")
    assert (copy_files(here.objects, bucket), copy_files(here.objects, bucket)) == (2, 0)
    assert copy_files(bucket, there) == 2
    copied = Files(there, Vault(KEY))
    assert copied.mark() is None, "nobody serves from a place until it is complete"
    move_mark(here.objects, there)
    assert here.mark() is None, "nobody serves from the old place"
    assert copied.images.get(sha) == DATA
    assert [discarded.name for discarded in copied.originals.discarded()] == [gone]
    assert copied.mark() == Mark("a city")


# The folder -------------------------------------------------------------------------------------


@pytest.fixture
def local(tmp_path):
    return files_in(tmp_path / "data", KEY).images


def paths(storage):
    return [path for path in storage.objects.root.rglob("*") if path.is_file()]


def test_folders_and_files_are_private(local):
    local.put(DATA)
    local.discard([local.put(b"gone")], TODAY, datetime.now(UTC) + timedelta(minutes=1))
    for path in (local.objects.root, *local.objects.root.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("data", [DATA, DATA[:2000]])
def test_no_half_file_is_left_when_the_disk_is_full_and_a_trial_finds_that(local, data):
    """The soft limit of a file's size stands for the disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            local.put(data)
        local.objects.refuse_unusable()
        with pytest.raises(OSError, match="large"):
            local.objects.refuse_unusable(local.objects.refused)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert paths(local) == []
    assert local.exists(local.put(data))
    assert not local.objects.refused


def test_leftovers_of_a_crash_go_once_they_are_old(local):
    sha = local.put(DATA)
    folder = local.objects.path(local.key(sha)).parent
    crashed, unfinished = (folder / f".part-{one}" for one in ("crash", "now"))
    for half in (crashed, unfinished):
        half.write_bytes(b"half")
    aged(crashed)
    local.discard([], TODAY, datetime.now(UTC) - timedelta(days=1))
    assert (crashed.exists(), unfinished.exists()) == (False, True)
    assert list(local.names()) == [sha]


def test_a_file_that_is_put_while_it_is_discarded_stays(local):
    before = datetime.now(UTC) - timedelta(days=1)
    for _ in range(100):
        aged(local.objects.path(local.key(local.put(DATA[:99]))))
        (sha, _), refused = together(
            lambda: local.put(DATA[:99]), lambda: local.discard([local.put(b"x")], TODAY, before)
        )
        assert local.get(sha) == DATA[:99]
        assert not refused
        (sha, _), _ = together(
            lambda: local.put(DATA[:99]),
            lambda: local.discard([hashlib.sha256(DATA[:99]).hexdigest()], TODAY, before),
        )
        assert local.get(sha) == DATA[:99]


def test_many_threads_putting_the_same_picture_end_with_one(local):
    in_threads(*[partial(local.put, DATA)] * 8)
    assert [path.name for path in paths(local)] == [local.key(SHA).rpartition("/")[2]]


def test_an_area_that_has_gone_is_no_empty_area(local):
    local.put(DATA)
    (local.objects.root / "images").rename(local.objects.root / "away")
    with pytest.raises(FileNotFoundError):
        local.names()


# The bucket -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bucket": "nobody"}, "no bucket of that name"),
        ({"secret_key": "wrong"}, "not that of the access key"),
        ({"access_key": "nobody"}, "the access key is unknown"),
        ({"endpoint": "http://127.0.0.1:9"}, "does not answer"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_said_in_one_sentence(rclone_store, changed, reason):
    fields = {name: getattr(rclone_store, name) for name in rclone_store.__dataclass_fields__}
    settings = S3(**{**fields, **changed})
    with pytest.raises(StorageUnavailable, match=reason) as refused:
        BucketStore(settings).refuse_unusable()
    assert settings.bucket in str(refused.value)
    assert settings.secret_key not in str(refused.value)


def test_a_bucket_out_of_reach_is_not_an_empty_one(rclone_store):
    fields = {name: getattr(rclone_store, name) for name in rclone_store.__dataclass_fields__}
    files = Files(BucketStore(S3(**{**fields, "endpoint": "http://127.0.0.1:9"})), Vault(KEY))
    put = partial(files.objects.write, "images/a", b"a")
    for ask in (files.images.names, lambda: files.images.get(SHA), files.mark, files.is_empty, put):
        with pytest.raises(StorageUnavailable):
            ask()
    assert not files.objects.refused, "health calls it, and needs no trial"


def test_an_old_object_that_is_put_again_is_written_again(moto_store, monkeypatch):
    storage = Files(BucketStore(moto_store), Vault(KEY)).images
    storage.put(DATA)
    first = storage.objects.read(storage.key(SHA))
    storage.put(DATA)
    assert storage.objects.read(storage.key(SHA)) == first
    monkeypatch.setattr("publicmeeting.media.files.RENEWED_WITHIN", timedelta(0))
    storage.put(DATA)
    assert storage.objects.read(storage.key(SHA)) != first
    assert storage.get(SHA) == DATA


def test_no_key_travels_to_another_process_or_into_a_state(local):
    with pytest.raises(TypeError, match="holds keys"):
        pickle.dumps(local)
