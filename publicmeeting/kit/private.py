"""Folders and files that only this service's user may read."""

import errno
import os
import stat
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def make_folder(folder: Path) -> None:
    """Make the folder and its parents, where they are missing, for this user alone.

    Raises `PermissionError` also where the kernel lets nobody make a folder: below `/proc` it says
    that there is no such file, which would read like a file of ours that is missing.
    """
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    except FileNotFoundError:
        raise PermissionError(errno.EACCES, "no folder can be made there", str(folder)) from None


def make_private(folder: Path) -> None:
    """Make the folder, and let nobody else look into it.

    One that belongs to somebody else, or that all may write to by right (like `/tmp`), is left as
    it is.
    """
    make_folder(folder)
    found = folder.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        folder.chmod(_FOLDER)


def make_file_private(file: Path) -> None:
    """Make the file where there is none, and let nobody else read it."""
    file.touch(mode=_FILE)
    if file.stat().st_uid == os.geteuid():
        file.chmod(_FILE)


def is_private(path: Path) -> bool:
    """Whether nobody but its owner (and root) may read or write what lies there."""
    return not path.stat().st_mode & 0o077
