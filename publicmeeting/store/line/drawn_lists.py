"""Who was in each draw that has run: read once a process, for a drawn file never changes."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST = 1_000_000
"""Tickets stored in all: 200 lists of 5,000, in 32 MB."""

_LONG = 32
"""Bytes of a ticket."""

Key = tuple[str, datetime, str | None]
"""Draw, when it ran, and its seed, which no other list could have."""


@dataclass(frozen=True, slots=True)
class DrawnList:
    seated: frozenset[str]
    standby: bytes
    """Tickets of all others, one after the other in their drawn order."""

    def __len__(self) -> int:
        return len(self.seated) + self.waiting

    def __contains__(self, ticket: str) -> bool:
        return ticket in self.seated or self.place(ticket) > 0

    @property
    def waiting(self) -> int:
        """How many got no seat."""
        return len(self.standby) // _LONG

    def place(self, ticket: str) -> int:
        """In the standby line, from 1; 0 for whoever is not in it."""
        sought, at = bytes.fromhex(ticket), -1
        while (at := self.standby.find(sought, at + 1)) >= 0:
            if at % _LONG == 0:
                return at // _LONG + 1
        return 0

    @classmethod
    def of(cls, file: dict[str, Any]) -> "DrawnList":
        standby = b"".join(bytes.fromhex(ticket) for ticket in file["standby"])
        return cls(frozenset(one["ticket"] for one in file["seated"]), standby)


class DrawnLists:
    """The lists read last, of one database; safe to use from any thread."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Key, DrawnList] = OrderedDict()
        self._stored_letters = 0
        self._lock = threading.Lock()

    def get(self, key: Key, read: Callable[[], str]) -> DrawnList:
        """A list; `read` returns its file where it is not stored yet."""
        with self._lock:
            stored = self._lists.get(key)
            if stored is not None:
                self._lists.move_to_end(key)
                return stored
        made = DrawnList.of(json.loads(read()))
        with self._lock:
            if key not in self._lists:
                self._lists[key] = made
                self._stored_letters += len(made)
            while self._stored_letters > MOST:
                self._stored_letters -= len(self._lists.popitem(last=False)[1])
        return made
