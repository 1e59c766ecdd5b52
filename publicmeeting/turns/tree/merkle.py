"""The Merkle tree of RFC 6962 and RFC 9162 with SHA-256: root, appending, and proofs.

A node is named by its height and its index from the left: `(0, i)` is leaf `i`, and `(h, i)` covers
the leaves from `i * 2**h` on. Code that can read such nodes makes proofs from them; checking a
proof needs nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import TypeAlias

_LEAF = b"\x00"
_NODE = b"\x01"

HASH = 32
"""Bytes of one hash."""

EMPTY = sha256().digest()
"""The root of a tree without leaves."""

Nodes: TypeAlias = Callable[[int, int], bytes]
"""Height and index of a complete subtree → its hash."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def tree_hash(entries: Sequence[bytes]) -> str:
    """Return the root over the entries in order, as lower-case hex; for none, SHA-256 of ""."""
    return root_of([leaf_hash(entry) for entry in entries]).hex()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over adjacent nodes of one height.

    The RFC splits at the largest power of two below the length. Joining pairs level by level, and
    promoting a last node without a partner unchanged, builds the same tree without recursion.
    """
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        joined = [
            node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = joined + level[len(joined) * 2 :]
    return level[0]


class Edge:
    """The right edge of a growing tree: enough to append to it and to compute its root.

    Its hashes are those of the complete subtrees that make up the tree, largest first.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Raises ValueError if these hashes cannot be the edge of a tree of that size."""
        if (
            size < 0
            or size.bit_count() != len(hashes)
            or any(len(hash_) != HASH for hash_ in hashes)
        ):
            raise ValueError("these hashes are not the right edge of such a tree")
        self.size = size
        self._hashes = list(hashes)

    @property
    def data(self) -> bytes:
        return b"".join(self._hashes)

    @classmethod
    def read(cls, size: int, data: bytes) -> "Edge":
        """Parse what `data` returned."""
        cut = [data[at : at + HASH] for at in range(0, len(data), HASH)]
        return cls(size, cut)

    @property
    def root(self) -> bytes:
        if not self._hashes:
            return EMPTY
        *rest, root = self._hashes
        for left in reversed(rest):
            root = node_hash(left, root)
        return root

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append a leaf hash; return the subtrees completed by it as (height, index, hash)."""
        done, height, index = leaf, 0, self.size
        made = [(height, index, done)]
        while index & 1:
            done, height, index = node_hash(self._hashes.pop(), done), height + 1, index >> 1
            made.append((height, index, done))
        self._hashes.append(done)
        self.size += 1
        return made


def _cover(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield complete subtrees that together cover the leaves from `start` to `end`.

    A subtree that begins at `start` must be at least as large as this range.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def root_at(size: int, nodes: Nodes) -> bytes:
    """Return the root that the tree had at that size."""
    return _range_root(0, size, nodes) if size else EMPTY


def _range_root(start: int, end: int, nodes: Nodes) -> bytes:
    *rest, last = _cover(start, end)
    root = nodes(*last)
    for part in reversed(rest):
        root = node_hash(nodes(*part), root)
    return root


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the path from a leaf to the root of a tree of that size.

    Raises ValueError if the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_root(middle, end, nodes))
            end = middle
        else:
            path.append(_range_root(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return a proof that a tree of `size` begins with the tree of `old`.

    It is empty for an empty old tree or an equal size. Raises ValueError if `old` is no valid size.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} never was one of {old}")
    if old in {0, size}:
        return []
    path: list[bytes] = []
    start, end = 0, size
    is_whole = True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_root(middle, end, nodes))
            end = middle
        else:
            path.append(_range_root(start, middle, nodes))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_range_root(start, end, nodes))
    return path[::-1]


def _split(count: int) -> int:
    """Return the largest power of two below a count of at least two."""
    return 1 << (count - 1).bit_length() - 1


def holds_leaf(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path (RFC 9162, 2.1.3.2) leads from a leaf's hash to the root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0 or len(step) != HASH:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def root_within(old: int, size: int, nodes: Nodes, root: bytes, leaf: bytes = b"") -> bytes:
    """Return the root at `old`, if its nodes are part of the tree of `size` with this root.

    Raises ValueError if they are not, or if the last leaf at `old` is not `leaf`.
    """

    def found(start: int, end: int) -> bytes:
        """Compute a root from the same nodes as `root_at(old)`, and any others after them."""
        if end <= old or start >= old:
            return _range_root(start, end, nodes)
        middle = start + _split(end - start)
        return node_hash(found(start, middle), found(middle, end))

    old_root = root if old == size else root_at(old, nodes)
    if old < size and found(0, size) != root:
        raise ValueError("the nodes are not those of this root")
    last = old - 1
    if leaf and not holds_leaf(last, old, leaf, inclusion(last, old, nodes), old_root):
        raise ValueError("the last leaf is another one")
    return old_root
