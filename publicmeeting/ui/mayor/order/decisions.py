"""The forms of the steps a mayor may take on an order, drawn from the lifecycle's rows."""

import reflex as rx

from publicmeeting.domain.choices import Audience
from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, Step
from publicmeeting.domain.roles import MEETING
from publicmeeting.domain.stages import Need, OrderAction
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE, MEANING
from publicmeeting.text.lifecycle.needs_text import AUDIENCE, HINT, LABEL, OPTIONAL
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.choices import chips
from publicmeeting.ui.design.controls import ButtonKind, button
from publicmeeting.ui.design.dialogs import close_dialog, dialog, open_dialog
from publicmeeting.ui.design.fields import area, error_line
from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, quote
from publicmeeting.ui.mayor.days import calendar
from publicmeeting.ui.mayor.frame import refusals
from publicmeeting.ui.mayor.meeting.views import DueChip, UnitChip
from publicmeeting.ui.mayor.order.state import RESULT
from publicmeeting.ui.mayor.order.state import MayorOrderState as S
from publicmeeting.ui.shell.error_summary import error_summary

STEPS = tuple(
    step
    for step in ORDER_STEPS
    if set(MEETING) & set(step.by) and step.action is not OrderAction.ISSUE
)
DAYS = "more-days"
_AUDIENCES = [Choice(one.value, AUDIENCE[one]) for one in Audience]
_COMMENT = OrderAction.COMMENT


def decisions() -> rx.Component:
    """What is asked of the mayor, a button for each open step, and the form of the chosen one."""
    asked = rx.el.div(
        rx.el.h2(orders_text.DECIDE, class_name="text-h2"),
        rx.cond(
            S.promise.decides,
            notice(orders_text.WAITS_FOR_YOU, S.promise.asked, tone="saffron"),
            rx.el.p(S.promise.nothing, class_name="text-ink2"),
        ),
        shown(S.promise.asked_note, quote(S.promise.asked_by, S.promise.asked_note)),
        class_name="grid gap-3",
    )
    return rx.el.section(
        asked,
        rx.el.div(
            refusals(S),
            shown(S.done, notice(S.done)),
            id=RESULT,
            tab_index=-1,
            class_name="grid gap-3 scroll-mt-4",
        ),
        rx.el.div(*(_opener(step) for step in STEPS), class_name="flex flex-wrap gap-1"),
        *(_form(step) for step in STEPS),
        dialog(
            DAYS,
            meeting_text.OTHER_DAY,
            rx.el.div(
                rx.el.p(meeting_text.OTHER_DAY_LEAD, class_name="text-ink2"),
                calendar(
                    S.month,
                    S.due.on,
                    lambda day: [S.pick_due(day), close_dialog(DAYS)],
                    S.turn_month,
                ),
                class_name="grid gap-4",
            ),
        ),
        class_name="grid gap-3",
    )


def _is_open(step: Step) -> bool:
    claim: bool = S.promise.open.contains(step.action.value)  # type: ignore[attr-defined]  # a var
    return claim


def _opener(step: Step) -> rx.Component:
    action = step.action.value
    return shown(
        _is_open(step),
        rx.el.button(
            icon("chat" if step.action is _COMMENT else "pen", "sm"),
            ACTION[step.action],
            type="button",
            aria_expanded=rx.cond(S.acting == action, "true", "false"),
            on_click=S.choose(action),
            class_name=rx.cond(
                S.acting == action, "btn btn-soft btn-sm", "btn btn-secondary btn-sm"
            ),
        ),
    )


def _form(step: Step) -> rx.Component:
    """Fields from what the row needs and may be given."""
    action = step.action.value
    fields = [_FIELDS[need](step) for need in _ORDER if need in (*step.needs, *step.may)]
    kind: ButtonKind = "primary"
    return shown(
        _is_open(step) & (S.acting == action),
        rx.el.form(
            rx.el.div(
                error_summary(S.errors),
                *fields,
                _reads(step),
                button(
                    orders_text.COMMENT_DO if step.action is _COMMENT else ACTION[step.action],
                    kind=kind,
                    submit=True,
                ),
                class_name="grid gap-4",
            ),
            on_submit=S.take,
            method="post",
            key=S.form,
            class_name="sheet",
        ),
    )


def _reads(step: Step) -> rx.Component:
    """What it means is said to the citizen, so it stands as her reading. A comment may be internal:
    of that nothing is promised."""
    if step.action is _COMMENT:
        return rx.el.p(MEANING[step.action])
    return rx.el.div(
        rx.el.p(icon("eye"), staff_text.CITIZEN_READS, class_name="with-icon text-meta text-ink2"),
        rx.el.p(rx.el.strong(DONE[step.action], "."), " ", MEANING[step.action]),
        class_name="grid gap-1",
    )


def _note(step: Step) -> rx.Component:
    optional = Need.NOTE not in step.needs
    label = f"{LABEL[Need.NOTE]} ({OPTIONAL})" if optional else LABEL[Need.NOTE]
    hint = "" if Need.AUDIENCE in step.may else HINT[Need.NOTE]
    return area(
        label,
        f"{step.action.value}-note",
        value=S.draft,
        hint=hint,
        rows=3,
        error=S.errors["note"],
        on_blur=S.keep_note,
    )


def _unit(step: Step) -> rx.Component:
    name = f"{step.action.value}-unit"

    def chip(one: UnitChip) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name=name, value=one.value, class_name="peer sr-only"),
            rx.el.span(icon("check", "sm"), one.label, class_name="chip"),
            class_name="relative",
        )

    return rx.el.fieldset(
        rx.el.legend(LABEL[Need.UNIT], class_name="field-label mb-2"),
        rx.el.div(each(S.promise.units, chip), class_name="chips"),
        error_line(name, S.errors["unit"]),
    )


def _due(step: Step) -> rx.Component:
    def chip(one: DueChip) -> rx.Component:
        return _press(one.label, S.due.on == one.value, S.pick_due(one.value))

    other = rx.cond(S.due.other, S.due.other, meeting_text.OTHER_DAY)
    return rx.el.fieldset(
        rx.el.legend(LABEL[Need.DUE_ON], class_name="field-label mb-2"),
        rx.el.div(
            each(S.promise.dues, chip),
            _press(other, S.due.other, open_dialog(DAYS)),
            class_name="chips",
        ),
        error_line(f"{step.action.value}-due_on", S.errors["due_on"]),
    )


def _press(label: str, chosen: object, on_click: object) -> rx.Component:
    return rx.el.button(
        icon("check", "sm"),
        label,
        type="button",
        aria_pressed=rx.cond(chosen, "true", "false"),
        on_click=on_click,
        class_name="chip",
    )


def _audience(step: Step) -> rx.Component:
    return chips(
        LABEL[Need.AUDIENCE],
        f"{step.action.value}-audience",
        _AUDIENCES,
        hint=HINT[Need.AUDIENCE],
        error=S.errors["audience"],
    )


_ORDER = (Need.UNIT, Need.DUE_ON, Need.NOTE, Need.AUDIENCE)
_FIELDS = {Need.UNIT: _unit, Need.DUE_ON: _due, Need.NOTE: _note, Need.AUDIENCE: _audience}
