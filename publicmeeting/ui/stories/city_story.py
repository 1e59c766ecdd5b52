"""What waits for the overseer: climbed lateness, and the districts' promises in numbers."""

import reflex as rx

from publicmeeting.text.oversight import promises_text
from publicmeeting.ui.city.promises.views import figures_view
from publicmeeting.ui.design.choices import segment
from publicmeeting.ui.design.desks import RailItem, desk_frame, rail
from publicmeeting.ui.design.models import Badge, Choice, Row, Tile
from publicmeeting.ui.design.sheets import live_sign, rows
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.design.tables import data_table
from publicmeeting.usecases.oversight.figures import DistrictPromises

_RAIL = [
    RailItem("شهر", "flag", "/stories/city/", "۳", here=True),
    RailItem("دوشنبه‌ها", "city", "/stories/board/"),
]
_CITY, _MAYOR = Badge("به شهر رسید", "brick", "flag"), Badge("به شهردار رسید", "brick", "flag")
_CLIMBED = [
    Row(
        "تابلوی «ایست» سر کوچه افتاده است",
        "منطقهٔ ۶ · معاونت حمل‌ونقل و ترافیک",
        tile=Tile("plain", "۶"),
        end="۱۱ روز کاری دیرکرد",
        late=True,
        badge=_CITY,
    ),
    Row(
        "آب باران به پارکینگ ساختمان می‌ریزد",
        "منطقهٔ ۱۵ · معاونت فنی و عمرانی",
        tile=Tile("plain", "۱۵"),
        end="۸ روز کاری دیرکرد",
        late=True,
        badge=_CITY,
    ),
    Row(
        "درخت چنار خشک، خطر ریزش",
        "منطقهٔ ۴ · فضای سبز",
        tile=Tile("plain", "۴"),
        end="۴ روز کاری دیرکرد",
        late=True,
        badge=_MAYOR,
        chosen=True,
    ),
]
_TABS = [Choice(tab, name, "۳" if tab == "climbed" else "۰") for tab, name in promises_text.TABS]
_FOUND = [
    DistrictPromises(4, 31, 26, 19, 12, 5, 1, 17, 3, 1, 6),
    DistrictPromises(6, 40, 33, 25, 18, 4, 2, 22, 4, 2, 5),
    DistrictPromises(17, 2),
]


def city() -> rx.Component:
    figures = figures_view(_FOUND, 6)
    return desk_frame(
        rail(_RAIL, "بخش‌ها"),
        title=promises_text.TITLE,
        list_=[
            rx.el.div(
                rx.el.h2(promises_text.TITLE, class_name="text-h1"),
                live_sign(),
                class_name="flex items-center justify-between",
            ),
            rx.el.div(
                segment(
                    promises_text.TABS_SAY,
                    _TABS,
                    "climbed",
                ),
                rx.el.p(promises_text.LEADS["climbed"], class_name="text-meta text-ink2"),
                rows(_CLIMBED, dense=True),
                empty(promises_text.EMPTY, promises_text.EMPTY_LEAD),
                class_name="mt-3 grid gap-3",
            ),
        ],
        detail=[
            rx.el.h2(promises_text.FIGURES, class_name="text-h1"),
            rx.el.p(promises_text.FIGURES_LEAD, class_name="mb-3 text-ink2"),
            data_table(promises_text.FIGURES, promises_text.HEADS, figures.table),
            rx.el.section(
                rx.el.h3(figures.title, class_name="mb-3 mt-6 text-h2"),
                rx.el.ul(*(rx.el.li(line) for line in figures.lines), class_name="text-ink2"),
            ),
        ],
        has_detail=True,
    )
