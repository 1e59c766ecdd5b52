"""Preparation of visitors' needs before a Monday.

A visitor's needs are private: only reception and the mayor of her district read them, and the
public log has none of them. A tick stores who prepared it and when, nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Monday, RequestLine
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.lifecycle.preparing import Ready
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.estimate import visitor_number
from publicmeeting.usecases.meetings.agenda import ADay, day_of

ASKED_FROM = timedelta(days=1)
"""How long before its Monday reception is asked for unprepared needs."""


class NotePrepared(Command):
    """One need of one visitor; `is_ready` false removes a tick."""

    code: str
    need: str
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Preparation:
    """One need of one visitor, without her name; `by` and `at` are set when it is ready."""

    code: str
    number: int
    time: str
    need: AccessNeed
    by: str
    at: datetime | None


@usecase(Role.RECEPTION, *MEETING)
def preparations(
    uow: UnitOfWork, actor: Actor, command: ADay, now: datetime
) -> tuple[Preparation, ...]:
    """Return what to prepare for a Monday, by the time of seats; empty for a past Monday.

    Denied("not_found") for another district, Denied("no_monday") while none lies ahead.
    """
    day = day_of(uow, actor, command, now)
    return _of(uow, day) if day.on >= tehran_day(now) else ()


@usecase(Role.RECEPTION)
def note_prepared(uow: UnitOfWork, actor: Actor, command: NotePrepared, now: datetime) -> None:
    """Tick or untick one need; of two simultaneous ticks the first counts.

    Denied("not_found") for another district, `no_seat` without a seat ahead, `form_broken` for a
    need that is not hers.
    """
    uow.requests.lock(command.code)  # two officers may tick at once
    request = uow.requests.get_visible(command.code, actor)
    if request.district not in actor.districts(Role.RECEPTION) or actor.account_id is None:
        raise Denied("not_found")
    if request.seat is None or request.seat.monday < tehran_day(now):
        raise Denied("no_seat")
    if command.need not in request.needs:
        raise Denied("form_broken")
    place = request.needs.index(command.need) + 1
    if command.is_ready:
        uow.preparing.note(request.id, request.seat.monday, place, Ready(actor.account_id, now))
    else:
        uow.preparing.take_back(request.id, request.seat.monday, place)
    uow.publish(f"district:{request.district}")


def unprepared(uow: UnitOfWork, actor: Actor, now: datetime) -> int:
    """Return how much this reception has to prepare for a Monday that is tomorrow or today."""
    today = tehran_day(now)
    days = [
        day
        for district in actor.districts(Role.RECEPTION)
        for day in uow.city.mondays(district=district, from_on=today)[:1]
        if day.on - ASKED_FROM <= today
    ]
    return sum(preparation.at is None for day in days for preparation in _of(uow, day))


def _of(uow: UnitOfWork, day: Monday) -> tuple[Preparation, ...]:
    # On PostgreSQL a seat may be given up between reading the list and its seats.
    visitors = [visitor for visitor in _visitors(uow, day) if visitor.needs and visitor.seat]
    ready = uow.preparing.of([visitor.id for visitor in visitors], day.on)
    found = [
        _preparation(uow, day, visitor, need, ready.get((visitor.id, place)))
        for visitor in visitors
        for place, need in enumerate(visitor.needs, start=1)
    ]
    return tuple(sorted(found, key=lambda preparation: (preparation.number, preparation.need)))


def _visitors(uow: UnitOfWork, day: Monday) -> list[RequestLine]:
    seated = Filter(districts=frozenset({day.district}), stages=(*SEATED, *PRESENT), monday=day.on)
    return uow.lists.requests(seated, limit=max(len(day.seats), 1))


def _preparation(
    uow: UnitOfWork, day: Monday, line: RequestLine, need: str, ready: Ready | None
) -> Preparation:
    account = uow.accounts.get(ready.account_id) if ready else None
    return Preparation(
        code=line.code,
        number=visitor_number(day, line.seat.time) if line.seat else 0,
        time=line.seat.time if line.seat else "",
        need=AccessNeed(need),
        by=account.name if account else "",
        at=ready.at if ready else None,
    )
