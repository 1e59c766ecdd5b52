"""The small form of a Monday's audiences outside the line, and what was said before."""

import reflex as rx

from publicmeeting.text import audiences as words
from publicmeeting.ui.design.controls import button, pair
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.shell.audiences.state import AudiencesState as S
from publicmeeting.ui.shell.audiences.views import Said


def audiences() -> rx.Component:
    """Nothing before the first Monday is over."""
    return rx.cond(
        any_of(S.lines),
        rx.el.section(
            rx.el.h2(words.TITLE, class_name="text-h2"),
            rx.el.p(words.LEAD, class_name="text-meta text-ink2"),
            rx.el.div(
                shown(S.refused, notice(S.refused, tone="brick")),
                shown(S.done, notice(S.done)),
                role="alert",
                class_name="empty:hidden",
            ),
            rx.cond(S.day, _form()),
            rx.el.ul(each(S.lines, _line), class_name="rows"),
            class_name="mt-6 grid gap-3",
        ),
    )


def _form() -> rx.Component:
    """One form for all lines: in a loop its field would have no name."""
    return rx.el.form(
        field(
            S.ask, "count", kind="number", hint=words.HINT, error=S.errors["count"],
            auto_complete="off", max_length=8,
        ),
        shown(S.lead, rx.el.p(S.lead, class_name="text-meta text-ink2")),
        pair(
            button(words.SEND, size="sm", submit=True, busy=S.busy, busy_label=words.SENDING),
            button(words.CANCEL, kind="secondary", size="sm", on_click=S.choose(S.day)),
        ),
        on_submit=S.send,
        key=S.day,
        method="post",
        class_name="grid gap-3 border-s-4 border-edge ps-4",
    )  # fmt: skip


def _line(one: Said) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(one.day, class_name="row-title block"),
                rx.el.span(one.said, class_name="row-meta block"),
                class_name="row-body",
            ),
            badge(one.badge),
            rx.el.button(
                one.act,
                rx.el.span(" ", one.day, class_name="sr-only"),
                type="button",
                on_click=S.choose(one.monday),
                aria_expanded=rx.cond(S.day == one.monday, "true", "false"),
                class_name="btn btn-secondary btn-sm",
            ),
            class_name="row row-static flex-wrap",
        )
    )
