"""Content of a hall's screen as words and numbers, without names and tickets.

The browser decides only the order of announcements and whether its news is stale.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from publicmeeting.domain.meetings.voice import call_clips, late_clip
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.stages import CALLED_BY_NAME, IN_HALL, INSIDE
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.meetings.day_place_text import facts
from publicmeeting.text.meetings.estimate_text import delay_words
from publicmeeting.usecases.meetings.agenda import DayBoard, Visitor
from publicmeeting.usecases.meetings.in_hall.hall import DayCall, HallScreen


class Shown(TypedDict):
    """What the middle of the screen shows."""

    number: str
    title: str
    where: str


class Call(Shown):
    """One announced call. `id` is its event's, so the second call of a number has another one."""

    id: int
    at: int
    """Milliseconds since the epoch, as in `News.now` and the code's `until`."""
    time: str
    nth: str
    says: str
    clips: tuple[str, ...]


class _Next(TypedDict):
    """A visitor who goes in soon; `here` if she is in the hall or at her telephone."""

    number: str
    here: bool


class _Code(TypedDict):
    digits: str
    qr: str
    until: int
    lead: str


class _Head(TypedDict):
    now: int
    unit: str
    date: str


class News(_Head):
    """The content of the screen, also as JSON for its script."""

    presence: str
    shown: Shown
    calls: list[Call]
    next: list[_Next]
    absent: str
    late: str
    late_clip: str
    summary: str
    seats: list[str]
    code: _Code | None
    clips: dict[str, str]


NEXT_MOST = 2
CALLS_MOST = 40
"""Maximum number of calls in the news; more never wait to be announced on one day."""
_NTH = {2: hall_text.SECOND}


def empty_news(district: int, now: datetime) -> News:
    """Return the news while the district has no future Monday."""
    return {
        **_head(district, now),
        "presence": "",
        "shown": _shown("", hall_text.NO_MEETING, hall_text.NO_MONDAY),
        "calls": [],
        "next": [],
        "absent": "",
        "late": "",
        "late_clip": "",
        "summary": "",
        "seats": [],
        "code": None,
        "clips": {},
    }


def news_of(seen: HallScreen, clip_address: Mapping[str, str]) -> News:
    """Return the news; `clip_address` maps a clip to the address of its own recording."""
    board, now = seen.board, seen.board.now
    today = board.monday.on == tehran_day(now)
    announced = [call for call in seen.calls if call.is_announced]
    return {
        **_head(board.monday.district, now),
        "presence": _presence(seen, today=today),
        "shown": _resting(seen, announced, today=today),
        "calls": [call_view(call) for call in announced[-CALLS_MOST:]] if today else [],
        "next": [_next(visitor) for visitor in _following(board)] if today else [],
        "absent": _absent(board) if today else "",
        "late": delay_words(board.entry) if today and board.entry else "",
        "late_clip": _late_clip(board) if today else "",
        "summary": _summary(board.visitors, seen.unread) if today else "",
        "seats": [_kind(visitor) for visitor in board.visitors] if today else [],
        "code": _code(seen),
        "clips": dict(clip_address),
    }


