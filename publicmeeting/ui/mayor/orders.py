"""`/mayor/orders/?which=…&unit=…`: the mayor's orders and their stages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, late_words
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.text.orders import orders_text, unit_text
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.design.models import Badge, Row
from publicmeeting.ui.design.sheets import rows
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.mayor.table import (
    TWO_LINES,
    Head,
    for_the_mayor,
    head,
    leave_button,
    plain_table,
    refusals,
    table_head,
    table_title,
    to_agenda,
)
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing, narrowing, pages
from publicmeeting.ui.shell.parts.road import ORDER_TONE, climbed
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import own_table
from publicmeeting.usecases.narrowing import ListPage
from publicmeeting.usecases.orders.lists import (
    OPEN,
    SORTS,
    TABS,
    OrderLine,
    OrdersList,
    OrdersPage,
    orders_list,
)


@dataclass(frozen=True)
class Filter:
    """One filter of the list. It is an address, so that the browser's back button restores it."""

    label: str
    href: str
    count: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Lines(ViewModel):
    """The list and its filters; `none` says why it is empty."""

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
    """Return the list.

    `whole` is the list of all units, `page` that of the chosen one. `nothing` is shown if a search
    finds nothing.
    """
    none, lead = nothing if nothing[0] else (orders_text.EMPTY, orders_text.EMPTY_LEAD)
    return Lines(
        tabs=tuple(tabs(page, unit)),
        units=tuple(units(whole, unit)),
        rows=tuple(order_rows(page, unit)),
        none=none,
        none_lead=lead,
    )


def tabs(page: ListPage[OrderLine], unit: str) -> list[Filter]:
    return [
        Filter(label, address(which, unit), persian(page.counts[which]), which == page.which)
        for which, label in orders_text.TABS
    ]


def units(whole: OrdersPage, unit: str) -> list[Filter]:
    """Return the units with orders in this list, on whichever page, those with most orders
    first."""
    which = whole.which
    all_of_it = persian(whole.counts[which])
    everything = Filter(orders_text.ALL_UNITS, address(which, ""), all_of_it, not unit)
    return [
        everything,
        *(
            Filter(count.name, address(which, count.id), persian(count.count), count.id == unit)
            for count in whole.units
        ),
    ]


def address(which: str, unit: str) -> str:
    query = {"which": which, **({"unit": unit} if unit else {})}
    return f"/mayor/orders/?{urlencode(query)}"


def order_rows(page: ListPage[OrderLine], unit: str) -> list[Row]:
    return [row(line, page) for line in page.lines if unit in ("", line.unit_id)]


def row(line: OrderLine, page: ListPage[OrderLine]) -> Row:
    today = tehran_day(page.now)
    about = orders_text.RIGHT_ORDER if line.owes_right_order else line.unit
    return Row(
        title=line.title,
        meta=order_words(line, about),
        href=f"/mayor/orders/{line.number}/",
        thumb=paper_of(line),
        tags=tags(line),
        end=late_words(line.late)
        if line.late_days
        else dates_text.until_words(line.right_order_by)
        if line.right_order_by
        else dates_text.working_left_words(line.due_on, today)
        if line.days_left >= 0 and not _is_done(page)
        else orders_text.DUE.format(day=dates_text.day_of_year(line.due_on, today)),
        late=bool(line.late_days),
        badge=Badge(orders_text.DECIDE, "saffron", "pen")
        if line.steps or line.owes_right_order
        else Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage]),
    )


def order_words(line: OrderLine, about: str) -> str:
    """Return what the mayor wrote, what it is about and its number."""
    words = (line.promise.rstrip("."), about, str(shown(line.number)))
    return "\u00a0· ".join(filter(None, words))


def paper_of(line: OrderLine) -> str:
    """Return the address of the small picture; "" if the reader may not see the order."""
    return f"/images/{line.image_id}/thumb" if line.image_id else ""


def tags(line: OrderLine) -> tuple[Badge, ...]:
    """Return badges: what waits for the mayor, and what is special about the order."""
    notice = NOTICE.get((line.asked, Role.MAYOR)) if line.asked else None
    found = [
        *([Badge(notice.title, "saffron", "chat")] if notice else []),
        *(
            [Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage])]
            if line.steps and not notice
            else []
        ),
        *special(line),
    ]
    return tuple(found)


