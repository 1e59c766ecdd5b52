"""The values shown before a draw, and from when it may run (docs/turns.md 2).

The city shows its value first and by itself; the witnesses follow; whoever stays silent until half
past twelve is named, and from then on nobody can change what the draws run on.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from publicmeeting.kit.jalali import iso
from publicmeeting.store.line.draws import Draw, Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import NO_VALUE, Kind
from publicmeeting.turns.week import FREEZE_TO_DRAW
from publicmeeting.usecases.lifecycle.clock_steps import week_of

_VALUE_COMES = timedelta(days=5)
BARRED = timedelta(weeks=8)
"""A witness who stayed silent may not commit for so long."""


def reveal_at(uow: UnitOfWork, draws: Collection[Pending]) -> datetime | None:
    """When the city shows its value for a Monday, given that Monday's draws that have not run.

    None while one pool is still open: a value shown earlier would let somebody shape that pool. A
    list that was put right after an objection holds nobody up: its root is in the log before any
    value is shown, and its own draw waits for its own time.
    """
    frozen = [one.frozen_at for one in draws if one.frozen_at is not None]
    if not frozen or len(frozen) < len(draws):
        return None
    monday = next(iter(draws)).monday
    return max(week_of(uow, monday).draw_at, max(frozen) + FREEZE_TO_DRAW)


def revealed_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """When the city has shown its value."""
    return uow.clockwork.done_at(_revealing(monday))


def _revealing(monday: date) -> str:
    return f"reveal/{monday}"


def reveal(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """The city's own value, shown by itself before anybody else's."""
    uow.witnesses.lock(monday)
    due = reveal_at(uow, [one for one in uow.draws.pending() if one.monday == monday])
    if due is None or now < due or revealed_at(uow, monday) is not None:
        return
    body: dict[str, object] = {
        "monday": iso(monday),
        "party": CITY,
        "value": uow.city.secret(monday),
    }
    uow.log.append(Kind.REVEAL, body, now)
    uow.clockwork.mark_done(_revealing(monday), now)
    uow.publish("draws")


def reveals(uow: UnitOfWork, monday: date) -> dict[str, str]:
    """Party → value of everybody who has revealed, so that a draw can take it."""
    if revealed_at(uow, monday) is None:
        return {}
    shown = {one.party: one.value for one in uow.witnesses.of(monday) if one.value is not None}
    return {CITY: uow.city.secret(monday), **shown}


def late_value(uow: UnitOfWork, monday: date, now: datetime) -> tuple[str, str]:
    """The Jalali day and the value that stand for a Monday, from its first draw on: what the dice
    showed, or `none`."""
    job = f"value/{monday}"
    dice = uow.witnesses.dice(monday)
    day, value = iso(monday - _VALUE_COMES), dice.digits if dice else NO_VALUE
    if uow.clockwork.done_at(job) is None:
        uow.clockwork.mark_done(job, now)
        seq = uow.log.head().seq
        body: dict[str, object] = {"monday": iso(monday), "day": day, "value": value}
        uow.log.append(Kind.VALUE_STANDS, {**body, "because": [seq]}, now)
    return day, value


def shown_until(uow: UnitOfWork, monday: date) -> datetime | None:
    """Until when witnesses can show their values: half an hour after the city's; None before."""
    shown_at = revealed_at(uow, monday)
    if shown_at is None:
        return None
    week = week_of(uow, monday)
    return max(week.draw_latest_at, shown_at + (week.draw_latest_at - week.draw_at))


def complete_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """When all who committed had revealed or were named as silent; None before."""
    ends = [revealed_at(uow, monday)]
    ends += [one.shown_at or one.named_at for one in uow.witnesses.of(monday)]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def draw_due_at(uow: UnitOfWork, draw: Draw | Pending) -> datetime | None:
    """When this frozen draw runs: once nobody's value is awaited any more, and not before the
    later time to which an objection has moved it; None without the city's reveal."""
    complete = complete_at(uow, draw.monday)
    if draw.state != "frozen" or complete is None:
        return None
    return max(complete, draw.moved_to or complete)


def name_silent(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Half past twelve: who has committed and not revealed stands in the log, and is too late."""
    uow.witnesses.lock(monday)
    until = shown_until(uow, monday)
    if until is None or now < until:
        return
    for one in uow.witnesses.of(monday):
        if one.value is None and one.named_at is None:
            uow.witnesses.name_silent(monday, one.party, now)
            body: dict[str, object] = {"monday": iso(monday), "party": one.party}
            uow.log.append(Kind.WITNESS_NAMED, body, now)
    uow.publish("draws")


def barred_until(uow: UnitOfWork, party: str) -> datetime | None:
    """Until when a witness who stayed silent may not commit; None if never named."""
    named_at = uow.witnesses.last_named(party)
    return named_at + BARRED if named_at else None
