"""A mapping that notes which of its names are read, so that a misspelt one can be noticed."""

import difflib
from collections.abc import ItemsView, Iterable, Iterator, Mapping

_ALIKE = 0.9
"""Least likeness of a hint: all our names begin alike."""


class Watched(Mapping[str, str]):
    """Names and values; `read_elsewhere` are names that somebody else reads."""

    def __init__(self, values: Mapping[str, str], read_elsewhere: Iterable[str] = ()) -> None:
        self._values = values
        self._read = set(read_elsewhere)

    def __getitem__(self, name: str) -> str:
        self._read.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> ItemsView[str, str]:
        """Return all names and values; none of them counts as read by it."""
        return self._values.items()

    def unread(self) -> list[str]:
        """Return the names with a value that nothing has read, in their order."""
        return [name for name, value in self.items() if value and name not in self._read]

    def nearest_read(self, name: str) -> str:
        """Return the read name that is most like this one; empty if none is."""
        return next(iter(difflib.get_close_matches(name, sorted(self._read), 1, _ALIKE)), "")
