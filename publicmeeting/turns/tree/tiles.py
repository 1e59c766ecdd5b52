"""The log as C2SP tlog-tiles: hashes and entries in files of 256; full ones never change."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from publicmeeting.turns.tree.merkle import HASH, Nodes, root_of

WIDTH = 256
"""Hashes or entries of a full tile."""
LEVEL = 8
"""Heights of the tree between the hashes of one level and those of the next."""
LEVELS = 8
"""Levels 0 to 7 hold the whole tree of 2**64 leaves."""

ENTRY_MOST = 65_535
"""Maximum bytes of an entry: its length is stored in two bytes."""

_LENGTH = 2
_PATH = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """One file. With `level` None it has the entries under the hashes of level 0."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path, like `tile/0/x001/234.p/7`.

        The number is in groups of three digits; a partial tile has its width.
        """
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *rest, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        name = "".join(f"x{group}/" for group in rest) + last
        part = "" if self.is_full else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{name}{part}"

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def first(self) -> int:
        """Index, at its level, of its first hash."""
        return self.number * WIDTH

    def is_within(self, size: int) -> bool:
        """Whether a log of that size contains the whole tile."""
        return self.first + self.width <= size >> LEVEL * (self.level or 0)


def read_path(path: str) -> Tile | None:
    """Return the tile of a path spelled exactly as `Tile.path` spells it, else None."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    kind, name, part = found.groups()
    number = int(name.replace("x", "").replace("/", ""))
    level = None if kind == "entries" else int(kind)
    tile = Tile(level, number, int(part or WIDTH))
    return tile if tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield all tiles of a log of that size."""
    for level in (None, *range(LEVELS)):
        count = size >> LEVEL * (level or 0)
        for number in range(count // WIDTH):
            yield Tile(level, number)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Concatenate the entries, each after its length; ValueError if one is too long."""
    if any(len(entry) > ENTRY_MOST for entry in entries):
        raise ValueError("an entry is too long for a bundle")
    return b"".join(len(entry).to_bytes(_LENGTH) + entry for entry in entries)


def read_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle of exactly `width`; ValueError for any other data."""
    found, at = [], 0
    while at < len(data):
        begins = at + _LENGTH
        at = begins + int.from_bytes(data[begins - _LENGTH : begins])
        found.append(data[begins:at])
    if at != len(data) or len(found) != width:
        raise ValueError(f"a bundle of {width} entries has another length")
    return found


def read_hashes(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile of exactly `width`; ValueError for any other data."""
    if len(data) != width * HASH:
        raise ValueError(f"a tile of {width} hashes has another length")
    return [data[begins:ends] for begins, ends in pairwise(range(0, len(data) + 1, HASH))]


def nodes_of(size: int, read: Callable[[Tile], bytes]) -> Nodes:
    """Return a reader of the nodes of a log of that size; each tile is read and hashed once.

    The reader raises KeyError for a node outside the log and ValueError for a malformed tile.
    """

    @lru_cache(maxsize=64)
    def hashes(level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (size >> LEVEL * level) - number * WIDTH)
        if width < 1:
            raise KeyError((level, number))
        return read_hashes(read(Tile(level, number, width)), width)

    # A batch of messages needs many sizes, and neighbouring sizes share nearly all nodes.
    @lru_cache(maxsize=1024)
    def node(height: int, index: int) -> bytes:
        level, above = divmod(height, LEVEL)
        first = index << above
        some = hashes(level, first // WIDTH)[first % WIDTH : first % WIDTH + (1 << above)]
        if len(some) != 1 << above:
            raise KeyError((height, index))
        return root_of(some)

    return node
