"""`/monday/paper/`: what happened on paper while the system was away, entered in one screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.choices import SkipReason
from publicmeeting.domain.stages import EXPECTED, IN_HALL, UNCONFIRMED
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text, titles_text
from publicmeeting.text.lifecycle.reasons_text import SKIP
from publicmeeting.text.meetings import paper_text, reception_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field, select
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, sheet
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query, try_query
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import auth_guard, read_rail, staff_rail
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, monday_list, own_table
from publicmeeting.usecases.meetings.paper_entry import (
    EnterArrivals,
    EnterMeeting,
    enter_arrivals,
    enter_meeting,
)

_TIME, _CARD = "time-", "card-"
_SKIPPED = "need_skip"
_SKIPS = (
    Choice("", paper_text.NO_SKIP),
    *(Choice(reason.value, SKIP[reason]) for reason in SkipReason),
)


@dataclass(frozen=True)
class PaperRow:
    """One who has not been seen by the system; names of her two fields, and what is typed."""

    code: str
    who: str
    name: str
    time_field: str
    card_field: str


@dataclass(frozen=True)
class PaperView(ViewModel):
    """`is_day`: something can be entered now; `is_table`: this account holds meetings."""

    day: str = ""
    is_day: bool = False
    is_table: bool = False
    rows: tuple[PaperRow, ...] = ()
    here: tuple[Choice, ...] = ()


def paper_view(board: DayBoard, *, is_table: bool) -> PaperView:
    day = board.monday
    coming = [one for one in board.visitors if one.stage in EXPECTED | UNCONFIRMED]
    here = [one for one in board.visitors if one.stage in IN_HALL]
    return PaperView(
        day=dates_text.near_day(day.on, tehran_day(board.now)),
        is_day=day.on == tehran_day(board.now) and day.ended_at is None,
        is_table=is_table,
        rows=tuple(
            PaperRow(
                one.code,
                paper_text.ROW.format(number=persian(one.number), time=dates_text.clock(one.time)),
                one.name or reception_text.NAME_UNSEEN,
                f"{_TIME}{one.code}",
                f"{_CARD}{one.code}",
            )
            for one in coming
        ),
        here=(
            Choice("", paper_text.CHOOSE),
            *(
                Choice(
                    one.code,
                    paper_text.ROW.format(
                        number=persian(one.number), time=dates_text.clock(one.time)
                    ),
                )
                for one in here
            ),
        )
        if here
        else (),
    )


class PaperEntryState(Asking, rx.State):
    """`/monday/paper/`."""

    seen: PaperView = PaperView()

    day = VarField[str]("seen")
    is_day = VarField[bool]("seen")
    is_table = VarField[bool]("seen")
    rows = VarField[tuple[PaperRow, ...]]("seen")
    here = VarField[tuple[Choice, ...]]("seen")

    @rx.event
    async def load(self) -> None:
        """Read who is still expected, and who has come."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @background
    async def watch(self) -> None:
        """A colleague may enter the same paper."""
        await follow(self, own, self._read)

    @rx.event
    async def save_arrivals(self, form: Form) -> Any:
        """Write every row that is filled in, or none of them."""
        rows = rows_in(form)
        made = await execute(self, enter_arrivals, EnterArrivals, rows=rows)
        if made is None:
            return None if self.errors else rx.set_focus("refused")
        await self._read()
        self.done = paper_text.SAVED.format(count=dates_text.people(made.count))
        return rx.set_focus("refused")

    @rx.event
    async def save_meeting(self, form: Form) -> Any:
        """She was in the room; her outcome is written on the page of every meeting."""
        typed = {name: text_of(form.get(name)) for name in ("code", "begun", "ended", "skip")}
        made = await execute(self, enter_meeting, EnterMeeting, typed)
        if made is None:
            if self.why == _SKIPPED:
                self.errors, self.refused = {"skip": self.refused}, ""
            return None if self.errors else rx.set_focus("refused")
        return rx.redirect(f"/mayor/meeting/{made.code}/")

    async def _read(self) -> None:
        await read_rail(self)
        is_table = await try_query(self, own_table, Nothing()) is not None
        board = await query(self, monday_list, ADay())
        if board is not None:
            self.seen = paper_view(board, is_table=is_table)


def rows_in(form: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Code, hour and card of every row whose fields were sent."""
    codes = [name.removeprefix(_TIME) for name in form if name.startswith(_TIME)]
    return tuple(
        (code, text_of(form.get(f"{_TIME}{code}")), text_of(form.get(f"{_CARD}{code}")))
        for code in codes
    )


S = PaperEntryState


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail("/monday/"),
            rx.el.div(
                rx.el.h1(titles_text.PAPER_ENTRY, class_name="text-h1"),
                rx.el.p(paper_text.ENTRY_LEAD, class_name="text-ink2"),
                rx.cond(
                    S.is_table,
                    text_link(paper_text.BACK, "/mayor/"),
                    text_link(paper_text.BACK, "/monday/"),
                ),
                class_name="mb-4 grid justify-items-start gap-2",
            ),
            rx.el.div(
                rx.cond(S.done, notice(S.done)),
                rx.cond(S.refused, notice(S.refused, tone="brick")),
                id="refused",
                tab_index=-1,
                class_name="mb-4 empty:hidden",
            ),
            rx.cond(
                S.is_day,
                rx.cond(S.is_table, _meeting(), _arrivals()),
                rx.cond(S.ready, notice(paper_text.NOT_TODAY, tone="neutral")),
            ),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _arrivals() -> rx.Component:
    return rx.el.section(
        rx.el.h2(paper_text.CAME_TITLE, class_name="text-h2"),
        rx.el.p(paper_text.CAME_LEAD, class_name="text-ink2"),
        notice(paper_text.ENTRY_ABSENT, paper_text.ENTRY_ABSENT_WHY, tone="neutral"),
        rx.cond(
            any_of(S.rows),
            rx.el.form(
                error_summary(S.errors),
                rx.el.ul(each(S.rows, _row), class_name="rows"),
                button(paper_text.SAVE_CAME, submit=True),
                on_submit=S.save_arrivals,
                method="post",
                class_name="grid justify-items-stretch gap-4",
            ),
            rx.el.p(paper_text.NOBODY_LEFT, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _row(one: PaperRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.el.strong(one.who)),
                rx.el.p(one.name, class_name="row-meta"),
                class_name="min-w-0 flex-1 basis-56",
            ),
            rx.el.div(
                field(paper_text.CAME_AT, one.time_field, error=S.errors[one.time_field]),
                class_name="basis-36",
            ),
            rx.el.div(
                field(
                    paper_text.CARD,
                    one.card_field,
                    error=S.errors[one.card_field],
                    auto_complete="off",
                ),
                class_name="basis-52",
            ),
            class_name="row row-static flex-wrap items-start",
        )
    )


def _meeting() -> rx.Component:
    return rx.el.section(
        rx.el.h2(paper_text.MET_TITLE, class_name="text-h2"),
        rx.el.p(paper_text.MET_LEAD, class_name="text-ink2"),
        rx.cond(
            any_of(S.here),
            rx.el.form(
                error_summary(S.errors),
                sheet(
                    select(paper_text.WHO, "code", S.here, error=S.errors["code"]),
                    rx.el.div(
                        _hour(paper_text.BEGUN, "begun"),
                        _hour(paper_text.ENDED, "ended"),
                        class_name="grid gap-3 sm:grid-cols-2",
                    ),
                    select(paper_text.SKIP, "skip", _SKIPS, error=S.errors["skip"]),
                ),
                rx.el.div(button(paper_text.WRITE_OUTCOME, submit=True, sign="pen")),
                on_submit=S.save_meeting,
                method="post",
                class_name="grid max-w-2xl gap-4",
            ),
            rx.el.p(paper_text.NOBODY_HERE, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _hour(label: str, name: str) -> rx.Component:
    return field(label, name, hint=paper_text.HOUR_HINT, error=S.errors[name])
