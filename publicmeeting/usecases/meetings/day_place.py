"""A Monday's own place and guest: where it is held, if not in the district's hall, and who sits
beside the mayor. Whoever holds a seat hears of another place, once it has settled."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from publicmeeting.domain.district_texts import DistrictTexts
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import end_of_day
from publicmeeting.kit.letters import clean
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import FormValidator, usecase
from publicmeeting.usecases.meetings.agenda import ADay, day_of, named_day
from publicmeeting.usecases.meetings.place_moved import (
    Spot,
    holders_to_notify,
    notified_at,
    notify_moved,
)

PLACE_LEAST, PLACE_MOST = 5, 56
"""Characters; more does not fit beside day and code in two parts of an SMS."""
GUEST_LEAST, GUEST_MOST = 3, 60
_TYPED_MOST = 400
_AHEAD = frozenset({"open", "held"})


class SetDayPlace(ADay):
    """Both as typed; empty for the district's own hall, and for nobody beside the mayor, of the
    `district` whose page it was typed on."""

    place: str = ""
    guest: str = ""


@dataclass(frozen=True, slots=True)
class DayPlace:
    """What stands for a Monday; `holders` are those with a seat who would hear of another
    place."""

    monday: Monday
    usual: str
    """The district's own hall."""
    holders: int
    notified_at: datetime | None
    """When they would hear of it, where that is not as soon as it has settled."""
    may_change: bool
    """This account holds the day, or is the mayor, and it is not over or closed."""


@dataclass(frozen=True, slots=True)
class PlaceSet:
    """What was done: whether the place is another one, and how many will be sent a message."""

    monday: Monday
    moved: bool
    notified: int
    notified_at: datetime | None
    """As in `DayPlace`."""


@usecase(*MEETING)
def day_place(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> DayPlace:
    """Denied("not_found") for another district, `no_monday` while none is ahead."""
    day = day_of(uow, actor, command, now, *MEETING)
    texts = uow.district_texts.on(day.district, day.on)
    return DayPlace(
        monday=day,
        usual=texts.hall if texts else "",
        holders=len(holders_to_notify(uow, actor, day, now)),
        notified_at=notified_at(day, now),
        may_change=_why_not(actor, day, now) is None,
    )


@usecase(*MEETING)
def set_day_place(uow: UnitOfWork, actor: Actor, command: SetDayPlace, now: datetime) -> PlaceSet:
    """Set both; another place is a step in the case of everybody who holds a seat or is likely to
    come as a standby, with a message once it has settled.

    FormError with `text_too_short` or `text_too_long`; Denied `not_your_day` for a deputy who does
    not hold it, `too_late` once the day is over, `monday_closed`,
    `not_found` where somebody of several districts names none.
    """
    day = named_day(uow, actor, command, now, *MEETING)
    uow.witnesses.lock(day.on)  # it may be closed, or a seat given, at this instant
    day = day_of(uow, actor, command, now, *MEETING)
    refused = _why_not(actor, day, now)
    if refused is not None:
        raise refused
    place, guest = _read(command)
    before = Spot.of(texts_of_day(uow, day.district, day.on))
    uow.city.set_monday(day.district, day.on, place=place, guest=guest)
    moved, notified = place != day.place, 0
    if moved:
        here = Spot.of(texts_of_day(uow, day.district, day.on))
        notified = notify_moved(uow, actor, day, before, here, now)
    uow.publish("draws")  # the district's public page shows it
    after = uow.city.monday(day.district, day.on)
    assert after is not None
    return PlaceSet(after, moved, notified, notified_at(day, now))


def texts_of_day(uow: UnitOfWork, district: int, on: date) -> DistrictTexts | None:
    """What the district says of a day; where that Monday is held elsewhere, the place stands for
    the address, with neither hall nor map."""
    texts = uow.district_texts.on(district, on)
    day = uow.city.monday(district, on)
    if texts is None or day is None or not day.place:
        return texts
    return replace(texts, address=day.place, hall="", point="")


def _why_not(actor: Actor, day: Monday, now: datetime) -> Denied | None:
    is_mayor = day.district in actor.districts(Role.MAYOR)
    if not is_mayor and day.held_by != actor.account_id:
        return Denied("not_your_day")
    if now >= end_of_day(day.on) or day.ended_at is not None:
        return Denied("too_late")
    return None if day.state in _AHEAD else Denied("monday_closed")


def _read(command: SetDayPlace) -> tuple[str, str]:
    form = FormValidator()
    place = _line(form, "place", command.place, PLACE_LEAST, PLACE_MOST)
    guest = _line(form, "guest", command.guest, GUEST_LEAST, GUEST_MOST)
    form.done()
    return place, guest


def _line(form: FormValidator, name: str, typed: str, least: int, most: int) -> str:
    text = " ".join(clean(typed[:_TYPED_MOST]).split())
    if text and len(text) < least:
        form.refuse(name, "text_too_short", length=len(text), least=least)
    if len(text) > most:
        form.refuse(name, "text_too_long", length=len(text), limit=most)
    return text
