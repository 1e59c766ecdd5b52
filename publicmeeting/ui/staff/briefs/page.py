"""`/unit/briefs/`: what a unit says before the meeting, and the visitor's matter beside it."""

import reflex as rx

from publicmeeting.text import unit as words
from publicmeeting.ui.shell.steps.beside import decision_bar, desk_page
from publicmeeting.ui.staff.briefs import parts
from publicmeeting.ui.staff.briefs.state import BriefsState as S
from publicmeeting.ui.staff.briefs.views import PATH


def page() -> rx.Component:
    bar = decision_bar(S, S.visit.code, words.BRIEF_DECISION, words.BRIEF_LEAD, none=words.NO_STEPS)
    return desk_page(
        S,
        PATH,
        words.BRIEFS,
        list_=parts.the_list(),
        detail=parts.the_visit(),
        bar=bar,
        has_detail=S.visit.code | S.visit.refused,
        rail="/unit/",
    )
