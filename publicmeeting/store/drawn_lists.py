"""Who stood in each draw that has run: read once a process, for a drawn file never changes."""

import json
import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publicmeeting.turns.draw_file import is_witnessed

MOST = 1_000_000
"""Tickets kept in all: 200 lists of 5,000, in 32 MB."""

_LONG = 32
"""Bytes of a ticket."""

Key = tuple[str, datetime, str | None]
"""Draw, when it ran, and its seed, which no other list could have."""


@dataclass(frozen=True, slots=True)
class DrawnList:
    tickets: bytes
    """All of the pool, one after the other in their order."""
    seated: frozenset[str]
    witnessed: bool

    def __len__(self) -> int:
        return len(self.tickets) // _LONG

    def __contains__(self, ticket: str) -> bool:
        sought = bytes.fromhex(ticket)
        at = bisect_left(range(len(self)), sought, key=self._at)
        return at < len(self) and self._at(at) == sought

    def _at(self, number: int) -> bytes:
        return self.tickets[number * _LONG : (number + 1) * _LONG]

    @classmethod
    def of(cls, file: dict[str, Any]) -> "DrawnList":
        tickets = sorted(bytes.fromhex(row["ticket"]) for row in file["pool"])
        seated = frozenset(one["ticket"] for one in file["seated"])
        return cls(b"".join(tickets), seated, is_witnessed(file))


class DrawnLists:
    """The lists asked for last, of one database; safe to ask from any thread."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Key, DrawnList] = OrderedDict()
        self._kept = 0
        self._lock = threading.Lock()

    def get(self, key: Key, read: Callable[[], str]) -> DrawnList:
        """A list; `read` gives its file where it is not known yet."""
        with self._lock:
            known = self._lists.get(key)
            if known is not None:
                self._lists.move_to_end(key)
                return known
        made = DrawnList.of(json.loads(read()))
        with self._lock:
            if key not in self._lists:
                self._lists[key] = made
                self._kept += len(made)
            while self._kept > MOST:
                self._kept -= len(self._lists.popitem(last=False)[1])
        return made
