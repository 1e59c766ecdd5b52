"""The draw of one Monday as everybody may watch it: commitments, revealed values, results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.line.draws import Figures
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import LogMark
from publicmeeting.turns.rules.late_value import Awaited, Source, last_words, source_of
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.late_value import (
    found_now,
    standing_of,
    typed_words,
    value_decided_at,
)
from publicmeeting.usecases.line.ceremony.reveals import (
    Window,
    is_closed,
    objections,
    objections_until,
    reveal_window,
    revealed_at,
)
from publicmeeting.usecases.line.objections.list_objections import late_absences
from publicmeeting.usecases.meetings.audiences import Statement, due_at, newest_statements
from publicmeeting.usecases.public_record.cosigning import is_list_signed, read_ceremonies

SHOWN = 16
"""How many Mondays one page of the list of draws has."""


class Phase(StrEnum):
    """How far the draw of a Monday has come."""

    OPEN = "open"
    """Witnesses may commit."""
    FROZEN = "frozen"
    """The lists are public, and citizens may object to them."""
    REVEALING = "revealing"
    """The sealed values are being revealed; the city reveals its own automatically."""
    SEALED = "sealed"
    """Reveals are closed, and the late value is awaited."""
    DRAWING = "drawing"
    """The late value is decided, and districts are being drawn one after another."""
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Party:
    """A party that committed, or entered the late value.

    `value` is its sealed value after the reveal. `silent` means that it was named for not
    revealing.
    """

    party: str
    commitment: str
    value: str
    silent: bool
    entered: str
    """What this party entered as the day's late value; empty before."""


@dataclass(frozen=True, slots=True)
class LateValue:
    """The late value: its day, and the result when decided."""

    kind: Source
    day: date
    opens_at: datetime
    until: datetime
    stands: str
    """Empty while it is awaited; `none` if no day gave a value."""
    is_disputed: bool
    """Whether parties have entered different values for the day."""


@dataclass(frozen=True, slots=True)
class DistrictDraw:
    figures: Figures
    seats: int
    """Number of start times of the Monday; 0 on a day without meetings."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    monday: date
    now: datetime
    phase: Phase
    freeze_at: datetime
    objections_until: datetime | None
    """Set while citizens can object to a list."""
    shows_at: datetime
    """When the sealed values are revealed."""
    show_until: datetime
    late_value: LateValue
    second_lists: int
    """Number of lists that an objection changed and that are rewritten when its hours end."""
    is_signed: bool | None
    """Whether a quorum of witnesses signed the lists before anybody could know the late value.

    None while that is undecided.
    """
    parties: tuple[Party, ...]
    """The city, then those who revealed, in that order, then the others by name."""
    draws: tuple[DistrictDraw, ...]
    objections: tuple[int, int]
    """Number of objections, and how many of them changed a list."""
    found_late: int
    """How many others came too late to correct the list, so that the city owes a seat."""
    log: LogMark


class OneMonday(Query):
    """A Monday as in a draw's name, `1405-09-09`; empty for the next one."""

    monday: str = ""


