"""What a witness says for a Monday, signed with its key (docs/turns.md 2).

Whoever sends the words is nobody's concern: a signature, or the value itself, says whose they are.
"""

from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns import kinds, shape
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.witness import Witness, is_said, said_lines, witnesses_of
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of


class Commit(Command):
    """`monday` as `1405-09-16`; `commitment` and `sig` are made where the value is."""

    monday: str
    party: str
    commitment: str
    sig: str


@usecase(*ANYONE)
def commit(uow: UnitOfWork, _actor: Actor, command: Commit, now: datetime) -> int:
    """One commitment of one witness for one Monday; gives the number of its entry in the log, also
    where it was sent before.

    Raises Denied `monday_unknown`, `witness_unknown`, `witness_signature`, `commitment_late` from
    the freeze on, `commitment_given` for another one, `commitment_used` for one that anybody has
    used before, also one to a value that has been shown; Invalid `commitment_form`.
    """
    monday = _opened(uow, command.monday)
    witness = _witness(uow, monday, command.party)
    promised = command.commitment
    if not shape.is_hash(promised):
        raise Invalid("commitment_form", field="commitment")
    _require_said(uow, witness, Kind.COMMITMENT, monday, command.sig, promised)
    uow.witnesses.lock(monday)
    stored = uow.witnesses.word(monday, witness.party)
    if stored is not None and stored.commitment == promised:
        return _seq_of(uow, Kind.COMMITMENT, monday, party=witness.party)
    if now >= week_of(uow, monday).freeze_at:
        raise Denied("commitment_late")
    if stored is not None:
        raise Denied("commitment_given")
    if uow.witnesses.is_used(witness.party, promised):
        raise Denied("commitment_used")
    if not uow.witnesses.commit(monday, witness.party, promised, now):
        raise Denied("commitment_late")
    body: dict[str, object] = {
        "monday": iso(monday),
        "party": witness.party,
        "commitment": promised,
        "sig": command.sig,
    }
    entry = uow.log.append(Kind.COMMITMENT, body, now)
    uow.publish("draws")
    return entry.seq


def _opened(uow: UnitOfWork, text: str) -> date:
    """A Monday that has draws."""
    if not kinds.is_monday(text) or not uow.draw_figures.of(from_iso(text)):
        raise Denied("monday_unknown")
    return from_iso(text)


def _witness(uow: UnitOfWork, monday: date, party: str) -> Witness:
    """By the rules of that Monday alone: nobody can be dismissed once it is open."""
    for one in witnesses_of(week_of(uow, monday).body):
        if one.party == party:
            return one
    raise Denied("witness_unknown")


def _require_said(
    uow: UnitOfWork, witness: Witness, kind: Kind, monday: date, signature: str, *words: str
) -> None:
    origin = uow.log.keys().origin
    lines = said_lines(origin, kind.value, iso(monday), witness.party, *words)
    if not is_said(witness.key, lines, signature):
        raise Denied("witness_signature")


def _seq_of(uow: UnitOfWork, kind: Kind, monday: date, *, party: str) -> int:
    """The number of a party's word that the log has."""
    for seq in uow.log_index.of_subject(iso(monday), kind):
        (entry,) = uow.log.after(seq - 1, 1)
        if entry.body["party"] == party:
            return seq
    raise KeyError(party)
