"""From the ceremony to what stands on the screen."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import listing_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.turns.formulas import CITY
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.audiences.views import said_words
from publicmeeting.usecases.public_record.ceremony import (
    Ceremony,
    DistrictDraw,
    DrawResult,
    Party,
    Phase,
)

MARK = 8
"""Characters by which a hash is recognised."""
DICE = 10
_AFTER_DRAW = (Phase.DRAWING, Phase.DRAWN)


@dataclass(frozen=True)
class Head(ViewModel):
    """What happens now, and what comes next; `left` in seconds, 0 when nothing is awaited."""

    title: str = ""
    clock: str = ""
    date: str = ""
    now: str = ""
    why: str = ""
    until: str = ""
    at: str = ""
    left: int = 0
    reading: int = 0
    warn: str = ""
    objections: str = ""
    log: str = ""
    dice_lead: str = ""
    dice_says: str = ""
    no_witness: str = ""
    map_says: str = ""
    count: str = ""
    object_lead: str = ""
    object_until: str = ""
    found_late: str = ""


@dataclass(frozen=True)
class PartyRow:
    """One who committed: `kind` of his tile, what he has done, and by which mark it is known."""

    name: str
    kind: str
    icon: str
    said: str
    mark: str


@dataclass(frozen=True)
class DrawTile:
    number: int
    digits: str
    kind: str
    figure: str
    line: str


@dataclass(frozen=True)
class SeatLine:
    time: str
    mark: str
    why: str


@dataclass(frozen=True)
class Detail(ViewModel):
    title: str = ""
    standby: str = ""
    empty: str = ""
    root: str = ""
    seed: str = ""
    seats: tuple[SeatLine, ...] = ()
    away: str = ""
    off_system: str = ""
    """Once the Monday is over."""


def head(seen: Ceremony) -> Head:
    until, at = _awaited(seen)
    done = sum(one.figures.state == "drawn" for one in seen.draws)
    raised, right = seen.objections
    witnessed = any(one.value for one in seen.parties if one.party != CITY)
    alone = len(seen.parties) == 1
    late = seen.phase is not Phase.OPEN
    return Head(
        title=ceremony_text.TITLE.format(day=day_words(seen.monday)),
        clock=clock_words(seen.now),
        date=weekday_day(tehran_day(seen.now)),
        now=ceremony_text.NOW[seen.phase],
        why=ceremony_text.WHY[seen.phase],
        until=until,
        at=ceremony_text.AT.format(what=until, moment=dates_text.near_moment(at, seen.now))
        if at
        else "",
        left=int((at - seen.now).total_seconds()) if at else 0,
        reading=int(seen.now.timestamp() * 1000),
        warn="" if witnessed or seen.phase not in _AFTER_DRAW else ceremony_text.ONLY_CITY,
        objections=ceremony_text.OBJECTIONS.format(raised=persian(raised), right=persian(right))
        if raised
        else "",
        log=ceremony_text.LOG.format(log=seen.log[:MARK]),
        dice_lead=_dice_lead(seen),
        dice_says=ceremony_text.DICE_SAYS.format(digits=persian(seen.dice.digits))
        if seen.dice
        else "",
        no_witness=(ceremony_text.NO_WITNESS_LATE if late else ceremony_text.NO_WITNESS)
        if alone
        else "",
        map_says=ceremony_text.MAP_SAYS.format(done=persian(done)),
        count=ceremony_text.COUNT.format(done=persian(done)) if done else "",
        object_lead=_object_lead(seen),
        found_late=ceremony_text.FOUND_LATE.format(count=persian(seen.found_late))
        if seen.found_late
        else "",
        object_until=listing_text.OBJECT_UNTIL.format(
            until=dates_text.until_words(seen.objections_until)
        )
        if seen.objections_until
        else "",
    )


def _object_lead(seen: Ceremony) -> str:
    """What an objection brings: a list put right in its hours, a debt of the city's later."""
    if seen.objections_until:
        return listing_text.OBJECT_LEAD
    return "" if seen.phase is Phase.OPEN else listing_text.OBJECT_LATE_LEAD


