"""Plan of the simulation: who files when and where, the desk's decisions, the course of each order.

The last days are listed explicitly, so that the seeded city ends with a request in every stage.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.kit.clock import at_tehran, tehran_day

Card = TypeVar("Card")


class Deck(Generic[Card]):
    """A fixed number of each card, shuffled again whenever all have been dealt."""

    def __init__(self, rng: random.Random, cards: Mapping[Card, int]) -> None:
        self._rng = rng
        self._cards = [card for card, count in cards.items() for _ in range(count)]
        self._left: list[Card] = []

    def deal(self) -> Card:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


ENDS = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
"""City time at which the seeded weeks end and the demo begins: Saturday 7 Azar 1405, 10:00."""


class Fate(StrEnum):
    """The desk's decision about a request, and the citizen's reaction."""

    ACCEPTED = "accepted"
    WITHDRAWS = "withdraws"
    """Accepted; after some days she no longer needs a meeting."""
    COMPLETES = "completes"
    """Asked for missing information, and gives it."""
    SILENT = "silent"
    """Asked, and never answers."""
    CONTENT = "content"
    """Answered without a meeting, and content."""
    INSISTS = "insists"
    ANSWERED = "answered"
    """Answered, and does not react."""
    DECLINED = "declined"
    OBJECTS = "objects"
    """Declined; she objects, and another officer accepts."""
    SENT_AWAY = "sent_away"
    """Sent to another district; she objects that it is the wrong one."""
    UNSCREENED = "unscreened"
    """Not screened in time: the clock accepts it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Size of a seeded city.

    Most people file in the busy districts, so that waiting, standby and a debt exist there.
    """

    districts: tuple[int, ...]
    busy: tuple[int, ...]
    weeks: int
    requests: int
    pictures: bool = True
    """Whether citizens and units send photographs; orders always have their sheet."""

    @property
    def first(self) -> date:
        """The Saturday on which the seeded weeks begin."""
        return tehran_day(ENDS) - timedelta(weeks=self.weeks)

    @property
    def quiet(self) -> tuple[int, ...]:
        return tuple(number for number in self.districts if number not in self.busy)


BUSY = (4, 5, 6, 15)
BUSY_SHARE = 0.7
CITY = Scope(tuple(d.number for d in DISTRICTS), BUSY, weeks=12, requests=400)
LAST_MONDAY = tehran_day(ENDS) - timedelta(days=5)
NOT_HELD = (15, LAST_MONDAY)
"""District and Monday without a meeting: the holders of its seats are owed one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One future request.

    `replies_at` is when its citizen reacts to the desk, if that matters. `again`: the citizen
    already has a closed request in this district.
    """

    at: datetime
    district: int
    fate: Fate
    replies_at: datetime | None = None
    again: bool = False


_SHARES = {
    Fate.ACCEPTED: 30,
    Fate.WITHDRAWS: 1,
    Fate.COMPLETES: 2,
    Fate.SILENT: 1,
    Fate.CONTENT: 1,
    Fate.INSISTS: 1,
    Fate.ANSWERED: 1,
    Fate.DECLINED: 1,
    Fate.OBJECTS: 1,
    Fate.UNSCREENED: 1,
}

_Moment = tuple[int, str]
"""Days before the last one, and a clock time."""
_LAST_DAYS: tuple[tuple[_Moment, Fate, _Moment | None], ...] = (
    ((8, "19:40"), Fate.SILENT, None),
    ((6, "10:15"), Fate.SILENT, None),
    ((6, "16:30"), Fate.UNSCREENED, None),
    ((6, "21:05"), Fate.ANSWERED, None),
    ((6, "22:10"), Fate.OBJECTS, (0, "09:10")),
    ((5, "09:50"), Fate.DECLINED, None),
    ((5, "11:25"), Fate.WITHDRAWS, (2, "18:20")),
    ((5, "18:35"), Fate.COMPLETES, (0, "08:50")),
    ((4, "12:30"), Fate.ACCEPTED, None),
    ((2, "17:45"), Fate.UNSCREENED, None),
    ((1, "22:30"), Fate.UNSCREENED, None),
    ((0, "08:20"), Fate.UNSCREENED, None),
)
"""Filings of the last days in each busy district.

