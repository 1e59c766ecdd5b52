"""The orders of a unit."""

from publicmeeting.domain.stages import OrderAction as O

TITLE = "دستورها"
HALVES_LABEL = "بخش‌های کار واحد"
TABS_LABEL = "بخش‌های دستورها"
TABS = (
    ("open", "باز"),
    ("late", "دیرکرد"),
    ("asks", "منتظر پاسخ شما"),
    ("done", "پایان‌یافته"),
)
BRIEFS = "یادداشت پیش از ملاقات"
URGENT = "فوری"
NUMBER = "دستور {number}"
LINE = "{what}\u00a0· {unit}"
"""What was promised comes first: it distinguishes orders of one meeting where a line is cut."""
SEARCH = "جست‌وجو در درخواست، کد رهگیری یا شمارهٔ دستور"
FACTS = "{subject}\u00a0· صدور: {day}"
LATE = "مهلت {day} بود"
DUE = "مهلت: {day}"
FIRST_DUE = "مهلت نخست: {day}"
CONTESTED = "{times} اعتراض شهروند"
EXTENDED = "{times} مهلت بیشتر"
ASKS_MORE = "واحد تا {day} مهلت خواسته است"
UNIT_OF = "واحد مسئول: {unit}"
SHEET = "دستور شهردار"
SHEET_ALT = "تصویر دستور شهردار، شمارهٔ {number}"
REQUEST = "درخواست شهروند"
REQUEST_WHY = "نام و شمارهٔ شهروند در این صفحه نیست."
PICTURES = "عکس‌های همراه: {title}، {day}"
PICTURES_TITLE = "عکس‌های گزارش و اعتراض"
BESIDE = "دستورهای دیگر همین درخواست"
HISTORY = "راه این دستور"
DECISION = "کار شما"
DECISION_LEAD = "شهروند هر گام این دستور را می‌بیند."
NEXT, NO_NEXT = "دستور بعدی: {title}", "دستور دیگری در این فهرست نمانده است."
SENT = "ثبت شد: {what}."
NO_STEPS = "اکنون کاری برای شما در این دستور نیست."
REPORT_LEAD = "شهروند همین متن را می‌خواند."
REQUESTS = "درخواست‌های موضوع شما"
PHOTOS = "عکس‌های گزارش"
PHOTOS_LEAD = "از یک جا دو بار عکس بگیرید: پیش از کار و پس از کار."
BEFORE_ADD, AFTER_ADD = "عکس پیش از کار", "عکس پس از کار"
EMPTY = "دستور بازی ندارید."
EMPTY_LEAD = "دستور تازهٔ شهردار همین‌جا می‌آید."
NOTHING = "در این بخش دستوری نیست."
NOTHING_LEAD = "بخش دیگری را انتخاب کنید."
CHOOSE = "دستوری را از فهرست انتخاب کنید."
CHOOSE_LEAD = "آنچه از مهلت گذشته است بالای فهرست است."

BRIEF_TABS = (
    ("due", "نانوشته"),
    ("late", "دیرکرد"),
    ("written", "نوشته‌شده"),
)
BRIEF_TABS_LABEL = "کدام یادداشت‌ها"
BRIEF_DUE = "مهلت یادداشت: {until}"
BRIEF_LATE = "مهلت یادداشت {day} بود"
BRIEF_WRITTEN = "نوشته شد: {moment}"
BRIEF_AT = "ملاقات: {day}، ساعت {time}"
BRIEF_LEAD = (
    "شهروند و شهردار این یادداشت را می‌خوانند. اگر پاسخ بس باشد، خود شهروند ملاقات را پس می‌دهد."
)
BRIEF_HINT = "بنویسید محل را چه دیدید، چه می‌شود کرد و تا کی. شهروند همین متن را می‌خواند."
BRIEF_WRITE, BRIEF_SEND = "نوشتن یادداشت", "ثبت یادداشت"
BRIEF_DECISION = "یادداشت شما"
BRIEF_SENT = "یادداشت ثبت شد. شهروند همین حالا آن را می‌بیند."
BRIEF_NEXT, BRIEF_NO_NEXT = "ملاقات بعدی: {title}", "ملاقات دیگری در این فهرست نمانده است."
BRIEF_NONE = "یادداشتی برای نوشتن نمانده است."
BRIEF_NONE_LEAD = "پس از قرعهٔ چهارشنبه، ملاقات‌های دوشنبه این‌جا می‌آید."
BRIEF_NOTHING = "در این بخش ملاقاتی نیست."
BRIEF_CHOOSE = "ملاقاتی را از فهرست انتخاب کنید."
BRIEF_CHOOSE_LEAD = "یادداشت تا پایان شنبهٔ پیش از ملاقات نوشته می‌شود."
BRIEF_GONE = "این ملاقات دیگر در فهرست شما نیست."
BRIEF_ROAD = "راه این درخواست"

TEMPLATES: dict[O, tuple[str, ...]] = {
    O.REPORT: ("کار انجام شد. عکس پیش و پس از کار همراه است.",),
    O.RETURN: ("این کار در شرح وظیفهٔ واحد دیگری است.",),
    O.ASK_EXTENSION: ("کار آغاز شده است و تا روز تازه پایان می‌یابد.",),
    O.ASK_CITIZEN: ("نشانی دقیق محل را با نام کوچه و پلاک بنویسید.",),
    O.GIVE_NEWS: ("کار در برنامه است و تا پایان مهلت انجام می‌شود.",),
}
"""Beginnings a unit may take and finish; the citizen reads them as they stand."""
