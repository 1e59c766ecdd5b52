"""What a proof of an identity leads to: a person found or made, her level raised, or a conflict.

A proof never lowers what is known, and never takes another's mobile from her: that is decided in
`accounts/signing_in/proven.py`."""

from dataclasses import dataclass
from enum import StrEnum

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, IdentityKind, Level
from publicmeeting.domain.records import Person, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.pressed_again import append_or_take
from publicmeeting.usecases.security_notes import note


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody has proved. Identity, mobile and name are canonical (`domain/people.py`).

    `mobile` (E.164) is one that is known to reach her, None where nothing is known. `by` says what
    proved it: `sso:PROVIDER`, `desk:ACCOUNT_ID`, `matching`. An empty name leaves hers as it is.
    """

    kind: IdentityKind
    identity: str
    level: Level
    by: str
    name: str = ""
    mobile: str | None = None


class Outcome(StrEnum):
    """What a proof has led to."""

    NEW = "new"
    """Nobody was known by this identity."""
    SAME = "same"
    """She was known; her level is now at least that of the proof."""
    CONFLICT = "conflict"
    """Another mobile holds the identity by less than this proof: she decides whose it is."""


@dataclass(frozen=True, slots=True)
class Proven:
    """`person` holds the identity: whoever has proved it or, in a conflict, who was before her."""

    outcome: Outcome
    person: Person


def prove_identity(uow: UnitOfWork, proof: Proof) -> Proven:
    """Find or make the person of a proof and raise her level; a conflict changes nothing.

    A verified person keeps the mobile she has: another one is attached by herself or at a desk, and
    never silently. Invalid(`name_missing`) for somebody new without a name;
    Denied(`identity_not_with_mobile`) for a proof that is less than what is known and names another
    mobile. One that serves as many as it may is attached to nobody. Locks number, mobile and
    person, in this order.
    """
    uow.people.lock(proof.identity)
    known = uow.people.by_identity(proof.kind.value, proof.identity)
    if proof.mobile:
        uow.people.lock(proof.mobile)
    if known is None:
        return Proven(Outcome.NEW, add_proven(uow, proof))
    uow.people.lock(known.id)
    if is_less(known, proof):
        return Proven(Outcome.CONFLICT, known)
    if known.mobile not in (None, proof.mobile) and proof.level.rank < known.level.rank:
        raise Denied("identity_not_with_mobile")
    raise_level(uow, known, proof)
    if known.mobile is None and proof.mobile and has_room(uow, proof.mobile):
        uow.people.add_mobile(known.id, proof.mobile)
        uow.outbox.reach_again(known.id)
    return Proven(Outcome.SAME, uow.people.get(known.id))


def has_room(uow: UnitOfWork, mobile: str) -> bool:
    """Whether this mobile may serve one person more; it is held until this transaction ends."""
    uow.people.lock(mobile)
    return uow.people.count_served(mobile) < PERSONS_OF_A_MOBILE


def is_less(known: Person, proof: Proof) -> bool:
    """Whether another mobile holds the identity by less than this proof."""
    return known.mobile not in (None, proof.mobile) and known.level.rank < proof.level.rank


def add_proven(uow: UnitOfWork, proof: Proof) -> Person:
    if not proof.name:
        raise Invalid("name_missing", field="name")
    mobile = proof.mobile if proof.mobile and has_room(uow, proof.mobile) else None
    person = uow.people.add(proof.kind.value, proof.identity, proof.name, mobile)
    uow.people.prove(person.id, proof.level, proof.by)
    return uow.people.get(person.id)


def raise_level(uow: UnitOfWork, person: Person, proof: Proof) -> None:
    """A proof never lowers what is known; the name on a card or of a sign-on is the right one."""
    if proof.level.rank < person.level.rank:
        return
    is_new = proof.level is Level.VERIFIED and person.level is not Level.VERIFIED
    uow.people.prove(person.id, proof.level, proof.by)
    if proof.level is Level.VERIFIED:
        _log_verified(uow, person, proof, is_new=is_new)
    if proof.level is Level.VERIFIED and proof.name and proof.name != person.name:
        uow.people.rename(person.id, proof.name)


def _log_verified(uow: UnitOfWork, person: Person, proof: Proof, *, is_new: bool) -> None:
    """Her ticket in the log, once: it lets a request into the lists again that waits outside."""
    code = uow.requests.live_code(person.id)
    request = uow.requests.find(code) if code else None
    if request is not None and (is_new or uow.requests.is_outside(request)):
        now = uow.machine_now + uow.clockwork.offset()
        by = proof.by.partition(":")[0]
        append_or_take(uow, Kind.VERIFIED, {"ticket": request.ticket, "by": by}, now)
        uow.publish(f"request:{request.code}")


# Whoever is received with the whole number of her card is verified from then on: the reception
# has had the card in its hand, as a desk has.

AT_THE_DOOR = "door"
"""Where the card was seen, for the administrator's events."""


def lock_person(uow: UnitOfWork, request: Request) -> None:
    """Before anything else of the step is locked, in the order in which a proof asks for it."""
    person = uow.people.get(request.person_id)
    for who in filter(None, (person.identity, person.mobile, person.id)):
        uow.people.lock(who)


def verify_at_the_door(uow: UnitOfWork, actor: Actor, request: Request) -> None:
    """Raise her level, with its entry in the public log; nothing for whoever is verified already.

    The caller has matched the whole number. Her mobile stays: who is in the hall on her own day
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
