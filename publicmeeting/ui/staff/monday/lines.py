"""The lines of a Monday at the reception, in groups: in the room, in the hall, not here, done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import reflex as rx

from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.design.figures import tile
from publicmeeting.ui.design.flow import Handler, each, pick, shown
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import badge
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.views import StepButton
from publicmeeting.ui.staff.monday.views import VisitorRow


@dataclass(frozen=True)
class Undo(ViewModel):
    """What was just pressed for a visitor and can be undone; `seconds` is the time left."""

    code: str = ""
    action: str = ""
    number: str = ""
    seconds: str = ""


def of_number(number: str | rx.Var[str], *name: str | rx.Var[str]) -> rx.Component:
    """Hidden text with the visitor of a button: a screen reader reads buttons without their
    line."""
    return rx.el.span(reception_text.OF_NUMBER, number, *name, class_name="sr-only")


def undo_button(undo: Undo, take_back: Handler) -> rx.Component:
    """The undo button. Its seconds are hidden from screen readers, which would only count."""
    return rx.el.button(
        icon("undo"),
        rx.el.span(
            reception_text.UNDO,
            of_number(undo.number),
        ),
        rx.el.span(undo.seconds, aria_hidden="true", class_name="min-w-[1.5em] text-ink2"),
        type="button",
        on_click=take_back(undo.code, undo.action) if take_back else None,
        class_name="btn btn-secondary btn-sm justify-self-start",
    )


def visitor_lines(
    rows: Sequence[VisitorRow],
    press: Callable[[VisitorRow, StepButton], Handler],
    lit: Callable[[VisitorRow], str | rx.Var[str]],
    undo: Undo,
    take_back: Handler,
) -> rx.Component:
    """All lines; each group has a heading above its first line. `lit` returns a line's CSS
    classes."""
    return rx.el.ol(
        each(rows, lambda row: visitor(row, press, lit, undo, take_back)),
        id=LINES,
        aria_label=reception_text.LIST,
        class_name="rows mt-3",
    )


def visitor(
    row: VisitorRow,
    press: Callable[[VisitorRow, StepButton], Handler],
    lit: Callable[[VisitorRow], str | rx.Var[str]],
    undo: Undo,
    take_back: Handler,
) -> rx.Component:
    """One line: number, time and name, where she is, and her buttons."""

    def act(step: StepButton) -> rx.Component:
        return rx.el.button(
            step.label,
            of_number(row.number, " ", row.name),
            key=step.action,
            id=f"step-{step.action}-{row.code}",
            type="button",
            on_click=press(row, step),
            class_name=f"btn btn-{step.kind} btn-sm",
        )

    if isinstance(row.buttons, rx.Var):
        # Not `each`: inside a loop it would hide the variable of the outer loop.
        buttons = rx.foreach(row.buttons, lambda step: act(step))
    else:
        buttons = rx.fragment(*map(act, row.buttons))
    return rx.el.li(
        shown(row.head, rx.el.h3(row.head, class_name="mb-1 mt-4 text-h3")),
        rx.el.div(
            tile(row.tile, "!size-11 text-h3"),
            rx.el.div(
                rx.el.p(
                    rx.el.strong(
                        pick(row.name, row.name, reception_text.NAME_UNSEEN),
                        class_name="wrap-anywhere",
                    ),
                    badge(row.badge),
                    each(row.needs, badge),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.el.p(
                    rx.el.span(row.time, class_name="font-semibold text-ink"),
                    "\u00a0· ",
                    row.title,
                    class_name="row-meta",
                ),
                shown(row.status, rx.el.p(row.status, class_name="row-meta")),
                class_name="min-w-0 flex-1 basis-60",
            ),
            rx.el.div(
                shown(undo.code == row.code, undo_button(undo, take_back)),
                buttons,
                class_name="flex flex-wrap gap-1",
            ),
            class_name=lit(row),
        ),
        key=row.code,
    )
