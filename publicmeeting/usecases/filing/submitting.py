"""Filing of a citizen's own request: draft, photos, person, submit."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts.city import district, subject
from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.lifecycle.advance import begin
from publicmeeting.domain.line.history import MISSED_MOST
from publicmeeting.domain.matter import WRITTEN, Matter, WrittenField, texts_of
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import (
    PERSONS_OF_A_MOBILE,
    IdentityKind,
    Level,
    parse_identity,
    parse_name,
)
from publicmeeting.domain.records import FILED_ABOUT, FILED_FOR, Filing, Person, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import last_tracking_code, salt, tracking_code
from publicmeeting.kit.digits import ascii_digits, is_number
from publicmeeting.kit.jalali import parts
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.filing import filing_text
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import ANYONE, Command, FormValidator, usecase
from publicmeeting.usecases.filing.anonymous import admit_draft
from publicmeeting.usecases.filing.lost import note_lost
from publicmeeting.usecases.line.mondays import close_line_before, has_line_closed_since
from publicmeeting.usecases.rate_limits import (
    RULES,
    Limit,
    count,
    count_first,
    is_over,
    over,
)
from publicmeeting.usecases.security_notes import mobile_mark, note

CODE_TRIES = 30
"""Random codes tried before free ones are looked up; hardly one in two years needs two."""
NEEDS = tuple(need.value for need in AccessNeed)
PREFERS = ("any", "early", "late")
FIELD_MOST = {
    "district": 2,
    "subject": 40,
    **{field.name: field.draft_most for field in WRITTEN},
    "needs": 80,
    "prefers": 10,
    "step": 1,
    "name": 120,
}
"""Maximum characters of each field of a draft; no other fields are stored.

