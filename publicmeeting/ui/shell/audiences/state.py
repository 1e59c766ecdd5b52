"""The statement of one Monday: chosen, typed, sent."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.audiences import views
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.meetings.audiences import StateAudiences, my_mondays, state_audiences


class AudiencesState(Asking, rx.State):
    """Part of `/monday/` and of `/mayor/`."""

    lines: list[views.Said] = []
    asked: views.Said = views.Said()
    """The Monday the form is for."""
    busy: bool = False

    @rx.event
    async def load(self) -> None:
        """Read the Mondays; the one that waits for a word is asked about at once."""
        self.errors, self.refused, self.done = {}, "", ""
        self.asked, self.busy = views.Said(), False
        await self._read()
        newest = self.lines[0] if self.lines else None
        if newest is not None and not newest.corrects:
            self.asked = newest

    @rx.event
    async def choose(self, monday: str) -> Any:  # noqa: ANN401 (an event to follow)
        """Open the form of one Monday, or close it."""
        self.errors, self.refused, self.done = {}, "", ""
        one = next((line for line in self.lines if line.monday == monday), None)
        if one is None or monday == self.asked.monday:
            self.asked = views.Said()
            return None
        self.asked = one
        return rx.set_focus("count")

    @rx.event
    async def send(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Say how many they were."""
        one = next((line for line in self.lines if line.monday == self.asked.monday), None)
        if one is None:
            return None
        self.busy = True
        said = await execute(
            self,
            state_audiences,
            StateAudiences,
            monday=one.monday,
            corrects=one.corrects,
            count=text_of(form.get("count")),
        )
        self.busy = False
        if said is None and self.errors:
            return rx.set_focus("count")
        await self._read()
        if said is not None:
            self.asked, self.done = views.Said(), audiences_text.DONE
        else:  # somebody else was quicker: what he said stands under her number now
            same = (line for line in self.lines if line.monday == self.asked.monday)
            self.asked = next(same, one)
        return None

    async def _read(self) -> None:
        found = await query(self, my_mondays, Nothing())
        if found is not None:
            self.lines = views.lines(found.mondays, found.now)
