"""All files of an installation: what we made, what came from outside, and whose store it is."""

import json
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.config import S3
from publicmeeting.media.bucket import BucketStore
from publicmeeting.media.folder import FolderStore
from publicmeeting.media.objects import AREAS, TRASH, ObjectStore, StorageUnavailable
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.database.vault import Vault

_MARK = "installation.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose files these are: the installation's id, and what its public log
    was when files were last looked through. A database that never had that log is older."""

    installation: str
    seq: int = 0
    hash: str = ""


class Files:
    """Pictures and originals in one object store, sealed with one master key."""

    def __init__(self, objects: ObjectStore, vault: Vault) -> None:
        self.objects = objects
        images, originals = AREAS
        self.images = SealedStorage(objects, images, vault)
        """What we made: web pictures, thumbnails, sheets."""
        self.originals = SealedStorage(objects, originals, vault)
        """What came from outside, as it came."""

    @property
    def all(self) -> tuple[SealedStorage, ...]:
        return self.images, self.originals

    def is_empty(self) -> bool:
        """Whether no file lies there; what stands in the trash counts too."""
        return not any(True for area in (*AREAS, TRASH) for _ in self.objects.listing(area))

    def mark(self) -> Mark | None:
        """What `read_mark` says of them."""
        return read_mark(self.objects)

    def set_mark(self, mark: Mark) -> None:
        fields = {"installation": mark.installation, "seq": mark.seq, "hash": mark.hash}
        self.objects.write(_MARK, f"{json.dumps(fields)}\n".encode())


def read_mark(objects: ObjectStore) -> Mark | None:
    """None where no mark names yet whose files these are; `StorageUnavailable` for a mark that
    cannot be read: it says something, and nobody knows what."""
    try:
        text = objects.read(_MARK)
    except KeyError:
        return None
    try:
        found = json.loads(text)
        return Mark(str(found["installation"]), int(found["seq"]), str(found["hash"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise StorageUnavailable(f"{_MARK} beside the files cannot be read") from fault


def copy_files(source: ObjectStore, target: ObjectStore) -> int:
    """Copy every sealed file, those in the trash too, and last of all whose they are; how many
    were copied. Safe to repeat: what is there is left.

    ValueError where files of another installation lie, or where nobody knows whose these are.
    """
    mine, there = read_mark(source), read_mark(target)
    if mine is None or (there is not None and there.installation != mine.installation):
        raise ValueError("files of two installations")
    copied = 0
    for area in (*AREAS, TRASH):
        for stored in source.listing(area):
            if not target.exists(stored.key):
                target.write(stored.key, source.read(stored.key))
                copied += 1
    # Until all of them are there nobody may serve from them.
    target.write(_MARK, source.read(_MARK))
    return copied


def forget_files(objects: ObjectStore) -> None:
    """Delete everything, for the demo city that is seeded anew."""
    for area in (*AREAS, TRASH):
        for stored in list(objects.listing(area)):
            objects.delete(stored.key)
    objects.delete(_MARK)


def open_store(data_dir: Path, s3: S3 | None, *, hurried: bool = False) -> ObjectStore:
    """The store that the settings name; nothing is asked of a bucket yet."""
    return BucketStore(s3, hurried=hurried) if s3 else FolderStore(data_dir)
