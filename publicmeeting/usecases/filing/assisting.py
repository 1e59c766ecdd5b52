"""An officer files in a citizen's name while she speaks with him, by telephone or at a desk.

She proves her word by a code sent to her mobile, by the PIN of an earlier receipt, or by her card
at the desk. Checks, line and receipt are the same as for everybody.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.matter import PHOTOS_MOST, Matter
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import (
    IdentityKind,
    Level,
    masked_identity,
    parse_identity,
    parse_mobile,
    parse_name,
)
from publicmeeting.domain.records import Filing, Person, PictureKind, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.codes import random_digits
from publicmeeting.kit.digits import typed_code
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.person.card_in_hand import look_up
from publicmeeting.usecases.accounts.signing_in.read_out_codes import (
    HELPERS,
    Purpose,
    check_read_out,
    count_wrong,
    helper_role,
    send_read_out,
    username_of,
    why_not_tried,
)
from publicmeeting.usecases.base import Command, FormValidator, Nothing, parsed, usecase
from publicmeeting.usecases.filing.pictures import LOOSE_MOST
from publicmeeting.usecases.filing.submitting import (
    AGAIN,
    NEEDS,
    PREFERS,
    MatterForm,
    checked_district,
    checked_matter,
    file_request,
    is_same,
    person_of_mobile,
)
from publicmeeting.usecases.identity import Outcome, Proof, prove_identity
from publicmeeting.usecases.rate_limits import Limit, take
from publicmeeting.usecases.security_notes import account_name, note

PIN_DIGITS = 6
TO_FILE = "file"
"""Why a card was seen, in the administrator's events."""


class Way(StrEnum):
    """How she proves her word to the officer."""

    CODE = "code"
    """She reads out a code that her mobile has received."""
    PIN = "pin"
    """She has no mobile, but the receipt of an earlier request."""
    CARD = "card"
    """She has no mobile and is at a desk with her card."""


class AssistedForm(MatterForm):
    """The four steps as the officer typed them; `mobile` is for the code alone."""

    district: str = ""
    needs: tuple[str, ...] = ()
    prefers: str = "any"
    way: str = Way.CODE.value
    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""
    name: str = ""
    mobile: str = ""


class AskCallersCode(AssistedForm):
    budget: int = 0
    """Codes that the whole city may send in a day; 0 for no limit."""


class FileForCaller(AssistedForm):
    code: str = ""
    """The code that she has read out, or her PIN."""
    photos: tuple[str, ...] = ()
    """Ids of the pictures that wait with this officer for this request."""


@dataclass(frozen=True, slots=True)
class AssistedFiling:
    """What was filed, or the refusal key of a code or PIN, returned as the try is counted."""

    code: str = ""
    refused: str = ""
    name: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """Masked: the number is not shown in full again."""
    pin: str = field(default="", repr=False)
    """A new PIN for the receipt of a citizen without a mobile; it cannot be read again."""


@dataclass(frozen=True, slots=True)
class _Checked:
    way: Way
    district: int
    matter: Matter
    kind: IdentityKind
    identity: str
    name: str
    mobile: str

    def filing(self, person: Person, form: AssistedForm) -> Filing:
        return Filing(
            person=person,
            district=self.district,
            matter=self.matter,
            needs=form.needs,
            prefers=form.prefers,
        )


@dataclass(frozen=True, slots=True)
class AssistPage:
    """What this officer's form offers."""

    ways: tuple[Way, ...]
    now: datetime


@usecase(*HELPERS)
def assist_page(_uow: UnitOfWork, actor: Actor, _query: Nothing, now: datetime) -> AssistPage:
    """Return the ways on this officer's form; only a desk can hold a card."""
    ways = tuple(way for way in Way if way is not Way.CARD or actor.has(Role.DESK))
    return AssistPage(ways, now)


