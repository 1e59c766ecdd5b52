"""The Merkle Tree Hash of RFC 9162, section 2.1.1, with SHA-256."""

from collections.abc import Sequence
from hashlib import sha256

_LEAF = b"\x00"
_NODE = b"\x01"


def tree_hash(entries: Sequence[bytes]) -> str:
    """The root over the entries in their order, as lower-case hex; of no entries, SHA-256 of "".

    The RFC splits at the largest power of two below the length. Joining neighbours level by level
    and carrying a last one without a partner up unchanged builds the same tree without recursion.
    """
    if not entries:
        return sha256().hexdigest()
    level = [sha256(_LEAF + entry).digest() for entry in entries]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [sha256(_NODE + left + right).digest() for left, right in pairs]
        level = joined + level[len(joined) * 2 :]
    return level[0].hex()
