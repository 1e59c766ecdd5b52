"""The expected Monday of a request, always as a range, and how many are before it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from publicmeeting.domain.calendar import is_meeting_monday, mondays, next_monday
from publicmeeting.domain.meetings.estimate import LOOKING_BACK
from publicmeeting.domain.mondays import DrawState, MondayState
from publicmeeting.domain.records import Monday, Request
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.lists import LineCount
from publicmeeting.store.line.draws import Draw, Pending
from publicmeeting.store.line.seats import line_topic
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.expectation import Group, expected_mondays, place_in_list
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.week import Week, first_monday

WEEKS_AHEAD = 52
_RATE_OVER = timedelta(days=28)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recent:
    """Waiting times of those met in the last eight weeks, from filing to the Monday.

    Counted in weeks, a begun week as a whole one.
    """

    met: int
    half: int
    """Median: half of them waited this long or less."""
    most: int
    """Nine of ten waited this long or less."""


@dataclass(frozen=True, slots=True)
class LaneSeats:
    """Why the latest Monday is later than the seats suggest: what lanes may take and took."""

    quota: int
    """Maximum seats of all lanes on one Monday."""
    taken: int
    """Seats that lanes took in the draws of the last eight weeks."""
    draws: int
    """How many draws gave seats in these weeks."""


@dataclass(frozen=True, slots=True)
class ClosedList:
    """The frozen list that she is in; nobody else can come before her any more."""

    rows: int
    seats: int
    least: int
    """Minimum number of seats that lanes take for others than those before her."""
    most: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The expectation of one request, or of a request filed now.

    `before` certainly come first: they have more weeks, or are owed a seat. `alike` have as many
    weeks, so that the lot decides among them; they include those still expected to file in her
    week. A Monday more than a year away is None.
    """

    before: int
    alike: int
    seats: int
    """Seats on the next Monday that has any."""
    joins: date
    """The first Monday for whose line she is in time."""
    earliest: date | None
    likely: date | None
    latest: date | None
    recent: Recent | None = None
    """How long others have waited; None if nobody was met recently."""
    lanes: LaneSeats | None = None
    """Set only if lanes make a difference to her."""
    closed: ClosedList | None = None
    """Set from the freeze of her next draw until it runs."""


@dataclass(frozen=True, slots=True)
class DistrictTile:
    """A district on the map: how many wait, and what a request filed now can expect.

    `next_monday` is the next Monday for which such a request is in time; None if no such Monday
    with seats is open yet.
    """

    district: int
    next_monday: date | None
    seats: int
    waiting: int
    outlook: Outlook


def expected(
    uow: UnitOfWork, district: int, now: datetime, request: Request | None = None
) -> Outlook:
    """Return the outlook of a waiting request, or (None) of one filed now. KeyError without rules.

    Its inputs are the same for the whole district, so they are read at most once a second.
    """
    city = uow.recent.get_or_compute(
        ("district", district), _topics(district), now, lambda: _City.read(uow, now, (district,))
    )
    frozen = city.frozen_list(uow, district) if request else None
    return city.outlook(district, request, frozen)


def expected_now(uow: UnitOfWork, district: int, now: datetime) -> Outlook | None:
    """Return `expected` for a request filed now, computed at most once a second for all readers.

    None for an unknown district, and while no rules are announced.
    """

    def compute() -> Outlook | None:
        try:
            return expected(uow, district, now)
        except KeyError:
            return None

    return uow.recent.get_or_compute(("outlook", district), _topics(district), now, compute)


def _topics(district: int) -> tuple[str, ...]:
    """Return the topics that are published when an outlook of this district changes."""
    return line_topic(district), "draws", "rules"


def district_board(uow: UnitOfWork, now: datetime) -> tuple[DistrictTile, ...]:
    """Return a tile for every district that has texts, by a small constant number of queries.

    The founding gives them to each district of the map, and nothing to an added row.
    """
    numbers = tuple(row.number for row in uow.city.districts())
    if not numbers:
        return ()
    city = _City.read(uow, now, numbers)
    return tuple(city.tile(number) for number in numbers if number in city.usual)


