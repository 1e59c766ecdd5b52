"""The record of a meeting: who held it, from when to when, and with what it ended."""

from collections.abc import Iterator

from publicmeeting.kit.clock import tehran_day
from publicmeeting.turns.kinds import RecordedBy
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.lookup import draw_of
from publicmeeting.turns.machine.state import Book, Draw, Entry
from publicmeeting.turns.machine.tickets import known, unit

_HOLDERS = ("mayor", "deputy")


def meeting_recorded(book: Book, entry: Entry) -> Iterator[Found]:
    """Once, behind her `met`, by the mayor or a deputy of that district; it moves nothing."""
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    met = draw.meetings.get(ticket.name)
    if met is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.because != [met.seq] or met.text("time") != entry.text("time"):
        raise Refused(Break.CAUSE_WRONG)
    if unit(entry.text("officer")) not in {f"{one}-{draw.district:02d}" for one in _HOLDERS}:
        raise Refused(Break.BY_WRONG)
    del draw.meetings[ticket.name]
    if not _is_possible(draw, entry, met):
        yield Found(Break.RECORD_WRONG, entry.seq, draw.name, ticket.name)
    ended = instant(entry.text("ended"))
    draw.free_from = max(ended, draw.free_from or ended)


def _is_possible(draw: Draw, entry: Entry, met: Entry) -> bool:
    """Within the day and over by now; one that was pressed as it happened also begins after she
    had come and the room was free, and ends with her `met`."""
    began, ended = instant(entry.text("began")), instant(entry.text("ended"))
    if not (tehran_day(began) == draw.monday and began <= ended <= entry.at):
        return False
    if RecordedBy(entry.text("source")) is not RecordedBy.LIVE:
        return True
    came_at = draw.came_at.get(met.text("ticket"))
    before = (one for one in (came_at, draw.held_at, draw.free_from) if one is not None)
    return ended == met.at and all(began >= one for one in before)
