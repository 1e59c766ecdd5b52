"""Each ticket's weeks of waiting, debt and lane, again from the public log and the draw files.

A week is added by a draw to every row it did not seat. What sets the weeks back, and every debt, is
an entry of the log (docs/turns.md 1); a no-show that was none gives back what it took.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.log import Kind
from publicmeeting.turns.pool import GENERAL

_YES = "yes"
"""What the log says of a lane both judges have granted."""


class Weeks:
    """As the log so far leaves them; entries and draws are read in their order."""

    def __init__(self) -> None:
        self._home: dict[str, object] = {}
        self._debt: dict[str, object] = {}
        self._lane: dict[str, object] = {}
        self._waited: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self.unfollowed: list[str] = []
        """Draws without a file: what they added to the weeks of their district is not known."""

    def read(self, entry: Mapping[str, Any]) -> Iterator[Finding]:
        """Take in one entry about one ticket; its fault when it gives back other weeks."""
        body = entry["body"]
        ticket = body.get("ticket")
        if not isinstance(ticket, str):
            return
        match entry["kind"]:
            case Kind.FILED:
                self._home[ticket] = body.get("district")
            case Kind.DEBT:
                self._debt[ticket] = body.get("debt")
            case Kind.LANE_JUDGED if body.get("verdict") == _YES:
                self._lane[ticket] = body.get("lane")
            case Kind.WAITED_RESET:
                if body.get("reason") == Kind.NO_SHOW:
                    self._lost[ticket] = self._waited[ticket]
                self._waited[ticket] = 0
            case Kind.ARRIVAL | Kind.NO_SHOW_CONTESTED if "waited" in body:
                self._waited[ticket] += self._lost.pop(ticket, 0)
                home = self._home.get(ticket)
                if body["waited"] != self._waited[ticket] and self._is_followed(home):
                    yield Finding(FindingCode.WEEKS_RESTORED_WRONG, str(entry["seq"]))

    def add_draw(self, draw: str, file: Mapping[str, Any] | None) -> None:
        """One more week for every row of a draw that did not get a seat."""
        if file is None or "seated" not in file:
            self.unfollowed.append(draw)
            return
        seated = {one["ticket"] for one in file["seated"]}
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
