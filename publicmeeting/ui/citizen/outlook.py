"""An honest expectation in words and tiles, the same wherever it stands."""

from datetime import date, timedelta

from publicmeeting.domain.calendar import next_monday
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month
from publicmeeting.text import dates
from publicmeeting.text import home as words
from publicmeeting.ui.design.models import Tile
from publicmeeting.usecases.expectation import Outlook

SHOWN = 5
"""Mondays in the row."""
_WEEK = timedelta(weeks=1)


def range_words(found: Outlook) -> str:
    """The one Monday to expect and the range around it, as far as either can be said."""
    if found.earliest is None:
        return words.FAR
    first = day_month(found.earliest)
    if found.likely is None:
        return words.FROM_FAR.format(first=first)
    likely = day_month(found.likely)
    if found.latest is None:
        return words.FROM.format(likely=likely, first=first)
    if found.earliest == found.latest:
        return words.ON.format(day=likely)
    return words.BETWEEN.format(likely=likely, first=first, last=day_month(found.latest))


def basis_words(found: Outlook) -> str:
    """What the estimate rests on and, in a paragraph of its own, what has happened lately, so
    that one can be weighed against the other and neither be taken for the other."""
    basis = [words.NOBODY_BEFORE]
    if found.before:
        basis = [words.BEFORE.format(before=dates.people(found.before))]
    if found.alike:
        basis.append(words.ALIKE.format(alike=dates.people(found.alike)))
    basis.append(words.SERVED.format(seats=persian(found.seats)))
    said = [" ".join(basis)]
    lately = found.recent
    if lately is not None:
        said.append(
            words.RECENT.format(
                met=dates.people(lately.met),
                half=dates.weeks(lately.half),
                most=dates.weeks(lately.most),
            )
        )
    return "\n".join(said)


def monday_tiles(found: Outlook, today: date) -> tuple[Tile, ...]:
    """Five Mondays in a row around the expected one, which is glazed, the rest of the range paler;
    none where it is too far to say."""
    first = found.earliest
    if first is None:
        return ()
    start = first - max(min(first - next_monday(today), _WEEK), timedelta())
    if found.likely is not None:
        start = max(start, found.likely - SHOWN // 2 * _WEEK)

    def kind(day: date) -> str:
        if day == found.likely:
            return "glazed"
        return "s2" if first <= day and (found.latest is None or day <= found.latest) else "raw"

    days = [start + at * _WEEK for at in range(SHOWN)]
    return tuple(Tile(kind(day), day_month(day)) for day in days)
