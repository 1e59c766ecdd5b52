"""The sheet on the table: what is written, chosen and photographed, and not yet issued."""

from dataclasses import replace
from datetime import date

import reflex as rx

from publicmeeting.text import meeting as words
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.mayor.days import Due, Month, is_far, month
from publicmeeting.ui.mayor.meeting import views
from publicmeeting.ui.mayor.meeting.draft import Draft, Laid, image_id, kept, paper_photos


class Writing(rx.State, mixin=True):
    """Fields are the browser's own; the server remembers what was left in them, by visitor."""

    table: views.Table = views.Table()
    laid: Laid = Laid()
    by_photo: bool = False
    papers: list[Photo] = []
    units: list[str] = []
    due: Due = Due()
    month: Month = Month()
    _drafts: dict[str, Draft] = {}
    _today: date | None = None

    @rx.event
    async def keep(self, name: str, value: str) -> None:
        """A text was left: it is remembered, and nothing on the page moves."""
        self._keep(self._draft().with_text(str(name), value))

    @rx.event
    async def write_by(self, how: str) -> None:
        """Type, or lay a photograph of the paper on the sheet."""
        self.by_photo = how == "photo"
        self._keep(replace(self._draft(), by_photo=self.by_photo))

    @rx.event
    async def paper_sent(self, ids: list[str]) -> None:
        """The photograph of the paper has arrived, or was taken back."""
        paper = image_id(ids)
        self.papers = paper_photos(paper, words.PAPER_SAYS)
        self._keep(replace(self._draft(), paper=paper))

    @rx.event
    async def pick_unit(self, unit: str) -> None:
        """Add a unit to those that get an order, or take it out."""
        if unit in {one.value for one in self.table.units}:
            others = [one for one in self.units if one != unit]
            self.units = others if unit in self.units else [*others, unit]
            self._keep(replace(self._draft(), units=tuple(self.units)))

    @rx.event
    async def pick_due(self, day: str) -> None:
        """The last day of the work."""
        self._show_due(str(day))
        self._keep(replace(self._draft(), due=self.due.on))

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    def _visitor(self) -> str:
        """The code at the end of the address."""
        return self.router.url.path.strip("/").rpartition("/")[2]

    def _draft(self) -> Draft:
        return self._drafts.get(self._visitor(), Draft())

    def _keep(self, draft: Draft) -> None:
        self._drafts = kept(self._drafts, self._visitor(), draft)

    def _new_sheet(self) -> None:
        """What was written is an order now."""
        self._keep(replace(self._draft(), text="", reason="", paper="", by_photo=False))
        self._lay(self._draft())

    def _lay(self, draft: Draft) -> None:
        """Put a draft into the fields; a new number makes the browser draw them anew."""
        self.laid = Laid(
            draft.text, draft.reason, draft.refusal, draft.referral, self.laid.number + 1
        )
        self.by_photo, self.papers = draft.by_photo, paper_photos(draft.paper, words.PAPER_SAYS)
        self.units = list(
            views.first_units(self.table.units) if draft.units is None else draft.units
        )
        self._show_due(draft.due or views.default_due(self.table.dues))

    def _show_due(self, day: str) -> None:
        other = views.other_day(day, self.table.dues)
        self.due = Due(day, other, is_far(day, self._today or date.max))
