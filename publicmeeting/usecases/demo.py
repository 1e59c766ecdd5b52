"""The demo's own use cases: sign-in as an invented person with one tap, and the next instants.

Sign-ins work only in a database that the seeder has marked, which the database of a real city never
is. The demo bar jumps to the next instants of the city's week.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from publicmeeting.domain.calendar import mondays
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import SeatState
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OVER, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.meetings.agenda import ADay, day_of
from publicmeeting.usecases.meetings.in_hall.standby import drawn_places

MARK = "demo"
DISTRICT = 6
"""District in which the demo begins; after a visitor has filed, her district replaces it."""
NEWEST = "citizen/newest"
OFFICIALS = (Role.DESK, Role.RECEPTION, Role.MAYOR, Role.UNIT)
ADMITTING = (Role.RECEPTION, Role.MAYOR)
"""Roles that admit citizens by their cards, which no visitor of the demo has."""
OF_THE_CITY = (Role.PHONE, Role.OVERSEER, Role.ADMINISTRATOR)
"""Officials who belong to no district."""
STAGES = (Stage.INVITED, Stage.CONFIRMED, Stage.WAITING, Stage.NEEDS_INFO, Stage.FOLLOW_UP)
PLAYED: tuple[Stage | OrderStage, ...] = (*STAGES, OrderStage.REPORTED, Stage.CLOSED)
"""Stages that can be played, each by another citizen. The oldest closed case may be erased."""


@dataclass(frozen=True, slots=True)
class Playable:
    """Somebody who can be played. `who` is a role's name or `citizen/STAGE`.

    A citizen without a stage is the one who filed last.
    """

    who: str
    role: Role
    stage: Stage | OrderStage | None
    district: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """The identity card that the holder of a seat would show at the door."""

    time: str
    """Start time of her seat; empty for a standby, who has no seat yet."""
    name: str
    identity: str
    standby: int = 0
    """Her place in the drawn standby list, from 1; 0 for the holder of a seat."""


def mark_demo(uow: UnitOfWork, city_now: datetime) -> None:
    """Mark the database as a demo city; `city_now` is the instant at which the seeded weeks end.

    Only the seeder calls this.
    """
    uow.facts.put(MARK, city_now.isoformat())


def _filed_here(uow: UnitOfWork) -> RequestLine | None:
    """Return the newest request that a visitor filed, as opposed to the seeder."""
    mark = uow.facts.get(MARK)
    return uow.lists.newest(datetime.fromisoformat(mark)) if mark else None


@usecase(*ANYONE)
def playable(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime
) -> tuple[Playable, ...]:
    """List everybody who can be played here; empty in a real city."""
    if uow.facts.get(MARK) is None:
        return ()
    filed = _filed_here(uow)
    place = filed.district if filed else DISTRICT
    own = [Playable(NEWEST, Role.CITIZEN, None, place)] if filed else []
    citizens = [
        Playable(f"citizen/{stage.value}", Role.CITIZEN, stage, DISTRICT)
        for stage in PLAYED
        if _someone(uow, stage)
    ]
    officials = [Playable(role.value, role, None, place) for role in OFFICIALS]
    officials += [
        Playable(role.value, role, None, None)
        for role in OF_THE_CITY
        if uow.accounts.with_role(role)
    ]
    return (*own, *officials, *citizens)


class Play(Command):
    who: str


@usecase(*ANYONE)
def play(uow: UnitOfWork, _actor: Actor, command: Play, _now: datetime) -> tuple[str, str]:
    """Return the cookie of a new session, and the code of the request to open, if there is one.

    Denied("not_found") in a real city, or when no such person exists.
    """
    if uow.facts.get(MARK) is None:
        raise Denied("not_found")
    filed = _filed_here(uow)
    place = filed.district if filed else DISTRICT
    account = _account(uow, command.who, place)
    if account is not None:
        return uow.sessions.open_for_account(account, Door.DEMO), ""
    kind, _, name = command.who.partition("/")
    stage = next((played for played in PLAYED if kind == "citizen" and played.value == name), None)
    found = _someone(uow, stage) if stage else None
    if command.who == NEWEST and filed:
        found = (filed.person_id, filed.code)
    if found is None:
        raise Denied("not_found")
    person_id, code = found
    person = uow.people.get(person_id)
    if person.mobile is None:
        raise Denied("not_found")
    session = uow.sessions.open_for_mobile(person.mobile, Door.DEMO)
    # The visitor has no card from which to type four digits, and has already chosen the person.
    uow.sessions.act_for(Actor(session_id=sha("session", session)), person.id)
    return session, code


def _account(uow: UnitOfWork, who: str, place: int) -> Account | None:
    """Return the official of this role; of several, the one with most grants, who can show most."""
    role = next((role for role in (*OFFICIALS, *OF_THE_CITY) if role.value == who), None)
    found = uow.accounts.with_role(role) if role else []
    if role in OFFICIALS:
        found = [account for account in found if _works_in(account, place)]
    return max(found, key=lambda account: len(account.grants), default=None)


def _works_in(account: Account, place: int) -> bool:
    here = f"d{place:02d}-"
    return any(
        grant.district == place or (grant.unit_id or "").startswith(here)
        for grant in account.grants
    )


def _someone(uow: UnitOfWork, stage: Stage | OrderStage) -> tuple[str, str] | None:
    """Return the id and tracking code of a citizen at this stage, first of the demo's district."""
    if isinstance(stage, OrderStage):
        orders = uow.orders.listed(stages=(stage,), limit=50)
        orders.sort(key=lambda order: order.district != DISTRICT)
        return (orders[0].person_id, orders[0].request_code) if orders else None
    lines = uow.lists.requests(Filter(stages=(stage,)), limit=50)
    if stage in OVER:  # the oldest may be erased, in any district
        lines.sort(key=lambda line: line.stage_at)
    else:
        lines.sort(key=lambda line: line.district != DISTRICT)
    # A person without a mobile cannot sign in.
    reached = (line for line in lines if uow.people.get(line.person_id).mobile is not None)
    found = next(reached, None)
    return (found.person_id, found.code) if found else None


