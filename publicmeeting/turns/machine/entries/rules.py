"""Handlers of the rules and of the late value (docs/turns.md sections 1 and 2).

Rules are proposed, agreed, signed and announced. The database owner can invent a second officer as
easily as one, but cannot forge a witness's signature. A late value is entered by its parties, and
what they entered decides which value stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import NO_VALUE
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import (
    Book,
    Entry,
    Proposal,
    Week,
    is_signed,
    parties_of,
    require_party,
    rules_of,
    times_of,
    week_of,
)
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import read_rules
from publicmeeting.turns.rules.late_value import parties_of as parties_named
from publicmeeting.turns.rules.weaker import has_witnesses, too_long, too_short, weaker
from publicmeeting.turns.rules.witness import quorum


def rules_proposed(book: Book, entry: Entry) -> Iterator[Found]:
    if not book.rules:
        raise Refused(Break.STEP_NOT_ALLOWED)
    digest = _rules(entry).hash
    start, (_, before, _) = from_iso(entry.text("from")), book.rules[-1]
    book.proposals[entry.seq] = Proposal(digest, start, entry.text("officer"), before)
    yield from ()


def rules_agreed(book: Book, entry: Entry) -> Iterator[Found]:
    proposal = _proposal(book, entry)
    if proposal.officer == entry.text("officer"):
        raise Refused(Break.BY_WRONG)
    proposal.is_agreed = True
    yield from ()


def rules_signed(book: Book, entry: Entry) -> Iterator[Found]:
    """Signed by a witness of the version before: a proposal could name any witness it likes."""
    proposal = _proposal(book, entry)
    if from_iso(entry.text("monday")) != proposal.start:
        raise Refused(Break.CAUSE_WRONG)
    if entry.text("party") not in parties_named(proposal.before.body):
        raise Refused(Break.STRANGER)
    if not is_signed(book.origin, entry, proposal.before.body):
        raise Refused(Break.SIGNATURE_WRONG)
    proposal.is_signed = True
    yield from ()


def rules_announced(book: Book, entry: Entry) -> Iterator[Found]:
    rules = _rules(entry)
    start = from_iso(entry.text("from"))
    if any(draw.monday >= start for draw in book.draws.values()):
        raise Refused(Break.RULES_LATE)
    before = book.rules[-1][1] if book.rules else None
    book.rules.append((start, rules, entry.seq))
    book.first_rules_at = book.first_rules_at or entry.at
    if book.origin and rules.body["log"]["origin"] != book.origin:
        yield Found(Break.NOTE_MALFORMED, entry.seq)
    if too_short(rules.body) is not None:
        yield Found(Break.RULES_SHORT, entry.seq)
    if too_long(rules.body) is not None:
        yield Found(Break.RULES_LONG, entry.seq)
    if before is not None and weaker(before.body, rules.body):
        fitting = [
            proposal for proposal in book.proposals.values() if proposal.fits(start, rules, before)
        ]
        if not any(proposal.is_agreed for proposal in fitting):
            yield Found(Break.RULES_ALONE, entry.seq)
        elif has_witnesses(before.body) and not any(proposal.is_signed for proposal in fitting):
            yield Found(Break.RULES_UNSIGNED, entry.seq)


def _rules(entry: Entry) -> Rules:
    """Return the rules of an entry, after checking their hash."""
    try:
        rules = read_rules(entry.body["rules"])
    except Invalid:
        raise Refused(Break.MALFORMED) from None
    if rules.hash != entry.text("hash"):
        raise Refused(Break.RULES_HASH_DIFFERS)
    return rules


def _proposal(book: Book, entry: Entry) -> Proposal:
    """Return the proposal that an entry names, after checking its hash."""
    named = [book.proposals.get(seq) for seq in entry.because]
    if len(named) != 1 or named[0] is None or named[0].hash != entry.text("hash"):
        raise Refused(Break.CAUSE_WRONG)
    return named[0]


def value_day(book: Book, week: Week) -> date | None:
    """Return the day whose value is awaited now; None after the last, or before reveals closed."""
    if week.reveals_closed_at is None:
        return None
    days = times_of(book, week).value_days(week.reveals_closed_at)
    return days[week.days_gone] if week.days_gone < len(days) else None


def value(book: Book, entry: Entry) -> Iterator[Found]:
    week = week_of(book, entry)
    require_party(book, week, entry)
    if not week.reveals_closed:
        raise Refused(Break.VALUE_EARLY)
    _move_on(book, week, entry)
    day = value_day(book, week)
    if day is None or week.stands is not None or entry.text("day") != iso(day):
        raise Refused(Break.STEP_NOT_ALLOWED)
    times = times_of(book, week)
    if entry.at < times.on(day, "value_from"):
        raise Refused(Break.VALUE_EARLY)
    if not is_signed(book.origin, entry, rules_of(book, week)):
        raise Refused(Break.SIGNATURE_WRONG)
    week.values.append(entry)
    stated = {entry.text("value") for entry in _last_values(week, iso(day)).values()}
    if len(stated) > 1:
        yield Found(Break.VALUE_DISPUTED, entry.seq)


def _last_values(week: Week, day: str) -> dict[str, Entry]:
    """Return each party's last entry for a day."""
    return {entry.text("party"): entry for entry in week.values if entry.text("day") == day}


