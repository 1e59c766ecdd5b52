"""View models and state of the overseer's page: cases, and figures of the districts' promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle.tables import AnyAction, Step
from publicmeeting.domain.lifecycle.timeline import Mark, MarkState
from publicmeeting.domain.records import Image, Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, shown
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, STAGE, late_words
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.orders import promises_text
from publicmeeting.ui.design.models import Badge, Choice, OrderPaper, Photo, RoadStep, Row, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import A_MINUTE, background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.parts.road import ORDER_TONE, climbed, order_paper, road_steps
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.orders.lists import OrderLine
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.oversight.promises import (
    CONTESTS,
    TABS,
    CityLine,
    CityPromises,
    DistrictPromises,
    city_promises,
    promise_figures,
)
from publicmeeting.usecases.screening.inbox import CasePage, case_page, open_case


def stands(page: CasePage) -> str:
    """Return what the overseer's decision can still do, if the tab does not show it."""
    open_ = {step.action for step in page.steps}
    stage = STAGE[page.request.stage]
    if Action.KEEP_DISTRICT in open_:
        moves = promises_text.MOVES_BACK.format(
            redirect=ACTION[Action.REDIRECT], district=persian(came_from(page.request))
        )
        return moves if Action.REDIRECT in open_ else promises_text.STAYS.format(stage=stage)
    return ""


def came_from(request: Request) -> int:
    """Return the district that last sent this request on; its own district if none did."""
    moves = [e for e in request.history if e.action in (Action.SUBMIT, Action.REDIRECT)]
    before = moves[-2].payload.get("district") if len(moves) > 1 else None
    return before if isinstance(before, int) else request.district


def decided(marks: Sequence[Mark]) -> str:
    """Return the overseer's decision, or that there is nothing to decide."""
    mark = next((m for m in reversed(marks) if m.role is Role.OVERSEER and m.at), None)
    if mark is None or mark.action is None:
        return promises_text.NO_STEPS
    return promises_text.DECIDED.format(what=DONE[mark.action])


HERE = "/city/promises/"


@dataclass(frozen=True)
class Lines(ViewModel):
    """One part of the list; `back` is its address, `none` says why it is empty."""

    tabs: tuple[Choice, ...] = ()
    lead: str = ""
    rows: tuple[Row, ...] = ()
    none: str = ""
    none_lead: str = ""
    back: str = HERE


@dataclass(frozen=True)
class Item(ViewModel):
    """One open case: an order with its number, or a request with its code."""

    number: str = ""
    code: str = ""
    district: int = 0
    heading: str = ""
    title: str = ""
    facts: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()
    """What the city wrote and what the citizen answered: author and time, and the text."""
    promise: str = ""
    paper: OrderPaper = field(default_factory=OrderPaper)
    text: str = ""
    photos: tuple[Photo, ...] = ()
    pictures: tuple[Photo, ...] = ()
    road: tuple[RoadStep, ...] = ()
    stands: str = ""
    """What the overseer's decision can still do, if the request has moved on meanwhile."""
    none: str = ""
    """Why there is nothing to decide."""


@dataclass(frozen=True)
class Figures(ViewModel):
    """All districts as rows of a table, and the district of the open case as sentences.

    Districts with late or unreached cases come first. `folded` has the same rows for a phone, and
    in place of the number a heading that says how many these are.
    """

    table: tuple[tuple[str, ...], ...] = ()
    folded: tuple[tuple[str, ...], ...] = ()
    papers: str = ""
    title: str = ""
    lines: tuple[str, ...] = ()


def address(which: str = CONTESTS, *, number: str = "", code: str = "") -> str:
    """Return the address of a part of the list; without any, the page chooses the part."""
    is_case = bool(number or code)
    query = {
        **({"tab": which} if which != CONTESTS or not is_case else {}),
        **({"order": number} if number else {"case": code} if code else {}),
    }
    return f"{HERE}?{urlencode(query)}" if query else HERE


def lines_view(
    page: ListPage[CityLine], chosen: str, *, nothing: tuple[str, str] = ("", "")
) -> Lines:
    """Return the list.

    `chosen` is the number or code of the open case. `nothing` is shown if a search finds nothing.
    """
    none, lead = nothing if nothing[0] else (promises_text.EMPTY, promises_text.EMPTY_LEAD)
    names = dict(promises_text.TABS)
    return Lines(
        tabs=tuple(Choice(tab, names[tab], persian(page.counts[tab])) for tab in TABS),
        lead=promises_text.LEADS[page.which],
        rows=tuple(_row(line, page, chosen) for line in page.lines),
        none="" if page.lines else none,
        none_lead="" if page.lines else lead,
        back=address(page.which),
    )


