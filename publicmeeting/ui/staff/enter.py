"""`/staff/enter/`: officials sign in with a password."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field, password_field
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.session import EnterState as S


def page() -> rx.Component:
    """A native form; the answer leads to the page of the role."""
    head = band_head(
        rx.el.h1(chrome_text.STAFF_TITLE, class_name="text-h1"),
        rx.el.p(chrome_text.STAFF_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(chrome_text.CITIZEN_ENTER, "/enter/")),
        with_ridge=True,
    )
    form = rx.el.form(
        error_summary(S.errors, at_once=True),
        field(chrome_text.USERNAME, "username", dir="ltr", auto_complete="username"),
        password_field(
            chrome_text.PASSWORD,
            "password",
            auto_complete="current-password",
            error=S.errors["code"],
        ),
        button(chrome_text.ENTER, submit=True),
        method="post",
        action="/auth/staff",
        on_submit=None,
        class_name="grid gap-6",
    )
    return band_page(head, form, says=S.errors["code"])