def _move_on(book: Book, week: Week, entry: Entry) -> None:
    """Move on from days that are over without a standing value.

    A day on which a quorum entered `none` is over at once.
    """
    while (day := value_day(book, week)) is not None:
        is_over = entry.at >= times_of(book, week).on(day, "value_until")
        found = standing(book, week, day, is_over=is_over)
        if (found is None and not is_over) or (found is not None and found.value != NO_VALUE):
            return
        week.days_gone += 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stands, and the entries it follows from."""

    value: str
    because: list[int]


def standing(book: Book, week: Week, day: date, *, is_over: bool) -> Standing | None:
    """Return the value that stands for a day, or None.

    That is what a quorum of the witnesses entered alike or, once the day is over, what all entered
    alike.
    """
    last = _last_values(week, iso(day))
    witnesses = parties_of(book, week)
    needed = quorum(len(witnesses))
    by_value: dict[str, list[Entry]] = {}
    for entry in last.values():
        by_value.setdefault(entry.text("value"), []).append(entry)
    for stated, entries in by_value.items():
        theirs = [entry for entry in entries if entry.text("party") != CITY]
        if witnesses and len(theirs) >= needed:
            return Standing(stated, sorted(entry.seq for entry in entries))
    if is_over and len(by_value) == 1:
        stated, entries = next(iter(by_value.items()))
        return Standing(stated, sorted(entry.seq for entry in entries))
    return None


def value_stands(book: Book, entry: Entry) -> Iterator[Found]:
    week = week_of(book, entry)
    if week.stands is not None or not week.reveals_closed:
        raise Refused(Break.STEP_NOT_ALLOWED)
    stated = entry.text("value")
    if not any(draw.seats for draw in book.draws_of(week.day)):
        if stated != NO_VALUE or entry.because != [week.reveals_closed]:
            yield Found(Break.VALUE_STANDS_WRONG, entry.seq)
        week.stands = _standing_entry(entry, entry.text("day"), NO_VALUE)
        return
    _move_on(book, week, entry)
    day = value_day(book, week)
    if day is None:
        yield from _no_value(book, week, entry)
        return
    is_over = entry.at >= times_of(book, week).on(day, "value_until")
    found = standing(book, week, day, is_over=is_over)
    if found is None:
        raise Refused(Break.VALUE_STANDS_WRONG)
    if (stated, entry.text("day")) != (found.value, iso(day)) or entry.because != found.because:
        yield Found(Break.VALUE_STANDS_WRONG, entry.seq)
    week.stands = _standing_entry(entry, iso(day), found.value)


def _no_value(book: Book, week: Week, entry: Entry) -> Iterator[Found]:
    """After the last day `none` stands, because of its entries, else of the closing of reveals."""
    assert week.reveals_closed_at is not None
    times = times_of(book, week)
    last = iso((times.value_days(week.reveals_closed_at) or times.named_days())[-1])
    entered = _last_values(week, last)
    entered_none = [entry.seq for entry in entered.values() if entry.text("value") == NO_VALUE]
    expected = sorted(entered_none) or sorted(entry.seq for entry in entered.values())
    right = (NO_VALUE, last, expected or [week.reveals_closed])
    if (entry.text("value"), entry.text("day"), entry.because) != right:
        yield Found(Break.VALUE_STANDS_WRONG, entry.seq)
    yield Found(Break.NO_LATE_VALUE, entry.seq)
    week.stands = _standing_entry(entry, last, NO_VALUE)


def _standing_entry(entry: Entry, day: str, stated: str) -> Entry:
    return Entry(entry.seq, entry.at, entry.kind, {**entry.body, "day": day, "value": stated})