Identity and mobile are never in a draft. A text too long to be filed is stored too, so that its
writer can shorten it.
"""
TYPED = frozenset({"name", *(field.name for field in WRITTEN)})
"""Fields into which people type; the others are chosen, so too long a value is forged."""
LINE_CLOSED = "line_closed_meanwhile"
"""Refusal of a filing whose line closed while it waited: its expected Monday has changed."""
AGAIN = timedelta(minutes=10)
"""Within this time pressing the same button again returns the same receipt."""

_log = logging.getLogger(__name__)


class SaveDraft(Command):
    fields: dict[str, str]


@usecase(*ANYONE, writes_draft=True)
def save_draft(uow: UnitOfWork, actor: Actor, command: SaveDraft, _now: datetime) -> None:
    """Save what was typed, even if it is not acceptable yet.

    A field longer than any draft's is refused whole. Denied("sign_in_first") if an anonymous
    visitor may not begin another draft.
    """
    if not actor.visit and not actor.person_id:
        raise Denied("not_ready")
    fields = {k: v for k, v in command.fields.items() if k in FIELD_MOST}
    for name, value in fields.items():
        if len(value) > FIELD_MOST[name]:
            raise _too_long(name, value)
    admit_draft(uow, actor)
    uow.drafts.save(actor, fields)


def _too_long(name: str, value: str) -> Invalid:
    if name not in TYPED:
        return Invalid("form_broken", field=name)
    limit = {field.name: field.most for field in WRITTEN}.get(name, FIELD_MOST[name])
    return Invalid("text_too_long", field=name, limit=limit, length=len(value))


class MatterForm(Command):
    """Step two as typed."""

    subject: str = ""
    title: str = ""
    text: str = ""


class Submit(MatterForm):
    """Everything of the four steps; photos are those of the draft."""

    district: str
    needs: tuple[str, ...] = ()
    prefers: str = "any"
    kind: str = IdentityKind.NATIONAL.value
    identity: str = ""
    """Empty if the session already acts for a person."""
    name: str = ""
    person: str = ""
    """Id of the person for whom the session acted at the review, if any.

    The request is for this person, whatever the other fields contain.
    """


@usecase(*ANYONE, writes_draft=True)
def submit(uow: UnitOfWork, actor: Actor, command: Submit, now: datetime) -> Request:
    """File the request and give it a tracking code and a ticket.

    Raises FormError with one refusal per field; Denied `session_ended` without a confirmed mobile;
    `review_changed` if the session now acts for another person than the page showed;
    `one_live_request` (fact: code); `identity_not_with_mobile`; `mobile_full`; `identity_not_now`
    after three `identity_not_with_mobile`.
    """
    mobile = uow.sessions.mobile(actor)
    if mobile is None and actor.person_id is None:
        raise Denied("session_ended")
    if command.person and command.person != actor.person_id:
        raise Denied("review_changed")
    checked = FormValidator()
    number = checked_district(checked, command.district)
    matter = checked_matter(checked, command)
    if not set(command.needs) <= set(NEEDS) or command.prefers not in PREFERS:
        raise Denied("form_broken")
    uow.drafts.lock(actor)  # a photo may arrive concurrently
    draft = uow.drafts.id(actor)
    uow.gather_writes()
    person = _person(uow, actor, command, mobile, checked)
    checked.done()
    assert number is not None
    assert person is not None
    uow.sessions.act_for(actor, person.id)
    acting = Actor(person_id=person.id, visit=actor.visit, session_id=actor.session_id)
    request = file_request(
        uow,
        acting,
        Role.CITIZEN,
        now,
        Filing(
            person=person,
            district=number,
            matter=matter,
            needs=command.needs,
            prefers=command.prefers,
        ),
    )
    if draft:
        if uow.drafts.may_have_images(draft):
            photos = [image.id for image in uow.images.of_draft(draft)]
            uow.images.attach(photos, actor, request_id=request.id)
        uow.drafts.drop(draft)
    return request


def file_request(
    uow: UnitOfWork,
    actor: Actor,
    role: Role,
    now: datetime,
    filing: Filing,
) -> Request:
    """Add a request, its ticket and its log entry.

    The same request pressed again returns the first one. Denied `one_live_request` (fact: code);
    `missed_twice` if she missed two meetings and nobody has seen her card since; `person_displaced`
    if the identity is proved to be another's; `filed_too_often` for filing and withdrawing
    repeatedly; `codes_used_up` if no tracking code of the district is left this year.
    `Unavailable(LINE_CLOSED)` if writing took so long that her line closed meanwhile.
    """
    person = filing.person
    is_new = uow.people.is_added(person.id)
    if is_new:  # nobody else knows her yet
        count_first(uow, Limit.FILINGS, person.id)
    else:
        uow.people.lock(person.id)
        if not uow.is_serialized:  # a desk may have seen her card meanwhile
            person = uow.people.get(person.id)
            filing = replace(filing, person=person)
        before = _filed_before(uow, now, filing)
        if before is not None:
            return before
        if is_over(uow, Limit.FILINGS, person.id):
            raise Denied("filed_too_often", limit=RULES[Limit.FILINGS].most)
        count(uow, Limit.FILINGS, person.id)
    close_line_before(uow, now)
    new_salt = salt()
    new_ticket = ticket(new_salt, person.identity, filing.district)
    # The event names what rows repeat, because rows can be changed.
    filed: dict[str, object] = {"district": filing.district, FILED_ABOUT: filing.matter.subject}
    if actor.person_id is None:
        filed[FILED_FOR] = person.id
    event = begin(Action.SUBMIT, actor, role, now, filed)
    request = uow.requests.add(
        filing,
        code=_code(uow, now, filing.district),
        salt=new_salt,
        ticket=new_ticket,
        filed_by=actor.account_id,
        event=event,
    )
    if not is_new:
        uow.people.match_soon(person.id)
    body = {
        "ticket": new_ticket,
        "district": filing.district,
        "by": role.value,
        "level": person.level.value,
        "prefers": filing.prefers,
    }
    uow.log.append(Kind.FILED, {**body}, now)
    if has_line_closed_since(uow, now, uow.log.dated(now)):
        raise Unavailable(LINE_CLOSED)  # pressed again, log and tables agree on the line
    return request


def stand_in_for_lost(uow: UnitOfWork, filed: Mapping[str, str | int], now: datetime) -> None:
    """Add a placeholder for a `filed` entry whose request was lost with a backup.

    Called by `worker/recovery.py`. By the log its ticket is in the line and will get seats. Here
    they lapse and pass on like any other, and a desk can end it. Nobody knows any more who filed
    it, so no card opens it: the ticket is stored as identity, and no document has such a number.
    She must file again.
    """
    name = filing_text.LOST_NAME
    person = uow.people.add(IdentityKind.PASSPORT, str(filed["ticket"]), name, None)
    matter = Matter(
        subject=filing_text.LOST_SUBJECT, title=filing_text.LOST_TITLE, text=filing_text.LOST_TEXT
    )
    number, role = int(filed["district"]), Role(str(filed["by"]))
    uow.requests.add(
        Filing(person=person, district=number, matter=matter, prefers=str(filed["prefers"])),
        code=_code(uow, now, number),
        salt=salt(),
        ticket=str(filed["ticket"]),
        filed_by=None,
        event=begin(Action.SUBMIT, Actor(), role, now, {"district": number}),
    )
    uow.log.append(Kind.FILED, {**filed}, now)
    note_lost(uow, now)


def _filed_before(uow: UnitOfWork, now: datetime, filing: Filing) -> Request | None:
    """Return the same request if it was just filed.

    If she may not file another, Denied `person_displaced`, `one_live_request`, or `missed_twice`.
    """
    person = filing.person
    if uow.people.is_displaced(person.id):
        raise Denied("person_displaced")
    live = uow.requests.live_code(person.id)
    if live:
        before = uow.requests.find(live)
        if before and is_same(before, filing) and now - before.filed_at < AGAIN:
            return before
        raise Denied("one_live_request", code=live)
    if person.level is not Level.VERIFIED and uow.requests.missed_of(person.id) >= MISSED_MOST:
        raise Denied("missed_twice")
    return None


def is_same(request: Request, filing: Filing) -> bool:
    """Return whether this is the same request, sent by pressing its button again."""
    own = filing.district, filing.matter.subject, texts_of(filing.matter)
    return (request.district, request.subject, texts_of(request)) == own


def checked_district(validator: FormValidator, typed: str) -> int | None:
    """Return the number of a district typed in any digits."""
    return validator.field("district", lambda v: district(int(v or 0)).number, _number(typed))


def checked_matter(validator: FormValidator, command: MatterForm) -> Matter:
    """Return subject and texts, cleaned; a refused length names the limit."""
    chosen = validator.field("subject", subject, command.subject)
    texts = {field.name: _checked_text(validator, field, command) for field in WRITTEN}
    return Matter(subject=chosen.code if chosen else "", **texts)


def too_long(texts: Mapping[str, str]) -> Iterator[Invalid]:
    """Yield what a draft holds that must be shortened before filing."""
    for field in WRITTEN:
        length = len(texts.get(field.name, ""))
        if length > field.most:
            yield Invalid("text_too_long", field=field.name, limit=field.most, length=length)


def _checked_text(validator: FormValidator, field: WrittenField, command: MatterForm) -> str:
    text = clean(getattr(command, field.name))
    if not text and field.least:
        validator.refuse(field.name, f"{field.name}_missing")
    elif text and len(text) < field.least:
        validator.refuse(field.name, "text_too_short", least=field.least, length=len(text))
    elif len(text) > field.most:
        validator.refuse(field.name, "text_too_long", limit=field.most, length=len(text))
    return text


def _person(
    uow: UnitOfWork, actor: Actor, command: Submit, mobile: str | None, checked: FormValidator
) -> Person | None:
    if actor.person_id and (command.person or not command.identity):
        return uow.people.get(actor.person_id)
    if mobile is None:  # her session proves only herself
        raise Denied("session_ended")
    if command.kind not in (IdentityKind.NATIONAL.value, IdentityKind.FOREIGN.value):
        raise Denied("form_broken")
    kind = IdentityKind(command.kind)
    identity = checked.field("identity", lambda v: parse_identity(kind, v), command.identity)
    name = checked.field("name", parse_name, command.name)
    if identity is None or name is None or checked.errors:
        return None
    return person_of_mobile(uow, kind, identity, name, mobile)


def person_of_mobile(
    uow: UnitOfWork, kind: IdentityKind, identity: str, name: str, mobile: str
) -> Person:
    """Return the person with this identity and this confirmed mobile, created if unknown.

    Denied `identity_not_with_mobile`, `mobile_full`, `identity_not_now` after three of the first.
    """
    uow.people.lock(identity, mobile)  # several persons may be added to a mobile at once
    known, served = uow.people.by_identity_and_served(kind.value, identity, mobile)
    if known is not None and known.mobile == mobile:
        return known
    # Check before the answer reveals whether she is known; otherwise anybody could find that out.
    if is_over(uow, Limit.IDENTITY_REFUSED, mobile):
        raise over(uow, Limit.IDENTITY_REFUSED, mobile)
    if served >= PERSONS_OF_A_MOBILE:
        raise Denied("mobile_full", limit=PERSONS_OF_A_MOBILE)
    if known is not None:
        # The answer never depends on who holds the identity or how it was proved. It reveals,
        # at most three times a day, that this mobile is not the right one, and nothing about her.
        uow.after_refusal.append(lambda later: count(later, Limit.IDENTITY_REFUSED, mobile))
        note(uow, SecurityKind.IDENTITY_REFUSED, mobile_mark(uow, mobile))
        raise Denied("identity_not_with_mobile")
    return uow.people.add(kind.value, identity, name, mobile, match_soon=True)


def _number(text: str) -> str:
    digits = ascii_digits(text).strip()
    return digits if is_number(digits, 2) else "0"


def _code(uow: UnitOfWork, now: datetime, district_number: int) -> str:
    """Return an unused code; the last free ones of a year and district are equally likely.

    Denied("codes_used_up") when none is left.
    """
    year = parts(tehran_day(now))[0]
    for _ in range(CODE_TRIES):
        code = tracking_code(year, district_number)
        if not uow.requests.code_taken(code):
            return code
    left = last_tracking_code(year, district_number, uow.requests.codes_beginning)
    if left is None:
        _log.error("the tracking codes of district %s are used up for this year", district_number)
        raise Denied("codes_used_up")
    return left
