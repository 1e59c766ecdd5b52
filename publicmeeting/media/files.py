"""All files of an installation: pictures, originals, and the mark that names the installation."""

import json
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.config import S3
from publicmeeting.media.objects import AREAS, TRASH, ObjectStore, StorageUnavailable
from publicmeeting.media.storage import SealedStorage
from publicmeeting.media.stores import BucketStore, FolderStore
from publicmeeting.store.database.vault import Vault

_MARK = "installation.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """Installation of the files: its id, and the public log's state at the last check of the files.

    A database that never had that log state is older than the files.
    """

    installation: str
    seq: int = 0
    hash: str = ""


class Files:
    """Pictures and originals in one object store, sealed with one master key."""

    def __init__(self, objects: ObjectStore, vault: Vault) -> None:
        self.objects = objects
        images, originals = AREAS
        self.images = SealedStorage(objects, images, vault)
        """Files made here: web pictures, thumbnails, sheets."""
        self.originals = SealedStorage(objects, originals, vault)
        """Uploaded files as received."""

    @property
    def all(self) -> tuple[SealedStorage, ...]:
        return self.images, self.originals

    def is_empty(self) -> bool:
        """Whether there is no file, not even in the trash."""
        return not any(True for area in (*AREAS, TRASH) for _ in self.objects.listing(area))

    def mark(self) -> Mark | None:
        """Return the mark of these files, as `read_mark` does."""
        return read_mark(self.objects)

    def set_mark(self, mark: Mark) -> None:
        fields = {"installation": mark.installation, "seq": mark.seq, "hash": mark.hash}
        self.objects.write(_MARK, f"{json.dumps(fields)}\n".encode())


def read_mark(objects: ObjectStore) -> Mark | None:
    """Return the mark; None if there is none.

    Raises StorageUnavailable for a mark that cannot be read: the files belong to an unknown
    installation.
    """
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
    """Copy every sealed file, those in the trash too, and the mark last; return how many.

    Safe to repeat: existing files are left. Raises ValueError if the target has files of another
    installation, or the source has no mark.
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
    # Until all files are copied nobody may serve from them.
    target.write(_MARK, source.read(_MARK))
    return copied


def forget_files(objects: ObjectStore) -> None:
    """Delete everything, for a demo city that is seeded again."""
    for area in (*AREAS, TRASH):
        for stored in list(objects.listing(area)):
            objects.delete(stored.key)
    objects.delete(_MARK)


def open_store(data_dir: Path, s3: S3 | None, *, hurried: bool = False) -> ObjectStore:
    """Return the store of the settings; a bucket is not contacted yet."""
    return BucketStore(s3, hurried=hurried) if s3 else FolderStore(data_dir)
