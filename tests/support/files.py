"""Paths of stored files, for tests that look at or change the storage directly."""

import os
import time
from pathlib import Path

from publicmeeting.media.files import Files, FolderStore
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.database.vault import Vault


def files_in(root: Path, key: bytes = b"k" * 32) -> Files:
    return Files(FolderStore(root), Vault(key))


def folder_of(storage: SealedStorage) -> Path:
    """Return the folder of this storage's area."""
    assert isinstance(storage.objects, FolderStore)
    return storage.objects.root / storage.area


def path_of(storage: SealedStorage, sha: str) -> Path:
    """Return the path at which a sealed file lies or would lie."""
    assert isinstance(storage.objects, FolderStore)
    return storage.objects.path(storage.key(sha))


def aged(path: Path, days: float = 2) -> None:
    """Make a file look as if it had been written some days ago."""
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))
