"""`/city/security/`: what was tried and refused, and what was done at the server."""

import reflex as rx

from publicmeeting.text.oversight import security_text
from publicmeeting.ui.city.security.state import SecurityState as S
from publicmeeting.ui.city.security.views import HERE, KINDS, EventLine
from publicmeeting.ui.design.choices import pressed_chips
from publicmeeting.ui.design.desks import board_frame
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.sheets import row_static
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.navigation import staff_rail


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(
                rx.el.h1(security_text.TITLE, class_name="text-h1"),
                rx.el.p(S.shown.lead, class_name="text-ink2"),
                class_name="mb-4",
            ),
            pressed_chips(security_text.FILTER, KINDS, S.shown.kind, S.choose),
            rx.el.div(
                rx.cond(
                    any_of(S.shown.lines),
                    rx.el.ul(
                        each(S.shown.lines, lambda one: rx.el.li(_line(one))), class_name="rows"
                    ),
                    empty(security_text.NONE, security_text.NONE_WHY),
                ),
                class_name="mt-6",
            ),
            _others(),
            says="",
        ),
    )


def _line(one: EventLine) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.kind, class_name="font-semibold"),
                rx.el.span(one.who),
                class_name="flex flex-wrap gap-x-4",
            ),
            rx.el.p(one.when, class_name="text-meta text-ink2"),
            rx.el.p(
                shown(one.what, ltr(one.what, "font-semibold break-all")),
                shown(one.where, rx.el.span(security_text.WHERE, " ", ltr(one.where))),
                shown(one.device, rx.el.span(security_text.BROWSER, " ", ltr(one.device))),
                class_name="flex flex-wrap gap-x-4 text-meta text-ink2",
            ),
            class_name="row-body",
        )
    )


def _others() -> rx.Component:
    return rx.el.nav(
        rx.cond(S.shown.newer, text_link(security_text.NEWER, S.shown.newer)),
        rx.el.span(S.shown.page, class_name="text-meta text-ink2"),
        rx.cond(S.shown.older, text_link(security_text.OLDER, S.shown.older)),
        class_name="mt-6 flex items-center gap-6",
        aria_label=security_text.TITLE,
    )
