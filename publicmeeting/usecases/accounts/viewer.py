"""Who is signed in, for the frames of pages, and in which of several districts he works."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.districts import DISTRICTS, unit_place
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see
from publicmeeting.domain.roles import MEETING, STAFF, Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.accounts.sessions import session_topic
from publicmeeting.store.database.repository import CITY
from publicmeeting.store.line.seats import line_topic
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_topic
from publicmeeting.usecases.base import ANYONE, Command, Nothing, OneCase, usecase

# Of several districts an official works in one at a time: whoever stands in for a colleague has
# his own counter still.


class WorkIn(Command):
    district: int


@usecase(*STAFF)
def work_in(uow: UnitOfWork, actor: Actor, command: WorkIn, _now: datetime) -> None:
    """Every page of this sign-in is of that district from now on, where it is of one; not those of
    other devices. Denied("not_found") for a district in which he works in no office."""
    if command.district not in own_districts(actor) or actor.session_id is None:
        raise Denied("not_found")
    uow.sessions.work_in(actor.session_id, command.district)
    uow.publish(session_topic(actor.session_id))  # its other tabs show the district they act in


def own_districts(actor: Actor) -> frozenset[int]:
    """Where he has a desk, a reception, a table of Mondays or a unit."""
    units = frozenset(unit_place(unit)[0] for unit in actor.units())
    return actor.districts(Role.DESK, Role.RECEPTION, *MEETING) | units


def here(actor: Actor) -> int:
    """The district his pages are of: what he has chosen, else the lowest; 0 where he has none."""
    own = own_districts(actor)
    return actor.at if actor.at in own else min(own, default=0)


def elsewhere_than_here(actor: Actor) -> tuple[int, ...]:
    """Where else he could work: lists of desks and of units show all of his districts anyway."""
    halls, desks = actor.districts(Role.RECEPTION, *MEETING), actor.districts(Role.DESK)
    units = frozenset(unit_place(unit)[0] for unit in actor.units())
    inboxes = desks | units if desks and units else frozenset[int]()
    orders = halls | desks if actor.has(*MEETING) else halls
    found = frozenset[int]().union(*(one for one in (orders, inboxes) if len(one) > 1))
    return tuple(sorted(found - {here(actor)}))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Names are for the person herself; `now` is city time."""

    name: str
    roles: tuple[Role, ...]
    district: int | None
    is_citizen: bool
    has_mobile: bool
    now: datetime
    elsewhere: tuple[int, ...] = ()
    """The other districts an official with several could work in (`work_in`)."""


@usecase(*ANYONE)
def viewer(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> Viewer:
    """The signed-in person or account; without a session a viewer with no name and no roles."""
    if actor.account_id:
        districts = sorted({g.district for g in actor.grants if g.district})
        units = [uow.city.unit(unit) for unit in actor.units()]
        own = districts or [unit.district for unit in units if unit]
        roles = tuple(dict.fromkeys(g.role for g in actor.grants))
        elsewhere = elsewhere_than_here(actor)
        home = own[0] if own else None
        return Viewer(actor.name, roles, home, False, False, now, elsewhere)  # noqa: FBT003
    name = uow.people.get(actor.person_id).name if actor.person_id else ""
    has_mobile = uow.sessions.mobile(actor) is not None
    roles = tuple(g.role for g in actor.grants)
    return Viewer(name, roles, None, actor.person_id is not None, has_mobile, now)


@usecase(*ANYONE)
def topics_of(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> tuple[str, ...]:
    """The topics of a page about one request, for whoever may see it; for its citizen also its
    district's line, and on the day of her seat whatever happens there: who goes in moves her own
    hour. A stranger who knows its code is not notified of it."""
    topic = f"request:{command.code}"
    found = uow.requests.find(command.code)
    if found is None or not can_see(actor, found):
        return ()
    if not actor.person_id or found.person_id != actor.person_id:
        return (topic,)
    is_today = found.seat is not None and found.seat.monday == tehran_day(now)
    day = (f"district:{found.district}",) if is_today else ()
    return (topic, line_topic(found.district), *day)


@usecase(*ANYONE)
def own_topics(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> tuple[str, ...]:
    """The topics of this viewer: her own cases, or the districts and units of an official."""
    units = [unit for one in sorted(actor.units()) if (unit := uow.city.unit(one))]
    districts = {g.district for g in actor.grants if g.district} | {u.district for u in units}
    if actor.has(Role.PHONE):  # whose list is the whole city's
        districts |= {district.number for district in DISTRICTS}
    return (
        *((f"person:{actor.person_id}",) if actor.person_id else ()),
        *((account_topic(actor.account_id),) if actor.account_id else ()),
        *((session_topic(actor.session_id),) if actor.account_id and actor.session_id else ()),
        *(f"district:{number}" for number in sorted(districts)),
        *(hall_topic(number) for number in sorted(districts)),
        *(f"unit:{unit.id}" for unit in units),
        *((CITY,) if actor.has(Role.OVERSEER) else ()),
    )
