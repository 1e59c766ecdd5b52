"""The hours of a meeting as they are read from a paper."""

import re
from datetime import datetime

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.records import Monday
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import without_marks
from publicmeeting.usecases.base import FormValidator

TYPED_MOST = 40
_HOUR = re.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])")


def paper_hour(typed: str, day: Monday, now: datetime) -> str:
    """«۹:۰۵» as `09:05`, not after now. Invalid `paper_time`, `paper_time_ahead`."""
    text = without_marks(typed[:TYPED_MOST]).replace(".", ":")
    found = _HOUR.fullmatch(text)
    if found is None:
        raise Invalid("paper_time")
    hour = f"{int(found[1]):02d}:{found[2]}"
    if at_tehran(day.on, hour) > now:
        raise Invalid("paper_time_ahead")
    return hour


def paper_hours(
    form: FormValidator, typed: tuple[str, str], day: Monday, now: datetime
) -> tuple[str | None, str | None]:
    """When a meeting began and ended, from the fields `begun` and `ended`; None for what is wrong,
    which the form then refuses, also with `paper_times` for an end that is not after its begin."""
    begun, ended = (
        form.field(name, lambda text: paper_hour(text, day, now), text)
        for name, text in zip(("begun", "ended"), typed, strict=True)
    )
    if begun and ended and begun >= ended:
        form.refuse("ended", "paper_times")
    return begun, ended
