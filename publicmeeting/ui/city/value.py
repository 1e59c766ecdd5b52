"""`/city/value/`: enter the number that decides the next draw: typed, read back, then written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words, iso, weekday_day
from publicmeeting.text.common import chrome_text, dates_text
from publicmeeting.text.line import value_text
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.turns.kinds import NO_VALUE
from publicmeeting.turns.rules.late_value import Source
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.sheets import answer_notices, notice, sheet
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import auth_guard, live_title, read_rail, staff_rail
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.ceremony.late_value import (
    EnterValue,
    ValueDesk,
    enter_value,
    preview_value,
    value_desk,
)

HERE = "/city/value/"
EVERY = 30.0
"""Seconds after which the page is read without a message, because hours begin and end by time
alone."""


@dataclass(frozen=True)
class PartyLine:
    """A party, and the number that it reports."""

    name: str
    value: str


@dataclass(frozen=True)
class Desk(ViewModel):
    """The content of the page; `may_enter` while the city may enter the number."""

    monday: str = ""
    day: str = ""
    lead: str = ""
    source: str = ""
    standing_words: str = ""
    may_enter: bool = False
    stands: str = ""
    label: str = ""
    hint: str = ""
    words: tuple[PartyLine, ...] = ()
    disputed: str = ""
    demo_note: str = ""
    """In the demo: where its numbers come from."""


def desk(seen: ValueDesk, now: datetime) -> Desk:
    """Return the hours and reported numbers of the Monday whose number is awaited."""
    kind = seen.kind
    values = {word.value for word in seen.words if word.value}
    return Desk(
        monday=iso(seen.monday),
        day=iso(seen.day) if seen.day else "",
        lead=value_text.LEAD.format(monday=day_words(seen.monday)),
        source=value_text.SOURCE[kind].format(source=seen.source),
        standing_words=_standing_words(seen, now),
        may_enter=_may_enter(seen, now),
        stands=number(kind, seen.standing.value) if seen.standing else "",
        label=value_text.FIELD[kind],
        hint=value_text.HINT[kind],
        words=tuple(
            PartyLine(
                party_name(word.party),
                number(kind, word.value) if word.value else value_text.NOT_YET,
            )
            for word in seen.words
        ),
        disputed=_disputed(seen) if len(values) > 1 else "",
        demo_note=value_text.DEMO if settings().is_demo else "",
    )


def _disputed(seen: ValueDesk) -> str:
    return value_text.DISPUTED_DECIDED if seen.standing else value_text.DISPUTED


def _may_enter(seen: ValueDesk, now: datetime) -> bool:
    if seen.closed_at is None or seen.standing is not None:
        return False
    return bool(seen.opens_at and seen.until and seen.opens_at <= now < seen.until)


def _standing_words(seen: ValueDesk, now: datetime) -> str:
    if seen.standing is not None:
        if seen.standing.value == NO_VALUE or seen.day is None:
            return value_text.DECIDED_NONE
        return value_text.DECIDED_ON.format(day=weekday_day(seen.day))
    if seen.day is None or seen.opens_at is None or seen.until is None:
        return ""
    day = weekday_day(seen.day)
    if now >= seen.opens_at and seen.closed_at is not None:
        return value_text.OPEN.format(day=day, until=dates_text.until_words(seen.until))
    standing_words = value_text.SEALED_FIRST if seen.closed_at is None else value_text.COMES
    return standing_words.format(day=day, moment=dates_text.near_moment(seen.opens_at, now))


def number(kind: Source, value: str) -> str:
    """Return the number as it is printed; ten dice as digits without grouping."""
    if value == NO_VALUE:
        return value_text.NOTHING
    return persian(value) if kind is Source.DICE else grouped(int(value))


class ValueState(Addressed, rx.State):
    """State of `/city/value/`: only a number that was read back can be written."""

    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_HERE
    desk: Desk = Desk()
    seen: str = ""
    """The number that would be written, as it is printed."""
    is_none: bool = False
    _typed: dict[str, Any] = {}
    """The number that was read back, with its day."""
    _kind: Source = Source.PUBLISHED

    @rx.event
    async def load(self) -> None:
        """Read which number is awaited."""
        await self._opens(self._forget)
        await read_rail(self)
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again when other parties have entered the number."""
        await follow(self, always("draws"), self._read, EVERY)

    @rx.event
    async def preview(self, form: Form) -> Any:
        """Read back what is typed."""
        return await self._preview(text_of(form.get("value")))

    @rx.event
    async def preview_none(self) -> Any:
        """Read back that the source published nothing today."""
        return await self._preview(NO_VALUE)

    @rx.event
    async def enter(self, seen: str = "") -> Any:
        """Write exactly what was read back.

        `seen` is the number above the pressed button: on a slow line, another number may have been
        typed since.
        """
        is_read = bool(self._typed) and seen == self.seen
        if not is_read and not self.done:
            await self._report_not_sent()
        if not is_read:
            return None
        value = await execute(self, enter_value, EnterValue, self._typed)
        if value is not None:
            self._forget()
            standing_words = value_text.DONE_NONE if value == NO_VALUE else value_text.DONE
            self.done = standing_words.format(value=number(self._kind, value))
        elif "value" in self.errors:
            self.refused = self.errors["value"]
        await self._read()
        return rx.set_focus("answer")

    async def _preview(self, typed: str) -> Any:
        self.done = ""
        self._forget()
        about = {"monday": self.desk.monday, "day": self.desk.day}
        value = await execute(self, preview_value, EnterValue, {**about, "value": typed})
        if value is None:
            return rx.set_focus("value") if self.errors else rx.set_focus("answer")
        self._typed, self.is_none = {**about, "value": value}, value == NO_VALUE
        self.seen = number(self._kind, value)
        return rx.set_focus("answer")

    def _forget(self) -> None:
        self._typed, self.seen, self.is_none = {}, "", False

    async def _read(self) -> None:
        who = await query(self, viewer, Nothing())
        found = await query(self, value_desk, Nothing())
        if who is None or found is None:
            self.desk = Desk()
            return
        self._kind = found.kind
        self.desk = desk(found, who.now)


