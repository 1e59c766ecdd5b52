"""Cache of drawn lists: read once per process, because a drawn file never changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publicmeeting.kit.stored import read_object

MOST = 1_000_000
"""Maximum number of cached tickets: 200 lists of 5,000, in 32 MB."""

_LONG = 32
"""Bytes of a ticket."""

Key = tuple[str, datetime, str | None]
"""Draw id, time of the draw, and its seed, which is unique to the list."""


@dataclass(frozen=True, slots=True)
class DrawnList:
    seated: frozenset[str]
    standby: bytes
    """All other tickets, concatenated in drawn order."""

    def __len__(self) -> int:
        return len(self.seated) + self.waiting

    def __contains__(self, ticket: str) -> bool:
        return ticket in self.seated or self.place(ticket) > 0

    @property
    def waiting(self) -> int:
        """Number of tickets without a seat."""
        return len(self.standby) // _LONG

    def place(self, ticket: str) -> int:
        """Return the position in the standby, from 1; 0 if the ticket is not in it."""
        sought, at = bytes.fromhex(ticket), -1
        while (at := self.standby.find(sought, at + 1)) >= 0:
            if at % _LONG == 0:
                return at // _LONG + 1
        return 0

    @classmethod
    def of(cls, file: dict[str, Any]) -> "DrawnList":
        standby = b"".join(bytes.fromhex(ticket) for ticket in file["standby"])
        return cls(frozenset(seat["ticket"] for seat in file["seated"]), standby)


class DrawnLists:
    """The most recently used lists of one database; thread-safe."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Key, DrawnList] = OrderedDict()
        self._stored_letters = 0
        self._lock = threading.Lock()

    def get(self, key: Key, read: Callable[[], str]) -> DrawnList:
        """Return a list; `read` returns its file if it is not cached.

        Raises one of `UNREADABLE` for a damaged file.
        """
        with self._lock:
            stored = self._lists.get(key)
            if stored is not None:
                self._lists.move_to_end(key)
                return stored
        made = DrawnList.of(read_object(read()))
        with self._lock:
            if key not in self._lists:
                self._lists[key] = made
                self._stored_letters += len(made)
            while self._stored_letters > MOST:
                self._stored_letters -= len(self._lists.popitem(last=False)[1])
        return made
