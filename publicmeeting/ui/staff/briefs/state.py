"""`/unit/briefs/?part=…&case=…`: what is still to be written, and one matter beside the list."""

from dataclasses import replace
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.text.orders import unit_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import Here, background, follow, own
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.shell.steps.views import step_buttons
from publicmeeting.ui.staff.briefs import views
from publicmeeting.ui.staff.unit.tabs import BRIEFS, PLACES, halves
from publicmeeting.usecases.lifecycle.steps import TakeStep, take_step
from publicmeeting.usecases.orders.briefs import (
    DUE,
    TABS,
    BriefPage,
    Briefs,
    brief_page,
    briefs,
    open_brief,
)
from publicmeeting.usecases.screening.cases import OneCase


class BriefsState(MasterDetailState, rx.State):
    """The screen of `/unit/briefs/`."""

    lines: views.Lines = views.Lines()
    visit: views.Visit = views.Visit()
    _part: str = DUE

    @rx.event
    async def load(self) -> None:
        """Read the list, and open the matter of the address: that is written down."""
        query = self.router.url.query_parameters
        part = query.get("part", DUE)
        self._part = part if part in TABS else DUE
        self.done = self.refused = ""
        code = query.get("case", "")
        if code != self.visit.code:
            self._leave()
        self._draw_anew()
        if await self._read_list(code) and code:
            await self._open(code)

    @background
    async def watch(self) -> None:
        """A seat given, given up, or a brief of a colleague is seen here."""
        await follow(self, _own_and_case, self._reread)

    @rx.event
    async def choose_half(self, which: str) -> Any:  # noqa: ANN401 (an event to follow)
        """The orders instead of the briefs."""
        return rx.redirect(PLACES.get(str(which), PLACES[BRIEFS]))

    @rx.event
    async def choose_part(self, part: str) -> Any:  # noqa: ANN401 (an event to follow)
        """Another part of the briefs; an open matter stays beside it."""
        return rx.redirect(views.address(str(part), self.visit.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        taken = await execute(self, take_step, TakeStep, typed, code=self.visit.code, action=action)
        return unit_text.BRIEF_SENT if taken is not None else None

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return unit_text.BRIEF_NEXT, unit_text.BRIEF_NO_NEXT

    def _about(self) -> str:
        return self.visit.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return inbox_text.TEMPLATES.get(step.action, ())

    def _open_form(self, action: str) -> Any:  # noqa: ANN401 (an event to follow)
        event = super()._open_form(action)
        if self.form.note:
            self.form = replace(
                self.form,
                label=unit_text.BRIEF_WRITE,
                send=unit_text.BRIEF_SEND,
                note_hint=unit_text.BRIEF_HINT,
                note_rows=5,
            )
        return event

    async def _reread(self) -> None:
        code = self.visit.code
        if await self._read_list(code) and code:
            await self._show_again(code)

    async def _read_list(self, chosen: str) -> bool:
        places = await read_rail(self)
        seen = await query(self, briefs, Briefs(which=self._part))
        if seen is None:
            return False
        self.lines = views.lines_view(seen, chosen, halves(places))
        return True

    async def _open(self, code: str) -> None:
        seen = await execute(self, open_brief, OneCase, code=code)
        if seen is None:
            self._leave()
            self.visit, self.refused = views.Visit(refused=self.refused), ""
            return
        self._show(seen)

    async def _show_again(self, code: str) -> None:
        """A matter that is gone from the list stays as it was read, without a button."""
        refused, done = self.refused, self.done
        seen = await query(self, brief_page, OneCase(code=code))
        self.missing, self.refused, self.done = False, refused, done
        if seen is None:
            self.done = done or unit_text.BRIEF_GONE
            self._show_steps(())
            return
        self._show(seen)

    def _show(self, seen: BriefPage) -> None:
        self.visit = views.visit_view(seen)
        write = (
            replace(one, label=unit_text.BRIEF_WRITE, kind="primary")
            for one in step_buttons(seen.steps)
        )
        self._show_buttons(write)

    def _leave(self) -> None:
        self.visit = views.Visit()
        self._close()
        self._show_steps(())


async def _own_and_case(here: Here) -> tuple[str, ...]:
    return (*await own(here), f"request:{here.query.get('case', '')}")
