"""An hour as it is read from a paper."""

import re
from datetime import datetime

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.records import Monday
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import ascii_digits

TYPED_MOST = 40
_HOUR = re.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])")


def paper_hour(typed: str, day: Monday, now: datetime) -> str:
    """«۹:۰۵» as `09:05`, not after now. Invalid `paper_time`, `paper_time_ahead`."""
    text = ascii_digits("".join(typed[:TYPED_MOST].split())).replace(".", ":")
    found = _HOUR.fullmatch(text)
    if found is None:
        raise Invalid("paper_time")
    hour = f"{int(found[1]):02d}:{found[2]}"
    if at_tehran(day.on, hour) > now:
        raise Invalid("paper_time_ahead")
    return hour
