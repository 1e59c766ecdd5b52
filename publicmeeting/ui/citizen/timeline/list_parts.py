"""The card of the list her next draw runs on: in it, or one tap to have it made anew."""

import reflex as rx

from publicmeeting.text.line import listing_text
from publicmeeting.ui.citizen.timeline.forms import answered
from publicmeeting.ui.citizen.timeline.listing import ListView
from publicmeeting.ui.citizen.timeline.moves import LIST
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import Handler, pick, shown
from publicmeeting.ui.design.sheets import notice, sheet
from publicmeeting.ui.shell.listing import Reply

LISTED = S.case.turn.list


def list_card() -> rx.Component:
    """From the freeze to Tuesday evening, and while a fault waits to be made good; what came of a
    tap stays when the hours are over."""
    return rx.cond(
        LISTED.title | S.list_reply.first | (S.place == LIST),
        list_sheet(LISTED, S.list_reply, answered(LIST), on_ask=S.object_to_list, busy=S.busy),
    )


def list_sheet(
    seen: ListView,
    reply: Reply,
    *refused: rx.Component,
    on_ask: Handler = None,
    busy: bool = False,
) -> rx.Component:
    """One sentence says whether she is in it; then what she can do about it."""
    said = rx.el.div(
        shown(reply.first, notice(reply.first, reply.rest, tone=reply.tone)),
        role="alert",
        class_name="empty:hidden",
    )
    ask_words = pick(seen.late, listing_text.ASK_LATE, listing_text.ASK)
    ask = button(
        ask_words, kind="secondary", on_click=on_ask, busy=busy, busy_label=listing_text.CHECKING
    )
    stands = rx.el.div(rx.el.p(rx.el.strong(seen.head)), rx.el.p(seen.why, class_name="text-ink2"))
    return sheet(
        rx.el.div(
            shown(seen.title, rx.el.h2(seen.title, class_name="text-h3")),
            pick(reply.first, rx.fragment(), shown(seen.head, stands)),
            *refused,
            said,
            shown(seen.until, rx.el.p(seen.until, class_name="text-meta text-ink2")),
            shown(seen.may_ask, ask),
            shown(
                seen.row, button(listing_text.MY_ROW, kind="secondary", href=seen.row, native=True)
            ),
            class_name="grid gap-3",
        )
    )
