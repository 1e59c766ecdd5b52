"""Sign-in of citizens by mobile and code: the forms, which filing uses too, and the page
`/enter/`."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.tracking import my_page_text
from publicmeeting.ui.citizen.shared import number_changed, sign_out_here, without_mobile
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.fields import error_summary, field
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import band_head, band_page, brand
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.shell.session import EnterState, Session, Way


def mobile_and_code(
    sent_to: str,
    mistyped: str,
    errors: dict[str, str],
    ways: Sequence[Way],
    then: str,
    other: str,
    back: str = "",
) -> rx.Component:
    """The form for a mobile or, when a code has been sent to `sent_to`, the form for the code.

    - `mistyped`: the refused mobile, which is in its field again.
    - `ways`: single sign-on providers.
    - `then`: the page after signing in.
    - `other`: the page that asks for another mobile.
    - `back`: the page that shows errors if no script runs.
    """

    def native(action: str, *content: rx.Component) -> rx.Component:
        plain = rx.el.noscript(rx.el.input(type="hidden", name="back", value=back))
        return rx.el.form(
            error_summary(errors, at_once=True),
            *content,
            rx.el.input(type="hidden", name="next", value=then),
            *([plain] if back else []),
            method="post",
            action=action,
            on_submit=None,
            class_name="grid gap-6",
        )

    mobile = native(
        "/auth/code",
        field(
            filing_text.MOBILE,
            "mobile",
            kind="tel",
            value=mistyped,
            hint=filing_text.MOBILE_HINT,
            error=errors["mobile"],
        ),
        button(filing_text.SEND_CODE, submit=True),
    )
    code = rx.el.div(
        # The page opens with the focus in the field below, so a screen reader would skip what is
        # above it.
        rx.el.div(
            rx.cond(
                errors["sending"],
                notice(errors["sending"], tone="brick"),
                notice(filing_text.CODE_SENT, sent_to),
            ),
            id="code-note",
        ),
        native(
            "/auth/confirm",
            field(
                filing_text.CODE,
                "code",
                kind="code",
                hint=filing_text.CODE_HINT,
                error=errors["code"],
                note="code-note",
                auto_focus=True,  # a telephone offers the code from an SMS above its keys
            ),
            button(filing_text.CHECK_CODE, submit=True),
        ),
        native("/auth/code", button(filing_text.CODE_AGAIN, kind="secondary", submit=True)),
        text_link(filing_text.CODE_MISSING, other),
        class_name="grid gap-6",
    )
    with_others = rx.el.div(
        spoken(shown(errors["door"], notice(errors["door"], tone="saffron"))),
        mobile,
        shown(any_of(ways), _other_ways(ways, then)),
        rx.el.div(without_mobile(), class_name="text-ink2"),
        class_name="grid gap-6",
    )
    return rx.cond(sent_to, code, with_others)


def _other_ways(ways: Sequence[Way], then: str) -> rx.Component:
    """Buttons of the providers, below the main form; each has its own form."""

    def one(way: Way) -> rx.Component:
        return rx.el.form(
            rx.el.input(type="hidden", name="next", value=then),
            button(way.label, kind="secondary", submit=True, class_name="w-full"),
            method="post",
            action=way.action,
            on_submit=None,
        )

    return rx.el.div(
        rx.el.p(sign_in_text.OR, class_name="text-center text-ink2"),
        each(ways, one),
        class_name="grid gap-4",
    )


def page() -> rx.Component:
    """The page `/enter/`. Its forms are native, so they also work before the scripts have
    started."""
    head = band_head(
        rx.el.h1(chrome_text.ENTER_TITLE, class_name="text-h1"),
        rx.el.p(chrome_text.ENTER_WHY, class_name="text-ink2 mt-2"),
        bar=rx.fragment(brand(), text_link(chrome_text.STAFF_ENTER, "/sign-in/")),
    )
    forms = mobile_and_code(
        EnterState.sent_to,
        EnterState.mistyped,
        EnterState.errors,
        EnterState.ways,
        "/mine/",
        "/enter/?other=1",
        "/plain/enter/",
    )
    waits = notice(
        whose_text.WAITS,
        whose_text.WAITS_WHY,
        tone="saffron",
        action=text_link(whose_text.TITLE, "/enter/whose/", native=True),
    )
    # "Back" leads here after signing in, and so does whoever comes next at the same telephone.
    is_in = Session.reader.is_known & ~Session.reader.is_staff
    return band_page(
        head,
        rx.cond(EnterState.asks_whose, rx.el.div(waits, class_name="mb-6")),
        rx.cond(EnterState.sent_to, rx.fragment(), rx.cond(is_in, _signed_in())),
        forms,
        rx.el.div(number_changed(), class_name="mt-6"),
    )


def _signed_in() -> rx.Component:
    return rx.el.div(
        notice(
            my_page_text.SIGNED_IN,
            action=text_link(my_page_text.TITLE, "/mine/", native=True),
        ),
        sign_out_here(),
        class_name="mb-8 grid gap-4 border-b border-line pb-8",
    )
