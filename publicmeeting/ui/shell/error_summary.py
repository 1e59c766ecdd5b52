"""Focus after a form was refused: on the wrong field, or on a list of several.

If one field is wrong, it gets the focus, and its own line says why. If several are wrong, a list at
the head of the form gets the focus. It names each field with its error and links to it.
"""

from typing import Any

import reflex as rx

from publicmeeting.text.common.chrome_text import WRONG
from publicmeeting.ui.reflex.scripts import link_script


class ErrorSummary(rx.Component):
    """Component of error_summary.js, which reads labels and errors from the form around it."""

    library = link_script(__name__, "error_summary.js")
    tag = "ErrorSummary"

    errors: rx.Var[dict[str, str]]
    answers: rx.Var[int]
    title: rx.Var[str]
    at_once: rx.Var[bool]


def error_summary(
    errors: Any,
    answers: Any = 0,
    *,
    title: Any = WRONG,
    at_once: bool = False,
) -> rx.Component:
    """Draw the list in its form, before the fields.

    `answers` grows with each answer that has errors, even if they are the same as before. With
    `at_once` the first drawing counts as an answer, as when the browser posts a native form and the
    answer is the page that opens.
    """
    return ErrorSummary.create(errors=errors, answers=answers, title=title, at_once=at_once)
