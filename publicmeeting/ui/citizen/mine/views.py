"""From her own page's query to rows, messages and data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.stages import LIVE, Stage
from publicmeeting.domain.subjects import subject
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.words import in_words
from publicmeeting.text import dates
from publicmeeting.text import mine as said
from publicmeeting.text import my_page as words
from publicmeeting.text.stages import STAGE
from publicmeeting.ui.design.models import Badge, Row, Tile
from publicmeeting.usecases.my_page import MyNotice
from publicmeeting.usecases.tracking import MyRequest

IN_SIGHT = 5
"""Messages before the folded older ones."""
_OPEN = LIVE | {Stage.FOLLOW_UP}


@dataclass(frozen=True)
class NoticeView:
    title: str
    text: str
    when: str
    how: str
    is_new: bool
    href: str


@dataclass(frozen=True)
class PersonView:
    """Somebody this mobile serves."""

    id: str
    name: str
    chosen: bool


def request_rows(mine: Sequence[MyRequest], now: datetime) -> tuple[list[Row], list[Row]]:
    """What is still open, and what is over."""
    rows = [(one.line.stage in _OPEN, _row(one, now)) for one in mine]
    return [row for open_, row in rows if open_], [row for open_, row in rows if not open_]


def notice_views(found: Sequence[MyNotice], now: datetime) -> list[NoticeView]:
    return [_notice(one, now) for one in found]


def person_views(others: Sequence[tuple[str, str]], chosen: str | None) -> list[PersonView]:
    return [PersonView(id_, name, id_ == chosen) for id_, name in others]


def new_words(found: Sequence[MyNotice]) -> str:
    count = sum(one.is_new for one in found)
    return words.NEW_COUNT.format(count=persian(count)) if count else ""


def _row(one: MyRequest, now: datetime) -> Row:
    line = one.line
    waits = bool(one.waits_for_you)
    place = words.LINE.format(district=persian(line.district), subject=subject(line.subject).name)
    return Row(
        title=line.title,
        meta=f"{place} · {_moment(one, now)}",
        href=f"/mine/{line.code}/",
        tile=Tile("now" if waits else "glazed", persian(line.district)),
        badge=_badge(one, waits=waits),
        note=said.ASSISTED if one.assisted else "",
    )


def _moment(one: MyRequest, now: datetime) -> str:
    seat = one.line.seat
    if seat is not None:
        return words.SEAT.format(day=weekday_day(seat.monday), time=dates.clock(seat.time))
    return words.FILED.format(moment=dates.near_moment(one.line.filed_at, now))


def _badge(one: MyRequest, *, waits: bool) -> Badge:
    if waits:
        return Badge(words.YOUR_ANSWER, "saffron", "bell")
    late = max((order.late_days for order in one.orders), default=0)
    if late:
        return Badge(words.LATE.format(late=dates.late_words(late)), "brick", "flag")
    return Badge(STAGE[one.line.stage], "glaze" if one.line.stage in _OPEN else "neutral")


def _notice(one: MyNotice, now: datetime) -> NoticeView:
    told = in_words(one.about)
    return NoticeView(
        title=told.title,
        text=told.text,
        when=dates.near_moment(one.at, now),
        how=words.STATE.get(one.state, ""),
        is_new=one.is_new,
        href=f"/mine/{one.about.code}/",
    )
