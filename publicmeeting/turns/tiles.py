"""The log as C2SP tlog-tiles: its hashes and entries in files of 256, the full ones for ever."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from publicmeeting.turns.merkle import HASH, Nodes, root_of

WIDTH = 256
"""Hashes or entries of a full tile."""
LEVEL = 8
"""So many heights of the tree lie between the hashes of one level and those of the next."""
LEVELS = 8
"""Levels 0 to 7 hold the whole tree of 2**64 leaves."""

ENTRY_MOST = 65_535
"""Bytes of an entry: its length is two of them."""

_LENGTH = 2
_PATH = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """One file. `level` None: the entries under the hashes of level 0."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """`tile/0/x001/234.p/7`: the number in groups of three digits, partial ones with width."""
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
        """Whether a log of that size has all of it."""
        return self.first + self.width <= size >> LEVEL * (self.level or 0)


def read_path(path: str) -> Tile | None:
    """The tile of a path, spelled as `Tile.path` spells it and no other way; else None."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    kind, name, part = found.groups()
    number = int(name.replace("x", "").replace("/", ""))
    level = None if kind == "entries" else int(kind)
    tile = Tile(level, number, int(part or WIDTH))
    return tile if tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """All files that a log of that size consists of."""
    for level in (None, *range(LEVELS)):
        count = size >> LEVEL * (level or 0)
        for number in range(count // WIDTH):
            yield Tile(level, number)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Each entry behind its length. ValueError for one that is too long."""
    if any(len(entry) > ENTRY_MOST for entry in entries):
        raise ValueError("an entry is too long for a bundle")
    return b"".join(len(entry).to_bytes(_LENGTH) + entry for entry in entries)


def read_bundle(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The entries of a bundle of exactly `width`. ValueError for any other, as one cut off."""
    found, at = [], 0
    while at < len(data):
        begins = at + _LENGTH
        at = begins + int.from_bytes(data[begins - _LENGTH : begins])
        found.append(data[begins:at])
    if at != len(data) or len(found) != width:
        raise ValueError(f"a bundle of {width} entries has another length")
    return found


def read_hashes(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The hashes of a tile that has exactly `width`. ValueError for any other."""
    if len(data) != width * HASH:
        raise ValueError(f"a tile of {width} hashes has another length")
    return [data[begins:ends] for begins, ends in pairwise(range(0, len(data) + 1, HASH))]


def nodes_of(size: int, read: Callable[[Tile], bytes]) -> Nodes:
    """The nodes of a log of that size, out of its tiles; each is read and reckoned once.

    A node asked for that the log has not is a KeyError; a tile out of form a ValueError.
    """

    @lru_cache(maxsize=64)
    def hashes(level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (size >> LEVEL * level) - number * WIDTH)
        if width < 1:
            raise KeyError((level, number))
        return read_hashes(read(Tile(level, number, width)), width)

    # A batch of messages names as many sizes, and neighbouring ones share nearly all nodes.
    @lru_cache(maxsize=1024)
    def node(height: int, index: int) -> bytes:
        level, above = divmod(height, LEVEL)
        first = index << above
        some = hashes(level, first // WIDTH)[first % WIDTH : first % WIDTH + (1 << above)]
        if len(some) != 1 << above:
            raise KeyError((height, index))
        return root_of(some)

    return node
