"""Who holds a Monday: the mayor herself, or a deputy whom she names for that day."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import end_of_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.meetings.agenda import ADay, day_of, named_day


class NameHolder(ADay):
    """A choice of holder; `account` is one of `holders`, and the mayor's own takes the day back.

    `district` is the one whose page was used.
    """

    account: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may hold the Mondays of the district."""

    account_id: str
    name: str
    role: Role
    holds: bool
    """Whether she holds this Monday; with nobody named, the mayor does."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Possible holders of one Monday: the mayor and her deputies."""

    district: int
    on: date
    people: tuple[Holder, ...]


@usecase(Role.MAYOR)
def holders(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> Holders:
    """Return who may hold a Monday. Denied("not_found") for another district."""
    day = day_of(uow, actor, command, now, Role.MAYOR)
    return Holders(day.district, day.on, _holders(uow, day))


@usecase(Role.MAYOR)
def name_holder(
    uow: UnitOfWork, actor: Actor, command: NameHolder, now: datetime
) -> tuple[Holder, ...]:
    """Name the holder; only she and the mayor may order and finish on that day.

    Denied("too_late") when the day is over; Invalid("holder_unknown") for anybody else.
    """
    day = named_day(uow, actor, command, now, Role.MAYOR)
    if now >= end_of_day(day.on):
        raise Denied("too_late")
    if command.account not in {holder.account_id for holder in _holders(uow, day)}:
        raise Invalid("holder_unknown", field="account")
    uow.city.set_monday(day.district, day.on, held_by=command.account)
    uow.account_events.add_act(OfficeAct.HOLDER_NAMED, actor.account_id, day.on, day.district)
    return _holders(uow, day_of(uow, actor, command, now, Role.MAYOR))


@usecase(Role.RECEPTION, *MEETING)
def day_holder(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> Holder | None:
    """Return whom the citizens of this Monday will meet; Denied("not_found") for another
    district."""
    return holder_of(uow, day_of(uow, actor, command, now))


def holder_of(uow: UnitOfWork, day: Monday) -> Holder | None:
    """Return whom the citizens of a Monday will meet, by the roles of that day.

    None if there is no mayor's account, and no deputy named for the day.
    """
    return next((holder for holder in _holders(uow, day) if holder.holds), None)


def _holders(uow: UnitOfWork, day: Monday) -> tuple[Holder, ...]:
    found = [
        Holder(account.id, account.name, role, account.id == day.held_by)
        for role in MEETING
        for account in uow.accounts.with_role(role, day.district, day.on)
    ]
    if not any(holder.holds for holder in found):
        return tuple(Holder(o.account_id, o.name, o.role, o.role is Role.MAYOR) for o in found)
    return tuple(found)
