"""`/enter/`: a mobile, a code, and she is in."""

import reflex as rx

from publicmeeting.text import filing as words
from publicmeeting.text import shell
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.shell.knock import EnterState as S
from publicmeeting.ui.shell.offline import offline


def page() -> rx.Component:
    """Native forms: they also work before the page is alive."""
    head = band_head(
        rx.el.h1(shell.ENTER_TITLE, class_name="text-h1"),
        rx.el.p(shell.ENTER_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(shell.STAFF_ENTER, "/sign-in/")),
        with_ridge=True,
    )
    return band_page(head, offline(), rx.cond(S.sent_to, _code(), _mobile()), says=S.errors["code"])


def _native(action: str, *content: rx.Component) -> rx.Component:
    return rx.el.form(
        *content,
        rx.el.input(type="hidden", name="next", value="/mine/"),
        rx.el.noscript(rx.el.input(type="hidden", name="back", value="/plain/enter/")),
        method="post",
        action=action,
        on_submit=None,
        class_name="grid gap-6",
    )


def _mobile() -> rx.Component:
    return _native(
        "/auth/code",
        field(words.MOBILE, "mobile", kind="tel", hint=words.MOBILE_HINT, error=S.errors["mobile"]),
        button(words.SEND_CODE, submit=True),
    )


def _code() -> rx.Component:
    return rx.el.div(
        notice(words.CODE_SENT, S.sent_to),
        _native(
            "/auth/confirm",
            field(words.CODE, "code", kind="code", hint=words.CODE_HINT, error=S.errors["code"]),
            button(words.CHECK_CODE, submit=True),
        ),
        _native("/auth/code", button(words.CODE_AGAIN, kind="secondary", submit=True)),
        text_link(words.OTHER_MOBILE, "/enter/?other=1"),
        class_name="grid gap-6",
    )
