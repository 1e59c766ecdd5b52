"""`/mayor/orders/[number]`: one order, and what the mayor decides on it."""

import reflex as rx

from publicmeeting.domain.stages import Need, OrderAction
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.needs_text import LABEL
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import orders_text
from publicmeeting.text.tracking import citizen_orders_text, road_text
from publicmeeting.ui.design.controls import button, dialog, open_dialog
from publicmeeting.ui.design.fields import error_line, pressed_chip
from publicmeeting.ui.design.flow import any_of, direction_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.paper import promise_clock
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, notice, quote, rows
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.mayor.days import DAYS, day_dialog
from publicmeeting.ui.mayor.meeting.views import DueChip
from publicmeeting.ui.mayor.order.state import RESULT
from publicmeeting.ui.mayor.order.state import MayorOrderState as S
from publicmeeting.ui.mayor.table import (
    ZOOM,
    for_the_mayor,
    plain_table,
    refusals,
    table_head,
    thumbs,
)
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.steps.keys import DeskKeys
from publicmeeting.ui.shell.steps.parts import FormEvents, send_button, step_fields
from publicmeeting.ui.shell.steps.views import StepButton

_EVENTS = FormEvents(S.choose, S.send, S.cancel, S.keep_note, S.take_template)


def decisions() -> rx.Component:
    """What the mayor is asked, a button for each open step, and the form of the chosen one."""
    request = rx.el.div(
        rx.el.h2(orders_text.DECIDE, class_name="text-h2"),
        rx.cond(
            S.promise.decides,
            notice(orders_text.WAITS_FOR_YOU, S.promise.asked, tone="saffron"),
            rx.el.p(S.promise.nothing, class_name="text-ink2"),
        ),
        shown(
            S.promise.write,
            button(orders_text.WRITE_RIGHT, sign="pen", href=S.promise.write),
        ),
        shown(S.promise.asked_note, quote(S.promise.asked_by, S.promise.asked_note)),
        class_name="grid gap-3",
    )
    return rx.el.section(
        request,
        rx.el.div(
            refusals(S),
            shown(S.done, notice(S.done)),
            id=RESULT,
            tab_index=-1,
            class_name="grid gap-3 scroll-mt-4",
        ),
        rx.el.div(each(S.buttons, _opener), class_name="flex flex-wrap gap-1"),
        rx.cond(S.form.action, _form()),
        day_dialog(S.month, S.due.on, S.pick_due, S.turn_month),
        class_name="no-print grid gap-3",
    )


def _opener(step_button: StepButton) -> rx.Component:
    is_open = S.form.action == step_button.action
    return rx.el.button(
        rx.cond(
            step_button.action == OrderAction.COMMENT.value, icon("chat", "sm"), icon("pen", "sm")
        ),
        step_button.label,
        type="button",
        aria_expanded=rx.cond(is_open, "true", "false"),
        on_click=S.choose(step_button.action),
        key=step_button.action,
        class_name=rx.cond(is_open, "btn btn-soft btn-sm", "btn btn-secondary btn-sm"),
    )


def _form() -> rx.Component:
    """The form of the open step, below the buttons, so that another decision can be chosen."""
    return rx.el.div(
        DeskKeys.create(),
        rx.el.div(
            step_fields(S.form, S.errors, S.answers, _EVENTS, calendar=_due()),
            send_button(S.form, S.stale),
            class_name="grid gap-4",
        ),
        class_name="sheet",
    )


def _due() -> rx.Component:
    """The offered due dates, and any other from a calendar."""

    def chip(due_chip: DueChip) -> rx.Component:
        return pressed_chip(due_chip.label, S.due.on == due_chip.value, S.pick_due(due_chip.value))

    other = rx.cond(S.due.other, S.due.other, meeting_text.OTHER_DAY)
    return rx.el.fieldset(
        rx.el.legend(LABEL[Need.DUE_ON], class_name="field-label mb-2"),
        rx.el.div(
            each(S.promise.dues, chip),
            pressed_chip(other, S.due.other, open_dialog(DAYS)),
            id=Need.DUE_ON.value,
            tab_index=-1,
            class_name="chips",
        ),
        error_line(Need.DUE_ON.value, S.errors[Need.DUE_ON.value]),
    )


SHEET = "sheet-zoom"


