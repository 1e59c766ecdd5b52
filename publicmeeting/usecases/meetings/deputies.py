"""Who holds a Monday: the mayor herself, or a deputy she names for that day."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import end_of_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.meetings.agenda import ADay, day_of, named_day


class NameHolder(ADay):
    """`account` is one of `holders`; her own takes the day back. `district`: whose page
    it was chosen on."""

    account: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may hold the Mondays of the district."""

    account_id: str
    name: str
    role: Role
    holds: bool
    """Named for this Monday; without anybody named it is the mayor's."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Of one Monday; `people` are the mayor and her deputies."""

    district: int
    on: date
    people: tuple[Holder, ...]


@usecase(Role.MAYOR)
def holders(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> Holders:
    """Who may hold a Monday. Denied("not_found") for another district."""
    day = day_of(uow, actor, command, now, Role.MAYOR)
    return Holders(day.district, day.on, _holders(uow, day))


@usecase(Role.MAYOR)
def name_holder(
    uow: UnitOfWork, actor: Actor, command: NameHolder, now: datetime
) -> tuple[Holder, ...]:
    """Only who is named, and the mayor, may order and finish on that day.

    Denied("too_late") once the day is over; Invalid("holder_unknown") for anybody else.
    """
    day = named_day(uow, actor, command, now, Role.MAYOR)
    if now >= end_of_day(day.on):
        raise Denied("too_late")
    if command.account not in {holder.account_id for holder in _holders(uow, day)}:
        raise Invalid("holder_unknown", field="account")
    uow.city.set_monday(day.district, day.on, held_by=command.account)
    return _holders(uow, day_of(uow, actor, command, now, Role.MAYOR))


@usecase(Role.RECEPTION, *MEETING)
def day_holder(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> Holder | None:
    """Whom the citizens of this Monday will meet; None while the district has no mayor's account.

    Denied("not_found") for another district.
    """
    return next(
        (holder for holder in _holders(uow, day_of(uow, actor, command, now)) if holder.holds), None
    )


def _holders(uow: UnitOfWork, day: Monday) -> tuple[Holder, ...]:
    found = [
        Holder(account.id, account.name, role, account.id == day.held_by)
        for role in MEETING
        for account in uow.accounts.with_role(role, day.district)
    ]
    if not any(holder.holds for holder in found):
        return tuple(Holder(o.account_id, o.name, o.role, o.role is Role.MAYOR) for o in found)
    return tuple(found)
