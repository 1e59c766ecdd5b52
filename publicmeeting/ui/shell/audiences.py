"""Statement of how many people a mayor met outside the line: stated, corrected, on two offices'
pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.calendar import last_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.design import fields
from publicmeeting.ui.design.controls import button, pair
from publicmeeting.ui.design.flow import Handler, any_of, each, pick, shown
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.audiences import (
    MondayStatement,
    StateAudiences,
    Statement,
    my_mondays,
    state_audiences,
)


@dataclass(frozen=True)
class MondayLine(ViewModel):
    """One Monday; `corrects` is the log entry that a correction replaces."""

    monday: str = ""
    day: str = ""
    statement: str = ""
    badge: Badge = field(default_factory=Badge)
    act: str = ""
    lead: str = ""
    ask: str = ""
    corrects: str = ""
    district: str = ""


def lines(found: tuple[MondayStatement, ...], now: datetime, district: int = 0) -> list[MondayLine]:
    return [replace(_line(statement, now), district=str(district)) for statement in found]


def statement_text(statement: Statement | None, due_at: datetime, now: datetime) -> str:
    """Return the stated count in words: «۳ نفر», «هیچ‌کس», or that nothing has been stated."""
    if statement is None:
        if now >= due_at:
            return audiences_text.SILENT
        return audiences_text.AWAITED.format(until=dates_text.until_words(due_at))
    text = (
        audiences_text.COUNT.format(count=persian(statement.count))
        if statement.count
        else audiences_text.NOBODY
    )
    if statement.corrected:
        return audiences_text.CORRECTED.format(statement=text)
    return audiences_text.STATED_LATE.format(statement=text) if statement.late else text


def _line(statement: MondayStatement, now: datetime) -> MondayLine:
    silent = statement.statement is None and now >= statement.due_at
    lead = (
        audiences_text.CORRECT_LEAD.format(count=persian(statement.statement.count))
        if statement.statement
        else ""
    )
    return MondayLine(
        monday=statement.on.isoformat(),
        day=weekday_day(statement.on),
        statement=audiences_text.OVERDUE.format(day=weekday_day(last_day(statement.due_at)))
        if silent
        else statement_text(statement.statement, statement.due_at, now),
        badge=Badge(audiences_text.SILENT, "brick", "flag") if silent else Badge(),
        act=_act(statement),
        lead=lead,
        ask=audiences_text.ASK.format(day=weekday_day(statement.on)),
        corrects=str(statement.statement.seq) if statement.statement else "",
    )


def _act(statement: MondayStatement) -> str:
    if not statement.may_state:
        return ""
    return audiences_text.CORRECT if statement.statement else audiences_text.STATE


class AudiencesState(Addressed, rx.State):
    """The part of `/monday/` and `/mayor/` that states the count.

    The form contains its Monday, so a press that arrives late counts for the Monday it was typed
    for, even if the page asks about another one by then.
    """

    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset({"choose"})
    lines: list[MondayLine] = []
    asked: MondayLine = MondayLine()
    """The Monday of the open form."""

    @rx.event
    async def load(self) -> None:
        """Read the Mondays, and open the form of the newest one if it has no statement yet."""
        is_opened = await self._arrives()
        await self._read()
        if not is_opened:
            self.asked = self._line_of(self.asked.monday) or MondayLine()
            return
        self.errors, self.refused, self.done = {}, "", ""
        newest = self.lines[0] if self.lines else MondayLine()
        self.asked = MondayLine() if newest.corrects or not newest.act else newest

    @rx.event
    async def choose(self, monday: str) -> Any:
        """Open the form of one Monday, or close it."""
        self.errors, self.refused, self.done = {}, "", ""
        line = self._line_of(monday)
        if line is None or not line.act or monday == self.asked.monday:
            self.asked = MondayLine()
            return None
        self.asked = line
        return rx.set_focus("count")

    @rx.event
    async def send(self, form: Form) -> Any:
        """State the count."""
        monday = text_of(form.get("monday"))
        district = text_of(form.get("district"))
        if getattr(self._line_of(monday), "district", None) != district:
            await self._report_not_sent()
            return None
        statement = await execute(
            self,
            state_audiences,
            StateAudiences,
            district=district,
            monday=monday,
            corrects=text_of(form.get("corrects")),
            count=text_of(form.get("count")),
        )
        if statement is None and self.errors:
            return rx.set_focus("count")
        await self._read()
        if statement is not None:
            self.asked, self.done = MondayLine(), audiences_text.DONE
        else:  # somebody else was faster: their statement is shown under her number now
            self.asked = self._line_of(monday) or MondayLine()
        return None

    def _line_of(self, monday: str) -> MondayLine | None:
        return next((line for line in self.lines if line.monday == monday), None)

    async def _read(self) -> None:
        found = await query(self, my_mondays, Nothing())
        if found is not None:
            self.lines = lines(found.mondays, found.now, found.district)


def audiences() -> rx.Component:
    """The part on a page; nothing before the first Monday is over."""
    statement = rx.el.div(
        shown(
            AudiencesState.refused,
            rx.fragment(notice(AudiencesState.refused, tone="brick"), key=AudiencesState.answers),
        ),
        shown(AudiencesState.done, notice(AudiencesState.done)),
        role="alert",
        class_name="empty:hidden",
    )
    form = rx.cond(
        AudiencesState.asked.monday,
        count_form(
            AudiencesState.asked.ask,
            AudiencesState.asked.lead,
            AudiencesState.errors["count"],
            on_send=AudiencesState.send,
            on_cancel=AudiencesState.choose(AudiencesState.asked.monday),
            district=AudiencesState.asked.district,
            monday=AudiencesState.asked.monday,
            corrects=AudiencesState.asked.corrects,
        ),
    )
    return rx.cond(
        any_of(AudiencesState.lines),
        audience_part(
            AudiencesState.lines,
            statement,
            form,
            chosen=AudiencesState.asked.monday,
            on_choose=AudiencesState.choose,
        ),
    )


def audience_part(
    lines: Sequence[MondayLine], *above: rx.Component, chosen: str = "", on_choose: Handler = None
) -> rx.Component:
    """Each Monday with its statement, and above them the form of one."""

    def line(monday_line: MondayLine) -> rx.Component:
        press = {} if on_choose is None else {"on_click": on_choose(monday_line.monday)}
        return rx.el.li(
            rx.el.div(
                rx.el.span(
                    rx.el.span(monday_line.day, class_name="row-title block"),
                    rx.el.span(monday_line.statement, class_name="row-meta block"),
                    class_name="row-body",
                ),
                badge(monday_line.badge),
                shown(
                    monday_line.act,
                    rx.el.button(
                        monday_line.act,
                        rx.el.span(" ", monday_line.day, class_name="sr-only"),
                        type="button",
                        aria_expanded=pick(chosen == monday_line.monday, "true", "false"),
                        class_name="btn btn-secondary btn-sm",
                        **press,
                    ),
                ),
                class_name="row row-static flex-wrap",
            ),
            key=monday_line.monday,
        )

    return rx.el.section(
        rx.el.h2(audiences_text.TITLE, class_name="text-h2"),
        rx.el.p(audiences_text.LEAD, class_name="text-meta text-ink2"),
        *above,
        rx.el.ul(each(lines, line), class_name="rows"),
        class_name="no-print mt-6 grid gap-3",
    )


def count_form(
    ask: str,
    lead: str,
    error: str,
    *,
    district: str = "",
    monday: str = "",
    corrects: str = "",
    on_send: Handler = None,
    on_cancel: Handler = None,
) -> rx.Component:
    """The form of one Monday, outside the loop of lines: inside a loop its field would have no
    name."""
    hears = {} if on_send is None else {"on_submit": on_send}
    return rx.el.form(
        rx.el.input(type="hidden", name="district", value=district, read_only=True),
        rx.el.input(type="hidden", name="monday", value=monday, read_only=True),
        rx.el.input(type="hidden", name="corrects", value=corrects, read_only=True),
        fields.field(
            ask,
            "count",
            kind="number",
            hint=audiences_text.HINT,
            error=error,
            max_length=8,
        ),
        shown(lead, rx.el.p(lead, class_name="text-meta text-ink2")),
        pair(
            button(audiences_text.SEND, size="sm", submit=True),
            button(audiences_text.CANCEL, kind="secondary", size="sm", on_click=on_cancel),
        ),
        key=monday,
        method="post",
        class_name="grid gap-3 border-s-4 border-edge ps-4",
        **hears,
    )
