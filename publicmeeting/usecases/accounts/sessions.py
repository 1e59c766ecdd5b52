"""Sessions of browsers: which are open, prolonged, ended, and what a sign-in replaces."""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.sessions import Holder, Keys
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase


class PresentedCookies(Query):
    """Cookies as a browser sent them."""

    session: str = ""
    visit: str = ""


@usecase(*ANYONE)
def page_holder(uow: UnitOfWork, _actor: Actor, query: PresentedCookies, _now: datetime) -> Holder:
    """Return whose pages the browser with these cookies shows; never refused."""
    return uow.sessions.holder(Keys(query.session, query.visit))


class OpenSessions(Query):
    """Ids of the sessions with which open pages were opened."""

    ids: tuple[str, ...]


@usecase(*ANYONE)
def ended_sessions(
    uow: UnitOfWork, _actor: Actor, query: OpenSessions, _now: datetime
) -> frozenset[str]:
    """Return the sessions that have ended; for this process's own pages, which show no ids."""
    return frozenset(query.ids) - uow.sessions.still_open(query.ids)


@usecase(*ANYONE)
def prolong_session(_uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> None:
    """Prolong the session of a person who is at her page, as executing any command does."""


@usecase(*ANYONE)
def has_just_come_in(uow: UnitOfWork, actor: Actor, _query: Nothing, _now: datetime) -> bool:
    """Return whether this browser was signed in within the last minute."""
    return uow.sessions.has_just_come_in(actor)


class ReplaceVisit(Command):
    """The browser's session before the sign-in, and its new visit."""

    before: str
    visit: str


@usecase(*ANYONE)
def replace_visit(uow: UnitOfWork, actor: Actor, command: ReplaceVisit, _now: datetime) -> None:
    """End the browser's old session after a sign-in, and give its visit a new name.

    Somebody who knew the old name cannot use the new one. Drafts and tracking grants of the old
    visit move along.
    """
    if command.before:
        uow.sessions.end(command.before, but=actor.session_id)
    if actor.visit and actor.account_id is None:
        visit = sha("visit", command.visit)
        uow.drafts.move(actor.visit, visit)
        uow.tracks.move(actor.visit, visit)


# A citizen's own sign-ins: on which devices, and ending them one by one.


class EndSession(Command):
    """A sign-in, by its handle (`OwnSession.handle`)."""

    session: str


@usecase(Role.CITIZEN)
def end_session(uow: UnitOfWork, actor: Actor, command: EndSession, _now: datetime) -> None:
    """End one of her own sign-ins; its open pages close immediately.

    Denied("session_gone") if it has ended already, and for anybody else's.
    """
    if not uow.sessions.end_own(actor, command.session):
        raise Denied("session_gone")
    uow.publish(f"person:{actor.person_id}")


@usecase(Role.CITIZEN)
def end_other_sessions(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """End all of her sign-ins but this one; return how many."""
    uow.publish(f"person:{actor.person_id}")
    return uow.sessions.end_others(actor)
