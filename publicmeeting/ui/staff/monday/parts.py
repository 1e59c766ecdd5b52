"""One line of the Monday, the drawn line of standbys, and the field that finds a pass."""

import reflex as rx

from publicmeeting.domain.stages import Action
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.design.tiles import tile
from publicmeeting.ui.shell.steps.parts import CANCEL, FormEvents, send_button, step_fields
from publicmeeting.ui.shell.steps.views import StepButton
from publicmeeting.ui.staff.monday.state import PRESENT, SEEK
from publicmeeting.ui.staff.monday.state import MondayState as S
from publicmeeting.ui.staff.monday.views import StandbyRow, VisitorRow

HANDS = FormEvents(S.choose, S.send, S.cancel, S.keep_note, S.take_template)


def visitor(one: VisitorRow) -> rx.Component:
    """Number, time and name; where she is; what may be done; the form under the line it is for."""

    def act(step: StepButton) -> rx.Component:
        return rx.el.button(
            step.label,
            type="button",
            on_click=S.press(one.code, step.action),
            class_name=f"btn btn-{step.kind} btn-sm",
        )

    return rx.el.li(
        rx.el.div(
            tile(one.tile, "!size-11 text-h3"),
            rx.el.div(
                rx.el.p(
                    rx.el.strong(rx.cond(one.name, one.name, reception_text.NAME_UNSEEN)),
                    badge(one.badge),
                    each(one.needs, badge),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.el.p(
                    rx.el.span(one.time, class_name="font-semibold text-ink"),
                    " · ",
                    one.title,
                    class_name="row-meta",
                ),
                shown(one.said, rx.el.p(one.said, class_name="row-meta")),
                class_name="min-w-0 flex-1 basis-60",
            ),
            # Not `each`: within one loop it would hide the line of the loop around it.
            rx.el.div(
                rx.foreach(one.buttons, lambda step: act(step)),  # noqa: PLW0108 (names the item)
                class_name="flex flex-wrap gap-1",
            ),
            class_name=_look(one.code),
        ),
    )


def _look(code: str) -> str:
    """The line the open form is for is lit."""
    return rx.cond(
        (S.open_code == code) & S.form.action,
        "row row-static row-chosen flex-wrap",
        "row row-static flex-wrap",
    )


def the_form() -> rx.Component:
    """The one form of the page, in sight while the list is long; it says for whom it is.

    Not inside a line: a form in a loop has no names for its fields.
    """
    return rx.cond(
        S.form.action,
        rx.el.section(
            rx.el.div(
                rx.el.h2(
                    S.form.label,
                    " · ",
                    rx.el.span(S.open_line, class_name="font-normal"),
                    class_name="text-h3",
                ),
                button(staff_text.CANCEL, kind="quiet", size="sm", on_click=S.cancel, id=CANCEL),
                class_name="flex flex-wrap items-center justify-between gap-x-4",
            ),
            rx.cond(S.refused, notice(S.refused, tone="brick")),
            step_fields(S.form, S.errors, HANDS),
            send_button(S.form, S.stale, busy=S.busy),
            aria_label=S.form.label,
            class_name=(
                "sticky top-0 z-10 mt-3 grid gap-3 rounded-sheet border-2 border-glaze bg-sheet p-4"
            ),
        ),
    )


def see_names() -> rx.Component:
    return button(reception_text.SEE_NAMES, kind="secondary", size="sm", on_click=S.see_names)


def seek() -> rx.Component:
    """A scanner types the address of the pass and presses Enter.

    What was sent is selected at once, by the page itself: whatever comes of it, the next scan
    begins anew. Scripts that the server sends are refused by the content security policy.
    """
    return rx.el.form(
        field(
            reception_text.SCAN,
            SEEK,
            hint=reception_text.SCAN_HINT,
            sign="qr",
            auto_complete="off",
            auto_focus=True,
            error=S.found,
        ),
        button(reception_text.FIND, kind="secondary", size="sm", submit=True),
        on_submit=[S.seek, rx.run_script(f"document.getElementById('{SEEK}').select()")],
        method="post",
        class_name="no-print grid gap-2",
    )


def standby_list() -> rx.Component:
    """Tracking codes in the drawn order; nobody is taken before her turn."""
    return rx.el.section(
        rx.el.h2(reception_text.STANDBY, class_name="text-h2"),
        rx.el.p(reception_text.STANDBY_LEAD, class_name="text-meta text-ink2"),
        shown(S.day.free, rx.el.p(S.day.free, class_name="mt-2 font-semibold")),
        rx.cond(
            any_of(S.day.standby),
            rx.el.ol(each(S.day.standby, _standby), class_name="rows mt-3"),
            rx.el.p(S.day.standby_none, class_name="mt-3 text-ink2"),
        ),
    )


def _standby(one: StandbyRow) -> rx.Component:
    sit = button(
        ACTION[Action.STAND_IN],
        size="sm",
        on_click=S.press_standby(one.code, Action.STAND_IN.value),
    )
    come = button(
        reception_text.NOTE_PRESENT,
        kind="secondary",
        size="sm",
        on_click=S.press_standby(one.code, PRESENT),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                one.place,
                class_name=rx.cond(one.said, "tile t-candidate", "tile t-raw"),
            ),
            rx.el.div(
                rx.el.p(code_groups(one.digits), class_name="font-semibold"),
                shown(one.said, rx.el.p(one.said, class_name="row-meta")),
                class_name="min-w-0 flex-1 basis-28",
            ),
            rx.cond(one.may_sit, sit, rx.cond(one.said, rx.fragment(), come)),
            class_name=_look(one.code),
        )
    )
