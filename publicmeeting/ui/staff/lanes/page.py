"""`/lanes/`: what the clock has given this officer to judge, and one document beside it."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.domain.choices import Verdict
from publicmeeting.text.line import lanes_text
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.desks import LINES, desk_frame
from publicmeeting.ui.design.fields import error_line
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Choice, Photo
from publicmeeting.ui.design.sheets import badge, notice, rows
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.navigation import Rail, at_work, staff_rail
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.ui.shell.steps.parts import SEND
from publicmeeting.ui.staff.lanes.state import LanesState as S

HERE = "/lanes/"
FORM = "answer"


def page() -> rx.Component:
    return auth_guard(
        S,
        desk_frame(
            staff_rail(HERE),
            title=lanes_text.LIST,
            list_=_list(),
            detail=_detail(),
            has_lines=True,
            has_detail=(S.ask.id != "") | (S.ask_refused != ""),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _list() -> list[rx.Component]:
    return [
        DeskKeys.create(),
        at_work(lanes_text.LIST),
        rx.el.div(
            rx.cond(
                any_of(S.rows),
                rows(S.rows),
                empty(lanes_text.LIST_EMPTY, lanes_text.LIST_EMPTY_LEAD, district=Rail.district),
            ),
            id=LINES,
            tab_index=-1,
            class_name="mt-3",
        ),
    ]


def _detail() -> list[rx.Component]:
    first = anchor(lanes_text.CHOOSE, href=S.first, class_name="btn btn-primary")
    return [
        rx.el.div(
            anchor(icon("back"), staff_text.BACK_TO_LIST, href=HERE, class_name="back"),
            class_name="desk-only-narrow mb-3",
        ),
        rx.cond(S.done, rx.el.div(notice(S.done), class_name="mb-4")),
        rx.cond(S.refused, rx.el.div(notice(S.refused, tone="brick"), class_name="mb-4")),
        rx.cond(
            S.ask.id,
            _ask(),
            rx.cond(
                S.ask_refused,
                notice(S.ask_refused, tone="brick"),
                rx.cond(
                    S.first, empty(lanes_text.CHOOSE, lanes_text.CHOOSE_LEAD, first, Rail.district)
                ),
            ),
        ),
    ]


def _ask() -> rx.Component:
    return rx.el.article(
        rx.el.div(each(S.ask.badges, badge), class_name="flex flex-wrap gap-2"),
        rx.el.h2(S.ask.lane, class_name="mt-3 text-h1"),
        rx.el.p(S.ask.asked, class_name="text-meta text-ink2"),
        rx.el.section(
            rx.el.h3(lanes_text.COUNTS, class_name="text-h3"),
            rx.el.p(S.ask.counts),
            class_name="mt-4 border-s-4 border-glaze ps-4",
        ),
        rx.el.section(
            rx.el.h3(lanes_text.DOCUMENTS, class_name="mb-2 text-h2"),
            rx.el.ul(each(S.ask.photos, _document), class_name="grid gap-3"),
            class_name="mt-6 max-w-2xl",
        ),
        _answer(),
    )


def _document(one: Photo) -> rx.Component:
    """Large: it has to be read here. A tap opens it alone."""
    return rx.el.li(
        anchor(
            rx.el.img(
                src=one.full,
                alt=one.says,
                decoding="async",
                class_name="max-h-[70dvh] w-full rounded-[3px] bg-sunk object-contain",
            ),
            href=one.full,
            native=True,
            target="_blank",
            rel="noopener",
            class_name="block",
        )
    )


def _answer() -> rx.Component:
    """One question, its two answers apart: the reason says the answer too."""
    return rx.el.form(
        rx.el.div(
            rx.el.h2(lanes_text.YOURS, class_name="text-h3"),
            rx.el.p(lanes_text.YOURS_LEAD, class_name="text-ink2"),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.el.div(
            _reasons(lanes_text.BECAUSE[Verdict.YES], S.ask.yes),
            _reasons(lanes_text.BECAUSE[Verdict.NO], S.ask.no),
            id="reason",
            tab_index=-1,
            class_name="grid gap-4 md:grid-cols-2",
        ),
        error_line("reason", S.errors["reason"]),
        button(lanes_text.RECORD, submit=True, busy=S.busy, busy_label=staff_text.SENDING, id=SEND),
        id=FORM,
        on_submit=S.judge,
        method="post",
        key=S.ask.id,
        class_name="mt-6 grid max-w-2xl gap-3 border-t border-line pt-4",
    )


def _reasons(title: str, options: Sequence[Choice]) -> rx.Component:
    def chip(one: Choice) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="reason",
                value=one.value,
                on_change=S.chosen,
                class_name="peer sr-only",
            ),
            rx.el.span(icon("check", "sm"), one.label, class_name="chip"),
            class_name="relative",
        )

    return rx.el.fieldset(
        rx.el.legend(title, class_name="field-label mb-2"),
        rx.el.div(each(options, chip), class_name="chips"),
        class_name="grid min-w-0 content-start",
    )