def _row(line: CityLine, page: ListPage[CityLine], chosen: str) -> Row:
    about = promises_text.ROW_UNIT if line.unit else promises_text.ROW
    return Row(
        title=line.title,
        meta=about.format(
            district=persian(line.district), unit=line.unit, subject=subject(line.subject).name
        ),
        href=address(page.which, number=line.number, code="" if line.number else line.code),
        tile=Tile("plain", persian(line.district)),
        end=_when(line, page.now),
        late=line.late.days > 0 and not _in_time(line, page.now),
        badge=next(iter(climbed(line.level, line.late.days)), Badge()),
        chosen=chosen in (line.number, line.code) and bool(chosen),
    )


def _when(line: CityLine, now: datetime) -> str:
    if line.due_at is not None and _in_time(line, now):
        return dates_text.until_words(line.due_at)
    if line.late.days:
        return late_words(line.late)
    return promises_text.CAME.format(moment=dates_text.near_moment(line.came_at, now))


def _in_time(line: CityLine, now: datetime) -> bool:
    """Return whether the overseer's decision can still be in time, however late the work is."""
    return line.due_at is not None and now < line.due_at


def of_order(page: OrderPage) -> Item:
    line, order = page.line, page.order
    badges = [
        Badge(promises_text.DISTRICT.format(district=persian(order.district))),
        Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage]),
    ]
    if line.late.days:
        badges.append(Badge(late_words(line.late), "brick", "flag"))
    badges += climbed(line.level, line.late.days)
    return Item(
        number=line.number,
        district=order.district,
        heading=promises_text.NUMBER.format(number=shown(line.number)),
        title=line.title,
        facts=(
            promises_text.UNIT.format(unit=line.unit),
            promises_text.DUE_ON.format(
                day=dates_text.day_of_year(line.due_on, tehran_day(page.now)),
                first=dates_text.day_of_year(line.first_due_on, tehran_day(page.now)),
            ),
            *_right_due(line, page.now),
        ),
        badges=(*badges, _no_name()),
        quotes=_quotes(page.marks, page.now, page.unit_of_event),
        promise=order.promise,
        paper=order_paper(page, promises_text.SHEET),
        text=page.text,
        photos=photo_views(page.photos),
        pictures=_pictures(page.pictures),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        none=_who_acts(line) or decided(page.marks),
    )


def _right_due(line: OrderLine, now: datetime) -> tuple[str, ...]:
    """Return the date from which the lateness of a void order is counted."""
    if line.right_order_by is None:
        return ()
    return (promises_text.RIGHT_DUE.format(until=DateWords(now).until(line.right_order_by)),)


def _who_acts(line: OrderLine) -> str:
    if line.right_order_by and line.late.days:
        return promises_text.RIGHT_ORDER_LATE
    who_acts = promises_text.WHO_ACTS.get(line.stage, "") if line.late.days else ""
    return promises_text.NO_STEPS_LATE.format(who=who_acts) if who_acts else ""


def of_request(page: CasePage) -> Item:
    request = page.request
    badges = [
        Badge(promises_text.DISTRICT.format(district=persian(request.district))),
        Badge(STAGE[request.stage], "glaze"),
    ]
    if page.late_days:
        badges.append(Badge(dates_text.late_words(page.late_days), "brick", "flag"))
    return Item(
        code=request.code,
        district=request.district,
        heading=promises_text.CODE.format(code=shown(request.code)),
        title=request.title,
        facts=(subject(request.subject).name,),
        badges=(*badges, _no_name()),
        quotes=_quotes(_where_it_was_done(page), page.now, page.unit_of_event),
        text=whole_text(request),
        photos=photo_views(page.photos),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        stands=stands(page),
        none=decided(page.marks),
    )


def _where_it_was_done(page: CasePage) -> tuple[Mark, ...]:
    """Return the marks with a redirect at the district it came from.

    The mark of a current redirect carries the district it led to, but its note was written before
    that.
    """
    origin = came_from(page.request)
    return tuple(
        replace(m, district=origin)
        if m.action is Action.REDIRECT and m.state is MarkState.NOW
        else m
        for m in page.marks
    )


_OBJECTIONS = frozenset(
    {
        OrderAction.CONTEST,
        OrderAction.REOPEN,
        OrderAction.ASK_VOID,
        Action.OBJECT_REFUSAL,
        Action.OBJECT_REDIRECT,
    }
)
_OBJECTED_TO = frozenset(
    {OrderAction.REPORT, OrderAction.UPHOLD, Action.FINISH_REFUSED, Action.REDIRECT}
)
"""Actions that an objection answers."""


