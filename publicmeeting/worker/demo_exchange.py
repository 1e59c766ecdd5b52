"""In the demo, an invented exchange prints an index on every trading day, and the city enters it.

Without it no draw of the demo would ever have a value; it is shown as invented wherever it stands.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.late_value import DICE, Awaited, Source, last_words, source_of
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.late_value import enter_word, found_now, typed_words
from publicmeeting.worker.jobs import Job, Rank

# What the demo city takes for a printed figure: no figure of any exchange.

_LEAST, _SPREAD, _SIDES = 2_000_000, 400_000, 6


def printed(day: date, body: Mapping[str, Any]) -> str:
    """The same for the same day, in the form the rules announce."""
    digest = sha("publicmeeting/pretend-exchange", iso(day))
    if source_of(body) is Source.DICE:
        return "".join(str(int(digit, 16) % _SIDES + 1) for digit in digest[:DICE])
    return str(_LEAST + int(digest[:8], 16) % _SPREAD)


def prints(uow: UnitOfWork, now: datetime) -> list[Job]:
    """One job for each Monday that waits for a value the city has not entered yet; for the demo's
    clock alone."""
    found = []
    for monday in sorted({one.monday for one in uow.draws.pending() if one.state == "frozen"}):
        awaited = found_now(uow, monday, now)
        if not isinstance(awaited, Awaited):
            continue
        day, week = awaited.day, week_of(uow, monday)
        if CITY not in last_words(typed_words(uow, monday), iso(day)):
            value = printed(day, week.body)
            do = partial(_enter, monday, day, value)
            found.append(Job(week.value_from(day), Rank.PRINT, f"print/{monday}/{day}", do))
    return found


def _enter(monday: date, day: date, value: str, uow: UnitOfWork, now: datetime) -> None:
    enter_word(uow, monday, day, CITY, value, "", now)
