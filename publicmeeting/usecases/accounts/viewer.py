"""Who is signed in, for page frames and open pages, and in which district an official works.

Also: which sessions have ended, and the new visit of a browser after a sign-in.
"""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.districts import DISTRICTS, unit_place
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see
from publicmeeting.domain.roles import MEETING, STAFF, Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.hashing import sha
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.accounts.sessions import Holder, Keys, session_topic
from publicmeeting.store.database.repository import CITY
from publicmeeting.store.line.seats import line_topic
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_topic
from publicmeeting.usecases.base import ANYONE, Command, Nothing, OneCase, Query, usecase

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
    """Return the district of the actor's pages: chosen, else the lowest; 0 if he has none."""
    own = own_districts(actor)
    return actor.at if actor.at in own else min(own, default=0)


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
    units = [unit for one in sorted(actor.units()) if (unit := uow.city.unit(one))]
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
    )


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