def _awaited(seen: Ceremony) -> tuple[str, datetime | None]:
    """What the countdown runs to."""
    if seen.phase is Phase.OPEN:
        return ceremony_text.NEXT["open"], seen.freeze_at
    if seen.phase is Phase.FROZEN:
        if seen.dice_at and not seen.dice and seen.now < seen.dice_at:
            return ceremony_text.NEXT["dice"], seen.dice_at
        return ceremony_text.NEXT["frozen"], seen.shows_at
    if seen.phase is Phase.REVEALING and seen.show_until:
        return ceremony_text.NEXT["revealing"], seen.show_until
    if seen.phase is Phase.DRAWN and seen.moved_to:
        return ceremony_text.NEXT["moved"], seen.moved_to
    return "", None


def _dice_lead(seen: Ceremony) -> str:
    if seen.dice_at is None or seen.dice is not None:
        return ""
    if seen.phase in (Phase.OPEN, Phase.FROZEN):
        return ceremony_text.DICE_AT.format(moment=dates_text.near_moment(seen.dice_at, seen.now))
    return ceremony_text.NO_DICE


def dice_tiles(seen: Ceremony) -> list[Tile]:
    """Ten tiles where dice are announced: raw until they are rolled."""
    if seen.dice is not None:
        return [Tile("glazed", persian(digit)) for digit in seen.dice.digits]
    return [Tile("raw")] * DICE if seen.dice_at else []


def party_rows(seen: Ceremony) -> list[PartyRow]:
    return [_party(one) for one in seen.parties]


def _party(one: Party) -> PartyRow:
    name = one.name or ceremony_text.CITY
    if one.value:
        return PartyRow(name, "glazed", "check", ceremony_text.SHOWN, one.value[:MARK])
    if one.silent:
        return PartyRow(name, "late", "close", ceremony_text.SILENT, "")
    return PartyRow(name, "plain", "lock", ceremony_text.COMMITTED, one.commitment[:MARK])


def draw_tiles(seen: Ceremony, chosen: int) -> list[DrawTile]:
    return [_tile(one, seen, chosen) for one in seen.draws]


def _tile(one: DistrictDraw, seen: Ceremony, chosen: int) -> DrawTile:
    figures, digits = one.figures, persian(one.figures.district)
    line = _line(one, seen.now)
    figure = ""
    if figures.state == "drawn" and figures.requests:
        figure = ceremony_text.FIGURE.format(
            seated=grouped(figures.seated or 0), requests=grouped(figures.requests)
        )
    kind = {"open": "plain", "frozen": "raw", "drawn": "glazed"}[figures.state]
    if figures.state == "drawn" and not one.seats:
        kind = "cancelled"
    if figures.district == chosen:
        kind = "now"
    return DrawTile(figures.district, digits, kind, figure, line)


def _line(one: DistrictDraw, now: datetime) -> str:
    figures = one.figures
    requests, seats = grouped(figures.requests or 0), grouped(one.seats)
    if figures.moved_to and figures.state == "frozen":
        return ceremony_text.LINE_MOVED.format(moment=dates_text.near_moment(figures.moved_to, now))
    if figures.state == "open":
        return ceremony_text.LINE_OPEN.format(seats=seats)
    if not one.seats:
        return ceremony_text.LINE_CLOSED.format(requests=requests)
    if not figures.requests:
        return ceremony_text.LINE_NONE
    if figures.state == "frozen":
        return ceremony_text.LINE_FROZEN.format(requests=requests, seats=seats)
    return ceremony_text.LINE_DRAWN.format(seated=grouped(figures.seated or 0), requests=requests)


def detail(seen: DrawResult) -> Detail:
    return Detail(
        title=ceremony_text.RESULT.format(district=persian(seen.district)),
        standby=ceremony_text.STANDBY.format(count=grouped(seen.standby)) if seen.standby else "",
        empty="" if seen.requests else ceremony_text.NOBODY,
        root=seen.pool_root[:MARK],
        seed=seen.seed[:MARK],
        away=ceremony_text.AWAY.format(count=grouped(seen.turned_away)) if seen.turned_away else "",
        off_system=_off_system(seen),
        seats=tuple(
            SeatLine(dates_text.clock(one.time), one.ticket[:MARK], why_words(one.why))
            for one in seen.seats
        ),
    )


def _off_system(seen: DrawResult) -> str:
    if seen.off_system is None and tehran_day(seen.now) < seen.monday:
        return ""
    return ceremony_text.OFF_SYSTEM.format(
        said=said_words(seen.off_system, seen.statement_due_at, seen.now)
    )


def why_words(why: str) -> str:
    """«بدهی شهر», «نوبت انتظار», or the lane's name; a lane the city adds later by its own name."""
    name = why.removeprefix("lane:")
    return ceremony_text.WHY_SEAT.get(name, name)
