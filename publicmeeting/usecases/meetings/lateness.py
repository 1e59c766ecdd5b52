"""Messages about a Monday that runs late, for each further twenty minutes of a visitor's delay.

Her own delay counts, not the day's: the next visitor gets a message about twenty minutes when the
fifth will wait forty. The outbox has what was sent, so a repeated job sends nothing again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.records import Monday
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.lifecycle.outbox import Delay
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.estimate import DayLine, Waiting, day_line

STEP = timedelta(minutes=20)
_SEATED_BY = (Action.CONFIRM, Action.TAKE_FREE, Action.STAND_IN, Action.ARRIVE, Action.COME_LATE)


@dataclass(frozen=True, slots=True)
class _Late:
    one: Waiting
    at: datetime
    """When her delay reaches the next step, if nothing happens until then."""


def days_on(uow: UnitOfWork, now: datetime) -> list[Monday]:
    """Return today's Mondays, by district; empty if nobody was drawn for today."""
    today = tehran_day(now)
    is_on = is_meeting_monday(today) and uow.draws.may_be_drawn(today)
    return uow.city.mondays(on=today) if is_on else []


def lateness_due(uow: UnitOfWork, day: Monday, now: datetime) -> datetime | None:
    """Return when the next visitor of today's Monday is due for a message."""
    line = day_line(uow, day, now)
    return min((late.at for late in _late(uow, line, now)), default=None) if line else None


def warn_late(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Write to everybody whose delay has reached the next step, with her new range."""
    day = uow.city.monday(district, monday)
    line = day_line(uow, day, now) if day else None
    for late in _late(uow, line, now) if line else ():
        if late.at > now:
            continue
        assert line is not None
        entry = line.entry(late.one)
        minutes = round((entry.likely - entry.own_time) / timedelta(minutes=1))
        with alone(uow, f"the lateness of {late.one.request_id}"):
            request = uow.clock_requests.by_id(late.one.request_id)
            seated = request.last(*_SEATED_BY) or request.history[-1]
            delay = Delay(entry.earliest, entry.latest, minutes)
            uow.outbox.warn_late(request, seated.id, delay, now)


def _late(uow: UnitOfWork, line: DayLine, now: datetime) -> Iterator[_Late]:
    ids = [one.request_id for one in line.waiting]
    since = at_tehran(tehran_day(now))
    warned = uow.outbox.warned_of(ids, since) if ids else {}
    for waiting in line.waiting:
        most = STEP + timedelta(minutes=warned.get(waiting.request_id, 0))
        entry = line.entry(waiting)
        if entry.likely - waiting.own_time >= most:
            yield _Late(waiting, now)
        else:
            yield _Late(waiting, line.late_from(waiting, most))
