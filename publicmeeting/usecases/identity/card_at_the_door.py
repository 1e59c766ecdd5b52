"""Whoever is received with the whole number of her card is verified from then on: the reception has
had the card in its hand, as a desk has."""

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.identity.proving import Proof, prove_identity
from publicmeeting.usecases.security_notes import note

AT_THE_DOOR = "door"
"""Where the card was seen, for the administrator's events."""


def lock_person(uow: UnitOfWork, request: Request) -> None:
    """Before anything else of the step is locked, in the order in which a proof asks for it."""
    person = uow.people.get(request.person_id)
    for who in filter(None, (person.identity, person.mobile, person.id)):
        uow.people.lock(who)


def verify_at_the_door(uow: UnitOfWork, actor: Actor, request: Request) -> None:
    """Raise her level, with its entry in the public log; nothing for whoever is verified already.

    The caller has matched the whole number. Her mobile stays: who stands in the hall on her own day
    was reached by it, and another one is attached at a desk.
    """
    person = uow.people.get(request.person_id)
    if person.level is Level.VERIFIED or uow.people.is_displaced(person.id):
        return
    proof = Proof(
        kind=IdentityKind(person.kind),
        identity=person.identity,
        level=Level.VERIFIED,
        by=f"desk:{actor.account_id}",
        mobile=person.mobile,
    )
    prove_identity(uow, proof)
    note(uow, SecurityKind.CARD_SEEN, "", AT_THE_DOOR)
    uow.publish(f"person:{person.id}")
