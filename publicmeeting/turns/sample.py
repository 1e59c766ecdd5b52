"""A whole published draw of invented people, to try verifiers on and to measure them with."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from publicmeeting.kit.jalali import iso
from publicmeeting.turns.announced import DEFAULT_RULES
from publicmeeting.turns.draw_file import DrawFile, drawn_file, frozen_file, open_file
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.kinds import NO_VALUE
from publicmeeting.turns.pool import ANY, GENERAL, Row, Rules

MONDAY = date(2026, 12, 7)
MOST_SEATS = 900
"""One a minute from 09:00 to the end of the day."""

_WITNESSES = ("council", "inspection", "press")
_LANES = (GENERAL, "access", "urgent")
_IN_LANES = (90, 6, 4)
_PREFERENCES = (ANY, "early", "late")
_OPENS, _SLOT = 9 * 60, 15
_INDEX = (1_000_000, 9_999_999)
_VALUE_COMES = timedelta(days=5)
_STILL_WAITS = 0.6
"""Of those who have waited some weeks, how many have waited one more."""
_DEBT, _SILENT, _HOLIDAY = 0.01, 0.2, 0.2


def sample_draw(
    rng: Random, rows: int, seats: int, district: int = 6, monday: date = MONDAY
) -> DrawFile:
    """A drawn file with `rows` requests for `seats`, the same for the same state of `chance`.

    ValueError for more seats than the day has minutes.
    """
    values = {CITY: _hex(rng)} | {name: _hex(rng) for name in _some(rng)}
    sealed = {party: commitment(party, value) for party, value in values.items()}
    rules = Rules.from_body(DEFAULT_RULES)
    opened = open_file(district, monday, rules, start_times(seats), sealed)
    frozen = frozen_file(opened, _rows(rng, rows))
    shown = {
        party: value for party, value in values.items() if party == CITY or rng.random() >= _SILENT
    }
    late = str(rng.randint(*_INDEX)) if rng.random() >= _HOLIDAY else NO_VALUE
    return drawn_file(frozen, shown, iso(monday - _VALUE_COMES), late)


def _some(rng: Random) -> Sequence[str]:
    return rng.sample(_WITNESSES, k=rng.randint(1, len(_WITNESSES)))


def start_times(seats: int) -> list[str]:
    """Start times from nine o'clock, closer than a quarter of an hour only when they must be."""
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
