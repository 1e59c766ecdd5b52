"""What every screen at the mayor's table shows: the head with the day's seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.records import Image
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.design.models import Photo, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.meetings.agenda import DayBoard, Visitor


@dataclass(frozen=True)
class Head(ViewModel):
    """Day and place, the city's clock, and the seats where the day has some."""

    date: str = ""
    place: str = ""
    district: int = 0
    clock: str = ""
    seats: tuple[Tile, ...] = ()
    seats_say: str = ""


def head(day: date, district: int, now: datetime) -> Head:
    """The head of a screen that is not about one Monday."""
    place = agenda_text.PLACE.format(district=persian(district)) if district else ""
    return Head(weekday_day(day), place, district, clock_words(now))


def day_head(board: DayBoard) -> Head:
    """The head of a Monday: each seat a tile, past, now or ahead."""
    day = board.monday
    by_time = {visitor.time: visitor for visitor in board.visitors}
    tiles = tuple(
        Tile(seat_kind(by_time.get(time)), persian(number))
        for number, time in enumerate(day.seats, 1)
    )
    plain = head(day.on, day.district, board.now)
    return Head(
        plain.date, plain.place, plain.district, plain.clock, tiles, _seats_say(board, len(tiles))
    )


def seat_kind(visitor: Visitor | None) -> str:
    """Glazed: met. Saffron: in the room. Framed: in the hall. Hatched: she did not come."""
    if visitor is None:
        return "raw"
    if visitor.in_room_since:
        return "now"
    if visitor.met:
        return "glazed"
    if visitor.missed:
        return "late"
    return "end" if visitor.came_at else "raw"


def _seats_say(board: DayBoard, seats: int) -> str:
    met = persian(sum(visitor.met for visitor in board.visitors))
    all_ = persian(seats)
    if board.monday.on != tehran_day(board.now):
        return agenda_text.SEATS_AHEAD.format(
            all=all_, day=weekday_day(board.monday.on), given=persian(len(board.visitors))
        )
    if board.in_room is None:
        return agenda_text.SEATS_EMPTY_ROOM.format(all=all_, met=met)
    return agenda_text.SEATS_IN_ROOM.format(number=persian(board.in_room.number), all=all_, met=met)


def photos(images: Sequence[Image], says: str) -> tuple[Photo, ...]:
    """`says` takes `at` and `count`."""
    count = persian(len(images))
    return tuple(
        Photo(
            f"/images/{one.id}/thumb", f"/images/{one.id}", says.format(at=persian(n), count=count)
        )
        for n, one in enumerate(images, 1)
    )
