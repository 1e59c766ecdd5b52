"""A desk has a citizen's card in its hand: it proves who she is, and how she is reached.

What the card cannot prove is asked of her: a new mobile by the code she reads out from it, and
whose it is what another mobile has filed with her number. Each look and each act is written down
for her, for the administrator, and sent to the mobile it takes away.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.errors import Denied
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
from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.codes import pin
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.people.card_text import MOBILE_GONE_SMS, VERIFIED_SMS
from publicmeeting.usecases.accounts.signing_in.proven import displace, keep_person
from publicmeeting.usecases.accounts.signing_in.read_out_codes import (
    Purpose,
    check_read_out,
    send_read_out,
    username_of,
)
from publicmeeting.usecases.base import Command, FormValidator, usecase
from publicmeeting.usecases.identity import Outcome, Proof, is_less, prove_identity
from publicmeeting.usecases.lifecycle.clock_steps import come_in_person
from publicmeeting.usecases.rate_limits import Limit, take
from publicmeeting.usecases.security_notes import account_name, note


class Whose(StrEnum):
    """What she says of a request that another mobile has filed with her number."""

    MINE = "mine"
    NOT_MINE = "not_mine"


class Reach(StrEnum):
    """How she is reached from now on."""

    KEEP = "keep"
    """By the mobile that is known."""
    MOBILE = "mobile"
    """By the one whose code she reads out."""
    NONE = "none"
    """She has none: the desk telephones nobody, she looks with a PIN."""


class ReadCard(Command):
    """Kind and number as printed on the card."""

    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""


class AskCardCode(ReadCard):
    mobile: str = ""
    budget: int = 0
    """Codes the whole city may send in a day; 0 for any number."""


class AcceptCard(ReadCard):
    """What the officer has read and heard. `code` was read out from the new mobile."""

    name: str = ""
    whose: str = ""
    reach: str = ""
    mobile: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the officer needs of the person with this number, and no more."""

    identity: str = field(repr=False)
    """Masked."""
    is_known: bool = False
    level: Level = Level.TYPED
    mobile: str | None = field(default=None, repr=False)
    """E.164, to be masked."""
    code: str = ""
    """Of the live request."""
    asks_whose: bool = False
    """Another mobile holds the number by less than a card."""
    may_displace: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a card; or the key of the refusal of a code, returned: it is counted."""

    refused: str = ""
    name: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """Masked."""
    mobile: str | None = field(default=None, repr=False)
    code: str = ""
    """Of the live request."""
    pin: str = field(default="", repr=False)
    """New; nobody reads it again."""
    is_displaced: bool = False
    """What was filed with her number has been displaced."""


@usecase(Role.DESK)
def read_card(uow: UnitOfWork, actor: Actor, command: ReadCard, now: datetime) -> CardFacts:
    """What is known of this number; written down where it is known.

    Raises FormError; Denied: `card_looks_full`, `card_screened` for an officer who has decided on
    her request.
    """
    kind, identity = _number(command)
    take(uow, Limit.CARD_LOOKS, username_of(uow, actor))
    masked = masked_identity(identity)
    known = uow.people.by_identity(kind.value, identity)
    if known is None:
        return CardFacts(masked)
    live = _live(uow, actor, known)
    _write_down(uow, actor, live, "look", now)
    asks = is_less(known, _proof(actor, kind, identity, ""))
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
    """Send the code that she reads out from her new mobile; gives it in its canonical form.

    Raises FormError; Denied as `send_read_out` says.
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
    """She is verified, and reached as she asks; the mobile that no longer reaches her is signed
    out and notified.

    Raises FormError; Denied: `card_acts_full`, `card_screened`, `need_whose`, `need_reach`,
    `mobile_full`, `card_matched` where the number belongs to the other mobile by the national
    service and so cannot be displaced by a desk, `displace_in_hall`.
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
        _write_down(uow, actor, _live(uow, actor, known), "card", now)
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
    """By her word, which the officer hears; whether the other one was displaced."""
    if whose == Whose.MINE:
        return keep_person(uow, holder, proof), False
    if whose != Whose.NOT_MINE:
        raise Denied("need_whose")
    if holder.level is not Level.TYPED:
        raise Denied("card_matched")
    return displace(uow, holder, proof, now), True


def _reach(uow: UnitOfWork, person: Person, reach: Reach, mobile: str | None) -> str:
    """Set how she is reached; the new PIN where it is by none."""
    if reach is Reach.MOBILE and person.mobile != mobile:
        uow.people.set_mobile(person.id, mobile)
        uow.sessions.end_of_person(person.id)
    if reach is not Reach.NONE:
        return ""
    if person.mobile is not None:
        uow.people.set_mobile(person.id, None)
        uow.sessions.end_of_person(person.id)
    number = pin()
    uow.people.set_pin(person.id, number)
    return number


def _notify(uow: UnitOfWork, person: Person, before: str | None) -> None:
    """The mobile that no longer reaches her, and the one that does."""
    if before is not None and before != person.mobile:
        _text(uow, before, MOBILE_GONE_SMS)
    if person.mobile is not None:
        _text(uow, person.mobile, VERIFIED_SMS)


def _text(uow: UnitOfWork, mobile: str, text: str) -> None:
    digest = uow.vault.lookup("message", f"{mobile}/{uow.machine_now.timestamp()}")
    uow.account_messages.append(CodeMessage(mobile, text, digest, _nothing, _nothing))


def _nothing(_later: UnitOfWork) -> None:
    """Nothing is counted of a text that announces a change."""


def _number(command: ReadCard) -> tuple[IdentityKind, str]:
    kind = next(
        (identity_kind for identity_kind in IdentityKind if identity_kind.value == command.kind),
        None,
    )
    if kind is None:
        raise Denied("form_broken")
    checked = FormValidator()
    identity = checked.field("identity", lambda v: parse_identity(kind, v), command.identity)
    checked.done()
    assert identity is not None
    return kind, identity


def _read_reach(command: AcceptCard) -> tuple[str, str | None, Reach]:
    """Her name, the new mobile if there is one, and how she is reached."""
    reach = next((one for one in Reach if one.value == command.reach), None)
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


def _live(uow: UnitOfWork, actor: Actor, person: Person) -> Request | None:
    """Her live request; Denied("card_screened") for whoever has decided on it."""
    code = uow.requests.live_code(person.id)
    live = uow.requests.find(code) if code else None
    if live and any(event.account_id == actor.account_id for event in live.history[1:]):
        raise Denied("card_screened")
    return live


def _write_down(
    uow: UnitOfWork, actor: Actor, live: Request | None, what: str, now: datetime
) -> None:
    """For her, in the list of who has opened her request; whoever has seen her screens it no
    more."""
    if live:
        uow.requests.record_opening(live, actor, Role.DESK.value, now, with_name=True)
    if what == "look":
        note(uow, SecurityKind.CARD_SEEN, account_name(username_of(uow, actor)), what)
