"""`/unit/` and `/unit/[number]/`: the orders of a unit, and one of them beside the list."""

import reflex as rx

from publicmeeting.text import unit as words
from publicmeeting.ui.design.desks import desk_frame
from publicmeeting.ui.shell.gate import gate
from publicmeeting.ui.shell.rails import staff_rail
from publicmeeting.ui.shell.send import photo_sender
from publicmeeting.ui.shell.steps.parts import Hands, decision
from publicmeeting.ui.staff.unit import parts
from publicmeeting.ui.staff.unit.state import UnitState as S
from publicmeeting.usecases.order_steps import PHOTOS_MOST
from publicmeeting.usecases.photos import REPORT


def page() -> rx.Component:
    hands = Hands(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    sender = photo_sender(
        REPORT, about=S.order.number, photos=S.sent_photos, on_change=S.photos_changed,
        limit=PHOTOS_MOST,
    )  # fmt: skip
    # Another order, another sender: it remembers what has arrived.
    sender = rx.el.div(sender, key=S.order.number)
    bar = rx.cond(
        S.order.number,
        decision(
            words.DECISION, words.DECISION_LEAD, S.buttons, S.form, S.errors, hands,
            refused=S.refused, stale=S.stale, busy=S.busy, sender=sender, none=words.NO_STEPS,
        ),
    )  # fmt: skip
    return gate(
        S,
        "/unit/",
        desk_frame(
            staff_rail("/unit/"),
            title=words.TITLE,
            list_=parts.the_list(),
            detail=parts.the_order(),
            decision=bar,
            has_detail=S.order.number | S.order_refused,
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.stale)),
        ),
    )
