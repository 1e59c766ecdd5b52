"""Look up draw, week, times and parties for the handlers of entries."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import Book, Draw, Entry, Week
from publicmeeting.turns.machine.times import LEEWAY, Times


def draw_of(book: Book, entry: Entry) -> Draw:
    draw = book.draws.get(entry.text("draw"))
    if draw is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return draw


def week_of(book: Book, entry: Entry) -> Week:
    week = book.weeks.get(entry.text("monday"))
    if week is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return week


def lateness(entry: Entry, due: datetime, early: Break = Break.EARLY) -> Iterator[Found]:
    """Yield a finding if a clock entry came before its due time, or too long after it."""
    if entry.at < due:
        yield Found(early, entry.seq, draw=str(entry.body.get("draw", "")))
    elif entry.at > due + LEEWAY:
        yield Found(Break.LATE, entry.seq, draw=str(entry.body.get("draw", "")))


def times_of(book: Book, week: Week) -> Times:
    found = book.rules_for(week.monday)
    if found is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return Times(week.monday, found[0].body, timedelta(seconds=week.late_by))


def rules_of(book: Book, week: Week) -> Mapping[str, Any]:
    found = book.rules_for(week.monday)
    return found[0].body if found else {}


def require_party(book: Book, week: Week, entry: Entry) -> None:
    party = entry.text("party")
    if party != CITY and party not in witnesses_of(book, week):
        raise Refused(Break.STRANGER)


def witnesses_of(book: Book, week: Week) -> list[str]:
    return [str(one["party"]) for one in rules_of(book, week).get("witnesses", ())]
