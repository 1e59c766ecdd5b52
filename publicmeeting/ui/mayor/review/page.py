"""`/mayor/review/`: what was promised on the last Mondays, the late ones first."""

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import live_sign, rows, sheet
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.design.tiles import strip
from publicmeeting.ui.mayor.frame import (
    NARROW_ROWS,
    TWO_LINES,
    for_the_mayor,
    leave_button,
    plain_table,
    refusals,
    table_head,
)
from publicmeeting.ui.mayor.review.state import ReviewState as S
from publicmeeting.ui.mayor.review.views import Figure, Week
from publicmeeting.ui.shell.offline import is_offline


def page() -> rx.Component:
    """Figures and the way to other weeks at the side, the weeks beside them."""
    to_agenda = button(
        meeting_text.AGENDA, kind="secondary", size="sm", sign="calendar", href="/mayor/"
    )
    to_orders = button(
        orders_text.TITLE, kind="secondary", size="sm", sign="doc", href="/mayor/orders/"
    )
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, to_orders, to_agenda),
            side=[rx.cond(S.ready, _side(), loading("card"))],
            main=[rx.cond(S.ready, _main(), loading("rows"))],
        ),
    )


def _side() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(S.page.span, class_name="font-semibold"),
            rx.el.dl(each(S.page.figures, _figure), class_name="grid gap-1"),
            rx.el.ul(each(S.page.rest, _fact), class_name="text-meta text-ink2"),
            class_name="grid gap-3",
        ),
        rx.el.nav(
            _turn(orders_text.REVIEW_EARLIER, S.page.earlier),
            _turn(orders_text.REVIEW_LATER, S.page.later),
            aria_label=orders_text.REVIEW_TURN,
            class_name="grid grid-cols-2 gap-1",
        ),
        leave_button(),
        class_name="grid gap-6",
    )


def _figure(one: Figure) -> rx.Component:
    look = "text-hero font-bold leading-none"
    return rx.el.div(
        rx.el.dd(one.number, class_name=rx.cond(one.late, f"{look} text-brick", look)),
        rx.el.dt(one.word),
        class_name="flex items-center gap-3",
    )


def _fact(fact: str) -> rx.Component:
    return rx.el.li(fact)


def _turn(word: str, href: str) -> rx.Component:
    return rx.cond(
        href,
        anchor(word, href=href, class_name="btn btn-secondary btn-sm"),
        rx.el.span(),
    )


def _main() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(orders_text.REVIEW_TITLE, class_name="text-h1"),
            live_sign(~is_offline),
            class_name="flex items-center justify-between gap-4",
        ),
        refusals(S),
        rx.cond(
            S.page.empty,
            empty(
                orders_text.REVIEW_EMPTY, orders_text.REVIEW_EMPTY_LEAD, district=S.head.district
            ),
            rx.fragment(
                rx.el.p(orders_text.REVIEW_LEAD, class_name="text-ink2"), each(S.page.weeks, _week)
            ),
        ),
        leave_button(at_end=True),
        class_name="grid gap-6",
    )


def _week(one: Week) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(one.title, class_name="text-h2"),
            rx.el.p(
                one.says,
                shown(
                    one.late,
                    rx.el.strong(" · ", one.late, class_name="text-brick"),
                ),
                class_name="text-meta text-ink2",
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        shown(any_of(one.tiles), rx.el.div(strip(one.tiles, one.says, "dots"))),
        rx.cond(
            any_of(one.rows),
            rx.el.div(rows(one.rows), class_name=f"{NARROW_ROWS} {TWO_LINES}"),
            sheet(rx.el.p(one.none, class_name="text-ink2")),
        ),
        class_name="grid gap-2",
    )
