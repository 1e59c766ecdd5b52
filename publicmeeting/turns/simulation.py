"""How long people wait, and what a broker can sell, under three rules for the same requests.

Every week so many new requests come, and every waiting one tries for the seats of the next Monday.
`line` is the city's own rule, run by the same code that runs its draws.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from publicmeeting.turns.formulas import lot
from publicmeeting.turns.pool import ANY, GENERAL, Row, Rules
from publicmeeting.turns.rule import assign_seats
from publicmeeting.turns.sample import start_times

DISTRICTS = 22
"""Runs of one simulation, so that no single luck decides the figures."""

_NO_LANES = Rules.from_body({"version": 1, "lanes": {}, "windows": {}})
_PART = 1000


class Rule(StrEnum):
    """Who gets the seats of a week: whoever clicks first, a lot among all, the city's line."""

    FCFS = "fcfs"
    LOTTERY = "lottery"
    LINE = "line"


@dataclass(slots=True)
class _Person:
    """`habit`: how slow she usually is, 0 to 999; a broker files before everybody."""

    ticket: str
    habit: int
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Waits:
    """What a rule did. `weeks`: of everybody, ascending; those still waiting with theirs so far.

    `sold`: seats that went to people a broker filed for in the opening second, and would have gone
    to others had the same people filed by themselves. `seats`: all that were given.
    """

    rule: Rule
    weeks: tuple[int, ...]
    still: int
    sold: int
    seats: int

    def within(self, percent: int) -> int:
        """The weeks within which so many of a hundred had their seat; nearest rank."""
        place = -(-len(self.weeks) * percent // 100)
        return self.weeks[max(place, 1) - 1] if self.weeks else 0

    @property
    def sold_percent(self) -> int:
        return round(100 * self.sold / self.seats) if self.seats else 0


def simulate(rule: Rule, seed: str, *, weeks: int, demand: int, seats: int) -> Waits:
    """Run one rule over all districts; the same seed gives every rule the same requests.

    `demand` requests come in a week on average. A broker takes on as many of a week's newcomers as
    there are seats; what it wins is measured beside the run and changes nothing in it.
    """
    waits: list[int] = []
    still = sold = seated_in_all = 0
    for district in range(DISTRICTS):
        rng = Random(f"{seed}/{district}")  # noqa: S311  (a figure that can be made again)
        line: list[_Person] = []
        for _ in range(weeks):
            new = _newcomers(rng, demand)
            line += new
            seed_of_week = f"{rng.getrandbits(256):064x}"
            clicks = _clicks(rng, line)
            seated = _SEATS[rule](line, seats, seed_of_week, clicks)
            clients = {person.ticket for person in new[:seats]}
            first = {ticket: -1 if ticket in clients else at for ticket, at in clicks.items()}
            with_broker = _SEATS[rule](line, seats, seed_of_week, first)
            sold += len(with_broker & clients) - len(seated & clients)
            seated_in_all += len(seated)
            waits += [person.waited for person in line if person.ticket in seated]
            line = [person for person in line if person.ticket not in seated]
            for person in line:
                person.waited += 1
        waits += [person.waited for person in line]
        still += len(line)
    return Waits(rule, tuple(sorted(waits)), still, sold, seated_in_all)


def _newcomers(rng: Random, demand: int) -> list[_Person]:
    """Twice as many as expected think about it, and every second one files."""
    count = sum(rng.getrandbits(1) for _ in range(2 * demand))
    return [_Person(f"{rng.getrandbits(256):064x}", rng.randrange(_PART)) for _ in range(count)]


def _clicks(rng: Random, line: Sequence[_Person]) -> dict[str, int]:
    """When each clicks after the opening: half of it is habit, half is luck."""
    return {person.ticket: person.habit + rng.randrange(_PART) for person in line}


def _first_come(
    line: Sequence[_Person], seats: int, seed: str, clicks: Mapping[str, int]
) -> set[str]:
    order = sorted(clicks, key=lambda ticket: (clicks[ticket], lot(seed, "click", ticket)))
    del line
    return set(order[:seats])


def _lottery(line: Sequence[_Person], seats: int, seed: str, clicks: Mapping[str, int]) -> set[str]:
    del clicks
    tickets = (person.ticket for person in line)
    return set(sorted(tickets, key=lambda ticket: lot(seed, "lottery", ticket))[:seats])


def _line(line: Sequence[_Person], seats: int, seed: str, clicks: Mapping[str, int]) -> set[str]:
    """The rows come in as they were clicked, so that it shows if that ever counted."""
    rows = [Row(one.ticket, GENERAL, one.waited, 0, ANY) for one in line]
    rows.sort(key=lambda row: clicks[row.ticket])
    return {seat.ticket for seat in assign_seats(rows, start_times(seats), _NO_LANES, seed).seated}


_Seats = Callable[[Sequence[_Person], int, str, Mapping[str, int]], set[str]]
_SEATS: Mapping[Rule, _Seats] = {
    Rule.FCFS: _first_come,
    Rule.LOTTERY: _lottery,
    Rule.LINE: _line,
}
