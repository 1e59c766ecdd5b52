"""The instant of a press that comes late, from a tablet that had no network."""

from datetime import datetime, timedelta

from publicmeeting.domain.records import PRESSED_AT, Request

_LATE_PRESS = 15
"""Seconds under which a press counts as having arrived at once."""
_LONGEST_AGO = 24 * 60 * 60


def pressed_before(request: Request, ago: int, now: datetime) -> dict[str, object]:
    """The payload of a press that arrives `ago` seconds late: its instant, for the minutes of the
    meeting.

    The tablet's word, so it lies between the last event of the case and now and decides nothing;
    seconds since, because the tablet's own clock may be wrong.
    """
    if ago < _LATE_PRESS:
        return {}
    earliest = request.history[-1].pressed_at if request.history else now
    pressed = max(earliest, press_instant(ago, now))
    return {PRESSED_AT: pressed.isoformat()} if pressed < now else {}


def press_instant(ago: int, now: datetime) -> datetime:
    """When a press was made that arrives `ago` seconds later, by the tablet's word."""
    return now - timedelta(seconds=min(max(ago, 0), _LONGEST_AGO))
