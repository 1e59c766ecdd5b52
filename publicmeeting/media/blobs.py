"""A private folder of files named by what is in them."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
_PART = ".part-"


class Blobs:
    """Content-addressed files under one folder, readable by this service's user only.

    Two threads or processes that put the same bytes end with one file; nobody reads half a file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; on return they are on disk, not in a cache."""
        sha = hashlib.sha256(data).hexdigest()
        path = self.path(sha)
        if path.exists():
            return sha
        shard_is_new = not path.parent.exists()
        path.parent.mkdir(mode=0o700, exist_ok=True)
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
        if shard_is_new:
            _sync(self.folder)
        return sha

    def get(self, sha: str) -> bytes:
        """Return the bytes; KeyError when there are none by that name."""
        try:
            return self.path(sha).read_bytes()
        except FileNotFoundError:
            raise KeyError(sha) from None

    def exists(self, sha: str) -> bool:
        return self.path(sha).is_file()

    def path(self, sha: str) -> Path:
        """Where the file lies or would lie; KeyError for anything that is not a SHA-256 in hex."""
        if not _NAME.fullmatch(sha):
            raise KeyError(sha)
        return self.folder / sha[:2] / sha

    def sweep(self, keep: AbstractSet[str]) -> list[str]:
        """Delete every file not named in `keep` and return their names; leftovers of a crash too.

        Call it while nothing is being put: a file written but not yet recorded would be swept.
        """
        gone = []
        for path in list(self._files()):
            if path.name not in keep:
                path.unlink(missing_ok=True)
                if _NAME.fullmatch(path.name):
                    gone.append(path.name)
        return sorted(gone)

    def names(self) -> dict[str, datetime]:
        """Every kept file and when it was written; files that are not whole yet are left out."""
        return {
            path.name: datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for path in self._files()
            if _NAME.fullmatch(path.name)
        }

    def _files(self) -> Iterator[Path]:
        for shard in self.folder.iterdir():
            if shard.is_dir():
                yield from (path for path in shard.iterdir() if path.is_file())


def _sync(folder: Path) -> None:
    """Make a rename in the folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
