"""`/hall/`: the screen in the hall, opened by reception: numbers, sentences, the changing code."""

from datetime import timedelta

import reflex as rx

from publicmeeting.domain.stages import CALLED_BY_NAME, EXPECTED, IN_HALL, INSIDE
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.meetings.estimate_text import delay_words
from publicmeeting.ui.design.hall import hall_board
from publicmeeting.ui.design.models import HallBoard, Tile
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import auth_guard
from publicmeeting.ui.staff.monday.views import summary_words
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import DayBoard, Visitor
from publicmeeting.usecases.meetings.hall import HallScreen, hall_screen

EVERY = 20.0
"""Seconds after which the screen is read without a message: the clock, and the code with it."""
_NEXT_MOST = 3


class HallState(Asking, rx.State):
    """`/hall/`."""

    board: HallBoard = HallBoard()
    district: int = 0

    @rx.event
    async def load(self) -> None:
        """Read the day of the reception's district."""
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow the hall until the screen is turned off."""
        await follow(self, own, self._read, EVERY)

    async def _read(self) -> None:
        seen = await query(self, hall_screen, Nothing())
        if seen is not None:
            self.board, self.district, self.ready = (
                board_view(seen),
                seen.board.monday.district,
                True,
            )


def board_view(seen: HallScreen) -> HallBoard:
    """Without any name, code of a request or ticket: a seat's time would tie it to whom the hall
    sees."""
    board, now = seen.board, seen.board.now
    today = board.monday.on == tehran_day(now)
    called = max(
        (one for one in board.visitors if one.called_at and one.stage in CALLED_BY_NAME | INSIDE),
        key=_called_at,
        default=None,
    )
    inside = board.in_room
    shown = called or inside
    return HallBoard(
        unit=hall_text.UNIT.format(district=persian(board.monday.district)),
        presence=hall_text.HOLDS.format(role=ROLE[seen.holder.role]) if seen.holder else "",
        clock=clock_words(now),
        date=day_words(tehran_day(now)),
        number=persian(shown.number) if shown and today else "",
        call=_call(board, called, today=today),
        where=hall_text.WHERE if today else _when(board),
        next_title=hall_text.NEXT,
        next=tuple(_tile(one) for one in _following(board, shown)) if today else (),
        next_note=_absent(board, shown) if today else "",
        lateness=delay_words(board.entry) if board.entry else "",
        summary=summary_words(board.visitors) if today else "",
        seats=tuple(Tile(_kind(one)) for one in board.visitors) if today else (),
        code_title=hall_text.CODE if seen.code else "",
        code=persian(seen.code),
        code_lead=hall_text.CODE_LEAD.format(time=clock_words(seen.changes_at)),
        code_more=hall_text.CODE_NO_PHONE,
    )


def _called_at(one: Visitor) -> timedelta:
    assert one.called_at is not None
    return timedelta(seconds=one.called_at.timestamp())


def _call(board: DayBoard, called: Visitor | None, *, today: bool) -> str:
    if not today:
        return hall_text.NO_MEETING
    if called is not None and called.stage not in INSIDE:
        return hall_text.CALL.format(number=persian(called.number))
    if board.in_room is not None:
        return hall_text.INSIDE.format(number=persian(board.in_room.number))
    return hall_text.NOBODY


def _when(board: DayBoard) -> str:
    return hall_text.NO_MEETING_NEXT.format(day=weekday_day(board.monday.on))


def _following(board: DayBoard, shown: Visitor | None) -> list[Visitor]:
    """Who goes in next by time: those in the hall, and those still expected."""
    left = [
        one
        for one in board.visitors
        if one.stage in IN_HALL | EXPECTED and one is not shown and not one.missed
    ]
    return sorted(left, key=lambda one: (one.came_late, one.time))[:_NEXT_MOST]


def _absent(board: DayBoard, shown: Visitor | None) -> str:
    absent = (one for one in _following(board, shown) if one.stage in EXPECTED)
    first = next(absent, None)
    return hall_text.NEXT_ABSENT.format(number=persian(first.number)) if first else ""


def _tile(one: Visitor) -> Tile:
    return Tile("plain" if one.stage in IN_HALL else "raw", persian(one.number))


def _kind(one: Visitor) -> str:
    if one.in_room_since:
        return "now"
    if one.met:
        return "glazed"
    return "late" if one.missed else "plain"


def page() -> rx.Component:
    return auth_guard(HallState, hall_board(HallState.board, HallState.district))
