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
