"""The draw of one Monday as everybody may watch it: who has committed, what was shown, results."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.line.draws import Figures, Pending
from publicmeeting.store.line.witnesses import Dice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.announced import rolls_dice
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import LogMark
from publicmeeting.usecases.base import ANYONE, Command, Nothing, Query, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.line.late_objections import late_absences
from publicmeeting.usecases.line.list_objections import objections_until
from publicmeeting.usecases.line.reveals import complete_at, reveal_at, revealed_at, shown_until
from publicmeeting.usecases.meetings.audiences import Statement, due_at, newest_statements

SHOWN = 16
"""Mondays in the list of draws."""


class Phase(StrEnum):
    """How far the draw of a Monday has come."""

    OPEN = "open"
    """Witnesses may commit."""
    FROZEN = "frozen"
    """The lists are public and can be objected to."""
    REVEALING = "revealing"
    """The city has shown its value; a witness's is awaited."""
    DRAWING = "drawing"
    """Nothing is awaited any more; district after district is drawn."""
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who committed; `value` once shown, `silent` once named for not showing it."""

    party: str
    name: str
    """As people call a witness; empty for the city."""
    commitment: str
    value: str
    silent: bool


@dataclass(frozen=True, slots=True)
class DistrictDraw:
    figures: Figures
    seats: int
    """Start times of the Monday; 0 for a day without meetings."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    monday: date
    now: datetime
    phase: Phase
    freeze_at: datetime
    objections_until: datetime | None
    """While a list can be objected to."""
    dice_at: datetime | None
    """When ten dice are rolled, if they are announced."""
    dice: Dice | None
    shows_at: datetime
    """When the city shows its value, or has shown it."""
    show_until: datetime | None
    moved_to: datetime | None
    """The latest time to which a draw has moved that has not run yet."""
    parties: tuple[Party, ...]
    """The city, then whoever has shown, in that order, then the others by name."""
    draws: tuple[DistrictDraw, ...]
    objections: tuple[int, int]
    """How many, and how many of them changed a list."""
    found_late: int
    """Of the others: it was too late to put the list right, and the city owes a seat."""
    log: LogMark


class OneMonday(Query):
    """`monday` as in a draw's name, `1405-09-09`; empty for the one that is next."""

    monday: str = ""


@usecase(*ANYONE)
def ceremony(uow: UnitOfWork, _actor: Actor, query: OneMonday, now: datetime) -> Ceremony:
    """Denied("not_found") for a day without draws."""
    monday = _requested_monday(uow, query.monday, now)
    week = week_of(uow, monday)
    figures = uow.draw_figures.of(monday)
    seats = {day.district: len(day.seats) for day in uow.city.mondays(on=monday)}
    until = [objections_until(uow, _pending(one)) for one in figures if one.state == "frozen"]
    windows = [end for end in until if end is not None and now < end]
    ids = [one.id for one in figures]
    raised = uow.witnesses.objections(ids).values()
    moved = [one.moved_to for one in figures if one.moved_to and one.state == "frozen"]
    plan = reveal_at(uow, [_pending(one) for one in figures])
    return Ceremony(
        monday=monday,
        now=now,
        phase=_phase(uow, monday, figures),
        freeze_at=week.freeze_at,
        objections_until=max(windows, default=None),
        dice_at=week.dice_at if rolls_dice(week.body) else None,
        dice=uow.witnesses.dice(monday),
        shows_at=revealed_at(uow, monday) or plan or week.draw_at,
        show_until=shown_until(uow, monday),
        moved_to=max(moved, default=None),
        parties=_parties(uow, monday),
        draws=tuple(DistrictDraw(one, seats.get(one.district, 0)) for one in figures),
        objections=(sum(n for n, _ in raised), sum(right for _, right in raised)),
        found_late=sum(draw in ids for draw in late_absences(uow, week.freeze_at)),
        log=uow.log.head(),
    )


def _requested_monday(uow: UnitOfWork, text: str, now: datetime) -> date:
    known = uow.draw_figures.mondays(SHOWN)
    if not text:
        ahead = [monday for monday in known if monday >= tehran_day(now)]
        if not known:
            raise Denied("not_found")
        return min(ahead, default=known[0])
    try:
        monday = from_iso(text)
    except ValueError:
        raise Denied("not_found") from None
    if not uow.draw_figures.of(monday):
        raise Denied("not_found")
    return monday


