"""From promises to the rows of the mayor's list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.lifecycle.stages_text import LEVEL, ORDER_STAGE, late_words
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.text.orders import orders_text, unit_text
from publicmeeting.ui.design.models import Badge, Row, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.marks import ORDER_TONE
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.orders.lists import OrderLine, OrdersPage


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list: an address, so that «back» finds it again."""

    label: str
    href: str
    count: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Lines(ViewModel):
    """The list and what narrows it; `none` says why it is empty."""

    tabs: tuple[Filter, ...] = ()
    units: tuple[Filter, ...] = ()
    rows: tuple[Row, ...] = ()
    none: str = ""
    none_lead: str = ""


def lines_view(
    page: ListPage[OrderLine],
    whole: OrdersPage,
    unit: str,
    nothing: tuple[str, str] = ("", ""),
) -> Lines:
    """`whole` is the list of all units, `page` that of the one chosen; `nothing`: what an empty
    list says where something is looked for."""
    none, lead = nothing if nothing[0] else (orders_text.EMPTY, orders_text.EMPTY_LEAD)
    return Lines(
        tabs=tuple(tabs(page, unit)),
        units=tuple(units(whole, unit)),
        rows=tuple(rows(page, unit)),
        none=none,
        none_lead=lead,
    )


def tabs(page: ListPage[OrderLine], unit: str) -> list[Filter]:
    return [
        Filter(label, address(which, unit), persian(page.counts[which]), which == page.which)
        for which, label in orders_text.TABS
    ]


def units(whole: OrdersPage, unit: str) -> list[Filter]:
    """The units that have something in this list, on whichever page, the fullest first."""
    which = whole.which
    all_of_it = persian(whole.counts[which])
    everything = Filter(orders_text.ALL_UNITS, address(which, ""), all_of_it, not unit)
    return [
        everything,
        *(
            Filter(one.name, address(which, one.id), persian(one.count), one.id == unit)
            for one in whole.units
        ),
    ]


def address(which: str, unit: str) -> str:
    query = {"which": which, **({"unit": unit} if unit else {})}
    return f"/mayor/orders/?{urlencode(query)}"


def rows(page: ListPage[OrderLine], unit: str) -> list[Row]:
    return [row(line, page) for line in page.lines if unit in ("", line.unit_id)]


def row(line: OrderLine, page: ListPage[OrderLine]) -> Row:
    today = tehran_day(page.now)
    more = [line.unit, *([line.title] if line.promise else []), str(shown(line.number))]
    return Row(
        title=line.promise or line.title,
        meta=" · ".join(more),
        href=f"/mayor/orders/{line.number}/",
        thumb=paper_of(line),
        tile=_tile(line),
        tags=tags(line),
        end=late_words(line.late)
        if line.late_days
        else dates_text.working_left_words(line.due_on, today)
        if line.days_left >= 0 and not _is_done(page)
        else orders_text.DUE.format(day=dates_text.day_of_year(line.due_on, today)),
        late=bool(line.late_days),
        badge=Badge(orders_text.DECIDE, "saffron", "pen")
        if line.steps
        else Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage]),
    )


def paper_of(line: OrderLine) -> str:
    """The small picture; whoever may not see the order gets none."""
    return f"/images/{line.image_id}/thumb" if line.image_id else ""


def tags(line: OrderLine) -> tuple[Badge, ...]:
    """What waits for the mayor, and what is special about it."""
    told = NOTICE.get((line.asked, Role.MAYOR)) if line.asked else None
    found = [
        *([Badge(told.title, "saffron", "pen")] if told else []),
        *(
            [Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage])]
            if line.steps and not told
            else []
        ),
        *special(line),
    ]
    return tuple(found)


def climbed(line: OrderLine) -> list[Badge]:
    """How far its lateness has climbed, once that is beyond the unit itself."""
    beyond = line.late_days > 0 and line.level > Level.UNIT
    return [Badge(LEVEL[line.level], "brick", "flag")] if beyond else []


def special(line: OrderLine) -> tuple[Badge, ...]:
    """Urgent, late for others too, contested more than once, given more time."""
    found = [Badge(unit_text.URGENT, "neutral", "bell")] if line.urgent else []
    found += climbed(line)
    if line.contested > 1:
        found.append(
            Badge(orders_text.CONTESTED.format(times=dates_text.times(line.contested)), "brick")
        )
    if line.extensions:
        found.append(Badge(orders_text.EXTENDED.format(times=dates_text.times(line.extensions))))
    return tuple(found)


def _tile(line: OrderLine) -> Tile:
    """Working days left, or past the deadline as a hatch."""
    if line.late_days:
        return Tile("late", persian(line.late_days))
    return Tile("plain", persian(line.days_left)) if line.days_left >= 0 else Tile()


def _is_done(page: ListPage[OrderLine]) -> bool:
    return page.which == orders_text.TABS[-1][0]
