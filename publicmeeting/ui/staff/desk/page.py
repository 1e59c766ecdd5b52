"""`/desk/`: the inbox, and beside it the case of the address."""

import reflex as rx

from publicmeeting.text import case as case_words
from publicmeeting.text import inbox as words
from publicmeeting.ui.design.desks import desk_frame
from publicmeeting.ui.shell.gate import gate
from publicmeeting.ui.shell.rails import staff_rail
from publicmeeting.ui.shell.steps.parts import Hands, decision
from publicmeeting.ui.staff.desk import parts
from publicmeeting.ui.staff.desk.state import DeskState as S


def page() -> rx.Component:
    hands = Hands(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    bar = rx.cond(
        S.case.code,
        decision(
            case_words.DECISION, case_words.DECISION_LEAD, S.buttons, S.form, S.errors, hands,
            refused=S.refused, stale=S.stale, busy=S.busy, none=case_words.NO_STEPS,
        ),
    )  # fmt: skip
    return gate(
        S,
        "/desk/",
        desk_frame(
            staff_rail("/desk/"),
            title=words.TITLE,
            list_=parts.the_list(),
            detail=parts.the_case(),
            decision=bar,
            has_detail=S.case.code | S.case_refused,
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.stale)),
        ),
    )
