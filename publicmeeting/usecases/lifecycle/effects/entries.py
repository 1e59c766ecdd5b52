"""Shared by all effects: log entries about one ticket, whom they name, and who is in the hall."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from publicmeeting.domain.records import Event, Request, Seat
from publicmeeting.domain.roles import NEVER_GRANTED, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import iso, parts
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.pressed_again import append_or_take

EventHandler = Callable[[UnitOfWork, Request, Event, datetime], None]


def log_ticket(
    uow: UnitOfWork, request: Request, kind: Kind, now: datetime, **body: object
) -> Entry:
    """Append one entry about a ticket to the public log."""
    return append_or_take(uow, kind, {"ticket": request.ticket, **body}, now)


def is_of_another(uow: UnitOfWork, request: Request) -> bool:
    """Return whether the ticket does not belong to the person in the row.

    A displaced person and the placeholder of a lost request have no identity number to compare.
    """
    identity = uow.people.get(request.person_id).identity
    return identity not in ("", request.ticket) and not uow.requests.is_hers(request, identity)


def reset_waited(uow: UnitOfWork, request: Request) -> None:
    """Reset her weeks, debt and counts, as every reader of this step's log entry does."""
    uow.requests.line(request, waited=0, debt=0, given_up=0, unanswered=0)


def clear_debt(uow: UnitOfWork, request: Request) -> None:
    """Clear the debt: the city no longer owes her a seat."""
    uow.requests.line(request, debt=0)


def seat_of(request: Request) -> Seat:
    """Return the seat of a request in a seated stage."""
    assert request.seat is not None, "a seated stage without a seat"
    return request.seat


def place_of(request: Request, seat: Seat) -> dict[str, object]:
    """Return draw and time of a seat, as keys of an entry's body."""
    return {"draw": draw_id(request.district, seat.monday), "time": seat.time}


def jalali_monday(event: Event) -> str:
    """Return the Monday that an event names, as the public log writes days."""
    return iso(date.fromisoformat(str(event.payload["monday"])))


# The official of a step as the public log names him: unit and yearly mark (docs/turns.md 5).

_DISTRICT = re.compile(r"(?:^d|-)([0-9]{2})(?=[-/])")
_OF_A_DISTRICT = (Role.DESK, Role.RECEPTION, Role.MAYOR, Role.DEPUTY)


def officer_mark(uow: UnitOfWork, event: Event, request: Request, now: datetime) -> str:
    """Return the officer's mark, such as `desk-06/1f0c9a2b`; empty if the clock or citizen acted.

    A judge is listed under the desk or unit for which he was picked.
    """
    if event.account_id is None or (event.role in NEVER_GRANTED and event.role is not Role.JUDGE):
        return ""
    unit = unit_word(uow, event.account_id, event.role, request.district)
    year, _, _ = parts(tehran_day(now))
    return uow.officer_marks.mark(unit, event.account_id, year)


def unit_word(uow: UnitOfWork, account_id: str, role: Role, district: int) -> str:
    """Return the unit in which an account acts, as the log spells it.

    Examples: `reception-06`, `overseer`, `d06-technical`.
    """
    if role not in (Role.UNIT, Role.JUDGE):
        return f"{role}-{district:02d}" if role in _OF_A_DISTRICT else role.value
    account = uow.accounts.get(account_id)
    grants = account.grants if account else ()
    here = f"d{district:02d}-"
    if role is Role.JUDGE and any(g.role is Role.DESK and g.district == district for g in grants):
        return unit_word(uow, account_id, Role.DESK, district)
    units = sorted(g.unit_id for g in grants if g.unit_id and g.unit_id.startswith(here))
    return (units[0] if units else f"{here}unit").replace("_", "-")


def district_of(mark: str) -> int:
    """Return the district of an officer's mark (`desk-06/…`, `d06-technical/…`), or 0."""
    found = _DISTRICT.search(mark)
    return int(found[1]) if found else 0


# Who is in the hall on a Monday: an index of the log's `present` entries, read by the clock.

STAYS = timedelta(weeks=8)
"""How long after its Monday a mark is kept; the clock reads all of them repeatedly."""
_PRESENT = "present/"
_MONDAY = 0


def note_attendance(
    uow: UnitOfWork, district: int, monday: date, ticket: str, at: datetime
) -> None:
    """Mark her as present from now on."""
    uow.clockwork.mark_done(_mark(district, monday, ticket), at)


def forget_attendance(uow: UnitOfWork, district: int, monday: date, ticket: str) -> None:
    """Remove the mark: she was called twice and was absent, so only another `present` counts."""
    uow.clockwork.unmark(_mark(district, monday, ticket))


def attendance(uow: UnitOfWork, district: int, monday: date) -> dict[str, datetime]:
    """Map ticket to the instant since when she has been in the hall."""
    prefix = _mark(district, monday, "")
    return {job.removeprefix(prefix): at for job, at in uow.clockwork.marks(prefix).items()}


def forget_past(uow: UnitOfWork, today: date) -> None:
    """Delete marks so old that no step asks for them; the log still has the entries."""
    uow.clockwork.forget_days(_PRESENT, today - STAYS)


def attended_districts(uow: UnitOfWork, monday: date) -> set[int]:
    """Return the districts in whose hall somebody is present on this Monday."""
    if monday.weekday() != _MONDAY or not uow.draws.may_be_drawn(monday):
        return set()
    prefix = f"{_PRESENT}{monday}/"
    return {int(job.removeprefix(prefix)[:2]) for job in uow.clockwork.marks(prefix)}


def _mark(district: int, monday: date, ticket: str) -> str:
    return f"{_PRESENT}{monday}/{district:02d}/{ticket}"
