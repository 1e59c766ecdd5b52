"""The sheet, what it is addressed to, and the ways to end the meeting."""

from typing import Any

import reflex as rx

from publicmeeting.domain.orders import FAR_DAYS
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.digits import persian
from publicmeeting.text import agenda as agenda_words
from publicmeeting.text import chrome
from publicmeeting.text import meeting as words
from publicmeeting.text.actions import ACTION
from publicmeeting.text.needs import HINT
from publicmeeting.ui.design.choices import segment
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import close_dialog, dialog, open_dialog
from publicmeeting.ui.design.fields import area, error_line, field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Choice
from publicmeeting.ui.design.paper import letterhead
from publicmeeting.ui.design.sheets import badge
from publicmeeting.ui.mayor.days import calendar
from publicmeeting.ui.mayor.meeting.side import REFER, REFUSE
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.views import DueChip, UnitChip
from publicmeeting.ui.shell.send import photo_sender
from publicmeeting.usecases.wish import MAX_TEXT

FORM, UNITS, DAYS = "order", "more-units", "more-days"
BACK = "send-back"
LINES = (
    "bg-[repeating-linear-gradient(transparent_0_calc(2.1em-1px),"
    "var(--paperline)_calc(2.1em-1px)_2.1em)] bg-local"
)
"""Ruled like the paper; the lines go with the text."""
_HOW = [Choice("type", words.TYPE), Choice("photo", words.PHOTO)]


def tools() -> rx.Component:
    """Type, or lay a photograph of the paper on the sheet."""
    return rx.el.div(
        segment(words.HOW, _HOW, rx.cond(S.by_photo, "photo", "type"), on_choose=S.write_by),
        shown(S.done, badge(Badge(words.SAVED_SHORT, "glaze", "check"))),
        shown(
            S.table.may_send_back,
            button(
                ACTION[Action.SEND_BACK], kind="soft", size="sm", sign="undo",
                on_click=open_dialog(BACK),
            ),
        ),
        class_name="flex flex-wrap items-center justify-between gap-3",
    )  # fmt: skip


def sheet() -> rx.Component:
    """The letterhead with a field in the pen's colour laid on it; a photograph above its text."""
    return rx.el.article(
        letterhead(S.table.paper),
        shown(S.by_photo, _photograph()),
        rx.el.div(
            rx.el.label(
                rx.cond(S.by_photo, words.PAPER_TEXT, words.TEXT),
                html_for="text",
                class_name=rx.cond(S.by_photo, "text-meta text-ink2", "sr-only"),
            ),
            _writing(),
            error_line("text", S.errors["note"]),
            class_name="paper-ink flex flex-col gap-1",
        ),
        rx.el.div(
            rx.el.span(S.table.paper.foot),
            rx.el.span(chrome.ORDER_LOG, " ", ltr(S.table.paper.log)),
            class_name="paper-foot",
        ),
        aria_label=words.LETTERHEAD_SUB,
        class_name="paper relative min-h-full",
    )


def _writing() -> rx.Component:
    return rx.el.textarea(
        key=S.laid.number,
        id="text",
        name="text",
        form=FORM,
        default_value=S.laid.text,
        max_length=MAX_TEXT,
        rows="3",
        read_only=S.table.inside & ~S.table.may_order,
        aria_invalid=rx.cond(S.errors["note"], "true", "false"),
        aria_describedby="text-error",
        on_change=S.keep("text").debounce(700),
        on_blur=S.keep("text"),
        class_name=f"paper-typed w-full flex-1 resize-none bg-transparent {LINES}",
    )


def _photograph() -> rx.Component:
    """The paper itself, edge to edge, or the way to send it."""
    sender = photo_sender(
        kind="paper", photos=S.papers, limit=1, on_change=S.paper_sent,
    )  # fmt: skip
    return rx.el.div(
        rx.cond(
            any_of(S.papers),
            rx.el.img(
                src=S.papers[0].full, alt=words.PAPER_SAYS, class_name="w-full", decoding="async"
            ),
            rx.el.p(words.PAPER_LEAD),
        ),
        rx.el.div(sender, key=S.laid.number, class_name="relative"),
        class_name="mx-4 mt-4 grid gap-3",
    )


def foot() -> rx.Component:
    """To whom, until when, and the one great button."""
    return rx.el.form(
        _row(words.UNIT, "units", *_unit_chips()),
        _row(words.DUE, "due_on", *_due_chips()),
        shown(S.due.far, _reason()),
        rx.el.div(
            button(
                words.FINISH, size="lg", submit=True, on_click=S.stays("end"), busy=S.busy,
                busy_label=words.FINISHING, class_name="flex-[3_1_14rem]",
            ),
            button(
                words.ANOTHER, kind="secondary", size="lg", sign="plus", submit=True,
                on_click=S.stays("another"), class_name="flex-[1_1_10rem]",
            ),
            class_name="flex flex-wrap gap-1",
        ),
        id=FORM,
        on_submit=S.record,
        method="post",
        class_name="grid gap-2.5",
    )  # fmt: skip


