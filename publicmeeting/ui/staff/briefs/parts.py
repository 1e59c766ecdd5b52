"""The list of the coming meetings and one of their matters."""

import reflex as rx

from publicmeeting.text.orders import unit_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.design.choices import pressed_chips, segment
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.photos import photo_thumbs
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.steps.beside import list_part, open_part
from publicmeeting.ui.staff.briefs.state import BriefsState as S
from publicmeeting.ui.staff.unit.tabs import BRIEFS


def the_list() -> list[rx.Component]:
    """What is late first, then by the time of the meeting."""
    above = (
        segment(unit_text.HALVES_SAY, S.lines.halves, BRIEFS, S.choose_half),
        pressed_chips(unit_text.BRIEF_TABS_SAY, S.lines.parts, S.lines.part, S.choose_part),
    )
    none = empty(S.lines.none, S.lines.none_lead, district=Rail.district)
    return list_part(unit_text.BRIEFS, above, S.lines.rows, none)


def the_visit() -> list[rx.Component]:
    none = empty(unit_text.BRIEF_CHOOSE, unit_text.BRIEF_CHOOSE_LEAD, district=Rail.district)
    return open_part(S.lines.back, S, S.visit.code, _open(), S.visit.refused, none)


def _open() -> rx.Component:
    """What she wrote and when she comes, without who she is."""
    return rx.el.article(
        rx.el.div(each(S.visit.badges, badge), class_name="case-badges flex flex-wrap gap-2"),
        rx.el.h2(S.visit.title, class_name="mt-3 text-h1 break-words"),
        rx.el.p(icon("calendar"), S.visit.at, class_name="with-icon font-semibold"),
        rx.el.p(S.visit.facts, class_name="text-meta text-ink2"),
        rx.el.p(S.visit.text, class_name="my-4 max-w-read whitespace-pre-line break-words"),
        rx.cond(
            any_of(S.visit.photos),
            rx.el.div(photo_thumbs(S.visit.photos), class_name="max-w-lg"),
            rx.el.p(inbox_text.NO_PHOTOS, class_name="text-meta text-ink2"),
        ),
        rx.el.section(
            rx.el.h3(unit_text.BRIEF_ROAD, class_name="mb-3 text-h2"),
            road(S.visit.road, unit_text.BRIEF_ROAD),
            class_name="mt-6",
        ),
    )
