"""The frame of the mayor's screens, and who is not let in."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.desks import tablet_frame
from publicmeeting.ui.design.figures import digit_cells
from publicmeeting.ui.design.flow import any_of, shown
from publicmeeting.ui.design.frames import TEXT, phone_page, skip_link
from publicmeeting.ui.design.links import anchor, door_from_here
from publicmeeting.ui.design.sheets import live_region, notice
from publicmeeting.ui.design.states import no_way
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.design.tiles import strip
from publicmeeting.ui.mayor.views import Head

__all__ = [
    "NARROW_ROWS",
    "TWO_LINES",
    "for_the_mayor",
    "leave_button",
    "paper_table",
    "plain_table",
    "refusals",
    "table_head",
]

_SIGN_IN = "/sign-in/"


def table_head(head: Head, *end: rx.Component) -> list[rx.Component]:
    """Where and when at the start, the seats, then the clock and the ways on."""
    return [
        rx.el.div(
            mark(head.district, "lg"),
            rx.el.div(
                rx.el.p(head.date, class_name="font-bold"),
                rx.el.p(head.place, class_name="text-meta text-ink2"),
            ),
            class_name="flex items-center gap-3 leading-normal",
        ),
        shown(any_of(head.seats), rx.el.div(strip(head.seats, head.seats_say, "head"))),
        rx.el.div(
            rx.el.p(digit_cells(head.clock), class_name="text-hero"),
            *end,
            class_name="flex items-center gap-3",
        ),
    ]


NARROW_ROWS = (
    "max-sm:[&_.row]:flex-wrap max-sm:[&_.row-end]:order-last max-sm:[&_.row-end]:flex "
    "max-sm:[&_.row-end]:basis-full max-sm:[&_.row-end]:items-center "
    "max-sm:[&_.row-end]:justify-between max-sm:[&_.row-end]:ps-12"
)
"""On a phone the end of a row stands below its words."""
TWO_LINES = "[&_.row-title]:line-clamp-2"
"""An order's whole text may be long; it stands on the order's own page."""


def leave_button(*, at_end: bool = False) -> rx.Component:
    """Signing out is a form of its own: the server must forget the session.

    It stands in the side, and upright at the end of the page (`at_end`).
    """
    return rx.el.form(
        button(chrome_text.LEAVE, kind="quiet", size="sm", sign="exit", submit=True),
        method="post",
        action="/auth/leave",
        on_submit=None,
        class_name="min-[56rem]:hidden" if at_end else "max-[56rem]:hidden",
    )


def plain_table(
    head: Sequence[rx.Component],
    side: Sequence[rx.Component],
    main: Sequence[rx.Component],
    *,
    says: str = "",
    main_first: bool = False,
) -> rx.Component:
    """Head and side as at the meeting; the rest is one part that scrolls by itself.

    Upright the side is no drawer but stands above the rest, or below it with `main_first`. What is
    only spoken scrolls with its part (`relative`) and makes no page longer.
    """
    aside = rx.el.aside(
        *side,
        tab_index=0,  # what scrolls must be reached by the keyboard too
        aria_label=chrome_text.FILE,
        class_name="tablet-side !visible !relative !w-auto !transform-none col-start-1 row-start-2",
    )
    rest = rx.el.main(
        *main, id=TEXT, tab_index=-1, class_name="tablet-main relative col-start-2 row-start-2"
    )
    return rx.el.div(
        skip_link(),
        rx.el.header(*head, class_name="tablet-head on-band"),
        *((rest, aside) if main_first else (aside, rest)),
        live_region(says),
        class_name="tablet",
    )


paper_table = tablet_frame


def refusals(state: Any) -> rx.Component:  # noqa: ANN401 (a state class; its vars are the browser's)
    """What was refused, in words; nothing typed has gone. Spoken here, so not by `says`."""
    again = anchor(
        chrome_text.STAFF_ENTER, href=door_from_here(_SIGN_IN), native=True, class_name="link"
    )
    return rx.el.div(
        rx.cond(
            state.signed_out,
            notice(refusal("session_ended"), tone="brick", action=again),
            rx.cond(state.refused, notice(state.refused, tone="brick")),
        ),
        role="alert",
        class_name="empty:hidden",
    )


def for_the_mayor(state: Any, page: rx.Component) -> rx.Component:  # noqa: ANN401 (as above)
    """The page for whom it is meant; the same «not found» for everybody else.

    A session that ends while the page is open leaves it standing for the moment until its socket
    is closed (`web.socket`).
    """
    return rx.cond(
        state.missing,
        phone_page(
            no_way(
                chrome_text.NOT_FOUND,
                chrome_text.NOT_FOUND_WHY,
                button(chrome_text.HOME, href="/", kind="secondary"),
            )
        ),
        rx.cond(
            state.signed_out & ~state.head.date,
            phone_page(
                no_way(
                    chrome_text.NEED_ENTER,
                    chrome_text.NEED_ENTER_WHY,
                    button(chrome_text.STAFF_ENTER, href=door_from_here(_SIGN_IN)),
                )
            ),
            page,
        ),
    )
