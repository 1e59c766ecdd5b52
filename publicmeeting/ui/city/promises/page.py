"""`/city/promises/`: what waits for the overseer, and beside it the case of the address."""

import reflex as rx

from publicmeeting.text.oversight import promises_text
from publicmeeting.ui.city.promises import parts
from publicmeeting.ui.city.promises.state import CityPromisesState as S
from publicmeeting.ui.city.promises.views import HERE
from publicmeeting.ui.design.flow import any_of, pick
from publicmeeting.ui.shell.steps.beside import decision_bar, desk_page


def page() -> rx.Component:
    is_open = S.item.number | S.item.code
    his = any_of(S.buttons)
    title = pick(his, promises_text.DECISION, promises_text.NO_DECISION)
    lead = pick(his, promises_text.DECISION_LEAD, "")
    bar = decision_bar(S, is_open, title, lead, none=S.item.none)
    return desk_page(
        S,
        HERE,
        promises_text.TITLE,
        list_=parts.the_list(),
        detail=parts.the_case(),
        bar=bar,
        has_detail=is_open | S.item_refused,
    )
