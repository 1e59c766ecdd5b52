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
from publicmeeting.notify.wording import in_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import my_page_text
from publicmeeting.ui.design.models import Badge, Row, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for
from publicmeeting.usecases.tracking.my_page import MyNotice, MyPage, my_page, read_notices
from publicmeeting.usecases.tracking.timeline import QUESTIONS_AFTERWARDS, MyRequest

_SIGN = {"sent": "check", "told": "check", "failed": "flag", "to_call": "phone"}
IN_SIGHT = 5
"""Messages before the folded older ones."""
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
    """Somebody this mobile serves."""

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
    notices_lead: str = ""


def page_view(page: MyPage) -> PageView:
    rows = [(one.line.stage in _OPEN, _row(one, page.now)) for one in page.requests]
    told = tuple(_notice(one, page.now) for one in page.notices)
    served = tuple(PersonView(id_, name, id_ == page.person_id) for id_, name in page.others)
    return PageView(
        open_rows=tuple(row for is_open, row in rows if is_open),
        past_rows=tuple(row for is_open, row in rows if not is_open),
        notices=told[:IN_SIGHT],
        older=told[IN_SIGHT:],
        # One person alone is nothing to choose from.
        persons=served if len(served) > 1 else (),
        name=page.name,
        identity=page.identity,
        mobile=page.mobile,
        has_draft=page.has_draft,
        notices_lead=_lead(told),
    )


def _row(one: MyRequest, now: datetime) -> Row:
    line = one.line
    waits = bool(one.waits_for_you)
    place = my_page_text.LINE.format(
        district=persian(line.district), subject=subject(line.subject).name
    )
    badge = _badge(one)
    # What is late stands first, and does not hide that she is asked something.
    asks = waits and badge.tone != "saffron"
    notes = (my_page_text.ASSISTED if one.assisted else "", my_page_text.ASKED_YOU if asks else "")
    return Row(
        title=line.title,
        meta=f"{place} · {_moment(one, now)}",
        href=f"/mine/{line.code}/",
        tile=Tile("now" if waits else "glazed", persian(line.district)),
        badge=badge,
        note=" ".join(filter(None, notes)),
    )


def _moment(one: MyRequest, now: datetime) -> str:
    seat = one.line.seat
    if seat is not None:
        return my_page_text.SEAT.format(
            day=weekday_day(seat.monday), time=dates_text.clock(seat.time)
        )
    return my_page_text.FILED.format(moment=dates_text.near_moment(one.line.filed_at, now))


def _badge(one: MyRequest) -> Badge:
    if any(step.action not in QUESTIONS_AFTERWARDS for step in one.waits_for_you):
        return Badge(my_page_text.YOUR_ANSWER, "saffron", "bell")
    late = max((order.late_days for order in one.orders), default=0)
    if late:
        return Badge(my_page_text.LATE.format(late=dates_text.late_words(late)), "brick", "flag")
    if one.waits_for_you:
        return Badge(my_page_text.ASKED_YOU, "saffron", "bell")
    return Badge(STAGE[one.line.stage], "glaze" if one.line.stage in _OPEN else "neutral")


def _notice(one: MyNotice, now: datetime) -> NoticeView:
    told = in_words(one.about)
    return NoticeView(
        title=told.title,
        text=told.text,
        when=dates_text.near_moment(one.at, now),
        how=_how(one, now),
        how_sign=_SIGN.get(one.state, "phone" if one.tries == 0 else "refresh"),
        is_new=one.is_new,
        href=f"/mine/{one.about.code}/",
    )


def _how(one: MyNotice, now: datetime) -> str:
    """Where the message itself is: she may wait for it, or not."""
    if one.state in my_page_text.NOT_REACHED:
        return my_page_text.NOT_REACHED[one.state]
    at = one.reached_at or one.next_at
    moment = dates_text.near_moment(at, now) if at else ""
    if one.state in my_page_text.REACHED:
        return my_page_text.REACHED[one.state].format(moment=moment)
    if one.tries:
        return my_page_text.AGAIN.format(time=persian(one.tries + 1), moment=moment)
    return my_page_text.QUIET.format(moment=moment) if one.by_night else my_page_text.QUEUED


def _lead(told: Sequence[NoticeView]) -> str:
    new = sum(one.is_new for one in told)
    count = f"{my_page_text.NEW_COUNT.format(count=persian(new))} " if new else ""
    return f"{count}{my_page_text.NOTICES_WHY}" if told else ""


class MineState(Asking, rx.State):
    """`/mine/`."""

    page: PageView = PageView()
    says: str = ""

    @rx.event
    async def load(self) -> None:
        """Read everything; what was new is shown as new once, then it has been seen."""
        self.refused, self.says = "", ""
        await self._read()
        if any(one.is_new for one in (*self.page.notices, *self.page.older)):
            await execute(self, read_notices, Nothing)

    @background
    async def watch(self) -> None:
        """Follow all that happens to this person's requests."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose(self, person: str) -> Any:  # noqa: ANN401 (an event to follow)
        """«For whom?»"""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        return None if self.refused else [MineState.load, MineState.watch]

    async def _reread(self) -> None:
        await self._read()
        self.says = my_page_text.CHANGED

    async def _read(self) -> None:
        page = await query(self, my_page, Nothing())
        self.page = page_view(page) if page is not None else PageView()
