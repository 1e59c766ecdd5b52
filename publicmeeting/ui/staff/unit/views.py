"""From lists of orders and one order to what a unit sees; no citizen's name is anywhere here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from publicmeeting.domain.districts import subject
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.orders.promises import owes_report
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, shown
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.stages_text import LEVEL, ORDER_STAGE, late_words
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.text.orders import unit_text
from publicmeeting.ui.design.models import Badge, Choice, OrderPaper, Photo, RoadStep, Row
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.road import ORDER_TONE, order_paper, road_steps
from publicmeeting.ui.shell.steps.views import photo_views, photos_of_ids
from publicmeeting.usecases.filing.pictures import BEFORE
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.orders.lists import DONE as FINISHED
from publicmeeting.usecases.orders.lists import OPEN, TABS, OrderLine
from publicmeeting.usecases.orders.pages import OrderPage
from publicmeeting.usecases.oversight.workplaces import Workplaces

# The two halves of a unit's work: its orders, and its briefs before the next meeting.

ORDERS, BRIEFS = "orders", "briefs"
PLACES = {ORDERS: "/unit/", BRIEFS: "/unit/briefs/"}


def address(number: str = "", which: str = OPEN) -> str:
    """Where this part of the orders, with this order beside it, stands."""
    path = f"/unit/{number}/" if number else "/unit/"
    return path if which == OPEN else f"{path}?tab={which}"


def halves(places: Workplaces | None) -> tuple[Choice, ...]:
    """With what waits in each. Briefs are written by units: a desk officer, who reads the orders
    of the district, has nothing to choose."""
    if places is None or Role.UNIT not in places.roles:
        return ()
    return (
        Choice(ORDERS, unit_text.TITLE, _waiting(places.questions)),
        Choice(BRIEFS, unit_text.BRIEFS, _waiting(places.briefs)),
    )


def tabs(counts: Mapping[str, int]) -> tuple[Choice, ...]:
    """The parts of the orders."""
    names = dict(unit_text.TABS)
    return tuple(Choice(tab, f"{names[tab]} {persian(counts.get(tab, 0))}") for tab in TABS)


def _waiting(count: int) -> str:
    return persian(count) if count else ""


@dataclass(frozen=True)
class Pictures:
    """The photos that came with one step of the road; a report has those of before as well."""

    lead: str
    photos: tuple[Photo, ...]
    before: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Sent(ViewModel):
    """What has arrived of a report that is not given yet."""

    before: tuple[Photo, ...] = ()
    after: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class OrderView(ViewModel):
    """An order above its sheet; `refused` says why there is none."""

    number: str = ""
    refused: str = ""
    heading: str = ""
    title: str = ""
    facts: str = ""
    promise: str = ""
    text: str = ""
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
    """`chosen` is the number of the open order; `nothing`: what an empty list says
    where something is looked for."""
    today = tehran_day(page.now)
    rows = tuple(_row(one, today, chosen=chosen, which=page.which) for one in page.lines)
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


def _row(one: OrderLine, today: date, *, chosen: str = "", which: str = OPEN) -> Row:
    ended = which == FINISHED
    return Row(
        title=one.title,
        meta=unit_text.LINE.format(unit=one.unit, what=one.promise or subject(one.subject).name),
        tags=tags(one),
        href=address(one.number, which),
        end=weekday_day(tehran_day(one.stage_at)) if ended else due_words(one, today),
        late=one.late_days > 0,
        badge=Badge(ORDER_STAGE[one.stage], ORDER_TONE[one.stage]),
        chosen=one.number == chosen,
    )


def tags(one: OrderLine) -> tuple[Badge, ...]:
    """Whether the mayor called it urgent, and what somebody else waits for."""
    urgent = (Badge(unit_text.URGENT, "neutral", "bell"),) if one.urgent else ()
    if one.late_days > 0 and one.level > Level.UNIT:
        urgent = (*urgent, Badge(LEVEL[one.level], "brick", "flag"))
    notice = NOTICE.get((one.asked, Role.UNIT)) if one.asked else None
    return (*urgent, Badge(notice.title, "saffron", "chat")) if notice else urgent


def due_words(one: OrderLine, today: date) -> str:
    """«۳ روز کاری دیرکرد», «مهلت دیروز بود», «تا پایان امروز», «۵ روز کاری مانده»."""
    if one.late_days:
        return late_words(one.late)
    if not one.owes_report:
        return ""
    if one.days_left < 0:
        return unit_text.LATE.format(day=dates_text.near_day(one.due_on, today))
    return dates_text.working_left_words(one.due_on, today)


def order_view(page: OrderPage) -> OrderView:
    line = page.line
    return OrderView(
        number=line.number,
        heading=unit_text.NUMBER.format(number=shown(line.number)),
        title=line.title,
        facts=unit_text.FACTS.format(
            subject=subject(line.subject).name, day=weekday_day(tehran_day(line.issued_at))
        ),
        promise=page.order.promise,
        text=page.order.text,
        request=page.text,
        unit=unit_text.UNIT_OF.format(unit=line.unit),
        first_due=_first_due(line),
        extension=_extension(page),
        badges=tuple(_badges(page)),
        paper=order_paper(page, unit_text.SHEET_ALT.format(number=shown(page.order.number))),
        photos=tuple(photo_views(page.photos)),
        pictures=_pictures(page),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        beside=tuple(_row(one, tehran_day(page.now)) for one in page.beside),
    )


def _first_due(line: OrderLine) -> str:
    if line.first_due_on == line.due_on:
        return ""
    return unit_text.FIRST_DUE.format(day=day_words(line.first_due_on))


def _extension(page: OrderPage) -> str:
    """Shown while the mayor may still answer it."""
    if page.extension is None or page.order.stage not in STEP_FOR[OrderAction.EXTEND].at:
        return ""
    new_day = date.fromisoformat(str(page.extension.payload["due_on"]))
    return unit_text.ASKS_MORE.format(day=dates_text.day_of_year(new_day, tehran_day(page.now)))


def sent_view(before: Sequence[str], after: Sequence[str]) -> Sent:
    """From ids of pictures."""
    return Sent(tuple(photos_of_ids(before)), tuple(photos_of_ids(after)))


def _badges(page: OrderPage) -> list[Badge]:
    """Lateness or what is left, the stage, and what has happened more than once."""
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
            _quote_text(marks[event]),
            tuple(photo_views([one for one in images if one.kind != BEFORE])),
            tuple(photo_views([one for one in images if one.kind == BEFORE])),
        )
        for event, images in page.pictures.items()
        if event in marks
    )


def _quote_text(mark: Mark) -> str:
    assert mark.action is not None
    day = weekday_day(tehran_day(mark.at)) if mark.at else ""
    return unit_text.PICTURES.format(title=DONE[mark.action], day=day)
