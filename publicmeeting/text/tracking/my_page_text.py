"""A citizen's own page: requests, messages, data, devices."""

from datetime import date

from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common.dates_text import clock

LINE = "منطقهٔ {district}\u00a0· {subject}"
FILED = "ثبت: {moment}"
_SEAT = "نوبت: {day}، ساعت {time}"
YOUR_ANSWER = "پاسخ شما لازم است"
ASKED_YOU = "منتظر پاسخ شما"
LATE = "دستور: {late}"
PAST = "درخواست‌های پیشین"
NEW = "تازه"
OLDER = "پیام‌های پیشین"
QUEUED = "پیامک در صف است"
QUIET = "در صف؛ شب پیامک نمی‌فرستیم، {moment}"
AGAIN = "پیامک نرسید؛ دوباره تلاش می‌کنیم (بار {time})، {moment}"
REACHED = {"sent": "پیامک فرستاده شد: {moment}", "called": "تلفنی گفته شد: {moment}"}
REACHED_AT_ONCE = {"sent": "پیامک هم فرستاده شد", "called": "تلفنی هم گفته شد"}
NOT_REACHED = {
    "failed": "پیامک نرسید؛ از میز خدمت تلفنی خبر می‌دهیم",
    "to_call": "موبایل ندارید؛ از میز خدمت تلفنی خبر می‌دهیم",
    "shown": "پیامکی در راه نیست؛ پیام همین‌جاست",
}
"""How a notice reached her or will, by the outbox's own states."""
NEW_COUNT = "{count} پیام تازه."
NOTICES_WHY = (
    "هر پیام این‌جا می‌ماند. پیامک را از ۸ صبح تا ۲۲ می‌فرستیم. "
    "فقط خبر لغو یا جای تازهٔ ملاقات فردا را دیرتر هم می‌فرستیم."
)
NAME, IDENTITY, MOBILE = "نام", "کد ملی یا فراگیر", "موبایل"
NO_MOBILE = "هنوز تأیید نشده است"
"""Of somebody whom a provider without mobiles has signed in; asked for before she files."""
DATA_WHY = "شماره‌ها پوشیده است تا کسی که کنار شماست نخواند."
FOR_WHOM = "درخواست‌های چه کسی را می‌بینید؟"
FOR_WHOM_LEAD = "با این موبایل برای چند نفر ثبت شده است."
AWAITED = "{name}\u00a0· پاسخ لازم است"
"""A name to choose, of somebody from whom the city waits for an answer."""
CHANGED = "درخواست‌های شما تازه شد."
NEW_REQUEST = "درخواست تازه"
SIGN_OUT_ALL_WHY = "اگر جای دیگری هم وارد شده‌اید یا گوشی گم شده است."

TITLE = "درخواست‌های من"
EMPTY = "این‌جا هنوز درخواستی نیست."
EMPTY_LEAD = "نخستین درخواست را ثبت کنید؛ حدود سه دقیقه وقت می‌برد."
EMPTY_BUTTON = "درخواست ملاقات"
DRAFT = "پیش‌نویس شما مانده است."
DRAFT_BUTTON = "ادامهٔ پیش‌نویس"
NOTICES = "پیام‌ها"
NO_NOTICES = "هنوز پیامی ندارید. هر خبری از درخواست، این‌جا و با پیامک می‌رسد."
MY_DATA = "اطلاعات من"
MY_DATA_WAY = "دیدن، تصحیح، گرفتن نسخه و پاک کردن"
SIGN_OUT = "خروج"
NOT_YOUR_PHONE = "گوشی خودتان نیست؟ پیش از رفتن خارج شوید."
SIGNED_IN = "در این گوشی وارد شده‌اید."
SIGN_OUT_ALL = "خروج از همهٔ دستگاه‌ها"
UNREAD = "این درخواست الان خوانده نشد. به ۱۳۷ یا میز خدمت منطقه بگویید؛ نوبتش سر جایش است."
DISPLACED = "کد ملی به نام دیگری ثابت شد"
DISPLACED_NOTE = "از این‌جا پاسخی ثبت نمی‌شود. راه برگرداندن در صفحهٔ درخواست است."
ASSISTED = "این درخواست را میز خدمت یا ۱۳۷ به نام شما ثبت کرده است."


def seat_words(monday: date, time: str) -> str:
    """«نوبت: دوشنبه ۹ آذر، ساعت ۹:۱۵»."""
    return _SEAT.format(day=weekday_day(monday), time=clock(time))
