"""`/verify/log/`: the newest entries, and where a receipt's eight characters stand."""

import reflex as rx

from publicmeeting.text.public_record import log_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import back_link, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.sheets import live_sign, row_static, sheet
from publicmeeting.ui.design.states import empty, loading, unless_loading
from publicmeeting.ui.design.ticket import fingerprint
from publicmeeting.ui.public.log.state import LogState as S
from publicmeeting.ui.public.log.views import EntryView, StandingView
from publicmeeting.ui.shell.offline import is_offline


def page() -> rx.Component:
    """The form first: most readers come with a receipt in their hand."""
    return phone_page(
        page_title(log_text.TITLE),
        rx.el.p(log_text.LEAD, class_name="text-ink2"),
        section(log_text.FIND, _form(), rx.el.div(each(S.found, _found), role="status")),
        section(
            log_text.NEWEST,
            unless_loading(S.ready, loading("rows"), _newest()),
            button(
                log_text.WHOLE,
                kind="secondary",
                sign="download",
                href="/verify/log-all.json",
                native=True,
            ),
            lead=log_text.NEWEST_LEAD,
        ),
        bar=site_bar(back_link(log_text.BACK, "/verify/"), live_sign(~is_offline)),
    )


def _form() -> rx.Component:
    return rx.el.form(
        field(
            log_text.MARK,
            "letters",
            hint=log_text.MARK_HINT,
            error=S.errors["mark"],
            dir="ltr",
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            max_length=64,
        ),
        button(log_text.LOOK, submit=True),
        on_submit=S.find,
        method="get",
        action="/verify/log/",
        class_name="grid gap-4",
    )


def _found(one: StandingView) -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.h3(one.title, class_name="text-h3"),
            rx.el.p(one.meta, class_name="text-ink2"),
        ),
        rx.el.div(
            rx.el.h4(log_text.SEAL, class_name="text-meta text-ink2"),
            rx.el.div(
                fingerprint(one.seal, log_text.SEAL, cells=32),
                rx.el.p(one.seal, dir="ltr", class_name="break-all text-start text-meta"),
                class_name="mt-2 grid gap-3",
            ),
            rx.el.h4(log_text.BEFORE, class_name="mt-4 text-meta text-ink2"),
            rx.el.p(one.before, dir="ltr", class_name="break-all text-start text-meta"),
        ),
        rx.el.p(one.since),
    )


def _newest() -> rx.Component:
    return rx.cond(
        any_of(S.entries),
        rx.el.ul(each(S.entries, lambda one: rx.el.li(_entry(one))), class_name="rows"),
        empty(log_text.EMPTY, log_text.EMPTY_WHY),
    )


def _entry(one: EntryView) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(one.what, class_name="font-semibold"),
            rx.el.p(one.at, class_name="text-meta text-ink2"),
            rx.el.p(
                ltr(one.mark, "font-semibold"),
                ltr(one.about, "text-ink2"),
                class_name="flex flex-wrap gap-x-4 text-meta",
            ),
        ),
    )
