"""What the screen of the ceremony shows."""

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
from publicmeeting.ui.shell.audiences import statement_text
from publicmeeting.usecases.public_record.ceremony import (
    Ceremony,
    DistrictDraw,
    DrawResult,
    Party,
    Phase,
)

MARK = 8
"""Number of characters by which people recognise a hash."""
DICE = 10
_AFTER_DRAW = (Phase.DRAWING, Phase.DRAWN)


@dataclass(frozen=True)
class Head(ViewModel):
    """What happens now and next; `left` is in seconds, 0 when there is nothing to wait for."""

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
    """A party that has committed to a value: `kind` of its tile, what it has done, and its mark."""

    name: str
    kind: str
    icon: str
    status: str
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
    off_system: str = ""
    """Once the Monday is over."""


def head(ceremony: Ceremony) -> Head:
    until, at = _next_hour(ceremony)
    done = sum(one.figures.state == "drawn" for one in ceremony.draws)
    raised, right = ceremony.objections
    witnessed = any(one.value for one in ceremony.parties if one.party != CITY)
    alone = len(ceremony.parties) == 1
    late = ceremony.phase is not Phase.OPEN
    return Head(
        title=ceremony_text.TITLE.format(day=day_words(ceremony.monday)),
        clock=clock_words(ceremony.now),
        date=weekday_day(tehran_day(ceremony.now)),
        now=ceremony_text.NOW[ceremony.phase],
        why=ceremony_text.WHY[ceremony.phase],
        until=until,
        at=ceremony_text.AT.format(what=until, moment=dates_text.near_moment(at, ceremony.now))
        if at
        else "",
        left=int((at - ceremony.now).total_seconds()) if at else 0,
        reading=int(ceremony.now.timestamp() * 1000),
        warn="" if witnessed or ceremony.phase not in _AFTER_DRAW else ceremony_text.ONLY_CITY,
        objections=ceremony_text.OBJECTIONS.format(raised=persian(raised), right=persian(right))
        if raised
        else "",
        log=ceremony_text.LOG.format(log=ceremony.log.printed),
        dice_lead=_dice_lead(ceremony),
        dice_says=ceremony_text.DICE_SAYS.format(digits=persian(ceremony.dice.digits))
        if ceremony.dice
        else "",
        no_witness=(ceremony_text.NO_WITNESS_LATE if late else ceremony_text.NO_WITNESS)
        if alone
        else "",
        map_says=ceremony_text.MAP_SAYS.format(done=persian(done)),
        count=ceremony_text.COUNT.format(done=persian(done)) if done else "",
        object_lead=_object_lead(ceremony),
        found_late=ceremony_text.FOUND_LATE.format(count=persian(ceremony.found_late))
        if ceremony.found_late
        else "",
        object_until=listing_text.OBJECT_UNTIL.format(
            until=dates_text.until_words(ceremony.objections_until)
        )
        if ceremony.objections_until
        else "",
    )


def _object_lead(ceremony: Ceremony) -> str:
    """What an objection brings: a corrected list in its hours, afterwards a debt of the city."""
    if ceremony.objections_until:
        return listing_text.OBJECT_LEAD
    return "" if ceremony.phase is Phase.OPEN else listing_text.OBJECT_LATE_LEAD


def _next_hour(ceremony: Ceremony) -> tuple[str, datetime | None]:
    """What the countdown runs to."""
    if ceremony.phase is Phase.OPEN:
        return ceremony_text.NEXT["open"], ceremony.freeze_at
    if ceremony.phase is Phase.FROZEN:
        if ceremony.dice_at and not ceremony.dice and ceremony.now < ceremony.dice_at:
            return ceremony_text.NEXT["dice"], ceremony.dice_at
        return ceremony_text.NEXT["frozen"], ceremony.shows_at
    if ceremony.phase is Phase.REVEALING and ceremony.show_until:
        return ceremony_text.NEXT["revealing"], ceremony.show_until
    if ceremony.phase is Phase.DRAWN and ceremony.moved_to:
        return ceremony_text.NEXT["moved"], ceremony.moved_to
    return "", None


def _dice_lead(ceremony: Ceremony) -> str:
    if ceremony.dice_at is None or ceremony.dice is not None:
        return ""
    if ceremony.phase in (Phase.OPEN, Phase.FROZEN):
        return ceremony_text.DICE_AT.format(
            moment=dates_text.near_moment(ceremony.dice_at, ceremony.now)
        )
    return ceremony_text.NO_DICE


def dice_tiles(ceremony: Ceremony) -> list[Tile]:
    """Ten tiles where dice are announced, blank until they are rolled."""
    if ceremony.dice is not None:
        return [Tile("glazed", persian(digit)) for digit in ceremony.dice.digits]
    return [Tile("raw")] * DICE if ceremony.dice_at else []


def party_rows(ceremony: Ceremony) -> list[PartyRow]:
    return [_party(one) for one in ceremony.parties]


def _party(one: Party) -> PartyRow:
    name = one.name or ceremony_text.CITY
    if one.value:
        return PartyRow(name, "glazed", "check", ceremony_text.SHOWN, one.value[:MARK])
    if one.silent:
        return PartyRow(name, "late", "close", ceremony_text.SILENT, "")
    return PartyRow(name, "plain", "lock", ceremony_text.COMMITTED, one.commitment[:MARK])


def draw_tiles(ceremony: Ceremony, chosen: int) -> list[DrawTile]:
    return [_tile(one, ceremony, chosen) for one in ceremony.draws]


def _tile(one: DistrictDraw, ceremony: Ceremony, chosen: int) -> DrawTile:
    figures, digits = one.figures, persian(one.figures.district)
    line = _line(one, ceremony.now)
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


def detail(result: DrawResult) -> Detail:
    return Detail(
        title=ceremony_text.RESULT.format(district=persian(result.district)),
        standby=ceremony_text.STANDBY.format(count=grouped(result.standby))
        if result.standby
        else "",
        empty="" if result.requests else ceremony_text.NOBODY,
        root=result.pool_root[:MARK],
        seed=result.seed[:MARK],
        off_system=_off_system(result),
        seats=tuple(
            SeatLine(dates_text.clock(one.time), one.ticket[:MARK], reason_label(one.why))
            for one in result.seats
        ),
    )


def _off_system(result: DrawResult) -> str:
    if result.off_system is None and tehran_day(result.now) < result.monday:
        return ""
    return ceremony_text.OFF_SYSTEM.format(
        said=statement_text(result.off_system, result.statement_due_at, result.now)
    )


def reason_label(why: str) -> str:
    """«بدهی شهر», «نوبت انتظار» or the name of a lane; an unknown lane by its key."""
    name = why.removeprefix("lane:")
    return ceremony_text.WHY_SEAT.get(name, name)
