"""An order's lateness and how far it has climbed, in the same words for everybody."""

from publicmeeting.domain.calendar import LateIn, Lateness
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.text.common import dates_text

LEVEL: dict[Level, str] = {
    Level.NONE: "",
    Level.UNIT: "واحد دیر کرده است",
    Level.MAYOR: "به شهردار رسید",
    Level.CITY: "به شهر رسید",
}
"""Beside the days of lateness; nothing where nobody is late."""

_LATE_IN: dict[LateIn, str] = {
    LateIn.WORK: "",
    LateIn.TAKING_ON: " در پذیرش",
    LateIn.DECISION: " در تصمیم",
    LateIn.ANSWER: " در پاسخ به شهروند",
}
"""After the days, where another deadline than that of the work has passed."""
_DAYS_LATE = "روز کاری دیرکرد"


def late_words(late: Lateness) -> str:
    """«۷ روز کاری دیرکرد», «۲۰ روز کاری دیرکرد در پذیرش»."""
    return f"{dates_text.late_words(late.days)}{_LATE_IN[late.of]}"


def late_says(late: Lateness) -> str:
    """The same below a number that stands alone."""
    return f"{_DAYS_LATE}{_LATE_IN[late.of]}"
