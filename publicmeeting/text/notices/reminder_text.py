"""The evening before a meeting: told to everybody whose seat is confirmed."""

from publicmeeting.text.common.facts_text import in_order, shown
from publicmeeting.text.notices.notices_text import SMS_BEGINS, Notice

_TITLE = "فردا نوبت شماست"
_TEXT = "{day}، ساعت {time}. کارت شناسایی و اصل مدارک را بیاورید. اگر نمی‌آیید، همین حالا بگویید."
_SMS = SMS_BEGINS + "فردا {day}، ساعت {time}. کارت شناسایی بیاورید. نشان دفتر عمومی: {log}"


def reminder(*, code: str, day: str, time: str, log: str) -> Notice:
    """The filled notice; `day` and `time` in words, `log` the log's first 8 characters."""
    words = {"code": shown(code), "day": day, "time": time, "log": in_order(log)}
    return Notice(_TITLE, _TEXT.format(**words), _SMS.format(**words))
