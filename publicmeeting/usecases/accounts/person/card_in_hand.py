"""A desk holds a citizen's card: it proves who she is and sets how she is reached.

The desk asks her what the card cannot prove: a new mobile, by the code that she reads out from it,
and whose request it is that another mobile has filed with her number. Each look and each act is
recorded for her and for the administrator. A message goes to the mobile that is removed.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import (
    PERSONS_OF_A_MOBILE,
    IdentityKind,
    Level,
    masked_identity,
    parse_identity,
    parse_mobile,
    parse_name,
)
from publicmeeting.domain.records import Person, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.codes import random_digits
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.filing.card_text import MOBILE_GONE_SMS, VERIFIED_SMS
from publicmeeting.usecases.accounts.signing_in.proven import displace, keep_person
from publicmeeting.usecases.accounts.signing_in.read_out_codes import (
    Purpose,
    check_read_out,
    send_read_out,
    username_of,
)
from publicmeeting.usecases.base import Command, FormValidator, parsed, usecase
from publicmeeting.usecases.identity import Outcome, Proof, has_weaker_proof, prove_identity
from publicmeeting.usecases.lifecycle.steps import come_in_person
from publicmeeting.usecases.rate_limits import Limit, count, take
from publicmeeting.usecases.security_notes import account_name, note


class Whose(StrEnum):
    """Her answer about a request that another mobile has filed with her number."""

    MINE = "mine"
    NOT_MINE = "not_mine"


class Reach(StrEnum):
    """How she is reached from now on."""

    KEEP = "keep"
    """By the known mobile."""
    MOBILE = "mobile"
    """By the mobile whose code she reads out."""
    NONE = "none"
    """By no mobile: the desk does not telephone, and she looks with a PIN."""


class ReadCard(Command):
    """Kind and number as printed on the card."""

    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""


class AskCardCode(ReadCard):
    mobile: str = ""
    budget: int = 0
    """Codes that the whole city may send in a day; 0 for no limit."""


class AcceptCard(ReadCard):
    """What the officer has read and heard; `code` was read out from the new mobile."""

    name: str = ""
    whose: str = ""
    reach: str = ""
    mobile: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the officer needs to know of the person with this number, and no more."""

    identity: str = field(repr=False)
    """Masked."""
    is_known: bool = False
    level: Level = Level.TYPED
    mobile: str | None = field(default=None, repr=False)
    """E.164, to be masked."""
    code: str = ""
    """Tracking code of the live request."""
    asks_whose: bool = False
    """Whether another mobile holds the number with less than a card."""
    may_displace: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Result of accepting a card, or a refusal's key, returned because the try is counted."""

    refused: str = ""
    name: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """Masked."""
    mobile: str | None = field(default=None, repr=False)
    code: str = ""
    """Tracking code of the live request."""
    pin: str = field(default="", repr=False)
    """A new PIN; it cannot be read again."""
    is_displaced: bool = False
    """Whether a request filed with her number by another was displaced."""


@usecase(Role.DESK)
def read_card(uow: UnitOfWork, actor: Actor, command: ReadCard, now: datetime) -> CardFacts:
    """Return what is known of this number, and record the look.

    Raises FormError; Denied `card_looks_full`, `card_screened` for an officer who has decided on
    her request.
    """
    kind, identity = _number(command)
    masked = masked_identity(identity)
    known = uow.people.by_identity(kind.value, identity)
    if known is None:
        take(uow, Limit.CARD_LOOKS, username_of(uow, actor))
        return CardFacts(masked)
    live = look_up(uow, actor, known, "look", now)
    asks = has_weaker_proof(known, _proof(actor, kind, identity, ""))
    return CardFacts(
        masked,
        is_known=True,
        level=known.level,
        mobile=known.mobile,
        code=live.code if live else "",
        asks_whose=asks,
        may_displace=asks and known.level is Level.TYPED,
    )


@usecase(Role.DESK)
def send_card_code(uow: UnitOfWork, actor: Actor, command: AskCardCode, _now: datetime) -> str:
    """Send the code that she reads out from her new mobile; return the mobile, canonical.

    Raises FormError; Denied as in `send_read_out`.
    """
    _number(command)
    checked = FormValidator()
    mobile = checked.field("mobile", parse_mobile, command.mobile)
    checked.done()
    assert mobile is not None
    send_read_out(uow, actor, Purpose.CARD, mobile, command.budget)
    return mobile


