"""`/city/promises/`: cases for the overseer, one of them beside the list, and the districts'
figures."""

import reflex as rx

from publicmeeting.text.officials import inbox_text
from publicmeeting.text.orders import promises_text
from publicmeeting.ui.city.promises.state import HERE
from publicmeeting.ui.city.promises.state import CityPromisesState as S
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.fields import pressed_chips
from publicmeeting.ui.design.figures import data_table
from publicmeeting.ui.design.flow import any_of, direction_of, each, pick, shown
from publicmeeting.ui.design.frames import subsection
from publicmeeting.ui.design.paper import order_sheet
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, folded, notice, photo_thumbs, quote, row_folded
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.narrowing import narrowing, pages
from publicmeeting.ui.shell.steps.parts import decision_bar, desk_page, list_part, open_part
from publicmeeting.usecases.oversight.promises import CLIMBED, SORTS


def the_list() -> list[rx.Component]:
    """Five kinds of cases, the most urgent of each first."""
    above = (
        narrowing(S, promises_text.SEARCH, SORTS, S.lines.rows, districts=True),
        pressed_chips(promises_text.TABS_LABEL, S.lines.tabs, S.which, S.choose_tab),
        rx.el.p(S.lines.lead, class_name="text-meta text-ink2"),
    )
    figures = folded(promises_text.FIGURES, _figures(), class_name="desk-only-narrow no-print mt-4")
    table = anchor(
        promises_text.LATE_TABLE,
        href="/city/late-promises.csv",
        native=True,
        class_name="link nav-link",
    )
    none = empty(S.lines.none, S.lines.none_lead)
    below = (pages(S), shown(S.which == CLIMBED, table), figures)
    return list_part(promises_text.TITLE, above, S.lines.rows, none, below=below)


def the_case() -> list[rx.Component]:
    is_open = S.item.number | S.item.code
    return open_part(S.lines.back, S, is_open, _open(), S.item_refused, _all_districts())


def _open() -> rx.Component:
    return rx.el.article(
        rx.el.div(each(S.item.badges, badge), class_name="case-badges flex flex-wrap gap-2"),
        rx.el.h2(
            S.item.title, dir=direction_of(S.item.title), class_name="mt-3 text-h1 wrap-anywhere"
        ),
        rx.el.p(S.item.heading, class_name="text-meta font-semibold"),
        rx.el.ul(
            each(S.item.facts, lambda fact: rx.el.li(fact)),
            class_name="text-meta text-ink2",
        ),
        shown(
            S.item.stands,
            rx.el.div(
                notice(promises_text.WHAT_IT_DOES, S.item.stands), class_name="mt-4 max-w-read"
            ),
        ),
        rx.el.div(
            rx.cond(any_of(S.item.quotes), subsection(promises_text.BOTH_SIDES, _quotes())),
            shown(S.item.promise, subsection(promises_text.PROMISE, rx.el.p(S.item.promise))),
            shown(
                S.item.number,
                subsection(
                    promises_text.SHEET,
                    rx.el.div(order_sheet(S.item.paper), class_name="max-w-144"),
                ),
            ),
            subsection(promises_text.REQUEST, _request()),
            rx.cond(
                any_of(S.item.pictures),
                subsection(
                    promises_text.PICTURES,
                    rx.el.div(photo_thumbs(S.item.pictures), class_name="max-w-128"),
                ),
            ),
            subsection(promises_text.ROAD, road(S.item.road, promises_text.ROAD)),
            shown(
                S.figures.title,
                subsection(
                    S.figures.title,
                    rx.el.ul(
                        each(S.figures.lines, lambda line: rx.el.li(line)),
                        class_name="text-ink2",
                    ),
                ),
            ),
            class_name="mt-5 grid gap-8",
        ),
    )


def _quotes() -> rx.Component:
    return rx.el.div(
        each(S.item.quotes, lambda one: quote(one[0], one[1])), class_name="grid gap-3 max-w-read"
    )


def _request() -> rx.Component:
    """What the citizen wrote, without her identity."""
    return rx.el.div(
        rx.el.p(S.item.text, class_name="max-w-read whitespace-pre-line wrap-anywhere"),
        rx.cond(
            any_of(S.item.photos),
            rx.el.div(photo_thumbs(S.item.photos), class_name="max-w-128"),
            rx.el.p(inbox_text.NO_PHOTOS, class_name="text-meta text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _all_districts() -> rx.Component:
    """The districts' figures, if no case is open."""
    return rx.el.section(
        rx.el.h2(promises_text.FIGURES, class_name="text-h1"),
        _figures(),
    )


def _folded() -> rx.Component:
    """Return the districts for a phone, where twelve figures of each fill many screens.

    Paper has the table.
    """

    def district(row: tuple[str, ...]) -> rx.Component:
        figures = (
            rx.el.div(
                rx.el.dt(head, class_name="text-meta text-ink2"),
                rx.el.dd(row[at]),
                class_name="flex justify-between gap-4",
            )
            for at, head in enumerate(promises_text.HEADS[1:], 1)
        )
        return row_folded("", row[0], rx.el.dl(*figures, class_name="grid gap-1"))

    return rx.el.div(each(S.figures.folded, district), class_name="rows md:hidden print:hidden")


def _figures() -> rx.Component:
    return rx.el.div(
        rx.el.p(promises_text.FIGURES_LEAD, class_name="mb-3 text-ink2"),
        rx.cond(
            any_of(S.figures.table),
            rx.fragment(
                rx.el.div(
                    data_table(promises_text.FIGURES, promises_text.HEADS, S.figures.table, late=2),
                    class_name="max-md:hidden print:block",
                ),
                _folded(),
                rx.cond(S.figures.papers, rx.el.p(S.figures.papers, class_name="mt-3")),
            ),
            rx.el.p(promises_text.FIGURES_EMPTY, class_name="text-ink2"),
        ),
    )


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
        list_=the_list(),
        detail=the_case(),
        bar=bar,
        has_detail=is_open | S.item_refused,
        opened=S.item.title,
    )
