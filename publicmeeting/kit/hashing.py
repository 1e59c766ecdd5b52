"""SHA-256 in lower-case hex."""

import hashlib

_SEPARATOR = "\n"


def sha(*parts: str) -> str:
    """Hash of the UTF-8 parts joined by one line feed.

    ValueError when a part contains one: two different lists of parts would hash alike.
    """
    if any(_SEPARATOR in part for part in parts):
        raise ValueError("a part of a hash may not contain a line feed")
    return sha_bytes(_SEPARATOR.join(parts).encode())


def sha_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
