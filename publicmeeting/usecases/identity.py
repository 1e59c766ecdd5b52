"""Results of an identity proof: a person found or created, her level raised, or a conflict.

A proof never lowers a level, and never takes away another person's mobile.
`accounts/signing_in/proven.py` decides conflicts.

The worker asks the national service whether a mobile belongs to the typed identity. It asks after a
request has been filed, so that nobody waits and nothing is refused. A yes makes her matched. A no,
or no answer, leaves her as she is and accuses nobody.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, IdentityKind, Level
from publicmeeting.domain.records import Person, Request
from publicmeeting.domain.roles import NOBODY, Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.pressed_again import append_or_take
from publicmeeting.usecases.rate_limits import DAY
from publicmeeting.usecases.security_notes import note, write_notes


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody has proved. Identity, mobile and name are canonical (`domain/people.py`).

    `mobile` (E.164) is known to reach her; None if no mobile is known. `by` is the source of the
    proof: `sso:PROVIDER`, `desk:ACCOUNT_ID` or `matching`. An empty name leaves her name unchanged.
    """

    kind: IdentityKind
    identity: str
    level: Level
    by: str
    name: str = ""
    mobile: str | None = None


class Outcome(StrEnum):
    """The result of a proof."""

    NEW = "new"
    """The identity was unknown."""
    SAME = "same"
    """The person was known; her level is now at least that of the proof."""
    CONFLICT = "conflict"
    """Another mobile holds the identity with a weaker proof; the citizen decides whose it is."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Result of a proof. `person` holds the identity; in a conflict, its holder so far."""

    outcome: Outcome
    person: Person


def prove_identity(uow: UnitOfWork, proof: Proof) -> Proven:
    """Find or create the person of a proof and raise her level; a conflict changes nothing.

    A verified person keeps her mobile. Another one is attached by herself or at a desk, never
    silently. A mobile that already serves the maximum number of persons is not attached. Locks
    identity number, mobile and person, in this order.

    Raises Invalid("name_missing") for a new person without a name. Raises
    Denied("identity_not_with_mobile") when the proof is weaker than what is known and names another
    mobile.
    """
    uow.people.lock(proof.identity)
    known = uow.people.by_identity(proof.kind.value, proof.identity)
    if proof.mobile:
        uow.people.lock(proof.mobile)
    if known is None:
        return Proven(Outcome.NEW, add_proven(uow, proof))
    uow.people.lock(known.id)
    known = uow.people.get(known.id)  # her mobile may have been changed before this had the lock
    if has_weaker_proof(known, proof):
        return Proven(Outcome.CONFLICT, known)
    if known.mobile not in (None, proof.mobile) and proof.level.rank < known.level.rank:
        raise Denied("identity_not_with_mobile")
    raise_level(uow, known, proof)
    if known.mobile is None and proof.mobile and has_room(uow, proof.mobile):
        uow.people.add_mobile(known.id, proof.mobile)
        uow.outbox.resend_to_mobile(known.id)
    return Proven(Outcome.SAME, uow.people.get(known.id))


def has_room(uow: UnitOfWork, mobile: str) -> bool:
    """Return whether the mobile may serve one more person; locks it until the transaction ends."""
    uow.people.lock(mobile)
    return uow.people.count_served(mobile) < PERSONS_OF_A_MOBILE


def has_weaker_proof(known: Person, proof: Proof) -> bool:
    """Return whether another mobile holds the identity with a weaker proof than this one."""
    return known.mobile not in (None, proof.mobile) and known.level.rank < proof.level.rank


def add_proven(uow: UnitOfWork, proof: Proof) -> Person:
    if not proof.name:
        raise Invalid("name_missing", field="name")
    mobile = proof.mobile if proof.mobile and has_room(uow, proof.mobile) else None
    person = uow.people.add(proof.kind.value, proof.identity, proof.name, mobile)
    uow.people.prove(person.id, proof.level, proof.by)
    return uow.people.get(person.id)


