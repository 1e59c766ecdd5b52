"""Simulated draws: sample files for verifiers, and waiting times under three rules.

Each week new requests arrive, and every waiting request competes for the seats of the next Monday.
`line` is the city's own rule, run by the code of its real draws. Requests that still wait at the
end are counted too: figures of the served ones alone would look better the more people a rule
forgets (docs/turns.md section 9).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from publicmeeting.kit.jalali import iso
from publicmeeting.turns.draw_file import DrawFile, drawn_file, frozen_file, open_file
from publicmeeting.turns.formulas import CITY, commitment, lot
from publicmeeting.turns.kinds import NO_VALUE
from publicmeeting.turns.pool import ANY, GENERAL, Row, Rules
from publicmeeting.turns.rule import assign_seats
from publicmeeting.turns.rules.announced import DEFAULT_RULES

# A whole published draw of invented people, to test and benchmark verifiers.

MONDAY = date(2026, 12, 7)
MOST_SEATS = 900
"""One per minute from 09:00 to the end of the day."""

_WITNESSES = ("council", "inspection", "press")
_LANES = (GENERAL, "access", "urgent")
_IN_LANES = (90, 6, 4)
_PREFERENCES = (ANY, "early", "late")
_OPENS, _SLOT = 9 * 60, 15
_INDEX = (1_000_000, 9_999_999)
_VALUE_COMES = timedelta(days=5)
_STILL_WAITS = 0.6
"""Probability that somebody who has waited some weeks has waited one more."""
_DEBT, _SILENT, _HOLIDAY = 0.01, 0.2, 0.2


def sample_draw(rng: Random, rows: int, seats: int, district: int = 6) -> DrawFile:
    """Return a drawn file with `rows` requests for `seats`, determined by the state of `rng`.

    Raises ValueError for more seats than the day has minutes.
    """
    values = {CITY: _hex(rng)} | {name: _hex(rng) for name in _some(rng)}
    sealed = {party: commitment(party, value) for party, value in values.items()}
    rules = Rules.from_body(DEFAULT_RULES)
    opened = open_file(district, MONDAY, rules, start_times(seats), sealed)
    frozen = frozen_file(opened, _rows(rng, rows))
    shown = {
        party: value for party, value in values.items() if party == CITY or rng.random() >= _SILENT
    }
    late = str(rng.randint(*_INDEX)) if rng.random() >= _HOLIDAY else NO_VALUE
    return drawn_file(frozen, shown, iso(MONDAY - _VALUE_COMES), late)


def _some(rng: Random) -> Sequence[str]:
    return rng.sample(_WITNESSES, k=rng.randint(1, len(_WITNESSES)))


def start_times(seats: int) -> list[str]:
    """Return start times from nine o'clock, a quarter of an hour apart or less if they must be."""
    if seats > MOST_SEATS:
        raise ValueError(f"a day has room for {MOST_SEATS} seats")
    step = min(_SLOT, MOST_SEATS // max(seats, 1))
    starts = (timedelta(minutes=_OPENS + step * number) for number in range(seats))
    return [f"{start.seconds // 3600:02d}:{start.seconds % 3600 // 60:02d}" for start in starts]


def _rows(rng: Random, rows: int) -> Iterator[Row]:
    for _ in range(rows):
        waited = 0
        while rng.random() < _STILL_WAITS:
            waited += 1
        yield Row(
            _hex(rng),
            rng.choices(_LANES, _IN_LANES)[0],
            waited,
            int(rng.random() < _DEBT),
            rng.choice(_PREFERENCES),
        )


def _hex(rng: Random) -> str:
    return f"{rng.getrandbits(256):064x}"


DISTRICTS = 22
"""Number of runs per simulation, so that chance in one does not decide the figures."""

MISSED_MOST = 2
"""Number of missed seats after which an unverified identity is in no list any more."""

_NO_LANES = Rules.from_body({"version": 1, "lanes": {}, "windows": {}})
_PART = 1000
_BEFORE_ALL = -1
"""Sort key of a broker's program, which clicks before everybody else."""


class Rule(StrEnum):
    """Who gets the seats of a week: the first to click, a lottery among all, or the city's line."""

    FCFS = "fcfs"
    LOTTERY = "lottery"
    LINE = "line"


class Persons(StrEnum):
    """Persons whom a broker files for: paid people with their own card, or names on paper."""

    HIRED = "hired"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker who files for `weekly` new persons each week."""

    persons: Persons
    weekly: int


@dataclass(frozen=True, slots=True)
class Size:
    """Average number of citizens' requests per week, and seats per Monday."""

    demand: int
    seats: int

    @property
    def grows(self) -> bool:
        """Whether more requests arrive than there are seats: the line grows under any rule."""
        return self.demand > self.seats


@dataclass(slots=True)
class _Person:
    """`habit`: how slowly she usually clicks, 0 to 999. `is_citizen`: not filed by a broker."""

    ticket: str
    habit: int
    is_citizen: bool = True
    waited: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Within:
    """Number of weeks within which a given percentage had their seat.

    `is_least`: so many still wait that the number can only grow.
    """

    weeks: int
    is_least: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """Result of a rule over the first `weeks` weeks.

    All figures but `seats` and `held` count citizens only. `served`: weeks of waiting of each
    served one, ascending. `waiting`: weeks so far of each who still waits. `seats`: all seats
    assigned; `held`: of these, by a broker's persons. `by_speed`: seats of people for whom a broker
    filed in the opening second, which would have gone to others if the same people had filed
    themselves.
    """

    rule: Rule
    weeks: int
    served: tuple[int, ...]
    waiting: tuple[int, ...]
    seats: int
    held: int
    by_speed: int

    @property
    def requests(self) -> int:
        return len(self.served) + len(self.waiting)

    @property
    def longest_so_far(self) -> int:
        return max(self.waiting, default=0)

    def within(self, percent: int) -> Within:
        """Return the nearest-rank percentile; exact if the remaining waits cannot change it."""
        place = max(-(-self.requests * percent // 100), 1)
        so_far = sorted((*self.served, *self.waiting))
        weeks = so_far[place - 1] if so_far else 0
        is_known = place <= len(self.served) and self.served[place - 1] == weeks
        return Within(weeks, bool(so_far) and not is_known)

    @property
    def held_percent(self) -> int:
        return _percent(self.held, self.seats)

    @property
    def by_speed_percent(self) -> int:
        return _percent(self.by_speed, self.seats)


def simulate(
    rule: Rule, seed: str, size: Size, weeks: Sequence[int], broker: Broker | None = None
) -> tuple[Waits, ...]:
    """Run one rule over all districts; return the figures after each of `weeks`, ascending.

    The same seed produces the same citizens for every rule, broker and number of weeks. A greater
    demand produces the same ones and more.
    """
    runs = [_run(rule, f"{seed}/{at}", size, weeks, broker) for at in range(DISTRICTS)]
    return tuple(_together(parts) for parts in zip(*runs, strict=True))


def _run(
    rule: Rule, seed: str, size: Size, weeks: Sequence[int], broker: Broker | None
) -> Iterator[Waits]:
    """Run one district."""
    line: list[_Person] = []
    served: list[int] = []
    seats = held = by_speed = done = 0
    for horizon in weeks:
        for week in range(done, horizon):
            rng = Random(f"{seed}/{week}")  # noqa: S311  (a figure that can be made again)
            lots = f"{rng.getrandbits(256):064x}"
            new = _newcomers(rng, size.demand)
            line += new
            line += _sent(f"{seed}/{week}/{broker}", broker)
            seated = _SEATS[rule](line, size.seats, lots)
            if rule is Rule.FCFS:
                by_speed += _won_by_speed(line, new[: size.seats], seated, lots)
            seats += len(seated)
            held += sum(person.ticket in seated for person in line if not person.is_citizen)
            served += [
                person.waited for person in line if person.ticket in seated and person.is_citizen
            ]
            line = [person for person in line if _stays(person, seated, broker)]
        done = max(done, horizon)
        waiting = sorted(person.waited for person in line if person.is_citizen)
        yield Waits(rule, horizon, tuple(sorted(served)), tuple(waiting), seats, held, by_speed)


def _together(parts: Sequence[Waits]) -> Waits:
    first = parts[0]
    return Waits(
        first.rule,
        first.weeks,
        tuple(sorted(weeks for part in parts for weeks in part.served)),
        tuple(sorted(weeks for part in parts for weeks in part.waiting)),
        sum(part.seats for part in parts),
        sum(part.held for part in parts),
        sum(part.by_speed for part in parts),
    )


def _newcomers(rng: Random, demand: int) -> list[_Person]:
    """Twice the expected number consider filing, and each files with probability one half."""
    thinking = [
        (rng.getrandbits(1), _Person(f"{rng.getrandbits(256):064x}", rng.randrange(_PART)))
        for _ in range(2 * demand)
    ]
    return [person for files, person in thinking if files]


def _sent(seed: str, broker: Broker | None) -> list[_Person]:
    if broker is None:
        return []
    rng = Random(seed)  # noqa: S311  (a figure that can be made again)
    tickets = (f"{rng.getrandbits(256):064x}" for _ in range(broker.weekly))
    return [_Person(ticket, 0, is_citizen=False) for ticket in tickets]


def _stays(person: _Person, seated: set[str], broker: Broker | None) -> bool:
    """Count this week for her; return False if she leaves the line.

    Nobody comes with the card of a paper person: the seat stays empty, and the weeks are lost.
    """
    if person.ticket not in seated:
        person.waited += 1
        return True
    if person.is_citizen or broker is None or broker.persons is Persons.HIRED:
        return False
    person.waited = 0
    person.missed += 1
    return person.missed < MISSED_MOST


def _won_by_speed(
    line: Sequence[_Person], clients: Sequence[_Person], seated: set[str], seed: str
) -> int:
    """Measure the seats won by speed alone, without effect on the run."""
    tickets = {person.ticket for person in clients}
    helped = _first_come(line, len(seated), seed, at_once=tickets)
    return len(helped & tickets) - len(seated & tickets)


def _first_come(
    line: Sequence[_Person], seats: int, seed: str, at_once: Collection[str] = ()
) -> set[str]:
    """The click time is half habit and half chance; a broker's program clicks first."""

    def click(person: _Person) -> tuple[int, str]:
        if person.ticket in at_once or not person.is_citizen:
            return _BEFORE_ALL, person.ticket
        return person.habit + int(lot(seed, "click", person.ticket)[:8], 16) % _PART, person.ticket

    return {person.ticket for person in sorted(line, key=click)[:seats]}


def _lottery(line: Sequence[_Person], seats: int, seed: str) -> set[str]:
    tickets = (person.ticket for person in line)
    return set(sorted(tickets, key=lambda ticket: lot(seed, "lottery", ticket))[:seats])


def _line(line: Sequence[_Person], seats: int, seed: str) -> set[str]:
    """Rows with fewer weeks than the last possible seat cannot be seated and are left out."""
    foremost = sorted((person.waited for person in line), reverse=True)[:seats]
    least = foremost[-1] if foremost else 0
    rows = [
        Row(person.ticket, GENERAL, person.waited, 0, ANY)
        for person in line
        if person.waited >= least
    ]
    return {seat.ticket for seat in assign_seats(rows, start_times(seats), _NO_LANES, seed).seated}


_Seats = Callable[[Sequence[_Person], int, str], set[str]]
_SEATS: Mapping[Rule, _Seats] = {
    Rule.FCFS: _first_come,
    Rule.LOTTERY: _lottery,
    Rule.LINE: _line,
}


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
