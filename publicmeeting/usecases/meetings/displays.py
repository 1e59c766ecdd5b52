"""The screens of a hall: the reception makes and ends them, a television shows them.

A screen has no account. Its key stands behind the `#` of its address, where no server sees it, or
is typed once; it is stored as a hash and opens the numbers of one hall, and its changing code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.halls import KEY_DIGITS, HallClip, HallDisplay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.meetings.hall import HallScreen, screen_of
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over

STAYS = timedelta(days=180)
"""Half a year: a key that was read off a screen does not open its hall for ever."""
DISPLAYS_MOST = 5


@dataclass(frozen=True, slots=True)
class HallSettings:
    """What a reception sets in its hall."""

    district: int
    displays: tuple[HallDisplay, ...]
    clips: dict[str, HallClip]
    """Clip → the district's own recording."""


@dataclass(frozen=True, slots=True)
class MadeDisplay:
    district: int
    key: str
    """Shown once."""
    expires_at: datetime


class OneDisplay(Command):
    """A screen by the id that the settings name it with."""

    display: str


class HallKey(Query):
    """`key`: as it came or was typed; blanks and digits of any script."""

    district: int
    key: str


@usecase(Role.RECEPTION)
def hall_settings(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> HallSettings:
    """Of the reception's own district."""
    district = district_of(actor, 0, Role.RECEPTION)
    displays = tuple(uow.halls.displays(district))
    return HallSettings(district, displays, uow.halls.clips(district))


@usecase(Role.RECEPTION)
def make_display(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> MadeDisplay:
    """Denied("displays_many") above `DISPLAYS_MOST`."""
    district = district_of(actor, 0, Role.RECEPTION)
    uow.halls.lock(district)
    if len(uow.halls.displays(district)) >= DISPLAYS_MOST:
        raise Denied("displays_many")
    key = uow.halls.make_display(district, actor.account_id or "", STAYS)
    return MadeDisplay(district, key, uow.machine_now + STAYS)


@usecase(Role.RECEPTION)
def end_display(uow: UnitOfWork, actor: Actor, command: OneDisplay, _now: datetime) -> None:
    """Its key opens nothing from now on, and the screen says so within seconds.

    Denied("not_found") for another hall's.
    """
    district = district_of(actor, 0, Role.RECEPTION)
    if not uow.halls.end_display(district, command.display):
        raise Denied("not_found")
    uow.publish(hall_topic(district))


@usecase(*ANYONE)
def open_display(uow: UnitOfWork, actor: Actor, command: HallKey, _now: datetime) -> HallDisplay:
    """The screen of a key. Denied("hall_key_unknown") alike for a wrong key, another hall's, an
    ended and an expired one; `hall_key_often` after too many from one address."""
    del actor
    address = uow.origin.address
    if is_over(uow, Limit.HALL_KEY_ADDRESS, address):
        raise over(uow, Limit.HALL_KEY_ADDRESS, address)
    found = _display(uow, command)
    if found is None:
        uow.after_refusal.append(lambda later: _count(later, address))
        raise Denied("hall_key_unknown")
    return found


@usecase(*ANYONE)
def hall_news(uow: UnitOfWork, actor: Actor, command: HallKey, now: datetime) -> HallScreen | None:
    """What the screen of this key shows; None while no Monday lies ahead of the district.

    Denied("hall_key_unknown") as for `open_display`.
    """
    del actor
    if _display(uow, command) is None:
        raise Denied("hall_key_unknown")
    # It sees its hall as the reception does, and has opened no case: no name is known to it.
    screen = Actor(grants=(Grant(Role.RECEPTION, command.district),))
    try:
        return screen_of(uow, screen, command.district, now)
    except Denied as refusal:
        if refusal.key == "no_monday":
            return None
        raise


def _display(uow: UnitOfWork, command: HallKey) -> HallDisplay | None:
    key = "".join(ascii_digits(command.key[: KEY_DIGITS * 4]).replace("-", " ").split())
    if len(key) != KEY_DIGITS or not key.isdecimal():
        return None
    return uow.halls.display(command.district, key)


def _count(uow: UnitOfWork, address: str) -> None:
    count(uow, Limit.HALL_KEY_ADDRESS, address)