def _pending(one: Figures) -> Pending:
    return Pending(one.district, one.monday, one.state, one.frozen_at, one.moved_to)


def _phase(uow: UnitOfWork, monday: date, figures: list[Figures]) -> Phase:
    """By the draws that run on time; a moved one is shown beside them."""
    on_time = [one for one in figures if one.moved_to is None] or figures
    if all(one.state == "drawn" for one in on_time):
        return Phase.DRAWN
    if complete_at(uow, monday) is not None:
        return Phase.DRAWING
    if revealed_at(uow, monday) is not None:
        return Phase.REVEALING
    return Phase.OPEN if any(one.state == "open" for one in figures) else Phase.FROZEN


def _parties(uow: UnitOfWork, monday: date) -> tuple[Party, ...]:
    committed = uow.witnesses.of(monday)
    shown_at = {one.party: one.shown_at for one in committed if one.shown_at}
    latest = max(shown_at.values(), default=None)
    committed.sort(key=lambda one: (one.shown_at is None, one.shown_at or latest, one.party))
    shown = uow.city.secret(monday) if revealed_at(uow, monday) is not None else ""
    city = Party(CITY, "", uow.city.commitment(monday) or "", shown, silent=False)
    return (
        city,
        *(
            Party(
                one.party,
                _name(uow, one.party),
                one.commitment,
                one.value or "",
                silent=one.named_at is not None,
            )
            for one in committed
        ),
    )


def _name(uow: UnitOfWork, party: str) -> str:
    account = uow.accounts.by_username(party)
    return account.name if account else party


@dataclass(frozen=True, slots=True)
class MondaySummary:
    """One line of the list of draws. `witnesses` counts those who have shown their values."""

    monday: date
    phase: Phase
    districts: int
    requests: int
    seated: int
    witnesses: int


@usecase(*ANYONE)
def draw_list(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime
) -> tuple[MondaySummary, ...]:
    """The last Mondays that have draws, the furthest first."""
    return tuple(_summary(uow, monday) for monday in uow.draw_figures.mondays(SHOWN))


def _summary(uow: UnitOfWork, monday: date) -> MondaySummary:
    figures = uow.draw_figures.of(monday)
    return MondaySummary(
        monday=monday,
        phase=_phase(uow, monday, figures),
        districts=sum(one.state == "drawn" for one in figures),
        requests=sum(one.requests or 0 for one in figures),
        seated=sum(one.seated or 0 for one in figures),
        witnesses=sum(one.value is not None for one in uow.witnesses.of(monday)),
    )


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """One seat as drawn."""

    time: str
    ticket: str
    why: str


@dataclass(frozen=True, slots=True)
class DrawResult:
    """A draw that has run, or the list it will run on."""

    id: str
    district: int
    monday: date
    pool_root: str
    seed: str
    seats: tuple[DrawnSeat, ...]
    standby: int
    requests: int
    off_system: Statement | None
    """The office's statement about audiences outside the line, due once the day is over."""
    statement_due_at: datetime
    now: datetime


class OneDraw(Command):
    monday: str
    district: int


@usecase(*ANYONE)
def draw_result(uow: UnitOfWork, _actor: Actor, query: OneDraw, now: datetime) -> DrawResult:
    """Denied("not_found") before the list is frozen."""
    draw = uow.draws.get(query.district, _requested_monday(uow, query.monday, now))
    if draw is None or draw.state == "open":
        raise Denied("not_found")
    file = draw.file
    entries = partial(uow.log.of_monday, monday=draw.monday, district=draw.district)
    seats = tuple(
        DrawnSeat(one["time"], one["ticket"], one["why"]) for one in file.get("seated", ())
    )
    return DrawResult(
        id=draw.id,
        district=draw.district,
        monday=draw.monday,
        pool_root=file["pool_root"],
        seed=file.get("seed", ""),
        seats=tuple(sorted(seats, key=lambda one: one.time)),
        standby=len(file.get("standby", ())),
        requests=len(file["pool"]),
        off_system=newest_statements(entries(Kind.AUDIENCE_OFF_SYSTEM)).get(draw.id),
        statement_due_at=due_at(draw.monday),
        now=now,
    )
