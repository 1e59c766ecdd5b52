"""What is chosen or written seldom, in dialogs over the sheet."""

import reflex as rx

from publicmeeting.domain.stages import Need
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.needs_text import HINT
from publicmeeting.text.meetings import agenda_text, meeting_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import close_dialog, dialog, open_dialog
from publicmeeting.ui.design.fields import area, error_line
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.mayor.days import calendar
from publicmeeting.ui.mayor.meeting.choices import UnitDay, UnitDue
from publicmeeting.ui.mayor.meeting.foot import (
    DAYS,
    EACH,
    UNITS,
    day_chip,
    due_chip,
    other_chip,
    unit_chip,
)
from publicmeeting.ui.mayor.meeting.side import BACK, REFER, REFUSE
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.stock import stock_dialog
from publicmeeting.ui.mayor.meeting.views import DueChip, UnitChip
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.usecases.base import MAX_TEXT


def dialogs() -> list[rx.Component]:
    """One for each thing; the browser's own element, so that the sheet behind keeps its ink."""
    return [
        dialog(
            UNITS,
            meeting_text.OTHER_UNITS,
            rx.el.div(
                rx.el.p(meeting_text.OTHER_UNITS_LEAD, class_name="text-ink2"),
                rx.el.div(each(S.table.units, unit_chip), class_name="chips"),
                _done(),
                class_name="grid gap-4",
            ),
        ),
        dialog(
            EACH,
            meeting_text.EACH_UNIT,
            rx.el.div(
                rx.el.p(meeting_text.EACH_UNIT_LEAD, class_name="text-ink2"),
                _all_units(),
                each(S.desk.dues, _each_unit),
                _done(),
                class_name="grid gap-4",
            ),
        ),
        dialog(
            DAYS,
            meeting_text.OTHER_DAY,
            rx.el.div(
                rx.el.p(meeting_text.OTHER_DAY_LEAD, class_name="text-ink2"),
                calendar(
                    S.month,
                    S.desk.due.on,
                    lambda value: [S.pick_day(value), close_dialog(DAYS)],
                    S.turn_month,
                ),
                class_name="grid gap-4",
            ),
        ),
        dialog(REFUSE, meeting_text.REFUSE, _refuse()),
        dialog(BACK, agenda_text.BACK_TITLE, _back()),
        dialog(REFER, meeting_text.REFER, _refer()),
        stock_dialog(),
    ]


def _done() -> rx.Component:
    close = rx.el.button(meeting_text.CHOSEN, class_name="btn btn-primary")
    return rx.el.form(close, method="dialog", on_submit=None)


def _each_unit(one: UnitDue) -> rx.Component:
    def chip(day: UnitDay) -> rx.Component:
        return day_chip(day.label, day.chosen, S.pick_due_of(day.unit, day.value))

    other = other_chip(one.other, [S.aim_at(one.unit), open_dialog(DAYS)])
    return _days(one.name, each(one.days, chip), other)


def _all_units() -> rx.Component:
    """The same day for all of them again."""

    def chip(one: DueChip) -> rx.Component:
        chosen = ~S.desk.due.apart & (S.desk.due.on == one.value)
        return due_chip(one, chosen, S.pick_due(one.value))

    other = other_chip(S.desk.due.other, [S.aim_at(""), open_dialog(DAYS)])
    return _days(meeting_text.ALL_UNITS, each(S.table.dues, chip), other)


def _days(name: str, *chips: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(name, class_name="mb-1 font-semibold"),
        rx.el.div(*chips, role="group", aria_label=name, class_name="chips"),
    )


def _refuse() -> rx.Component:
    return rx.el.form(
        error_summary(S.errors),
        area(
            meeting_text.REFUSE_LABEL,
            "refusal",
            value=S.laid.refusal,
            hint=meeting_text.REFUSE_HINT,
            rows=4,
            error=S.errors["refusal"],
            limit=MAX_TEXT,
            limit_words=persian(MAX_TEXT),
        ),
        button(meeting_text.REFUSE_DO, kind="danger", submit=True),
        on_submit=S.refuse,
        method="post",
        key=S.laid.page,
        class_name="grid gap-4",
    )


def _back() -> rx.Component:
    return rx.el.form(
        error_summary(S.errors),
        area(agenda_text.BACK_LABEL, "back", rows=3, hint=HINT[Need.NOTE], error=S.errors["back"]),
        button(agenda_text.BACK_DO, kind="danger", submit=True),
        on_submit=S.send_back,
        method="post",
        class_name="grid gap-4",
    )


def _refer() -> rx.Component:
    def unit(one: UnitChip) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name="refer_to",
                value=one.value,
                default_checked=one.suggested,
                class_name="peer sr-only",
            ),
            rx.el.span(icon("check", "sm"), one.label, class_name="chip"),
            class_name="relative",
        )

    return rx.el.form(
        error_summary(S.errors),
        rx.el.fieldset(
            rx.el.legend(meeting_text.UNIT, class_name="field-label mb-2"),
            rx.el.div(each(S.table.units, unit), class_name="chips"),
            error_line("refer_to", S.errors["refer_to"]),
        ),
        area(
            meeting_text.REFER_LABEL,
            "referral",
            value=S.laid.referral,
            hint=S.table.refer_hint,
            rows=3,
            error=S.errors["referral"],
        ),
        button(meeting_text.REFER_DO, submit=True, busy=S.busy, busy_label=meeting_text.FINISHING),
        on_submit=S.refer,
        method="post",
        key=S.laid.page,
        class_name="grid gap-4",
    )