def page() -> rx.Component:
    """The page: request and clock at the side; sheet, decision and road beside them."""
    back = button(orders_text.BACK, kind="secondary", size="sm", sign="back", href="/mayor/orders/")
    loaded = S.ready & S.head.date
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, back),
            side=[rx.cond(loaded, _side(), loading("card"))],
            main=[rx.cond(loaded, _main(), loading("rows"))],
            announcement=S.done,
            answers=S.answers,
        ),
    )


def _side() -> rx.Component:
    return rx.el.div(
        shown(S.promise.runs, promise_clock(S.promise.clock)),
        rx.el.section(
            rx.el.h2(orders_text.REQUEST, class_name="text-h3"),
            rx.el.p(S.promise.text, class_name="whitespace-pre-line wrap-anywhere"),
            thumbs(S.promise.photos, S.zoom),
            class_name="grid gap-2",
        ),
        rx.el.ul(each(S.promise.facts, rx.el.li), class_name="text-meta text-ink2"),
        shown(
            any_of(S.promise.beside),
            rx.el.section(
                rx.el.h2(orders_text.BESIDE, class_name="mb-1 text-meta text-ink2"),
                rows(S.promise.beside),
            ),
        ),
        class_name="grid gap-4",
    )


def _main() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.p(orders_text.ONE, S.promise.number, class_name="text-meta text-ink2"),
                rx.el.h1(
                    S.promise.title,
                    dir=direction_of(S.promise.title),
                    class_name="text-h1 wrap-anywhere",
                ),
                shown(
                    S.promise.sentence,
                    rx.el.p(S.promise.sentence, class_name="text-h3 wrap-anywhere"),
                ),
                rx.el.p(icon("unit"), S.promise.unit, class_name="with-icon"),
            ),
            rx.el.div(
                badge(S.promise.badge),
                each(S.promise.tags, badge),
                live_sign(),
                class_name="flex flex-wrap gap-3",
            ),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        shown(S.promise.changed, notice(road_text.CHANGED, S.promise.changed, tone="brick")),
        decisions(),
        _pictures(),
        shown(S.promise.sheet, _sheet()),
        rx.el.section(
            rx.el.h2(orders_text.ROAD, class_name="mb-3 text-h2"),
            road(S.promise.road, orders_text.ROAD),
        ),
        dialog(
            ZOOM,
            chrome_text.ZOOM,
            rx.el.img(src=S.photo.full, alt=S.photo.alt, class_name="mx-auto max-h-full"),
            full=True,
        ),
        class_name="grid max-w-page gap-5",
    )


def _sheet() -> rx.Component:
    """The paper as the citizen has it, its larger view and its text."""
    picture = rx.el.img(src=S.promise.sheet, alt=orders_text.SHEET, decoding="async")
    return rx.el.section(
        rx.el.h2(orders_text.SHEET, class_name="mb-3 text-h2"),
        rx.el.div(
            rx.el.button(
                picture,
                type="button",
                aria_label=chrome_text.ZOOM,
                on_click=open_dialog(SHEET),
                class_name="paper !min-h-0 self-start",
            ),
            rx.el.div(
                rx.cond(
                    S.promise.sheet_text,
                    rx.el.p(S.promise.sheet_text, class_name="whitespace-pre-line wrap-anywhere"),
                ),
                button(
                    chrome_text.ZOOM,
                    kind="secondary",
                    size="sm",
                    sign="zoom",
                    on_click=open_dialog(SHEET),
                ),
                class_name="grid content-start justify-items-start gap-3",
            ),
            class_name="grid gap-4 sm:grid-cols-[13rem_1fr]",
        ),
        dialog(
            SHEET,
            orders_text.SHEET,
            rx.el.img(
                src=S.promise.sheet, alt=orders_text.SHEET, class_name="mx-auto w-full max-w-224"
            ),
            full=True,
        ),
    )


def _pictures() -> rx.Component:
    """The photos for the decision: before the work, after it, and those of the citizen's
    objection."""

    def side(word: str, photos: tuple[Photo, ...]) -> rx.Component:
        return shown(
            any_of(photos),
            rx.el.section(
                rx.el.h2(word, class_name="mb-1 text-meta text-ink2"),
                thumbs(photos, S.zoom),
                class_name="min-w-0 flex-1 basis-40",
            ),
        )

    return rx.el.div(
        side(citizen_orders_text.BEFORE, S.promise.before),
        side(citizen_orders_text.AFTER, S.promise.after),
        side(orders_text.CONTEST_PHOTOS, S.promise.contest_photos),
        class_name="flex flex-wrap gap-3 empty:hidden",
    )
