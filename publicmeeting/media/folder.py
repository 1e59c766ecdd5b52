"""Object store in a private folder of this machine; writes are on disk before they return."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from publicmeeting.kit.private import make_private
from publicmeeting.media.objects import AREAS, Stored, checked

_PART = ".part-"
_PRIVATE = 0o700


class FolderStore:
    """Files that only this service's user can read.

    If two threads or processes write the same key, the result is one file, and no reader sees half
    of it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in (root, *(root / area for area in AREAS)):
            make_private(folder)

    def write(self, key: str, data: bytes) -> None:
        path = self.path(key)
        new = self._make_folder(path.parent)
        handle, part = tempfile.mkstemp(prefix=_PART, dir=path.parent)  # created 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _sync(path.parent)
        for folder in new:
            _sync(folder.parent)

    def read(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def renew(self, key: str) -> bool:
        with suppress(FileNotFoundError):
            os.utime(self.path(key))
            return True
        return False

    def listing(self, prefix: str) -> Iterator[Stored]:
        """Raise FileNotFoundError if an area itself is missing: that is not an empty area."""
        for path in self._files(prefix):
            if not path.name.startswith(_PART):
                with suppress(FileNotFoundError):  # another process may move files too
                    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield Stored(path.relative_to(self.root).as_posix(), written_at)

    def move(self, source: str, target: str, *, before: datetime | None = None) -> bool:
        """Move; a file that was put again meanwhile is found young and moved back."""
        here, there = self.path(source), self.path(target)
        self._make_folder(there.parent)
        try:
            here.rename(there)
        except FileNotFoundError:
            return False
        if before is not None and there.stat().st_mtime >= before.timestamp():
            there.rename(here)
            return False
        _sync(there.parent)
        _sync(here.parent)
        return True

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def tidy(self, prefix: str, before: datetime) -> None:
        for path in self._files(prefix):
            if path.name.startswith(_PART):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()

    def refuse_unusable(self) -> None:
        handle, part = tempfile.mkstemp(prefix=_PART, dir=self.root)
        os.close(handle)
        Path(part).unlink()

    def path(self, key: str) -> Path:
        """Return the path of a key; raises KeyError for an invalid key."""
        return self.root / checked(key)

    def _files(self, prefix: str) -> Iterator[Path]:
        folder = self.path(prefix)
        if prefix not in AREAS and not folder.exists():
            return
        for entry in folder.iterdir():
            if entry.is_dir():
                yield from self._files(entry.relative_to(self.root).as_posix())
            elif entry.is_file():
                yield entry

    def _make_folder(self, folder: Path) -> list[Path]:
        """Create the missing folders; return them, the outermost first."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()][::-1]
        for one in missing:
            one.mkdir(mode=_PRIVATE, exist_ok=True)
        return missing


def _sync(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
