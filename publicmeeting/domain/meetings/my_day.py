"""A citizen's situation on the day of her seat, as values for pages, paper and the phone line."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.meetings.estimate import EntryRange, RangesHeld
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day

NOT_BEFORE = timedelta(minutes=45)
"""A citizen who arrives more than this before her time is too early."""


class DayState(StrEnum):
    """Her situation on the day; each has its own sentence."""

    EARLY = "early"
    DUE = "due"
    """She may come, and reception has not seen her yet."""
    LATE = "late"
    """Ten minutes have passed since her time, and reception has not seen her."""
    GIVEN = "given"
    """She was in the hall and was assigned a free seat, whose time may have passed."""
    HERE = "here"
    CALLED = "called"
    FETCHED = "fetched"
    """She cannot hear or see the call, so reception walks up to her."""
    COMING = "coming"
    """She answered the call; until the wait is over nobody may write that she is absent."""
    INSIDE = "inside"
    MISSED = "missed"
    """Noted as absent; she may still come late."""
    MISSED_TAKEN = "missed_taken"
    """Noted as absent, and a standby has her seat."""
    MISSED_OVER = "missed_over"
    OVER = "over"
    """The hours ended before her turn, although she was there."""
    BY_PHONE = "by_phone"
    """She is telephoned at her time and comes nowhere."""
    RUNG = "rung"
    """She was telephoned and did not answer; reception tries once more."""
    REACHED = "reached"
    """She answered the phone, and the meeting before hers is not over yet."""
    ON_THE_LINE = "on_the_line"
    """Her meeting takes place by telephone."""
    UNSEEN = "unseen"
    """The hours ended, and reception had not seen her."""


_NO_NUMBER = frozenset(
    {
        DayState.MISSED,
        DayState.MISSED_TAKEN,
        DayState.MISSED_OVER,
        DayState.OVER,
        DayState.UNSEEN,
        DayState.INSIDE,
        DayState.ON_THE_LINE,
    }
)


@dataclass(frozen=True, slots=True)
class MyDay:
    """The day of a citizen who holds a seat today, or has held it until now."""

    state: DayState
    number: int
    own_time: datetime
    ends_at: datetime
    """Until then she may still be received."""
    inside: int = 0
    """Number of the visitor in the room; 0 while it is empty."""
    begins_at: datetime | None = None
    """Time of the first seat, while it is still ahead."""
    before: int | None = None
    """How many go in before her; None once she no longer waits."""
    entry: EntryRange | None = None
    came_at: datetime | None = None
    calls: int = 0
    """How often she was called since she arrived or left the room."""
    call_id: int = 0
    """Event id of the newest of these calls, 0 without one.

    The page uses it so that a reload does not alert her again to a call that she has already
    noticed.
    """
    waited_until: datetime | None = None
    """Until when she is waited for, after she answered that she is coming."""
    ranges: RangesHeld = field(default_factory=RangesHeld)
    """How often the district's ranges were right lately."""
    is_fetched: bool = False
    """Whether somebody fetches her, in any state; she is never called by number."""
    was_rung: bool = False
    """Whether reception telephones her today instead of calling her, in any state."""
    is_passed: bool = False
    """Somebody with a later time went in while she was there; the log has the reason."""

    @property
    def is_called(self) -> bool:
        """A call is open, and she has not answered it."""
        return self.state in (DayState.CALLED, DayState.FETCHED)

    @property
    def is_followed(self) -> bool:
        """Whether she still follows her own number."""
        return self.state not in _NO_NUMBER

    @property
    def is_by_phone(self) -> bool:
        """She is at home, and reception telephones instead of calling her."""
        return self.state in (DayState.BY_PHONE, DayState.RUNG)


# «دارم می‌آیم»: how long the city waits for a citizen who answers a call with it.

WAITED_FOR = timedelta(minutes=10)
"""As long as the wait after her own time; once a day."""


def coming_until(request: Request) -> datetime | None:
    """Return until when nobody may note her absent, after «دارم می‌آیم» on the day of her seat.

    None without such an answer.
    """
    word = request.last(Action.COMING)
    if word is None or request.seat is None or tehran_day(word.at) != request.seat.monday:
        return None
    return word.at + WAITED_FOR