def _row(label: str, name: str, *choices: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(label, id=f"{name}-label", class_name="font-semibold"),
        rx.el.div(
            rx.el.div(*choices, role="group", aria_labelledby=f"{name}-label", class_name="chips"),
            error_line(name, S.errors[name]),
        ),
        class_name="grid items-center gap-2 sm:grid-cols-[3rem_1fr]",
    )


def _reason() -> rx.Component:
    return field(
        words.LONG_DUE.format(limit=persian(FAR_DAYS)), "reason", value=S.laid.reason,
        error=S.errors["reason"], on_blur=S.keep("reason"), key=S.laid.number,
    )  # fmt: skip


def _unit_chips() -> list[rx.Component]:
    """Those of the subject and those chosen; the rest a touch away."""

    def near(one: UnitChip) -> rx.Component:
        return shown(one.suggested | _is_chosen(one), _unit(one))

    others = rx.el.button(
        icon("plus", "sm"), words.OTHER_UNITS, type="button", on_click=open_dialog(UNITS),
        class_name="chip",
    )  # fmt: skip
    return [each(S.table.units, near), others]


def _is_chosen(one: UnitChip) -> Any:  # noqa: ANN401 (a var)
    chosen: Any = S.units
    return chosen.contains(one.value)


def _unit(one: UnitChip) -> rx.Component:
    return rx.el.button(
        icon("check", "sm"),
        one.label,
        type="button",
        aria_pressed=rx.cond(_is_chosen(one), "true", "false"),
        on_click=S.pick_unit(one.value),
        class_name="chip",
    )


def _due_chips() -> list[rx.Component]:
    def chip(one: DueChip) -> rx.Component:
        return _due(one.label, one.day, S.due.on == one.value, S.pick_due(one.value))

    other = _due(words.OTHER_DAY, S.due.other, S.due.other, open_dialog(DAYS))
    return [each(S.table.dues, chip), other]


def _due(label: str, day: str, chosen: object, on_click: object) -> rx.Component:
    return rx.el.button(
        icon("check", "sm"),
        rx.el.span(
            rx.el.span(label, class_name="block"),
            shown(day, rx.el.span(day, class_name="block text-meta font-normal")),
        ),
        type="button",
        aria_pressed=rx.cond(chosen, "true", "false"),
        on_click=on_click,
        class_name="chip text-start leading-normal",
    )


def dialogs() -> list[rx.Component]:
    """What is chosen or written seldom."""
    done = "btn btn-primary"
    return [
        dialog(
            UNITS,
            words.OTHER_UNITS,
            rx.el.div(
                rx.el.p(words.OTHER_UNITS_LEAD, class_name="text-ink2"),
                rx.el.div(each(S.table.units, _unit), class_name="chips"),
                rx.el.form(
                    rx.el.button(words.CHOSEN, class_name=done), method="dialog", on_submit=None
                ),
                class_name="grid gap-4",
            ),
        ),
        dialog(
            DAYS,
            words.OTHER_DAY,
            rx.el.div(
                rx.el.p(words.OTHER_DAY_LEAD, class_name="text-ink2"),
                calendar(
                    S.month,
                    S.due.on,
                    lambda value: [S.pick_due(value), close_dialog(DAYS)],
                    S.turn_month,
                ),
                class_name="grid gap-4",
            ),
        ),
        dialog(REFUSE, words.REFUSE, _refuse()),
        dialog(BACK, agenda_words.BACK_TITLE, _back()),
        dialog(REFER, words.REFER, _refer()),
    ]


def _refuse() -> rx.Component:
    return rx.el.form(
        area(
            words.REFUSE_LABEL, "refusal", value=S.laid.refusal, hint=words.REFUSE_HINT, rows=4,
            error=S.errors["refusal"], limit=MAX_TEXT, limit_words=persian(MAX_TEXT),
            on_blur=S.keep("refusal"),
        ),
        button(words.REFUSE_DO, kind="danger", submit=True),
        on_submit=S.refuse,
        method="post",
        key=S.laid.number,
        class_name="grid gap-4",
    )  # fmt: skip


def _back() -> rx.Component:
    return rx.el.form(
        area(agenda_words.BACK_LABEL, "back", rows=3, hint=HINT[Need.NOTE], error=S.errors["back"]),
        button(agenda_words.BACK_DO, kind="danger", submit=True),
        on_submit=S.send_back,
        method="post",
        class_name="grid gap-4",
    )


def _refer() -> rx.Component:
    def unit(one: UnitChip) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox", name="refer_to", value=one.value,
                default_checked=one.suggested, class_name="peer sr-only",
            ),
            rx.el.span(icon("check", "sm"), one.label, class_name="chip"),
            class_name="relative",
        )  # fmt: skip

    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend(words.UNIT, class_name="field-label mb-2"),
            rx.el.div(each(S.table.units, unit), class_name="chips"),
            error_line("refer_to", S.errors["refer_to"]),
        ),
        area(
            words.REFER_LABEL, "referral", value=S.laid.referral, hint=S.table.refer_hint, rows=3,
            error=S.errors["referral"], on_blur=S.keep("referral"),
        ),
        button(words.REFER_DO, submit=True, busy=S.busy, busy_label=words.FINISHING),
        on_submit=S.refer,
        method="post",
        key=S.laid.number,
        class_name="grid gap-4",
    )  # fmt: skip
