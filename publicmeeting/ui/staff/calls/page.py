"""`/desk/calls/`: whom the desk has to tell, and whom it has told today."""

import reflex as rx

from publicmeeting.text.screening import calls_text
from publicmeeting.ui.design.desks import LINES, board_frame
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.navigation import Rail, at_work, staff_rail
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.ui.staff.calls.state import CallsState as S
from publicmeeting.ui.staff.calls.views import CallLine, ToldLine

HERE = "/desk/calls/"


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            DeskKeys.create(),
            rx.el.h1(calls_text.TITLE, class_name="sr-only"),
            at_work(calls_text.TITLE),
            rx.el.div(
                rx.cond(S.done, notice(S.done)),
                rx.cond(S.refused, notice(S.refused, tone="brick")),
                class_name="mt-3 grid gap-2 empty:hidden",
            ),
            rx.el.div(
                rx.el.div(_waiting(), class_name="min-w-0"),
                rx.el.div(_told(), class_name="min-w-0"),
                class_name=rx.cond(
                    any_of(S.told),
                    "mt-4 grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]",
                    "mt-4 grid",
                ),
            ),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _waiting() -> rx.Component:
    return rx.cond(
        any_of(S.waiting),
        rx.el.section(
            rx.el.p(calls_text.LEAD, class_name="max-w-read"),
            rx.el.p(calls_text.WHOM_WHY, class_name="mb-3 max-w-read text-meta text-ink2"),
            rx.el.ol(
                each(S.waiting, _line), id=LINES, aria_label=calls_text.LIST, class_name="rows"
            ),
        ),
        empty(calls_text.EMPTY, calls_text.EMPTY_LEAD, district=Rail.district),
    )


def _line(one: CallLine) -> rx.Component:
    """What to read to her, why no message did, and the two buttons."""
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.el.strong(one.title),
                    badge(one.badge),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.el.p(one.about, class_name="row-meta"),
                rx.el.p(calls_text.READ, " ", one.read, class_name="mt-2 max-w-read"),
                shown(one.why, rx.el.p(one.why, class_name="mt-1 max-w-read text-meta text-ink2")),
                shown(S.whom.key == one.key, _whom()),
                class_name="min-w-0 flex-1 basis-72",
            ),
            rx.el.div(
                rx.el.button(
                    calls_text.TELL,
                    type="button",
                    aria_label=one.tell_says,
                    on_click=S.tell(one.key),
                    class_name="btn btn-primary btn-sm",
                ),
                shown(
                    one.has_number & (S.whom.key != one.key),
                    rx.el.button(
                        icon("eye", "sm"),
                        calls_text.WHOM,
                        type="button",
                        aria_label=one.whom_says,
                        on_click=S.see_whom(one.key),
                        class_name="btn btn-secondary btn-sm",
                    ),
                ),
                class_name="flex flex-wrap gap-1",
            ),
            class_name="row row-static flex-wrap !items-start",
        ),
    )


def _whom() -> rx.Component:
    return rx.el.p(
        icon("phone"),
        rx.el.strong(S.whom.name),
        anchor(
            rx.el.bdi(S.whom.mobile, dir="ltr"), href=S.whom.tel, native=True, class_name="link"
        ),
        class_name="with-icon mt-2 flex-wrap",
    )


def _told() -> rx.Component:
    return shown(
        any_of(S.told),
        rx.el.section(
            rx.el.h2(calls_text.DONE, class_name="mb-2 text-h3"),
            rx.el.ul(each(S.told, _told_line), class_name="rows"),
        ),
    )


def _told_line(one: ToldLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            icon("check"),
            rx.el.div(
                rx.el.p(one.title, class_name="font-semibold"),
                rx.el.p(one.said, class_name="row-meta"),
                class_name="min-w-0 flex-1",
            ),
            rx.el.button(
                calls_text.UNDO,
                type="button",
                aria_label=one.undo_says,
                on_click=S.take_back(one.key),
                class_name="btn btn-soft btn-sm",
            ),
            class_name="row row-static",
        )
    )
