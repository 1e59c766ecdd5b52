"""Boards: the districts by Mondays, the display in the hall, and tables of words and figures."""

import random

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.text.oversight import promises_text
from publicmeeting.ui.city.promises.state import figures_view
from publicmeeting.ui.design.figures import data_table, heat_table, legend, share_bar, strip, tile
from publicmeeting.ui.design.frames import RailItem, board_frame, rail
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import MapTile, Tile
from publicmeeting.ui.design.sheets import rows_of, sheet
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.stories import city
from publicmeeting.ui.stories.showing import page, story
from publicmeeting.usecases.oversight.promises import DistrictPromises

_DAYS = ["۱۶", "۲۳", "۳۰", "۶", "۱۳", "۲۰", "۲۷", "۴", "۱۱", "۱۸", "۲۵", "۲"]
_MONTHS = {0: "شهریور", 3: "مهر", 7: "آبان", 11: "آذر"}
_WEEKS = 7
_LOW = 50
_FULL = 12
_RAIL = [
    RailItem("شهر", "city", "/stories/board/", here=True),
    RailItem("دیرکرد", "flag", "/stories/", "۹"),
]
_HALL = {
    "none": "هنوز کسی صدا نشده",
    "one": "نخستین نفر",
    "many": "میانهٔ روز",
    "again": "بار دوم",
    "quiet": "بیست ثانیه بی‌خبر",
    "silent": "بیش از یک دقیقه بی‌خبر",
    "mute": "صدا خاموش",
    "closed": "بی‌ملاقات",
    "key": "کلید نمایشگر",
}
"""Each state of the screen by its name in `web/hall/samples.py`."""
_FOUND = [
    DistrictPromises(4, 31, 26, 19, 12, 5, 1, 17, 3, 1, 6, 28, 32),
    DistrictPromises(6, 40, 33, 25, 18, 4, 2, 22, 4, 2, 5),
    DistrictPromises(17, 2),
]


def board() -> rx.Component:
    pick = random.Random(1405)  # noqa: S311 (invented figures)
    shares = [pick.randint(62, 97) for _ in city.WAITS]
    shares[16] = 41
    return board_frame(
        rail(_RAIL, "بخش‌ها"),
        rx.el.div(
            rx.el.h1("دوشنبه‌های شهر", class_name="text-h1"),
            rx.el.p("۱۲ هفته تا ۲ آذر ۱۴۰۵", class_name="text-ink2"),
            legend(
                [Tile("glazed", "۱۲"), Tile("foot", "۱۱"), Tile("cancelled"), Tile("off")],
                ["شهردار (عدد: ملاقات)", "جانشین", "لغو با اعلام", "برگزار نشد"],
            ),
            class_name="mb-3 flex flex-wrap items-baseline gap-x-4 gap-y-2",
        ),
        sheet(
            rx.el.div(
                heat_table(
                    "ملاقات‌های برگزارشدهٔ هر منطقه در هر دوشنبه",
                    [
                        f"{_MONTHS[at]}\n{day}" if at in _MONTHS else day
                        for at, day in enumerate(_DAYS)
                    ],
                    [persian(number) for number in city.WAITS],
                    [_line(number, pick) for number in city.WAITS],
                    more_heads=["انتظار، هفته", "دستور در مهلت", ""],
                    more=lambda at: _more(list(city.WAITS.values())[at], shares[at]),
                )
            )
        ),
        rx.el.p(
            "هر خانه فهرست همان دوشنبه را باز می‌کند. انتظار: پررنگ میانه، کم‌رنگ ۹۰ درصد مردم.",
            class_name="mt-2 text-meta text-ink2",
        ),
        aside=_aside(),
    )


def _line(number: int, pick: random.Random) -> list[MapTile]:
    special = {(17, 7): "off", (17, 11): "off", (8, 1): "cancelled", (4, 11): "foot"}
    return [_cell(number, at, special.get((number, at), ""), pick) for at in range(_FULL)]


def _cell(number: int, at: int, kind: str, pick: random.Random) -> MapTile:
    met = pick.choice([8, 9, 10, 11, 12, 12, 12])
    shade = {12: "s4", 11: "s2", 10: "s2", 9: "s1", 8: "s1"}[met]
    blank = kind in {"off", "cancelled"}
    text = "" if blank else persian(met)
    label = f"{text} ملاقات، منطقهٔ {persian(number)}، دوشنبهٔ {_DAYS[at]}"
    return MapTile(at, text, label, kind=kind or shade, href="/stories/")


def _more(weeks: int, share: int) -> list[rx.Component]:
    tiles = [Tile("s4")] * weeks + [Tile("s2")] + [Tile("plain")] * (_WEEKS - weeks - 1)
    return [
        strip(tiles, f"میانه {persian(weeks)} هفته", "tiny"),
        rx.el.div(share_bar(share, late=share < _LOW), class_name="w-24"),
        rx.el.span(f"{persian(share)}٪", class_name="text-tiny"),
    ]


def _aside() -> list[rx.Component]:
    return [
        rx.el.p("میانهٔ انتظار در شهر", class_name="text-ink2"),
        rx.el.p(
            rx.el.span("۲", class_name="text-num-xl"),
            rx.el.strong(" هفته "),
            rx.el.span("(۹۰٪ مردم تا ۴)", class_name="text-meta"),
            class_name="mb-4",
        ),
        tile_map(city.waits_map(0), "انتظار در منطقه‌ها", mode="waits", links=False),
        rx.el.div(waits_legend(["۱", "۲", "۳", "۴"]), class_name="mt-3"),
        rx.el.h2("باید پاسخ بدهند", class_name="mt-6 mb-3 border-t border-line pt-6 text-h3"),
        *(
            rx.el.div(
                tile(Tile(kind, number), "size-11 shrink-0"),
                rx.el.div(
                    rx.el.p(title, class_name="leading-normal"),
                    rx.el.p(meta, class_name="text-meta text-ink2"),
                ),
                class_name="mb-3 flex gap-3",
            )
            for number, kind, title, meta in (
                ("۱۷", "off", "دو دوشنبه برگزار نشد.", "دلیل: ثبت نشده"),
                ("۴", "plain", "۶ دستور از مهلت گذشته", "کهنه‌ترین: ۱۱ روز کاری"),
                ("۱۹", "plain", "۳ اعتراض بی‌پاسخ", "مهلت: شنبه ۷ آذر"),
            )
        ),
    ]


def hall() -> rx.Component:
    """The screen of a hall is a page of its own kind; each of its states opens by itself."""
    return page(
        "تابلوی سالن",
        rows_of(
            *(
                anchor(title, href=f"/hall/samples/{name}/", native=True, class_name="row link")
                for name, title in _HALL.items()
            )
        ),
    )


def tables() -> rx.Component:
    return page(
        "جدول",
        story(
            "جدول کلمه‌ها",
            sheet(
                rx.el.div(
                    data_table(
                        "انتظار در سه منطقه",
                        ["منطقه", "میانه", "۹۰ درصد", "درازترین"],
                        [
                            ["منطقهٔ ۱", "۱ هفته", "۲ هفته", "۴ هفته"],
                            ["منطقهٔ ۴", "۴ هفته", "۵ هفته", "۷ هفته"],
                            ["منطقهٔ ۶", "۲ هفته", "۳ هفته", "۵ هفته"],
                        ],
                    )
                )
            ),
        ),
        story(
            promises_text.FIGURES,
            data_table(promises_text.FIGURES, promises_text.HEADS, figures_view(_FOUND, 6).table),
        ),
        wide=True,
    )
