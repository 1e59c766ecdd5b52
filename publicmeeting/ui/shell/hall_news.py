"""Announcement of what others changed in the hall, for users who do not see the list change."""

from collections.abc import Mapping

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.meetings import reception_text
from publicmeeting.usecases.meetings.agenda import DayBoard

Hall = Mapping[str, tuple[int, Stage]]
"""Number and stage of each visitor of a day, by tracking code. Another day has other codes."""


def hall_of(board: DayBoard) -> Hall:
    return {visitor.code: (visitor.number, visitor.stage) for visitor in board.visitors}


def hall_news(before: Hall, now: Hall) -> str:
    """Return who has come, gone in or been met since `before`, by number; "" if nothing changed."""
    words = reception_text.HALL_NEWS
    lines = [
        reception_text.DONE_LINE.format(number=persian(number), what=words[stage])
        for code, (number, stage) in now.items()
        if stage in words and code in before and words[stage] != words.get(before[code][1])
    ]
    return " ".join(lines)
