"""View models and state of the screening inbox with the case beside it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.calendar import add_working_days, is_working_day, last_day
from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle.advance import firing
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import month_name
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import inbox_text, staff_text
from publicmeeting.text.orders import unit_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import Badge, Choice, Photo, RoadStep, Row, Tile
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own_and_case
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.staff.monday.preparing import need_badges
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.screening.inbox import (
    ALL,
    SUBMITTED,
    TABS,
    CasePage,
    Inbox,
    InboxLine,
    LinkedCase,
    case_page,
    inbox,
    open_case,
)

TILES_MOST = 5
"""Maximum days of a deadline drawn as tiles; a longer deadline is shown in words only."""


_ANOTHER = "another_officer"


@dataclass(frozen=True)
class Case(ViewModel):
    """A request without its person; `code` in ASCII digits, `digits` in Persian ones."""

    code: str = ""
    digits: str = ""
    title: str = ""
    facts: str = ""
    text: str = ""
    name: str = ""
    before: str = ""
    closed: str = ""
    """What cannot be done any more in the hours before a list."""
    none: str = ""
    """Why there is no button."""
    also_open: str = ""
    """That a colleague has the case open too."""
    changed: str = ""
    """What to do about a case that somebody changed past the program; empty for any other."""
    badges: tuple[Badge, ...] = ()
    photos: tuple[Photo, ...] = ()
    linked: tuple[str, ...] = ()
    road: tuple[RoadStep, ...] = ()


@dataclass(frozen=True)
class Lines(ViewModel):
    """One part of the inbox; `back` is an address, `none` says why it is empty."""

    tabs: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    none: str = ""
    none_lead: str = ""
    back: str = ""


def address(which: str, code: str = "") -> str:
    """Return the address of this tab with this case beside it."""
    query = {**({"tab": which} if which != SUBMITTED else {}), **({"case": code} if code else {})}
    return f"/desk/?{urlencode(query)}" if query else "/desk/"


def lines_view(
    page: ListPage[InboxLine], chosen: str, *, nothing: tuple[str, str] = ("", "")
) -> Lines:
    """Return a part of the inbox. If it has several districts, each line names its own.

    `chosen` is the code of the open case. `nothing` is shown if a search finds nothing.
    """
    has_several = len({line.line.district for line in page.lines}) > 1
    rows = tuple(_row(line, page, chosen, names_district=has_several) for line in page.lines)
    none, lead = ("", "") if rows else _none(page.which, nothing)
    return Lines(
        tabs=_tabs(dict(page.counts)),
        rows=rows,
        none=none,
        none_lead=lead,
        back=address(page.which),
    )


def _tabs(counts: dict[str, int]) -> tuple[Choice, ...]:
    names = dict(inbox_text.TABS)
    return tuple(Choice(tab, names[tab], persian(counts.get(tab, 0))) for tab in TABS)


def _none(which: str, nothing: tuple[str, str]) -> tuple[str, str]:
    if nothing[0]:
        return nothing
    if which == SUBMITTED:
        return inbox_text.EMPTY, inbox_text.EMPTY_LEAD
    return inbox_text.NOTHING, inbox_text.NOTHING_LEAD


def _row(
    inbox_line: InboxLine, page: ListPage[InboxLine], chosen: str, *, names_district: bool
) -> Row:
    line = inbox_line.line
    where = staff_text.DISTRICT.format(district=persian(line.district))
    is_her_move = firing(line.stage) is not None  # the deadline is the citizen's
    due_at = None if is_her_move else line.due_at
    tiles, label = deadline_tiles(line.stage_at, due_at, page.now)
    left = (
        dates_text.left_words(line.due_at, page.now)
        if is_her_move and line.due_at
        else STAGE[line.stage]
    )
    linked = inbox_text.LINKED.format(count=persian(line.linked)) if line.linked else ""
    end = due_words(due_at, inbox_line.late_days, page.now) or left
    if page.which == ALL and end != STAGE[line.stage]:
        end = inbox_text.STAGE_AND.format(stage=STAGE[line.stage], due=end)
    return Row(
        title=line.title,
        meta=f"{where}\u00a0· {line.snippet}" if names_district else line.snippet,
        href=address(page.which, line.code),
        end=end,
        late=inbox_line.late_days > 0,
        note=linked,
        strip=tiles,
        strip_label=label,
        chosen=line.code == chosen,
    )


def due_words(due_at: datetime | None, late: int, now: datetime) -> str:
    """Return «مهلت: امروز», «مهلت دیروز بود» or «۳ روز کاری دیرکرد»; "" without a deadline."""
    if due_at is None:
        return ""
    day = dates_text.near_day(last_day(due_at), tehran_day(now))
    if late > 1:
        return dates_text.late_words(late)
    return (inbox_text.LATE if late else inbox_text.DUE).format(day=day)


def deadline_tiles(
    began: datetime, due_at: datetime | None, now: datetime
) -> tuple[tuple[Tile, ...], str]:
    """Return tiles for the day it came and each working day until its deadline, with a sentence."""
    if due_at is None:
        return (), ""
    today, end = tehran_day(now), last_day(due_at)
    days = [tehran_day(began)]
    while days[-1] < end and len(days) <= TILES_MOST:
        days.append(add_working_days(days[-1], 1))
    if len(days) > TILES_MOST:
        return (), ""
    passed = sum(day < today for day in days[1:])
    label = inbox_text.DAYS_LABEL.format(passed=persian(passed), all=persian(len(days) - 1))
    return tuple(Tile(_kind(day, today, end, late=now >= due_at)) for day in days), label


def _kind(day: date, today: date, end: date, *, late: bool) -> str:
    if day == end and late:
        return "late"
    if day < today:
        return "glazed"
    if day > today:
        return "raw"
    return "now" if day == end and is_working_day(day) else "half"


def case_view(page: CasePage) -> Case:
    request = page.request
    return Case(
        code=request.code,
        digits=persian(request.code),
        title=request.title,
        facts=inbox_text.FACTS.format(
            subject=subject(request.subject).name,
            moment=dates_text.near_moment(request.filed_at, page.now),
        ),
        text=whole_text(request),
        name=page.person.name if page.person else "",
        before=_before(len(page.linked)),
        badges=tuple(_badges(page)),
        photos=photo_views(page.photos),
        linked=tuple(_linked(linked_case) for linked_case in page.linked),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        closed=_closed(page),
        none=_why_none(page),
        also_open=_also_open(page),
        changed=road_text.CHANGED_OFFICE if page.is_changed else "",
    )


def _also_open(page: CasePage) -> str:
    """Return which colleague has the case open; "" if no step is open, because then a step shows
    it."""
    if page.also_open is None or not page.steps:
        return ""
    return inbox_text.ALSO_OPEN.format(
        name=page.also_open.name, moment=dates_text.near_moment(page.also_open.since, page.now)
    )


def _why_none(page: CasePage) -> str:
    """Return why there is no button, for example that another officer decides after this one
    declined."""
    others = any(word == _ANOTHER for _, word in page.refused)
    return refusal(_ANOTHER) if others else inbox_text.NO_STEPS


def _before(count: int) -> str:
    if count == 1:
        return inbox_text.BEFORE_ONE
    return inbox_text.BEFORE.format(count=persian(count)) if count else ""


def _badges(page: CasePage) -> list[Badge]:
    """Return badges: deadline first, then the stage, that the name is hidden, and her needs on the
    day."""
    request, found = page.request, []
    if page.late_days:
        found.append(Badge(dates_text.late_words(page.late_days), "brick", "flag"))
    elif request.due_at:
        last = last_day(request.due_at) == tehran_day(page.now)
        until = inbox_text.CASE_DUE.format(until=dates_text.until_words(request.due_at))
        found.append(Badge(until, "saffron" if last else "neutral", "clock"))
    found.append(Badge(STAGE[request.stage], "glaze"))
    if page.person is None:
        found.append(Badge(inbox_text.HIDDEN, "neutral", "mask"))
    if request.filed_by is not None:
        found.append(Badge(inbox_text.ASSISTED, "neutral", "phone"))
    return [*found, *need_badges(request.needs)]


def _closed(page: CasePage) -> str:
    """Return why a step is closed by time; if there are two reasons, the one that explains more."""
    refusals = {word for _, word in page.refused}
    return next((refusal(word) for word in ("list_near", "line_closed") if word in refusals), "")


def _linked(linked_case: LinkedCase) -> str:
    what = inbox_text.BEFORE_SAME if linked_case.same_subject else subject(linked_case.subject).name
    month = f"{month_name(linked_case.month)} {persian(linked_case.year)}"
    line = inbox_text.BEFORE_LINE.format(
        month=month, subject=what, stage=STAGE[linked_case.outcome]
    )
    return f"{line} {inbox_text.BEFORE_OBJECTED}" if linked_case.objected else line


@dataclass(frozen=True)
class Around(ViewModel):
    """Which part is listed, and why a case could not be opened."""

    which: str = ""
    """The chosen tab; empty until the address has been read, because a blank view is undefined in
    the browser."""
    case_refused: str = ""


class DeskState(Narrowing, MasterDetailState, rx.State):
    """State of `/desk/?tab=…&case=…`."""

    title: str = inbox_text.TITLE
    around: Around = Around()
    which = VarField[str]("around")
    case_refused = VarField[str]("around")
    lines: Lines = Lines()
    case: Case = Case()
    _district: int = 0
    _in_other_hands: frozenset[str] = frozenset()
    """Addresses of cases that a colleague has recently opened."""

    @background
    async def watch(self) -> None:
        """Follow the work of this official until the page is left."""
        await follow(self, own_and_case, self._reread)

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Go to another part of the inbox; an open case stays beside it."""
        if which == self.which:
            return None  # already there: a redirect would undo the next press
        return rx.redirect(address(str(which), self.case.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        taken = await execute(self, take_step, TakeStep, typed, code=self.case.code, action=action)
        return self._sentence(taken) if taken is not None else None

    def _rows(self) -> tuple[Row, ...]:
        """Return the rows without cases that colleagues have open.

        Two officers who finish at the same time are then not sent to the same case. If nothing else
        is left, all rows are returned.
        """
        free = tuple(row for row in self.lines.rows if row.href not in self._in_other_hands)
        return free if any(not row.chosen for row in free) else self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return inbox_text.NEXT, inbox_text.NO_NEXT

    def _about(self) -> str:
        return self.case.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return inbox_text.TEMPLATES.get(step.action, ())

    def _facts(self) -> dict[str, Any]:
        return {"own_district": self._district}

    def _sentence(self, request: Request) -> str:
        return inbox_text.SENT.format(stage=STAGE[request.stage])

    def _subject(self) -> str:
        return self.router.url.query_parameters.get("case", "")

    def _read_address(self) -> None:
        query = self.router.url.query_parameters
        which = query.get("tab", SUBMITTED)
        if which != self.which:
            self.sought = replace(self.sought, page=0)
        self.which = which if which in TABS else SUBMITTED
        self.case_refused = ""

    async def _read_frame(self) -> None:
        places = await read_rail(self)
        if places is not None:
            self.title = inbox_text.TITLE if Role.DESK in places.roles else unit_text.REQUESTS

    async def _read_list(self, chosen: str) -> bool:
        seen = await query(self, inbox, Inbox(which=self.which, **self.sought.narrowed))
        if seen is None:
            return False
        self._show_pages(seen.page, seen.pages)
        self._in_other_hands = frozenset(
            address(self.which, line.line.code) for line in seen.lines if line.opened_by_others
        )
        self.lines = lines_view(seen, chosen, nothing=self.sought.nothing)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self.case.code)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page = (
            await execute(self, open_case, OneCase, code=key)
            if opening
            else await query(self, case_page, OneCase(code=key))
        )
        if page is not None:
            self._show_case(page)
        return page is not None

    def _gone(self) -> None:
        self.done = inbox_text.SENT_AWAY if self.done else ""

    def _show_case(self, seen: CasePage) -> None:
        self.case = case_view(seen)
        self._district = seen.request.district
        open_here = tuple(s for s in seen.steps if s.action not in OWN_USE_CASE)
        self._show_steps(open_here, seen.request.history)

    def _clear(self, refused: str = "") -> None:
        self.case, self.case_refused = Case(), refused