@usecase(*ANYONE)
def ceremony(uow: UnitOfWork, _actor: Actor, query: OneMonday, now: datetime) -> Ceremony:
    """Return the ceremony of a Monday; Denied("not_found") for a day without draws."""
    monday = _requested_monday(uow, query.monday, now)
    week = week_of(uow, monday)
    figures = uow.draw_figures.of(monday)
    seats = {day.district: len(day.seats) for day in uow.city.mondays(on=monday)}
    until = [
        objections_until(uow, figure) for figure in figures if figure.state is DrawState.FROZEN
    ]
    windows = [end for end in until if end is not None and now < end]
    late_value = _late_value(uow, monday, now)
    ids = [figure.id for figure in figures]
    raised = objections(uow, monday)
    answered = uow.log.of_kind(Kind.OBJECTION, week.freeze_at)
    window = reveal_window(uow, monday) or Window(week.reveals_from, week.reveals_until)
    return Ceremony(
        monday=monday,
        now=now,
        phase=_phase(uow, monday, figures),
        freeze_at=week.freeze_at,
        objections_until=max(windows, default=None),
        shows_at=window.opens_at,
        show_until=window.closes_at,
        late_value=late_value,
        second_lists=len(raised.due),
        is_signed=is_list_signed(uow, monday, now),
        parties=_parties(uow, monday, late_value.day),
        draws=tuple(DistrictDraw(figure, seats.get(figure.district, 0)) for figure in figures),
        objections=(raised.raised, raised.right),
        found_late=sum(draw in ids for draw in late_absences(answered)),
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


def _late_value(uow: UnitOfWork, monday: date, now: datetime) -> LateValue:
    week, written = week_of(uow, monday), standing_of(uow, monday)
    if written is not None:
        day, stands = from_iso(written[1].day), written[1].value
    else:
        found = found_now(uow, monday, now)
        day, stands = found.day if isinstance(found, Awaited) else week.value_days[0], ""
    words = last_words(typed_words(uow, monday), iso(day))
    return LateValue(
        kind=source_of(week.body),
        day=day,
        opens_at=week.value_from(day),
        until=week.value_until(day),
        stands=stands,
        is_disputed=len({word.value for word in words.values()}) > 1,
    )


def _phase(uow: UnitOfWork, monday: date, figures: Sequence[Figures]) -> Phase:
    if all(figure.state is DrawState.DRAWN for figure in figures):
        return Phase.DRAWN
    if value_decided_at(uow, monday) is not None:
        return Phase.DRAWING
    if is_closed(uow, monday):
        return Phase.SEALED
    if revealed_at(uow, monday) is not None:
        return Phase.REVEALING
    return Phase.OPEN if any(figure.state is DrawState.OPEN for figure in figures) else Phase.FROZEN


def _parties(uow: UnitOfWork, monday: date, day: date) -> tuple[Party, ...]:
    committed = uow.witnesses.of(monday)
    words = last_words(typed_words(uow, monday), iso(day))
    entered = {party: word.value for party, word in words.items()}
    has_ended = is_closed(uow, monday)
    known = {CITY, *(sealed.party for sealed in committed)}
    shown_at = {sealed.party: sealed.shown_at for sealed in committed if sealed.shown_at}
    latest = max(shown_at.values(), default=None)
    committed.sort(key=lambda one: (one.shown_at is None, one.shown_at or latest, one.party))
    shown = uow.city.secret(monday) if revealed_at(uow, monday) is not None else ""
    sealed = uow.city.commitment(monday) or ""
    is_silent = has_ended and not shown
    city = Party(CITY, sealed, shown, silent=is_silent, entered=entered.get(CITY, ""))
    return (
        city,
        *(
            Party(
                sealed.party,
                sealed.commitment,
                sealed.value or "",
                silent=has_ended and sealed.value is None,
                entered=entered.get(sealed.party, ""),
            )
            for sealed in committed
        ),
        *(
            Party(party, "", "", silent=False, entered=entered[party])
            for party in sorted(entered.keys() - known)
        ),
    )


@dataclass(frozen=True, slots=True)
class MondaySummary:
    """One line of the list of draws; `witnesses` counts those who revealed their values.

    `is_signed` as in `Ceremony`.
    """

    monday: date
    phase: Phase
    districts: int
    requests: int
    seated: int
    witnesses: int
    is_signed: bool | None


class MondaysBefore(Command):
    """A Monday as a Jalali date, which is left out with all after it; empty for the newest."""

    monday: str = ""


@dataclass(frozen=True, slots=True)
class DrawList:
    """Mondays with draws, latest first, and the Monday before which there are older ones."""

    mondays: tuple[MondaySummary, ...]
    older_than: date | None


@usecase(*ANYONE)
def draw_list(uow: UnitOfWork, _actor: Actor, command: MondaysBefore, now: datetime) -> DrawList:
    """Return the last Mondays with draws; Denied("not_found") for a day that is none."""
    try:
        before = from_iso(command.monday) if command.monday else None
    except ValueError:
        raise Denied("not_found") from None
    found = uow.draw_figures.mondays(SHOWN + 1, before)
    mondays = found[:SHOWN]
    uow.draw_figures.read(mondays)
    uow.witnesses.read(mondays)
    read_ceremonies(uow, mondays)
    return DrawList(
        mondays=tuple(_summary(uow, monday, now) for monday in mondays),
        older_than=mondays[-1] if len(found) > SHOWN else None,
    )


def _summary(uow: UnitOfWork, monday: date, now: datetime) -> MondaySummary:
    figures = uow.draw_figures.of(monday)
    return MondaySummary(
        monday=monday,
        phase=_phase(uow, monday, figures),
        districts=sum(figure.state is DrawState.DRAWN for figure in figures),
        requests=sum(figure.requests or 0 for figure in figures),
        seated=sum(figure.seated or 0 for figure in figures),
        witnesses=sum(committed.value is not None for committed in uow.witnesses.of(monday)),
        is_signed=is_list_signed(uow, monday, now),
    )


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """One drawn seat."""

    time: str
    ticket: str
    why: str


@dataclass(frozen=True, slots=True)
class DrawResult:
    """A draw that has run, or the list on which it will run."""

    district: int
    monday: date
    pool_root: str
    seed: str
    seats: tuple[DrawnSeat, ...]
    standby: int
    requests: int
    off_system: Statement | None
    """The office's statement about audiences outside the line, due after the day."""
    statement_due_at: datetime
    now: datetime


class OneDraw(Command):
    monday: str
    district: int


@usecase(*ANYONE)
def draw_result(uow: UnitOfWork, _actor: Actor, query: OneDraw, now: datetime) -> DrawResult:
    """Return the result of a draw; Denied("not_found") before its list is frozen."""
    draw = uow.draws.get(query.district, _requested_monday(uow, query.monday, now))
    file = draw.file if draw else {}
    if draw is None or draw.state is DrawState.OPEN or "pool" not in file:
        raise Denied("not_found")
    entries = partial(uow.log.of_monday, monday=draw.monday, district=draw.district)
    seats = tuple(
        DrawnSeat(seat["time"], seat["ticket"], seat["why"]) for seat in file.get("seated", ())
    )
    return DrawResult(
        district=draw.district,
        monday=draw.monday,
        pool_root=file["pool_root"],
        seed=file.get("seed", ""),
        seats=tuple(sorted(seats, key=lambda seat: seat.time)),
        standby=len(file.get("standby", ())),
        requests=len(file["pool"]),
        off_system=newest_statements(entries(Kind.AUDIENCE_OFF_SYSTEM)).get(draw.id),
        statement_due_at=due_at(draw.monday),
        now=now,
    )
