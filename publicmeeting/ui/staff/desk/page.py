"""`/desk/`: the inbox, and beside it the case of the address."""

import reflex as rx

from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.shell.steps.beside import decision_bar, desk_page
from publicmeeting.ui.staff.desk import parts
from publicmeeting.ui.staff.desk.state import DeskState as S


def page() -> rx.Component:
    bar = decision_bar(
        S, S.case.code, inbox_text.DECISION, inbox_text.DECISION_LEAD, none=S.case.none
    )
    return desk_page(
        S,
        "/desk/",
        inbox_text.TITLE,
        list_=parts.the_list(),
        detail=parts.the_case(),
        bar=bar,
        has_detail=S.case.code | S.case_refused,
    )
