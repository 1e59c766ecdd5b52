"""The mayor's day, and what it came to."""

from publicmeeting.domain.mondays import How
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action

TITLE = "برنامهٔ {day}"
TODAY = "برنامهٔ امروز، {day}"
PLACE = "منطقهٔ {district}"
NEXT = "نفر بعدی"
IS_FETCHED = "پذیرش پیش او می‌رود"
IN_ROOM = "اکنون در اتاق"
NOT_YET = "نیامده"
CAME = "از {time} در سالن"
CAME_THEN = "ساعت {time} آمد"
SINCE = "از {time} در اتاق"
CALL_IN = "آوردن به اتاق"
GO_ON = "ادامهٔ ملاقات"
LOOK = "دیدن پروندهٔ او"
UNTIL_OUTCOME = "نفر بعدی پس از ثبت دستور، ارجاع یا رد به اتاق می‌آید."
MINE = "امضا و متن‌های من"
ROOM_FREE = "کسی در اتاق نیست."
NOBODY_LEFT = "نفر بعدی نداریم."
NAME_HIDDEN = "نام هنوز پنهان است"
PEOPLE = "نوبت‌های این روز"
PROGRESS = "{met} از {all} ملاقات انجام شد."
SEATS_IN_ROOM = "نفر {number} از {all} در اتاق است. {met} ملاقات انجام شد."
SEATS_EMPTY_ROOM = "{all} نوبت، {met} ملاقات انجام شد. کسی در اتاق نیست."
SEATS_AHEAD = "{all} نوبت برای {day}؛ {granted} نوبت داده شده است."
LATE_FIRST = "قول‌های مانده از هفته‌های پیش"
LATE_ALL = "همهٔ {count} دیرکرد"
LATE_COUNT = "{count} دیرکرد"
NO_LATE = "هیچ دستوری از مهلت نگذشته است."
CAME_LATE = "با تأخیر آمد"
NOT_HERS = "پذیرش نوشت مدرک سهمیه به او ربطی ندارد؛ اصلش را خودتان ببینید"
CALLED = "{times} صدا زده شد"
SKIP = "چرا پیش از دیگران می‌رود؟"
SKIP_HINT = "شمار این موردها هر هفته منتشر می‌شود."
SKIP_GO = "آوردن به اتاق با این دلیل"
BACK_TITLE = "بازگرداندن به سالن"
BACK_LABEL = "چرا ملاقات قطع شد؟"
BACK_DO = "بازگرداندن"
BACK_LATE = "این شهروند دیگر در اتاق نیست؛ یادداشت شما ثبت نشد."
BACK_DONE = "شهروند به سالن برگشت. نوبتش سر جایش است."
NEVER_MIND = "نه، بماند"
CALLED_DONE = "شمارهٔ {number} در سالن صدا زده شد."
TELEPHONED = {
    Action.RING: "تماس بی‌پاسخ ثبت شد. شهروند پیام می‌گیرد.",
    Action.REACH: "تماس برقرار شد. اکنون گفت‌وگو را با «آوردن به اتاق» آغاز کنید.",
}
UNTIL = "تا روز ملاقات"
UNTIL_DAYS = "{days} مانده است."
EMPTY = "امروز ملاقاتی نیست."
NOT_TODAY = "امروز دوشنبه نیست."
NOT_TODAY_MORE = "برنامهٔ {day} را می‌بینید."
OTHERS = "این دوشنبه را شما برگزار نمی‌کنید."
OTHERS_MORE = "نام‌ها و کارهای آن برای شما باز نیست. شهردار می‌تواند آن را به شما بسپارد."
NOT_DRAWN = "نوبت‌های این دوشنبه هنوز معلوم نیست."
NOT_DRAWN_LEAD = "قرعهٔ هر دوشنبه چند روز پیش از آن است؛ ساعتش در صفحهٔ قاعده‌های نوبت است."
CLOSED = "این دوشنبه ملاقاتی برگزار نمی‌شود."
CLOSED_LEAD = "کسانی که نوبت داشتند، تا نوبت بگیرند در هر قرعه پیش از دیگران‌اند."

HOLDER_TITLE = "{day} را چه کسی برگزار می‌کند؟"
_ME = "خودم"
_MAYOR = "شهردار: {name}"
_DEPUTY = "جانشین"
HOLDER_WHY = (
    "جز شهردار، فقط کسی که اینجا نوشته شده می‌تواند آن روز دستور بدهد. مردم می‌بینند شهردار پذیرفت "
    "یا جانشین."
)
HOLDER_SEND = "ثبت برگزارکننده"
HOLDER_DONE = "ثبت شد: {who}"


def who(role: Role, name: str, *, is_only: bool = True) -> str:
    """The mayor is asked; the only one is «خودم». A deputy called after the office is named
    once."""
    if role is Role.MAYOR:
        return _ME if is_only else _MAYOR.format(name=name)
    return name if _DEPUTY in name else f"{_DEPUTY}: {name}"


# What a Monday came to, on the mayor's agenda.

SUMMARY_TITLE = "جمع‌بندی {day}"
HELD: dict[How, str] = {
    How.MAYOR: "شهردار خودش پذیرفت.",
    How.DEPUTY: "جانشین پذیرفت.",
    How.BOTH: "بخشی را شهردار پذیرفت و بخشی را جانشین.",
    How.CLOSED: "ملاقات نبود{why}.",
    How.CUT_SHORT: "بخشی از ملاقات‌ها انجام شد و بقیه لغو شد{why}.",
    How.NO_VISITORS: "کسی نوبت نداشت.",
    How.SILENT: "ملاقات برگزار نشد و دلیلی اعلام نشد.",
    How.PAPER: "در سامانه ثبت نشد؛ روی کاغذ پذیرفته شد و پس از آن نوشته شد.",
    How.AHEAD: "هنوز کسی پذیرفته نشده است.",
}
MET = "ملاقات شد"
MISSED = "نیامد"
LEFT = "پذیرفته نشد"
ORDERS = "دستور"
AVERAGE = "میانگین هر ملاقات"
DUE = "قول تا هفتهٔ آینده"
SUMMARY_REFUSED = "از این میان {count} با توضیح رد شد."
SUMMARY_TELEPHONED = "{count} با تلفن."
SUMMARY_NONE = "—"