@usecase(Role.DESK)
def accept_card(uow: UnitOfWork, actor: Actor, command: AcceptCard, now: datetime) -> Accepted:
    """Verify her by her card and set how she is reached.

    A mobile that no longer reaches her is signed out and notified. Raises FormError; Denied
    `card_acts_full`, `card_screened`, `need_whose`, `need_reach`, `mobile_full`; `card_matched` if
    the number belongs to the other mobile by the national service, so that a desk may not displace
    it; `displace_in_hall`.
    """
    kind, identity = _number(command)
    name, mobile, reach = _read_reach(command)
    if mobile:
        refused = check_read_out(uow, actor, Purpose.CARD, mobile, command.code)
        if refused:
            return Accepted(refused=refused)
    take(uow, Limit.CARD_ACTS, username_of(uow, actor))
    uow.people.lock(identity)
    known = uow.people.by_identity(kind.value, identity)
    if known:
        _open_live(uow, actor, known, now)
    if mobile:
        uow.people.lock(mobile)
        is_new = known is None or known.mobile != mobile
        if is_new and uow.people.count_served(mobile) >= PERSONS_OF_A_MOBILE:
            raise Denied("mobile_full", limit=PERSONS_OF_A_MOBILE)
    proof = _proof(actor, kind, identity, name, mobile)
    proven = prove_identity(uow, proof)
    person, is_displaced = proven.person, False
    if proven.outcome is Outcome.CONFLICT:
        person, is_displaced = _decided(uow, person, proof, command.whose, now)
    if reach is Reach.KEEP and person.mobile is None:
        raise Denied("need_reach")
    before = known.mobile if known and known.id == person.id else None
    new_pin = _reach(uow, person, reach, mobile)
    if reach is Reach.NONE:
        come_in_person(uow, person.id, now)
    person = uow.people.get(person.id)
    _notify(uow, person, before)
    note(uow, SecurityKind.CARD_SEEN, account_name(username_of(uow, actor)), reach.value)
    uow.publish(f"person:{person.id}")
    return Accepted(
        name=person.name,
        identity=masked_identity(identity),
        mobile=person.mobile,
        code=uow.requests.live_code(person.id) or "",
        pin=new_pin,
        is_displaced=is_displaced,
    )


def _decided(
    uow: UnitOfWork, holder: Person, proof: Proof, whose: str, now: datetime
) -> tuple[Person, bool]:
    """Decide by her word; return the person, and whether the other one was displaced.

    Denied `need_whose` without her word, `card_matched` if the identity of the other person is
    matched or verified, so that he cannot be displaced here.
    """
    if whose == Whose.MINE:
        return keep_person(uow, holder, proof), False
    if whose != Whose.NOT_MINE:
        raise Denied("need_whose")
    if holder.level is not Level.TYPED:
        raise Denied("card_matched")
    return displace(uow, holder, proof, now), True


def _reach(uow: UnitOfWork, person: Person, reach: Reach, mobile: str | None) -> str:
    """Set how she is reached; return a new PIN if it is by no mobile."""
    if reach is Reach.MOBILE and person.mobile != mobile:
        uow.people.set_mobile(person.id, mobile)
        uow.sessions.end_of_person(person.id)
    if reach is not Reach.NONE:
        return ""
    if person.mobile is not None:
        uow.people.set_mobile(person.id, None)
        uow.sessions.end_of_person(person.id)
    number = random_digits()
    uow.people.set_pin(person.id, number)
    return number


def _notify(uow: UnitOfWork, person: Person, before: str | None) -> None:
    """Send a message to the mobile that no longer reaches her, and to the one that does."""
    if before is not None and before != person.mobile:
        _text(uow, before, MOBILE_GONE_SMS)
    if person.mobile is not None:
        _text(uow, person.mobile, VERIFIED_SMS)


def _text(uow: UnitOfWork, mobile: str, text: str) -> None:
    digest = uow.vault.lookup("message", f"{mobile}/{uow.machine_now.timestamp()}")
    uow.account_messages.append(CodeMessage(mobile, text, digest))


def _number(command: ReadCard) -> tuple[IdentityKind, str]:
    kind = parsed(IdentityKind, command.kind)
    checked = FormValidator()
    identity = checked.field("identity", lambda v: parse_identity(kind, v), command.identity)
    checked.done()
    assert identity is not None
    return kind, identity


def _read_reach(command: AcceptCard) -> tuple[str, str | None, Reach]:
    """Return her name, the new mobile if there is one, and how she is reached.

    Raises Denied("need_reach") if that was not chosen, FormError for name or mobile.
    """
    reach = next((known for known in Reach if known.value == command.reach), None)
    if reach is None:
        raise Denied("need_reach")
    checked = FormValidator()
    name = checked.field("name", parse_name, command.name)
    mobile = None
    if reach is Reach.MOBILE:
        mobile = checked.field("mobile", parse_mobile, command.mobile)
    checked.done()
    assert name is not None
    return name, mobile, reach


def _proof(
    actor: Actor, kind: IdentityKind, identity: str, name: str, mobile: str | None = None
) -> Proof:
    return Proof(kind, identity, Level.VERIFIED, f"desk:{actor.account_id}", name, mobile)


def look_up(
    uow: UnitOfWork, actor: Actor, known: Person, why: str, now: datetime
) -> Request | None:
    """Count and record that an officer looks her up by her number; return her live request.

    What he reads in a refusal is a look as well, so both stay if he is refused then. Denied
    `card_looks_full`, `card_screened`.
    """
    username = username_of(uow, actor)
    take(uow, Limit.CARD_LOOKS, username)
    uow.after_refusal.append(lambda later: count(later, Limit.CARD_LOOKS, username))
    note(uow, SecurityKind.CARD_SEEN, account_name(username), why)
    return _open_live(uow, actor, known, now)


def _open_live(uow: UnitOfWork, actor: Actor, person: Person, now: datetime) -> Request | None:
    """Return her live request, and record its opening, which she reads.

    An officer who has seen her card no longer screens it. Denied("card_screened") for an officer
    who has decided on it: the refusal says whose it is, so that he has opened it too.
    """
    code = uow.requests.live_code(person.id)
    live = uow.requests.find(code) if code else None
    if live is None:
        return None

    def record(work: UnitOfWork) -> None:
        work.requests.record_opening(live, actor, Role.DESK.value, now, with_name=True)

    uow.after_refusal.append(record)
    if any(event.account_id == actor.account_id for event in live.history[1:]):
        raise Denied("card_screened")
    record(uow)
    return live
