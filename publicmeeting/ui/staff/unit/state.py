"""View models and state of a unit's orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import reflex as rx

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Step
from publicmeeting.domain.lifecycle.timeline import Mark
from publicmeeting.domain.orders.promises import owes_report
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, shown
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, late_words
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.text.officials import staff_text
from publicmeeting.text.orders import unit_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import Badge, Choice, OrderPaper, Photo, RoadStep, Row
from publicmeeting.ui.reflex.view_model import ViewModel, set_fields
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.navigation import Rail, read_rail
from publicmeeting.ui.shell.parts.road import ORDER_TONE, climbed, order_paper, road_steps
from publicmeeting.ui.shell.photos import photo_views, photos_of_ids
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.orders.lists import DONE as FINISHED
from publicmeeting.usecases.orders.lists import OPEN, TABS, OrderLine, OrdersList, orders_list
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.orders.steps import PHOTOS_MOST, TakeOrderStep, take_order_step
from publicmeeting.usecases.oversight.workplaces import Workplaces

# The two halves of a unit's work: its orders, and its briefs before the next meeting.

ORDERS, BRIEFS = "orders", "briefs"
PLACES = {ORDERS: "/unit/", BRIEFS: "/unit/briefs/"}


def address(number: str = "", which: str = OPEN) -> str:
    """Return the address of this part of the orders with this order beside it."""
    path = f"/unit/{number}/" if number else "/unit/"
    return path if which == OPEN else f"{path}?tab={which}"


def halves(places: Workplaces | None) -> tuple[Choice, ...]:
    """Return the two parts of a unit's work, with what waits in each.

    Only units write briefs. A desk officer, who may read the district's orders, has nothing to
    choose.
    """
    if places is None or Role.UNIT not in places.roles:
        return ()
    return (
        Choice(ORDERS, unit_text.TITLE, _waiting(places.questions)),
        Choice(BRIEFS, unit_text.BRIEFS, _waiting(places.briefs)),
    )


def tabs(counts: Mapping[str, int]) -> tuple[Choice, ...]:
    """Return the parts of the orders."""
    names = dict(unit_text.TABS)
    return tuple(Choice(tab, names[tab], persian(counts.get(tab, 0))) for tab in TABS)


def _waiting(count: int) -> str:
    return persian(count) if count else ""


@dataclass(frozen=True)
class Pictures:
    """The photos of one step; a report also has those from before the work."""

    lead: str
    photos: tuple[Photo, ...]
    before: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Sent(ViewModel):
    """Uploads for a report that is not sent yet."""

    before: tuple[Photo, ...] = ()
    after: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class OrderView(ViewModel):
    """An open order; `refused` says why none is shown."""

    number: str = ""
    refused: str = ""
    heading: str = ""
    title: str = ""
    facts: str = ""
    promise: str = ""
    request: str = ""
    unit: str = ""
    first_due: str = ""
    extension: str = ""
    badges: tuple[Badge, ...] = ()
    paper: OrderPaper = field(default_factory=OrderPaper)
    photos: tuple[Photo, ...] = ()
    pictures: tuple[Pictures, ...] = ()
    road: tuple[RoadStep, ...] = ()
    beside: tuple[Row, ...] = ()
    changed: str = ""
    """Warning that the database owner has written or changed a step."""


@dataclass(frozen=True)
class Lines(ViewModel):
    """One part of the list; `back` is its address, `none` says why it is empty."""

    halves: tuple[Choice, ...] = ()
    tabs: tuple[Choice, ...] = ()
    which: str = ""
    rows: tuple[Row, ...] = ()
    none: str = ""
    none_lead: str = ""
    back: str = ""


def lines_view(
    page: ListPage[OrderLine],
    chosen: str,
    places: Workplaces | None,
    *,
    nothing: tuple[str, str] = ("", ""),
) -> Lines:
    """Return the list. `chosen` is the number of the open order; `nothing` is shown if a search
    finds nothing."""
    today = tehran_day(page.now)
    rows = tuple(_row(line, today, chosen=chosen, which=page.which) for line in page.lines)
    none, lead = ("", "") if rows else _none(page.which, nothing)
    return Lines(
        halves=halves(places),
        tabs=tabs(page.counts),
        which=page.which,
        rows=rows,
        none=none,
        none_lead=lead,
        back=address(which=page.which),
    )


def _none(which: str, nothing: tuple[str, str]) -> tuple[str, str]:
    if nothing[0]:
        return nothing
    if which == OPEN:
        return unit_text.EMPTY, unit_text.EMPTY_LEAD
    return unit_text.NOTHING, unit_text.NOTHING_LEAD


def _row(line: OrderLine, today: date, *, chosen: str = "", which: str = OPEN) -> Row:
    ended = which == FINISHED
    return Row(
        title=line.title,
        meta=unit_text.LINE.format(
            unit=line.unit, what=line.promise.rstrip(".") or subject(line.subject).name
        ),
        tags=tags(line),
        href=address(line.number, which),
        end=dates_text.day_of_year(tehran_day(line.stage_at), today)
        if ended
        else due_words(line, today),
        late=line.late_days > 0,
        badge=Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage]),
        chosen=line.number == chosen,
    )


def tags(line: OrderLine) -> tuple[Badge, ...]:
    """Return whether the mayor marked it as urgent, and what somebody else waits for."""
    urgent = (Badge(unit_text.URGENT, "neutral", "bell"),) if line.urgent else ()
    notice = NOTICE.get((line.asked, Role.UNIT)) if line.asked else None
    news = (Badge(notice.title, "saffron", "chat"),) if notice else ()
    return (*urgent, *climbed(line.level, line.late_days), *news)


def due_words(line: OrderLine, today: date) -> str:
    """Return «۳ روز کاری دیرکرد», «مهلت دیروز بود», «تا پایان امروز» or «۵ روز کاری مانده»."""
    if line.late_days:
        return late_words(line.late)
    if not line.owes_report:
        return ""
    if line.days_left < 0:
        return unit_text.LATE.format(day=dates_text.near_day(line.due_on, today))
    return dates_text.working_left_words(line.due_on, today)


def order_view(page: OrderPage) -> OrderView:
    line = page.line
    return OrderView(
        number=line.number,
        heading=unit_text.NUMBER.format(number=shown(line.number)),
        title=line.title,
        facts=unit_text.FACTS.format(
            subject=subject(line.subject).name,
            day=DateWords(page.now).on(line.issued_on),
        ),
        promise=page.order.promise,
        request=page.text,
        unit=unit_text.UNIT_OF.format(unit=line.unit),
        first_due=_first_due(line),
        extension=_extension(page),
        badges=tuple(_badges(page)),
        paper=order_paper(page, unit_text.SHEET_ALT.format(number=shown(page.order.number))),
        photos=photo_views(page.photos),
        pictures=_pictures(page),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        beside=tuple(_row(order_line, tehran_day(page.now)) for order_line in page.beside),
        changed=road_text.CHANGED_OFFICE if page.is_changed else "",
    )


def _first_due(line: OrderLine) -> str:
    if line.first_due_on == line.due_on:
        return ""
    return unit_text.FIRST_DUE.format(day=day_words(line.first_due_on))


def _extension(page: OrderPage) -> str:
    """Return the extension the unit asks for, while the mayor may still answer it."""
    if page.extension is None or page.order.stage not in STEP_FOR[OrderAction.EXTEND].at:
        return ""
    new_day = date.fromisoformat(str(page.extension.payload["due_on"]))
    return unit_text.ASKS_MORE.format(day=dates_text.day_of_year(new_day, tehran_day(page.now)))


def sent_view(before: Sequence[str], after: Sequence[str]) -> Sent:
    """Return the uploads of these photo ids."""
    return Sent(photos_of_ids(before), photos_of_ids(after))


def _badges(page: OrderPage) -> list[Badge]:
    """Return badges: lateness or time left, the stage, and what has happened more than once."""
    line, today = page.line, tehran_day(page.now)
    found = [Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage])]
    if line.late_days:
        found.insert(0, Badge(late_words(line.late), "brick", "flag"))
    elif owes_report(page.order):
        due = unit_text.DUE.format(day=dates_text.near_day(line.due_on, today))
        found.insert(0, Badge(due, "saffron" if line.due_on == today else "neutral", "clock"))
    found += tags(line)
    if line.extensions:
        found.append(Badge(unit_text.EXTENDED.format(times=dates_text.times(line.extensions))))
    if line.contested:
        found.append(
            Badge(unit_text.CONTESTED.format(times=dates_text.times(line.contested)), "brick")
        )
    return found


def _pictures(page: OrderPage) -> tuple[Pictures, ...]:
    marks = {mark.event_id: mark for mark in page.marks if mark.action}
    return tuple(
        Pictures(
            _quote_text(marks[event], page.now),
            photo_views([image for image in images if image.kind is not PictureKind.BEFORE]),
            photo_views([image for image in images if image.kind is PictureKind.BEFORE]),
        )
        for event, images in page.pictures.items()
        if event in marks
    )


def _quote_text(mark: Mark, now: datetime) -> str:
    assert mark.action is not None
    day = DateWords(now).day(mark.at) if mark.at else ""
    return unit_text.PICTURES.format(title=DONE[mark.action], day=day)


EACH_MOST = PHOTOS_MOST // 2
"""Maximum photos of a report from before the work, and from after it."""


class UnitState(Narrowing, MasterDetailState, rx.State):
    """State of `/unit/` and `/unit/[number]`, each with `?tab=…`."""

    lines: Lines = Lines()
    order: OrderView = OrderView()
    sent: Sent = Sent()
    """Uploads for this order that wait for its report."""
    _before: tuple[str, ...] = ()
    _after_work: tuple[str, ...] = ()
    _which: str = OPEN
    _open_orders: int = 0
    _after: date | None = None
    _places: Workplaces | None = None

    @background
    async def watch(self) -> None:
        """Follow the work of this official until the page is left."""
        await follow(self, own, self._reread_aloud)

    async def _reread_aloud(self) -> None:
        """Read again what others have changed, and announce a new order.

        The rail counts only questions and briefs.
        """
        rail = await self.get_state(Rail)
        before, spoken = self._open_orders, rail.arrived
        await self._reread()
        if self._open_orders == before or rail.arrived != spoken:
            return
        count = persian(self._open_orders)
        line = staff_text.ARRIVED_AT.format(place=unit_text.TITLE, count=count)
        more = self._open_orders > before
        rail.arrived = staff_text.ARRIVED.format(places=line) if more else ""

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Go to another part of the list; an open order stays beside it."""
        if which == self._which:
            return None  # already there: a redirect would undo the next press
        return rx.redirect(address(self.order.number, str(which)))

    @rx.event
    async def choose_half(self, which: str) -> Any:
        """Go to the briefs."""
        return rx.redirect(PLACES.get(str(which), PLACES[ORDERS]))

    @rx.event
    async def before_changed(self, ids: list[str]) -> None:
        """Store the ids of the photos from before the work, after one was added or removed."""
        self._show_sent([str(id_) for id_ in ids], self._after_work)

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """Store the ids of the photos from after the work. The use case checks later whose they
        are."""
        self._show_sent(self._before, [str(id_) for id_ in ids])

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        photos = (*self._before, *self._after_work) if self.form.photos else ()
        taken = await execute(
            self,
            take_order_step,
            TakeOrderStep,
            typed,
            number=self.order.number,
            action=action,
            photos=photos,
        )
        return unit_text.SENT.format(what=DONE[OrderAction(action)]) if taken is not None else None

    def _show_sent(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after_work = tuple(before[:EACH_MOST]), tuple(after[:EACH_MOST])
        self.sent = sent_view(self._before, self._after_work)

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return unit_text.NEXT, unit_text.NO_NEXT

    def _about(self) -> str:
        return self.order.number

    def _draft_of(self, about: str, action: str) -> str:
        """Return a separate name for each action: the reason for a return is not for readers of a
        comment."""
        return f"{about}/{action}"

    def _templates(self, step: Step) -> tuple[str, ...]:
        return unit_text.TEMPLATES.get(OrderAction(step.action), ())

    def _facts(self) -> dict[str, Any]:
        return {"after": self._after}

    def _open_form(self, action: str) -> Any:
        event = super()._open_form(action)
        if self.form.photos:
            self.form = replace(self.form, note_hint=unit_text.REPORT_LEAD)
        return event

    def _subject(self) -> str:
        return str(self.router.url.path).strip("/").partition("/")[2]

    def _read_address(self) -> None:
        which = self.router.url.query_parameters.get("tab", OPEN)
        if which != self._which:
            self.sought = replace(self.sought, page=0)
        self._which = which if which in TABS else OPEN
        set_fields(self, "order", refused="")

    async def _read_frame(self) -> None:
        self._places = await read_rail(self)

    async def _read_list(self, chosen: str) -> bool:
        command = OrdersList(which=self._which, stage=self.sought.stage, **self.sought.narrowed)
        seen = await query(self, orders_list, command)
        if seen is None:
            return False
        self._show_pages(seen.page, seen.pages)
        self._open_orders = seen.counts.get(OPEN, 0)
        self.lines = lines_view(seen, chosen, self._places, nothing=self.sought.nothing)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self.order.number)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page = (
            await execute(self, open_order, OneOrder, number=key)
            if opening
            else await query(self, order_page, OneOrder(number=key))
        )
        if page is not None:
            self._show_order(page)
        return page is not None

    def _show_order(self, seen: OrderPage) -> None:
        self.order = order_view(seen)
        self._show_sent(
            [image.id for image in seen.unsent if image.kind is PictureKind.BEFORE],
            [image.id for image in seen.unsent if image.kind is not PictureKind.BEFORE],
        )
        self._after = max(seen.order.due_on, tehran_day(seen.now))
        self._show_steps(seen.steps, seen.order.history)

    def _clear(self, refused: str = "") -> None:
        self.order = OrderView(refused=refused)
        self._show_sent((), ())