@dataclass(frozen=True, slots=True)
class _FrozenList:
    """A list that nobody can enter or leave any more."""

    row_of: Mapping[str, Group]
    """Rows by ticket."""
    groups: Mapping[Group, int]
    quotas: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _City:
    """Inputs from which the outlooks of some districts are computed."""

    now: datetime
    rules: Rules
    coming: Mapping[int, tuple[date, ...]]
    """District → its Mondays not drawn yet."""
    days: Mapping[tuple[int, date], Monday]
    usual: Mapping[int, int]
    counts: Mapping[int, Sequence[LineCount]]
    filed: Mapping[int, int]
    waits: Mapping[int, Sequence[int]]
    """District → weeks waited by those met recently, shortest first."""
    lanes: Mapping[int, tuple[int, int]]
    """District → seats that lanes took recently, and in how many draws."""
    frozen: frozenset[int]
    """Districts whose next draw is already frozen."""

    @classmethod
    def read(cls, uow: UnitOfWork, now: datetime, numbers: tuple[int, ...]) -> "_City":
        today = tehran_day(now)
        undrawn: dict[int, Pending] = {}
        for draw in uow.draws.pending():
            undrawn.setdefault(draw.district, draw)
        firsts = {
            number: undrawn[number].monday if number in undrawn else next_monday(today)
            for number in numbers
        }
        rules = uow.city.rules_on(min(firsts.values()))
        if rules is None:
            raise KeyError("no rules")
        counts: dict[int, list[LineCount]] = {number: [] for number in numbers}
        for first in set(firsts.values()):
            closes = Week(first, rules.body).filing_closes_at
            same = [number for number in numbers if firsts[number] == first]
            for count in uow.lists.line(closes, same):
                counts[count.district].append(count)
        only = numbers[0] if len(numbers) == 1 else None
        days = uow.city.mondays(from_on=min(today, *firsts.values()), district=only)
        return cls(
            now=now,
            rules=rules,
            coming={number: mondays(first, WEEKS_AHEAD) for number, first in firsts.items()},
            days={(day.district, day.on): day for day in days},
            usual=_usual_seats(uow, today, only),
            counts=counts,
            filed=uow.lists.filed_since(now - _RATE_OVER, numbers),
            waits=_waits(uow, numbers, today),
            lanes=uow.seats.by_lanes(numbers, today - LOOKING_BACK),
            frozen=frozenset(
                number for number, draw in undrawn.items() if draw.state is DrawState.FROZEN
            ),
        )

    def frozen_list(self, uow: UnitOfWork, district: int) -> _FrozenList | None:
        """Return the next draw's list if it is frozen, read at most once a second."""
        if district not in self.frozen:
            return None
        monday = self.coming[district][0]
        return uow.recent.get_or_compute(
            ("frozen list", district, monday),
            (line_topic(district), "draws"),
            self.now,
            lambda: _read_list(uow.draws.get(district, monday)),
        )

    def tile(self, district: int) -> DistrictTile:
        outlook = self.outlook(district, None)
        meeting = next(
            (
                d
                for (n, on), d in self.days.items()
                if n == district and on >= outlook.joins and d.seats and d.state is MondayState.OPEN
            ),
            None,
        )
        return DistrictTile(
            district=district,
            next_monday=meeting.on if meeting else None,
            seats=len(meeting.seats) if meeting else 0,
            waiting=sum(count.count for count in self.counts[district]),
            outlook=outlook,
        )

    def outlook(
        self, district: int, request: Request | None, frozen: _FrozenList | None = None
    ) -> Outlook:
        coming = self.coming[district]
        seats = [self._seats(district, monday) for monday in coming]
        filed_at = request.filed_at if request else self.now
        joins = max(first_monday(filed_at, self.rules.body), coming[0])
        index = (joins - coming[0]).days // 7
        weeks, debt = (request.waited, request.debt) if request else (0, 0)
        closed = None
        row = frozen.row_of.get(request.ticket) if frozen and request else None
        if frozen and row:
            place = place_in_list(frozen.groups, frozen.quotas, row)
            before, equal = place.ahead, place.equal
            closed = ClosedList(len(frozen.row_of), seats[0], place.least, place.most)
        else:
            before, equal = _counted(self.counts[district], index, weeks, debt)
            # Data read a moment before she filed does not count her yet.
            is_counted = request is not None and request.filed_at <= self.now
            equal = max(equal - 1, 0) if is_counted else equal
            if not weeks and not debt:
                equal += self._still_to_file(district, Week(joins, self.rules.body))
        quota = 0 if debt else sum(self.rules.lanes.values())
        taken, draws = self.lanes.get(district, (0, 0))
        found = expected_mondays(
            before,
            equal,
            seats,
            lanes=quota,
            used=Fraction(taken, max(draws, 1)),
            joins=index,
            first=(closed.least, closed.most) if closed else None,
        )
        matter = quota and (taken or found.latest != found.latest_usual)
        earliest, likely, latest = (
            None if i is None else coming[i] for i in (found.earliest, found.likely, found.latest)
        )
        return Outlook(
            before,
            equal,
            next(filter(None, seats), 0),
            joins,
            earliest,
            likely,
            latest,
            recent=_recent(self.waits.get(district, ())),
            lanes=LaneSeats(quota, taken, draws) if matter else None,
            closed=closed,
        )

    def _seats(self, district: int, monday: date) -> int:
        """Return the seats as opened; before that the district's usual seats, none on a holiday."""
        day = self.days.get((district, monday))
        if day is not None:
            return len(day.seats) if day.state is MondayState.OPEN else 0
        return self.usual[district] if is_meeting_monday(monday) else 0

    def _still_to_file(self, district: int, week: Week) -> int:
        """Estimate how many will file until the line closes, at the rate of the last four weeks."""
        left = max(week.filing_closes_at - self.now, timedelta())
        rate = self.filed.get(district, 0) / (_RATE_OVER / _DAY)
        return math.ceil(rate * (min(left, timedelta(weeks=1)) / _DAY))


