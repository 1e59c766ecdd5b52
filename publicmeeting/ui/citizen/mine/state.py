"""A citizen's own page: view models of her requests, notices and data, and its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.domain.districts import subject
from publicmeeting.domain.stages import LIVE, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import my_page_text
from publicmeeting.ui.design.models import Badge, Row, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.reflex.whereabouts import opened
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for
from publicmeeting.usecases.tracking.my_page import MyNotice, MyPage, my_page, read_notices
from publicmeeting.usecases.tracking.timeline import QUESTIONS_AFTERWARDS, MyRequest

_SIGN = {"sent": "check", "called": "check", "failed": "flag", "to_call": "phone"}
IN_SIGHT = 5
"""Number of messages above the folded older ones."""
_OPEN = LIVE | {Stage.FOLLOW_UP}


@dataclass(frozen=True)
class NoticeView:
    title: str
    text: str
    when: str
    how: str
    how_sign: str
    is_new: bool
    href: str


@dataclass(frozen=True)
class PersonView:
    """A person whom this mobile serves."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class PageView(ViewModel):
    """Everything on the page; `older` messages are folded."""

    open_rows: tuple[Row, ...] = ()
    past_rows: tuple[Row, ...] = ()
    notices: tuple[NoticeView, ...] = ()
    older: tuple[NoticeView, ...] = ()
    persons: tuple[PersonView, ...] = ()
    name: str = ""
    identity: str = ""
    mobile: str = ""
    has_draft: bool = False
    is_asked: bool = False
    """Somebody more may be hers, whom this browser may not name yet."""
    notices_lead: str = ""


def page_view(page: MyPage) -> PageView:
    rows = [(one.line.stage in _OPEN, _row(one, page.now)) for one in page.requests]
    notices = tuple(_notice(one, page.now) for one in page.notices)
    served = tuple(PersonView(id_, name, id_ == page.person_id) for id_, name in page.others)
    return PageView(
        open_rows=tuple(row for is_open, row in rows if is_open),
        past_rows=tuple(row for is_open, row in rows if not is_open),
        notices=notices[:IN_SIGHT],
        older=notices[IN_SIGHT:],
        # With one person, who is chosen, there is nothing to choose.
        persons=served if len(served) > 1 or page.person_id is None else (),
        name=page.name,
        identity=page.identity,
        mobile=page.mobile,
        has_draft=page.has_draft,
        is_asked=page.is_asked,
        notices_lead=_lead(notices),
    )


def _row(request: MyRequest, now: datetime) -> Row:
    line = request.line
    is_asked = bool(request.waits_for_you)
    place = my_page_text.LINE.format(
        district=persian(line.district), subject=subject(line.subject).name
    )
    badge = _badge(request)
    # The badge names lateness first; the note then still says that she is asked something.
    is_also_asked = is_asked and badge.tone != "saffron"
    notes = (
        my_page_text.UNREAD if request.is_unread else "",
        my_page_text.DISPLACED_NOTE if request.is_displaced else "",
        my_page_text.ASSISTED if request.assisted else "",
        my_page_text.ASKED_YOU if is_also_asked else "",
    )
    return Row(
        title=line.title or subject(line.subject).name,
        meta=f"{place} · {_moment(request, now)}",
        href=f"/mine/{line.code}/",
        tile=Tile("now" if is_asked else "glazed", persian(line.district)),
        badge=badge,
        note=" ".join(filter(None, notes)),
    )


def _moment(request: MyRequest, now: datetime) -> str:
    seat = request.line.seat
    if seat is not None:
        return my_page_text.SEAT.format(
            day=weekday_day(seat.monday), time=dates_text.clock(seat.time)
        )
    return my_page_text.FILED.format(moment=dates_text.near_moment(request.line.filed_at, now))


def _badge(request: MyRequest) -> Badge:
    if request.is_displaced:
        return Badge(my_page_text.DISPLACED, "brick", "flag")
    if any(step.action not in QUESTIONS_AFTERWARDS for step in request.waits_for_you):
        return Badge(my_page_text.YOUR_ANSWER, "saffron", "bell")
    late = max((order.late_days for order in request.orders), default=0)
    if late:
        return Badge(my_page_text.LATE.format(late=dates_text.late_words(late)), "brick", "flag")
    if request.waits_for_you:
        return Badge(my_page_text.ASKED_YOU, "saffron", "bell")
    return Badge(STAGE[request.line.stage], "glaze" if request.line.stage in _OPEN else "neutral")


def _notice(notice: MyNotice, now: datetime) -> NoticeView:
    message = notice_text(notice.about)
    return NoticeView(
        title=message.title,
        text=message.text,
        when=dates_text.near_moment(notice.at, now),
        how=_how(notice, now),
        how_sign=_SIGN.get(notice.state, "phone" if notice.tries == 0 else "refresh"),
        is_new=notice.is_new,
        href=f"/mine/{notice.about.code}/",
    )


def _how(notice: MyNotice, now: datetime) -> str:
    """Whether the message has been sent, and when it is tried next."""
    if notice.state in my_page_text.NOT_REACHED:
        return my_page_text.NOT_REACHED[notice.state]
    at = notice.reached_at or notice.next_at
    moment = dates_text.near_moment(at, now) if at else ""
    if notice.state in my_page_text.REACHED:
        return my_page_text.REACHED[notice.state].format(moment=moment)
    if notice.tries:
        return my_page_text.AGAIN.format(time=persian(notice.tries + 1), moment=moment)
    return my_page_text.QUIET.format(moment=moment) if notice.by_night else my_page_text.QUEUED


def _lead(notices: Sequence[NoticeView]) -> str:
    new = sum(one.is_new for one in notices)
    count = f"{my_page_text.NEW_COUNT.format(count=persian(new))} " if new else ""
    return f"{count}{my_page_text.NOTICES_WHY}" if notices else ""


class MineState(Asking, rx.State):
    """`/mine/`."""

    page: PageView = PageView()
    announcement: str = ""
    _opened: int = -1

    @rx.event
    async def load(self) -> None:
        """Read everything; notices are shown as new once, then they count as read, where she has
        opened the page: it is read at every connection of the tab."""
        self.refused, self.announcement = "", ""
        before, self._opened = self._opened, await opened(self)
        await self._read()
        if before == self._opened:
            return
        if any(one.is_new for one in (*self.page.notices, *self.page.older)):
            await execute(self, read_notices, Nothing)

    @background
    async def watch(self) -> None:
        """Follow every change of this person's requests."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose(self, person: str) -> Any:
        """Choose for whom this session speaks («For whom?»)."""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        self._opened = -1
        return None if self.refused else [MineState.load, MineState.watch]

    async def _reread(self) -> None:
        await self._read()
        self.announcement = my_page_text.CHANGED

    async def _read(self) -> None:
        page = await query(self, my_page, Nothing())
        self.page = page_view(page) if page is not None else PageView()
