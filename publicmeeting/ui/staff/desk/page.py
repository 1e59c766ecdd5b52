"""`/desk/?tab=…&case=…`: the inbox, and one case beside it."""

import reflex as rx

from publicmeeting.text.officials import inbox_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.fields import pressed_chips
from publicmeeting.ui.design.figures import code_groups, strip
from publicmeeting.ui.design.flow import any_of, direction_of, each, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, notice, photo_thumbs
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.narrowing import narrowing, pages
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.steps.parts import (
    decision_bar,
    desk_page,
    list_part,
    nothing_chosen,
    open_part,
)
from publicmeeting.ui.staff.desk.state import DeskState as S
from publicmeeting.usecases.screening.inbox import SORTS


def the_list() -> list[rx.Component]:
    """Search, tabs and lines of the inbox."""
    search = narrowing(S, inbox_text.SEARCH, SORTS, S.lines.rows)
    tabs = pressed_chips(inbox_text.TABS_LABEL, S.lines.tabs, S.which, S.choose_tab)
    lines = rx.el.ul(each(S.lines.rows, lambda row: rx.el.li(_line(row))), class_name="rows")
    none = empty(S.lines.none, S.lines.none_lead, district=Rail.district)
    return list_part(S.title, (search, tabs), S.lines.rows, none, drawn=lines, below=(pages(S),))


def _line(row: Row) -> rx.Component:
    """A line: two lines of what she wrote, the days left as tiles, lateness in words."""
    return anchor(
        rx.el.span(
            rx.el.span(row.title, class_name="row-title block"),
            rx.el.span(row.meta, class_name="row-meta line-clamp-2"),
            shown(row.note, rx.el.span(icon("link", "sm"), row.note, class_name="row-note")),
            class_name="row-body",
        ),
        rx.el.span(
            shown(any_of(row.strip), strip(row.strip, row.strip_label, "dots")),
            rx.el.span(row.end, class_name=pick(row.late, "row-meta row-late", "row-meta")),
            class_name="row-end",
        ),
        href=row.href,
        class_name=pick(row.chosen, "row row-chosen !items-start", "row !items-start"),
        aria_current=pick(row.chosen, "true", "false"),
    )


def the_case() -> list[rx.Component]:
    """The request beside the list, without its person while the officer may not know her."""
    choose = nothing_chosen(S.lines.rows, inbox_text.CHOOSE, inbox_text.CHOOSE_LEAD)
    return open_part(S.lines.back, S, S.case.code, _open(), S.case_refused, choose)


def _open() -> rx.Component:
    return rx.el.article(
        rx.el.div(each(S.case.badges, badge), class_name="case-badges flex flex-wrap gap-2"),
        rx.el.h2(
            S.case.title,
            dir=direction_of(S.case.title),
            class_name="mt-3 text-h1 wrap-anywhere",
        ),
        rx.el.p(
            inbox_text.CODE,
            " ",
            code_groups(S.case.digits, "font-semibold text-ink"),
            "\u00a0· ",
            S.case.facts,
            class_name="text-meta text-ink2",
        ),
        shown(
            S.case.name,
            rx.el.p(icon("person"), S.case.name, class_name="with-icon mt-2 font-semibold"),
        ),
        rx.el.p(
            S.case.text,
            dir=direction_of(S.case.text),
            class_name="my-4 max-w-read whitespace-pre-line wrap-anywhere",
        ),
        rx.cond(
            any_of(S.case.photos),
            rx.el.section(
                rx.el.h3(inbox_text.PHOTOS, class_name="sr-only"),
                photo_thumbs(S.case.photos),
                class_name="max-w-128",
            ),
            rx.el.p(inbox_text.NO_PHOTOS, class_name="text-meta text-ink2"),
        ),
        rx.el.div(
            shown(S.case.also_open, notice(S.case.also_open, tone="saffron")),
            shown(S.case.changed, notice(road_text.CHANGED, S.case.changed, tone="brick")),
            shown(S.case.closed, notice(S.case.closed, tone="neutral")),
            _before(),
            class_name="mt-4 grid gap-4",
        ),
        rx.el.section(
            rx.el.h3(inbox_text.ROAD, class_name="mb-3 text-h2"),
            road(S.case.road, inbox_text.ROAD),
            class_name="mt-6",
        ),
    )


def _before() -> rx.Component:
    """Earlier requests of the same person: subject and outcome only."""
    return shown(
        S.case.before,
        rx.el.section(
            rx.el.h3(icon("link"), S.case.before, class_name="flex gap-2 font-semibold"),
            rx.el.ul(each(S.case.linked, lambda line: rx.el.li(line))),
            rx.el.p(inbox_text.BEFORE_WHY, class_name="text-meta text-ink2"),
            class_name="border-s-4 border-glaze ps-4",
        ),
    )


def page() -> rx.Component:
    bar = decision_bar(
        S, S.case.code, inbox_text.DECISION, inbox_text.DECISION_LEAD, none=S.case.none
    )
    return desk_page(
        S,
        "/desk/",
        inbox_text.TITLE,
        list_=the_list(),
        detail=the_case(),
        bar=bar,
        has_detail=S.case.code | S.case_refused,
        opened=S.case.title,
    )
