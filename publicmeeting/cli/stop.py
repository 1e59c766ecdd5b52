"""The word a command ends with when something outside the program is in the way."""

import errno


class StopError(Exception):
    """One sentence for the engineer at the terminal: what happened and what to do."""


def sentence_for(error: OSError) -> str | None:
    """Say what an error of the disk means; None when the error is of another kind."""
    place = error.filename or "the project folder"
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{place} cannot be written: make it writable, or set PUBLICMEETING_DATA elsewhere."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full: make room and start again."
    return None
