"""The situation of a citizen on the day of her seat, as values for page, paper and telephone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.estimate import EntryRange, RangesHeld
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day

NOT_BEFORE = timedelta(minutes=45)
"""Whoever comes more than this before her time comes too early."""


class DayState(StrEnum):
    """Her situation on the day; each has a sentence of its own."""

    EARLY = "early"
    DUE = "due"
    """She may come, and nobody has seen her yet."""
    LATE = "late"
    """Ten minutes after her time, and nobody has seen her."""
    GIVEN = "given"
    """She was in the hall without a seat and was assigned a free one, whose time may be past."""
    HERE = "here"
    CALLED = "called"
    FETCHED = "fetched"
    """She cannot hear or see the call: somebody comes to her."""
    COMING = "coming"
    """She has answered the call; nobody writes meanwhile that she is absent."""
    INSIDE = "inside"
    MISSED = "missed"
    """Noted as absent; she may still come late."""
    MISSED_OVER = "missed_over"
    OVER = "over"
    """The hours ended before her turn, though she was there."""
    BY_PHONE = "by_phone"
    """She is telephoned at her time and comes nowhere."""
    RUNG = "rung"
    """She was telephoned and did not answer; it is tried once more."""
    REACHED = "reached"
    """She has answered, and the meeting before hers is not over yet."""
    ON_THE_LINE = "on_the_line"
    """Her meeting goes on by telephone."""
    UNSEEN = "unseen"
    """The hours ended, and reception had not seen her."""


_NO_NUMBER = frozenset(
    {
        DayState.MISSED,
        DayState.MISSED_OVER,
        DayState.OVER,
        DayState.UNSEEN,
        DayState.INSIDE,
        DayState.ON_THE_LINE,
    }
)


@dataclass(frozen=True, slots=True)
class MyDay:
    """Today, for whoever holds, or held until now, a seat of it."""

    state: DayState
    number: int
    own_time: datetime
    ends_at: datetime
    """Until then she may still be received."""
    inside: int = 0
    """The number of whoever is in the room; 0 while nobody is."""
    begins_at: datetime | None = None
    """The first seat's time, while that is still ahead."""
    before: int | None = None
    """How many go in before her; None once she does not wait any more."""
    entry: EntryRange | None = None
    came_at: datetime | None = None
    calls: int = 0
    """How often she has been called since she came or left the room."""
    call_id: int = 0
    """Identity of the newest of these calls, 0 without one: whoever has noticed it once is not
    startled again by a page that is read anew."""
    waited_until: datetime | None = None
    """By her own word that she is coming."""
    ranges: RangesHeld = field(default_factory=RangesHeld)
    """How often the district's ranges were right of late."""
    is_fetched: bool = False
    """Somebody comes to her, in whatever state: she is called by no number."""
    was_rung: bool = False
    """How she was called today, or would have been, whatever has become of it."""
    is_passed: bool = False
    """While she sat there somebody of a later time went in; the reason is in the public log."""

    @property
    def is_called(self) -> bool:
        """A call is open, and she has not answered it."""
        return self.state in (DayState.CALLED, DayState.FETCHED)

    @property
    def is_followed(self) -> bool:
        """Whether her number is still what she waits for."""
        return self.state not in _NO_NUMBER

    @property
    def is_by_phone(self) -> bool:
        """She sits at home, and is rung instead of called."""
        return self.state in (DayState.BY_PHONE, DayState.RUNG)


# «دارم می‌آیم»: how long she is waited for who answers a call with it.

WAITED_FOR = timedelta(minutes=10)
"""As long as after her own time; once a day."""


def coming_until(request: Request) -> datetime | None:
    """Until when nobody writes that she is absent, by her word of the day of her seat; None without
    one."""
    word = request.last(Action.COMING)
    if word is None or request.seat is None or tehran_day(word.at) != request.seat.monday:
        return None
    return word.at + WAITED_FOR
