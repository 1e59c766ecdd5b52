"""After a form was refused, the focus leads to what is wrong in it.

One field is wrong: that field has the focus, and its own line says why. Several are: a list at the
head of the form names each with its error, leads to it, and has the focus.
"""

from typing import Any

import reflex as rx

from publicmeeting.text.common.chrome_text import WRONG
from publicmeeting.ui.reflex.scripts import link_script


class ErrorSummary(rx.Component):
    """The component of error_summary.js: it reads labels and errors from the form it stands in."""

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
    """Stands in its form, before the fields. `answers` grows with each answer that has errors,
    whether or not they are those of the press before. `at_once`: a press elsewhere may have its
    answer here, as where the form is the browser's own and its answer is the page that opens."""
    return ErrorSummary.create(errors=errors, answers=answers, title=title, at_once=at_once)
