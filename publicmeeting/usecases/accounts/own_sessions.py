"""Her own sign-ins: on which devices she is signed in, and ending them one by one."""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, usecase


class EndSession(Command):
    """A sign-in by its handle (`OwnSession.handle`)."""

    session: str


@usecase(Role.CITIZEN)
def end_session(uow: UnitOfWork, actor: Actor, command: EndSession, _now: datetime) -> None:
    """End one of her own sign-ins; its open pages close at once.

    Denied("session_gone") where it has ended already, and for everybody else's.
    """
    if not uow.sessions.end_own(actor, command.session):
        raise Denied("session_gone")
    uow.publish(f"person:{actor.person_id}")


@usecase(Role.CITIZEN)
def end_other_sessions(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """End all but this one; gives how many."""
    uow.publish(f"person:{actor.person_id}")
    return uow.sessions.end_others(actor)