def _read_list(draw: Draw | None) -> _FrozenList | None:
    if draw is None or "pool" not in draw.file:
        return None
    row_of = {
        row["ticket"]: Group(row["debt"], row["waited"], row["lane"]) for row in draw.file["pool"]
    }
    return _FrozenList(row_of, Counter(row_of.values()), draw.file["rules"]["lanes"])


def _usual_seats(uow: UnitOfWork, today: date, only: int | None) -> dict[int, int]:
    """Map district to the seats of its Mondays that are not open yet.

    With `only`, read that district alone.
    """
    if only is None:
        found = uow.district_texts.of_all(today)
        return {number: len(texts.seats) for number, texts in found.items()}
    texts = uow.district_texts.on(only, today)
    return {only: len(texts.seats)} if texts else {}


def _waits(uow: UnitOfWork, numbers: tuple[int, ...], today: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for district, monday, filed_at in uow.seats.waits(numbers, today - LOOKING_BACK, today):
        weeks = -((tehran_day(filed_at) - monday).days // 7)
        found.setdefault(district, []).append(weeks)
    return {district: sorted(weeks) for district, weeks in found.items()}


def _recent(waits: Sequence[int]) -> Recent | None:
    """Return the nearest-rank percentiles 50 and 90; `waits` is ascending."""
    if not waits:
        return None
    half, most = (waits[math.ceil(len(waits) * share / 100) - 1] for share in (50, 90))
    return Recent(len(waits), half, most)


def _counted(counts: Iterable[LineCount], index: int, weeks: int, debt: int) -> tuple[int, int]:
    """Count those before and equal to her at the draw with this index, by the weeks gained then."""
    before = equal = 0
    for count in counts:
        joined = 1 if count.late else 0
        if joined > index:
            continue
        rank = (count.debt, 0 if count.debt else count.waited + index - joined)
        own = (debt, 0 if debt else weeks)
        before += count.count if rank > own else 0
        equal += count.count if rank == own else 0
    return before, equal
