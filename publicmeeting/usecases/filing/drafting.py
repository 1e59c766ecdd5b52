"""What the four steps of a request show and check before it is filed.

A link from the city's portal may bring a district and a subject. They are unchecked input and never
override a choice that the citizen has made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from publicmeeting.domain.districts.city import DISTRICTS, district, subject
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.matter import WRITTEN
from publicmeeting.domain.people import IdentityKind, masked_identity, parse_identity, parse_name
from publicmeeting.domain.records import Image
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.digits import ascii_digits, whole_number
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.person.recycled import served_here
from publicmeeting.usecases.base import ANYONE, Command, FormValidator, Nothing, usecase
from publicmeeting.usecases.filing.anonymous import admit_draft
from publicmeeting.usecases.filing.submitting import (
    FIELD_MOST,
    NEEDS,
    PREFERS,
    MatterForm,
    SaveDraft,
    checked_matter,
    save_draft,
)
from publicmeeting.usecases.line.expectation import Outlook, expected_now

ON_HER_WAY = timedelta(hours=1)
"""How long a draft reopens at its own step without a question.

Later, anybody could open the step's address from the browser's history.
"""
_NUMBERS = frozenset(f"{district.number}" for district in DISTRICTS)


@dataclass(frozen=True, slots=True)
class FilingPage:
    """The draft of this visit or person, and what is known of who she is."""

    fields: dict[str, str]
    photos: tuple[Image, ...]
    mobile: str | None
    person_id: str
    person_name: str
    person_identity: str
    """Masked; empty while the session acts for nobody yet."""
    others: tuple[tuple[str, str], ...]
    """Id and name of the persons this mobile serves, as far as this browser may name them."""
    is_asked: bool
    """Whether the mobile serves somebody more, who has not confirmed herself in this browser."""
    live_code: str | None
    left_at: datetime | None
    """When a non-empty draft was last written in this browser without signing in.

    Its fields are shown only to a visitor who has not signed in.
    """
    outlook: Outlook | None
    """What a request filed now can expect in the chosen district; None before one is chosen."""
    now: datetime

    def is_left(self, *, at_step: bool) -> bool:
        """Return whether to ask whose the draft is before showing anything of it.

        Its writer, who returns to one of its steps within `ON_HER_WAY`, is not asked.
        """
        if self.left_at is None:
            return False
        is_hers = at_step and not self.mobile and bool(self.fields)
        return not is_hers or self.now - self.left_at >= ON_HER_WAY


@usecase(*ANYONE)
def filing_page(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> FilingPage:
    """Return everything that the wizard shows; a visit without anything has an empty draft."""
    mobile = uow.sessions.mobile(actor)
    person = uow.people.get(actor.person_id) if actor.person_id else None
    served = served_here(uow, actor, mobile)
    draft, fields = uow.drafts.found(actor)
    has_photos = draft and uow.drafts.may_have_images(draft)
    return FilingPage(
        fields=fields,
        photos=tuple(uow.images.of_draft(draft)) if has_photos else (),
        mobile=mobile,
        person_id=person.id if person else "",
        person_name=person.name if person else "",
        person_identity=masked_identity(person.identity) if person else "",
        others=tuple((person.id, person.name) for person in served.persons),
        is_asked=served.asked > 0,
        live_code=uow.requests.live_code(person.id) if person else None,
        left_at=_left_at(uow, actor),
        outlook=_outlook(uow, fields.get("district", ""), now),
        now=now,
    )


def _left_at(uow: UnitOfWork, actor: Actor) -> datetime | None:
    left = uow.drafts.left(actor)
    if left is None:
        return None
    has_words = any(left.fields.get(field.name) for field in WRITTEN)
    if not has_words and not uow.images.of_draft(left.id):
        return None
    return left.updated_at + uow.clockwork.cached_offset()


@usecase(*ANYONE)
def keep_left(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> FilingPage:
    """Continue the draft that was left in this browser ("it is mine")."""
    uow.drafts.keep_left(actor)
    return filing_page(uow, actor, Nothing(), now)


@usecase(*ANYONE)
def drop_left(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> FilingPage:
    """Delete the draft that was left, with its pictures, unread ("it is not mine")."""
    uow.drafts.drop_left(actor)
    return filing_page(uow, actor, Nothing(), now)


def _outlook(uow: UnitOfWork, chosen: str, now: datetime) -> Outlook | None:
    return expected_now(uow, int(chosen), now) if chosen in _NUMBERS else None


@usecase(*ANYONE)
def save_matter(
    uow: UnitOfWork, actor: Actor, command: MatterForm, _now: datetime
) -> tuple[Invalid, ...]:
    """Save subject and texts as typed; return what is still wrong with them.

    The refusals are returned, not raised, so that no typed text is lost.
    """
    if not actor.visit and not actor.person_id:
        raise Denied("not_ready")
    checked = FormValidator()
    checked_matter(checked, command)
    fields = command.model_dump()
    admit_draft(uow, actor)
    uow.drafts.save(actor, {k: v for k, v in fields.items() if len(v) <= FIELD_MOST[k]})
    return tuple(checked.errors)


class Applicant(Command):
    """Step three as typed; the identity is checked and never stored in the draft."""

    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""
    name: str = ""
    needs: tuple[str, ...] = ()
    prefers: str = "any"


@usecase(*ANYONE)
def save_applicant(
    uow: UnitOfWork, actor: Actor, command: Applicant, _now: datetime
) -> tuple[Invalid, ...]:
    """Save needs, preference and name; return what is wrong with identity and name.

    Denied("session_ended") before a mobile has been confirmed.
    """
    if uow.sessions.mobile(actor) is None:
        raise Denied("session_ended")
    if not set(command.needs) <= set(NEEDS) or command.prefers not in PREFERS:
        raise Denied("form_broken")
    fields = {
        "needs": ",".join(command.needs),
        "prefers": command.prefers,
        "name": command.name[:80],
    }
    uow.drafts.save(actor, fields)
    if actor.person_id and not command.identity:
        return ()
    if command.kind not in (IdentityKind.NATIONAL.value, IdentityKind.FOREIGN.value):
        raise Denied("form_broken")
    checked = FormValidator()
    kind = IdentityKind(command.kind)
    checked.field("identity", lambda text: parse_identity(kind, text), command.identity)
    checked.field("name", parse_name, command.name)
    return tuple(checked.errors)


@dataclass(frozen=True, slots=True)
class SavedStep:
    """A saved step: its errors, and the page as it is now."""

    errors: tuple[Invalid, ...]
    page: FilingPage


@usecase(*ANYONE, writes_draft=True)
def choose_district(uow: UnitOfWork, actor: Actor, command: SaveDraft, now: datetime) -> FilingPage:
    """Run `save_draft` and return the page, in one transaction."""
    save_draft(uow, actor, command, now)
    return filing_page(uow, actor, Nothing(), now)


@usecase(*ANYONE, writes_draft=True)
def save_matter_step(
    uow: UnitOfWork, actor: Actor, command: MatterForm, now: datetime
) -> SavedStep:
    """Run `save_matter` and return the page, in one transaction."""
    errors = save_matter(uow, actor, command, now)
    return SavedStep(errors, filing_page(uow, actor, Nothing(), now))


@usecase(*ANYONE, writes_draft=True)
def save_applicant_step(
    uow: UnitOfWork, actor: Actor, command: Applicant, now: datetime
) -> SavedStep:
    """Run `save_applicant` and return the page, in one transaction."""
    errors = save_applicant(uow, actor, command, now)
    return SavedStep(errors, filing_page(uow, actor, Nothing(), now))


class SpeakFor(Command):
    person: str


@usecase(*ANYONE)
def speak_for(uow: UnitOfWork, actor: Actor, command: SpeakFor, _now: datetime) -> None:
    """Choose for whom to file, among the persons that this session's mobile serves.

    Denied("not_found") for any other person.
    """
    mobile = uow.sessions.mobile(actor)
    if mobile is None:
        raise Denied("session_ended")
    served = served_here(uow, actor, mobile)
    if command.person not in {person.id for person in served.persons}:
        raise Denied("not_found")
    uow.sessions.act_for(actor, command.person)
    uow.drafts.claim(actor.visit, command.person)


@usecase(*ANYONE)
def speak_for_another(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> None:
    """File the next request for somebody whom this mobile has not served yet.

    Draft and photos of this visit stay with it.
    """
    if uow.sessions.mobile(actor) is None:
        raise Denied("session_ended")
    uow.drafts.give_back(actor)
    uow.sessions.act_for(actor, None)


DISTRICT, SUBJECT = "district", "subject"
"""Parameters of the address. The portal may add `from`, for its own statistics."""
_ALSO = {"roads": "street"}
"""Other names of subjects that links may use."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link asks for: `fields` of a draft, and `unknown` parameters with an invalid value."""

    fields: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read_link(query: Mapping[str, str]) -> Linked:
    """Read a link's parameters; an invalid value is named and left out, never refused."""
    fields: dict[str, str] = {}
    unknown: list[str] = []
    for name, read in ((DISTRICT, _district), (SUBJECT, _subject)):
        value = query.get(name, "").strip()
        if not value:
            continue
        try:
            fields[name] = read(value)
        except Invalid:
            unknown.append(name)
    return Linked(fields, tuple(unknown))


def lacking(linked: Linked, draft: Mapping[str, str]) -> dict[str, str] | None:
    """Return what the link adds to a draft; None if it contradicts her choices."""
    if any(draft.get(name, value) != value for name, value in linked.fields.items()):
        return None
    return {name: value for name, value in linked.fields.items() if name not in draft}


def _district(value: str) -> str:
    return f"{district(whole_number(ascii_digits(value), 2) or 0).number}"


def _subject(value: str) -> str:
    code = value.lower()
    return subject(_ALSO.get(code, code)).code
