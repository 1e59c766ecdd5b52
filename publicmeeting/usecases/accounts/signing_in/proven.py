"""Whose an identity is: a proof of a higher level decides over what was only typed.

Whoever types a code and confirms some mobile is believed until somebody proves it: by single
sign-on or with her card at a desk. If another mobile holds it then, the proven one decides whether
what was filed is hers; until she has, her session speaks for nobody.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Door, IdentityKind, Level
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.domain.stages import PRESENT
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.sign_in import AskCode, ask_code, wrong_code
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.identity import (
    Outcome,
    Proof,
    Proven,
    add_proven,
    has_room,
    is_less,
    prove_identity,
    raise_level,
)
from publicmeeting.usecases.line.displacing import displace_request
from publicmeeting.usecases.security_notes import mobile_mark, note

UNDECIDED_STAYS = timedelta(days=1)
"""A proof that waits for a decision is good for so long; then she proves it again."""
_REQUESTS_MOST = 1000


def open_proven_session(
    uow: UnitOfWork, actor: Actor, proof: Proof, door: Door
) -> tuple[str, Proven]:
    """Prove it and start her session; gives its cookie.

    After a conflict it speaks for nobody, and the page that asks her whose the other's request is
    has to follow (`/enter/whose/`). The draft of the visit becomes hers.
    """
    proven = prove_identity(uow, proof)
    uow.drafts.sign_in(actor)
    if proven.outcome is Outcome.CONFLICT:
        return uow.sessions.open_proved(_sealable(uow, proof), None, None, door), proven
    person = proven.person
    uow.drafts.claim(actor.visit, person.id)
    mobile = _reached_by(uow, person, proof)
    return uow.sessions.open_proved(None, person.id, mobile, door), proven


def keep_person(uow: UnitOfWork, holder: Person, proof: Proof) -> Person:
    """What was filed is hers: person and place stay, her proven mobile takes the other's place,
    unless it serves as many as it may.

    The caller has made sure that it is she (a code to the old mobile, or the desk's word). Sessions
    that spoke for her by the old mobile end.
    """
    raise_level(uow, holder, proof)
    is_other = bool(proof.mobile) and proof.mobile != holder.mobile
    if proof.mobile and is_other and has_room(uow, proof.mobile):
        uow.people.set_mobile(holder.id, proof.mobile)
        uow.sessions.end_of_person(holder.id)
    uow.publish(f"person:{holder.id}")
    return uow.people.get(holder.id)


def displace(uow: UnitOfWork, holder: Person, proof: Proof, now: datetime) -> Person:
    """What was filed is a stranger's: he keeps his history without the identity, she begins anew.

    His requests that are not over go out of the line, with a notice to his mobile and an entry in
    the public log; nobody inherits their place. From the close of a line until its draw they wait
    for that, so that a holder who is no stranger can answer in time. Denied(`displace_in_hall`)
    while somebody with this identity is in a hall, where his card has been looked at. Gives the
    new person.
    """
    lines = uow.lists.requests(Filter(person_id=holder.id), limit=_REQUESTS_MOST)
    if any(line.stage in PRESENT for line in lines):
        raise Denied("displace_in_hall")
    for line in lines:
        displace_request(uow, line.id, now)
    uow.people.displace(holder.id)
    uow.publish(f"person:{holder.id}")
    who = mobile_mark(uow, holder.mobile) if holder.mobile else ""
    note(uow, SecurityKind.DISPLACED, who, proof.by.partition(":")[0])
    return add_proven(uow, proof)


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a proven person is shown of whoever holds her identity: enough to know it again."""

    mobile: str | None
    """E.164, to be masked; None where nobody else holds her identity any more."""
    code: str | None
    """Of the live request, if there is one."""
    own_mobile: str | None


@usecase(*ANYONE)
def undecided(uow: UnitOfWork, actor: Actor, _query: Nothing, _now: datetime) -> Undecided:
    """Denied("session_ended") where nothing waits for this session's decision."""
    proof = _proof(uow, actor)
    holder = uow.people.by_identity(proof.kind.value, proof.identity)
    if holder is None or not is_less(holder, proof):
        return Undecided(None, None, proof.mobile)
    return Undecided(holder.mobile, uow.requests.live_code(holder.id), proof.mobile)


class AskHolderCode(Command):
    """As in `AskCode`; the mobile is the holder's, known here alone."""

    host: str = ""
    proof: str = ""
    budget: int = 0


@usecase(*ANYONE)
def ask_holder_code(uow: UnitOfWork, actor: Actor, command: AskHolderCode, now: datetime) -> None:
    """Send a code to the mobile that holds her identity; raises what `ask_code` raises."""
    mobile = undecided(uow, actor, Nothing(), now).mobile
    if mobile is None:
        raise Denied("review_changed")
    fields = {"mobile": mobile, **command.model_dump()}
    ask_code(uow, actor, AskCode.model_validate(fields), now)


class Decide(Command):
    code: str


@usecase(*ANYONE)
def decide_mine(uow: UnitOfWork, actor: Actor, command: Decide, now: datetime) -> str:
    """«It is mine», by the code that reached the holder's mobile; empty, or the refusal's key,
    returned because a wrong try is counted."""
    mobile = undecided(uow, actor, Nothing(), now).mobile
    if mobile is not None:
        refusal = wrong_code(uow, actor, mobile, command.code)
        if refusal:
            return refusal
    proof = _proof(uow, actor)
    proven = prove_identity(uow, proof)
    person = proven.person
    if proven.outcome is Outcome.CONFLICT:
        if person.mobile != mobile:
            raise Denied("review_changed")
        person = keep_person(uow, person, proof)
    _settle(uow, actor, person, proof)
    return ""


@usecase(*ANYONE)
def decide_not_mine(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> None:
    """«It is not mine»: the other one is displaced. Denied as `displace` says."""
    proof = _proof(uow, actor)
    proven = prove_identity(uow, proof)
    person = proven.person
    if proven.outcome is Outcome.CONFLICT:
        person = displace(uow, person, proof, now)
    _settle(uow, actor, person, proof)


def _settle(uow: UnitOfWork, actor: Actor, person: Person, proof: Proof) -> None:
    uow.sessions.settle(actor, person.id, _reached_by(uow, person, proof))
    uow.drafts.claim(actor.visit, person.id)


def _reached_by(uow: UnitOfWork, person: Person, proof: Proof) -> str | None:
    """The mobile of a proven session; not one that only the person's row knows, nor one that serves
    somebody else: who it was when it was named there says nothing of whose it is, and it would
    open what the other has written. A code to it does."""
    if not proof.mobile or proof.mobile != person.mobile:
        return None
    served = uow.people.served_by(uow.vault.lookup("mobile", proof.mobile))
    return proof.mobile if len(served) == 1 else None


def _sealable(uow: UnitOfWork, proof: Proof) -> str:
    return json.dumps({**asdict(proof), "at": uow.machine_now.isoformat()})


def _proof(uow: UnitOfWork, actor: Actor) -> Proof:
    text = uow.sessions.proof(actor)
    fields = json.loads(text) if text else {}
    at = fields.pop("at", None)
    if at is None or datetime.fromisoformat(at) + UNDECIDED_STAYS <= uow.machine_now:
        raise Denied("session_ended")
    kind, level = IdentityKind(fields.pop("kind")), Level(fields.pop("level"))
    return Proof(kind=kind, level=level, **fields)
