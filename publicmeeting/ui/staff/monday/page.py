"""`/monday/`: the hall of this Monday, line by line."""

import reflex as rx

from publicmeeting.text.common import titles_text
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.design.desks import LINES, board_frame
from publicmeeting.ui.design.flow import any_of, each, pick, shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.design.tiles import strip
from publicmeeting.ui.shell.audiences.parts import audiences
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.navigation import Rail, at_work, staff_rail
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.ui.staff.monday import parts
from publicmeeting.ui.staff.monday.state import MondayState as S

DAY = S.day


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail("/monday/"),
            DeskKeys.create(),
            rx.el.h1(titles_text.MONDAY, class_name="sr-only"),
            at_work(rx.cond(DAY.day, DAY.day, titles_text.MONDAY)),
            rx.el.div(
                # First where all is one column: whoever comes in is looked for first.
                rx.el.div(parts.seek(), class_name="mt-3 min-w-0 xl:col-start-2 xl:row-start-1"),
                rx.el.div(
                    _said(),
                    _now(),
                    parts.the_form(),
                    _visitors(),
                    class_name="min-w-0 xl:col-start-1 xl:row-start-1 xl:row-span-2",
                ),
                rx.el.div(
                    parts.standby_list(),
                    audiences(),
                    class_name="min-w-0 xl:col-start-2 xl:row-start-2",
                ),
                class_name=(
                    "grid gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_20rem] "
                    "xl:grid-rows-[auto_1fr]"
                ),
            ),
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.found)),
        ),
    )


def _visitors() -> rx.Component:
    return rx.cond(
        any_of(DAY.visitors),
        rx.el.ol(
            each(DAY.visitors, parts.visitor),
            id=LINES,
            aria_label=reception_text.LIST,
            class_name="rows mt-3",
        ),
        rx.el.div(
            rx.cond(
                S.no_day,
                empty(
                    reception_text.NO_MONDAY, reception_text.NO_MONDAY_LEAD, district=Rail.district
                ),
                rx.cond(
                    DAY.freed_lead,
                    empty(reception_text.ALL_FREED, DAY.freed_lead, district=Rail.district),
                    empty(reception_text.EMPTY, reception_text.EMPTY_LEAD, district=Rail.district),
                ),
            ),
            class_name="mt-3",
        ),
    )


def _said() -> rx.Component:
    """What was done, what was refused where no form is open, and what this day is."""
    return rx.el.div(
        rx.cond(S.done, notice(S.done)),
        rx.cond(S.refused & ~S.form.action, notice(S.refused, tone="brick")),
        rx.cond(DAY.notice, notice(DAY.notice, DAY.notice_lead, tone="neutral")),
        rx.cond(
            DAY.unseen, notice(reception_text.NAMES_WHY, tone="neutral", action=parts.see_names())
        ),
        class_name="mt-3 grid gap-2 empty:hidden",
    )


def _now() -> rx.Component:
    """The seats of the day as tiles, by how much it runs late, and who receives."""
    return rx.el.div(
        strip(DAY.seats, reception_text.SEATS, "md"),
        rx.el.div(
            shown(
                DAY.late,
                rx.el.span(
                    DAY.late,
                    class_name=pick(DAY.is_late, "font-semibold text-brick", "font-semibold"),
                ),
            ),
            shown(DAY.summary, rx.el.span(DAY.summary, class_name="text-ink2")),
            shown(DAY.holder, rx.el.span(DAY.holder, class_name="text-ink2")),
            class_name="flex flex-wrap gap-x-4 gap-y-1",
        ),
        class_name="mt-4 grid gap-2",
    )
