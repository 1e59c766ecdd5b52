"""The sheet on the table: what is written, chosen and photographed, and not yet issued."""

from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.mayor.days import Due, Month, is_far, month
from publicmeeting.ui.mayor.meeting import choices, views
from publicmeeting.ui.mayor.meeting.draft import (
    WAYS,
    Draft,
    SheetInitial,
    changed,
    draft_of,
    image_id,
    laid_of,
    paper_photos,
)
from publicmeeting.ui.mayor.profile.state import last_part
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.shell.act import Asking, execute, try_query
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    UnfinishedSheet,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.screening.cases import OneCase


class Writing(Asking, rx.State, mixin=True):
    """Fields and strokes are the browser's own and are kept by it (`keeping.js`); what is pressed
    is kept from here."""

    table: views.Table = views.Table()
    laid: SheetInitial = SheetInitial()
    desk: choices.Desk = choices.Desk()
    month: Month = Month()
    _draft: Draft = Draft()
    _aim: str = ""
    """The unit whose own day is being chosen; empty for all of them."""
    _today: date | None = None

    @rx.event
    async def write_by(self, how: str) -> None:
        """Pen, keyboard or camera; what the others have put on the sheet stays."""
        if how in WAYS:
            await self._choose(way=how)

    @rx.event
    async def begun(self, strokes: int) -> None:
        """Something stands on the sheet: that it is empty, or too full, is no longer said."""
        self._not_empty(strokes)

    @rx.event
    async def paper_sent(self, ids: list[str]) -> None:
        """The photograph of the paper has arrived, or was taken back."""
        self._not_empty(len(ids))
        await self._choose(paper=image_id(ids), source="")

    @rx.event
    async def straightened(self, made: str) -> None:
        """A picture made of the photograph takes its place on the sheet."""
        source = self._draft.source or self._draft.paper
        if source:
            await self._choose(paper=image_id([made]), source=source)

    @rx.event
    async def as_it_was(self) -> None:
        """The photograph itself again."""
        if self._draft.source:
            await self._choose(paper=self._draft.source, source="")

    @rx.event
    async def pick_unit(self, unit: str) -> None:
        """Add a unit to those that get an order, or take it out."""
        if unit in {one.value for one in self.table.units}:
            chosen = self.desk.units
            others = tuple(one for one in chosen if one != unit)
            await self._choose(units=others if unit in chosen else (*others, unit))

    @rx.event
    async def toggle_urgent(self) -> None:
        """Before everything else, or in its turn."""
        await self._choose(urgent=not self._draft.urgent)

    @rx.event
    async def aim_at(self, unit: str) -> None:
        """Whose last day the calendar is opened for."""
        self._aim = unit if unit in self.desk.units else ""

    @rx.event
    async def pick_due(self, day: str) -> None:
        """The last day of the work, for every unit."""
        await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_day(self, day: str) -> None:
        """A day of the calendar: for the unit aimed at, or for all."""
        if self._aim:
            await self._choose(dues={**self._draft.dues, self._aim: text_of(day)})
        else:
            await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_due_of(self, unit: str, day: str) -> None:
        """One unit's own last day."""
        if unit in self.desk.units:
            await self._choose(dues={**self._draft.dues, unit: text_of(day)})

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    def _not_empty(self, things: int) -> None:
        if things:
            self.errors = {name: said for name, said in self.errors.items() if name != "note"}

    def _visitor(self) -> str:
        return last_part(self)

    async def _choose(self, **what: Any) -> None:  # noqa: ANN401 (fields of a draft)
        self._draft, texts = changed(self._draft, **what)
        self._show_desk()
        await execute(self, keep_unfinished, KeepUnfinished, code=self._visitor(), fields=texts)

    async def _unfinished(self) -> UnfinishedSheet | None:
        return await try_query(self, unfinished_sheet, OneCase(code=self._visitor()))

    async def _lay(self) -> None:
        """Put what is kept into the fields; a new page makes the browser draw them anew."""
        kept = await self._unfinished()
        if kept is None:
            return
        self._draft, self.laid = draft_of(kept.fields), laid_of(kept.fields, kept.page, kept.owner)
        self._aim = ""
        self._show_desk()

    async def _catch_up(self) -> None:
        """Choose what was chosen in another tab; lay the next sheet if that one is an order now.

        With what one writes is each tab's own affair.
        """
        kept = await self._unfinished()
        if kept is None or not self.laid.page:
            return
        self._draft = replace(draft_of(kept.fields), way=self._draft.way)
        if kept.page != self.laid.page:
            self.laid = laid_of(kept.fields, kept.page, kept.owner)
        self._show_desk()

    def _show_desk(self) -> None:
        draft = self._draft
        suggested = choices.first_units(self.table.units) if self.laid.page <= 1 else ()
        units = suggested if draft.units is None else draft.units
        day = draft.due or choices.default_due(self.table.dues)
        own = {unit: draft.dues.get(unit) or day for unit in units}
        if len(set(own.values())) == 1:
            day = next(iter(own.values()))
        today = self._today or date.max
        other = choices.other_day(day, self.table.dues, today)
        far = any(is_far(one, today) for one in (day, *own.values()))
        due = Due(day, other, far, apart=len(set(own.values())) > 1)
        self.desk = choices.Desk(
            way=draft.way,
            papers=tuple(paper_photos(draft.paper, meeting_text.PAPER_SAYS)),
            is_straight=bool(draft.source),
            units=tuple(units),
            due=due,
            dues=tuple(choices.unit_dues(self.table, own, today)),
            urgent=draft.urgent,
            recap=choices.recap(self.table, units, due, today),
        )
