"""Where bytes lie, by key: a private folder of this machine, or a bucket that several share.

Nothing here knows what the bytes mean. Keys are slash-separated words like `images/ab/abcd…`. A
full disk is a refusal and no fault: the sender is asked to send again later.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from publicmeeting.domain.errors import Unavailable

KEY = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")
AREAS = ("images", "originals")
TRASH = "trash"


class StorageUnavailable(OSError):  # noqa: N818  (a state of the store, not a fault of the program)
    """The store does not answer, or refuses; what was asked for may well be there."""


@dataclass(frozen=True, slots=True)
class Stored:
    key: str
    written_at: datetime


class ObjectStore(Protocol):
    """Every method blocks; call it in a thread. Raises `OSError` when the store is out of reach."""

    def write(self, key: str, data: bytes) -> None:
        """On return the bytes outlast a power cut; nobody ever reads half of them."""

    def read(self, key: str) -> bytes:
        """KeyError when nothing lies there."""

    def exists(self, key: str) -> bool: ...

    def renew(self, key: str) -> bool:
        """Whether something lies there that counts as written now; False: write it (again)."""

    def listing(self, prefix: str) -> Iterator[Stored]:
        """Everything below a folder-like prefix without its last slash, in no order."""

    def move(self, source: str, target: str, *, before: datetime | None = None) -> bool:
        """False when nothing lies at the source, or it was written at `before` or later."""

    def delete(self, key: str) -> None:
        """Nothing happens when nothing lies there."""

    def tidy(self, prefix: str, before: datetime) -> None:
        """Delete what a crash has left half written before this instant."""

    def refuse_unusable(self) -> None:
        """Raise `OSError` with the reason where nothing can be listed or written."""


def checked(key: str) -> str:
    """The key itself; KeyError for anything that could leave the store's own room."""
    if not KEY.fullmatch(key):
        raise KeyError(key)
    return key


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def on_disk() -> Iterator[None]:
    """Around whatever writes files: a full disk is a refusal, `Unavailable("storage_full")`."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise Unavailable("storage_full") from error


def is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL
