"""A mayor's or deputy's own signature, drawn once, and own order texts."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.kit.letters import clean
from publicmeeting.store.orders.papers import Signature, Template
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, checked_note, own_account, usecase
from publicmeeting.usecases.orders.paper.drafts import check_owner

TEMPLATES_MOST = 20
TITLE_MOST = 60
SIGNATURE_MOST = 60_000
"""Maximum characters of a signature's strokes, which are read for every sheet."""


@dataclass(frozen=True, slots=True)
class OrderProfile:
    """Own signature and texts; `district` heads the page, `owner` identifies its owner.

    `drafts.check_owner` checks the owner.
    """

    name: str
    owner: str
    district: int
    signature: Signature | None
    templates: tuple[Template, ...]
    now: datetime


@usecase(*MEETING)
def order_profile(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> OrderProfile:
    """Return the actor's own profile."""
    account = own_account(actor)
    return OrderProfile(
        actor.name,
        uow.unfinished.owner(account),
        min(actor.districts(*MEETING), default=0),
        uow.signing.signature(account),
        uow.signing.templates(account),
        now,
    )


class OwnPage(Command):
    """A page; `owner` is `OrderProfile.owner` of the page that was pressed."""

    owner: str = ""


class Sign(OwnPage):
    """A signature; `ink` is JSON as in `domain.orders.ink`."""

    ink: str


@usecase(*MEETING)
def sign(uow: UnitOfWork, actor: Actor, command: Sign, now: datetime) -> None:
    """Save this signature; it is on every sheet signed from now on.

    Raises Invalid `signature_empty`, `signature_too_long`, `ink_unreadable` for the field `ink`;
    Denied `other_official` for one drawn on another official's page.
    """
    check_owner(uow, actor, command.owner)
    if not command.ink:
        raise Invalid("signature_empty", field="ink")
    if len(command.ink) > SIGNATURE_MOST:
        raise Invalid("signature_too_long", field="ink")
    read_ink(command.ink)
    uow.signing.sign(own_account(actor), command.ink, now)


@usecase(*MEETING)
def unsign(uow: UnitOfWork, actor: Actor, command: OwnPage, _now: datetime) -> None:
    """Remove the signature: new sheets have only the printed name; issued ones stay.

    Denied `other_official` on another official's page.
    """
    check_owner(uow, actor, command.owner)
    uow.signing.unsign(own_account(actor))


class KeepTemplate(OwnPage):
    title: str
    text: str


@usecase(*MEETING)
def keep_template(uow: UnitOfWork, actor: Actor, command: KeepTemplate, now: datetime) -> Template:
    """Store a text for later use, replacing one with the same title.

    Raises Invalid `template_untitled`, `template_title_long`, `template_empty`, `text_too_long`;
    Denied `templates_full` (fact: limit), `other_official` for one written on another official's
    page.
    """
    check_owner(uow, actor, command.owner)
    title, text = clean(command.title), checked_note(command.text, "text")
    if not text:
        raise Invalid("template_empty", field="text")
    if not title:
        raise Invalid("template_untitled", field="title")
    if len(title) > TITLE_MOST:
        raise Invalid("template_title_long", field="title", limit=TITLE_MOST, length=len(title))
    account = own_account(actor)
    uow.advisory_lock(f"templates/{account}")
    for template in uow.signing.templates(account):
        if template.title == title:
            uow.signing.drop_template(account, template.id)
    if uow.signing.count_templates(account) >= TEMPLATES_MOST:
        raise Denied("templates_full", limit=TEMPLATES_MOST)
    return uow.signing.keep_template(account, title, text, now)


class OneTemplate(Command):
    id: str


@usecase(*MEETING)
def drop_template(uow: UnitOfWork, actor: Actor, command: OneTemplate, _now: datetime) -> None:
    """Delete a text; do nothing for a missing one or somebody else's."""
    uow.signing.drop_template(own_account(actor), command.id)
