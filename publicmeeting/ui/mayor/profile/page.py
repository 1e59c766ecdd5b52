"""`/mayor/profile/`: the signature under every order, and texts that are used again."""

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.text.orders import profile_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import area, error_line, field
from publicmeeting.ui.design.flow import any_of, shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.sure import sure
from publicmeeting.ui.mayor.frame import (
    NARROW_ROWS,
    for_the_mayor,
    leave_button,
    plain_table,
    refusals,
    table_head,
)
from publicmeeting.ui.mayor.ink.pad import ink_pad, tools_place
from publicmeeting.ui.mayor.profile.state import ProfileState as S
from publicmeeting.ui.mayor.stock import text_rows
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.orders.paper.sheet import SIGNATURE_NIB
from publicmeeting.usecases.orders.paper.signing import TITLE_MOST

SIGN, TEXT = "sign", "stock-text"
_LINES = 4


def page() -> rx.Component:
    """The texts at the side, the signature on paper in the middle."""
    to_agenda = button(
        profile_text.AGENDA, kind="secondary", size="sm", sign="calendar", href="/mayor/"
    )
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, to_agenda),
            side=[_texts(), leave_button()],
            main=[
                rx.el.div(
                    refusals(S),
                    shown(S.done, notice(S.done)),
                    _signature(),
                    class_name=f"grid gap-4 {NARROW_ROWS}",
                ),
                leave_button(at_end=True),
            ],
            says=S.done,
            main_first=True,
        ),
    )


def _signature() -> rx.Component:
    keep = rx.cond(S.own.since, profile_text.REPLACE, profile_text.KEEP)
    return rx.el.section(
        rx.el.h1(profile_text.TITLE, class_name="text-h1"),
        rx.el.p(profile_text.SIGNATURE_LEAD),
        rx.el.p(
            rx.cond(S.own.since, S.own.since, profile_text.NO_SIGNATURE), class_name="text-ink2"
        ),
        tools_place(),
        rx.el.div(
            ink_pad(
                lines=_LINES,
                nib=SIGNATURE_NIB,
                form=SIGN,
                name="ink",
                start=S.own.ink,
                empty_says=profile_text.PAD_EMPTY,
                page=S.own.round,
            ),
            rx.el.p(S.own.name, class_name="pb-4 text-center text-h3"),
            class_name="paper !min-h-0 pt-2",
        ),
        rx.el.form(
            error_line("ink", S.errors["ink"]),
            rx.el.div(
                button(keep, submit=True, class_name="flex-[2_1_12rem]"),
                shown(
                    S.own.since,
                    sure(
                        profile_text.DROP,
                        profile_text.SURE_SIGNATURE,
                        S.unsign,
                        class_name="sure-up flex-[1_1_12rem]",
                    ),
                ),
                class_name="flex flex-wrap items-start gap-3",
            ),
            id=SIGN,
            on_submit=S.sign,
            method="post",
            class_name="grid gap-2",
        ),
        class_name="mx-auto grid w-full max-w-page gap-3",
    )


def _texts() -> rx.Component:
    return rx.el.section(
        rx.el.h2(profile_text.TEMPLATES, class_name="text-h2"),
        rx.el.p(profile_text.TEMPLATES_LEAD, class_name="text-ink2"),
        rx.cond(
            any_of(S.texts),
            text_rows(S.texts, S.drop_text),
            rx.el.p(profile_text.NONE, class_name="text-ink2"),
        ),
        rx.el.form(
            rx.el.h3(profile_text.NEW, class_name="text-h3"),
            error_summary(S.errors),
            field(
                profile_text.NAME,
                "title",
                hint=profile_text.NAME_HINT,
                error=S.errors["title"],
                max_length=TITLE_MOST,
            ),
            area(
                profile_text.TEXT,
                "text",
                rows=4,
                error=S.errors["text"],
                limit=MAX_TEXT,
                limit_words=persian(MAX_TEXT),
            ),
            button(profile_text.KEEP_TEXT, kind="secondary", submit=True),
            on_submit=S.keep_text,
            method="post",
            id=TEXT,
            class_name="grid gap-3",
        ),
        class_name="grid gap-3",
    )
