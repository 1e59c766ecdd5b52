"""To whom, until when, what the citizen reads first, and the one great button."""

from typing import Any

import reflex as rx

from publicmeeting.domain.orders.promises import FAR_DAYS, PROMISE_MOST
from publicmeeting.kit.digits import persian
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import open_dialog
from publicmeeting.ui.design.fields import error_line, field
from publicmeeting.ui.design.flow import any_of, each, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.mayor.meeting.choices import UnitDue
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.views import DueChip, UnitChip
from publicmeeting.ui.shell.error_summary import error_summary

FORM, UNITS, DAYS, EACH = "order", "more-units", "more-days", "each-unit"


def foot() -> rx.Component:
    """Three rows and the decision."""
    page: Any = S.laid.page
    return rx.el.form(
        rx.el.input(type="hidden", name="page", value=page, read_only=True),
        error_summary(S.errors),
        error_line("text", S.errors["note"]),  # never below the fold, as on the sheet it might be
        _to_whom(),
        shown(S.desk.due.far, _reason()),
        _promise(),
        rx.el.div(
            button(
                meeting_text.FINISH,
                size="lg",
                submit=True,
                on_click=S.stays("end"),
                busy=S.busy,
                busy_label=meeting_text.FINISHING,
                class_name="flex-[3_1_14rem]",
            ),
            button(
                meeting_text.ANOTHER,
                kind="secondary",
                size="lg",
                sign="plus",
                submit=True,
                on_click=S.stays("another"),
                class_name="flex-[1_1_10rem] whitespace-nowrap",
            ),
            class_name="flex flex-wrap gap-1",
        ),
        id=FORM,
        on_submit=S.record,
        method="post",
        class_name="sheet-foot",
    )


def _to_whom() -> rx.Component:
    """The unit and its last day; on a low screen one line says them until they are to be changed,
    and the paper has the room.
    """
    line = rx.el.label(
        # Drawn anew, and so closed, for each sheet.
        rx.el.input(
            type="checkbox", id=f"{UNITS}-open", key=S.laid.page, class_name="fold-switch sr-only"
        ),
        rx.el.span(S.desk.recap, class_name="font-semibold"),
        rx.el.span(meeting_text.CHANGE, class_name="fold-open link"),
        rx.el.span(meeting_text.CHANGED, class_name="fold-shut link"),
        class_name="fold-line chip relative",
    )
    rows = rx.el.div(
        _row(meeting_text.UNIT, "units", *_unit_chips()),
        _row(meeting_text.DUE, "due_on", *_due_chips()),
        class_name="fold-rows",
    )
    return rx.el.div(line, rows, class_name="fold")


def _row(label: str, name: str, *choices: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(label, id=f"{name}-label", class_name="font-semibold"),
        rx.el.div(
            rx.el.div(*choices, role="group", aria_labelledby=f"{name}-label", class_name="chips"),
            error_line(name, S.errors[name]),
        ),
        class_name="grid items-center gap-2 sm:grid-cols-[3rem_1fr]",
    )


def _promise() -> rx.Component:
    """One sentence, and whether it is pressing."""
    box = rx.el.input(
        key=S.laid.page,
        id="promise",
        name="promise",
        default_value=S.laid.promise,
        max_length=PROMISE_MOST,
        placeholder=meeting_text.PROMISE_HINT,
        aria_describedby="promise-error",
        aria_invalid=rx.cond(S.errors["promise"], "true", "false"),
        class_name="input min-w-0 flex-1",
    )
    urgent = rx.el.button(
        icon("flag", "sm"),
        meeting_text.URGENT,
        type="button",
        aria_pressed=rx.cond(S.desk.urgent, "true", "false"),
        on_click=S.toggle_urgent,
        class_name="chip",
    )
    return rx.el.div(
        rx.el.label(meeting_text.PROMISE, html_for="promise", class_name="font-semibold"),
        rx.el.div(
            rx.el.div(box, urgent, class_name="flex items-center gap-1"),
            error_line("promise", S.errors["promise"]),
            class_name="grid gap-1",  # the field's ring needs the room
        ),
        class_name="sheet-promise grid items-center gap-2",
    )


def _reason() -> rx.Component:
    return field(
        meeting_text.LONG_DUE.format(limit=persian(FAR_DAYS)),
        "reason",
        value=S.laid.reason,
        error=S.errors["reason"],
        key=S.laid.page,
    )


def _unit_chips() -> list[rx.Component]:
    """Those of the subject and those chosen; the rest a touch away."""

    def near(one: UnitChip) -> rx.Component:
        return shown(one.suggested | is_chosen(one), unit_chip(one))

    others = rx.el.button(
        icon("plus", "sm"),
        meeting_text.OTHER_UNITS,
        type="button",
        on_click=open_dialog(UNITS),
        class_name="chip",
    )
    return [each(S.table.units, near), others]


def is_chosen(one: UnitChip) -> Any:  # noqa: ANN401 (a var)
    chosen: Any = S.desk.units
    return chosen.contains(one.value)


def unit_chip(one: UnitChip) -> rx.Component:
    """A unit that gets an order, or may get one."""
    return rx.el.button(
        icon("check", "sm"),
        one.label,
        type="button",
        aria_pressed=rx.cond(is_chosen(one), "true", "false"),
        on_click=S.pick_unit(one.value),
        class_name="chip",
    )


def _due_chips() -> list[rx.Component]:
    """One control for all units as long as they share a day; else each unit's day in words."""

    def chip(one: DueChip) -> rx.Component:
        return due_chip(one, S.desk.due.on == one.value, S.pick_due(one.value))

    def own(one: UnitDue) -> rx.Component:
        return day_chip(rx.el.span(one.name, ": ", one.day), S.desk.due.apart, open_dialog(EACH))

    other = other_chip(S.desk.due.other, [S.aim_at(""), open_dialog(DAYS)])
    apart = rx.el.button(
        icon("list", "sm"),
        meeting_text.EACH_UNIT,
        type="button",
        on_click=open_dialog(EACH),
        class_name="chip",
    )
    several = any_of(S.desk.dues)
    return [
        rx.cond(
            S.desk.due.apart,
            each(S.desk.dues, own),
            rx.fragment(
                each(S.table.dues, chip),
                # Several units: another day is a touch away, beside each unit's own.
                shown(~several | (S.desk.due.other != ""), other),
                shown(several, apart),
            ),
        )
    ]


def due_chip(one: DueChip, chosen: Any, on_click: Any) -> rx.Component:  # noqa: ANN401 (vars and events)
    """A last day of the work; the chosen one says which day that is."""
    return day_chip(rx.cond(chosen, one.whole, one.label), chosen, on_click)


def other_chip(day: Any, on_click: Any) -> rx.Component:  # noqa: ANN401 (as above)
    """A day of the calendar; `day` is it in words once it is chosen."""
    return day_chip(rx.cond(day, day, meeting_text.OTHER_DAY), day, on_click)


def day_chip(face: Any, chosen: Any, on_click: Any) -> rx.Component:  # noqa: ANN401 (as above)
    """A chip of a row of days."""
    return rx.el.button(
        icon("check", "sm"),
        face,
        type="button",
        aria_pressed=pick(chosen, "true", "false"),
        on_click=on_click,
        class_name="chip",
    )
