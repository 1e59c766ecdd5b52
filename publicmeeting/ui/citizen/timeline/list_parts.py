"""The card of the list her next draw runs on: in it, or one tap to have it made anew."""

import reflex as rx

from publicmeeting.text import listing as words
from publicmeeting.ui.citizen.timeline.forms import answered
from publicmeeting.ui.citizen.timeline.moves import LIST
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.sheets import notice, sheet

LISTED = S.case.turn.list


def list_card() -> rx.Component:
    """From the freeze to Tuesday evening; what came of a tap stays when the hours are over."""
    said = rx.el.div(
        rx.cond(
            S.list_reply.first,
            notice(S.list_reply.first, S.list_reply.rest, tone=S.list_reply.tone),
        ),
        role="alert",
        class_name="empty:hidden",
    )
    ask = button(
        words.ASK, kind="secondary", on_click=S.object_to_list, busy=S.busy,
        busy_label=words.CHECKING,
    )  # fmt: skip
    return rx.cond(
        LISTED.title | S.list_reply.first | (S.place == LIST),
        sheet(
            rx.el.div(
                rx.cond(LISTED.title, rx.el.h2(LISTED.title, class_name="text-h3")),
                rx.cond(
                    LISTED.head & ~S.list_reply.first,
                    rx.el.div(
                        rx.el.p(rx.el.strong(LISTED.head)),
                        rx.el.p(LISTED.why, class_name="text-ink2"),
                    ),
                ),
                answered(LIST),
                said,
                rx.cond(LISTED.until, rx.el.p(LISTED.until, class_name="text-meta text-ink2")),
                rx.cond(LISTED.may_ask, ask),
                rx.cond(
                    LISTED.row,
                    button(words.MY_ROW, kind="secondary", href=LISTED.row, native=True),
                ),
                class_name="grid gap-3",
            )
        ),
    )
