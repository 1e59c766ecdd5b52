"""`/city/calendar/`: the coming Mondays, and closing one after a preview."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.choices import CLOSURES
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.districts import calendar_text
from publicmeeting.text.lifecycle.reasons_text import CLOSURE_WORD, closure
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import chips, error_summary, select
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import answer_notices, row_static, sheet
from publicmeeting.ui.design.states import empty, listed
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import auth_guard, live_title, read_rail, staff_rail
from publicmeeting.ui.shell.typed import TypedFormState, choosing, found
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.closing import (
    Calendar,
    CityMonday,
    Closed,
    CloseMonday,
    city_calendar,
    close_monday,
    preview_closure,
)

REASONS = tuple(Choice(reason.value, CLOSURE_WORD[reason]) for reason in CLOSURES)
PLACES = (
    Choice("", calendar_text.CHOOSE_WHERE),
    *(Choice(str(district.number), district.name) for district in DISTRICTS),
)


@dataclass(frozen=True)
class MondayLine:
    """One Monday: in how many districts it is open, how many seats are assigned, where it is closed
    and why."""

    day: str
    open: str
    seats: str
    closed: tuple[str, ...]


@dataclass(frozen=True)
class Result(ViewModel):
    """What closing would do; empty before the preview."""

    what: str = ""
    then: str = ""


def lines(seen: Calendar) -> list[MondayLine]:
    return [_calendar_line(monday) for monday in seen.mondays]


def choices(seen: Calendar) -> tuple[Choice, ...]:
    """Return the Mondays that are still open somewhere."""
    return tuple(
        Choice(monday.on.isoformat(), day_words(monday.on))
        for monday in seen.mondays
        if _count(monday, MondayState.OPEN)
    )


def result(made: Closed, command: CloseMonday) -> Result:
    then = (
        calendar_text.OWED.format(count=grouped(made.holders))
        if made.holders
        else calendar_text.COUNTS
    )
    what = calendar_text.WOULD.format(day=day_words(made.on), where=where(made, command.district))
    return Result(what, then)


def done(made: Closed, district: str) -> str:
    message = calendar_text.DONE.format(day=day_words(made.on), where=where(made, district))
    owed = calendar_text.DONE_OWED.format(count=grouped(made.holders)) if made.holders else ""
    return f"{message} {owed}".strip()


def where(made: Closed, district: str) -> str:
    """Return the district's name, the whole city, or the number of districts that are still
    open."""
    if district:
        return staff_text.DISTRICT.format(district=persian(district))
    if made.districts == len(DISTRICTS):
        return calendar_text.WHOLE_CITY
    return calendar_text.IN_DISTRICTS.format(count=persian(made.districts))


def _calendar_line(monday: CityMonday) -> MondayLine:
    open_, held = _count(monday, MondayState.OPEN), _count(monday, MondayState.HELD)
    parts = [calendar_text.OPEN_IN.format(count=persian(open_)) if open_ else ""]
    parts += [calendar_text.HELD_IN.format(count=persian(held)) if held else ""]
    seats = (
        calendar_text.HOLDERS.format(count=grouped(monday.holders))
        if monday.holders
        else calendar_text.NOT_DRAWN
    )
    return MondayLine(
        day=day_words(monday.on),
        open="، ".join(filter(None, parts)) or calendar_text.OPEN_NOWHERE,
        seats=seats if open_ else "",
        closed=_closed(monday),
    )


def _closed(monday: CityMonday) -> tuple[str, ...]:
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for day in monday.days:
        if day.state is MondayState.CLOSED:
            by_reason[day.why].append(day.district)
    return tuple(
        calendar_text.CLOSED_IN.format(
            districts=_named(numbers, of=len(monday.days)), why=closure(why)
        )
        for why, numbers in by_reason.items()
    )


def _named(numbers: list[int], *, of: int) -> str:
    if len(numbers) == of:
        return calendar_text.WHOLE_CITY
    return "، ".join(staff_text.DISTRICT.format(district=persian(number)) for number in numbers)


def _count(monday: CityMonday, state: MondayState) -> int:
    return sum(day.state is state for day in monday.days)


FIELDS = tuple(CloseMonday.model_fields)
_DONE_BY_OTHERS = frozenset({"monday_closed", "monday_begun"})
"""Refusals that concern one district only."""


@dataclass(frozen=True)
class Ahead(ViewModel):
    """The content of the page."""

    lines: tuple[MondayLine, ...] = ()
    mondays: tuple[Choice, ...] = ()
    seen: Result = field(default_factory=Result)


class CalendarState(TypedFormState, rx.State):
    """State of `/city/calendar/`."""

    FORM: ClassVar[TypedForm] = TypedForm.CLOSING
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_HERE
    ahead: Ahead = Ahead()

    lines = VarField[tuple[MondayLine, ...]]("ahead")
    mondays = VarField[tuple[Choice, ...]]("ahead")
    seen = VarField[Result]("ahead")
    _previewed: dict[str, str] = {}
    _districts: list[int] = []
    """Districts that were open at the preview."""

    @rx.event
    async def load(self) -> None:
        """Read the coming Mondays."""
        is_opened = await self._opens(self._forget)
        await read_rail(self)
        self._begin_with(dict.fromkeys(FIELDS, ""))
        if is_opened:
            await self._read_typed()
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again when seats are assigned or given up."""
        await follow(self, always("draws"), self._read)

    @rx.event
    async def preview(self, form: Form) -> Any:
        """Show what closing the chosen Monday would do."""
        typed = {name: text_of(form.get(name)) for name in FIELDS}
        self._forget()
        self.done = ""
        made = await execute(self, preview_closure, CloseMonday, typed)
        if made is None:
            return None if self.errors else rx.set_focus("refused")
        self._previewed, self.seen = typed, result(made, CloseMonday(**typed))
        self._districts = list(made.numbers)
        return rx.set_focus("result")

    @rx.event
    async def close(self) -> Any:
        """Close exactly what was previewed."""
        if not self._previewed and not self.done:
            await self._report_not_sent()
        if not self._previewed:
            return None
        typed = self._previewed
        made = await self._close_each(typed)
        self._forget()
        await self._read()
        if made is not None:
            await self._forget_typed()
            self.done = done(made, typed["district"])
        return rx.set_focus("refused")

    async def _close_each(self, typed: dict[str, str]) -> Closed | None:
        """Close one district after another, each in its own transaction.

        One transaction for the whole city would block everybody who files, for seconds. If one
        district is refused for a reason of its own, the others are closed. After any other refusal
        a second press continues from there.
        """
        made = list[Closed]()
        for district in self._districts:
            one = {**typed, "district": str(district)}
            closed = await execute(self, close_monday, CloseMonday, one)
            if closed is not None:
                made.append(closed)
            elif self.why not in _DONE_BY_OTHERS:
                break
        else:
            self.refused = "" if made else self.refused
        if not made:
            return None
        return Closed(made[0].on, len(made), sum(closed.holders for closed in made))

    def _forget(self) -> None:
        self._previewed, self.seen = {}, Result()

    async def _read(self) -> None:
        found = await query(self, city_calendar, Nothing())
        if found is not None:
            self.lines, self.mondays = tuple(lines(found)), choices(found)


