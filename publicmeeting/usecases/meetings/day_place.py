"""A Monday's own place and guest: where it is held, if not in the district's hall, and who sits
beside the mayor. Everybody who holds a seat is notified of another place, once it has settled."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.district_texts import DistrictTexts
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.records import SAME_HOUSE, Monday, Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import end_of_day
from publicmeeting.kit.letters import clean
from publicmeeting.notify.outbox import by_day
from publicmeeting.store.lifecycle.outbox import Settling
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import read_each
from publicmeeting.usecases.base import FormValidator, usecase
from publicmeeting.usecases.line.mondays import holders_of
from publicmeeting.usecases.meetings.agenda import ADay, day_of, named_day
from publicmeeting.usecases.meetings.in_hall.standby import likely_to_come

SETTLES_IN = timedelta(minutes=2)
"""A place unchanged for so long is sent; whoever mistypes it, or tries three, sends one message."""
SETTLES_MOST = timedelta(minutes=10)
"""After which it is sent even if it is changed again and again."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a Monday is held: a building, and the hall in it."""

    address: str
    hall: str

    @classmethod
    def of(cls, texts: DistrictTexts | None) -> "Spot":
        return cls(texts.address, texts.hall) if texts else cls("", "")

    @classmethod
    def read(cls, stored: str) -> "Spot":
        address, _, hall = stored.partition("\n")
        return cls(address, hall)

    def stored(self) -> str:
        return f"{self.address}\n{self.hall}"


def notify_moved(
    uow: UnitOfWork, actor: Actor, day: Monday, before: Spot, after: Spot, now: datetime
) -> int:
    """A step in the case of everybody who counts on this Monday, and a message once it has stood
    for `SETTLES_IN`: whoever holds a seat, and the first standbys. How many with a seat will be
    sent it; whoever still knows the place that it is again is sent nothing."""
    sent = [
        _notify(uow, actor, one, day, (before, after), now)
        for one in holders_to_notify(uow, actor, day, now)
    ]
    for request in read_each(uow, likely_to_come(uow, day.district, day.on)):
        if _goes_there(request, actor, now):
            _notify(uow, actor, request, day, (before, after), now)
    return sum(sent)


def notified_at(day: Monday, now: datetime) -> datetime | None:
    """When they are sent what is done now, where that is not as soon as it has settled."""
    settled = now + SETTLES_IN
    sent = by_day(settled, Action.CHANGE_PLACE.value, day.on)
    return sent if sent > settled else None


def holders_to_notify(uow: UnitOfWork, actor: Actor, day: Monday, now: datetime) -> list[Request]:
    """Who holds a seat, by time; whoever is in the room, or is telephoned, goes nowhere."""
    return [
        request
        for request in holders_of(uow, day.district, day.on)
        if _goes_there(request, actor, now)
    ]


def _goes_there(request: Request, actor: Actor, now: datetime) -> bool:
    return why_not(request, STEP_FOR[Action.CHANGE_PLACE], actor, now) is None and not is_rung(
        request
    )


def _notify(
    uow: UnitOfWork,
    actor: Actor,
    request: Request,
    day: Monday,
    spots: tuple[Spot, Spot],
    now: datetime,
) -> bool:
    """Whether she will be sent it."""
    before, after = spots
    unsent = uow.outbox.replace_settling(request.id, Action.CHANGE_PLACE)
    known = unsent or Settling(before.stored(), uow.machine_now)
    payload: dict[str, object] = {"monday": day.on.isoformat()}
    if request.seat:
        payload["time"] = request.seat.time
    if Spot.read(known.before).address == after.address:
        payload[SAME_HOUSE] = True
    event = advance(request, Action.CHANGE_PLACE, actor, now, payload)
    event_id = uow.requests.record(request, event)
    if known.before == after.stored():
        uow.outbox.show_only(event_id)
        return False
    uow.outbox.settle(event_id, known, SETTLES_IN, SETTLES_MOST)
    return True


PLACE_LEAST, PLACE_MOST = 5, 56
"""Characters; more does not fit beside day and code in two parts of an SMS."""
GUEST_LEAST, GUEST_MOST = 3, 60
_TYPED_MOST = 400


class SetDayPlace(ADay):
    """Both as typed; empty for the district's own hall, and for nobody beside the mayor, of the
    `district` whose page it was typed on."""

    place: str = ""
    guest: str = ""


@dataclass(frozen=True, slots=True)
class DayPlace:
    """What is set for a Monday; `holders` are those with a seat who would hear of another
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
    """What was done: how many will be sent a message."""

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
    notified = 0
    if place != day.place:
        here = Spot.of(texts_of_day(uow, day.district, day.on))
        notified = notify_moved(uow, actor, day, before, here, now)
    uow.publish("draws")  # the district's public page shows it
    return PlaceSet(notified, notified_at(day, now))


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
    return None if day.state in ON else Denied("monday_closed")


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
