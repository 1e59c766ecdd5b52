"""An honest expectation in words and tiles, the same wherever it stands."""

from datetime import date, timedelta

from publicmeeting.domain.calendar import next_monday
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month, weekday_day
from publicmeeting.text import dates
from publicmeeting.text import home as words
from publicmeeting.ui.design.models import Tile
from publicmeeting.usecases.expectation import Outlook

SHOWN = 5
"""Mondays in the row."""
_WEEK = timedelta(weeks=1)


def range_words(found: Outlook) -> str:
    """Between which Mondays, as far as it can be said."""
    if found.earliest is None:
        return words.FAR
    if found.latest is None:
        return words.FROM.format(first=weekday_day(found.earliest))
    if found.earliest == found.latest:
        return words.ON.format(day=weekday_day(found.earliest))
    return words.BETWEEN.format(first=weekday_day(found.earliest), last=weekday_day(found.latest))


def basis_words(found: Outlook) -> str:
    """What the estimate rests on, and what has happened lately, so that one can be weighed
    against the other."""
    said = words.BASIS if found.before else words.FIRST_OF_ALL
    basis = said.format(before=dates.people(found.before), seats=persian(found.seats))
    lately = found.recent
    if lately is None:
        return basis
    recent = words.RECENT.format(
        met=dates.people(lately.met),
        half=dates.weeks(lately.half),
        most=dates.weeks(lately.most),
    )
    return f"{basis} {recent}"


def monday_tiles(found: Outlook, today: date) -> tuple[Tile, ...]:
    """Five Mondays in a row, the likely ones glazed; none where it is too far to say."""
    first = found.earliest
    if first is None:
        return ()
    start = first - max(min(first - next_monday(today), _WEEK), timedelta())
    last = found.latest or found.likely

    def kind(day: date) -> str:
        return "glazed" if first <= day and (last is None or day <= last) else "raw"

    days = [start + at * _WEEK for at in range(SHOWN)]
    return tuple(Tile(kind(day), day_month(day)) for day in days)
