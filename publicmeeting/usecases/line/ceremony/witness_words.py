"""Statements of a witness for a Monday: commitment, reveal and late value (docs/turns.md 2).

A signature, or the revealed value itself, shows whose statement it is, so anybody may send it.
"""

from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import kinds, shape
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.rules.witness import (
    Witness,
    is_statement_signed,
    statement_text,
    witnesses_of,
)
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.late_value import enter_word, typed_words
from publicmeeting.usecases.line.ceremony.reveals import (
    closed_at,
    logged_week,
    may_reveal,
    reveal_window,
)

ENTRIES_MOST = 5
"""Maximum entries of one party for the value of one day; the last one counts."""


class Commit(Command):
    """A commitment to log. `monday` is written `1405-09-16`; the witness computes the rest."""

    monday: str
    party: str
    commitment: str
    sig: str


@usecase(*ANYONE)
def commit(uow: UnitOfWork, _actor: Actor, command: Commit, now: datetime) -> int:
    """Log a witness's commitment for a Monday; return the number of its entry.

    Sending the same commitment again returns the same number. Raises Invalid("commitment_form");
    Denied `monday_unknown`, `witness_unknown`, `witness_signature`; `commitment_late` from the
    freeze on; `commitment_made` after another one; `commitment_used` if anybody has used this
    commitment before, or one to a value that has been revealed.
    """
    monday = _opened(uow, command.monday)
    witness = _witness(uow, monday, command.party)
    promised = command.commitment
    if not shape.is_hash(promised):
        raise Invalid("commitment_form", field="commitment")
    _require_signed(uow, witness, Kind.COMMITMENT, monday, command.sig, promised)
    uow.witnesses.lock(monday)
    week = logged_week(uow, monday)
    before = week.committed.get(witness.party) if week else None
    if before == promised:
        return _seq_of(uow, Kind.COMMITMENT, monday, party=witness.party)
    if now >= week_of(uow, monday).freeze_at:
        raise Denied("commitment_late")
    if before is not None:
        raise Denied("commitment_made")
    commitments, shown = uow.line_book.words()
    if promised in commitments or promised in {commitment(witness.party, it) for it in shown}:
        raise Denied("commitment_used")
    if any(uow.line_book.frozen(iso(monday)).values()):
        raise Denied("commitment_late")
    uow.witnesses.commit(monday, witness.party, promised, now)
    body: dict[str, object] = {
        "monday": iso(monday),
        "party": witness.party,
        "commitment": promised,
        "sig": command.sig,
    }
    entry = uow.log.append(Kind.COMMITMENT, body, now)
    uow.publish("draws")
    return entry.seq


class Reveal(Command):
    """A value to reveal, unsigned: only the witness can know what fits its commitment."""

    monday: str
    party: str
    value: str


@usecase(*ANYONE)
def reveal(uow: UnitOfWork, _actor: Actor, command: Reveal, now: datetime) -> int:
    """Log the value behind a commitment; return the number of its entry.

    A value counts between the end of objections and the close of the reveals. Raises Denied
    `monday_unknown`, `nothing_committed`, `value_early`, `value_late`, `value_used`; Invalid
    `value_form`, `value_differs`.
    """
    monday = _opened(uow, command.monday)
    if not shape.is_hash(command.value):
        raise Invalid("value_form", field="value")
    uow.witnesses.lock(monday)
    week = logged_week(uow, monday)
    promised = week.committed.get(command.party) if week else None
    if week is None or promised is None or command.party == CITY:
        raise Denied("nothing_committed")
    if commitment(command.party, command.value) != promised:
        raise Invalid("value_differs", field="value")
    if command.party in week.revealed:
        return _seq_of(uow, Kind.REVEAL, monday, party=command.party)
    if not may_reveal(uow, monday, now):
        window = reveal_window(uow, monday)
        is_over = closed_at(uow, monday) is not None or (window and now >= window.closes_at)
        raise Denied("value_late" if is_over else "value_early")
    if command.value in uow.line_book.words()[1]:
        raise Denied("value_used")
    uow.witnesses.show(monday, command.party, command.value, now)
    body: dict[str, object] = {
        "monday": iso(monday),
        "party": command.party,
        "value": command.value,
    }
    entry = uow.log.append(Kind.REVEAL, body, now)
    uow.publish("draws")
    return entry.seq


class EnterValue(Command):
    """A late value to enter; `day` and `value` as in the log: `1405-09-11`, `2185979` or `none`."""

    monday: str
    day: str
    party: str
    value: str
    sig: str


@usecase(*ANYONE)
def enter_value(uow: UnitOfWork, _actor: Actor, command: EnterValue, now: datetime) -> int:
    """Log what a witness read in the announced source on the value's day; its last entry counts.

    Returns the number of the entry, also for the same value sent again. Raises Denied
    `monday_unknown`, `witness_unknown`, `witness_signature`, `late_value_often` and what
    `enter_word` refuses; Invalid `late_value_form`.
    """
    monday = _opened(uow, command.monday)
    witness = _witness(uow, monday, command.party)
    if not kinds.is_day(command.day) or not kinds.is_value(command.value):
        raise Invalid("late_value_form", field="value")
    words = (command.day, command.value)
    _require_signed(uow, witness, Kind.VALUE, monday, command.sig, *words)
    uow.witnesses.lock(monday)
    entered = [
        word.value
        for word in typed_words(uow, monday)
        if (word.party, word.day) == (witness.party, command.day)
    ]
    if len(entered) >= ENTRIES_MOST and entered[-1] != command.value:
        raise Denied("late_value_often")
    day = from_iso(command.day)
    return enter_word(uow, monday, day, witness.party, command.value, command.sig, now)


def _opened(uow: UnitOfWork, text: str) -> date:
    """Return the Monday; Denied("monday_unknown") if it has no draws."""
    if not kinds.is_monday(text) or not uow.draw_figures.of(from_iso(text)):
        raise Denied("monday_unknown")
    return from_iso(text)


def _witness(uow: UnitOfWork, monday: date, party: str) -> Witness:
    """Return a witness named by the rules of that Monday; Denied("witness_unknown") otherwise.

    Only those rules count, so nobody can dismiss a witness of an open Monday.
    """
    for witness in witnesses_of(week_of(uow, monday).body):
        if witness.party == party:
            return witness
    raise Denied("witness_unknown")


def _require_signed(
    uow: UnitOfWork, witness: Witness, kind: Kind, monday: date, signature: str, *words: str
) -> None:
    origin = uow.log.keys().origin
    lines = statement_text(origin, kind.value, iso(monday), witness.party, *words)
    if not is_statement_signed(witness.key, lines, signature):
        raise Denied("witness_signature")


def _seq_of(uow: UnitOfWork, kind: Kind, monday: date, *, party: str) -> int:
    """Return the number of the log entry with a party's statement."""
    for entry in uow.log.of_kind(kind, week_of(uow, monday).opens_at):
        if (entry.body["monday"], entry.body["party"]) == (iso(monday), party):
            return entry.seq
    raise KeyError(party)
