"""Of several districts an official works in one at a time: whoever stands in for a colleague has
his own counter still."""

from datetime import datetime

from publicmeeting.domain.districts import unit_place
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import MEETING, STAFF, Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase


class WorkIn(Command):
    district: int


@usecase(*STAFF)
def work_in(uow: UnitOfWork, actor: Actor, command: WorkIn, _now: datetime) -> None:
    """Every page of this sign-in is of that district from now on, where it is of one; not those of
    other devices. Denied("not_found") for a district in which he works in no office."""
    if command.district not in own_districts(actor) or actor.session_id is None:
        raise Denied("not_found")
    uow.sessions.work_in(actor.session_id, command.district)


def own_districts(actor: Actor) -> frozenset[int]:
    """Where he has a desk, a reception, a table of Mondays or a unit."""
    units = frozenset(unit_place(one)[0] for one in actor.units())
    return actor.districts(Role.DESK, Role.RECEPTION, *MEETING) | units


def here(actor: Actor) -> int:
    """The district his pages are of: what he has chosen, else the lowest; 0 where he has none."""
    own = own_districts(actor)
    return actor.at if actor.at in own else min(own, default=0)


def elsewhere_than_here(actor: Actor) -> tuple[int, ...]:
    return tuple(sorted(own_districts(actor) - {here(actor)}))
