"""Outages that the clock records, and which lapses they excuse (docs/turns.md section 1).

Nobody outside can know whether the city was down. The entry is therefore public, must precede the
first seat it preserves, and applies to everybody whose answer it prevented: it cannot favour one
citizen alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from publicmeeting.turns.log import instant
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat
from publicmeeting.turns.machine.tables import SeatState
from publicmeeting.turns.machine.times import LEEWAY

TIME_TO_ANSWER = timedelta(hours=1)
"""An outage that leaves this much time before the deadline of an answer excuses nothing."""
UNRECORDED = timedelta(hours=1)
"""Shorter outages are not logged; this long after a deadline the clock has no excuse."""


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
    """Whether an outage prevented an answer that was due at `ends`.

    It did if the city was away one hour before that.
    """
    return any(_takes(one, ends) for one in book.outages)


def _takes(outage: tuple[datetime, datetime], ends: datetime) -> bool:
    since, until = outage
    return since <= ends - TIME_TO_ANSWER < until


def not_lapsed(book: Book, draw: Draw, seat: Seat, entry: Entry) -> Iterator[Found]:
    """Report a seat that is still held without an answer, long after its deadline."""
    if seat.state is not SeatState.GIVEN or seat.ends is None:
        return
    if entry.at > seat.ends + LEEWAY + UNRECORDED and not is_excused(book, seat.ends):
        yield Found(Break.NOT_LAPSED, entry.seq, draw.name, seat.holder)
