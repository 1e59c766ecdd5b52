"""By how much the day is late, in the words that everybody reads."""

from datetime import timedelta

import pytest
from support.line import MONDAY

from publicmeeting.domain.meetings.estimate import Pace, entry_range
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.meetings.estimate_text import delay_words

NINE = at_tehran(MONDAY, "09:00")
SLOT = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("late", "before", "words"),
    [
        (0, 0, "سر وقت"),
        (4, 0, "سر وقت"),
        (6, 0, "حدود ۵ تا ۲۰ دقیقه دیرتر از برنامه"),
        (20, 1, "حدود ۲۰ تا ۵۵ دقیقه دیرتر از برنامه"),
        (80, 0, "حدود ۸۰ تا ۹۵ دقیقه دیرتر از برنامه"),
        (105, 0, "حدود ۱ ساعت و ۴۵ دقیقه تا ۲ ساعت دیرتر از برنامه"),
        (330, 0, "حدود ۵ ساعت و ۳۰ دقیقه تا ۵ ساعت و ۴۵ دقیقه دیرتر از برنامه"),
    ],
)
def test_lateness_is_told_as_a_range_on_five_minutes(late: int, before: int, words: str) -> None:
    entry = entry_range(Pace(SLOT), before, NINE, NINE + timedelta(minutes=late))
    assert delay_words(entry) == words


def test_where_it_may_still_be_in_time_only_the_most_is_told() -> None:
    entry = entry_range(Pace(SLOT, inside_for=timedelta(minutes=9)), 0, NINE, NINE)
    assert delay_words(entry) == "تا ۲۰ دقیقه دیرتر از برنامه"
