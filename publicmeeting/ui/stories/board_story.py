"""Stories of boards: the screen in the hall, and tables of words and figures."""

import reflex as rx

from publicmeeting.text.orders import promises_text
from publicmeeting.ui.city.promises.state import figures_view
from publicmeeting.ui.design.figures import data_table
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import rows_of, sheet
from publicmeeting.ui.stories.showing import page, story
from publicmeeting.usecases.oversight.promises import DistrictPromises

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
"""Each state of the hall's screen, by its name in `web/hall/samples.py`."""
_FOUND = [
    DistrictPromises(4, 31, 26, 19, 12, 5, 1, 17, 3, 1, 6, 28, 32),
    DistrictPromises(6, 40, 33, 25, 18, 4, 2, 22, 4, 2, 5),
    DistrictPromises(17, 2),
]


def hall() -> rx.Component:
    """Links to each state of the hall's screen, which is a page outside Reflex."""
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
