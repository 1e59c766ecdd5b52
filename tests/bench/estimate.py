"""`bench estimate`: how often the time range shown to a visitor at her arrival was right.

It uses the Mondays of the demo city, by its own figures, and days drawn at random. It compares with
the common rule: the number of visitors before her, times the planned length, plus or minus five
minutes.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.demo_city import demo_city

from bench.figures import Measured
from publicmeeting.domain.meetings.estimate import Pace, before_her, entry_range, is_within
from publicmeeting.seeder.plan import CITY
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.usecases.estimate import ranges_held

DAYS = 3000
_SEED = 21
_SLOT = timedelta(minutes=15)
_BEGINS = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)
_SEATS = 12
_COMES, _COMMON = 0.9, timedelta(minutes=5)
_CITY = replace(CITY, pictures=False)
_KINDS = {
    "as planned": (1.0, 0.15, 0.5),
    "a third longer": (1.35, 0.25, 0.55),
    "wild": (1.2, 0.5, 0.9),
}
"""Kind of day → mean length as a share of the plan, spread of that mean, spread of one meeting."""


@dataclass(frozen=True, slots=True)
class _Visitor:
    own_time: datetime
    comes_at: datetime
    length: timedelta


def measure(days: int) -> list[Measured]:
    right, shown = _of_the_city()
    return [
        Measured("demo city, ranges shown at an arrival", shown, ""),
        Measured("demo city, went in within hers", 100 * right / shown, "%"),
        *(measured for kind in _KINDS for measured in _at_random(kind, days)),
    ]


def _of_the_city() -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/city.sqlite"
        upgrade_url(url)
        application = demo_city(url, Path(folder) / "images", _CITY).application
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            found = ranges_held(day.ranges for day in uow.city.mondays())
        application.store.close()
    return found.held, found.shown


def _at_random(kind: str, days: int) -> Iterator[Measured]:
    rng = random.Random(_SEED)
    asked = [one for _ in range(days) for one in _day(rng, kind)]
    ours, common = (100 * sum(right) / len(asked) for right in zip(*asked, strict=True))
    yield Measured(f"{days} days {kind}, went in within hers", ours, "%", 60, at_least=True)
    yield Measured(f"{days} days {kind}, by the common rule", common, "%")


def _day(rng: random.Random, kind: str) -> Iterator[tuple[bool, bool]]:
    planned, mayors, each = _KINDS[kind]
    mean = _SLOT * planned * rng.lognormvariate(0, mayors)
    shape = 1 / each**2
    people = [
        _Visitor(
            own_time=(own := _BEGINS + n * _SLOT),
            comes_at=own - timedelta(minutes=rng.uniform(2, 30)),
            length=mean * rng.gammavariate(shape, 1 / shape),
        )
        for n in range(_SEATS)
        if rng.random() < _COMES
    ]
    entered: dict[datetime, datetime] = {}
    free = _BEGINS + timedelta(minutes=max(0, rng.gauss(3, 5)))
    for person in people:
        entered[person.own_time] = free = max(free, person.own_time)
        free += person.length
    for person in people:
        yield _right(person, people, entered)


def _right(
    visitor: _Visitor, people: list[_Visitor], entered: dict[datetime, datetime]
) -> tuple[bool, bool]:
    now = visitor.comes_at
    gone = [each for each in people if entered[each.own_time] <= now]
    inside = [each for each in gone if entered[each.own_time] + each.length > now]
    finished = tuple(each.length for each in gone if each not in inside)
    inside_for = now - entered[inside[0].own_time] if inside else None
    waiting = [(False, each.own_time) for each in people if each not in gone]
    before = before_her(waiting, (False, visitor.own_time))
    found = entry_range(
        Pace(_SLOT, finished, inside_for), before, visitor.own_time, max(now, _BEGINS)
    )
    at = entered[visitor.own_time]
    guess = max(visitor.own_time, max(now, _BEGINS) + before * _SLOT)
    return is_within(found.earliest, found.latest, at), abs(at - guess) <= _COMMON
