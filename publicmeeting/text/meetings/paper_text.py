"""The day's list on paper."""

TITLE = "فهرست ملاقات، {day}"
UNIT = "شهرداری منطقهٔ {district}"
HEADS = ("شماره", "ساعت", "نام", "نیازها", "موضوع", "آمد", "صدا زدیم", "نیامد", "یادداشت")
NAME_UNSEEN = "نام نزد این حساب باز نیست"
EMPTY = "این دوشنبه نوبتی داده نشده است."
STOOD_IN = "از فهرست ذخیره"
TELEPHONE = "تلفنی"
TELEPHONE_AT = "تلفنی: {mobile}"
CAME = "آمد: {time}"
IN_ROOM = "در اتاق از {time}"
MET = "ملاقات شد"
STANDBY = "فهرست ذخیره، به ترتیب قرعه"
STANDBY_LEAD = (
    "نوبت آزاد به نخستین نفر حاضر می‌رسد. خانه را برای هر که آمد علامت بزنید. "
    "نام کسی که هنوز نوبت ندارد روی کاغذ نمی‌آید."
)
STANDBY_EMPTY = "کسی در فهرست ذخیره نیست."
PRINTED = "چاپ {moment}: {name}، {role} منطقهٔ {district}"
WARNING = "این برگه نام شهروندان را دارد. پس از ثبت در سامانه آن را از میان ببرید."
PAGE = "صفحهٔ {page} از {pages}"
TITLE_OVER = "برگهٔ روز، {day}"
REFUSED = "رد با توضیح"
ORDERS = "{count} دستور"
TIMES = "{begun} تا {ended}"
MISSED = "نیامد"
WAITS_AGAIN = "پذیرفته نشد"
SHEET = "چاپ برگهٔ روز"
SHEET_LEAD = "با نام‌ها؛ هر نامی که چاپ شود در پروندهٔ او نوشته می‌شود"
PRINT = "چاپ فهرست"
PRINT_LEAD = "برای روزی که شبکه یا برق نیست"

FROM_PAPER = "از روی برگه"
_ON_PAPER = "از روی برگه، ساعت {begun}."
_ON_PAPER_BOTH = "از روی برگه، ساعت {begun} تا {ended}."

ENTRY = "ثبت از روی برگه"
ENTRY_LEAD = (
    "برای ساعت‌هایی از امروز که سامانه در دسترس نبود. هر سطر با نام شما و ساعت همین حالا ثبت می‌شود. "
    "ساعت برگه کنار آن می‌ماند و شهروند هر دو را می‌بیند."
)
ENTRY_ABSENT = "نیامدن از روی برگه ثبت نمی‌شود."
ENTRY_ABSENT_WHY = (
    "هر که در این فهرست نیاید هفته‌های انتظارش می‌ماند. "
    "اگر هنوز وقت هست، او را در فهرست روز صدا بزنید."
)
CAME_TITLE = "چه کسی آمد؟"
CAME_LEAD = "فقط سطر کسانی را پر کنید که آمده‌اند. شمارهٔ کارت را از روی برگه بنویسید."
ROW = "شمارهٔ {number}، ساعت {time}"
CAME_AT, CARD = "ساعت آمدن", "شمارهٔ کارت"
SAVE_CAME = "ثبت آمدن‌ها"
NOBODY_LEFT = "کسی نمانده است که آمدنش ثبت نشده باشد."
SAVED = "آمدن {count} از روی برگه ثبت شد."
MET_TITLE = "چه کسی ملاقات شد؟"
MET_LEAD = (
    "یکی‌یکی و به ترتیب برگه. پس از این، دستور یا توضیح را مانند هر ملاقات دیگری می‌نویسید؛ از دستور "
    "کاغذی عکس بگیرید."
)
WHO = "شماره"
CHOOSE = "انتخاب کنید"
BEGUN, ENDED = "ساعت رفتن به اتاق", "ساعت پایان"
HOUR_HINT = "مانند ۹:۱۵"
SKIP = "اگر پیش از نفر دیگری رفت، چرا؟"
NO_SKIP = "به نوبت رفت"
WRITE_OUTCOME = "نوشتن نتیجه"
NOBODY_HERE = "هنوز آمدن کسی ثبت نشده است."
NOT_TODAY = "امروز روز ملاقات نیست، یا روز در دفتر عمومی بسته شده است."
BACK = "فهرست روز"


def on_paper(hours: list[str]) -> str:
    """The hours that stand on the paper, in words: one, or from one to the other."""
    if len(hours) == 1:
        return _ON_PAPER.format(begun=hours[0])
    return _ON_PAPER_BOTH.format(begun=hours[0], ended=hours[1])
