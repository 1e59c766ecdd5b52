"""Whose an identity is: a proof of a higher level prevails over a typed identity.

A citizen who types an identity and confirms a mobile is believed until somebody proves the
identity, by single sign-on or with a card at a desk. If another mobile holds it then, the person
with the proof decides whether the filed requests are hers. Until she has decided, her session acts
for nobody.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import Door, IdentityKind, Level
from publicmeeting.domain.records import Person
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import PRESENT
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ask_code,
    sign_in_draft,
    wrong_code,
)
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.identity import (
    Outcome,
    Proof,
    Proven,
    add_proven,
    has_room,
    has_weaker_proof,
    prove_identity,
    raise_level,
)
from publicmeeting.usecases.line.displacing import displace_request
from publicmeeting.usecases.security_notes import mobile_mark, note

UNDECIDED_STAYS = timedelta(days=1)
"""How long a proof waits for a decision; after that she proves it again."""
_REQUESTS_MOST = 1000


def open_proven_session(
    uow: UnitOfWork, actor: Actor, proof: Proof, door: Door
) -> tuple[str, Proven]:
    """Prove an identity and start a session; return its cookie and the result.

    After a conflict the session acts for nobody, and the page that asks whose the other's request
    is must follow (`/enter/whose/`). Otherwise the draft of the visit becomes hers.
    """
    proven = prove_identity(uow, proof)
    sign_in_draft(uow, actor)
    if proven.outcome is Outcome.CONFLICT:
        return uow.sessions.open_proved(_sealable(uow, proof), None, None, door), proven
    person = proven.person
    uow.drafts.claim(actor.visit, person.id)
    mobile = _reached_by(uow, person, proof)
    return uow.sessions.open_proved(None, person.id, mobile, door), proven


def keep_person(uow: UnitOfWork, holder: Person, proof: Proof) -> Person:
    """Keep the person and place as hers; her proven mobile replaces the other if it has room.

    The caller has made sure that it is she, by a code to the old mobile or by the desk's word.
    Sessions of the old mobile end.
    """
    raise_level(uow, holder, proof)
    is_other = bool(proof.mobile) and proof.mobile != holder.mobile
    if proof.mobile and is_other and has_room(uow, proof.mobile):
        uow.people.set_mobile(holder.id, proof.mobile)
        uow.sessions.end_of_person(holder.id)
    uow.publish(f"person:{holder.id}")
    return uow.people.get(holder.id)


def displace(uow: UnitOfWork, holder: Person, proof: Proof, now: datetime) -> Person:
    """Separate a stranger's requests from the identity; return the new person of the proof.

    He keeps his history without the identity, and she begins again. His open requests leave the
    line, with a notice to his mobile and a log entry; nobody inherits their place. From the close
    of a line until its draw they wait for it, so that a holder who is no stranger can answer in
    time. Denied("displace_in_hall") while somebody with this identity is in a hall, where his card
    was checked.
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
    """What a proven person is shown of the holder of her identity: enough to recognise him."""

    mobile: str | None
    """E.164, to be masked; None if nobody else holds her identity any more."""
    code: str | None
    """Tracking code of the holder's live request, if there is one."""
    own_mobile: str | None


@usecase(*ANYONE)
def undecided(uow: UnitOfWork, actor: Actor, _query: Nothing, _now: datetime) -> Undecided:
    """Return what waits for this session's decision; Denied("session_ended") if nothing does."""
    proof = _proof(uow, actor)
    holder = uow.people.by_identity(proof.kind.value, proof.identity)
    if holder is None or not has_weaker_proof(holder, proof):
        return Undecided(None, None, proof.mobile)
    return Undecided(holder.mobile, uow.requests.live_code(holder.id), proof.mobile)


class AskHolderCode(Command):
    """As `AskCode`; the mobile is the holder's, which only the server knows."""

    host: str = ""
    proof: str = ""
    budget: int = 0


@usecase(*ANYONE)
def ask_holder_code(uow: UnitOfWork, actor: Actor, command: AskHolderCode, now: datetime) -> None:
    """Send a code to the mobile that holds her identity; raises what `ask_code` raises.

    Denied("review_changed") if no mobile holds it any more.
    """
    mobile = undecided(uow, actor, Nothing(), now).mobile
    if mobile is None:
        raise Denied("review_changed")
    fields = {"mobile": mobile, **command.model_dump()}
    ask_code(uow, actor, AskCode.model_validate(fields), now)


class Decide(Command):
    code: str


@usecase(*ANYONE)
def decide_mine(uow: UnitOfWork, actor: Actor, command: Decide, now: datetime) -> str:
    """Decide "it is mine" by the code sent to the holder's mobile; return empty or a refusal's key.

    A refusal is returned because a wrong try is counted. Denied("review_changed") if the
    identity's holder, or the holder's mobile, changes concurrently.
    """
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
    """Decide "it is not mine": the holder is displaced. Denied as in `displace`."""
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
    """Return the mobile of a proven session; None unless the proof names it and it serves only her.

    A mobile that only the person's row knows, or that serves somebody else, may have another owner
    by now. It would open what the other has written. A code to it decides instead.
    """
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
