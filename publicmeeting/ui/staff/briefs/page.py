"""`/unit/briefs/`: what a unit says before the meeting, and the visitor's matter beside it."""

import reflex as rx

from publicmeeting.text.orders import unit_text
from publicmeeting.ui.shell.steps.beside import decision_bar, desk_page
from publicmeeting.ui.staff.briefs import parts
from publicmeeting.ui.staff.briefs.state import BriefsState as S
from publicmeeting.ui.staff.briefs.views import PATH


def page() -> rx.Component:
    bar = decision_bar(
        S, S.visit.code, unit_text.BRIEF_DECISION, unit_text.BRIEF_LEAD, none=unit_text.NO_STEPS
    )
    return desk_page(
        S,
        PATH,
        unit_text.BRIEFS,
        list_=parts.the_list(),
        detail=parts.the_visit(),
        bar=bar,
        has_detail=S.visit.code | S.visit.refused,
        rail="/unit/",
    )