def _quotes(
    marks: Sequence[Mark], now: datetime, units: Mapping[int, str]
) -> tuple[tuple[str, str], ...]:
    """Return the citizen's newest objection and what it answers, for the top of the case."""
    newest = (
        next((m for m in reversed(marks) if m.note and m.action in actions), None)
        for actions in (_OBJECTED_TO, _OBJECTIONS)
    )
    return tuple(
        (f"{_by(mark, units)}\u00a0· {dates_text.near_moment(mark.at, now)}", mark.note)
        for mark in newest
        if mark is not None and mark.note and mark.at is not None
    )


def _by(mark: Mark, units: Mapping[int, str]) -> str:
    return who(mark.role, mark.district, mark.action, unit=units.get(mark.event_id, ""))


def _no_name() -> Badge:
    return Badge(promises_text.NO_NAME, "neutral", "mask")


def _pictures(pictures: Mapping[int, tuple[Image, ...]]) -> tuple[Photo, ...]:
    """Return the photos in the order in which they arrived."""
    return photo_views([image for event in sorted(pictures) for image in pictures[event]])


def figures_view(found: Sequence[DistrictPromises], district: int) -> Figures:
    """Return the figures. `district` is that of the open case, 0 if none is open."""
    promises = next((figures for figures in found if figures.district == district), None)
    worst = sorted(found, key=lambda one: (-one.late, -one.unreached, one.district))
    return Figures(
        table=tuple(_figures_row(figures) for figures in worst),
        folded=tuple((_folded_heading(one), *_figures_row(one)[1:]) for one in worst),
        papers=_papers(found),
        title=promises_text.FIGURES_OF.format(district=persian(district)) if promises else "",
        lines=_sentences(promises) if promises else (),
    )


def _figures_row(promises: DistrictPromises) -> tuple[str, ...]:
    return (
        persian(promises.district),
        persian(promises.orders),
        persian(promises.late),
        _of(promises.on_time, promises.measured),
        persian(promises.confirmed),
        persian(promises.settled),
        persian(promises.upheld),
        persian(promises.voided),
        _of(promises.heard_yes, promises.heard_yes + promises.heard_no),
        _of(promises.done_yes, promises.done_yes + promises.done_no),
        _of(promises.ranges_held, promises.ranges_shown),
        persian(promises.unreached),
        persian(promises.closed),
    )


def _folded_heading(promises: DistrictPromises) -> str:
    counts = (
        (promises.late, promises_text.FOLDED_LATE),
        (promises.unreached, promises_text.FOLDED_UNREACHED),
    )
    some = "، ".join(words.format(count=persian(count)) for count, words in counts if count)
    place = promises_text.DISTRICT.format(district=persian(promises.district))
    return f"{place}: {some}" if some else place


def _papers(found: Sequence[DistrictPromises]) -> str:
    """Return in which districts a paper for a lane belonged to somebody else: too rare for a
    column."""
    some = [
        promises_text.PAPERS_OF.format(
            district=persian(promises.district), count=persian(promises.not_hers)
        )
        for promises in found
        if promises.not_hers
    ]
    return promises_text.PAPERS.format(districts="، ".join(some)) if some else ""


def _sentences(promises: DistrictPromises) -> tuple[str, ...]:
    ended = promises_text.ENDED.format(
        confirmed=persian(promises.confirmed),
        settled=persian(promises.settled),
        upheld=persian(promises.upheld),
        voided=persian(promises.voided),
    )
    return (
        promises_text.ON_TIME.format(
            count=persian(promises.on_time), all=persian(promises.measured)
        ),
        promises_text.LATE_HERE.format(count=persian(promises.late)),
        ended,
        promises_text.HEARD.format(answers=_yes_no(promises.heard_yes, promises.heard_no)),
        promises_text.DONE.format(answers=_yes_no(promises.done_yes, promises.done_no)),
        promises_text.RANGES.format(answers=_of(promises.ranges_held, promises.ranges_shown)),
        promises_text.UNREACHED.format(count=persian(promises.unreached)),
        promises_text.CLOSED.format(count=persian(promises.closed)),
        promises_text.NOT_HERS.format(count=persian(promises.not_hers)),
    )


def _of(count: int, everything: int) -> str:
    if not everything:
        return promises_text.NONE
    return promises_text.OF.format(count=persian(count), all=persian(everything))


