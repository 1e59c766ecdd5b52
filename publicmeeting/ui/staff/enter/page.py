"""`/staff/enter/`: officials sign in with a password."""

import reflex as rx

from publicmeeting.text.common import shell_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field, password_field
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.login_form import EnterState as S


def page() -> rx.Component:
    """A native form; the answer leads to the page of the role."""
    head = band_head(
        rx.el.h1(shell_text.STAFF_TITLE, class_name="text-h1"),
        rx.el.p(shell_text.STAFF_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(shell_text.CITIZEN_ENTER, "/enter/")),
        with_ridge=True,
    )
    form = rx.el.form(
        error_summary(S.errors, at_once=True),
        field(shell_text.USERNAME, "username", dir="ltr", auto_complete="username"),
        password_field(
            shell_text.PASSWORD,
            "password",
            auto_complete="current-password",
            error=S.errors["code"],
        ),
        button(shell_text.ENTER, submit=True),
        method="post",
        action="/auth/staff",
        on_submit=None,
        class_name="grid gap-6",
    )
    return band_page(head, form, says=S.errors["code"])
