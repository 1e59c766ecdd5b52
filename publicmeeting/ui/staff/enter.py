"""`/sign-in/`: officials sign in with a password or a passkey."""

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.fields import error_summary, field, password_field
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.session import EnterState as S

_script = link_script(__name__, "passkey.js")


def touch_key() -> rx.Var[str]:
    """Return a function of passkey.js, the file beside this one, as the prop of a button."""
    return rx.Var("touchKey", _var_data=VarData(imports={_script: [ImportVar(tag="touchKey")]}))


def page() -> rx.Component:
    """The page. Its form is native; the answer leads to the page of the role."""
    head = band_head(
        rx.el.h1(chrome_text.STAFF_TITLE, class_name="text-h1"),
        rx.el.p(chrome_text.STAFF_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(chrome_text.CITIZEN_ENTER, "/enter/")),
    )
    chosen = shown(S.done, rx.el.div(notice(S.done, S.then), class_name="mb-6"))
    form = rx.el.form(
        error_summary(S.errors, at_once=True),
        field(
            chrome_text.USERNAME,
            "username",
            value=S.username,
            dir="ltr",
            auto_complete="username",
        ),
        password_field(error=S.errors["code"]),
        button(chrome_text.ENTER, submit=True),
        method="post",
        action="/auth/staff",
        on_submit=None,
        class_name="grid gap-6",
    )
    return band_page(head, chosen, form, _by_key(), announcement=S.done)


def _by_key() -> rx.Component:
    """Sign-in by a passkey of this device; the script fills in the form and sends it."""
    failed = rx.el.p(
        role="alert",
        hidden=True,
        class_name="error",
        custom_attrs={"data-key-failed": sign_in_text.KEY_FAILED},
    )
    press = rx.el.button(
        sign_in_text.KEY_ENTER,
        type="submit",
        class_name="btn btn-secondary",
        custom_attrs={"data-key": "", "onClick": touch_key()},
    )
    return rx.el.form(
        rx.el.p(sign_in_text.KEY_ENTER_HINT, class_name="text-meta text-ink2"),
        rx.el.input(type="hidden", name="credential"),
        failed,
        press,
        method="post",
        action="/auth/passkey",
        on_submit=None,
        class_name="mt-8 grid gap-4",
        custom_attrs={"data-key-options": "/auth/passkey/options"},
    )
