"""`/enter/`: a mobile, a code, and she is in."""

import reflex as rx

from publicmeeting.text.common import shell_text
from publicmeeting.ui.citizen.mobile import mobile_and_code
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.shell.login_form import EnterState as S


def page() -> rx.Component:
    """Native forms: they also work before the page is alive."""
    head = band_head(
        rx.el.h1(shell_text.ENTER_TITLE, class_name="text-h1"),
        rx.el.p(shell_text.ENTER_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(shell_text.STAFF_ENTER, "/sign-in/")),
        with_ridge=True,
    )
    forms = mobile_and_code(S.sent_to, S.errors, "/mine/", "/enter/?other=1", "/plain/enter/")
    return band_page(head, forms, says=S.errors["code"])
