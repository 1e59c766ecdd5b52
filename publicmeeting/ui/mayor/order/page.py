"""`/mayor/orders/[number]`: one promise, its sheet, its road, and the mayor's decisions."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.orders import orders_text
from publicmeeting.text.tracking import citizen_orders_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import dialog, open_dialog
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.promise import promise_clock
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, live_sign, rows
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.mayor.frame import for_the_mayor, plain_table, table_head
from publicmeeting.ui.mayor.order.decisions import decisions
from publicmeeting.ui.mayor.order.state import MayorOrderState as S
from publicmeeting.ui.shell.offline import is_offline

SHEET, ZOOM = "sheet-zoom", "photo-zoom"


def page() -> rx.Component:
    """What was asked and until when at the side; the sheet, the decision and the road beside it."""
    back = button(orders_text.BACK, kind="secondary", size="sm", sign="back", href="/mayor/orders/")
    loaded = S.ready & S.head.date
    return for_the_mayor(
        S,
        plain_table(
            head=table_head(S.head, back),
            side=[rx.cond(loaded, _side(), loading("card"))],
            main=[rx.cond(loaded, _main(), loading("rows"))],
            says=S.done,
            main_first=True,
        ),
    )


def _side() -> rx.Component:
    return rx.el.div(
        shown(S.promise.runs, promise_clock(S.promise.clock)),
        rx.el.section(
            rx.el.h2(orders_text.REQUEST, class_name="text-h3"),
            rx.el.p(S.promise.text, class_name="whitespace-pre-line"),
            _thumbs(S.promise.photos),
            class_name="grid gap-2",
        ),
        rx.el.ul(each(S.promise.facts, _fact), class_name="text-meta text-ink2"),
        shown(
            any_of(S.promise.beside),
            rx.el.section(
                rx.el.h2(orders_text.BESIDE, class_name="mb-1 text-meta text-ink2"),
                rows(S.promise.beside),
            ),
        ),
        class_name="grid gap-4",
    )


def _main() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.p(orders_text.ONE, S.promise.number, class_name="text-meta text-ink2"),
                rx.el.h1(S.promise.title, class_name="text-h1"),
                shown(S.promise.says, rx.el.p(S.promise.says, class_name="text-h3")),
                rx.el.p(icon("unit"), S.promise.unit, class_name="with-icon"),
            ),
            rx.el.div(
                badge(S.promise.badge),
                each(S.promise.tags, badge),
                live_sign(~is_offline),
                class_name="flex flex-wrap gap-3",
            ),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        decisions(),
        _pictures(),
        shown(S.promise.sheet, _sheet()),
        rx.el.section(
            rx.el.h2(orders_text.ROAD, class_name="mb-3 text-h2"),
            road(S.promise.road, orders_text.ROAD),
        ),
        dialog(
            ZOOM,
            chrome_text.ZOOM,
            rx.el.img(src=S.photo.full, alt=S.photo.says, class_name="mx-auto max-h-full"),
            full=True,
        ),
        class_name="grid max-w-3xl gap-5",
    )


def _sheet() -> rx.Component:
    """The paper as the citizen keeps it, its larger view and its text."""
    picture = rx.el.img(src=S.promise.sheet, alt=orders_text.SHEET, decoding="async")
    return rx.el.section(
        rx.el.h2(orders_text.SHEET, class_name="mb-3 text-h2"),
        rx.el.div(
            rx.el.button(
                picture,
                type="button",
                aria_label=chrome_text.ZOOM,
                on_click=open_dialog(SHEET),
                class_name="paper !min-h-0",
            ),
            rx.el.div(
                rx.cond(
                    S.promise.sheet_text,
                    rx.el.p(S.promise.sheet_text, class_name="whitespace-pre-line"),
                ),
                button(
                    chrome_text.ZOOM,
                    kind="secondary",
                    size="sm",
                    sign="zoom",
                    on_click=open_dialog(SHEET),
                ),
                class_name="grid content-start justify-items-start gap-3",
            ),
            class_name="grid gap-4 sm:grid-cols-[13rem_1fr]",
        ),
        dialog(
            SHEET,
            orders_text.SHEET,
            rx.el.img(
                src=S.promise.sheet, alt=orders_text.SHEET, class_name="mx-auto w-full max-w-4xl"
            ),
            full=True,
        ),
    )


def _pictures() -> rx.Component:
    """What the decision is about: the place before and after, and what she says against it."""

    def side(word: str, photos: tuple[Photo, ...]) -> rx.Component:
        return shown(
            any_of(photos),
            rx.el.section(
                rx.el.h2(word, class_name="mb-1 text-meta text-ink2"),
                _thumbs(photos),
                class_name="min-w-0 flex-1 basis-40",
            ),
        )

    return rx.el.div(
        side(citizen_orders_text.BEFORE, S.promise.before),
        side(citizen_orders_text.AFTER, S.promise.after),
        side(orders_text.CONTEST_PHOTOS, S.promise.contest_photos),
        class_name="flex flex-wrap gap-3 empty:hidden",
    )


def _fact(fact: str) -> rx.Component:
    return rx.el.li(fact)


def _thumbs(photos: tuple[Photo, ...]) -> rx.Component:
    return shown(
        any_of(photos), rx.el.ul(each(photos, _thumb), class_name="grid grid-cols-2 gap-1")
    )


def _thumb(one: Photo) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.img(src=one.thumb, alt=one.says, decoding="async"),
            type="button",
            on_click=[S.zoom(one.full), open_dialog(ZOOM)],
            class_name="thumb w-full",
        )
    )
