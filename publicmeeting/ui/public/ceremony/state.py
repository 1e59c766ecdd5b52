"""View models of a Monday's draw, made from public facts, and the state of its page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import listing_text
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.turns.kinds import NO_VALUE
from publicmeeting.turns.rules.late_value import Source
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.audiences import statement_text
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.parts.line import Reply, reply
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record.ceremony import (
    Ceremony,
    DistrictDraw,
    DrawResult,
    OneDraw,
    OneMonday,
    Party,
    Phase,
    ceremony,
    draw_result,
)

MARK = 8
"""Number of characters by which people recognise a hash."""
DICE, INDEX = 10, 7
"""Number of digits of the awaited number, by kind of source."""


@dataclass(frozen=True)
class Head(ViewModel):
    """What happens now and next; `left` is in seconds, 0 if nothing is awaited."""

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
    signed: str = ""
    objections: str = ""
    log: str = ""
    value_title: str = ""
    value_lead: str = ""
    value_demo: str = ""
    """In the demo: that no exchange has printed its number."""
    value_label: str = ""
    second_lists: str = ""
    no_witness: str = ""
    map_label: str = ""
    count: str = ""
    object_lead: str = ""
    object_until: str = ""
    found_late: str = ""


@dataclass(frozen=True)
class PartyRow:
    """A party that has committed to a value: the kind of its tile, what it has done, and its
    hash."""

    name: str
    kind: str
    icon: str
    status: str
    mark: str
    number: str
    """The number that this party reports."""


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
    """Meetings outside the line, when the Monday is over."""


def head(ceremony: Ceremony) -> Head:
    until, at = _next_hour(ceremony)
    done = sum(draw.figures.state is DrawState.DRAWN for draw in ceremony.draws)
    raised, right = ceremony.objections
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
        warn=ceremony_text.ONLY_CITY if ceremony.is_signed is False else "",
        signed=ceremony_text.SIGNED if ceremony.is_signed else "",
        objections=ceremony_text.OBJECTIONS.format(raised=persian(raised), right=persian(right))
        if raised
        else "",
        log=ceremony_text.LOG.format(log=dates_text.in_order(ceremony.log.printed)),
        value_title=ceremony_text.VALUE.format(day=weekday_day(ceremony.late_value.day)),
        value_lead=_value_lead(ceremony),
        value_demo=ceremony_text.VALUE_DEMO
        if settings().is_demo and ceremony.late_value.kind is Source.PUBLISHED
        else "",
        value_label=_number(ceremony.late_value.stands) or ceremony_text.VALUE_AWAITED,
        second_lists=ceremony_text.SECOND_LISTS.format(count=persian(ceremony.second_lists))
        if ceremony.second_lists
        else "",
        no_witness=(ceremony_text.NO_WITNESS_LATE if late else ceremony_text.NO_WITNESS)
        if alone
        else "",
        map_label=ceremony_text.MAP_LABEL.format(done=persian(done)),
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
    """Return what an objection brings: a corrected list during its hours, later a debt of the
    city."""
    if ceremony.objections_until:
        return listing_text.OBJECT_LEAD
    return "" if ceremony.phase is Phase.OPEN else listing_text.OBJECT_LATE_LEAD


def _next_hour(ceremony: Ceremony) -> tuple[str, datetime | None]:
    """Return the label and the time of the countdown."""
    late = ceremony.late_value
    match ceremony.phase:
        case Phase.OPEN:
            return ceremony_text.NEXT["open"], ceremony.freeze_at
        case Phase.FROZEN:
            return ceremony_text.NEXT["frozen"], ceremony.shows_at
        case Phase.REVEALING:
            return ceremony_text.NEXT["revealing"], ceremony.show_until
        case Phase.SEALED if ceremony.now < late.opens_at:
            return ceremony_text.NEXT["sealed"], late.opens_at
        case Phase.SEALED:
            return ceremony_text.NEXT["entering"], late.until
    return "", None


def _value_lead(ceremony: Ceremony) -> str:
    """Return what happens to the number, or has happened."""
    late = ceremony.late_value
    if late.stands == NO_VALUE:
        has_seats = any(draw.seats for draw in ceremony.draws)
        return ceremony_text.NO_VALUE if has_seats else ceremony_text.NO_VALUE_NEEDED
    if late.is_disputed:
        return ceremony_text.DISPUTED
    if late.stands:
        return ceremony_text.VALUE_STANDS[late.kind]
    moment = dates_text.near_moment(late.opens_at, ceremony.now)
    return ceremony_text.VALUE_COMES[late.kind].format(moment=moment)


def value_tiles(ceremony: Ceremony) -> list[Tile]:
    """Return the digits of the number, blank until it is decided."""
    late = ceremony.late_value
    if late.stands == NO_VALUE:
        return [Tile("cancelled", "–")]
    if late.stands:
        return [Tile("glazed", persian(digit)) for digit in late.stands]
    return [Tile("raw")] * (DICE if late.kind is Source.DICE else INDEX)


def party_rows(ceremony: Ceremony) -> list[PartyRow]:
    return [_party(party) for party in ceremony.parties]


def _party(party: Party) -> PartyRow:
    name = party_name(party.party)
    number = ceremony_text.ENTERED.format(value=_number(party.entered)) if party.entered else ""
    if party.value:
        return PartyRow(name, "glazed", "check", ceremony_text.SHOWN, party.value[:MARK], number)
    if party.silent:
        return PartyRow(name, "late", "close", ceremony_text.SILENT, "", number)
    if not party.commitment:
        return PartyRow(name, "plain", "eye", number, "", "")
    return PartyRow(name, "plain", "lock", ceremony_text.COMMITTED, party.commitment[:MARK], number)


def _number(value: str) -> str:
    """Return the number as newspapers print it; ten dice as digits without grouping."""
    if value in ("", NO_VALUE):
        return ceremony_text.NOTHING_PRINTED if value else ""
    return grouped(int(value)) if len(value) < DICE else persian(value)


def draw_tiles(ceremony: Ceremony, chosen: int) -> list[DrawTile]:
    return [_tile(draw, chosen) for draw in ceremony.draws]


def _tile(draw: DistrictDraw, chosen: int) -> DrawTile:
    figures, digits = draw.figures, persian(draw.figures.district)
    line = _line(draw)
    figure = ""
    if figures.state is DrawState.DRAWN and figures.requests:
        figure = ceremony_text.FIGURE.format(
            seated=grouped(figures.seated or 0), requests=grouped(figures.requests)
        )
    kind = {"open": "plain", "frozen": "raw", "drawn": "glazed"}[figures.state]
    if figures.state is DrawState.DRAWN and not draw.seats:
        kind = "cancelled"
    if figures.district == chosen:
        kind = "now"
    return DrawTile(figures.district, digits, kind, figure, line)


def _line(draw: DistrictDraw) -> str:
    figures = draw.figures
    requests, seats = grouped(figures.requests or 0), grouped(draw.seats)
    if figures.state is DrawState.OPEN:
        return ceremony_text.LINE_OPEN.format(seats=seats)
    if not draw.seats:
        return ceremony_text.LINE_CLOSED.format(requests=requests)
    if not figures.requests:
        return ceremony_text.LINE_NONE
    if figures.state is DrawState.FROZEN:
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
            SeatLine(dates_text.clock(seat.time), seat.ticket[:MARK], reason_label(seat.why))
            for seat in result.seats
        ),
    )


def _off_system(result: DrawResult) -> str:
    if result.off_system is None and tehran_day(result.now) < result.monday:
        return ""
    return ceremony_text.OFF_SYSTEM.format(
        statement=statement_text(result.off_system, result.statement_due_at, result.now)
    )


def reason_label(why: str) -> str:
    """Return «بدهی شهر», «نوبت انتظار» or the name of a lane; an unknown lane by its key."""
    name = why.removeprefix("lane:")
    return ceremony_text.WHY_SEAT.get(name, name)


EVERY = 30.0
"""Seconds after which the page is read without a message, because hours end by time alone."""
LONGEST = 10
DISTRICTS = range(1, 23)
RESULT = "result"
"""Id of the element with the result of the chosen district."""


@dataclass(frozen=True)
class Wall(ViewModel):
    """The content of the page, in one var because every page receives the names of all vars."""

    head: Head = field(default_factory=Head)
    parties: tuple[PartyRow, ...] = ()
    value: tuple[Tile, ...] = ()
    tiles: tuple[DrawTile, ...] = ()
    chosen: int = 0
    detail: Detail = field(default_factory=Detail)
    reply: Reply = field(default_factory=Reply)
    names_day: bool = False
    """Whether the address names a day; if that day has no draw, others still may."""


class CeremonyState(Asking, rx.State):
    """State of `/ceremony/`. The Monday is in the address; without one, it is the next."""

    wall: Wall = Wall()

    head = VarField[Head]("wall")
    parties = VarField[tuple[PartyRow, ...]]("wall")
    value = VarField[tuple[Tile, ...]]("wall")
    tiles = VarField[tuple[DrawTile, ...]]("wall")
    chosen = VarField[int]("wall")
    detail = VarField[Detail]("wall")
    reply = VarField[Reply]("wall")
    names_day = VarField[bool]("wall")

    @rx.event
    async def load(self) -> None:
        """Read the Monday of the address."""
        self.chosen, self.detail, self.reply = 0, Detail(), Reply()
        self.names_day = bool(self._monday())
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow the draws until the page is left."""
        await follow(self, always("draws"), self._read, EVERY)

    @rx.event
    async def choose(self, district: int) -> Any:
        """Show the result of one district's draw, or close it if it is already shown."""
        if district not in DISTRICTS:
            return None
        self.chosen = 0 if district == self.chosen else district
        self.detail = Detail()
        await self._read()
        return rx.set_focus(RESULT) if self.chosen else None

    @rx.event
    async def raise_objection(self, form: Form) -> None:
        """Send «I am not in the list», with a ticket or for the citizen's own request."""
        self.reply = Reply()
        answer = await execute(self, object_to_list, ObjectToList, form, monday=self._monday())
        await self._read()
        if answer is not None:
            self.reply = reply(answer)

    def _monday(self) -> str:
        return self.router.url.query_parameters.get("monday", "")[:LONGEST]

    async def _read(self) -> None:
        found = await query(self, ceremony, OneMonday(monday=self._monday()))
        if found is None:
            return
        self.head = head(found)
        self.parties = tuple(party_rows(found))
        self.value = tuple(value_tiles(found))
        self.tiles = tuple(draw_tiles(found, self.chosen))
        frozen = {
            draw.figures.district
            for draw in found.draws
            if draw.figures.state is not DrawState.OPEN
        }
        if self.chosen in frozen:
            one_draw = OneDraw(monday=self._monday(), district=self.chosen)
            result = await query(self, draw_result, one_draw)
            self.detail = detail(result) if result is not None else Detail()
