"""Cosignatures: a witness's word that the log it sees continues the one it saw before."""

from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.checkpoint import Checkpoint
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.note import KeyType, NoteError, SignedNote
from publicmeeting.turns.witness import CLOCKS_DIFFER, Witness, witnesses_of
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of

MOMENTS = frozenset(
    {Kind.LINE_CLOSED, Kind.FREEZE, Kind.REVEALS_CLOSED, Kind.VALUE_STANDS, Kind.DRAW}
)
"""What a quorum is to sign soon after it was written (docs/turns.md 2)."""

UNDER_WAY = 4
"""Mondays for which a witness is still asked; one is opened three weeks ahead."""


class Cosign(Command):
    """A signed note with a witness's line, as `/log/checkpoint` gave it."""

    note: str


@usecase(*ANYONE)
def cosign(uow: UnitOfWork, _actor: Actor, command: Cosign, now: datetime) -> str:
    """Keep the cosignatures of known witnesses in a note; gives the note of that size with all.

    The same once more changes nothing. Raises Invalid `note_malformed` for what is no checkpoint of
    this log, `signature_wrong` where one of a known key does not fit, `witness_clock` for a stamp
    more than five minutes from now; Denied `witness_unknown` where no known key has signed,
    `log_size_unknown` where the log never was this.
    """
    try:
        note = SignedNote.read(command.note)
        checkpoint = Checkpoint.read(note.text)
        keys = [one.key for one in known_witnesses(uow)]
        signed = note.signed_by(keys)
    except NoteError as error:
        raise Invalid(str(error), field="note") from None
    if checkpoint.origin != uow.log.keys().origin:
        raise Invalid("note_malformed", field="note")
    if not signed:
        raise Denied("witness_unknown")
    if not uow.log.was(checkpoint.size, checkpoint.root.hex()):
        raise Denied("log_size_unknown")
    there = SignedNote.read(uow.log.note(checkpoint.size)).signed_by(keys)
    for key, signature in signed.items():
        if key in there or key.type is not KeyType.COSIGNATURE or signature.seconds is None:
            continue
        if abs(signature.seconds - now.timestamp()) > CLOCKS_DIFFER.total_seconds():
            raise Invalid("witness_clock", field="note")
        uow.log.add_cosignature(checkpoint.size, signature)
        uow.publish("draws")
    return uow.log.note(checkpoint.size)


def known_witnesses(uow: UnitOfWork) -> list[Witness]:
    """Everybody whom any rules have ever named: an old one's line under a note does no harm, and
    counts for the Mondays whose rules name it."""
    found = {
        one.key: one for rules in uow.city.announced() for one in witnesses_of(rules.rules.body)
    }
    return list(found.values())


def unsigned(uow: UnitOfWork) -> tuple[Witness, ...]:
    """Witnesses of the Mondays under way who can be asked and have not signed the newest moment."""
    newest = uow.log.newest_of(MOMENTS)
    if not newest:
        return ()
    signed = {(one.name, one.id) for _, one in uow.log.cosignatures(newest)}
    found = {
        one.key: one
        for monday in uow.draw_figures.mondays(UNDER_WAY)
        for one in witnesses_of(week_of(uow, monday).body)
        if one.url and (one.key.name, one.key.id) not in signed
    }
    return tuple(found.values())
