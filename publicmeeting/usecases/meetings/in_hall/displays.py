"""The screens of a hall, created and ended by its reception, and the hall's own recordings.

A screen has no account. Its key is typed once, or follows the `#` of its address, which no server
sees. The key is stored as a hash. It opens the numbers of one hall and its changing code.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.meetings.voice import CLIPS
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.digits import bare, is_code
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.districts.halls import KEY_DIGITS, HallClip, HallDisplay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import district_named, district_of
from publicmeeting.usecases.meetings.in_hall.hall import HallScreen, screen_of
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over

STAYS = timedelta(days=180)
"""Half a year, so that a key read off a screen does not open the hall permanently."""
DISPLAYS_MOST = 5
_OTHER = "hall_key_other"
_TAG = 32
"""Length of a keyed hash in hexadecimal digits: 128 bits."""


@dataclass(frozen=True, slots=True)
class HallSettings:
    """Reception's settings of its hall."""

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


@dataclass(frozen=True, slots=True)
class OpenedDisplay:
    """An opened screen; `ticket` is key, hall and a keyed hash that proves the opening."""

    ticket: str
    expires_at: datetime


class OneHall(Command):
    """A hall; `district` of the settings that were read, 0 for the reception's only one."""

    district: int = 0


class OneDisplay(OneHall):
    """A screen, by its id in the settings."""

    display: str


class HallKey(Query):
    """A key as received or typed, with blanks and digits of any script, or a ticket."""

    district: int
    key: str


@usecase(Role.RECEPTION)
def hall_settings(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> HallSettings:
    """Return the settings of the reception's own district."""
    district = district_of(actor, 0, Role.RECEPTION)
    displays = tuple(uow.halls.displays(district))
    return HallSettings(district, displays, uow.halls.clips(district))


@usecase(Role.RECEPTION)
def make_display(uow: UnitOfWork, actor: Actor, command: OneHall, _now: datetime) -> MadeDisplay:
    """Create a screen and return its key; Denied("displays_many") above `DISPLAYS_MOST`."""
    district = district_named(actor, command.district, Role.RECEPTION)
    uow.halls.lock(district)
    if len(uow.halls.displays(district)) >= DISPLAYS_MOST:
        raise Denied("displays_many")
    key = uow.halls.make_display(district, actor.account_id or "", STAYS)
    return MadeDisplay(district, key, uow.machine_now + STAYS)


@usecase(Role.RECEPTION)
def end_display(uow: UnitOfWork, actor: Actor, command: OneDisplay, _now: datetime) -> None:
    """End a screen: its key opens nothing from now on, and the screen shows it within seconds.

    Denied("not_found") for a screen of another hall.
    """
    district = district_named(actor, command.district, Role.RECEPTION)
    if not uow.halls.end_display(district, command.display):
        raise Denied("not_found")
    uow.publish(hall_topic(district))


@usecase(*ANYONE)
def open_display(uow: UnitOfWork, _actor: Actor, command: HallKey, _now: datetime) -> OpenedDisplay:
    """Open the screen of a key.

    Denied("hall_key_unknown") for a wrong, ended or expired key, and for one of another hall;
    `hall_key_often` after too many tries from one address. A right key opens all the same.
    """
    address = uow.origin.address
    key = _key_in(uow, command)[0]
    found = _display(uow, command.district, key)
    if found is None:
        _refuse_often(uow)
        uow.after_refusal.append(lambda later: count(later, Limit.HALL_KEY_ADDRESS, address))
        raise Denied("hall_key_unknown")
    return OpenedDisplay(_ticket(uow, command.district, key), found.expires_at)


@usecase(*ANYONE)
def hall_news(uow: UnitOfWork, _actor: Actor, command: HallKey, now: datetime) -> HallScreen | None:
    """Return what the screen of this key shows; None while the district has no Monday ahead.

    Denied as in `open_display`. A ticket is no guess and meets no limit.
    Denied("hall_key_other", shown=district) for a ticket of another hall.
    """
    key, opened_for = _key_in(uow, command)
    if opened_for and opened_for != command.district:
        raise Denied(_OTHER, shown=opened_for)
    if _display(uow, command.district, key) is None:
        if not opened_for:
            _refuse_often(uow)
        raise Denied("hall_key_unknown")
    return screen_of(uow, command.district, now)


def _refuse_often(uow: UnitOfWork) -> None:
    """Refuse a wrong key above the limit. The hall's guests share the television's address."""
    address = uow.origin.address
    if is_over(uow, Limit.HALL_KEY_ADDRESS, address):
        raise over(uow, Limit.HALL_KEY_ADDRESS, address)


def _ticket(uow: UnitOfWork, district: int, key: str) -> str:
    return f"{district}.{key}.{_tag(uow, f'{district}.{key}')}"


def _tag(uow: UnitOfWork, of: str) -> str:
    return uow.vault.tag("hall-display", of)[:_TAG]


def _key_in(uow: UnitOfWork, command: HallKey) -> tuple[str, int]:
    """Return a key's digits and the district for which our ticket was opened, else 0.

    A ticket from before a change of the city's key counts as its digits.
    """
    text = command.key[: KEY_DIGITS * 4]
    shown, _, tag = text.rpartition(".")
    district, _, key = shown.partition(".")
    if not shown or not district.isdecimal():
        return bare(text), 0
    is_ours = tag.isascii() and hmac.compare_digest(tag, _tag(uow, shown))
    return key, int(district) if is_ours else 0


def _display(uow: UnitOfWork, district: int, key: str) -> HallDisplay | None:
    if not is_code(key, KEY_DIGITS):
        return None
    return uow.halls.display(district, key)


# A district's own recordings, in place of the clips that every hall uses.


class OneClip(OneHall):
    """A clip; one of `CLIPS`."""

    clip: str


class KeepRecording(OneClip):
    """Properties read from a stored file."""

    file: str
    kind: str
    millis: int


class DistrictClip(Query):
    district: int
    clip: str


@usecase(Role.RECEPTION)
def may_record(_uow: UnitOfWork, actor: Actor, command: OneClip, _now: datetime) -> int:
    """Return the district whose clip this reception may replace; Denied("not_found") otherwise."""
    if command.clip not in CLIPS:
        raise Denied("not_found")
    return district_named(actor, command.district, Role.RECEPTION)


@usecase(Role.RECEPTION)
def keep_recording(uow: UnitOfWork, actor: Actor, command: KeepRecording, now: datetime) -> None:
    """Store a recording; the hall's screens use it from their next call on."""
    district = may_record(uow, actor, OneClip(district=command.district, clip=command.clip), now)
    uow.halls.lock(district)
    uow.halls.keep_clip(
        district,
        command.clip,
        file=command.file,
        kind=command.kind,
        millis=command.millis,
        by_account=actor.account_id or "",
    )
    uow.publish(hall_topic(district))


@usecase(Role.RECEPTION)
def reset_recording(uow: UnitOfWork, actor: Actor, command: OneClip, now: datetime) -> None:
    """Return to the shipped clip; without a recording do nothing."""
    district = may_record(uow, actor, command, now)
    uow.halls.lock(district)
    uow.halls.drop_clip(district, command.clip)
    uow.publish(hall_topic(district))


@usecase(*ANYONE)
def recording(uow: UnitOfWork, _actor: Actor, command: DistrictClip, _now: datetime) -> HallClip:
    """Return a recording, which everybody in the hall hears; Denied("not_found") without one."""
    found = uow.halls.clips(command.district).get(command.clip)
    if found is None:
        raise Denied("not_found")
    return found