@usecase(*HELPERS)
def send_callers_code(
    uow: UnitOfWork, actor: Actor, command: AskCallersCode, _now: datetime
) -> str:
    """Send the code by which she confirms the filing; return her mobile, canonical.

    Nothing is sent before the form is complete (FormError). The answer does not reveal whether her
    mobile or identity is known. Denied as in `send_read_out`.
    """
    checked = _checked(actor, command)
    if checked.way is not Way.CODE:
        raise Denied("form_broken")
    send_read_out(uow, actor, Purpose.FILE, checked.mobile, command.budget)
    return checked.mobile


@usecase(*HELPERS)
def file_for_caller(
    uow: UnitOfWork, actor: Actor, command: FileForCaller, now: datetime
) -> AssistedFiling:
    """File in her name; the request gets code and ticket like any other and is marked as assisted.

    A refusal after a right code leaves the code valid. Raises FormError; Denied `photos_too_many`;
    `image_not_yours` for a picture that no longer waits here; what `file_request` and
    `person_of_mobile` raise; `person_at_desk` if another mobile holds the identity of a card;
    `cards_full`, `card_looks_full`, `card_screened` for a card.
    """
    checked, role = _checked(actor, command), helper_role(actor)
    # Of two simultaneous presses the second finds the filed request
    uow.people.lock(checked.identity)
    again = _pressed_again(uow, actor, checked, command, now)
    if again is not None:
        return _filed(again, checked)
    photos = pictures_of_call(uow, actor, command.photos)
    refused, person, new_pin = "", None, ""
    match checked.way:
        case Way.CODE:
            refused = check_read_out(uow, actor, Purpose.FILE, checked.mobile, command.code)
            if not refused:
                person = person_of_mobile(
                    uow, checked.kind, checked.identity, checked.name, checked.mobile
                )
        case Way.PIN:
            refused, person = _person_by_pin(uow, actor, checked, command.code)
        case Way.CARD:
            person = _person_by_card(uow, actor, checked, now)
            new_pin = _new_pin(uow, person)
    if refused or person is None:
        return AssistedFiling(refused=refused)
    acting = Actor(account_id=actor.account_id, visit=actor.visit, session_id=actor.session_id)
    request = file_request(uow, acting, role, now, checked.filing(person, command))
    if request.filed_by != actor.account_id:  # she has just filed the very same request herself
        raise Denied("one_live_request", code=request.code)
    uow.images.attach(photos, actor, request_id=request.id, kind=PictureKind.DRAFT)
    return _filed(request, checked, new_pin)


class PicturesOfCall(Command):
    photos: tuple[str, ...] = ()


@usecase(*HELPERS)
def drop_pictures(uow: UnitOfWork, actor: Actor, command: PicturesOfCall, _now: datetime) -> None:
    """Delete a call's pictures when it ends without a request; unknown ids are ignored."""
    here = {image.id for image in uow.images.loose(actor, PictureKind.CALLER)}
    for photo in dict.fromkeys(command.photos[:LOOSE_MOST]):
        if photo in here:
            uow.images.drop_loose(photo, actor)


def pictures_of_call(uow: UnitOfWork, actor: Actor, photos: tuple[str, ...]) -> list[str]:
    """Return the ids, each once; Denied `photos_too_many`, `image_not_yours` for others."""
    ids = list(dict.fromkeys(photos))
    if len(ids) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    here = {image.id for image in uow.images.loose(actor, PictureKind.CALLER)} if ids else set()
    if not set(ids) <= here:
        raise Denied("image_not_yours")
    return ids


def _filed(request: Request, checked: _Checked, new_pin: str = "") -> AssistedFiling:
    masked = masked_identity(checked.identity)
    return AssistedFiling(request.code, "", checked.name, masked, new_pin)


