"""`/monday/`: the hall of this Monday, line by line."""

import reflex as rx

from publicmeeting.text import monday as words
from publicmeeting.text import titles
from publicmeeting.ui.design.desks import board_frame
from publicmeeting.ui.design.flow import any_of, each, pick, shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.design.tiles import strip
from publicmeeting.ui.shell.gate import gate
from publicmeeting.ui.shell.offline import offline
from publicmeeting.ui.shell.rails import Rail, at_work, staff_rail
from publicmeeting.ui.staff.monday import parts
from publicmeeting.ui.staff.monday.state import MondayState as S


def page() -> rx.Component:
    return gate(
        S,
        "/monday/",
        board_frame(
            staff_rail("/monday/"),
            offline(),
            rx.el.h1(titles.MONDAY, class_name="sr-only"),
            at_work(S.head.day),
            rx.el.div(
                rx.el.div(_said(), _now(), parts.the_form(), _visitors(), class_name="min-w-0"),
                rx.el.div(parts.seek(), parts.standby_list(), class_name="mt-3 min-w-0"),
                class_name="grid gap-6 xl:grid-cols-[minmax(0,1fr)_20rem]",
            ),
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.found)),
        ),
    )


def _visitors() -> rx.Component:
    return rx.cond(
        any_of(S.visitors),
        rx.el.ol(each(S.visitors, parts.visitor), aria_label=words.LIST, class_name="rows mt-3"),
        rx.el.div(empty(words.EMPTY, words.EMPTY_LEAD, district=Rail.district), class_name="mt-3"),
    )


def _said() -> rx.Component:
    """What was done, what was refused where no form is open, and what this day is."""
    return rx.el.div(
        rx.cond(S.done, notice(S.done)),
        rx.cond(S.refused & (S.form.action == ""), notice(S.refused, tone="brick")),
        rx.cond(S.head.notice, notice(S.head.notice, S.head.notice_lead, tone="neutral")),
        rx.cond(S.head.unseen, notice(words.NAMES_WHY, tone="neutral", action=parts.see_names())),
        class_name="mt-3 grid gap-2 empty:hidden",
    )


def _now() -> rx.Component:
    """The seats of the day as tiles, by how much it runs late, and who receives."""
    return rx.el.div(
        strip(S.seats, words.SEATS, "md"),
        rx.el.div(
            shown(
                S.head.late,
                rx.el.span(
                    S.head.late,
                    class_name=pick(S.head.is_late, "font-semibold text-brick", "font-semibold"),
                ),
            ),
            shown(S.head.summary, rx.el.span(S.head.summary, class_name="text-ink2")),
            shown(S.head.holder, rx.el.span(S.head.holder, class_name="text-ink2")),
            class_name="flex flex-wrap gap-x-4 gap-y-1",
        ),
        class_name="mt-4 grid gap-2",
    )
