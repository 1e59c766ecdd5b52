"""Who is signed in, for page frames and open pages, and in which district an official works."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.districts.city import DISTRICTS, unit_place
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
from publicmeeting.usecases.lifecycle.case_access import works_in
from publicmeeting.usecases.line.rules import AGREE, RULES_TOPIC

# An official with several districts works in one at a time: while standing in for a colleague he
# still has his own counter.


class WorkIn(Command):
    district: int


@usecase(*STAFF)
def work_in(uow: UnitOfWork, actor: Actor, command: WorkIn, _now: datetime) -> None:
    """Make this district the one that all pages of this sign-in show; other devices keep theirs.

    Denied("not_found") for a district in which the actor has no office.
    """
    if command.district not in own_districts(actor) or actor.session_id is None:
        raise Denied("not_found")
    uow.sessions.work_in(actor.session_id, command.district)
    uow.publish(session_topic(actor.session_id))  # other tabs show the district in which they act


def own_districts(actor: Actor) -> frozenset[int]:
    """Return the districts in which the actor has a desk, a reception, a Monday or a unit."""
    units = frozenset(unit_place(unit)[0] for unit in actor.units())
    return actor.districts(Role.DESK, Role.RECEPTION, *MEETING) | units


def here(actor: Actor) -> int:
    """Return the district of the actor's pages; 0 if he has none."""
    return works_in(actor, own_districts(actor))


def other_districts(actor: Actor) -> tuple[int, ...]:
    """Return other districts to which he could switch.

    Lists of desks and of units show all of his districts anyway.
    """
    halls, desks = actor.districts(Role.RECEPTION, *MEETING), actor.districts(Role.DESK)
    units = frozenset(unit_place(unit)[0] for unit in actor.units())
    inboxes = desks | units if desks and units else frozenset[int]()
    orders = halls | desks if actor.has(*MEETING) else halls
    found = frozenset[int]().union(*(one for one in (orders, inboxes) if len(one) > 1))
    return tuple(sorted(found - {here(actor)}))


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person or account, shown to herself; `now` is city time."""

    name: str
    roles: tuple[Role, ...]
    district: int | None
    is_citizen: bool
    has_mobile: bool
    now: datetime
    elsewhere: tuple[int, ...] = ()
    """Other districts in which an official with several could work (`work_in`)."""


@usecase(*ANYONE)
def viewer(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> Viewer:
    """Return the signed-in person or account; without a session no name and no roles."""
    if actor.account_id:
        districts = sorted({g.district for g in actor.grants if g.district})
        units = [uow.city.unit(unit) for unit in actor.units()]
        own = districts or [unit.district for unit in units if unit]
        roles = tuple(dict.fromkeys(g.role for g in actor.grants))
        elsewhere = other_districts(actor)
        home = own[0] if own else None
        return Viewer(actor.name, roles, home, False, False, now, elsewhere)  # noqa: FBT003
    name = uow.people.get(actor.person_id).name if actor.person_id else ""
    has_mobile = uow.sessions.mobile(actor) is not None
    roles = tuple(g.role for g in actor.grants)
    return Viewer(name, roles, None, actor.person_id is not None, has_mobile, now)


@usecase(*ANYONE)
def topics_of(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> tuple[str, ...]:
    """Return the topics of a page about one request, for an actor who may see it.

    For its citizen this includes her district's line and, on the day of her seat, everything in her
    district, because others going in moves her time. A stranger who knows the code is not notified.
    """
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
    """Return the topics of this viewer: her own cases, or an official's districts and units."""
    units = [unit for unit_id in sorted(actor.units()) if (unit := uow.city.unit(unit_id))]
    districts = {g.district for g in actor.grants if g.district} | {u.district for u in units}
    if actor.has(Role.PHONE):  # whose list is the whole city
        districts |= {district.number for district in DISTRICTS}
    return (
        *((f"person:{actor.person_id}",) if actor.person_id else ()),
        *((account_topic(actor.account_id),) if actor.account_id else ()),
        *((session_topic(actor.session_id),) if actor.account_id and actor.session_id else ()),
        *(f"district:{number}" for number in sorted(districts)),
        *(hall_topic(number) for number in sorted(districts)),
        *(f"unit:{unit.id}" for unit in units),
        *((CITY,) if actor.has(Role.OVERSEER) else ()),
        *((RULES_TOPIC,) if actor.has(*AGREE) else ()),
    )
