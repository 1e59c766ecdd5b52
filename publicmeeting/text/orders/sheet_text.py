"""The printed words of the mayor's order sheet, and what happened to its paper from her hand on."""

from datetime import date

from publicmeeting.domain.choices import SheetPart as P
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import day_of_year

TITLE = "دستور ملاقات مردمی"
DATE, NUMBER = "تاریخ", "شماره"
UNIT, DUE = "واحد مسئول", "مهلت"
LOG = "دفتر عمومی"
CHECK = ("این برگه اصل است؟", "با این نشان ببینید.")

_OFFICE = {Role.MAYOR: "شهردار منطقهٔ {district}", Role.DEPUTY: "جانشین شهردار منطقهٔ {district}"}


def head(district: int) -> str:
    """«شهرداری منطقهٔ ۶»."""
    return f"شهرداری منطقهٔ {persian(district)}"


def office_of(role: Role, district: int) -> str:
    """Under the signer's name."""
    return _OFFICE[role].format(district=persian(district))


def print_title(stem: str) -> str:
    """The name of the page, as a printer's list shows it."""
    return f"{TITLE} {persian(stem)}"


def until(day: date, issued_on: date) -> str:
    """A unit's own last day, beside its name."""
    return f"تا {day_of_year(day, issued_on)}"


def and_more(count: int) -> str:
    """Units for which there is no line left."""
    return f"و {persian(count)} واحد دیگر"


INK_TOOLS = "ابزار قلم"
INK_BLUE, INK_BLACK, INK_RUBBER, INK_UNDO = "آبی", "مشکی", "پاک‌کن", "برگرداندن"
INK_MORE = "سطر بیشتر"
INK_EMPTY = "جای نوشتن با قلم یا انگشت؛ هنوز چیزی ننوشته‌اید."
INK_WRITTEN = "دست‌نوشتهٔ شما روی برگه"
INK_RESTS = "قلم در کار است؛ دست روی برگه چیزی نمی‌نویسد."
INK_WAITING = "نوشته در همین دستگاه مانده و خودش فرستاده می‌شود."
INK_UNSTORED = "حافظهٔ این دستگاه جا ندارد. تا فرستاده شدن نوشته این صفحه را نبندید."
INK_ENDING = "پایان ملاقات منتظر رسیدن نوشتهٔ این برگه است."
INK_HOLDING = "دستور آماده است. با آمدن ارتباط، خودش یک بار ثبت می‌شود."
INK_ISSUING = "دستور در حال ثبت است. متن و قول تا پایان ثبت همین می‌ماند."
INK_FULL = "دست‌نوشته برای یک برگه زیاد است. دنباله را پس از «ثبت و دستور دیگر» بنویسید."

INK_CORNERS = "گوشه‌های کاغذ"
INK_CORNERS_LEAD = "چهار گوشه را روی گوشه‌های کاغذ بکشید. با کلیدهای جهت هم جابه‌جا می‌شوند."
INK_CORNER = ("گوشهٔ بالا چپ", "گوشهٔ بالا راست", "گوشهٔ پایین راست", "گوشهٔ پایین چپ")
INK_STRAIGHTEN = "صاف کردن کاغذ"
INK_STRAIGHTENING = "در حال صاف کردن"
INK_LOOKING = "در حال یافتن گوشه‌ها"
INK_STRAIGHT = "کاغذ صاف شد."
INK_STRAIGHT_FAILED = "کاغذ صاف نشد. گوشه‌ها را دوباره بکشید یا همین عکس را نگه دارید."


# What happened to an order's paper from the mayor's hand on, and whether it is still the same.

PART: dict[P, str] = {
    P.INK: "با دست نوشته شد",
    P.TEXT: "متن تایپ شد",
    P.PHOTO: "از کاغذ عکس گرفته شد",
    P.STRAIGHTENED: "عکس صاف و خوانا شد",
    P.COMPOSED: "برگهٔ رسمی ساخته شد",
    P.THUMB: "تصویر کوچک ساخته شد",
    P.PRINTABLE: "نسخهٔ چاپی ساخته شد",
}
"""Each file by what was done when it came to be."""
SOUND = "این تصویر از {day} ساعت {time} تغییر نکرده است."
BROKEN = "این برگه دیگر همان نیست که ثبت شد."
BROKEN_LEAD = "فایل این گام‌ها عوض شده یا از میان رفته است: {parts}."
BROKEN_THEN = "قول و مهلت سر جای خود است. به بازرسی شهرداری یا ۱۳۷ خبر دهید."
STEPS = "از دست شهردار تا این صفحه"
WHY = (
    "هر تصویر نشانی دارد که از خود آن حساب می‌شود. اگر تصویر عوض شود، نشان هم عوض می‌شود. "
    "هر بار که این صفحه باز شود، دوباره حساب می‌کنیم."
)
CHANGED = "تغییر کرده است"
FINGER = "نشان این تصویر: {mark}"
WHEN = "{moment}\u00a0· {who}"

CHECK_TITLE = "بررسی دستور شهردار"
CHECK_GENUINE = "این دستور اصل است."
CHECK_VOID = "این دستور به اشتباه ثبت شده بود و باطل است."
CHECK_GENUINE_LEAD = (
    "شمارهٔ برگه، منطقه و تاریخ را با همین صفحه بسنجید. متن دستور را فقط شهروند و مسئولان می‌بینند."
)
CHECK_OFFICE = "شهرداری"
CHECK_OFFICE_OF = "منطقهٔ {district}"
CHECK_DATE = "تاریخ دستور"
CHECK_NUMBER = "شمارهٔ دستور"
CHECK_DIFFERS = "اگر چیزی روی برگه فرق دارد، به بازرسی شهرداری همان منطقه یا ۱۳۷ خبر دهید."
CHECK_UNKNOWN = "این دستور پیدا نشد."
CHECK_UNKNOWN_LEAD = (
    "کد مربعی روی برگه را دوباره و از نزدیک بخوانید. "
    "برگهٔ تاخورده یا رونوشت کم‌رنگ درست خوانده نمی‌شود."
)
CHECK_UNKNOWN_THEN = (
    "اگر باز هم پیدا نشد، برگه را به میز خدمت همان منطقه ببرید یا با ۱۳۷ تماس بگیرید."
)
CHECK_NOT_NOW = "اکنون بررسی نشد."