def special(line: OrderLine) -> tuple[Badge, ...]:
    """Return badges: urgent, late for higher levels, contested more than once, extended."""
    found = [Badge(unit_text.URGENT, "neutral", "bell")] if line.urgent else []
    found += climbed(line.level, line.late_days)
    if line.contested > 1:
        found.append(
            Badge(orders_text.CONTESTED.format(times=dates_text.times(line.contested)), "brick")
        )
    if line.extensions:
        found.append(Badge(orders_text.EXTENDED.format(times=dates_text.times(line.extensions))))
    return tuple(found)


def _is_done(page: ListPage[OrderLine]) -> bool:
    return page.which == orders_text.TABS[-1][0]


class MayorOrdersState(Narrowing, Asking, rx.State):
    """State of `/mayor/orders/`."""

    head: Head = Head()
    lines: Lines = Lines()
    _which: str = OPEN
    _unit: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the list that the address names."""
        query = self.router.url.query_parameters
        which = query.get("which", "")
        which = which if which in TABS else OPEN
        unit = query.get("unit", "")
        if (which, unit) != (self._which, self._unit):
            self.sought = replace(self.sought, page=0)
        self._which, self._unit = which, unit
        self.refused = ""
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again after any change of an order."""
        await follow(self, own, self._read)

    async def _read(self) -> None:
        # Units and the desk may read the list too, but have pages of their own.
        district = await query(self, own_table, Nothing())
        if district is None:
            return
        command = OrdersList(which=self._which, stage=self.sought.stage, **self.sought.narrowed)
        page = await query(self, orders_list, command)
        if page is None:
            return
        whole = page
        if self._unit:
            narrow = command.model_copy(update={"unit": self._unit})
            page = await query(self, orders_list, narrow) or whole
        self._show_pages(page.page, page.pages)
        self.head = head(tehran_day(page.now), district, page.now)
        self.lines = lines_view(page, whole, self._unit, self.sought.nothing)

    async def _read_narrowed(self) -> None:
        await self._read()


_ITEM = "shrink-0"
_LINE = "!min-h-12 !w-auto !gap-2 min-[56rem]:!w-full"


def page() -> rx.Component:
    """The page: filters at the side, the list beside them, newest orders first."""
    return for_the_mayor(
        MayorOrdersState,
        plain_table(
            head=table_head(MayorOrdersState.head, to_agenda()),
            title=table_title(orders_text.TITLE),
            side=[rx.cond(MayorOrdersState.ready, _filters(), loading("lines"))],
            main=[rx.cond(MayorOrdersState.ready, _list(), loading("rows"))],
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        _group(orders_text.WHICH, MayorOrdersState.lines.tabs, "flex-wrap"),
        _group(orders_text.BY_UNIT, MayorOrdersState.lines.units, "overflow-x-auto"),
        leave_button(),
        class_name="grid gap-3 min-[56rem]:gap-6",
    )


def _group(label: str, filters: Sequence[Filter], narrow: str) -> rx.Component:
    """Filters of one kind. `narrow` is how they lie above the list: the first order must be in the
    first picture, so the many units share one line that scrolls, the chosen one first."""
    return rx.el.nav(
        rx.el.h2(label, class_name="mb-2 text-meta text-ink2 max-[56rem]:sr-only"),
        rx.el.ul(each(filters, _filter), class_name=f"flex gap-1 {narrow} min-[56rem]:grid"),
        aria_label=label,
        class_name="min-w-0",
    )


def _filter(choice: Filter) -> rx.Component:
    return rx.el.li(
        anchor(
            rx.el.span(choice.label, class_name="row-body"),
            rx.el.span(choice.count, class_name="font-semibold"),
            href=choice.href,
            class_name=rx.cond(choice.chosen, f"row row-chosen {_LINE}", f"row {_LINE}"),
            aria_current=rx.cond(choice.chosen, "true", "false"),
        ),
        class_name=rx.cond(choice.chosen, f"{_ITEM} max-[56rem]:order-first", _ITEM),
    )


def _list() -> rx.Component:
    return rx.el.div(
        refusals(MayorOrdersState),
        DeskKeys.create(),
        narrowing(
            MayorOrdersState,
            orders_text.SEARCH,
            SORTS,
            MayorOrdersState.lines.rows,
            stages=True,
        ),
        rx.el.div(
            rx.cond(
                any_of(MayorOrdersState.lines.rows),
                rx.el.div(rows(MayorOrdersState.lines.rows), class_name=TWO_LINES),
                empty(
                    MayorOrdersState.lines.none,
                    MayorOrdersState.lines.none_lead,
                    district=MayorOrdersState.head.district,
                ),
            ),
            id=LINES,
            tab_index=-1,
        ),
        pages(MayorOrdersState),
        leave_button(at_end=True),
        class_name="grid gap-4",
    )
