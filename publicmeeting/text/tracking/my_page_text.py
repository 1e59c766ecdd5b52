"""A citizen's own page beside `text.mine`: what each row and message says of itself."""

LINE = "منطقهٔ {district} · {subject}"
FILED = "ثبت: {moment}"
SEAT = "نوبت: {day}، ساعت {time}"
YOUR_ANSWER = "پاسخ شما لازم است"
ASKED_YOU = "منتظر پاسخ شما"
LATE = "دستور: {late}"
PAST = "درخواست‌های پیشین"
NEW = "تازه"
OLDER = "پیام‌های پیشین"
QUEUED = "پیامک در صف است"
QUIET = "در صف؛ شب پیامک نمی‌فرستیم، {moment}"
AGAIN = "پیامک نرسید؛ دوباره تلاش می‌کنیم (بار {time})، {moment}"
REACHED = {"sent": "پیامک فرستاده شد: {moment}", "told": "تلفنی گفته شد: {moment}"}
NOT_REACHED = {
    "failed": "پیامک نرسید؛ از میز خدمت تلفنی خبر می‌دهیم",
    "to_call": "موبایل ندارید؛ از میز خدمت تلفنی خبر می‌دهیم",
}
"""How a notice reached her or will, by the outbox's own states."""
NEW_COUNT = "{count} پیام تازه."
NOTICES_WHY = "هر پیام همین‌جا می‌ماند. پیامک از ۸ صبح تا ۲۲ فرستاده می‌شود."
NAME, IDENTITY, MOBILE = "نام", "کد ملی یا فراگیر", "موبایل"
DATA_WHY = "شماره‌ها را پوشیده نشان می‌دهیم تا کسی از روی شانهٔ شما نخواند."
FOR_WHOM = "درخواست‌های چه کسی را می‌بینید؟"
FOR_WHOM_LEAD = "با این موبایل برای چند نفر ثبت شده است."
CHANGED = "درخواست‌های شما تازه شد."
NEW_REQUEST = "درخواست تازه"
SIGN_OUT_ALL_WHY = "اگر موبایل را گم کرده‌اید یا جای دیگری وارد شده‌اید."
