"""When somebody goes in, and by how much the day is late: always a range, never one minute."""

from datetime import timedelta

from publicmeeting.domain.meetings.estimate import EntryRange, RangesHeld
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.common import dates_text

_ON_TIME = "سر وقت"
_LATE = "حدود {least} تا {most} دیرتر از برنامه"
_RANGE = "حدود {earliest} تا {latest}"
_RIGHT = "در ۸ هفتهٔ گذشته، چنین ساعتی {held} بار از {shown} بار درست بود."
_LATE_TO = "تا {most} دیرتر از برنامه"
_LONG = 100
"""Minutes of delay from which a range is easier to read in hours."""


def delay_words(entry: EntryRange) -> str:
    """«حدود ۵ تا ۲۰ دقیقه دیرتر از برنامه»; «سر وقت» for whoever is expected in time."""
    if not entry.is_late:
        return _ON_TIME
    least, most = (int(delay / timedelta(minutes=1)) for delay in entry.delay)
    if not least:
        return _LATE_TO.format(most=dates_text.long_minutes(most))
    if most < _LONG:
        return _LATE.format(least=persian(least), most=dates_text.minutes(most))
    return _LATE.format(least=dates_text.long_minutes(least), most=dates_text.long_minutes(most))


def range_words(entry: EntryRange) -> str:
    """«حدود ۹:۲۰ تا ۹:۴۵»."""
    return _RANGE.format(earliest=clock_words(entry.earliest), latest=clock_words(entry.latest))


def right_words(ranges: RangesHeld) -> str:
    """How often the ranges of a district were right; nothing of too few."""
    if not ranges.enough:
        return ""
    return _RIGHT.format(held=persian(ranges.held), shown=persian(ranges.shown))
