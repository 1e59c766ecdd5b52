"""`/city/promises/`: what waits for the overseer, and beside it the case of the address."""

import reflex as rx

from publicmeeting.text import city as words
from publicmeeting.ui.city.promises import parts
from publicmeeting.ui.city.promises.state import CityPromisesState as S
from publicmeeting.ui.city.promises.views import HERE
from publicmeeting.ui.design.desks import desk_frame
from publicmeeting.ui.shell.gate import gate
from publicmeeting.ui.shell.rails import staff_rail
from publicmeeting.ui.shell.steps.parts import Hands, decision


def page() -> rx.Component:
    hands = Hands(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    is_open = S.item.number | S.item.code
    bar = rx.cond(
        is_open,
        decision(
            words.DECISION, words.DECISION_LEAD, S.buttons, S.form, S.errors, hands,
            refused=S.refused, stale=S.stale, busy=S.busy, none=S.item.none,
        ),
    )  # fmt: skip
    return gate(
        S,
        HERE,
        desk_frame(
            staff_rail(HERE),
            title=words.TITLE,
            list_=parts.the_list(),
            detail=parts.the_case(),
            decision=bar,
            has_detail=is_open | S.item_refused,
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.stale)),
        ),
    )