def raise_level(uow: UnitOfWork, person: Person, proof: Proof) -> None:
    """Raise the person's level to that of the proof, never lower it.

    The name on a card or from a sign-on replaces hers.
    """
    if proof.level.rank < person.level.rank:
        return
    is_new = proof.level is Level.VERIFIED and person.level is not Level.VERIFIED
    uow.people.prove(person.id, proof.level, proof.by)
    if proof.level is Level.VERIFIED:
        _log_verified(uow, person, proof, is_new=is_new)
    if proof.level is Level.VERIFIED and proof.name and proof.name != person.name:
        uow.people.rename(person.id, proof.name)


def _log_verified(uow: UnitOfWork, person: Person, proof: Proof, *, is_new: bool) -> None:
    """Log her ticket as verified, once; this returns a request excluded from the lists to them."""
    code = uow.requests.live_code(person.id)
    request = uow.requests.find(code) if code else None
    if request is not None and (is_new or uow.requests.is_outside(request)):
        now = uow.machine_now + uow.clockwork.offset()
        by = proof.by.partition(":")[0]
        append_or_take(uow, Kind.VERIFIED, {"ticket": request.ticket, "by": by}, now)
        uow.publish(f"request:{request.code}")


# Reception that checks the whole number of a citizen's card has held the card, as a desk does. She
# is verified from then on.

AT_THE_DOOR = "door"
"""Place of the check in the administrator's events."""


def lock_person(uow: UnitOfWork, request: Request) -> None:
    """Lock a person before anything else of the step, in the order in which a proof locks."""
    person = uow.people.get(request.person_id)
    for who in filter(None, (person.identity, person.mobile, person.id)):
        uow.people.lock(who)


def verify_at_the_door(uow: UnitOfWork, actor: Actor, request: Request) -> None:
    """Raise a citizen to verified with its log entry; do nothing if she already is.

    The caller has matched the whole number. Her mobile stays: it has reached a citizen who is in
    the hall on her own day, and another one is attached at a desk.
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


CLAIM = timedelta(minutes=2)
"""How long a process owns a question; if it dies, the next process asks again."""
AGAIN, SELDOM = timedelta(minutes=30), timedelta(weeks=1)
"""Minimum and maximum delay before asking again when the service has not answered."""
AT_ONCE = 10
_COUNTER = "matches"
_log = logging.getLogger(__name__)


def claim_matches(uow: UnitOfWork, budget: int) -> list[Person]:
    """Return persons to ask about now, counted against the day's budget; none above it."""
    spent = uow.counters.value(_COUNTER, DAY)
    room = min(AT_ONCE, budget - spent) if budget else AT_ONCE
    if room <= 0:
        return []
    asked = uow.people.claim_matches(CLAIM, room)
    if asked:
        uow.counters.add(_COUNTER, DAY, len(asked))
    if budget and asked and spent + len(asked) >= budget:
        _log.error("today's budget of %s questions to the matching service is spent", budget)
        note(uow, SecurityKind.MATCH_BUDGET, "", f"{budget} of {budget}")
        write_notes(uow, uow.notes, NOBODY)
    return asked


def write_answer(uow: UnitOfWork, asked: Person, *, is_owner: bool | None) -> None:
    """Apply the service's answer; None means no answer.

    A yes holds as long as she has this mobile. After a no, filing again asks again. If she has
    another one since, the question stays, and is about that one at the end of `CLAIM`.
    """
    if is_owner is None:
        uow.people.match_later(asked.id, AGAIN, SELDOM)
        return
    uow.people.lock(asked.identity)
    known = uow.people.by_identity(asked.kind, asked.identity)
    if known is not None and known.mobile != asked.mobile:
        return
    uow.people.match_again(asked.id, None)
    if not is_owner or known is None:
        return
    kind = IdentityKind(asked.kind)
    proof = Proof(kind, asked.identity, Level.MATCHED, "matching", mobile=asked.mobile)
    prove_identity(uow, proof)
