"""`/mine/`: a citizen's requests, her notices, her data and signing out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.stages import LIVE, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common import chrome_text, dates_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import my_page_text, privacy_text, road_text
from publicmeeting.ui.citizen.shared import (
    NO_LOST,
    LostView,
    leaving_form,
    lost_notice,
    number_changed,
    read_lost,
    sign_out_here,
    who_question,
)
from publicmeeting.ui.design.controls import anchor, button, text_link
from publicmeeting.ui.design.figures import ltr, tile
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import brand, phone_page, section, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Row, Tile
from publicmeeting.ui.design.sheets import badge, folded, notice, sheet, spoken
from publicmeeting.ui.design.states import dead_end, empty, loading
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.reflex.whereabouts import opened
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for
from publicmeeting.usecases.tracking.my_page import MyNotice, MyPage, my_page, read_notices
from publicmeeting.usecases.tracking.timeline import MyRequest

_SIGN = {
    "sent": "check",
    "called": "check",
    "failed": "flag",
    "to_call": "phone",
    "shown": "eye",
}
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
    """A person who uses this mobile."""

    id: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class PageView(ViewModel):
    """The whole content of the page; `older` messages are folded."""

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
    """Whether another person may use this mobile who cannot be named to this browser yet."""
    notices_lead: str = ""
    is_empty: bool = False
    """Whether she has no request. Unknown before she has chosen one of several persons."""
    may_file: bool = False
    """Whether no request is live; one whose orders are under way stands in nobody's way."""
    lost: LostView = NO_LOST
    """Shown to who has no request."""


def page_view(page: MyPage) -> PageView:
    rows = [(request.line.stage in _OPEN, _row(request, page.now)) for request in page.requests]
    notices = tuple(_notice(my_notice, page.now) for my_notice in page.notices)
    served = tuple(
        PersonView(
            id_,
            my_page_text.AWAITED.format(name=name) if id_ in page.awaited else name,
            id_ == page.person_id,
        )
        for id_, name in page.others
    )
    is_several = bool(served) or page.is_asked
    return PageView(
        open_rows=tuple(row for is_open, row in rows if is_open),
        past_rows=tuple(row for is_open, row in rows if not is_open),
        notices=notices[:IN_SIGHT],
        older=notices[IN_SIGHT:],
        # If there is one person, who is chosen, there is nothing to choose.
        persons=served if len(served) > 1 or page.person_id is None else (),
        name=page.name,
        identity=page.identity,
        mobile=page.mobile,
        has_draft=page.has_draft,
        is_asked=page.is_asked,
        notices_lead=_lead(notices),
        is_empty=not page.requests and not (page.person_id is None and is_several),
        may_file=not any(request.line.stage in LIVE for request in page.requests),
    )


def _row(request: MyRequest, now: datetime) -> Row:
    line = request.line
    is_asked = bool(request.waits_for_you)
    place = my_page_text.LINE.format(
        district=persian(line.district), subject=subject(line.subject).name
    )
    badge = _badge(request)
    # The badge shows lateness first. The note then says that she is asked something too.
    is_also_asked = is_asked and badge.tone != "saffron"
    notes = (
        my_page_text.UNREAD if request.is_unread else "",
        my_page_text.DISPLACED_NOTE if request.is_displaced else "",
        my_page_text.ASSISTED if request.assisted else "",
        my_page_text.ASKED_YOU if is_also_asked else "",
    )
    return Row(
        title=line.title or subject(line.subject).name,
        meta=f"{place}\u00a0· {_moment(request, now)}",
        href=f"/mine/{line.code}/",
        tile=Tile("now" if is_asked else "glazed", persian(line.district)),
        badge=badge,
        note=" ".join(filter(None, notes)),
    )


def _moment(request: MyRequest, now: datetime) -> str:
    seat = request.line.seat
    if seat is not None:
        return my_page_text.seat_words(seat.monday, seat.time)
    return my_page_text.FILED.format(moment=dates_text.near_moment(request.line.filed_at, now))


def _badge(request: MyRequest) -> Badge:
    if request.is_changed:  # its stage may be false
        return Badge(road_text.CHANGED, "brick", "flag")
    if request.is_displaced:
        return Badge(my_page_text.DISPLACED, "brick", "flag")
    if request.is_awaited:
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
    """Return whether the message has been sent, or when it is tried next."""
    if notice.state in my_page_text.NOT_REACHED:
        return my_page_text.NOT_REACHED[notice.state]
    at = notice.reached_at or notice.next_at
    moment = dates_text.near_moment(at, now) if at else ""
    if notice.state in my_page_text.REACHED:
        # Its own moment stands above it; most messages are sent in that minute.
        if moment == dates_text.near_moment(notice.at, now):
            return my_page_text.REACHED_AT_ONCE[notice.state]
        return my_page_text.REACHED[notice.state].format(moment=moment)
    if notice.tries:
        return my_page_text.AGAIN.format(time=persian(notice.tries + 1), moment=moment)
    return my_page_text.QUIET.format(moment=moment) if notice.by_night else my_page_text.QUEUED


def _lead(notices: Sequence[NoticeView]) -> str:
    new = sum(one.is_new for one in notices)
    count = f"{my_page_text.NEW_COUNT.format(count=persian(new))} " if new else ""
    return f"{count}{my_page_text.NOTICES_WHY}" if notices else ""


class MineState(Asking, rx.State):
    """State of `/mine/`."""

    page: PageView = PageView()
    announcement: str = ""
    _opened: int = -1

    @rx.event
    async def load(self) -> None:
        """Read everything, and mark notices as read after they were shown as new once.

        They are marked only when she opens the page. The page is also read at every reconnection of
        the tab.
        """
        self.refused, self.announcement = "", ""
        before, self._opened = self._opened, await opened(self)
        await self._read()
        if before == self._opened:
            return
        if any(one.is_new for one in (*self.page.notices, *self.page.older)):
            await execute(self, read_notices, Nothing)

    @background
    async def watch(self) -> None:
        """Read again after every change of this person's requests."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose(self, person: str) -> Any:
        """Choose the person for whom this session acts («For whom?»)."""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        self._opened = -1
        return None if self.refused else [MineState.load, MineState.watch]

    async def _reread(self) -> None:
        """Read again and announce the newest notice; nothing if only «امروز» has become «دیروز», or
        a new notice one that she has seen.

        The title makes a second announcement differ: screen readers speak only what has changed.
        """
        notices, rows = _undated(self.page)
        await self._read()
        notices_now, rows_now = _undated(self.page)
        if (notices, rows) == (notices_now, rows_now):
            return
        news = self.page.notices[0].title if notices_now and notices_now != notices else ""
        self.announcement = f"{my_page_text.CHANGED} {news}".rstrip()

    async def _read(self) -> None:
        page = await query(self, my_page, Nothing())
        view = page_view(page) if page is not None else PageView()
        if page is not None and not page.requests:
            view = replace(view, lost=await read_lost(self))
        self.page = view


def _undated(page: PageView) -> tuple[list[NoticeView], list[Row]]:
    """Return the notices and requests of a page without what changes by the day, or once seen."""
    notices = [replace(notice, when="", how="", is_new=False) for notice in page.notices]
    return notices, [replace(row, meta="") for row in (*page.open_rows, *page.past_rows)]


S = MineState


def page() -> rx.Component:
    """The page; without a session, a link to signing in."""
    enter = button(chrome_text.ENTER, href="/enter/", native=True)
    return phone_page(
        rx.cond(
            S.signed_out | S.missing,
            dead_end(chrome_text.NEED_ENTER, chrome_text.NEED_ENTER_WHY, enter),
            rx.cond(S.ready, _page(), loading("rows")),
        ),
        bar=bar(),
        announcement=S.announcement,
    )


def bar() -> rx.Component:
    """The bar with the live sign, once the page is read; an ended session takes it away again.

    «قطع» would be read as a lost connection.
    """
    is_read = S.ready & ~S.signed_out & ~S.missing
    return site_bar(brand(), shown(is_read, live_sign()))


def _page() -> rx.Component:
    draft = notice(
        my_page_text.DRAFT,
        tone="saffron",
        action=anchor(my_page_text.DRAFT_BUTTON, href="/request/", class_name="link nav-link"),
    )
    return rx.fragment(
        rx.el.h1(my_page_text.TITLE, class_name="text-h1 mb-4"),
        spoken(rx.cond(S.refused, notice(S.refused, tone="brick"))),
        rx.cond(S.page.is_asked, rx.el.div(who_question("/mine/"), class_name="mb-6")),
        _person_choice(),
        rx.cond(S.page.has_draft, rx.el.div(draft, class_name="mb-4")),
        rx.cond(any_of(S.page.open_rows) | any_of(S.page.past_rows), _requests()),
        rx.cond(S.page.is_empty, _none()),
        rx.cond(S.page.name, rx.fragment(_notices(), _data())),
        _leave(),
    )


def _none() -> rx.Component:
    ask = button(my_page_text.EMPTY_BUTTON, href="/request/")
    nothing = empty(my_page_text.EMPTY, my_page_text.EMPTY_LEAD, ask)
    return rx.fragment(
        lost_notice(S.page.lost), nothing, rx.el.div(number_changed(), class_name="mt-4")
    )


def _requests() -> rx.Component:
    return rx.el.div(
        _rows(S.page.open_rows),
        rx.cond(S.page.may_file, button(my_page_text.NEW_REQUEST, href="/request/")),
        rx.cond(
            any_of(S.page.past_rows),
            rx.el.div(
                rx.el.h2(my_page_text.PAST, class_name="text-h3 mb-2"), _rows(S.page.past_rows)
            ),
        ),
        class_name="grid gap-6",
    )


def _rows(rows: Sequence[Row]) -> rx.Component:
    """The list of requests. Each badge is below its title, because a narrow page needs the whole
    line."""
    return rx.el.ul(each(rows, _request_item), class_name="rows")


def _request_item(row: Row) -> rx.Component:
    return rx.el.li(
        anchor(
            tile(row.tile, spoken=False),
            rx.el.span(
                rx.el.span(row.title, class_name="row-title block"),
                rx.el.span(row.meta, class_name="row-meta block"),
                rx.cond(row.note, rx.el.span(row.note, class_name="row-meta block")),
                rx.el.span(badge(row.badge), class_name="mt-1 block"),
                class_name="row-body",
            ),
            icon("forward", "sm"),
            href=row.href,
            class_name="row",
        )
    )


def _person_choice() -> rx.Component:
    """Choice of the person, only if several use this mobile."""

    def one(person: PersonView) -> rx.Component:
        return rx.el.button(
            person.label,
            type="button",
            on_click=S.choose(person.id),
            aria_pressed=rx.cond(person.chosen, "true", "false"),
            class_name="chip",
        )

    return rx.cond(
        any_of(S.page.persons),
        rx.el.section(
            rx.el.h2(my_page_text.FOR_WHOM, class_name="text-h3"),
            rx.el.p(my_page_text.FOR_WHOM_LEAD, class_name="text-ink2"),
            rx.el.div(each(S.page.persons, one), role="group", class_name="chips mt-2"),
            class_name="mb-6",
        ),
    )


def _notices() -> rx.Component:
    return section(
        my_page_text.NOTICES,
        rx.cond(
            any_of(S.page.notices),
            rx.el.div(
                rx.el.ul(each(S.page.notices, _notice_item), class_name="rows"),
                rx.cond(any_of(S.page.older), _older()),
                class_name="grid gap-2",
            ),
            rx.el.p(my_page_text.NO_NOTICES, class_name="text-ink2"),
        ),
        lead=S.page.notices_lead,
    )


def _older() -> rx.Component:
    return folded(
        my_page_text.OLDER,
        rx.el.ul(each(S.page.older, _notice_item), class_name="rows mt-2"),
    )


def _notice_item(item: NoticeView) -> rx.Component:
    head = rx.el.span(
        rx.el.span(item.title, class_name="row-title"),
        rx.cond(item.is_new, badge(Badge(my_page_text.NEW, "saffron"))),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )
    return rx.el.li(
        anchor(
            rx.el.span(
                head,
                rx.el.span(item.text, class_name="block"),
                rx.el.span(item.when, class_name="row-meta block"),
                rx.el.span(icon(item.how_sign, "sm"), item.how, class_name="row-meta flex gap-2"),
                class_name="row-body",
            ),
            href=item.href,
            class_name="row",
        )
    )


def _data() -> rx.Component:
    def fact(label: str, value: rx.Component) -> rx.Component:
        return rx.el.div(
            rx.el.dt(label, class_name="text-ink2"),
            rx.el.dd(value, class_name="font-semibold"),
            class_name="flex flex-wrap justify-between gap-x-4",
        )

    return section(
        my_page_text.MY_DATA,
        sheet(
            rx.el.dl(
                fact(my_page_text.NAME, rx.el.span(S.page.name)),
                fact(my_page_text.IDENTITY, ltr(S.page.identity)),
                fact(
                    my_page_text.MOBILE,
                    rx.cond(S.page.mobile, ltr(S.page.mobile), rx.el.span(my_page_text.NO_MOBILE)),
                ),
                class_name="grid gap-2",
            ),
            rx.el.p(my_page_text.DATA_WHY, class_name="text-ink2"),
            rx.el.div(
                text_link(my_page_text.MY_DATA_WAY, "/mine/data/", native=True),
                text_link(privacy_text.WAY, "/privacy/"),
                class_name="grid justify-items-start",
            ),
        ),
    )


def _leave() -> rx.Component:
    return rx.el.div(
        sign_out_here(),
        leaving_form(
            "/auth/leave-everywhere",
            button(my_page_text.SIGN_OUT_ALL, kind="danger", submit=True),
        ),
        rx.el.p(my_page_text.SIGN_OUT_ALL_WHY, class_name="text-ink2"),
        class_name="mt-8 grid gap-2 border-t border-line pt-6",
    )
