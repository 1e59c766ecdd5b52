"""What cannot be taken back asks once more, in its place; without any script of ours."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import button, pair
from publicmeeting.ui.design.flow import Handler, given
from publicmeeting.ui.design.icons import icon

_CLOSE = "document.querySelectorAll('details.sure[open]').forEach((one) => { one.open = false; })"


def sure(
    label: str,
    question: str,
    on_yes: Handler,
    *,
    says: str = "",
    look: str = "btn btn-danger",
    class_name: str = "",
) -> rx.Component:
    """The first touch on `label` opens `question` with its two answers; `says` names what it is
    about where several stand on a page."""
    close = rx.run_script(_CLOSE)
    return rx.el.details(
        rx.el.summary(
            icon("trash", "sm"), label, class_name=f"{look} w-full", **given(aria_label=says)
        ),
        rx.el.div(
            rx.el.p(question),
            pair(
                button(label, kind="danger", size="sm", on_click=[close, on_yes]),
                button(chrome_text.NO, kind="secondary", size="sm", on_click=close),
            ),
            class_name="grid gap-2 pt-2",
        ),
        class_name=f"sure {class_name}".strip(),
    )