def page() -> rx.Component:
    return auth_guard(
        ValueState,
        board_frame(
            staff_rail(HERE),
            live_title(value_text.TITLE),
            rx.cond(
                ValueState.desk.monday,
                rx.el.div(_lead(), _answer(), _entering(), _words(), class_name="grid gap-4"),
                empty(value_text.NO_DRAWS, value_text.NO_DRAWS_LEAD),
            ),
            announcement=rx.cond(ValueState.done, ValueState.done, ValueState.refused),
            answers=ValueState.answers,
        ),
    )


def _lead() -> rx.Component:
    return rx.el.div(
        rx.el.p(ValueState.desk.lead),
        rx.el.p(ValueState.desk.source, class_name="text-ink2"),
        shown(
            ValueState.desk.demo_note, rx.el.p(ValueState.desk.demo_note, class_name="text-ink2")
        ),
        rx.cond(
            ValueState.desk.stands,
            rx.el.div(
                rx.el.h2(value_text.DECIDED, class_name="text-h3"),
                rx.el.p(ltr(ValueState.desk.stands), class_name="text-h1"),
                rx.el.p(ValueState.desk.standing_words, class_name="text-ink2"),
                class_name="mt-2",
            ),
            rx.el.p(ValueState.desk.standing_words, class_name="mt-2 font-semibold"),
        ),
        class_name="mt-4 grid max-w-page gap-1",
    )


def _answer() -> rx.Component:
    """The number that would be written, in large print, and the button that writes it."""
    return rx.el.div(
        answer_notices(ValueState.done, ValueState.refused),
        rx.cond(
            ValueState.seen,
            sheet(
                rx.el.div(
                    rx.cond(
                        ValueState.is_none,
                        rx.el.p(value_text.READ_NONE, class_name="text-h3"),
                        rx.fragment(
                            rx.el.p(value_text.READ),
                            rx.el.p(ltr(ValueState.seen), class_name="text-h1"),
                        ),
                    ),
                    rx.el.p(value_text.READ_WHY, class_name="text-ink2"),
                    rx.el.div(
                        button(value_text.ENTER, on_click=ValueState.enter(ValueState.seen)),
                    ),
                    class_name="grid gap-3",
                )
            ),
        ),
        id="answer",
        tab_index=-1,
        class_name="grid max-w-page gap-3 empty:hidden scroll-mt-4",
    )


def _entering() -> rx.Component:
    return rx.cond(
        ValueState.desk.may_enter,
        sheet(
            rx.el.form(
                field(
                    ValueState.desk.label,
                    "value",
                    kind="number",
                    hint=ValueState.desk.hint,
                    error=ValueState.errors["value"],
                    max_length=40,
                ),
                rx.el.div(
                    button(value_text.LOOK, kind="secondary", submit=True),
                    button(
                        value_text.NONE_TODAY,
                        kind="secondary",
                        on_click=ValueState.preview_none,
                    ),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=ValueState.preview,
                method="post",
                class_name="grid gap-3",
            )
        ),
    )


def _words() -> rx.Component:
    def line(party_line: PartyLine) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.strong(party_line.name),
                rx.el.span(party_line.value, class_name="text-ink2"),
                class_name="row",
            ),
        )

    return rx.el.section(
        rx.el.h2(value_text.WORDS, class_name="text-h3"),
        shown(
            any_of(ValueState.desk.words),
            rx.el.ul(each(ValueState.desk.words, line), class_name="rows"),
        ),
        rx.cond(ValueState.desk.disputed, notice(ValueState.desk.disputed, tone="brick")),
        class_name="grid max-w-page gap-2",
    )
