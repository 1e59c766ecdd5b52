"""An officer files in a citizen's name, while she speaks with him: by telephone or at a desk.

She proves her word by a code that reaches her mobile, by the PIN of an earlier receipt, or with her
card in the desk's hand. The checks, the line and the receipt are those of everybody.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.matter import PHOTOS_MOST, Matter
from publicmeeting.domain.people import (
    IdentityKind,
    Level,
    masked_identity,
    parse_identity,
    parse_mobile,
    parse_name,
)
from publicmeeting.domain.pictures import PictureKind
from publicmeeting.domain.records import Filing, Person, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.codes import pin
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit_of_work import UnitOfWork
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
from publicmeeting.usecases.base import Command, FormValidator, Nothing, usecase
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
"""Why a card was seen, for the administrator's events."""


class Way(StrEnum):
    """How she proves her word to the officer."""

    CODE = "code"
    """Her mobile has got a code, which she reads out."""
    PIN = "pin"
    """She has no mobile, and the receipt of an earlier request."""
    CARD = "card"
    """She has no mobile, and is at a desk with her card."""


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
    """Codes the whole city may send in a day; 0 for any number."""


class FileForCaller(AssistedForm):
    code: str = ""
    """The code she has read out, or her PIN."""
    photos: tuple[str, ...] = ()
    """Ids of the pictures that wait with this officer for this request."""


@dataclass(frozen=True, slots=True)
class AssistedFiling:
    """What was filed; or the key of the refusal of a code or PIN, returned since the try is
    counted."""

    code: str = ""
    refused: str = ""
    name: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """Masked: whom it was filed for is not shown in full again."""
    pin: str = field(default="", repr=False)
    """New, for the receipt of somebody without a mobile; nobody reads it again."""


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
    """Only a desk has a card in its hand."""
    ways = tuple(way for way in Way if way is not Way.CARD or actor.has(Role.DESK))
    return AssistPage(ways, now)


@usecase(*HELPERS)
def send_callers_code(
    uow: UnitOfWork, actor: Actor, command: AskCallersCode, _now: datetime
) -> str:
    """Send the code with which she says «file this»; gives her mobile in its canonical form.

    Nothing is sent before the form is complete (FormError). Whether her mobile or identity is known
    is not said. Denied as `send_read_out` says.
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
    """File in her name; it gets its code and ticket like any other, and says that it was assisted.

    A refusal after her code was right leaves the code good. Raises FormError; Denied:
    `photos_too_many`, `image_not_yours` for a picture that does not wait here any more, what
    `file_request` and `person_of_mobile` say, `person_at_desk` where another mobile holds the
    identity of a card, `cards_full`.
    """
    checked, role = _checked(actor, command), helper_role(actor)
    uow.people.lock(checked.identity)  # of two presses at once the second finds what was filed
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
            person = _person_by_card(uow, actor, checked)
            new_pin = _new_pin(uow, person)
    if refused or person is None:
        return AssistedFiling(refused=refused)
    acting = Actor(account_id=actor.account_id, visit=actor.visit, session_id=actor.session_id)
    request = file_request(uow, acting, role, now, checked.filing(person, command))
    if request.filed_by != actor.account_id:  # she has just filed the very same herself
        raise Denied("one_live_request", code=request.code)
    uow.images.attach(photos, actor, request_id=request.id, kind=PictureKind.DRAFT)
    return _filed(request, checked, new_pin)


class PicturesOfCall(Command):
    photos: tuple[str, ...] = ()


@usecase(*HELPERS)
def drop_pictures(uow: UnitOfWork, actor: Actor, command: PicturesOfCall, _now: datetime) -> None:
    """The call is over without a request: its pictures go; those that are not here are passed
    over."""
    here = {image.id for image in uow.images.loose(actor, PictureKind.CALLER)}
    for photo in dict.fromkeys(command.photos[:LOOSE_MOST]):
        if photo in here:
            uow.images.drop_loose(photo, actor)


def pictures_of_call(uow: UnitOfWork, actor: Actor, photos: tuple[str, ...]) -> list[str]:
    """Each once, and only pictures of a call: Denied `photos_too_many`, `image_not_yours`."""
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
    """Raises FormError with one refusal per field; Denied("form_broken") for what no page sends."""
    way = _way(actor, form)
    kind = next(
        (identity_kind for identity_kind in IdentityKind if identity_kind.value == form.kind), None
    )
    of_a_card = kind is IdentityKind.PASSPORT and way is not Way.CARD
    if kind is None or of_a_card or form.prefers not in PREFERS or not set(form.needs) <= {*NEEDS}:
        raise Denied("form_broken")
    validator = FormValidator()
    number = checked_district(validator, form.district)
    matter = checked_matter(validator, form)
    identity = validator.field("identity", lambda v: parse_identity(kind, v), form.identity)
    # Whoever has a PIN is known by name.
    name = "" if way is Way.PIN else validator.field("name", parse_name, form.name)
    mobile = validator.field("mobile", parse_mobile, form.mobile) if way is Way.CODE else ""
    validator.done()
    assert number is not None
    assert identity is not None
    return _Checked(way, number, matter, kind, identity, name or "", mobile or "")


def _way(actor: Actor, form: AssistedForm) -> Way:
    way = next((one for one in Way if one.value == form.way), None)
    if way is None or (way is Way.CARD and not actor.has(Role.DESK)):
        raise Denied("form_broken")
    return way


def _pressed_again(
    uow: UnitOfWork, actor: Actor, checked: _Checked, form: AssistedForm, now: datetime
) -> Request | None:
    """The very request that this officer filed for her a moment ago: its code is used by now."""
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
    """The person, or the key of the refusal; an unknown identity is a wrong PIN."""
    code = "".join(ascii_digits(typed).split())
    if len(code) != PIN_DIGITS or not code.isdecimal():
        return "pin_short", None
    username = username_of(uow, actor)
    mark = uow.vault.lookup(checked.kind.value, checked.identity)
    refused = why_not_tried(uow, username, (Limit.READ_OUT_PIN, mark))
    if refused:
        return refused, None
    known = uow.people.by_identity(checked.kind.value, checked.identity)
    if not uow.people.is_her_answer(known.id if known else None, code):
        count_wrong(uow, username, (Limit.READ_OUT_PIN, mark))
        note(uow, SecurityKind.CODE_WRONG, "", "pin")
        return "pin_wrong", None
    return "", known


def _person_by_card(uow: UnitOfWork, actor: Actor, checked: _Checked) -> Person:
    """Whoever's card the desk has in its hand; somebody new is counted, for nobody else has seen
    her, and that a desk has verified her is an event, as at its page for cards."""
    if uow.people.by_identity(checked.kind.value, checked.identity) is None:
        take(uow, Limit.CARDS, username_of(uow, actor))
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
    note(uow, SecurityKind.CARD_SEEN, account_name(username_of(uow, actor)), TO_FILE)
    return proven.person


def _new_pin(uow: UnitOfWork, person: Person) -> str:
    """For her new receipt; the one before is void. Whoever has a mobile needs none."""
    if person.mobile is not None:
        return ""
    number = pin()
    uow.people.set_pin(person.id, number)
    return number
