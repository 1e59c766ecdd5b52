"""A Monday's own place and guest: where it is held if not in the hall, and who sits with the mayor.

Everybody who holds a seat is notified of another place after it has stayed unchanged for a while.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.districts.texts import DistrictTexts, leads_elsewhere
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.records import SAME_HOUSE, Event, Monday, Request, is_move_to
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import end_of_day
from publicmeeting.kit.letters import clean
from publicmeeting.notify.outbox import by_day
from publicmeeting.store.lifecycle.outbox import Settling
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.districts.texts_text import ASK_137
from publicmeeting.usecases.alone import read_each
from publicmeeting.usecases.base import FormValidator, usecase
from publicmeeting.usecases.line.mondays import holders_of
from publicmeeting.usecases.meetings.agenda import ADay, day_of, named_day
from publicmeeting.usecases.meetings.in_hall.standby import likely_to_come

SETTLES_IN = timedelta(minutes=2)
"""How long a place must stay unchanged before it is sent, so that corrections send one message."""
SETTLES_MOST = timedelta(minutes=10)
"""After this it is sent even if it keeps changing."""


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
    """Record a moved Monday in the cases of its visitors; return how many of them get a message.

    Visitors are holders of seats and the first standbys; only holders are counted. The message goes
    out after `SETTLES_IN`. A citizen who already knows the place that applies again gets none.
    """
    sent = [
        _notify(uow, actor, holder, day, (before, after), now)
        for holder in holders_to_notify(uow, actor, day, now)
    ]
    for request in read_each(uow, likely_to_come(uow, day.district, day.on)):
        if _may_change_place(request, actor, now):
            _notify(uow, actor, request, day, (before, after), now)
    return sum(sent)


def notified_at(day: Monday, now: datetime) -> datetime | None:
    """Return when they are notified of a change made now; None if as soon as it has settled."""
    settled = now + SETTLES_IN
    sent = by_day(settled, Action.CHANGE_PLACE.value, day.on)
    return sent if sent > settled else None


def holders_to_notify(uow: UnitOfWork, actor: Actor, day: Monday, now: datetime) -> list[Request]:
    """Return holders of seats, by time, except those in the room or met by telephone."""
    return [
        request
        for request in holders_of(uow, day.district, day.on)
        if _may_change_place(request, actor, now)
    ]


def _may_change_place(request: Request, actor: Actor, now: datetime) -> bool:
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
    """Record the change; return whether she will get a message."""
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
"""Characters of a place; a longer one does not fit into two parts of an SMS with day and code."""
GUEST_LEAST, GUEST_MOST = 3, 60
_TYPED_MOST = 400


class SetDayPlace(ADay):
    """Place and guest as typed, for the `district` whose page was used.

    An empty place means the district's own hall, an empty guest nobody beside the mayor.
    """

    place: str = ""
    guest: str = ""


@dataclass(frozen=True, slots=True)
class DayPlace:
    """Settings of a Monday; `holders` counts those with a seat whom a move would notify."""

    monday: Monday
    usual: str
    """The district's own hall."""
    holders: int
    notified_at: datetime | None
    """When they would be notified; None if as soon as it has settled."""
    may_change: bool
    """Whether this account holds the day or is the mayor, and the day is not over or closed."""


@dataclass(frozen=True, slots=True)
class PlaceSet:
    """The result: how many will get a message."""

    notified: int
    notified_at: datetime | None
    """As in `DayPlace`."""


@usecase(*MEETING)
def day_place(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> DayPlace:
    """Return a Monday's settings.

    Denied("not_found") for another district, Denied("no_monday") while none lies ahead.
    """
    day = day_of(uow, actor, command, now, *MEETING)
    texts = uow.district_texts.on(day.district, day.on)
    return DayPlace(
        monday=day if day.is_genuine else replace(day, place="", guest=""),  # a form to fill in
        usual=texts.hall if texts else "",
        holders=len(holders_to_notify(uow, actor, day, now)),
        notified_at=notified_at(day, now),
        may_change=_why_not(actor, day, now) is None,
    )


@usecase(*MEETING)
def set_day_place(uow: UnitOfWork, actor: Actor, command: SetDayPlace, now: datetime) -> PlaceSet:
    """Set place and guest; another place notifies holders of seats and likely standbys.

    Raises FormError with `text_too_short`, `text_too_long` or `text_link`; Denied `not_your_day`
    for a deputy who does not hold the day; `too_late` when the day is over; `monday_closed`;
    `not_found` if an actor with several districts names none.
    """
    day = named_day(uow, actor, command, now, *MEETING)
    uow.witnesses.lock(day.on)  # it may concurrently be closed, or a seat given
    day = day_of(uow, actor, command, now, *MEETING)
    refused = _why_not(actor, day, now)
    if refused is not None:
        raise refused
    place, guest = _read(command)
    before = Spot.of(texts_of_day(uow, day.district, day.on))
    uow.city.set_place(day, place, guest)
    uow.account_events.add_act(OfficeAct.PLACE_SET, actor.account_id, day.on, day.district)
    notified = 0
    if place != day.place:
        here = Spot.of(texts_of_day(uow, day.district, day.on))
        notified = notify_moved(uow, actor, day, before, here, now)
    uow.publish("draws")  # the district's public page shows it
    return PlaceSet(notified, notified_at(day, now))


def texts_of_day(
    uow: UnitOfWork, district: int, on: date, history: Iterable[Event] = ()
) -> DistrictTexts | None:
    """Return the district's texts for a day.

    If that Monday is held elsewhere, its place replaces the address, without hall and map. If the
    history of her case has such a move, and the row of the Monday none, somebody has emptied it.
    """
    texts = uow.district_texts.on(district, on)
    day = uow.city.monday(district, on)
    if texts is None or day is None:
        return texts
    if not day.is_set and day.is_genuine and any(is_move_to(event, on) for event in history):
        return replace(texts, address=ASK_137, hall="", point="", is_genuine=False)
    return replace(texts, address=day.place, hall="", point="") if day.place else texts


def _why_not(actor: Actor, day: Monday, now: datetime) -> Denied | None:
    is_mayor = day.district in actor.districts(Role.MAYOR)
    if not is_mayor and day.held_by != actor.account_id:
        return Denied("not_your_day")
    if now >= end_of_day(day.on) or day.has_ended:
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
    if leads_elsewhere(text):
        form.refuse(name, "text_link")
    return text