def _yes_no(yes: int, no: int) -> str:
    """Return the share of answers; without any answer, a placeholder."""
    return (
        promises_text.YES_NO.format(yes=persian(yes), no=persian(no))
        if yes + no
        else promises_text.NONE
    )


class CityPromisesState(Narrowing, MasterDetailState, rx.State):
    """State of `/city/promises/?tab=…&order=…` or `…&case=…`."""

    which: str = CONTESTS
    lines: Lines = Lines()
    item: Item = Item()
    item_refused: str = ""
    figures: Figures = Figures()
    _found: tuple[DistrictPromises, ...] = ()
    _today: date | None = None
    _is_order: bool = False
    """Whether the address names an order; else it names a request."""
    _may_choose: bool = False
    """Whether the address names nothing, so that the first part with something in it is shown."""

    @background
    async def watch(self) -> None:
        """Follow the orders of the whole city until the page is left."""
        # The level of lateness rises and deadlines end without any event.
        await follow(self, own, self._reread, every=A_MINUTE)

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Go to another part of the list; an open case stays beside it."""
        if which == self.which:
            return None  # already there: a redirect would undo the next press
        item = self.item
        return rx.redirect(address(str(which), number=item.number, code=item.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        done = await self._decide(action, typed)
        return promises_text.SENT.format(what=DONE[done]) if done is not None else None

    async def _taken(self, about: str) -> None:
        del about
        await self._read_figures()

    async def _decide(self, action: str, typed: dict[str, str]) -> AnyAction | None:
        if self.item.number:
            taken = await execute(
                self, take_order_step, TakeOrderStep, typed, number=self.item.number, action=action
            )
            return OrderAction(action) if taken is not None else None
        done = await execute(self, take_step, TakeStep, typed, code=self.item.code, action=action)
        return Action(action) if done is not None else None

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return inbox_text.NEXT, inbox_text.NO_NEXT

    def _about(self) -> str:
        return self.item.number or self.item.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return promises_text.TEMPLATES.get(step.action, ())

    def _facts(self) -> dict[str, Any]:
        return {"after": self._today, "own_district": self.item.district}

    def _subject(self) -> str:
        query = self.router.url.query_parameters
        return query.get("order", "") or query.get("case", "")

    def _read_address(self) -> None:
        query = self.router.url.query_parameters
        which = query.get("tab", CONTESTS)
        if which != self.which:
            self.sought = replace(self.sought, page=0)
        self.which = which if which in TABS else CONTESTS
        self.item_refused = ""
        self._is_order = bool(query.get("order", ""))
        self._may_choose = not (query.get("tab", "") or self._subject())

    async def _read_list(self, chosen: str) -> bool:
        district = int(self.sought.district or 0)
        command = CityPromises(which=self.which, district=district, **self.sought.narrowed)
        seen = await query(self, city_promises, command)
        if seen is None:
            return False
        is_empty, self._may_choose = self._may_choose and not seen.lines, False
        full = next((tab for tab in TABS if seen.counts[tab]), "")
        if is_empty and full:
            self.which = full
            return await self._read_list(chosen)
        self._show_pages(seen.page, seen.pages)
        self.lines = lines_view(seen, chosen, nothing=self.sought.nothing)
        self._today = tehran_day(seen.now)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self._about())

    async def _read_once(self) -> None:
        await self._read_figures()

    async def _read_figures(self) -> None:
        """Read the figures, which are counted over all orders of the city.

        Only when the page opens and after a decision.
        """
        found = await query(self, promise_figures, Nothing())
        if found is not None:
            self._found = found
            self._show_figures()

    def _show_figures(self) -> None:
        self.figures = figures_view(self._found, self.item.district)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page: OrderPage | CasePage | None
        if self._is_order and opening:
            page = await execute(self, open_order, OneOrder, number=key)
        elif self._is_order:
            page = await query(self, order_page, OneOrder(number=key))
        elif opening:
            page = await execute(self, open_case, OneCase, code=key)
        else:
            page = await query(self, case_page, OneCase(code=key))
        if page is not None:
            self._show(page)
        return page is not None

    def _show(self, seen: OrderPage | CasePage) -> None:
        self.item = of_order(seen) if isinstance(seen, OrderPage) else of_request(seen)
        open_here = tuple(s for s in seen.steps if s.action not in OWN_USE_CASE)
        case = seen.order if isinstance(seen, OrderPage) else seen.request
        self._show_steps(open_here, case.history)
        self._show_figures()

    def _clear(self, refused: str = "") -> None:
        self.item, self.item_refused = Item(), refused
        self._show_figures()
