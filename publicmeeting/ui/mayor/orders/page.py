"""`/mayor/orders/`: everything promised."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.desks import LINES
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import live_sign, rows
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.mayor.frame import (
    NARROW_ROWS,
    TWO_LINES,
    for_the_mayor,
    leave_button,
    plain_table,
    refusals,
    table_head,
)
from publicmeeting.ui.mayor.orders.state import MayorOrdersState as S
from publicmeeting.ui.mayor.orders.views import Filter
from publicmeeting.ui.shell.narrowing import narrowing, pages
from publicmeeting.ui.shell.offline import is_offline
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.usecases.orders.lists import SORTS

_LINE = "!min-h-12 !w-auto !gap-2 min-[56rem]:!w-full"


def page() -> rx.Component:
    """Filters at the side, the list beside them, the latest promises first."""
    to_agenda = button(
        meeting_text.AGENDA, kind="secondary", size="sm", sign="calendar", href="/mayor/"
    )
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, to_agenda),
            side=[rx.cond(S.ready, _filters(), loading("lines"))],
            main=[rx.cond(S.ready, _list(), loading("rows"))],
        ),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        _group(orders_text.WHICH, S.lines.tabs),
        _group(orders_text.BY_UNIT, S.lines.units),
        leave_button(),
        class_name="grid gap-6",
    )


def _group(says: str, filters: Sequence[Filter]) -> rx.Component:
    return rx.el.nav(
        rx.el.h2(says, class_name="mb-2 text-meta text-ink2"),
        rx.el.ul(each(filters, _filter), class_name="flex flex-wrap gap-1 min-[56rem]:grid"),
        aria_label=says,
    )


def _filter(one: Filter) -> rx.Component:
    return rx.el.li(
        anchor(
            rx.el.span(one.label, class_name="row-body"),
            rx.el.span(one.count, class_name="font-semibold"),
            href=one.href,
            class_name=rx.cond(one.chosen, f"row row-chosen {_LINE}", f"row {_LINE}"),
            aria_current=rx.cond(one.chosen, "true", "false"),
        )
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(orders_text.TITLE, class_name="text-h1"),
            live_sign(~is_offline),
            class_name="flex items-center justify-between gap-4",
        ),
        refusals(S),
        DeskKeys.create(),
        narrowing(S, orders_text.SEARCH, SORTS, stages=True),
        rx.el.div(
            rx.cond(
                any_of(S.lines.rows),
                rx.el.div(rows(S.lines.rows), class_name=f"{NARROW_ROWS} {TWO_LINES}"),
                empty(S.lines.none, S.lines.none_lead, district=S.head.district),
            ),
            id=LINES,
            tab_index=-1,
        ),
        pages(S),
        leave_button(at_end=True),
        class_name="grid gap-4",
    )