@usecase(*ADMITTING)
def cards(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> tuple[Card, ...]:
    """List the cards of those who may still be admitted on the district's current or next Monday.

    Holders of seats come first, by time, then the first standbys. Denied("not_found") in a real
    city, where citizens bring their own cards.
    """
    if uow.facts.get(MARK) is None:
        raise Denied("not_found")
    day = day_of(uow, actor, ADay(), now, *ADMITTING)
    seated = [
        _card(uow, seat.request_id, time=seat.time)
        for seat in uow.seats.assigned(day.district, day.on)
        if seat.state in _STILL_ADMITTED
    ]
    waiting = islice(drawn_places(uow, day.district, day.on), _STANDBYS)
    return (*seated, *(_card(uow, request_id, standby=place) for request_id, place in waiting))


_STILL_ADMITTED = frozenset({SeatState.HELD, SeatState.MISSED})
"""Seat states in which reception may still admit; a citizen who missed her seat may come late."""
_STANDBYS = 3
"""How many standbys to list: enough to show that the first one present gets a free seat."""


def _card(uow: UnitOfWork, request_id: str, time: str = "", standby: int = 0) -> Card:
    person = uow.people.get(uow.requests.by_id(request_id).person_id)
    return Card(time, person.name, person.identity, standby)


# People known to the demo's invented sign-on provider: two newcomers, and one who has filed.


class DemoKind(StrEnum):
    """Which case of signing in a demo person shows."""

    NEW = "new"
    WITHOUT_MOBILE = "without_mobile"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person at the demo's provider. `mobile` is E.164 or empty; `key` is the provider's id."""

    kind: DemoKind
    identity: str
    name: str
    mobile: str = ""

    @property
    def key(self) -> str:
        return self.kind.value


_NEWCOMERS = (
    DemoPerson(DemoKind.NEW, "0076229645", "نرگس کاویانی", "+989350001401"),
    DemoPerson(DemoKind.WITHOUT_MOBILE, "0013542419", "یوسف بهرامی"),
)


@usecase(*ANYONE)
def demo_people(
    uow: UnitOfWork, _actor: Actor, _query: Nothing, _now: datetime
) -> tuple[DemoPerson, ...]:
    """List the people known to the demo's provider. Denied("not_found") in a real city."""
    if uow.facts.get(MARK) is None:
        raise Denied("not_found")
    for stage in STAGES:
        lines = uow.lists.requests(Filter(stages=(stage,)), limit=50)
        lines.sort(key=lambda line: line.district != DISTRICT)
        for line in lines:
            person = uow.people.get(line.person_id)
            if person.mobile:
                known = DemoPerson(DemoKind.KNOWN, person.identity, person.name, person.mobile)
                return (*_NEWCOMERS, known)
    return _NEWCOMERS


_WEEKS = 3
_MEETINGS_BEGIN = "09:00"


class Moment(StrEnum):
    FREEZE = "freeze"
    REVEALS = "reveals"
    """The sealed values are being revealed."""
    SEALED = "sealed"
    """Reveals are closed, and the late value is awaited."""
    VALUE = "value"
    """The late value may be entered."""
    DRAW = "draw"
    ANSWER_BY = "answer_by"
    STANDBY_UNTIL = "standby_until"
    MEETINGS = "meetings"
    """The Monday morning on which the district's doors open."""


@dataclass(frozen=True, slots=True)
class NamedInstant:
    """A moment and its instant, a minute after the event, so that it has happened by then."""

    moment: Moment
    at: datetime


@usecase(*ANYONE)
def named_instants(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[NamedInstant, ...]:
    """Return the next instant of each moment, earliest first.

    A witness whose hours are skipped is named as silent, without any loss.
    """
    coming: dict[Moment, datetime] = {}
    for monday in mondays(tehran_day(now), _WEEKS):
        if uow.city.rules_on(monday) is None:
            continue
        week = week_of(uow, monday)
        minute = timedelta(minutes=1)
        for moment, at in (
            (Moment.FREEZE, week.freeze_at + minute),
            *_ceremony(week),
            (Moment.ANSWER_BY, week.answer_by + minute),
            (Moment.STANDBY_UNTIL, week.standby_until + minute),
            (Moment.MEETINGS, at_tehran(monday, _MEETINGS_BEGIN)),
        ):
            if at > now:
                coming.setdefault(moment, at)
    return tuple(
        NamedInstant(moment, at) for moment, at in sorted(coming.items(), key=lambda pair: pair[1])
    )


def _ceremony(week: Week) -> list[tuple[Moment, datetime]]:
    """Return instants of reveals, late value and draw of one Monday."""
    minute = timedelta(minutes=1)
    day = week.value_days[0]
    return [
        (Moment.REVEALS, week.reveals_from + minute),
        (Moment.SEALED, week.reveals_until + minute),
        (Moment.VALUE, week.value_from(day) + minute),
        (Moment.DRAW, week.value_until(day) + minute),
    ]