HERE = "/city/calendar/"


def page() -> rx.Component:
    return auth_guard(
        CalendarState,
        board_frame(
            staff_rail(HERE),
            live_title(calendar_text.TITLE, rx.el.p(calendar_text.LEAD, class_name="text-ink2")),
            _result(),
            rx.el.div(_ahead(), _closing(), class_name="grid items-start gap-6 xl:grid-cols-2"),
            announcement=rx.cond(CalendarState.done, CalendarState.done, CalendarState.refused),
            answers=CalendarState.answers,
        ),
    )


def _result() -> rx.Component:
    return rx.el.div(
        answer_notices(CalendarState.done, CalendarState.refused),
        id="refused",
        tab_index=-1,
        class_name="mb-4 empty:hidden",
    )


def _ahead() -> rx.Component:
    return rx.el.section(
        rx.el.h2(calendar_text.AHEAD, class_name="text-h2"),
        listed(CalendarState.lines, _line_row, empty(calendar_text.NONE, calendar_text.NONE_LEAD)),
        class_name="grid gap-3",
    )


def _line_row(monday_line: MondayLine) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.h3(monday_line.day, class_name="row-title"),
            rx.el.p(
                monday_line.open, rx.cond(monday_line.seats, f"\u00a0· {monday_line.seats}", "")
            ),
            each(monday_line.closed, lambda line: rx.el.p(line, class_name="text-ink2")),
            class_name="row-body",
        )
    )


def _closing() -> rx.Component:
    return rx.el.section(
        rx.el.h2(calendar_text.CLOSE, class_name="text-h2"),
        rx.el.form(
            error_summary(CalendarState.errors, CalendarState.answers),
            found(CalendarState),
            sheet(
                select(
                    calendar_text.WHICH,
                    "monday",
                    CalendarState.mondays,
                    value=CalendarState.filled["monday"],
                    error=CalendarState.errors["monday"],
                    on_change=choosing(CalendarState, "monday"),
                ),
                select(
                    calendar_text.WHERE,
                    "district",
                    PLACES,
                    value=CalendarState.filled["district"],
                    error=CalendarState.errors["district"],
                    on_change=choosing(CalendarState, "district"),
                ),
                rx.el.div(
                    chips(
                        calendar_text.WHY,
                        "reason",
                        REASONS,
                        value=CalendarState.filled["reason"],
                        hint=calendar_text.WHY_HINT,
                        error=CalendarState.errors["reason"],
                        on_choose=choosing(CalendarState, "reason"),
                    )
                ),
            ),
            button(calendar_text.PREVIEW, kind="secondary", submit=True),
            key=CalendarState.form_turn,
            on_submit=CalendarState.preview,
            method="post",
            class_name="grid gap-4",
        ),
        rx.el.h3(calendar_text.RESULT, id="result", tab_index=-1, class_name="text-h3"),
        rx.cond(
            CalendarState.seen.what,
            sheet(
                rx.el.div(
                    rx.el.p(CalendarState.seen.what, class_name="font-semibold"),
                    rx.el.p(CalendarState.seen.then),
                    class_name="grid gap-1",
                ),
                rx.el.div(
                    rx.el.p(calendar_text.NO_WAY_BACK),
                    button(calendar_text.DO, kind="danger", on_click=CalendarState.close),
                    class_name="grid gap-3",
                ),
            ),
            rx.el.p(calendar_text.FIRST, class_name="text-ink2"),
        ),
        class_name="no-print grid gap-3",
    )
