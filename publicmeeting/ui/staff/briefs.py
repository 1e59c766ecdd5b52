"""`/unit/briefs/?part=…&case=…`: a unit's notes for the mayor before a meeting, beside the list."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Seat
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.orders import unit_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.fields import pressed_chips, segment
from publicmeeting.ui.design.flow import any_of, direction_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Choice, Photo, RoadStep, Row
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, notice, photo_thumbs
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.view_model import ViewModel, set_fields
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own_and_case
from publicmeeting.ui.shell.navigation import Rail, read_rail
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.steps.keys import key_hints
from publicmeeting.ui.shell.steps.parts import (
    decision_bar,
    desk_page,
    list_part,
    nothing_chosen,
    open_part,
)
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.shell.steps.views import step_buttons
from publicmeeting.ui.staff.unit.state import BRIEFS, PLACES, halves
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.orders.briefs import (
    DUE,
    TABS,
    BriefLine,
    BriefPage,
    Briefs,
    BriefsPage,
    brief_page,
    briefs,
    open_brief,
)
from publicmeeting.usecases.oversight.workplaces import Workplaces

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
    """A visitor's request, without her person; `refused` says why none is shown."""

    code: str = ""
    title: str = ""
    at: str = ""
    facts: str = ""
    text: str = ""
    badges: tuple[Badge, ...] = ()
    photos: tuple[Photo, ...] = ()
    road: tuple[RoadStep, ...] = ()
    refused: str = ""
    changed: str = ""
    """Warning that the database owner has written or changed a step."""


def address(which: str = DUE, code: str = "") -> str:
    asked = {**({"part": which} if which != DUE else {}), **({"case": code} if code else {})}
    return f"{PATH}?{urlencode(asked)}" if asked else PATH


def lines_view(page: BriefsPage, chosen: str, halves: tuple[Choice, ...] = ()) -> Lines:
    """Return the list. `chosen` is the code of the open request, `halves` the two parts of the
    unit's work."""
    rows = tuple(_row(line, page, chosen) for line in page.lines)
    names, first = dict(unit_text.BRIEF_TABS), page.which == DUE
    return Lines(
        halves=halves,
        part=page.which,
        parts=tuple(_part(tab, names[tab], page.counts[tab]) for tab in TABS),
        rows=rows,
        none="" if rows else unit_text.BRIEF_NONE if first else unit_text.BRIEF_NOTHING,
        none_lead="" if rows else unit_text.BRIEF_NONE_LEAD if first else unit_text.NOTHING_LEAD,
        back=address(page.which),
    )


def _part(which: str, name: str, count: int) -> Choice:
    return Choice(which, name, persian(count))


def _row(brief_line: BriefLine, page: BriefsPage, chosen: str) -> Row:
    line = brief_line.line
    return Row(
        title=line.title,
        meta=line.snippet,
        href=address(page.which, line.code),
        end=due_words(brief_line.due_at, brief_line.written_at, page.now, late=brief_line.late),
        late=brief_line.late,
        badge=Badge(_seat_words(line.seat, page.now)),
        chosen=line.code == chosen,
    )


def due_words(
    due_at: datetime | None, written_at: datetime | None, now: datetime, *, late: bool
) -> str:
    """Return «مهلت یادداشت: امروز», «مهلت یادداشت دیروز بود», or when it was written."""
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
        photos=photo_views(page.photos),
        road=tuple(road_steps(page.marks, DateWords(page.now), own=False)),
        changed=road_text.CHANGED_OFFICE if page.is_changed else "",
    )


def _badges(page: BriefPage) -> list[Badge]:
    """Return badges: the deadline while the brief is owed, stage, needs, and that the name is
    hidden."""
    found = [
        Badge(STAGE[page.request.stage], "glaze"),
        *(Badge(needs_text.ACCESS_NEED[AccessNeed(need)], "glaze") for need in page.request.needs),
        Badge(inbox_text.HIDDEN, "neutral", "mask"),
    ]
    if page.written:
        return found
    label = due_words(page.due_at, None, page.now, late=page.late)
    return [Badge(label, "brick" if page.late else "saffron", "clock"), *found]


