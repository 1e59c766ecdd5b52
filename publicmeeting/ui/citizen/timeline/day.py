"""The day of her seat: her number large, who is in, how many before her, between when and when."""

from dataclasses import dataclass

from publicmeeting.domain.my_day import MyDay
from publicmeeting.kit.digits import persian
from publicmeeting.text.tracking import day_text, day_words
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move
from publicmeeting.ui.reflex.view_model import ViewModel


@dataclass(frozen=True)
class DayView(ViewModel):
    """Nothing is drawn without a number."""

    number: str = ""
    inside: str = ""
    before: str = ""
    entry: str = ""
    right: str = ""
    passed: str = ""
    as_of: str = ""
    stale: str = ""
    """Instead of `as_of` while the connection is lost."""
    call: str = ""
    """Identity of the newest call while it stands; empty without one."""
    coming: Move = NO_MOVE
    answer: str = ""
    answer_why: str = ""
    """What that button says, and does."""


NO_DAY = DayView()


def day_view(day: MyDay | None, coming: Move, now_words: str) -> DayView:
    """`now_words` is the hour at which all of it was so."""
    if day is None or not day.is_followed:
        return NO_DAY
    answer, why = day_words.coming_words(day) if coming.key else ("", "")
    return DayView(
        number=persian(day.number),
        inside=day_words.inside_words(day),
        before=day_words.before_words(day),
        entry=day_words.entry_words(day),
        right=day_words.right_words(day),
        passed=day_text.PASSED if day.is_passed else "",
        as_of=day_text.AS_OF.format(time=now_words),
        stale=day_text.STALE.format(time=now_words),
        call=str(day.call_id) if day.is_called else "",
        coming=coming,
        answer=answer,
        answer_why=why,
    )