Two owe an answer, one screening is late, then one for each outcome of the desk, one objection, one
completed request, and those since Thursday. The last ones are not screened yet, and this morning's
reactions are handled after the weekend.
"""
_SENT_AWAY: tuple[_Moment, _Moment] = ((4, "12:30"), (2, "19:15"))
"""The request that one district sends away, and when its citizen objects."""
_EVERY_FIFTH = 5


def filings(rng: random.Random, scope: Scope) -> list[Planned]:
    """Return all requests of the seeded weeks, in no order."""
    each = (
        round(scope.requests * BUSY_SHARE / len(scope.busy))
        if scope.quiet
        else (scope.requests // len(scope.busy))
    )
    found: list[Planned] = []
    for number in scope.busy:
        before = ENDS - timedelta(days=7)
        found += _spread(rng, scope, [number] * (each - len(_LAST_DAYS)), before)
        found += _last_days(rng, number, away=number == scope.busy[-1] != scope.busy[0])
    deck = Deck(rng, dict.fromkeys(scope.quiet, 1))
    rest = scope.requests - len(found)
    found += _spread(rng, scope, [deck.deal() for _ in range(rest)], ENDS)
    return found


def _spread(
    rng: random.Random, scope: Scope, districts: list[int], until: datetime
) -> Iterator[Planned]:
    """Spread requests evenly over the days, at any minute from 8:00 until midnight."""
    fates = Deck(rng, _SHARES)
    days = (tehran_day(until) - scope.first).days
    for place, number in enumerate(districts):
        day = int((place + rng.random()) * days / len(districts))
        at = at_tehran(scope.first + timedelta(days=day), "08:00")
        at += timedelta(minutes=rng.randrange(16 * 60))
        again = place > len(districts) // 2 and place % _EVERY_FIFTH == 0
        yield Planned(at, number, fates.deal(), again=again)


def _last_days(rng: random.Random, number: int, *, away: bool) -> Iterator[Planned]:
    for filed, usual, answers in _LAST_DAYS:
        goes = away and filed == _SENT_AWAY[0]
        fate, replies = (Fate.SENT_AWAY, _SENT_AWAY[1]) if goes else (usual, answers)
        some = timedelta(minutes=rng.randrange(25))
        yield Planned(
            _moment(filed) + some, number, fate, _moment(replies) + some if replies else None
        )


def _moment(moment: _Moment) -> datetime:
    days, clock = moment
    return at_tehran(tehran_day(ENDS) - timedelta(days=days), clock)


class Course(StrEnum):
    """Course of an order, from the room to the citizen's answer or the end of the seeded weeks."""

    DONE = "done"
    SETTLED = "settled"
    """Reported; she does not react, and after ten days the clock counts it as done."""
    DISPUTED = "disputed"
    """Reported, not done, ordered again, done."""
    EXTENDED = "extended"
    LATE = "late"
    SENT_ON = "sent_on"
    """Wrong unit; ordered again."""
    REFUSED = "refused"
    """No order: the mayor explains why it is impossible."""

    UNREAD = "unread"
    RETURNED = "returned"
    TAKEN_ON = "taken_on"
    MORE_TIME = "more_time"
    QUESTION = "question"
    NEWS = "news"
    REPORTED = "reported"
    CONTESTED = "contested"
    OVERDUE = "overdue"
    NEGLECTED = "neglected"
    """No unit takes it on: it has climbed to the city because it is late."""
    DISPUTED_AGAIN = "disputed_again"
    """Reported twice, not done twice: the city decides."""
    OBJECTED = "objected"
    """Refused; she objects, and the city answers."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step, `least` to `most` days after the one before.

    Working days for an office, calendar days for a citizen.
    """

    action: str
    least: int
    most: int


_TAKE_ON = Move("take_on", 1, 1)

MOVES: dict[Course, tuple[Move, ...]] = {
    Course.DONE: (_TAKE_ON, Move("report", 4, 11), Move("confirm_done", 0, 4)),
    Course.SETTLED: (Move("take_on", 1, 2), Move("report", 5, 12)),
    Course.DISPUTED: (
        _TAKE_ON,
        Move("report", 4, 9),
        Move("contest", 1, 3),
        Move("retry", 1, 3),
        Move("report", 4, 6),
        Move("confirm_done", 1, 4),
    ),
    Course.EXTENDED: (
        _TAKE_ON,
        Move("ask_extension", 7, 10),
        Move("extend", 1, 2),
        Move("report", 6, 9),
        Move("confirm_done", 0, 3),
    ),
    Course.LATE: (Move("take_on", 2, 4), Move("report", 15, 19), Move("confirm_done", 1, 4)),
    Course.SENT_ON: (
        Move("return", 1, 1),
        Move("reassign", 1, 2),
        Move("take_on", 1, 2),
        Move("report", 5, 9),
        Move("confirm_done", 1, 4),
    ),
    Course.REFUSED: (),
    Course.UNREAD: (),
    Course.RETURNED: (Move("return", 1, 2),),
    Course.TAKEN_ON: (_TAKE_ON,),
    Course.MORE_TIME: (_TAKE_ON, Move("ask_extension", 5, 6)),
    Course.QUESTION: (_TAKE_ON, Move("ask_citizen", 4, 5)),
    Course.NEWS: (_TAKE_ON, Move("ask_news", 8, 9), Move("give_news", 1, 1)),
    Course.REPORTED: (_TAKE_ON, Move("report", 4, 5)),
    Course.CONTESTED: (_TAKE_ON, Move("report", 6, 6), Move("contest", 4, 5)),
    Course.OVERDUE: (Move("take_on", 1, 2),),
    Course.NEGLECTED: (),
    Course.DISPUTED_AGAIN: (
        _TAKE_ON,
        Move("report", 3, 4),
        Move("contest", 1, 1),
        Move("retry", 1, 1),
        Move("report", 3, 4),
        Move("contest", 1, 2),
    ),
    Course.OBJECTED: (),
}

SHARES = {
    Course.DONE: 8,
    Course.SETTLED: 2,
    Course.DISPUTED: 2,
    Course.EXTENDED: 1,
    Course.LATE: 2,
    Course.SENT_ON: 1,
    Course.REFUSED: 2,
}

REFUSALS = frozenset({Course.REFUSED, Course.OBJECTED})
"""Courses without an order."""

LAST: dict[int, tuple[Course, ...]] = {
    0: (Course.UNREAD, Course.RETURNED, Course.TAKEN_ON, Course.TAKEN_ON),
    1: (Course.REPORTED, Course.MORE_TIME, Course.QUESTION, Course.OBJECTED),
    2: (Course.CONTESTED, Course.REPORTED, Course.NEWS, Course.DONE),
    3: (Course.DISPUTED_AGAIN, Course.NEGLECTED, Course.EXTENDED, Course.DISPUTED),
    4: (Course.DONE, Course.OVERDUE, Course.DONE, Course.SETTLED),
}
"""Weeks before the last Monday → the courses of a busy district's visitors, in their order.

So the city ends with an order in every stage, whatever was dealt before.
"""
