"""`/track/`: asks for a code and four digits, then shows stages and times, nothing else."""

import reflex as rx

from publicmeeting.text.filing import receipt_text
from publicmeeting.text.tracking import case_text, road_text, tracking_text
from publicmeeting.ui.citizen.track.state import TrackState as S
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.frames import brand, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import live_sign, notice
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.trouble import is_offline


def page() -> rx.Component:
    """The form works before the scripts have started; it is an ordinary form of the browser."""
    return phone_page(
        rx.cond(S.found.code, _stages(), _form()),
        bar=site_bar(
            brand(S.found.district),
            rx.cond(S.found.code, live_sign(~is_offline), text_link(receipt_text.MINE, "/mine/")),
        ),
        announcement=S.announcement,
    )


def _form() -> rx.Component:
    return rx.fragment(
        page_title(tracking_text.TITLE),
        rx.el.p(tracking_text.LEAD, class_name="mb-4 text-ink2"),
        rx.el.div(
            rx.cond(S.refused & ~S.errors["last_four"], notice(S.refused, tone="brick")),
            role="alert",
        ),
        rx.el.form(
            error_summary(S.errors, title=S.refused, at_once=True),
            field(
                tracking_text.CODE,
                "code",
                kind="number",
                value=S.typed,
                hint=tracking_text.CODE_HINT,
                error=S.errors["code"],
                auto_complete="off",
            ),
            field(
                tracking_text.LAST_FOUR,
                "last_four",
                kind="number",
                hint=tracking_text.LAST_FOUR_HINT,
                error=S.errors["last_four"],
                auto_complete="off",
            ),
            button(tracking_text.FIND, submit=True),
            rx.el.noscript(rx.el.input(type="hidden", name="back", value="/plain/track/")),
            method="post",
            action="/auth/track",
            on_submit=None,
            class_name="mt-4 grid gap-6",
        ),
        rx.el.p(tracking_text.LOST, class_name="mt-8 text-ink2"),
        rx.el.div(
            _sign_in(),
            _my_row(),
            class_name="grid justify-items-start gap-2",
        ),
    )


def _stages() -> rx.Component:
    return rx.fragment(
        page_title(
            S.found.stage,
            rx.fragment(S.found.place, " ", code_groups(S.found.digits, "font-semibold text-ink")),
        ),
        notice(tracking_text.STAGES_ONLY, tone="neutral", action=_sign_in()),
        section(road_text.TITLE, road(S.found.steps, road_text.TITLE)),
        rx.el.div(
            _my_row(),
            text_link(case_text.ANOTHER, "/track/", native=True),
            class_name="mt-8 grid justify-items-start gap-2",
        ),
    )


def _my_row() -> rx.Component:
    """A receipt's QR code leads here; its ticket stays in this tab, so the link finds the row."""
    return text_link(tracking_text.MY_ROW, "/verify/")


def _sign_in() -> rx.Component:
    return text_link(tracking_text.SIGN_IN, "/enter/", native=True)
