"""A private folder: whole files under names we give, on disk before anybody is told of them."""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_PART = ".part-"


class PrivateFolder:
    """Files readable by this service's user only.

    Two threads or processes that keep the same name end with one file; nobody reads half a file.
    """

    def __init__(self, folder: Path, name: re.Pattern[str]) -> None:
        self.folder = folder
        self._name = name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def renewed(self, name: str) -> bool:
        """Whether it is there already; then it is young again: a sweep leaves it until its new row
        is written."""
        with suppress(FileNotFoundError):
            os.utime(self.path(name))
            return True
        return False

    def keep(self, name: str, data: bytes) -> None:
        """On return the bytes are on disk, not in a cache."""
        path = self.path(name)
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

    def read(self, name: str) -> bytes:
        """Return the bytes; KeyError when there are none by that name."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def drop(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Where the file lies or would lie; KeyError for anything that is no name of ours."""
        if not self._name.fullmatch(name):
            raise KeyError(name)
        return self.folder / name[:2] / name

    def sweep(self, keep: AbstractSet[str], before: datetime) -> list[str]:
        """Delete every file not named in `keep` and written before this instant, leftovers of a
        crash too, and return the names.

        Safe while others put: their files are younger, also those that were there already.
        """
        old = before.timestamp()
        unnamed = [path for path in self._files() if path.name not in keep]
        gone = [path.name for path in unnamed if _is_older(path, old) and _removed(path, old)]
        return sorted(name for name in gone if self._name.fullmatch(name))

    def names(self) -> dict[str, datetime]:
        """Every kept file and when it was written; files that are not whole yet are left out."""
        return {
            path.name: datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for path in self._files()
            if self._name.fullmatch(path.name)
        }

    def _files(self) -> Iterator[Path]:
        for shard in self.folder.iterdir():
            if shard.is_dir():
                yield from (path for path in shard.iterdir() if path.is_file())


def _is_older(path: Path, instant: float) -> bool:
    try:
        return path.stat().st_mtime < instant
    except FileNotFoundError:  # another process sweeps too
        return False


def _removed(path: Path, old: float) -> bool:
    """Out of everybody's sight first: who puts the same bytes now writes them anew. A file that
    was put again just before goes back to its place."""
    aside = path.with_name(f"{_PART}{secrets.token_hex(8)}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if _is_older(aside, old):
        aside.unlink(missing_ok=True)
        return True
    aside.replace(path)
    return False


def _sync(folder: Path) -> None:
    """Make a rename in the folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
