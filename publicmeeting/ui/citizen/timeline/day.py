"""The day of her seat: her number large, who is in, how many before her, between when and when."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings.estimate_text import range_words
from publicmeeting.text.tracking import day_text
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.meetings.her_day import NOT_BEFORE, DayState, MyDay


@dataclass(frozen=True)
class DayView(ViewModel):
    """Nothing is drawn without a number."""

    number: str = ""
    inside: str = ""
    before: str = ""
    entry: str = ""
    passed: str = ""
    as_of: str = ""
    stale: str = ""
    """Instead of `as_of` while the connection is lost."""
    call: str = ""
    """Identity of the newest call while it stands; empty without one."""
    coming: Move = NO_MOVE


NO_DAY = DayView()
_NO_NUMBER = frozenset(
    {DayState.MISSED, DayState.MISSED_OVER, DayState.OVER, DayState.UNSEEN, DayState.INSIDE}
)
"""Her number is no longer, or not any more, what she waits for."""
CALLED = frozenset({DayState.CALLED, DayState.FETCHED})
"""The page shows this before all else, as an alert."""


def day_words(day: MyDay) -> tuple[str, str]:
    """What has happened, and what she does now."""
    words = {
        "time": clock_words(day.own_time),
        "opens": clock_words(day.own_time - NOT_BEFORE),
        "ends": clock_words(day.ends_at),
        "came": clock_words(day.came_at) if day.came_at else "",
        "until": clock_words(day.waited_until) if day.waited_until else "",
        "times": dates_text.times(day.calls),
    }
    heads = day_text.AGAIN if day.calls > 1 and day.state in CALLED else day_text.HEAD
    return heads[day.state].format(**words), day_text.MEANS[day.state].format(**words)


def day_view(day: MyDay | None, coming: Move, now_words: str) -> DayView:
    """`now_words` is the hour at which all of it was so."""
    if day is None or day.state in _NO_NUMBER:
        return NO_DAY
    return DayView(
        number=persian(day.number),
        inside=inside_words(day),
        before=before_words(day),
        entry=day_text.ENTRY.format(range=range_words(day.entry)) if day.entry else "",
        passed=day_text.PASSED if day.is_passed else "",
        as_of=day_text.AS_OF.format(time=now_words),
        stale=day_text.STALE.format(time=now_words),
        call=str(day.call_id) if day.state in CALLED else "",
        coming=coming,
    )


def inside_words(day: MyDay) -> str:
    """Who is in: a number, and nothing else of her."""
    if day.inside:
        return day_text.INSIDE.format(number=persian(day.inside))
    if day.begins_at:
        return day_text.BEGINS.format(time=clock_words(day.begins_at))
    return day_text.ROOM_FREE


def before_words(day: MyDay) -> str:
    if day.before is None:
        return ""
    people = dates_text.people(day.before)
    return day_text.BEFORE.format(people=people) if day.before else day_text.IS_NEXT
