"""`/unit/` and `/unit/[number]/`: the orders of a unit, and one of them beside the list."""

import reflex as rx

from publicmeeting.domain.records import PictureKind
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.orders import unit_text
from publicmeeting.text.tracking import citizen_orders_text, road_text
from publicmeeting.ui.design.fields import pressed_chips, segment
from publicmeeting.ui.design.flow import any_of, direction_of, each, shown
from publicmeeting.ui.design.frames import subsection
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.paper import order_sheet
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, notice, photo_pairs, photo_thumbs, rows
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.narrowing import narrowing, pages
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.photos import photo_sender
from publicmeeting.ui.shell.steps.parts import (
    FORM,
    decision_bar,
    desk_page,
    list_part,
    nothing_chosen,
    open_part,
)
from publicmeeting.ui.staff.unit.state import EACH_MOST, ORDERS, Pictures
from publicmeeting.ui.staff.unit.state import UnitState as S
from publicmeeting.usecases.orders.lists import SORTS


def the_list() -> list[rx.Component]:
    """The list: late orders first, then by deadline."""
    halves = segment(unit_text.HALVES_LABEL, S.lines.halves, ORDERS, S.choose_half)
    above = (
        shown(any_of(S.lines.halves), halves),
        narrowing(S, unit_text.SEARCH, SORTS, S.lines.rows, stages=True),
        pressed_chips(unit_text.TABS_LABEL, S.lines.tabs, S.lines.which, S.choose_tab),
    )
    none = empty(S.lines.none, S.lines.none_lead, district=Rail.district)
    return list_part(unit_text.TITLE, above, S.lines.rows, none, below=(pages(S),))


def the_order() -> list[rx.Component]:
    choose = nothing_chosen(S.lines.rows, unit_text.CHOOSE, unit_text.CHOOSE_LEAD)
    return open_part(S.lines.back, S, S.order.number, _open(), S.order.refused, choose)


def _open() -> rx.Component:
    return rx.el.article(
        shown(
            S.order.changed,
            rx.el.div(notice(road_text.CHANGED, S.order.changed, tone="brick"), class_name="mb-3"),
        ),
        rx.el.div(each(S.order.badges, badge), class_name="case-badges flex flex-wrap gap-2"),
        rx.el.h2(
            S.order.title,
            dir=direction_of(S.order.title),
            class_name="mt-3 text-h1 wrap-anywhere",
        ),
        rx.el.p(
            rx.el.span(S.order.heading, class_name="font-semibold text-ink"),
            "\u00a0· ",
            S.order.facts,
            class_name="text-meta text-ink2",
        ),
        shown(S.order.promise, rx.el.p(S.order.promise, class_name="mt-2 text-h3 wrap-anywhere")),
        rx.el.p(S.order.unit, class_name="text-meta text-ink2"),
        shown(S.order.first_due, rx.el.p(S.order.first_due, class_name="text-meta text-ink2")),
        shown(
            S.order.extension,
            rx.el.div(notice(S.order.extension, tone="neutral"), class_name="mt-3"),
        ),
        rx.el.div(
            subsection(
                unit_text.SHEET, rx.el.div(order_sheet(S.order.paper), class_name="max-w-144")
            ),
            subsection(unit_text.REQUEST, _request()),
            rx.cond(any_of(S.order.pictures), subsection(unit_text.PICTURES_TITLE, _pictures())),
            subsection(unit_text.HISTORY, road(S.order.road, unit_text.HISTORY)),
            rx.cond(any_of(S.order.beside), subsection(unit_text.BESIDE, rows(S.order.beside))),
            class_name="mt-5 grid gap-8",
        ),
    )


def _request() -> rx.Component:
    """What the citizen wrote, without her identity."""
    return rx.el.div(
        rx.el.p(S.order.request, class_name="max-w-read whitespace-pre-line wrap-anywhere"),
        rx.cond(
            any_of(S.order.photos),
            rx.el.div(photo_thumbs(S.order.photos), class_name="max-w-128"),
            rx.el.p(inbox_text.NO_PHOTOS, class_name="text-meta text-ink2"),
        ),
        rx.el.p(
            icon("mask", "sm"),
            unit_text.REQUEST_WHY,
            class_name="flex items-center gap-2 text-meta text-ink2",
        ),
        class_name="grid gap-3",
    )


def _pictures() -> rx.Component:
    def one(group: Pictures) -> rx.Component:
        return rx.el.div(
            rx.el.p(group.lead, class_name="mb-2 text-meta text-ink2"),
            rx.cond(
                any_of(group.before),
                photo_pairs(
                    group.before,
                    group.photos,
                    (citizen_orders_text.BEFORE, citizen_orders_text.AFTER),
                ),
                photo_thumbs(group.photos),
            ),
            class_name="max-w-128",
        )

    return rx.el.div(each(S.order.pictures, one), class_name="grid gap-4")


def page() -> rx.Component:
    bar = decision_bar(
        S,
        S.order.number,
        unit_text.DECISION,
        unit_text.DECISION_LEAD,
        none=unit_text.NO_STEPS,
        sender=_senders(),
    )
    return desk_page(
        S,
        "/unit/",
        unit_text.TITLE,
        list_=the_list(),
        detail=the_order(),
        bar=bar,
        has_detail=S.order.number | S.order.refused,
    )


def _senders() -> rx.Component:
    """An upload for the photos before and one for those after the work.

    They are new for each order, because an upload component remembers what it has sent.
    """
    sides = (
        (PictureKind.BEFORE, unit_text.BEFORE_ADD, S.sent.before, S.before_changed),
        (PictureKind.REPORT, unit_text.AFTER_ADD, S.sent.after, S.photos_changed),
    )
    return rx.el.fieldset(
        rx.el.legend(unit_text.PHOTOS, class_name="field-label"),
        rx.el.p(unit_text.PHOTOS_LEAD, class_name="hint mb-2 max-sm:hidden"),
        rx.el.div(
            *(
                photo_sender(
                    kind,
                    about=S.order.number,
                    photos=photos,
                    on_change=changed,
                    limit=EACH_MOST,
                    form=FORM,
                    choose_label=label,
                )
                for kind, label, photos, changed in sides
            ),
            class_name="grid items-start gap-3 sm:grid-cols-2",
        ),
        key=S.order.number,
    )
