"""The small form of a Monday's audiences outside the line, and what was said before."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.design.controls import button, pair
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.flow import Handler, any_of, each, pick, shown
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.shell.audiences.state import AudiencesState as S
from publicmeeting.ui.shell.audiences.views import Said


def audiences() -> rx.Component:
    """Nothing before the first Monday is over."""
    said = rx.el.div(
        shown(S.refused, notice(S.refused, tone="brick")),
        shown(S.done, notice(S.done)),
        role="alert",
        class_name="empty:hidden",
    )
    form = rx.cond(
        S.asked.monday,
        count_form(
            S.asked.ask,
            S.asked.lead,
            S.errors["count"],
            busy=S.busy,
            on_send=S.send,
            on_cancel=S.choose(S.asked.monday),
            key=S.asked.monday,
        ),
    )
    return rx.cond(
        any_of(S.lines),
        audience_part(S.lines, said, form, chosen=S.asked.monday, on_choose=S.choose),
    )


def audience_part(
    lines: Sequence[Said], *above: rx.Component, chosen: str = "", on_choose: Handler = None
) -> rx.Component:
    """Each Monday with what is said about it; the form of one of them above."""

    def line(one: Said) -> rx.Component:
        press = {} if on_choose is None else {"on_click": on_choose(one.monday)}
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
                    aria_expanded=pick(chosen == one.monday, "true", "false"),
                    class_name="btn btn-secondary btn-sm",
                    **press,
                ),
                class_name="row row-static flex-wrap",
            )
        )

    return rx.el.section(
        rx.el.h2(audiences_text.TITLE, class_name="text-h2"),
        rx.el.p(audiences_text.LEAD, class_name="text-meta text-ink2"),
        *above,
        rx.el.ul(each(lines, line), class_name="rows"),
        class_name="no-print mt-6 grid gap-3",
    )


def count_form(
    ask: str,
    lead: str,
    error: str,
    *,
    busy: bool = False,
    key: str = "",
    on_send: Handler = None,
    on_cancel: Handler = None,
) -> rx.Component:
    """One form for all lines: in a loop its field would have no name."""
    hears = {} if on_send is None else {"on_submit": on_send}
    return rx.el.form(
        field(
            ask,
            "count",
            kind="number",
            hint=audiences_text.HINT,
            error=error,
            auto_complete="off",
            max_length=8,
        ),
        shown(lead, rx.el.p(lead, class_name="text-meta text-ink2")),
        pair(
            button(
                audiences_text.SEND,
                size="sm",
                submit=True,
                busy=busy,
                busy_label=audiences_text.SENDING,
            ),
            button(audiences_text.CANCEL, kind="secondary", size="sm", on_click=on_cancel),
        ),
        key=key,
        method="post",
        class_name="grid gap-3 border-s-4 border-edge ps-4",
        **hears,
    )
