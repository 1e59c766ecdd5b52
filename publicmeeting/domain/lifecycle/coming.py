"""«دارم می‌آیم»: how long she is waited for who answers a call with it."""

from datetime import datetime, timedelta

from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day

WAITED_FOR = timedelta(minutes=10)
"""As long as after her own time; once a day."""


def coming_until(request: Request) -> datetime | None:
    """Until when nobody writes that she is absent, by her word of the day of her seat; None without
    one."""
    word = request.last(Action.COMING)
    if word is None or request.seat is None or tehran_day(word.at) != request.seat.monday:
        return None
    return word.at + WAITED_FOR
