"""The orders of a unit."""

from publicmeeting.domain.stages import OrderAction as O

TITLE = "دستورها"
TABS_SAY = "بخش‌های دستورها"
TABS = (
    ("open", "باز"),
    ("late", "دیرکرد"),
    ("asks", "کار شما"),
    ("done", "پایان‌یافته"),
)
NUMBER = "دستور {number}"
LINE = "{unit} · {subject}"
FACTS = "{subject} · صدور: {day}"
LATE = "مهلت {day} بود"
DUE = "مهلت: {day}"
FIRST_DUE = "مهلت نخست: {day}"
CONTESTED = "{times} اعتراض شهروند"
EXTENDED = "{times} مهلت بیشتر"
ASKS_MORE = "واحد تا {day} مهلت خواسته است"
UNIT_OF = "واحد مسئول: {unit}"
SHEET = "دستور شهردار"
SHEET_SAYS = "تصویر دستور شهردار، شمارهٔ {number}"
TEXT = "متن دستور"
REQUEST = "درخواست شهروند"
REQUEST_WHY = "نام و شمارهٔ شهروند در این صفحه نیست."
PICTURES = "عکس‌های همراه: {title}، {day}"
PICTURES_TITLE = "عکس‌های گزارش و اعتراض"
BESIDE = "دستورهای دیگر همین درخواست"
HISTORY = "راه این دستور"
DECISION = "کار شما"
DECISION_LEAD = "شهروند هر گام این دستور را می‌بیند."
SENT = "ثبت شد: {what}."
NO_STEPS = "اکنون کاری برای شما در این دستور نیست."
REPORT_LEAD = "بنویسید چه کردید و از کار عکس بگیرید. شهروند همین را می‌بیند."
BRIEFS = "ملاقات‌های پیش رو"
EMPTY = "دستور بازی ندارید."
EMPTY_LEAD = "دستور تازهٔ شهردار همین‌جا می‌آید."
NOTHING = "در این بخش دستوری نیست."
NOTHING_LEAD = "بخش دیگری را برگزینید."
CHOOSE = "دستوری را از فهرست برگزینید."
CHOOSE_LEAD = "آنچه از مهلت گذشته است بالای فهرست است."

TEMPLATES: dict[O, tuple[str, ...]] = {
    O.REPORT: ("کار انجام شد. عکس پیش و پس از کار همراه است.",),
    O.RETURN: ("این کار در شرح وظیفهٔ واحد دیگری است.",),
    O.ASK_EXTENSION: ("کار آغاز شده است و تا روز تازه پایان می‌یابد.",),
    O.ASK_CITIZEN: ("نشانی دقیق محل را با نام کوچه و پلاک بنویسید.",),
    O.GIVE_NEWS: ("کار در برنامه است و تا پایان مهلت انجام می‌شود.",),
}
"""Beginnings a unit may take and finish; the citizen reads them as they stand."""
