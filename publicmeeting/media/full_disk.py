"""A full disk is a refusal and no fault: she is told, and may send again later."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from publicmeeting.domain.errors import Denied

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def on_disk() -> Iterator[None]:
    """Around whatever writes files: a full disk is a refusal, `Denied("storage_full")`."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise Denied("storage_full") from error


def is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL
