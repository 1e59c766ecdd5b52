"""`/lanes/?ask=…`: lane requests and contests that this officer judges without names.

The list is on one side, and the documents or the record of the day of one case on the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import LaneReason, NoShowReason, Verdict
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import CALLS, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON, NO_SHOW, NO_SHOW_VERDICT
from publicmeeting.text.line import lanes_text
from publicmeeting.text.officials import inbox_text, staff_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import answer_chip, error_line
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import LINES, desk_frame
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Choice, Photo, Row
from publicmeeting.ui.design.sheets import badge, notice, quote, rows
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import Rail, at_work, auth_guard, read_rail, staff_rail
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.steps.keys import DONE, DeskKeys, key_hints
from publicmeeting.ui.shell.steps.parts import SEND, nothing_chosen
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.effects.contests import DayRecord
from publicmeeting.usecases.screening.lane_judging import (
    JudgeLane,
    LaneLine,
    LaneList,
    LanePage,
    OneAsk,
    judge_lane,
    lane_list,
    open_lane,
)

BETWEEN = "/"
"""Separator of answer and reason in the value of a choice."""


@dataclass(frozen=True)
class DayLine(ViewModel):
    """One record of the day of a contest, or that there was none of its kind."""

    time: str = ""
    what: str = ""


@dataclass(frozen=True)
class AskView(ViewModel):
    """One case to judge; `yes` and `no` are the reasons for either answer."""

    id: str = ""
    lane: str = ""
    asked: str = ""
    counts: str = ""
    badges: tuple[Badge, ...] = ()
    photos: tuple[Photo, ...] = ()
    yes: tuple[Choice, ...] = ()
    no: tuple[Choice, ...] = ()
    because_yes: str = ""
    because_no: str = ""
    lead: str = ""
    """Line above `counts`: the question."""
    is_contest: bool = False
    seat: str = ""
    words: str = ""
    words_by: str = ""
    day: tuple[DayLine, ...] = ()
    rule: str = ""


def address(ask_id: str = "") -> str:
    return f"/lanes/?{urlencode({'ask': ask_id})}" if ask_id else "/lanes/"


def lane_rows(seen: LaneList, chosen: str) -> list[Row]:
    return [_row(line, chosen) for line in seen.lines]


def _row(line: LaneLine, chosen: str) -> Row:
    return Row(
        title=lanes_text.CONTEST_KIND if line.is_contest else LANE[line.lane],
        meta=inbox_text.CASE_DUE.format(until=dates_text.until_words(line.due_at)),
        href=address(line.id),
        icon="shield",
        end=dates_text.late_words(line.late_days) if line.late_days else "",
        late=line.late_days > 0,
        chosen=line.id == chosen,
    )


def ask_view(page: LanePage) -> AskView:
    line = page.line
    if page.day is not None:
        return _contest_view(page, page.day)
    return AskView(
        id=line.id,
        lane=LANE[line.lane],
        because_yes=lanes_text.BECAUSE[Verdict.YES],
        because_no=lanes_text.BECAUSE[Verdict.NO],
        lead=lanes_text.COUNTS,
        asked=lanes_text.ASKED_ON.format(moment=dates_text.near_moment(line.asked_at, page.now)),
        counts=lanes_text.COUNTS_AS[line.lane],
        badges=_badges(page),
        photos=photo_views(page.documents),
        yes=_reason_choices(page, Verdict.YES),
        no=_reason_choices(page, Verdict.NO),
    )


def _contest_view(page: LanePage, day: DayRecord) -> AskView:
    moment = dates_text.near_moment(day.contested_at, page.now)
    return AskView(
        id=page.line.id,
        lane=lanes_text.CONTEST_KIND,
        asked=lanes_text.CONTEST_ON.format(moment=moment),
        counts=_lead(day, page.now),
        badges=_badges(page),
        photos=photo_views(page.documents),
        yes=_reason_choices(page, Verdict.YES),
        no=_reason_choices(page, Verdict.NO),
        because_yes=NO_SHOW_VERDICT[Verdict.YES],
        because_no=NO_SHOW_VERDICT[Verdict.NO],
        lead=lanes_text.CONTEST_QUESTION,
        is_contest=True,
        seat=lanes_text.CONTEST_SEAT.format(
            day=weekday_day(day.monday), time=dates_text.clock(day.time)
        ),
        words=day.words or lanes_text.CONTEST_NO_WORDS,
        words_by=lanes_text.CONTEST_WORDS,
        day=day_lines(day),
        rule=lanes_text.GIVEN_UP_RULE if day.given_up_at else lanes_text.CONTEST_RULE,
    )


def _lead(day: DayRecord, now: datetime) -> str:
    if day.given_up_at is None:
        return lanes_text.CONTEST_QUESTION_LEAD
    moment = dates_text.near_moment(day.given_up_at, now)
    return lanes_text.GIVEN_UP_QUESTION_LEAD.format(moment=moment)


def day_lines(day: DayRecord) -> tuple[DayLine, ...]:
    """Return the records of that day in order.

    Before them, for a no-show, say if nobody recorded her presence or called her.
    """
    actions = {step.action for step in day.steps}
    none = [
        DayLine(lanes_text.CONTEST_NO_TIME, sentence)
        for any_of_them, sentence in (
            ({Action.PRESENT}, lanes_text.CONTEST_NEVER_PRESENT),
            ({*CALLS, Action.RING}, lanes_text.CONTEST_NEVER_CALLED),
        )
        if not actions & any_of_them and day.given_up_at is None
    ]
    return (*none, *(DayLine(clock_words(step.at), _day_words(step)) for step in day.steps))


_OF_THE_DAY = {
    Action.CHANGE_PLACE: lanes_text.CONTEST_MOVED,
    Action.ARRIVE: lanes_text.CONTEST_ARRIVED,
    Action.CALL: lanes_text.CONTEST_CALLED,
    Action.FETCH: lanes_text.CONTEST_FETCHED,
    Action.RING: lanes_text.CONTEST_RUNG,
    Action.REACH: lanes_text.CONTEST_REACHED,
    Action.COMING: lanes_text.CONTEST_COMING,
    Action.NO_SHOW: lanes_text.CONTEST_MISSED,
    Action.GIVE_UP_SEAT: lanes_text.CONTEST_GAVE_UP,
    Action.COME_LATE: lanes_text.CONTEST_CAME_LATE,
}


def _day_words(step: Event) -> str:
    if step.action is Action.PRESENT:
        by_herself = step.role is Role.CITIZEN
        return (
            lanes_text.CONTEST_PRESENT_HERSELF
            if by_herself
            else lanes_text.CONTEST_PRESENT_RECEPTION
        )
    assert isinstance(step.action, Action)
    return _OF_THE_DAY[step.action]


def _badges(page: LanePage) -> tuple[Badge, ...]:
    line = page.line
    if line.late_days:
        due = Badge(dates_text.late_words(line.late_days), "brick", "flag")
    else:
        last = last_day(line.due_at) == tehran_day(page.now)
        until = inbox_text.CASE_DUE.format(until=dates_text.until_words(line.due_at))
        due = Badge(until, "saffron" if last else "neutral", "clock")
    blind = lanes_text.CONTEST_BLIND if line.is_contest else lanes_text.BLIND
    return (due, Badge(blind, "neutral", "mask"))


def _reason_choices(page: LanePage, verdict: Verdict) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{verdict.value}{BETWEEN}{reason.value}", _reason_words(reason))
        for answer, reason in page.reasons
        if answer is verdict
    )


def _reason_words(reason: LaneReason | NoShowReason) -> str:
    return NO_SHOW[reason] if isinstance(reason, NoShowReason) else LANE_REASON[reason]


class LanesState(Asking, rx.State):
    """State of `/lanes/?ask=…`."""

    rows: list[Row] = []
    ask: AskView = AskView()
    ask_refused: str = ""
    _judged: str = ""
    """The case that was judged last: a second press of its button is not an error."""

    @rx.event
    async def load(self) -> None:
        """Read the list and open the case of the address, which is recorded."""
        self.errors, self.refused, self.done, self.ask_refused = {}, "", "", ""
        ask_id = self.router.url.query_parameters.get("ask", "")
        if ask_id != self.ask.id:
            self.ask = AskView()
        await read_rail(self)
        if await self._read_list(ask_id) is not None and ask_id:
            await self._open(ask_id)

    @background
    async def watch(self) -> None:
        """Follow the district until the page is left."""
        await follow(self, own, self._reread)

    @rx.event
    async def chosen(self) -> None:
        """Remove the error that a reason is missing, because one was chosen."""
        self.errors = {}

    @rx.event
    async def judge(self, form: Form) -> Any:
        """Judge the case of the submitted form, even if another is open by now.

        The list is read again whatever the result.
        """
        ask_id = text_of(form.get("ask"))
        chosen = form.get("reason")
        verdict, _, reason = str(chosen or "").partition(BETWEEN)
        if not reason:
            self.errors = {"reason": lanes_text.NEED}
            return rx.set_focus("reason")
        # Another judge may have opened it in this tab since, or the clock asks him again.
        if not ask_id or (ask_id == self._judged and ask_id != self.ask.id):
            return None
        await execute(self, judge_lane, JudgeLane, id=ask_id, verdict=verdict, reason=reason)
        if not self.refused and not self.signed_out:
            self.done, self._judged = lanes_text.DONE, ask_id
            if self.ask.id == ask_id:
                self.ask = AskView()
        await self._reread()
        # The pressed button has gone with the document.
        return rx.set_focus(DONE) if self.ask.id != ask_id else None

    async def _reread(self) -> None:
        await read_rail(self)
        seen = await self._read_list(self.ask.id)
        if self.ask.id and seen is not None and self.ask.id not in {one.id for one in seen.lines}:
            gone, self.ask = self.ask.id, AskView()
            if not self.refused:
                await self._open(gone)  # it is refused, and the refusal says why

    async def _read_list(self, chosen: str) -> LaneList | None:
        seen = await query(self, lane_list, Nothing())
        if seen is not None:
            self.rows = lane_rows(seen, chosen)
        return seen

    async def _open(self, ask_id: str) -> None:
        page = await execute(self, open_lane, OneAsk, id=ask_id)
        if page is None:
            self.ask_refused, self.refused = self.refused, ""
            return
        self.ask = ask_view(page)


HERE = "/lanes/"
FORM = "answer"


def page() -> rx.Component:
    return auth_guard(
        LanesState,
        desk_frame(
            staff_rail(HERE),
            title=lanes_text.LIST,
            list_=_list(),
            detail=_detail(),
            has_detail=LanesState.ask.id
            | LanesState.ask_refused
            | LanesState.done
            | LanesState.refused,
            announcement=rx.cond(
                LanesState.done,
                LanesState.done,
                rx.cond(
                    LanesState.refused,
                    LanesState.refused,
                    rx.cond(LanesState.ask_refused, LanesState.ask_refused, LanesState.ask.lane),
                ),
            ),
            answers=LanesState.answers,
        ),
    )


def _list() -> list[rx.Component]:
    return [
        DeskKeys.create(),
        at_work(lanes_text.LIST, in_list=True),
        rx.cond(LanesState.unread, notice(LanesState.unread, tone="neutral")),
        rx.el.div(
            rx.cond(
                any_of(LanesState.rows),
                rx.el.div(key_hints(), rows(LanesState.rows), class_name="grid gap-2"),
                empty(lanes_text.LIST_EMPTY, lanes_text.LIST_EMPTY_LEAD, district=Rail.district),
            ),
            id=LINES,
            tab_index=-1,
            class_name="mt-3",
        ),
    ]


def _detail() -> list[rx.Component]:
    return [
        rx.el.div(
            anchor(icon("back"), staff_text.BACK_TO_LIST, href=HERE, class_name="back"),
            class_name="desk-only-narrow mb-3",
        ),
        rx.el.div(
            rx.cond(LanesState.done, notice(LanesState.done)),
            rx.cond(LanesState.refused, notice(LanesState.refused, tone="brick")),
            id=DONE,
            tab_index=-1,
            class_name="mb-4 grid gap-4 empty:hidden",
        ),
        rx.cond(
            LanesState.ask.id,
            _ask(),
            rx.cond(
                LanesState.ask_refused,
                notice(LanesState.ask_refused, tone="brick"),
                nothing_chosen(LanesState.rows, lanes_text.CHOOSE, lanes_text.CHOOSE_LEAD),
            ),
        ),
    ]


def _ask() -> rx.Component:
    return rx.el.article(
        rx.el.div(each(LanesState.ask.badges, badge), class_name="flex flex-wrap gap-2"),
        rx.el.h2(LanesState.ask.lane, class_name="mt-3 text-h1"),
        rx.el.p(LanesState.ask.asked, class_name="text-meta text-ink2"),
        rx.el.section(
            rx.el.h3(LanesState.ask.lead, class_name="text-h3"),
            rx.el.p(LanesState.ask.counts),
            class_name="mt-4 border-s-4 border-glaze ps-4",
        ),
        shown(LanesState.ask.is_contest, _day()),
        shown(any_of(LanesState.ask.photos), _documents()),
        _answer(),
    )


def _documents() -> rx.Component:
    return rx.el.section(
        rx.el.h3(lanes_text.DOCUMENTS, class_name="mb-2 text-h2"),
        rx.el.ul(each(LanesState.ask.photos, _document), class_name="grid gap-3"),
        class_name="mt-6 max-w-page",
    )


def _day() -> rx.Component:
    """Her words, then the records of that day."""
    ask = LanesState.ask
    return rx.el.section(
        quote(ask.words_by, ask.words),
        rx.el.h3(lanes_text.CONTEST_DAY, class_name="mt-6 text-h2"),
        rx.el.p(ask.seat, class_name="font-semibold"),
        rx.el.ul(each(ask.day, _day_line), class_name="mt-2 grid gap-1"),
        rx.el.p(ask.rule, class_name="mt-3 text-ink2"),
        class_name="mt-6 max-w-page",
    )


def _day_line(line: DayLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.time, class_name="w-14 shrink-0 font-semibold tabular-nums"),
        rx.el.span(line.what),
        class_name="flex items-baseline gap-2",
    )


def _document(photo: Photo) -> rx.Component:
    """A document, large enough to be read here. A tap opens it alone."""
    return rx.el.li(
        anchor(
            rx.el.img(
                src=photo.full,
                alt=photo.alt,
                decoding="async",
                class_name="max-h-[70dvh] w-full rounded-[3px] bg-sunk object-contain",
            ),
            href=photo.full,
            native=True,
            target="_blank",
            rel="noopener",
            class_name="block",
        )
    )


def _answer() -> rx.Component:
    """One question with its two answers apart; the chosen reason implies the answer."""
    return rx.el.form(
        rx.el.input(type="hidden", name="ask", value=LanesState.ask.id, read_only=True),
        rx.el.div(
            rx.el.h2(lanes_text.YOURS, class_name="text-h3"),
            rx.el.p(lanes_text.YOURS_LEAD, class_name="text-ink2"),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.el.div(
            _reason_chips(LanesState.ask.because_yes, LanesState.ask.yes),
            _reason_chips(LanesState.ask.because_no, LanesState.ask.no),
            id="reason",
            tab_index=-1,
            class_name="grid gap-4 md:grid-cols-2",
        ),
        error_line("reason", LanesState.errors["reason"]),
        button(lanes_text.RECORD, submit=True, id=SEND),
        id=FORM,
        on_submit=LanesState.judge,
        method="post",
        key=LanesState.ask.id,
        class_name="mt-6 grid max-w-page gap-3 border-t border-line pt-4",
    )


def _reason_chips(title: str, options: Sequence[Choice]) -> rx.Component:
    def chip(choice: Choice) -> rx.Component:
        return answer_chip(
            choice.label,
            type="radio",
            name="reason",
            value=choice.value,
            on_change=LanesState.chosen,
        )

    return rx.el.fieldset(
        rx.el.legend(title, class_name="field-label mb-2"),
        rx.el.div(each(options, chip), class_name="chips"),
        class_name="grid min-w-0 content-start",
    )
