"""`/draws/`: every Monday's draw, the next ones first."""

import reflex as rx

from publicmeeting.text.common import shell_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import any_of
from publicmeeting.ui.design.frames import brand, page_title, phone_page, site_bar, site_foot
from publicmeeting.ui.design.sheets import rows
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.public.draws.state import DrawsState as S


def page() -> rx.Component:
    return phone_page(
        page_title(ceremony_text.TITLES),
        rx.el.p(ceremony_text.LEAD),
        rx.el.div(
            button(ceremony_text.WATCH, href="/ceremony/", sign="eye"),
            class_name="my-4 grid sm:flex",
        ),
        rx.cond(
            S.ready,
            rx.cond(
                any_of(S.rows), rows(S.rows), empty(ceremony_text.EMPTY, ceremony_text.EMPTY_LEAD)
            ),
            # The foot stays below the window until the list pushes it there.
            rx.el.div(loading("rows"), class_name="min-h-screen"),
        ),
        bar=site_bar(brand()),
        site_footer=site_foot([(ceremony_text.FOR_WITNESS, "/witness/"), (shell_text.HOME, "/")]),
    )
