"""Where a Monday is held, if not in the district's hall, and who sits beside the mayor."""

from datetime import datetime

from publicmeeting.kit.jalali import clock_words

TITLE = "جا و مهمان {day}"
PLACE = "جای ملاقات"
PLACE_HINT = "نام و نشانی. خالی بگذارید تا ملاقات در «{usual}» باشد."
GUEST = "مهمان در کنار شهردار"
GUEST_HINT = "مانند عضو شورای شهر. نام او را همه می‌بینند."
NOTIFIES = (
    "اگر جا عوض شود، {when} به {count} و به نخستین ذخیره‌ها پیام می‌رسد؛ تا آن وقت "
    "می‌توانید درستش کنید."
)
NOTIFIES_NOBODY = "هنوز کسی برای این روز نوبت ندارد."
SEND = "ثبت جا و مهمان"
DONE = "ثبت شد. همه این‌ها را می‌بینند."
DONE_MOVED = "ثبت شد. {when} به {count} و به نخستین ذخیره‌ها پیام می‌رسد، مگر جا را دوباره عوض کنید."
OTHER_TABLE = "این فرم برای منطقهٔ دیگری پر شده بود و ثبت نشد. اینجا دوباره بنویسید."
_SOON = "دو دقیقهٔ دیگر"
_IN_THE_MORNING = "ساعت {clock} صبح"
"""By night few are woken, and nobody before six."""
_AT = "جای ملاقات: {place}"
_BESIDE = "در کنار شهردار: {name}"
NEXT_DAY = "{day}:"


def when(notified_at: datetime | None) -> str:
    """When a message goes; None: as soon as the place has settled."""
    return _IN_THE_MORNING.format(clock=clock_words(notified_at)) if notified_at else _SOON


def facts(place: str, guest: str) -> list[str]:
    """A sentence for each that is named."""
    found = [_AT.format(place=place)] if place else []
    return [*found, _BESIDE.format(name=guest)] if guest else found
