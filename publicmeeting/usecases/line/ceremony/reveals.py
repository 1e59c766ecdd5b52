"""The reveal of a Monday's sealed values, on Tuesday evening (docs/turns.md 2).

The values are revealed before anybody can know the late value that is combined with them. The city
reveals its own value automatically. After the hours are over, the log names every silent party,
including the city if its clock was stopped, and the input of the draws is fixed. Silence gives no
advantage, because the late value is still unknown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.jalali import iso
from publicmeeting.store.line.draws import Draw, Figures, Pending
from publicmeeting.store.line.logged_days import LoggedWeek, Objections
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY, draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.rules.week import LATE_FROM
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.pressed_again import append_once, logged_already


@dataclass(frozen=True, slots=True)
class Window:
    """The hours in which sealed values are revealed."""

    opens_at: datetime
    closes_at: datetime

    @property
    def missed_from(self) -> datetime:
        """The instant after which the city can no longer reveal its own value either."""
        return self.closes_at + LATE_FROM


def _frozen(uow: UnitOfWork, monday: date) -> Mapping[str, datetime | None]:
    """Return draw → when its first list was frozen, by the log.

    A row could move the reveals, and with them the draws of the whole city. A page says what the
    rows say while the log cannot be read; nothing is written then.
    """
    try:
        return uow.line_book.frozen(iso(monday))
    except Unavailable:
        if not uow.is_reading:
            raise
        return {figures.id: figures.frozen_at for figures in uow.draw_figures.of(monday)}


def objections_until(uow: UnitOfWork, draw: Pending | Draw | Figures) -> datetime | None:
    """Return the end of objections to one list; None before its freeze.

    A late freeze in any district moves it.
    """
    frozen = _frozen(uow, draw.monday)
    if frozen.get(draw_id(draw.district, draw.monday)) is None:
        return None
    week = week_of(uow, draw.monday)
    return week.objections_until + max(week.delay(at) for at in frozen.values() if at is not None)


def in_window(uow: UnitOfWork, district: int, now: datetime) -> Pending | None:
    """Return the district's list to which a citizen can still object; None without one.

    The second list in the log ends the hours. A row in the clock's tables alone does not.
    """
    for pending in uow.draws.pending():
        if pending.district != district:
            continue
        until = objections_until(uow, pending)
        if until is None or now >= until:
            continue
        known = uow.line_book.opened(district, pending.monday)
        if known is None or not known.is_listed_again:
            return pending
    return None


def reveal_window(uow: UnitOfWork, monday: date) -> Window | None:
    """Return the hours of reveals; None while any pool is still open.

    A value shown earlier would let somebody shape the pool.
    """
    lists = _frozen(uow, monday).values()
    frozen = [at for at in lists if at is not None]
    if not frozen or len(frozen) < len(lists):
        return None
    week = week_of(uow, monday)
    delay = max(map(week.delay, frozen))
    return Window(week.reveals_from + delay, week.reveals_until + delay)


def may_reveal(uow: UnitOfWork, monday: date, now: datetime) -> bool:
    """Return whether a value revealed now counts: in its hours, with every second list written."""
    window = reveal_window(uow, monday)
    if window is None or not window.opens_at <= now < window.closes_at:
        return False
    return closed_at(uow, monday) is None and not objections(uow, monday).due


def objections(uow: UnitOfWork, monday: date) -> Objections:
    """Return what was objected to the lists of a Monday, by the log.

    A forged row would hold up every reveal of it, and a deleted one leave a citizen out of the
    second list. A page shows none while the log cannot be read; nothing is written then.
    """
    try:
        return uow.line_book.objections(iso(monday))
    except Unavailable:
        if not uow.is_reading:
            raise
        return Objections()


def logged_week(uow: UnitOfWork, monday: date) -> LoggedWeek | None:
    """Return the values of a Monday's draws by the log, for a page in the same way."""
    try:
        return uow.line_book.week(iso(monday))
    except Unavailable:
        if not uow.is_reading:
            raise
        return None


