"""Who files when and where, and what becomes of it at the desk: planned before the story begins.

The last days are written out, so that the story ends with a request in every stage.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder.deck import Deck

ENDS = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
"""City time at which the story ends and the demo begins: Saturday 7 Azar 1405, 10:00."""


class Fate(StrEnum):
    """What the desk does with a request, and what its citizen makes of that."""

    ACCEPTED = "accepted"
    WITHDRAWS = "withdraws"
    """Accepted; after some days she needs no meeting any more."""
    COMPLETES = "completes"
    """Asked for what is missing, and gives it."""
    SILENT = "silent"
    """Asked, and never answers."""
    CONTENT = "content"
    """Answered without a meeting; that is enough."""
    INSISTS = "insists"
    ANSWERED = "answered"
    """Answered, and says nothing to it."""
    DECLINED = "declined"
    OBJECTS = "objects"
    """Declined; she objects, and another officer accepts."""
    SENT_AWAY = "sent_away"
    """Sent to another district; she says that it is the wrong one."""
    UNSCREENED = "unscreened"
    """Nobody screens it in time: the clock takes it in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a city is told. Most people ask in the busy districts: there waits, standby and
    a debt exist."""

    districts: tuple[int, ...]
    busy: tuple[int, ...]
    weeks: int
    requests: int
    pictures: bool = True
    """Whether citizens and units send photographs; orders always have their sheet."""

    @property
    def first(self) -> date:
        """The Saturday on which the story begins."""
        return tehran_day(ENDS) - timedelta(weeks=self.weeks)

    @property
    def quiet(self) -> tuple[int, ...]:
        return tuple(number for number in self.districts if number not in self.busy)


BUSY = (4, 5, 6, 15)
BUSY_SHARE = 0.7
CITY = Scope(tuple(d.number for d in DISTRICTS), BUSY, weeks=12, requests=400)
LAST_MONDAY = tehran_day(ENDS) - timedelta(days=5)
NOT_HELD = (15, LAST_MONDAY)
"""Nobody received anybody here: those who held a seat are owed one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One request to come. `replies_at` is when its citizen reacts to the desk, where it matters;
    `again` by somebody whose earlier request here is closed."""

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
"""In each busy district: two who owe an answer, one that is late, one of each outcome of the desk,
one objection, one completed, and what has come in since Thursday. Nobody has screened the last
ones yet, and whoever reacted this morning is looked at after the weekend."""
_SENT_AWAY: tuple[_Moment, _Moment] = ((4, "12:30"), (2, "19:15"))
"""Which of these one district sends away, and when its citizen objects."""
_EVERY_FIFTH = 5


def filings(rng: random.Random, scope: Scope) -> list[Planned]:
    """All requests of the story, in no order."""
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
    """Evenly over the days, at any minute between 8 in the morning and midnight."""
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
