"""The memory of a process that does nothing but draw one picture after another."""

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""mallopt(3)."""
_AS_MUCH = 256 * 1024 * 1024
_PICTURE = 32 * 1024 * 1024


def keep_memory() -> None:
    """Keep what a picture has used for the next one, instead of giving it back to the system and
    asking for it again page by page. Where the C library knows no such command, nothing happens."""
    with suppress(OSError, AttributeError, TypeError):
        command = ctypes.CDLL(None).mallopt
        command(_TRIM_THRESHOLD, _AS_MUCH)
        command(_MMAP_THRESHOLD, _PICTURE)