def mark_of(news: News) -> str:
    """Return a hash of the news without its clock; it changes when the screen changes."""
    text = json.dumps({**news, "now": 0}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _head(district: int, now: datetime) -> _Head:
    return {
        "now": round(now.timestamp() * 1000),
        "unit": hall_text.UNIT.format(district=persian(district)),
        "date": day_words(tehran_day(now)),
    }


def _presence(seen: HallScreen, *, today: bool) -> str:
    """Return who receives and, on the day, a different place and a guest; "" if it is closed."""
    if _is_closed(seen.board):
        return ""
    holds = [hall_text.HOLDS.format(role=ROLE[seen.holder.role])] if seen.holder else []
    monday = seen.board.monday
    return "\u00a0· ".join([*holds, *(facts(monday.place, monday.guest) if today else [])])


def _shown(number: str, title: str, where: str) -> Shown:
    return {"number": number, "title": title, "where": where}


def _resting(seen: HallScreen, announced: Sequence[DayCall], *, today: bool) -> Shown:
    """Return what is shown while no call is being announced."""
    board = seen.board
    if _is_closed(board):
        # A citizen who has come all the same reads why.
        why, day = closure(board.monday.why), weekday_day(board.monday.on)
        where = why if today else hall_text.NO_MEETING_CLOSED.format(day=day, why=why)
        return _shown("", hall_text.NO_MEETING, where)
    if not today:
        when = hall_text.NO_MEETING_NEXT.format(day=weekday_day(board.monday.on))
        return _shown("", hall_text.NO_MEETING, when)
    called = _called(board)
    if called is not None:
        last = next((call for call in reversed(announced) if call.number == called.number), None)
        if last is not None and called.stage not in INSIDE:
            return _shown(persian(called.number), _title(last), hall_text.ROOM)
    inside = board.in_room or called
    if inside is not None:
        pattern = hall_text.ON_TELEPHONE if inside.by_telephone else hall_text.INSIDE
        title = pattern.format(number=persian(inside.number))
        return _shown(persian(inside.number), title, hall_text.WHERE)
    if seen.is_over and not _following(board):
        return _shown("", hall_text.OVER, hall_text.OVER_LEAD)
    title = hall_text.WAITING if announced else hall_text.NOBODY
    return _shown("", title, hall_text.WHERE)


def _is_closed(board: DayBoard) -> bool:
    """Return whether the day was closed and nobody is in the room any more."""
    return board.monday.state is MondayState.CLOSED and board.in_room is None


def _called(board: DayBoard) -> Visitor | None:
    """Return the visitor called last, among those who may still come or are inside."""
    return max(
        (
            visitor
            for visitor in board.visitors
            if visitor.called_at and visitor.stage in CALLED_BY_NAME | INSIDE
        ),
        key=lambda visitor: (
            visitor.called_at is not None and visitor.called_at.timestamp(),
            visitor.number,
        ),
        default=None,
    )


def call_view(call: DayCall) -> Call:
    number, time = persian(call.number), clock_words(call.at)
    nth = _NTH.get(call.nth, hall_text.AGAIN) if call.nth > 1 else ""
    words = hall_text.SPOKEN_AGAIN if nth else hall_text.SPOKEN
    return {
        "id": call.id,
        "at": round(call.at.timestamp() * 1000),
        "time": time,
        "nth": nth,
        "says": words.format(nth=nth, number=number, room=hall_text.ROOM, time=time),
        "clips": call_clips(call.number, call.nth),
        **_shown(number, _title(call), hall_text.ROOM),
    }


def _title(call: DayCall) -> str:
    return hall_text.CALL.format(number=persian(call.number))


def _following(board: DayBoard) -> list[Visitor]:
    """Return the visitors who go in next, by time: in the hall or still expected."""
    shown = _called(board)
    left = [
        visitor
        for visitor in board.visitors
        if visitor.stage in CALLED_BY_NAME and visitor is not shown and not visitor.missed
    ]
    return sorted(left, key=lambda visitor: (visitor.came_late, visitor.time))[:NEXT_MOST]


def _next(visitor: Visitor) -> _Next:
    return {"number": persian(visitor.number), "here": _is_there(visitor)}


def _is_there(visitor: Visitor) -> bool:
    """Whether she is in the hall, or at home with a telephone appointment."""
    return visitor.stage in IN_HALL or visitor.by_telephone


def _absent(board: DayBoard) -> str:
    first = next((visitor for visitor in _following(board) if not _is_there(visitor)), None)
    return hall_text.NEXT_ABSENT.format(number=persian(first.number)) if first else ""


def _late_clip(board: DayBoard) -> str:
    """Return the clip for a delay, by the lower end of its range, which is certain."""
    if board.entry is None or not board.entry.is_late:
        return ""
    return late_clip(board.entry.delay[0] / timedelta(minutes=1))


def _summary(visitors: Sequence[Visitor], unread: int) -> str:
    met = sum(visitor.met for visitor in visitors)
    absent = sum(visitor.missed for visitor in visitors)
    left = sum(visitor.stage in CALLED_BY_NAME and not visitor.missed for visitor in visitors)
    parts = [(hall_text.MET, met), (hall_text.NOT_COME, absent), (hall_text.LEFT, left)]
    parts.append((hall_text.UNREAD, unread))
    return "، ".join(
        pattern.format(people=dates_text.people(number)) for pattern, number in parts if number
    )


def _kind(visitor: Visitor) -> str:
    if visitor.in_room_since:
        return "now"
    if visitor.met:
        return "done"
    return "missed" if visitor.missed else "ahead"


def _code(seen: HallScreen) -> _Code | None:
    if not seen.code:
        return None
    return {
        "digits": persian(seen.code),
        "qr": f"/qr/hall/{seen.code}.svg",
        "until": round(seen.changes_at.timestamp() * 1000),
        "lead": hall_text.CODE_LEAD.format(time=clock_words(seen.changes_at)),
    }
