"""A citizen's own page beside `text.mine`: what each row and message says of itself."""

CODE = "کد رهگیری {code}"
LINE = "منطقهٔ {district} · {subject}"
FILED = "ثبت: {moment}"
SEAT = "نوبت: {day}، ساعت {time}"
YOUR_ANSWER = "پاسخ شما لازم است"
LATE = "دستور: {late}"
PAST = "درخواست‌های پیشین"
NEW = "تازه"
OLDER = "پیام‌های پیشین"
STATE = {
    "waiting": "پیامک در راه است",
    "sent": "با پیامک هم فرستادیم",
    "failed": "پیامک نرسید؛ همین‌جا بخوانید",
    "to_call": "میز خدمت تلفنی خبر می‌دهد",
    "told": "تلفنی خبر دادیم",
}
"""How a notice reached her, by the outbox's own states."""
NAME, IDENTITY, MOBILE = "نام", "شناسه", "موبایل"
DATA_WHY = "شماره‌ها را پوشیده نشان می‌دهیم تا کسی از روی شانهٔ شما نخواند."
FOR_WHOM = "درخواست‌های چه کسی را می‌بینید؟"
FOR_WHOM_LEAD = "با این موبایل برای چند نفر ثبت شده است."
CHANGED = "درخواست‌های شما تازه شد."
NEW_REQUEST = "درخواست تازه"
SIGN_OUT_ALL_WHY = "اگر موبایل را گم کرده‌اید یا جای دیگری وارد شده‌اید."
