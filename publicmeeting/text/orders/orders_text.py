"""Everything promised, by unit and lateness."""

from publicmeeting.domain.orders.promises import Outcome

TITLE = "دستورها"
BY_UNIT = "به تفکیک واحد"
TABS = (
    ("open", "باز"),
    ("late", "دیرکرد"),
    ("asks", "منتظر تصمیم شما"),
    ("done", "انجام‌شده"),
)
WHICH = "کدام دستورها"
UNSERVED = "{unit} (کارمند ندارد)"
ALL_UNITS = "همهٔ واحدها"
FIRST_DUE = "مهلت نخست: {day}"
EXTENDED = "{times} مهلت داده شد"
CONTESTED = "{times} اعتراض شهروند"
ISSUED = "صدور: {day}"
DUE = "مهلت: {day}"
SEARCH = "جست‌وجو در درخواست، کد رهگیری یا شمارهٔ دستور"
EMPTY = "دستوری در این فهرست نیست."
EMPTY_LEAD = "فهرست دیگری را انتخاب کنید یا از ملاقات بعدی آغاز کنید."
ONE = "دستور شمارهٔ "
BACK = "دستورها"
REQUEST = "درخواست شهروند"
BESIDE = "دستورهای دیگر همین ملاقات"
ROAD = "راه این دستور"
SHEET = "برگهٔ دستور"
DECIDE = "تصمیم شما"
WAITS_FOR_YOU = "این دستور منتظر تصمیم شماست."
NOT_TAKEN_ON = "واحد در مهلت خود کار را نپذیرفته است. می‌توانید آن را به واحد دیگری بسپارید."
NOT_HERS = (
    "شهروند می‌گوید این دستور دربارهٔ او نیست. برگه را ببینید: اگر از آن دیگری است، باطل شدنش را "
    "بخواهید. اگر از آن خود اوست، در یادداشتی به او بگویید."
)
NOTHING_TO_DECIDE = "اکنون تصمیمی لازم نیست. می‌توانید یادداشت بنویسید."
VOID_ASKED = "گفته‌اید این دستور از آن شهروند دیگری است؛ ناظر شهر تصمیم می‌گیرد."
VOID_HIDDEN = "متن و تصویر آن {until} از این شهروند پنهان است."
VOID = "ناظر شهر این دستور را باطل کرد."
VOID_OWED = f"{VOID} اگر دستور درست این شهروند هنوز نوشته نشده است، آن را بنویسید."
VOID_OWED_BY = (
    f"{VOID} دستور درست این شهروند را {{until}} بنویسید. "
    "اگر درخواستش را نپذیرفته‌اید، همان را با دلیل بنویسید و به واحدی بسپارید که برایش توضیح دهد؛ "
    "او می‌تواند به گزارش واحد اعتراض کند."
)
RIGHT_ORDER = "دستور درست را بنویسید"
WRITE_RIGHT = "نوشتن دستور درست"
EXTENSION = "واحد مهلت بیشتر خواسته است: تا {day}."
CONTEST_PHOTOS = "عکس‌های شهروند پس از گزارش"
DAYS_LEFT = "روز کاری مانده"
LAST_DAY = "امروز روز آخر است"
PROMISE = "مهلت انجام"
CLOCK_SENTENCE = "هر کاشی یک روز کاری است. قلم روز دستور است، زعفرانی امروز و قاب پررنگ پایان مهلت."
CLOCK_SENTENCE_LONG = "تا پایان مهلت بیش از {count} روز کاری است؛ روزهای نزدیک را می‌بینید."
CLOCK_SENTENCE_LATE = "هر کاشی هاشورخورده یک روز کاری پس از پایان مهلت است."
SENT = "ثبت شد."

REVIEW_TITLE = "قول‌های هفته‌های پیش"
REVIEW_LEAD = "دیرکردها بالای هر هفته است. پس از آن، آنچه شهروند گفته نشده است."
REVIEW_FROM_AGENDA = "مرور همهٔ قول‌های هفته‌های پیش"
REVIEW_SPAN = "دوشنبه‌های {first} تا {last}"
REVIEW_WEEK_SUM = "{made} قول، {kept} انجام‌شده"
REVIEW_WEEK_LATE = "{count} دیرکرد"
REVIEW_NONE_ISSUED = "در این دوشنبه قولی داده نشد."
REVIEW_EARLIER, REVIEW_LATER = "هفتهٔ پیش‌تر", "هفتهٔ بعد"
REVIEW_TURN = "هفته‌های دیگر"
REVIEW_UNKNOWN = "نشانی این هفته درست نیست. هفته‌های پیش را می‌بینید."
REVIEW_EMPTY = "در این هفته‌ها قولی داده نشده است."
REVIEW_EMPTY_LEAD = "دستور هر ملاقات، پس از ثبت، این‌جا دیده می‌شود."
REVIEW_ISSUED, REVIEW_ON_TIME, REVIEW_LATE = "قول داده شد", "شهروند گفت انجام شد", "دیرکرد دارد"
REVIEW_OUTCOME: dict[Outcome, str] = {
    Outcome.LATE: "دیرکرد",
    Outcome.CONTESTED: "شهروند گفت انجام نشد",
    Outcome.RUNNING: "در مهلت",
    Outcome.REPORTED: "منتظر پاسخ شهروند",
    Outcome.UPHELD: "با توضیح بسته شد",
    Outcome.SETTLED: "بی‌پاسخ شهروند بسته شد",
    Outcome.KEPT: "شهروند گفت انجام شد",
    Outcome.VOID: "باطل شد",
}
