"""Find places whose names are nearly what was typed, for a search that finds nothing.

Letters of one sound count as equal («سادقیه»), and one letter may be wrong, missing, added or
exchanged with its neighbour («تحریش»). More mistakes would suggest places that nobody means.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from publicmeeting.domain.districts import NAMES, Name

_LEAST = 3
"""Minimum number of letters that are compared; a shorter text resembles too much."""
_BEGINNING = 5
"""Minimum number of letters that are compared with the beginning of a longer name."""
# The search's own letters are folded already (`search_words`).
_SOUND = str.maketrans("ثصطذضظغحعأ", "سستزززقهاا")


class NearNames:
    """Names of places, indexed by the first and the last letter of their sound.

    One mistake leaves one of them as it is.
    """

    def __init__(self, names: Iterable[tuple[str, Sequence[Name]]]) -> None:
        """Index pairs of a search key and the names that it stands for."""
        self._by_edge = defaultdict[str, list[tuple[str, Sequence[Name]]]](list)
        for key, places in names:
            sound = key.translate(_SOUND)
            if len(sound) >= _LEAST:
                for edge in _edges(sound):
                    self._by_edge[edge].append((sound, places))

    def find(self, keys: Iterable[str]) -> Iterator[tuple[int, Name]]:
        """Yield the names that resemble one of the keys, with their distances: 0 sounds equal."""
        for key in keys:
            sought = key.translate(_SOUND)
            if len(sought) < _LEAST:
                continue
            for edge in _edges(sought):
                for sound, names in self._by_edge.get(edge, ()):
                    if (distance := _distance(sought, sound)) is not None:
                        yield from ((distance, name) for name in names)


def _edges(sound: str) -> tuple[str, str]:
    return f"^{sound[0]}", f"{sound[-1]}$"


def _distance(sought: str, sound: str) -> int | None:
    """Return 0 for an equal sound, 1 for one mistake or a beginning, 2 for both; else None."""
    if sought == sound:
        return 0
    if sound.startswith(sought) or _is_one_mistake(sought, sound):
        return 1
    length = len(sought)
    if length >= _BEGINNING and any(
        _is_one_mistake(sought, sound[:end]) for end in range(length - 1, length + 2)
    ):
        return 2
    return None


def _is_one_mistake(one: str, other: str) -> bool:
    """Return whether one letter is wrong, missing, added or exchanged with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


HOODS = NearNames(
    (key, (names[0],)) for names in NAMES for name in names for key in (name.key, *name.tails)
)