def reveal_mark(monday: date) -> str:
    return f"reveal/{monday}"


def closed_mark(monday: date) -> str:
    return f"reveals-closed/{monday}"


def revealed_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """Return when the city revealed its value; None before."""
    return uow.clockwork.done_at(reveal_mark(monday))


def is_opened(uow: UnitOfWork, monday: date) -> bool:
    """Return whether objections are over: the city's value is revealed, or no longer can be."""
    return revealed_at(uow, monday) is not None or is_closed(uow, monday)


def is_closed(uow: UnitOfWork, monday: date) -> bool:
    """Return whether the reveals are closed."""
    return closed_at(uow, monday) is not None


def closed_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """Return when the reveals were closed; None before."""
    return uow.clockwork.done_at(closed_mark(monday))


def reveal(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Reveal the city's value; if it cannot be revealed, close the reveals without it.

    It cannot be when the clock comes too late, or when the value was lost with a backup
    (`worker/recovery.py`). In the second case the reveals close at the end of the hours.
    """
    uow.witnesses.lock(monday)
    window = reveal_window(uow, monday)
    if window is None or now < window.opens_at or objections(uow, monday).due:
        return
    if is_opened(uow, monday):
        return
    value = uow.city.secret(monday)
    week = logged_week(uow, monday)
    if week is not None and CITY in week.revealed:  # only the mark is gone
        uow.clockwork.mark_done(reveal_mark(monday), now)
        return
    if now > window.missed_from or (not value and now >= window.closes_at):
        _close(uow, monday, now)
        return
    if not value:
        return
    uow.log.append(Kind.REVEAL, {"monday": iso(monday), "party": CITY, "value": value}, now)
    uow.clockwork.mark_done(reveal_mark(monday), now)
    uow.publish("draws")


def close_reveals(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Close the reveals at the end of their hours and log who revealed and who was silent."""
    uow.witnesses.lock(monday)
    window = reveal_window(uow, monday)
    if window is None or now < window.closes_at or revealed_at(uow, monday) is None:
        return
    if not is_closed(uow, monday):
        _close(uow, monday, now)


def _close(uow: UnitOfWork, monday: date, now: datetime) -> None:
    week = logged_week(uow, monday)
    assert week is not None, "its lists are fixed"
    revealed, parties = set(week.revealed), {CITY, *week.committed}
    body: dict[str, object] = {
        "monday": iso(monday),
        "revealed": sorted(revealed),
        "silent": sorted(parties - revealed),
    }
    known = logged_already(uow, Kind.REVEALS_CLOSED, body)
    if known is None:
        append_once(uow, Kind.REVEALS_CLOSED, body, now)
    uow.clockwork.mark_done(closed_mark(monday), instant(known.at) if known else now)
    uow.publish("draws")


def reveal_due_at(uow: UnitOfWork, draws: Collection[Pending]) -> datetime | None:
    """Return when the city reveals its value; None while it cannot yet, or after it has.

    `draws` are the draws of one Monday that have not run. A lost value gives the end of the hours
    instead.
    """
    if all(draw.state is DrawState.OPEN for draw in draws):
        return None
    monday = next(iter(draws)).monday
    window = reveal_window(uow, monday)
    if window is None or is_opened(uow, monday) or objections(uow, monday).due:
        return None
    return window.opens_at if uow.city.secret(monday) else window.closes_at


def close_due_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """Return when the reveals close; None before the city's own reveal, and after the close."""
    if revealed_at(uow, monday) is None or closed_at(uow, monday) is not None:
        return None
    window = reveal_window(uow, monday)
    return window.closes_at if window else None


def closed_entry(uow: UnitOfWork, monday: date) -> int | None:
    """Return the number of the log entry that closed the reveals."""
    week = logged_week(uow, monday)
    return (week.closed or None) if week else None
