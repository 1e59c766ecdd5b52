"""What happened to an order's paper from the mayor's hand on, and whether it is still the same."""

from publicmeeting.domain.choices import SheetPart as P

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
BROKEN_LEAD = "پروندهٔ این گام‌ها عوض شده یا از میان رفته است: {parts}."
BROKEN_THEN = "قول و مهلت سر جای خود است. به بازرسی شهرداری یا ۱۳۷ خبر دهید."
STEPS = "از دست شهردار تا این صفحه"
WHY = "نشان هر پرونده از خود آن حساب می‌شود. هر بار که این صفحه باز شود، دوباره حساب می‌کنیم."
CHANGED = "تغییر کرده است"
FINGER = "نقش این تصویر: {mark}"
WHEN = "{moment} · {who}"

CHECK_TITLE = "بررسی دستور شهردار"
CHECK_GENUINE = "این دستور اصل است."
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
    "رمزینهٔ روی برگه را دوباره و از نزدیک بخوانید. برگهٔ تاخورده یا رونوشت کم‌رنگ درست خوانده نمی‌شود."
)
CHECK_UNKNOWN_THEN = (
    "اگر باز هم پیدا نشد، برگه را به میز خدمت همان منطقه ببرید یا با ۱۳۷ تماس بگیرید."
)
CHECK_NOT_NOW = "اکنون بررسی نشد."