class BriefsState(MasterDetailState, rx.State):
    """State of `/unit/briefs/`."""

    lines: Lines = Lines()
    visit: Visit = Visit()
    _part: str = DUE
    _places: Workplaces | None = None

    @background
    async def watch(self) -> None:
        """Read again after a seat was assigned or given up, or a colleague wrote a brief."""
        await follow(self, own_and_case, self._reread)

    @rx.event
    async def choose_half(self, which: str) -> Any:
        """Go to the orders."""
        return rx.redirect(PLACES.get(str(which), PLACES[BRIEFS]))

    @rx.event
    async def choose_part(self, part: str) -> Any:
        """Go to another part of the briefs; the open request stays beside it."""
        if part == self._part:
            return None  # already there, or on the way: a redirect would undo the next press
        self._part = part if part in TABS else DUE
        return rx.redirect(address(self._part, self.visit.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        taken = await execute(self, take_step, TakeStep, typed, code=self.visit.code, action=action)
        return unit_text.BRIEF_SENT if taken is not None else None

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return unit_text.BRIEF_NEXT, unit_text.BRIEF_NO_NEXT

    def _about(self) -> str:
        return self.visit.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return inbox_text.TEMPLATES.get(step.action, ())

    def _open_form(self, action: str) -> Any:
        event = super()._open_form(action)
        if self.form.note:
            self.form = replace(
                self.form,
                label=unit_text.BRIEF_WRITE,
                send=unit_text.BRIEF_SEND,
                note_hint=unit_text.BRIEF_HINT,
                note_rows=5,
            )
        return event

    def _subject(self) -> str:
        return self.router.url.query_parameters.get("case", "")

    def _read_address(self) -> None:
        part = self.router.url.query_parameters.get("part", DUE)
        self._part = part if part in TABS else DUE
        set_fields(self, "visit", refused="")

    async def _read_frame(self) -> None:
        self._places = await read_rail(self)

    async def _read_list(self, chosen: str) -> bool:
        seen = await query(self, briefs, Briefs(which=self._part))
        if seen is None:
            return False
        self.lines = lines_view(seen, chosen, halves(self._places))
        return True

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page = (
            await execute(self, open_brief, OneCase, code=key)
            if opening
            else await query(self, brief_page, OneCase(code=key))
        )
        if page is not None:
            self._show(page)
        return page is not None

    def _gone(self) -> None:
        self.done = self.done or unit_text.BRIEF_GONE

    def _show(self, seen: BriefPage) -> None:
        self.visit = visit_view(seen)
        write = (
            replace(button, label=unit_text.BRIEF_WRITE, kind="primary")
            for button in step_buttons(seen.steps)
        )
        self._show_buttons(write)

    def _clear(self, refused: str = "") -> None:
        self.visit = Visit(refused=refused)


def the_list() -> list[rx.Component]:
    """The list: late briefs first, then by the time of the meeting."""
    above = (
        segment(unit_text.HALVES_LABEL, BriefsState.lines.halves, BRIEFS, BriefsState.choose_half),
        pressed_chips(
            unit_text.BRIEF_TABS_LABEL,
            BriefsState.lines.parts,
            BriefsState.lines.part,
            BriefsState.choose_part,
        ),
    )
    hints = shown(any_of(BriefsState.lines.rows), key_hints())
    none = empty(BriefsState.lines.none, BriefsState.lines.none_lead, district=Rail.district)
    return list_part(unit_text.BRIEFS, (*above, hints), BriefsState.lines.rows, none)


def the_visit() -> list[rx.Component]:
    choose = nothing_chosen(
        BriefsState.lines.rows, unit_text.BRIEF_CHOOSE, unit_text.BRIEF_CHOOSE_LEAD
    )
    return open_part(
        BriefsState.lines.back,
        BriefsState,
        BriefsState.visit.code,
        _open(),
        BriefsState.visit.refused,
        choose,
    )


def _open() -> rx.Component:
    """What she wrote and when she comes, without her identity."""
    return rx.el.article(
        rx.el.div(
            each(BriefsState.visit.badges, badge), class_name="case-badges flex flex-wrap gap-2"
        ),
        rx.el.h2(
            BriefsState.visit.title,
            dir=direction_of(BriefsState.visit.title),
            class_name="mt-3 text-h1 wrap-anywhere",
        ),
        rx.el.p(icon("calendar"), BriefsState.visit.at, class_name="with-icon font-semibold"),
        rx.el.p(BriefsState.visit.facts, class_name="text-meta text-ink2"),
        shown(
            BriefsState.visit.changed,
            rx.el.div(
                notice(road_text.CHANGED, BriefsState.visit.changed, tone="brick"),
                class_name="mt-3",
            ),
        ),
        rx.el.p(
            BriefsState.visit.text, class_name="my-4 max-w-read whitespace-pre-line wrap-anywhere"
        ),
        rx.cond(
            any_of(BriefsState.visit.photos),
            rx.el.div(photo_thumbs(BriefsState.visit.photos), class_name="max-w-128"),
            rx.el.p(inbox_text.NO_PHOTOS, class_name="text-meta text-ink2"),
        ),
        rx.el.section(
            rx.el.h3(unit_text.BRIEF_ROAD, class_name="mb-3 text-h2"),
            road(BriefsState.visit.road, unit_text.BRIEF_ROAD),
            class_name="mt-6",
        ),
    )


def page() -> rx.Component:
    bar = decision_bar(
        BriefsState,
        BriefsState.visit.code,
        unit_text.BRIEF_DECISION,
        unit_text.BRIEF_LEAD,
        none=unit_text.NO_STEPS,
    )
    return desk_page(
        BriefsState,
        PATH,
        unit_text.BRIEFS,
        list_=the_list(),
        detail=the_visit(),
        bar=bar,
        has_detail=BriefsState.visit.code | BriefsState.visit.refused,
        opened=BriefsState.visit.title,
        rail="/unit/",
    )
