"""Whoever counts on a Monday hears that it is held elsewhere, once that has settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.district_texts import DistrictTexts
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.records import SAME_HOUSE, Monday, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.notify.outbox import by_day
from publicmeeting.store.lifecycle.outbox import Settling
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import read_each
from publicmeeting.usecases.line.mondays import holders_of
from publicmeeting.usecases.meetings.in_hall.standby import likely_to_come

SETTLES_IN = timedelta(minutes=2)
"""A place that stands so long is sent; whoever mistypes it, or tries three, sends one message."""
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
    for one in read_each(uow, likely_to_come(uow, day.district, day.on)):
        if _goes_there(one, actor, now):
            _notify(uow, actor, one, day, (before, after), now)
    return sum(sent)


def notified_at(day: Monday, now: datetime) -> datetime | None:
    """When they are sent what is done now, where that is not as soon as it has settled."""
    settled = now + SETTLES_IN
    sent = by_day(settled, Action.CHANGE_PLACE.value, day.on)
    return sent if sent > settled else None


def holders_to_notify(uow: UnitOfWork, actor: Actor, day: Monday, now: datetime) -> list[Request]:
    """Who holds a seat, by time; whoever is in the room, or is telephoned, goes nowhere."""
    return [one for one in holders_of(uow, day.district, day.on) if _goes_there(one, actor, now)]


def _goes_there(one: Request, actor: Actor, now: datetime) -> bool:
    return why_not(one, STEP_FOR[Action.CHANGE_PLACE], actor, now) is None and not is_rung(one)


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
