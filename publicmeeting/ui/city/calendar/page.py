"""`/city/calendar/`: the Mondays ahead on one side, closing one of them on the other."""

import reflex as rx

from publicmeeting.text.districts import calendar_text
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.city.calendar.state import CalendarState as S
from publicmeeting.ui.city.calendar.views import PLACES, REASONS, MondayLine
from publicmeeting.ui.design.choices import chips
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.desks import board_frame
from publicmeeting.ui.design.fields import select
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.sheets import notice, row_static, sheet
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.navigation import staff_rail

HERE = "/city/calendar/"


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(
                rx.el.h1(calendar_text.TITLE, class_name="text-h1"),
                rx.el.p(calendar_text.LEAD, class_name="text-ink2"),
                class_name="mb-4",
            ),
            _said(),
            rx.el.div(_ahead(), _closing(), class_name="grid items-start gap-6 xl:grid-cols-2"),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _said() -> rx.Component:
    return rx.el.div(
        rx.cond(S.done, notice(S.done)),
        rx.cond(S.refused, notice(S.refused, tone="brick")),
        id="refused",
        tab_index=-1,
        class_name="mb-4 empty:hidden",
    )


def _ahead() -> rx.Component:
    return rx.el.section(
        rx.el.h2(calendar_text.AHEAD, class_name="text-h2"),
        rx.cond(
            any_of(S.lines),
            rx.el.ul(each(S.lines, lambda one: rx.el.li(_line(one))), class_name="rows"),
            empty(calendar_text.NONE, calendar_text.NONE_LEAD),
        ),
        class_name="grid gap-3",
    )


def _line(one: MondayLine) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.h3(one.day, class_name="row-title"),
            rx.el.p(one.open, rx.cond(one.given, f" · {one.given}", "")),
            each(one.closed, lambda words_: rx.el.p(words_, class_name="text-ink2")),
            class_name="row-body",
        )
    )


def _closing() -> rx.Component:
    return rx.el.section(
        rx.el.h2(calendar_text.CLOSE, class_name="text-h2"),
        rx.el.form(
            error_summary(S.errors),
            sheet(
                select(calendar_text.WHICH, "monday", S.mondays, error=S.errors["monday"]),
                select(calendar_text.WHERE, "district", PLACES, error=S.errors["district"]),
                rx.el.div(
                    chips(
                        calendar_text.WHY,
                        "reason",
                        REASONS,
                        hint=calendar_text.WHY_HINT,
                        error=S.errors["reason"],
                    )
                ),
            ),
            button(calendar_text.PREVIEW, kind="secondary", submit=True),
            on_submit=S.preview,
            method="post",
            class_name="grid gap-4",
        ),
        rx.el.h3(calendar_text.RESULT, id="result", tab_index=-1, class_name="text-h3"),
        rx.cond(
            S.seen.what,
            sheet(
                rx.el.div(
                    rx.el.p(S.seen.what, class_name="font-semibold"),
                    rx.el.p(S.seen.then),
                    class_name="grid gap-1",
                ),
                rx.el.div(
                    rx.el.p(calendar_text.NO_WAY_BACK),
                    button(
                        calendar_text.DO,
                        kind="danger",
                        on_click=S.close,
                        busy=S.busy,
                        busy_label=staff_text.SENDING,
                    ),
                    class_name="grid gap-3",
                ),
            ),
            rx.el.p(calendar_text.FIRST, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )
