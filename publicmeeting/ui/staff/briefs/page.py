"""`/unit/briefs/`: what a unit says before the meeting, and the visitor's matter beside it."""

import reflex as rx

from publicmeeting.text import unit as words
from publicmeeting.ui.design.desks import desk_frame
from publicmeeting.ui.shell.gate import gate
from publicmeeting.ui.shell.rails import staff_rail
from publicmeeting.ui.shell.steps.parts import Hands, decision
from publicmeeting.ui.staff.briefs import parts
from publicmeeting.ui.staff.briefs.state import BriefsState as S
from publicmeeting.ui.staff.briefs.views import PATH


def page() -> rx.Component:
    hands = Hands(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    bar = rx.cond(
        S.visit.code,
        decision(
            words.BRIEF_DECISION, words.BRIEF_LEAD, S.buttons, S.form, S.errors, hands,
            refused=S.refused, stale=S.stale, busy=S.busy, none=words.NO_STEPS,
        ),
    )  # fmt: skip
    return gate(
        S,
        PATH,
        desk_frame(
            staff_rail("/unit/"),
            title=words.BRIEFS,
            list_=parts.the_list(),
            detail=parts.the_visit(),
            decision=bar,
            has_detail=S.visit.code | S.visit.refused,
            says=rx.cond(S.done, S.done, rx.cond(S.refused, S.refused, S.stale)),
        ),
    )
