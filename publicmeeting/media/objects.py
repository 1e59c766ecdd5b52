"""Interface of an object store: bytes by key, in a private folder or a shared bucket.

The store does not interpret the bytes. Keys are words separated by slashes, as `images/ab/abcd…`. A
full disk is a refusal, not a fault: the sender is asked to send again later.
"""

import errno
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from publicmeeting.domain.errors import Unavailable

_log = logging.getLogger(__name__)

KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")
AREAS = ("images", "originals")
TRASH = "trash"


class StorageUnavailable(OSError):  # noqa: N818  (a state of the store, not a fault of the program)
    """The store does not answer, or refuses; the object may well exist.

    `errno` is that of a full disk if the store says that it is full, ETIMEDOUT if it says nothing.
    """


@dataclass(frozen=True, slots=True)
class Stored:
    key: str
    written_at: datetime


class ObjectStore(Protocol):
    """An object store.

    Methods block; call them in a thread. They raise OSError if it is unreachable.
    """

    refused: int
    """Bytes of the last write if it was refused, else 0. `/health` tries as many again."""

    def write(self, key: str, data: bytes) -> None:
        """Write; afterwards the bytes survive a power cut, and no reader sees half of them."""

    def read(self, key: str) -> bytes:
        """Return the bytes; raises KeyError if there is no such object."""

    def exists(self, key: str) -> bool: ...

    def renew(self, key: str) -> bool:
        """Whether the object exists and now counts as just written; on False write it again."""

    def listing(self, prefix: str) -> Iterator[Stored]:
        """Yield everything below a prefix (a folder without its last slash), in no order."""

    def move(self, source: str, target: str, *, before: datetime | None = None) -> bool:
        """Move; False if the source is missing, or was written at `before` or later."""

    def delete(self, key: str) -> None:
        """Delete; a missing object is ignored."""

    def tidy(self, prefix: str, before: datetime) -> None:
        """Delete what a crash has left incomplete before this time."""

    def refuse_unusable(self, size: int = 0) -> None:
        """Raise OSError with the reason if nothing can be listed, or so many bytes not written."""


def checked(key: str) -> str:
    """Return the key; raises KeyError for a key that could leave the store."""
    if not KEY.fullmatch(key):
        raise KeyError(key)
    return key


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def on_disk() -> Iterator[None]:
    """For code that writes files: turns a full disk into `Unavailable("storage_full")`."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        _log.warning("a file was refused: %s", error)
        raise Unavailable("storage_full") from error


def is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL
