"""`/monday/paper/`: entry of what was recorded on paper during an outage, on one page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as field_
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.domain.choices import SkipReason
from publicmeeting.domain.stages import EXPECTED, IN_HALL, UNCONFIRMED
from publicmeeting.kit.digits import bare, grouped, persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text, titles_text
from publicmeeting.text.lifecycle.reasons_text import SKIP
from publicmeeting.text.meetings import paper_text, reception_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import area, error_summary, field, saving, select
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import answer_notices, notice, sheet
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query, try_query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import auth_guard, live_title, read_rail, staff_rail
from publicmeeting.ui.shell.typed import notes_of, store_note
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, monday_list, own_table
from publicmeeting.usecases.meetings.on_paper.paper_entry import (
    TYPED_MOST,
    EnterArrivals,
    EnterMeeting,
    LeftOut,
    NotePaper,
    PaperLeft,
    PaperNote,
    enter_arrivals,
    enter_meeting,
    note_paper,
    paper_left,
)

_TIME, _CARD = "time-", "card-"
_UNMET = "unmet-"
"""Prefix of the names of fields for what is recorded after the day."""
_BY_CODE = "unmet-by-code"
_AFTER_FIELDS = (*(f"{_UNMET}{name}" for name in ("code", "begun", "ended", "note")), _BY_CODE)
_STORED = "paper"
_SKIPPED = "need_skip"
_SKIPS = (
    Choice("", paper_text.NO_SKIP),
    *(Choice(reason.value, SKIP[reason]) for reason in SkipReason),
)


@dataclass(frozen=True)
class PaperRow:
    """A visitor whom the system has not recorded; the names of her two fields, and what is
    typed."""

    who: str
    name: str
    time_field: str
    card_field: str


@dataclass(frozen=True)
class PaperNoted:
    """A visitor whose meeting the mayor has recorded after the day."""

    sentence: str
    answer: str
    order: str
    """Address of her sheet."""


@dataclass(frozen=True)
class PaperView(ViewModel):
    """The page. `is_day`: something can be entered now; `is_table`: this account holds meetings."""

    is_day: bool = False
    is_table: bool = False
    rows: tuple[PaperRow, ...] = ()
    here: tuple[Choice, ...] = ()
    is_open: bool = False
    """Whether the mayor may record meetings that no entry of the day shows."""
    after: str = ""
    left: tuple[Choice, ...] = ()
    more: str = ""
    """How many more standbys there are, whose code must be typed."""
    noted: tuple[PaperNoted, ...] = ()
    monday: str = ""
    """District and Monday that such a meeting belongs to."""


@dataclass(frozen=True)
class PaperTyped(ViewModel):
    """What was typed of a meeting and not sent; `turn` counts how often the form was emptied."""

    filled: dict[str, str] = field_(default_factory=dict)
    turn: int = 0


def _row_words(number: int, time: str) -> str:
    return paper_text.ROW.format(number=persian(number), time=dates_text.clock(time))


def _left_words(out: LeftOut) -> str:
    if out.number:
        return _row_words(out.number, out.time)
    return paper_text.STANDBY_ROW.format(place=persian(out.place))


def with_left(view: PaperView, left: PaperLeft | None) -> PaperView:
    """Add the people of the last Monday whose meeting only the mayor can still record."""
    if left is None:
        return view
    return replace(
        view,
        is_open=True,
        monday=f"{left.monday.district}/{left.monday.on.isoformat()}",
        after=paper_text.AFTER_LEAD.format(day=weekday_day(left.monday.on)),
        left=(
            Choice("", paper_text.CHOOSE),
            *(Choice(out.code, _left_words(out)) for out in left.left),
        )
        if left.left
        else (),
        more=paper_text.CODE_HINT.format(count=grouped(left.more)) if left.more else "",
        noted=tuple(_noted(note, left.now) for note in left.noted),
    )


def _noted(note: PaperNote, now: datetime) -> PaperNoted:
    answer = paper_text.NOTED_CONFIRMED if note.is_confirmed else paper_text.NOTED_WAITS
    return PaperNoted(
        paper_text.NOTED_ROW.format(
            code=persian(note.code),
            begun=dates_text.clock(note.begun),
            ended=dates_text.clock(note.ended),
        ),
        answer.format(moment=dates_text.near_moment(note.at, now)),
        f"/mayor/meeting/{note.code}/",
    )


def paper_view(board: DayBoard, *, is_table: bool) -> PaperView:
    coming = [visitor for visitor in board.visitors if visitor.stage in EXPECTED | UNCONFIRMED]
    here = [visitor for visitor in board.visitors if visitor.stage in IN_HALL]
    return PaperView(
        is_day=board.takes_paper,
        is_table=is_table,
        rows=tuple(
            PaperRow(
                _row_words(visitor.number, visitor.time),
                visitor.name or reception_text.NAME_UNSEEN,
                f"{_TIME}{visitor.code}",
                f"{_CARD}{visitor.code}",
            )
            for visitor in coming
        ),
        here=(
            Choice("", paper_text.CHOOSE),
            *(
                Choice(
                    visitor.code,
                    _row_words(visitor.number, visitor.time),
                )
                for visitor in here
            ),
        )
        if here
        else (),
    )


class PaperEntryState(Asking, rx.State):
    """State of `/monday/paper/`."""

    seen: PaperView = PaperView()
    typed: PaperTyped = PaperTyped()

    filled = VarField[dict[str, str]]("typed")
    turn = VarField[int]("typed")

    @rx.event
    async def load(self) -> None:
        """Read who is still expected, and who has come."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()
        if self.seen.monday:
            stored = await notes_of(self, f"{_STORED}/{self.seen.monday}") or {}
            before = self.filled
            self.filled = {name: stored.get(name, "") for name in _AFTER_FIELDS}
            self.turn += self.filled != before  # a list does not follow its state

    @rx.event
    async def keep(self, name: str, value: str, form_turn: int) -> None:
        """Store a field of a meeting after the day, at a pause; not once that form was sent."""
        if name in self.filled and form_turn == self.turn:
            await self._keep(name, text_of(value))

    async def _keep(self, name: str, value: str) -> None:
        self.filled = {**self.filled, name: value}
        await store_note(self, f"{_STORED}/{self.seen.monday}", name, value)

    @background
    async def watch(self) -> None:
        """Read again when a colleague has entered something."""
        await follow(self, own, self._read)

    @rx.event
    async def save_arrivals(self, form: Form) -> Any:
        """Save every row that is filled in, or none of them."""
        rows = rows_in(form)
        made = await execute(self, enter_arrivals, EnterArrivals, rows=rows)
        if made is None:
            return None if self.errors else rx.set_focus("refused")
        await self._read()
        self.done = paper_text.SAVED.format(count=dates_text.people(made.count))
        return rx.set_focus("refused")

    @rx.event
    async def save_meeting(self, form: Form) -> Any:
        """Record that she was in the room, and open the meeting's page for its result."""
        typed = {name: text_of(form.get(name)) for name in ("code", "begun", "ended", "skip")}
        made = await execute(self, enter_meeting, EnterMeeting, typed)
        if made is None:
            if self.why == _SKIPPED:
                self.errors, self.refused = {"skip": self.refused}, ""
            return None if self.errors else rx.set_focus("refused")
        return rx.redirect(f"/mayor/meeting/{made.code}/")

    @rx.event
    async def save_note(self, form: Form) -> Any:
        """Record a meeting after the day and ask her to confirm it; its promise is entered on her
        sheet."""
        names = ("code", "begun", "ended", "note")
        typed = {name: text_of(form.get(f"{_UNMET}{name}")) for name in names}
        written = bare(text_of(form.get(_BY_CODE))[:TYPED_MOST])
        typed["code"] = typed["code"] or written
        if not typed["code"]:
            self.errors, self.done = {f"{_UNMET}code": paper_text.CHOOSE_ONE}, ""
            return None
        made = await execute(self, note_paper, NotePaper, typed)
        if made is None:
            self.errors = {f"{_UNMET}{name}": error for name, error in self.errors.items()}
            return None if self.errors else rx.set_focus("refused")
        await self._read()
        for name in [one for one, value in self.filled.items() if value]:
            await self._keep(name, "")
        self.turn += 1
        self.done = paper_text.NOTED
        return rx.set_focus("refused")

    async def _read(self) -> None:
        await read_rail(self)
        is_table = await try_query(self, own_table, Nothing()) is not None
        board = await query(self, monday_list, ADay())
        if board is not None:
            left = await try_query(self, paper_left, Nothing()) if is_table else None
            self.seen = with_left(paper_view(board, is_table=is_table), left)


def rows_in(form: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return code, time and card of every row that was sent."""
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
            live_title(
                titles_text.PAPER_ENTRY,
                rx.cond(S.seen.is_day, rx.el.p(paper_text.ENTRY_LEAD, class_name="text-ink2")),
                anchor(
                    paper_text.BACK,
                    href=rx.cond(S.seen.is_table, "/mayor/", "/monday/"),
                    class_name="link inline-flex min-h-11 items-center",
                ),
            ),
            rx.el.div(
                answer_notices(S.done, S.refused),
                id="refused",
                tab_index=-1,
                class_name="mb-4 empty:hidden",
            ),
            rx.cond(
                S.seen.is_day,
                rx.cond(S.seen.is_table, _meeting(), _arrivals()),
                rx.cond(
                    S.ready & ~S.seen.is_open,
                    notice(paper_text.NOT_TODAY, paper_text.NOT_TODAY_REST, tone="neutral"),
                ),
            ),
            rx.cond(S.seen.is_open, _after()),
            announcement=rx.cond(S.done, S.done, S.refused),
            answers=S.answers,
        ),
    )


def _arrivals() -> rx.Component:
    return rx.el.section(
        rx.el.h2(paper_text.CAME_TITLE, class_name="text-h2"),
        rx.el.p(paper_text.CAME_LEAD, class_name="text-ink2"),
        notice(paper_text.ENTRY_ABSENT, paper_text.ENTRY_ABSENT_WHY, tone="neutral"),
        rx.cond(
            any_of(S.seen.rows),
            rx.el.form(
                error_summary(S.errors, S.answers),
                rx.el.ul(each(S.seen.rows, _row), class_name="rows"),
                button(paper_text.SAVE_CAME, submit=True),
                on_submit=S.save_arrivals,
                method="post",
                class_name="grid justify-items-stretch gap-4",
            ),
            rx.el.p(paper_text.NOBODY_LEFT, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _row(row: PaperRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.el.strong(row.who)),
                rx.el.p(row.name, class_name="row-meta"),
                class_name="min-w-0 flex-1 basis-56",
            ),
            rx.el.div(
                field(paper_text.CAME_AT, row.time_field, error=S.errors[row.time_field]),
                class_name="basis-36",
            ),
            rx.el.div(
                field(
                    paper_text.CARD,
                    row.card_field,
                    error=S.errors[row.card_field],
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
            any_of(S.seen.here),
            rx.el.form(
                error_summary(S.errors, S.answers),
                sheet(
                    select(paper_text.WHO, "code", S.seen.here, error=S.errors["code"]),
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
                class_name="grid max-w-page gap-4",
            ),
            rx.el.p(paper_text.NOBODY_HERE, class_name="text-ink2"),
        ),
        class_name="grid gap-3",
    )


def _after() -> rx.Component:
    """What no entry of the day shows: standbys on the day itself, everybody on the days after.

    A separate form keeps its fields apart from those of a meeting of today.
    """
    return rx.el.section(
        rx.el.h2(paper_text.AFTER_TITLE, class_name="text-h2"),
        rx.el.p(S.seen.after, class_name="text-ink2"),
        notice(paper_text.AFTER_RULE, paper_text.AFTER_RULE_WHY, tone="neutral"),
        rx.cond(
            any_of(S.seen.left),
            rx.el.form(
                error_summary(S.errors, S.answers),
                sheet(
                    select(
                        paper_text.WHO,
                        f"{_UNMET}code",
                        S.seen.left,
                        value=S.filled[f"{_UNMET}code"],
                        error=S.errors[f"{_UNMET}code"],
                        on_change=_keeps(f"{_UNMET}code"),
                    ),
                    shown(
                        S.seen.more,
                        field(
                            paper_text.BY_CODE,
                            _BY_CODE,
                            value=S.filled[_BY_CODE],
                            hint=S.seen.more,
                            auto_complete="off",
                            input_mode="numeric",
                            **saving(_keeps(_BY_CODE)),
                        ),
                    ),
                    rx.el.div(
                        _stored_hour(paper_text.BEGUN, f"{_UNMET}begun"),
                        _stored_hour(paper_text.ENDED, f"{_UNMET}ended"),
                        class_name="grid gap-3 sm:grid-cols-2",
                    ),
                    area(
                        paper_text.NOTE,
                        f"{_UNMET}note",
                        value=S.filled[f"{_UNMET}note"],
                        hint=paper_text.NOTE_HINT,
                        error=S.errors[f"{_UNMET}note"],
                        **saving(_keeps(f"{_UNMET}note")),
                    ),
                ),
                rx.el.div(button(paper_text.SAVE_NOTE, submit=True, sign="pen")),
                on_submit=S.save_note,
                method="post",
                key=S.turn,
                class_name="grid max-w-page gap-4",
            ),
            rx.el.p(paper_text.AFTER_NONE, class_name="text-ink2"),
        ),
        rx.cond(
            any_of(S.seen.noted),
            rx.el.div(
                rx.el.h3(paper_text.NOTED_TITLE, class_name="text-h3"),
                rx.el.ul(each(S.seen.noted, _noted_row), class_name="rows"),
                class_name="grid gap-2",
            ),
        ),
        class_name="mt-6 grid gap-3",
    )


def _noted_row(noted: PaperNoted) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.el.strong(noted.sentence)),
                rx.el.p(noted.answer, class_name="row-meta"),
                class_name="min-w-0 flex-1 basis-56",
            ),
            button(paper_text.WRITE_ORDER, kind="secondary", size="sm", href=noted.order),
            class_name="row row-static flex-wrap items-center",
        )
    )


def _hour(label: str, name: str, **props: Any) -> rx.Component:
    return field(label, name, hint=paper_text.HOUR_HINT, error=S.errors[name], **props)


def _stored_hour(label: str, name: str) -> rx.Component:
    return _hour(label, name, value=S.filled[name], **saving(_keeps(name)))


def _keeps(name: str) -> Callable[[Any], Handler]:
    return lambda value: S.keep(name, value, S.turn)
