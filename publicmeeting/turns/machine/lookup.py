"""Look up draw, week, times and parties for the handlers of entries, and check signatures."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import Book, Draw, Entry, Week
from publicmeeting.turns.machine.times import LEEWAY, Times
from publicmeeting.turns.witness import is_statement_signed, statement_text, witnesses_of


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
    if party != CITY and party not in parties_of(book, week):
        raise Refused(Break.STRANGER)


def parties_of(book: Book, week: Week) -> list[str]:
    return [str(one["party"]) for one in rules_of(book, week).get("witnesses", ())]


_WORDS = {
    Kind.COMMITMENT: ("commitment",),
    Kind.VALUE: ("day", "value"),
    Kind.RULES_SIGNED: ("hash",),
}


def is_signed(origin: str, entry: Entry, rules: Mapping[str, Any]) -> bool:
    """Whether a witness's signature on an entry is valid (docs/turns.md section 5).

    The city's entries have none, since it signs the log.
    """
    party, signature = entry.text("party"), entry.text("sig")
    if party == CITY:
        return signature == ""
    words = (entry.text(key) for key in _WORDS[entry.kind])
    lines = statement_text(origin, entry.kind.value, entry.text("monday"), party, *words)
    try:
        keys = {witness.party: witness.key for witness in witnesses_of(rules)}
    except (KeyError, TypeError, ValueError):  # malformed rules name no witness
        return False
    return party in keys and is_statement_signed(keys[party], lines, signature)
