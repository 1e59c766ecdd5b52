"""From the visitors of the coming Monday to what a unit sees of them: never who they are."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts import subject
from publicmeeting.domain.records import Seat
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.orders import unit_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.design.models import Badge, Choice, Photo, RoadStep, Row
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.marks import road_steps
from publicmeeting.ui.shell.steps.views import photo_views
from publicmeeting.usecases.orders.briefs import DUE, TABS, BriefLine, BriefPage, BriefsPage

PATH = "/unit/briefs/"


@dataclass(frozen=True)
class Lines(ViewModel):
    """One part of the list; `back` is its address, `none` says why it is empty."""

    halves: tuple[Choice, ...] = ()
    parts: tuple[Choice, ...] = ()
    part: str = ""
    rows: tuple[Row, ...] = ()
    none: str = ""
    none_lead: str = ""
    back: str = ""


@dataclass(frozen=True)
class Visit(ViewModel):
    """A visitor's matter above the unit's own words; `refused` says why there is none."""

    code: str = ""
    title: str = ""
    at: str = ""
    facts: str = ""
    text: str = ""
    badges: tuple[Badge, ...] = ()
    photos: tuple[Photo, ...] = ()
    road: tuple[RoadStep, ...] = ()
    refused: str = ""


def address(which: str = DUE, code: str = "") -> str:
    asked = {**({"part": which} if which != DUE else {}), **({"case": code} if code else {})}
    return f"{PATH}?{urlencode(asked)}" if asked else PATH


def lines_view(page: BriefsPage, chosen: str, halves: tuple[Choice, ...] = ()) -> Lines:
    """`chosen` is the code of the open matter, `halves` those of the unit's work."""
    rows = tuple(_row(one, page, chosen) for one in page.lines)
    names, first = dict(unit_text.BRIEF_TABS), page.which == DUE
    return Lines(
        halves=halves,
        part=page.which,
        parts=tuple(_part(one, names[one], page.counts[one]) for one in TABS),
        rows=rows,
        none="" if rows else unit_text.BRIEF_NONE if first else unit_text.BRIEF_NOTHING,
        none_lead="" if rows else unit_text.BRIEF_NONE_LEAD if first else unit_text.NOTHING_LEAD,
        back=address(page.which),
    )


def _part(which: str, name: str, count: int) -> Choice:
    return Choice(which, f"{name} {persian(count)}")


def _row(one: BriefLine, page: BriefsPage, chosen: str) -> Row:
    line = one.line
    return Row(
        title=line.title,
        meta=line.snippet,
        href=address(page.which, line.code),
        end=due_words(one.due_at, one.written_at, page.now, late=one.late),
        late=one.late,
        badge=Badge(_seat_words(line.seat, page.now)),
        chosen=line.code == chosen,
    )


def due_words(
    due_at: datetime | None, written_at: datetime | None, now: datetime, *, late: bool
) -> str:
    """«مهلت یادداشت: امروز», «مهلت یادداشت دیروز بود», or when it was written."""
    if written_at is not None:
        return unit_text.BRIEF_WRITTEN.format(moment=dates_text.near_moment(written_at, now))
    if due_at is None:
        return ""
    day = dates_text.near_day(last_day(due_at), tehran_day(now))
    return unit_text.BRIEF_LATE.format(day=day) if late else unit_text.BRIEF_DUE.format(until=day)


def _seat_words(seat: Seat | None, now: datetime) -> str:
    if seat is None:
        return ""
    return f"{dates_text.near_day(seat.monday, tehran_day(now))}، {dates_text.clock(seat.time)}"


def visit_view(page: BriefPage) -> Visit:
    request, seat = page.request, page.request.seat
    return Visit(
        code=request.code,
        title=request.title,
        at=unit_text.BRIEF_AT.format(
            day=dates_text.near_day(seat.monday, tehran_day(page.now)),
            time=dates_text.clock(seat.time),
        )
        if seat
        else "",
        facts=inbox_text.FACTS.format(
            subject=subject(request.subject).name,
            moment=dates_text.near_moment(request.filed_at, page.now),
        ),
        text=whole_text(request),
        badges=tuple(_badges(page)),
        photos=tuple(photo_views(page.photos)),
        road=tuple(road_steps(page.marks, page.now, own=False)),
    )


def _badges(page: BriefPage) -> list[Badge]:
    """The deadline while the brief is owed, the stage, what she needs, that the name is hidden."""
    found = [
        Badge(STAGE[page.request.stage], "glaze"),
        *(Badge(needs_text.ACCESS_NEED[AccessNeed(one)], "glaze") for one in page.request.needs),
        Badge(inbox_text.HIDDEN, "neutral", "mask"),
    ]
    if page.written:
        return found
    said = due_words(page.due_at, None, page.now, late=page.late)
    return [Badge(said, "brick" if page.late else "saffron", "clock"), *found]
