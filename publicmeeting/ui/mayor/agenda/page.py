"""`/mayor/`: the day at the mayor's table."""

import reflex as rx

from publicmeeting.text.common import titles_text
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import any_of, shown
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.sheets import live_sign, notice, rows
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.mayor.agenda import parts
from publicmeeting.ui.mayor.agenda.holding import holding
from publicmeeting.ui.mayor.agenda.state import AgendaState as S
from publicmeeting.ui.mayor.frame import (
    NARROW_ROWS,
    for_the_mayor,
    leave_button,
    plain_table,
    refusals,
    table_head,
)
from publicmeeting.ui.shell.audiences.parts import audiences
from publicmeeting.ui.shell.offline import is_offline


def page() -> rx.Component:
    """Who is in the room and who is next beside what is late and the whole day."""
    to_orders = button(
        orders_text.TITLE, kind="secondary", size="sm", sign="doc", href="/mayor/orders/"
    )
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, to_orders),
            side=[
                rx.cond(
                    S.ready,
                    rx.el.div(
                        parts.until(),
                        parts.in_room(),
                        parts.next_one(),
                        button(
                            agenda_text.MINE,
                            kind="quiet",
                            size="sm",
                            sign="pen",
                            href="/mayor/profile/",
                            class_name="justify-self-start",
                        ),
                        leave_button(),
                        class_name="grid gap-4",
                    ),
                    loading("card"),
                )
            ],
            main=[rx.cond(S.ready, _main(), loading("rows"))],
            says=S.done,
        ),
    )


def _main() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(rx.cond(S.day.title, S.day.title, titles_text.AGENDA), class_name="text-h1"),
            live_sign(~is_offline),
            class_name="flex items-center justify-between gap-4",
        ),
        refusals(S),
        shown(S.done, notice(S.done)),
        shown(S.day.other_day, notice(agenda_text.NOT_TODAY, S.day.other_day, tone="neutral")),
        # On the Monday itself the people come first: what is late would push them out of sight.
        rx.cond(
            S.day.is_today,
            rx.fragment(_people(), _late()),
            rx.fragment(_late(), _people()),
        ),
        holding(),
        audiences(),
        leave_button(at_end=True),
        class_name="grid gap-4",
    )


def _late() -> rx.Component:
    """What was promised on the last Mondays and is late."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(agenda_text.LATE_FIRST, class_name="text-h2"),
            shown(S.day.late_more, text_link(S.day.late_more, "/mayor/orders/?which=late")),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.cond(
            any_of(S.day.late),
            rx.el.div(rows(S.day.late), class_name=NARROW_ROWS),
            rx.el.p(agenda_text.NO_LATE, class_name="text-ink2"),
        ),
        rx.el.div(
            button(
                orders_text.REVIEW_FROM_AGENDA,
                kind="secondary",
                size="sm",
                sign="list",
                href="/mayor/review/",
            )
        ),
        class_name="grid gap-2",
    )


def _people() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(agenda_text.PEOPLE, class_name="text-h2"),
            shown(
                S.day.is_today,
                rx.el.p(S.day.progress, class_name="text-meta text-ink2"),
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        shown(
            S.day.empty,
            empty(S.day.empty, S.day.empty_lead, district=S.head.district),
        ),
        shown(any_of(S.day.guests), parts.guests()),
        class_name="grid gap-2",
    )
