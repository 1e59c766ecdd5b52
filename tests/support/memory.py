"""The folder for files of tests: in memory, if this machine has enough of it."""

import os
import shutil

_MEMORY = "/dev/shm"
"""Linux's folder in memory: copying a database of a thousand small files waits for no disk."""
_ROOM = 1 << 30
"""Free bytes that the folder must have; in containers it is often small."""


def folder_in_memory() -> str | None:
    """Return the folder in memory, or None if there is none or it lacks room."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        return _MEMORY
    return None
