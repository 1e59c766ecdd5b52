"""The sheet on the table: what is written, chosen and photographed, and not yet issued."""

from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.text import meeting as words
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.mayor.days import Due, Month, is_far, month
from publicmeeting.ui.mayor.meeting import views
from publicmeeting.ui.mayor.meeting.draft import (
    PHOTO,
    WAYS,
    Draft,
    Laid,
    changed,
    draft_of,
    image_id,
    laid_of,
    paper_photos,
)
from publicmeeting.ui.shell.act import Asking, act, glance
from publicmeeting.ui.shell.typed import text_of
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.unfinished import (
    KeepUnfinished,
    UnfinishedSheet,
    keep_unfinished,
    unfinished_sheet,
)


def visitor_of(state: rx.State) -> str:
    """The code at the end of the address."""
    return state.router.url.path.strip("/").rpartition("/")[2]


class Writing(Asking, rx.State, mixin=True):
    """Fields and strokes are the browser's own and are kept by it (`keeping.js`); what is pressed
    is kept from here."""

    table: views.Table = views.Table()
    laid: Laid = Laid()
    way: str = ""
    papers: list[Photo] = []
    is_straight: bool = False
    units: list[str] = []
    due: Due = Due()
    dues: list[views.UnitDue] = []
    urgent: bool = False
    month: Month = Month()
    _draft: Draft = Draft()
    _aim: str = ""
    """The unit whose own day is being chosen; empty for all of them."""
    _today: date | None = None

    @rx.event
    async def write_by(self, how: str) -> None:
        """Pen, keyboard or camera; what the others have put on the sheet stays."""
        if how in WAYS:
            self.way = how
            await self._choose(way=how)

    @rx.event
    async def paper_sent(self, ids: list[str]) -> None:
        """The photograph of the paper has arrived, or was taken back."""
        await self._lay_paper(image_id(ids), "")

    @rx.event
    async def straightened(self, made: str) -> None:
        """A picture made of the photograph takes its place on the sheet."""
        source = self._draft.source or self._draft.paper
        if source:
            await self._lay_paper(image_id([made]), source)

    @rx.event
    async def as_it_was(self) -> None:
        """The photograph itself again."""
        if self._draft.source:
            await self._lay_paper(self._draft.source, "")

    @rx.event
    async def pick_unit(self, unit: str) -> None:
        """Add a unit to those that get an order, or take it out."""
        if unit in {one.value for one in self.table.units}:
            others = [one for one in self.units if one != unit]
            self.units = others if unit in self.units else [*others, unit]
            await self._choose(units=tuple(self.units))

    @rx.event
    async def toggle_urgent(self) -> None:
        """Before everything else, or in its turn."""
        self.urgent = not self.urgent
        await self._choose(urgent=self.urgent)

    @rx.event
    async def aim_at(self, unit: str) -> None:
        """Whose last day the calendar is opened for."""
        self._aim = unit if unit in self.units else ""

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
        if unit in self.units:
            await self._choose(dues={**self._draft.dues, unit: text_of(day)})

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    def _visitor(self) -> str:
        return visitor_of(self)

    async def _choose(self, **what: Any) -> None:  # noqa: ANN401 (fields of a draft)
        self._draft, texts = changed(self._draft, **what)
        self._show_choices()
        await act(self, keep_unfinished, KeepUnfinished, code=self._visitor(), fields=texts)

    async def _lay_paper(self, paper: str, source: str) -> None:
        await self._choose(paper=paper, source=source)
        self._show_paper()

    async def _unfinished(self) -> UnfinishedSheet | None:
        return await glance(self, unfinished_sheet, OneCase(code=self._visitor()))

    async def _lay(self) -> None:
        """Put what is kept into the fields; a new page makes the browser draw them anew."""
        kept = await self._unfinished()
        if kept is None:
            return
        self._draft, self.laid = draft_of(kept.fields), laid_of(kept.fields, kept.page)
        self.way, self.urgent, self._aim = self._draft.way, self._draft.urgent, ""
        self.units = list(
            views.first_units(self.table.units) if self._draft.units is None else self._draft.units
        )
        self._show_paper()
        self._show_choices()

    def _show_paper(self) -> None:
        self.papers = paper_photos(self._draft.paper, words.PAPER_SAYS)
        self.is_straight = bool(self._draft.source)
        if self._draft.paper and not self.way:
            self.way = PHOTO

    def _show_choices(self) -> None:
        day = self._draft.due or views.default_due(self.table.dues)
        own = {unit: self._own_due(unit) for unit in self.units}
        if len(set(own.values())) == 1:
            day = next(iter(own.values()))
        other, today = views.other_day(day, self.table.dues), self._today or date.max
        far = any(is_far(one, today) for one in (day, *own.values()))
        self.due = Due(day, other, far, apart=len(set(own.values())) > 1)
        self.dues = views.unit_dues(self.table, own)

    def _own_due(self, unit: str) -> str:
        """A unit's own day, else the one that holds for all."""
        common = self._draft.due or views.default_due(self.table.dues)
        return self._draft.dues.get(unit) or common