def _checked(actor: Actor, form: AssistedForm) -> _Checked:
    """Check the form; FormError with one refusal per field.

    Denied("form_broken") for values that no page sends.
    """
    way = _way(actor, form)
    kind = parsed(IdentityKind, form.kind)
    of_a_card = kind is IdentityKind.PASSPORT and way is not Way.CARD
    if of_a_card or form.prefers not in PREFERS or not set(form.needs) <= {*NEEDS}:
        raise Denied("form_broken")
    validator = FormValidator()
    number = checked_district(validator, form.district)
    matter = checked_matter(validator, form)
    identity = validator.field("identity", lambda v: parse_identity(kind, v), form.identity)
    # The PIN identifies a person whose name is known.
    name = "" if way is Way.PIN else validator.field("name", parse_name, form.name)
    mobile = validator.field("mobile", parse_mobile, form.mobile) if way is Way.CODE else ""
    validator.done()
    assert number is not None
    assert identity is not None
    return _Checked(way, number, matter, kind, identity, name or "", mobile or "")


def _way(actor: Actor, form: AssistedForm) -> Way:
    way = parsed(Way, form.way)
    if way is Way.CARD and not actor.has(Role.DESK):
        raise Denied("form_broken")
    return way


def _pressed_again(
    uow: UnitOfWork, actor: Actor, checked: _Checked, form: AssistedForm, now: datetime
) -> Request | None:
    """Return the same request filed by this officer a moment ago: its code is used by now."""
    person = uow.people.by_identity(checked.kind.value, checked.identity)
    live = uow.requests.live_code(person.id) if person else None
    before = uow.requests.find(live) if live else None
    if person is None or before is None or before.filed_by != actor.account_id:
        return None
    is_again = is_same(before, checked.filing(person, form)) and now - before.filed_at < AGAIN
    return before if is_again else None


def _person_by_pin(
    uow: UnitOfWork, actor: Actor, checked: _Checked, typed: str
) -> tuple[str, Person | None]:
    """Return ("", person) or the refusal's key; an unknown identity counts as a wrong PIN."""
    code = typed_code(typed, PIN_DIGITS)
    if not code:
        return "pin_short", None
    username = username_of(uow, actor)
    mark = uow.vault.lookup(checked.kind.value, checked.identity)
    refused = why_not_tried(uow, username, (Limit.READ_OUT_PIN, mark))
    if refused:
        return refused, None
    known = uow.people.by_identity(checked.kind.value, checked.identity)
    if not uow.people.is_right_answer(known.id if known else None, code):
        count_wrong(uow, username, (Limit.READ_OUT_PIN, mark))
        note(uow, SecurityKind.CODE_WRONG, "", "pin")
        return "pin_wrong", None
    return "", known


def _person_by_card(uow: UnitOfWork, actor: Actor, checked: _Checked, now: datetime) -> Person:
    """Return the person whose card the desk holds, and record that a desk has verified her.

    A new person counts against a limit, because nobody else has seen her. Every other is a look at
    her card, whatever is filed then. Denied as in `look_up`; `person_at_desk` if another mobile
    holds the identity, which is decided with the card in hand.
    """
    known = uow.people.by_identity(checked.kind.value, checked.identity)
    if known is not None:
        look_up(uow, actor, known, TO_FILE, now)
    else:
        username = username_of(uow, actor)
        take(uow, Limit.CARDS, username)
        note(uow, SecurityKind.CARD_SEEN, account_name(username), TO_FILE)
    proof = Proof(
        kind=checked.kind,
        identity=checked.identity,
        level=Level.VERIFIED,
        by=f"desk:{actor.account_id}",
        name=checked.name,
    )
    proven = prove_identity(uow, proof)
    if proven.outcome is Outcome.CONFLICT:
        raise Denied("person_at_desk")
    return proven.person


def _new_pin(uow: UnitOfWork, person: Person) -> str:
    """Return a new PIN for her receipt, which replaces the old one; empty if she has a mobile."""
    if person.mobile is not None:
        return ""
    number = random_digits()
    uow.people.set_pin(person.id, number)
    return number
