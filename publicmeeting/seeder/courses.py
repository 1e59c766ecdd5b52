"""What becomes of a mayor's order: courses dealt from a deck, and written out for the last
weeks."""

from dataclasses import dataclass
from enum import StrEnum


class Course(StrEnum):
    """From the room to the citizen's word, or to where the story ends."""

    DONE = "done"
    SETTLED = "settled"
    """Reported; she says nothing, and after ten days the clock takes it as done."""
    DISPUTED = "disputed"
    """Reported, not done, ordered again, done."""
    EXTENDED = "extended"
    LATE = "late"
    SENT_ON = "sent_on"
    """Not that unit's business; ordered again."""
    REFUSED = "refused"
    """No order at all: the mayor explains why it cannot be."""

    UNREAD = "unread"
    RETURNED = "returned"
    TAKEN_ON = "taken_on"
    MORE_TIME = "more_time"
    QUESTION = "question"
    NEWS = "news"
    REPORTED = "reported"
    CONTESTED = "contested"
    OVERDUE = "overdue"
    NEGLECTED = "neglected"
    """Nobody takes it on: its lateness has climbed to the city."""
    DISPUTED_AGAIN = "disputed_again"
    """Reported twice, not done twice: the city decides."""
    OBJECTED = "objected"
    """Refused, and she objects: the city answers."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step, that many days after the one before: working days of an office, a citizen's own
    days."""

    action: str
    least: int
    most: int


_TAKE_ON = Move("take_on", 1, 1)

MOVES: dict[Course, tuple[Move, ...]] = {
    Course.DONE: (_TAKE_ON, Move("report", 4, 11), Move("confirm_done", 0, 4)),
    Course.SETTLED: (Move("take_on", 1, 2), Move("report", 5, 12)),
    Course.DISPUTED: (
        _TAKE_ON,
        Move("report", 4, 9),
        Move("contest", 1, 3),
        Move("retry", 1, 3),
        Move("report", 4, 6),
        Move("confirm_done", 1, 4),
    ),
    Course.EXTENDED: (
        _TAKE_ON,
        Move("ask_extension", 7, 10),
        Move("extend", 1, 2),
        Move("report", 6, 9),
        Move("confirm_done", 0, 3),
    ),
    Course.LATE: (Move("take_on", 2, 4), Move("report", 15, 19), Move("confirm_done", 1, 4)),
    Course.SENT_ON: (
        Move("return", 1, 1),
        Move("reassign", 1, 2),
        Move("take_on", 1, 2),
        Move("report", 5, 9),
        Move("confirm_done", 1, 4),
    ),
    Course.REFUSED: (),
    Course.UNREAD: (),
    Course.RETURNED: (Move("return", 1, 2),),
    Course.TAKEN_ON: (_TAKE_ON,),
    Course.MORE_TIME: (_TAKE_ON, Move("ask_extension", 5, 6)),
    Course.QUESTION: (_TAKE_ON, Move("ask_citizen", 4, 5)),
    Course.NEWS: (_TAKE_ON, Move("ask_news", 8, 9), Move("give_news", 1, 1)),
    Course.REPORTED: (_TAKE_ON, Move("report", 4, 5)),
    Course.CONTESTED: (_TAKE_ON, Move("report", 6, 6), Move("contest", 4, 5)),
    Course.OVERDUE: (Move("take_on", 1, 2),),
    Course.NEGLECTED: (),
    Course.DISPUTED_AGAIN: (
        _TAKE_ON,
        Move("report", 3, 4),
        Move("contest", 1, 1),
        Move("retry", 1, 1),
        Move("report", 3, 4),
        Move("contest", 1, 2),
    ),
    Course.OBJECTED: (),
}

SHARES = {
    Course.DONE: 8,
    Course.SETTLED: 2,
    Course.DISPUTED: 2,
    Course.EXTENDED: 1,
    Course.LATE: 2,
    Course.SENT_ON: 1,
    Course.REFUSED: 2,
}

REFUSALS = frozenset({Course.REFUSED, Course.OBJECTED})
"""No order is written."""

LAST: dict[int, tuple[Course, ...]] = {
    0: (Course.UNREAD, Course.RETURNED, Course.TAKEN_ON, Course.TAKEN_ON),
    1: (Course.REPORTED, Course.MORE_TIME, Course.QUESTION, Course.OBJECTED),
    2: (Course.CONTESTED, Course.REPORTED, Course.NEWS, Course.DONE),
    3: (Course.DISPUTED_AGAIN, Course.NEGLECTED, Course.EXTENDED, Course.DISPUTED),
    4: (Course.DONE, Course.OVERDUE, Course.DONE, Course.SETTLED),
}
"""Weeks before the last Monday → the courses of a busy district's visitors, in their order: so
that the story ends with an order in every stage, whatever was dealt before."""
