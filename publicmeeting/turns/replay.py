"""Each district's line, and each ticket's weeks, debt and lane, computed again from the public log.

In the line is who has filed and was not taken out, except while she holds a seat (docs/turns.md 2);
the log has one entry about her ticket for each of these. A draw adds a week to every row that it
did not seat. What sets the weeks back, and every debt, is an entry of the log (docs/turns.md 1); a
no-show that was none gives back what it took.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind, TakenOut
from publicmeeting.turns.pool import GENERAL

NOT_RECEIVED = "not_received"
"""The reason of a debt that ends a seat: her Monday was not held, or ended before she was
called."""

MISSED = "list"
"""The reason of a debt that cures a list which had left her out."""

_SEATED = (Kind.OFFERED, Kind.TAKEN_FREE, Kind.STOOD_IN, Kind.CAME_LATE)
_UNSEATED = (
    Kind.SEAT_GIVEN_UP,
    Kind.SEAT_LAPSED,
    Kind.OFFER_REFUSED,
    Kind.OFFER_UNANSWERED,
    Kind.NO_SHOW,
    Kind.NOT_RECEIVED,
    Kind.NOT_CALLED,
)


_MISSED_MOST = 2


class Lines:
    """As the log so far leaves them; entries and draws are read in their order."""

    def __init__(self) -> None:
        self._filed: dict[str, tuple[object, str]] = {}
        self._inside: set[str] = set()
        self._seated: set[str] = set()
        self._out: defaultdict[str, set[str]] = defaultdict(set)
        self._back: defaultdict[str, set[str]] = defaultdict(set)
        self._until: dict[str, str] = {}
        self._missed: Counter[str] = Counter()
        self._proven: set[str] = set()
        self._at_door: set[str] = set()

    def read(self, entry: Mapping[str, Any]) -> None:
        """Take in one entry about one ticket; any other changes nothing."""
        kind, body = entry["kind"], entry["body"]
        ticket = str(body.get("ticket", ""))
        self._count_missed(kind, ticket, body)
        if kind == Kind.FILED:
            at = str(body.get("filed_at", entry["at"]))
            self._filed[ticket] = body.get("district"), at
            self._inside.add(ticket)
        elif kind == Kind.REDIRECTED:
            self._move(str(body.get("old")), str(body.get("new")), body.get("district"))
        elif kind == Kind.TAKEN_IN:
            self._inside.add(ticket)
        elif kind in (Kind.TAKEN_OUT, Kind.MET):
            self._inside.discard(ticket)
            self._seated.discard(ticket)
        elif kind in _SEATED:
            self._seated.add(ticket)
        elif kind in _UNSEATED:
            self._seated.discard(ticket)
            if body.get("until"):
                self._choose(ticket, kind, body)
        elif kind in (Kind.MONDAY_EXCLUDED, Kind.MONDAY_INCLUDED):
            self._choose(ticket, kind, body)

    def _count_missed(self, kind: str, ticket: str, body: Mapping[str, Any]) -> None:
        """Two meetings missed: outside until she is verified."""
        if kind in _SEATED:
            (self._at_door.add if kind == Kind.STOOD_IN else self._at_door.discard)(ticket)
        if kind == Kind.NO_SHOW and ticket not in self._at_door:
            self._missed[ticket] += 1
            self._proven.discard(ticket)
        elif kind == Kind.VERIFIED:
            self._proven.add(ticket)
        elif (kind == Kind.NO_SHOW_CONTESTED and body.get("upheld")) or (kind == Kind.CAME_LATE):
            self._missed[ticket] -= 1

    def _move(self, old: str, new: str, district: object) -> None:
        """Another ticket in another district, with the line and the choices of the old one."""
        if old in self._filed:
            self._filed[new] = district, self._filed[old][1]
        if old in self._inside:
            self._inside.remove(old)
            self._inside.add(new)
        self._missed[new] = self._missed.pop(old, 0)
        if old in self._proven:
            self._proven.add(new)
        for chosen in (self._out, self._back):
            chosen[new] = chosen.pop(old, set())
        if old in self._until:
            self._until[new] = self._until.pop(old)

    def draw(self, file: Mapping[str, Any]) -> None:
        """Seats given by a draw; one that a row out of the line has won is free at once."""
        won = {one["ticket"] for one in file["seated"]}
        self._seated.update(won & self._inside)

    def pool(self, district: int, monday: str, filed_before: str) -> set[str]:
        """Tickets that belong in the list of a Monday (its Jalali day) if it is fixed now;
        `filed_before` is an instant as the log writes it."""
        return {
            ticket
            for ticket in self._inside - self._seated
            if self._missed[ticket] < _MISSED_MOST or ticket in self._proven
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


class Weeks:
    """As the log so far leaves them; entries and draws are read in their order."""

    def __init__(self) -> None:
        self._home: dict[str, object] = {}
        self._debt: dict[str, object] = {}
        self._lane: dict[str, object] = {}
        self._waited: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._declined: dict[str, bool] = {}
        """Declined, and whether a list of theirs was frozen since."""
        self._filed_at: dict[str, int] = {}
        self._closed_at: dict[str, int] = {}
        self._present: set[tuple[str, str]] = set()
        self._drawn: set[tuple[str, str]] = set()
        self.unfollowed: list[str] = []
        """Draws without a file: what they added to the weeks of their district is not known."""

    def read(self, entry: Mapping[str, Any]) -> Iterator[Finding]:
        """Take in one entry about one ticket; its fault when it gives back other weeks."""
        body = entry["body"]
        self._read_line(entry)
        ticket = body.get("ticket")
        if not isinstance(ticket, str):
            return
        match entry["kind"]:
            case Kind.DEBT:
                self._debt[ticket] = body.get("debt")
            case Kind.LANE_GRANTED:
                self._lane[ticket] = body.get("lane")
            case Kind.WAITED_RESET:
                if body.get("reason") == Kind.NO_SHOW:
                    self._lost[ticket] = self._waited[ticket]
                self._waited[ticket] = 0
            case Kind.NO_SHOW_CONTESTED if "waited" in body:
                self._waited[ticket] += self._lost.pop(ticket, 0)
                home = self._home.get(ticket)
                if body["waited"] != self._waited[ticket] and self._is_followed(home):
                    yield Finding(FindingCode.WEEKS_RESTORED_WRONG, str(entry["seq"]))
            case kind:
                self._read_day(ticket, kind, body)

    def _read_day(self, ticket: str, kind: object, body: Mapping[str, Any]) -> None:
        """What happened to a seat on the Monday itself."""
        place = ticket, str(body.get("draw"))
        match kind:
            case Kind.PRESENT:
                self._present.add(place)
            case Kind.NO_SHOW:
                self._lost[ticket] = 0
            case Kind.CAME_LATE:
                self._waited[ticket] += self._lost.pop(ticket, 0)
            case Kind.NOT_CALLED if place in self._present:
                self._waited[ticket] += place in self._drawn

    def _read_line(self, entry: Mapping[str, Any]) -> None:
        """What moves a ticket into a line, out of it, or to another district."""
        body = entry["body"]
        ticket = str(body.get("ticket"))
        match entry["kind"]:
            case Kind.FILED:
                self._home[ticket] = body.get("district")
                self._filed_at[ticket] = entry["seq"]
            case Kind.REDIRECTED:
                self._move(body)
            case Kind.LINE_CLOSED:
                self._closed_at[str(body.get("monday"))] = entry["seq"]
            case Kind.FREEZE:
                self._freeze(str(body.get("draw")))
            case Kind.TAKEN_OUT:
                self._declined.pop(ticket, None)
                if body.get("why") == TakenOut.DECLINED:
                    self._declined[ticket] = False
            case Kind.TAKEN_IN:
                self._waited[ticket] += self._declined.pop(ticket, False)

    def _move(self, body: Mapping[str, Any]) -> None:
        """All that the old ticket had is the new one's."""
        old, new = str(body.get("old")), str(body.get("new"))
        counts: tuple[dict[str, Any], ...] = (
            self._debt,
            self._lane,
            self._waited,
            self._lost,
            self._filed_at,
        )
        for count in counts:
            if old in count:
                count[new] = count.pop(old)
        self._home[new] = body.get("district")

    def _freeze(self, draw: str) -> None:
        """Whoever was declined since she filed for this list has missed it."""
        for ticket in self._declined:
            closed = self._closed_at.get(draw[4:])
            is_in_time = closed is None or self._filed_at.get(ticket, 0) < closed
            if draw.startswith(f"d{str(self._home.get(ticket)).zfill(2)}-") and is_in_time:
                self._declined[ticket] = True

    def add_draw(self, draw: str, file: Mapping[str, Any] | None) -> None:
        """One more week for every row of a draw that did not get a seat."""
        if file is None or "seated" not in file:
            self.unfollowed.append(draw)
            return
        seated = {one["ticket"] for one in file["seated"]}
        self._drawn.update((ticket, draw) for ticket in seated)
        tickets = (row["ticket"] for row in file["pool"])
        self._waited.update(ticket for ticket in tickets if ticket not in seated)

    def of(self, ticket: str) -> tuple[int, int]:
        """Weeks waited and debt of a ticket, as far as has been read."""
        debt = self._debt.get(ticket, 0)
        return self._waited[ticket], debt if isinstance(debt, int) else 0

    def faults_of_rows(self, file: Mapping[str, Any]) -> Iterator[Finding]:
        """Compare the rows of a pool with the counts; now is the freeze of its draw."""
        is_followed = self._is_followed(file["district"])
        for row in file["pool"]:
            ticket = row["ticket"]
            place = f"pool.{ticket}"
            if self._home.get(ticket) != file["district"]:
                yield Finding(FindingCode.NEVER_FILED, place)
            if is_followed and row["waited"] != self._waited[ticket]:
                yield Finding(FindingCode.WAITED_DIFFERS, place)
            if row["debt"] != self._debt.get(ticket, 0):
                yield Finding(FindingCode.DEBT_DIFFERS, place)
            if row["lane"] != self._lane.get(ticket, GENERAL):
                yield Finding(FindingCode.LANE_DIFFERS, place)

    def _is_followed(self, district: object) -> bool:
        beginning = f"d{str(district).zfill(2)}-"
        return not any(draw.startswith(beginning) for draw in self.unfollowed)
