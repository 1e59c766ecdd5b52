"""The first step before the page is alive: an ordinary form of the browser, kept by the server."""

from typing import Any

import reflex as rx

from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.text.common import plain_text
from publicmeeting.text.filing import filing_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import select
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.states import loading

PLAIN = "/plain/request/"
# A page built beforehand does not know its query. Whoever comes back to a later step sees that it
# is on its way, not the first step again.
_LATER = (
    "if(/step=[2-4]/.test(location.search)){let s=document.currentScript.previousSibling;"
    "s.hidden=true;s.previousSibling.hidden=false}"
)
# Counted in the browser: as markup of the script each of the 22 would be loaded by everybody.
_CHOICES: Any = rx.Var(
    f"[{{value: '', label: '{plain_text.DISTRICT_EMPTY}'}}, "
    f"...Array.from({{length: {len(DISTRICTS)}}},"
    " (_, at) => ({value: `${at + 1}`, label: (at + 1).toLocaleString('fa')}))]"
).to(list[Choice])


def early_step() -> rx.Component:
    """Sent early, it leads to the next step of this page; without scripts to that of the plain one.

    The form appears when the page takes longer than usual to become alive.
    """
    form = rx.el.form(
        select(plain_text.DISTRICT, "district", _CHOICES, required=True),
        button(filing_text.KEEP_ON, submit=True, sign_end="forward"),
        rx.el.noscript(rx.el.input(type="hidden", name="next", value=f"{PLAIN}?step=2")),
        method="post",
        action="/draft",
        on_submit=None,
        class_name="grid gap-6 animate-[appear_180ms_600ms_both]",
    )
    return rx.el.div(
        rx.el.div(loading(), hidden=True),
        rx.el.div(
            rx.el.h1(filing_text.DISTRICT_TITLE, class_name="text-h1 mt-3 mb-4"),
            form,
        ),
        rx.el.script(_LATER),
        rx.el.div(
            text_link(plain_text.INSTEAD, PLAIN, native=True),
            class_name="mt-6 animate-[appear_180ms_3s_both]",
        ),
    )
