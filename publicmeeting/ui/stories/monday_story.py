"""Monday: the mayor's table and the display in the hall."""

import reflex as rx

from publicmeeting.ui.design.choices import pressed_chips, segment
from publicmeeting.ui.design.controls import button, icon_button, pair
from publicmeeting.ui.design.desks import tablet_frame
from publicmeeting.ui.design.figures import digit_cells
from publicmeeting.ui.design.hall import hall_board
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice, HallBoard, Photo, Tile
from publicmeeting.ui.design.paper import order_paper
from publicmeeting.ui.design.photos import photo_thumbs
from publicmeeting.ui.design.sheets import (
    row_static,
    rows_of,
)
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.design.tiles import strip, tile
from publicmeeting.ui.stories import city
from publicmeeting.ui.stories.keeping_story import WRITTEN

_PHOTOS = [
    Photo("/stories/photo-1.svg", "/stories/photo-1.svg", "پیاده‌روی شکسته"),
    Photo("/stories/photo-2.svg", "/stories/photo-2.svg", "کنار درخت"),
]


def mayor() -> rx.Component:
    return tablet_frame(
        head=[
            rx.el.div(
                mark(6, "lg"),
                rx.el.div(
                    rx.el.p("دوشنبه ۹ آذر", class_name="font-bold"),
                    rx.el.p("منطقهٔ ۶", class_name="text-meta text-ink2"),
                ),
                class_name="flex items-center gap-3 leading-normal",
            ),
            rx.el.div(
                strip(city.SEATS, "نفر ۷ از ۱۲ در اتاق است", "head"),
            ),
            rx.el.div(
                rx.el.p(digit_cells("۹:۵۴"), class_name="text-hero"),
                button("برنامه", kind="secondary", size="sm", sign="calendar"),
                class_name="flex items-center gap-4",
            ),
        ],
        side=_mayor_side(),
        tools=rx.el.div(
            segment(
                "نوشتن",
                [
                    Choice("pen", "قلم"),
                    Choice("type", "تایپ"),
                    Choice("photo", "عکس کاغذ"),
                ],
                "pen",
            ),
            rx.el.div(
                icon_button("undo", "پس گرفتن"),
                button("برگهٔ دوم", kind="soft", size="sm", sign="plus"),
                class_name="flex gap-1",
            ),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        paper=[order_paper(WRITTEN)],
        foot=_mayor_foot(),
    )


def _mayor_side() -> list[rx.Component]:
    return [
        rx.el.div(
            tile(Tile("now", "۷"), "size-16 shrink-0 text-hero"),
            rx.el.div(
                rx.el.h1("مریم احمدی", class_name="text-h2"),
                rx.el.p("نوبت ۹:۴۵ · ۲ هفته در انتظار", class_name="text-meta text-ink2"),
            ),
            class_name="flex items-center gap-3",
        ),
        rx.el.p(
            rx.el.strong("پیاده‌روی شکستهٔ خیابان ایتالیا."),
            " مادرش با صندلی چرخ‌دار از خانه تا داروخانه نمی‌رود.",
            class_name="my-3",
        ),
        photo_thumbs(_PHOTOS),
        rx.el.div(
            rows_of(
                row_static(
                    rx.el.div(
                        rx.el.p("نظر واحد، دیروز", class_name="text-meta text-ink2"),
                        rx.el.p("۱۴۰ متر، کفپوش موجود است. اکیپ از ۲۱ آذر آزاد می‌شود."),
                    )
                ),
                row_static(
                    rx.el.div(
                        rx.el.p(
                            icon("flag", "sm"),
                            "دستور پیشین در همین موضوع",
                            class_name="flex gap-2 text-meta text-ink2",
                        ),
                        rx.el.p(
                            "آبان ۱۴۰۴، فنی و عمران. ",
                            rx.el.strong("انجام نشد؛ شهروند گفت.", class_name="text-brick"),
                        ),
                    )
                ),
            ),
            class_name="my-3",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span("وقت ملاقات", class_name="text-ink2"),
                rx.el.strong("۲ از ۱۵ دقیقه"),
                class_name="flex justify-between",
            ),
            strip([Tile("glazed")] * 2 + [Tile("raw")] * 13, "۲ از ۱۵ دقیقه", "sm", spoken=False),
            pair(
                button("رد با توضیح", kind="secondary"),
                button("ارجاع به واحد", kind="secondary"),
            ),
            class_name="mt-auto grid gap-3",
        ),
    ]


def _mayor_foot() -> rx.Component:
    units = [
        Choice("tech", "فنی و عمران"),
        Choice("services", "خدمات شهری"),
        Choice("plan", "شهرسازی"),
        Choice("traffic", "ترافیک"),
        Choice("more", "واحدهای دیگر"),
    ]
    days = [
        Choice("5", "۵ روز"),
        Choice("10", "۱۰ روز"),
        Choice("15", "۱۵ روز کاری: دوشنبه ۳۰ آذر"),
        Choice("other", "روز دیگر"),
    ]
    return rx.el.div(
        _labelled("واحد", pressed_chips("واحد", units, "tech")),
        _labelled("مهلت", pressed_chips("مهلت", days, "15")),
        rx.el.div(
            button("ثبت دستور و پایان ملاقات", size="lg", class_name="flex-[3]"),
            button("دستور دیگر", kind="secondary", size="lg", sign="plus", class_name="flex-1"),
            class_name="flex flex-wrap gap-1",
        ),
        class_name="grid gap-2.5",
    )


def _labelled(word: str, part: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(word, class_name="font-semibold"),
        part,
        class_name="grid items-center gap-2 sm:grid-cols-[2.5rem_1fr]",
    )


def hall() -> rx.Component:
    seats = tuple(
        Tile(kind)
        for kind in ("glazed", "glazed", "late", "glazed", "glazed", "glazed", "now")
        + ("plain",) * 5
    )
    return hall_board(
        HallBoard(
            unit="شهرداری منطقهٔ ۶",
            presence="شهردار حاضر است",
            clock="۹:۵۴",
            date="دوشنبه ۹ آذر ۱۴۰۵",
            number="۷",
            call="شمارهٔ ۷، بفرمایید.",
            where="اتاق ملاقات، در سمت راست",
            next_title="نفرهای بعدی",
            next=(Tile("plain", "۸"), Tile("plain", "۹"), Tile("raw", "۱۰")),
            next_note="شمارهٔ ۱۰ هنوز نرسیده است.",
            lateness="حدود ۵ تا ۱۰ دقیقه دیرتر از برنامه",
            summary="۵ ملاقات انجام شد، ۱ نفر نیامد، ۶ نفر مانده است",
            seats=seats,
        ),
        lit=6,
    )
