"""Where tests put what goes with them: into memory, where this machine has room in it."""

import os
import shutil

_MEMORY = "/dev/shm"
"""Linux's folder in memory: a database of a thousand small files is copied there in no time, and
nothing waits until a disk has written."""
_ROOM = 1 << 30
"""Free bytes there must be; a container's is often small."""


def folder_in_memory() -> str | None:
    """The folder in memory; none where there is not such a folder, or no room in it."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        return _MEMORY
    return None
