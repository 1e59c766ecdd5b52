"""Who stood in each district's line, again from the public log alone (docs/turns.md 2).

In it is who has filed and was not taken out, except while she holds a seat. The log tells each of
these with one entry about her ticket.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from publicmeeting.turns.log import Kind

NOT_RECEIVED = "not_received"
"""Why a debt is told where it ends a seat: her Monday was not held, or ended before she was
called."""

MISSED = "list"
"""Why a debt is told where it cures a list that had left her out."""

_SEATED = (Kind.OFFERED, Kind.TAKEN_FREE, Kind.ARRIVAL)
_UNSEATED = (
    Kind.SEAT_GIVEN_UP,
    Kind.SEAT_LAPSED,
    Kind.OFFER_REFUSED,
    Kind.OFFER_UNANSWERED,
    Kind.NO_SHOW,
)


class Lines:
    """As the log so far leaves them; entries and draws are read in their order."""

    def __init__(self) -> None:
        self._filed: dict[str, tuple[object, str]] = {}
        self._inside: set[str] = set()
        self._seated: set[str] = set()
        self._out: defaultdict[str, set[str]] = defaultdict(set)
        self._back: defaultdict[str, set[str]] = defaultdict(set)
        self._until: dict[str, str] = {}

    def read(self, entry: Mapping[str, Any]) -> None:
        """Take in one entry about one ticket; any other changes nothing."""
        kind, body = entry["kind"], entry["body"]
        ticket = str(body.get("ticket", ""))
        if kind == Kind.FILED:
            at = str(body.get("filed_at", entry["at"]))
            self._filed[ticket] = body.get("district"), at
            self._inside.add(ticket)
        elif kind == Kind.TAKEN_IN:
            self._inside.add(ticket)
        elif kind == Kind.TAKEN_OUT:
            self._inside.discard(ticket)
            self._seated.discard(ticket)
        elif kind in _SEATED:
            self._seated.add(ticket)
        elif kind in _UNSEATED or (kind == Kind.DEBT and body.get("why") == NOT_RECEIVED):
            self._seated.discard(ticket)
        elif kind in (Kind.MONDAY_EXCLUDED, Kind.MONDAY_INCLUDED):
            self._choose(ticket, kind, body)

    def draw(self, file: Mapping[str, Any]) -> None:
        """Seats given by a draw; a withdrawn row that has won one is told of afterwards."""
        self._seated.update(one["ticket"] for one in file["seated"])

    def pool(self, district: int, monday: str, filed_before: str) -> set[str]:
        """Tickets that belong in the list of a Monday (its Jalali day) if it is fixed now;
        `filed_before` is an instant as the log writes it."""
        return {
            ticket
            for ticket in self._inside - self._seated
            if (filed := self._filed.get(ticket)) is not None
            and filed[0] == district
            and filed[1] < filed_before
            and not self._is_out(ticket, monday)
        }

    def _choose(self, ticket: str, kind: str, body: Mapping[str, Any]) -> None:
        """A Monday left out or taken back, or all before the one she has moved to."""
        monday = str(body.get("monday", ""))
        if "until" in body:
            self._until[ticket] = str(body["until"])
            self._back[ticket].clear()
        elif kind == Kind.MONDAY_EXCLUDED:
            self._out[ticket].add(monday)
            self._back[ticket].discard(monday)
        else:
            self._out[ticket].discard(monday)
            self._back[ticket].add(monday)

    def _is_out(self, ticket: str, monday: str) -> bool:
        moved = monday < self._until.get(ticket, "") and monday not in self._back[ticket]
        return moved or monday in self._out[ticket]
