"""What the clock says of its own absence, and what that excuses (docs/turns.md 1).

Nobody outside can know whether the city was away. So the entry is public, stands where the first
seat is kept, and holds for everybody whose answer it took: nobody's silence is kept free alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from publicmeeting.turns.log import instant
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat
from publicmeeting.turns.machine.tables import SeatState
from publicmeeting.turns.machine.times import LEEWAY

TIME_TO_ANSWER = timedelta(hours=1)
"""An absence that leaves so much before the end of an answer takes nothing."""
UNRECORDED = timedelta(hours=1)
"""A shorter absence is not logged; so much later than its end nothing is left to the clock."""


def outage(book: Book, entry: Entry) -> Iterator[Found]:
    since, until = instant(entry.text("from")), instant(entry.text("until"))
    last = max((end for _, end in book.outages), default=since)
    is_in_time = until <= entry.at <= until + TIME_TO_ANSWER + LEEWAY
    new = since, until
    has_lapsed = book.lapsed_end is not None and _takes(new, book.lapsed_end)
    if not last <= since < until or not is_in_time or has_lapsed:
        raise Refused(Break.STEP_NOT_ALLOWED)
    book.outages.append(new)
    yield from ()


def is_excused(book: Book, ends: datetime) -> bool:
    """Whether the city was away when whoever had until `ends` might still have answered."""
    return any(_takes(one, ends) for one in book.outages)


def _takes(outage: tuple[datetime, datetime], ends: datetime) -> bool:
    since, until = outage
    return since <= ends - TIME_TO_ANSWER < until


def not_lapsed(book: Book, draw: Draw, seat: Seat, entry: Entry) -> Iterator[Found]:
    """A seat that somebody still has without an answer, though its end has long gone by."""
    if seat.state is not SeatState.GIVEN or seat.ends is None:
        return
    if entry.at > seat.ends + LEEWAY + UNRECORDED and not is_excused(book, seat.ends):
        yield Found(Break.NOT_LAPSED, entry.seq, draw.name, seat.holder)
