"""Create folders and files that only the service's user may read."""

import errno
import os
import stat
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def make_folder(folder: Path) -> None:
    """Create the folder and missing parents, accessible to this user only.

    Raises `PermissionError` also where the kernel allows no folder at all: below `/proc` it reports
    a missing file, which would look like one of the service's own.
    """
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    except FileNotFoundError:
        raise PermissionError(errno.EACCES, "no folder can be made there", str(folder)) from None


def make_private(folder: Path) -> None:
    """Create the folder, or restrict an existing one to this user.

    A folder of another user, or one that everybody may write to by design (like `/tmp`), is left
    unchanged.
    """
    make_folder(folder)
    found = folder.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        folder.chmod(_FOLDER)


def make_file_private(file: Path) -> None:
    """Create the file if it is missing, and make it unreadable for other users."""
    file.touch(mode=_FILE)
    if file.stat().st_uid == os.geteuid():
        file.chmod(_FILE)


def is_private(path: Path) -> bool:
    """Whether only the owner (and root) may read or write the path."""
    return not path.stat().st_mode & 0o077
