"""Who remains of a Monday on paper is read in one query, even with hundreds in its line."""

from datetime import timedelta

from support.hall import Hall
from support.line import MONDAY
from support.plans import asked

from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.on_paper.paper_after import NotePaper, note_paper, paper_left

READING, NOTING, LEFT = 16, 20, 5
"""Most statements; they were 31 and 37 when each of those five was read by itself."""


def test_those_of_a_paper_monday_are_read_at_once(hall: Hall) -> None:
    hall.ends(is_checked=True)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "09:00"))
    with asked(hall.application.store.engine) as reading:
        seen = hall.query("mayor", paper_left, Nothing())
    assert len(seen.left) == LEFT
    assert len(reading) <= READING
    note = NotePaper(code=hall.guests[0].code, begun="9:00", ended="9:10", note="نوشته شد.")
    with asked(hall.application.store.engine) as noting:
        hall.execute("mayor", note_paper, note)
    assert len(noting) <= NOTING
