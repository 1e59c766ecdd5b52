"""The administrator's Mondays: nothing is closed that has not been looked at first."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from publicmeeting.ui.city.calendar import views
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.districts.closing import (
    CloseMonday,
    city_calendar,
    close_monday,
    preview_closure,
)

FIELDS = tuple(CloseMonday.model_fields)


@dataclass(frozen=True)
class Ahead(ViewModel):
    """What stands on the page."""

    lines: tuple[views.MondayLine, ...] = ()
    mondays: tuple[Choice, ...] = ()
    seen: views.Result = field(default_factory=views.Result)
    busy: bool = False


class CalendarState(Asking, rx.State):
    """`/city/calendar/`."""

    ahead: Ahead = Ahead()

    lines = VarField[tuple[views.MondayLine, ...]]("ahead")
    mondays = VarField[tuple[Choice, ...]]("ahead")
    seen = VarField[views.Result]("ahead")
    busy = VarField[bool]("ahead")
    _looked_at: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Read the Mondays ahead."""
        self.errors, self.refused, self.done, self.busy = {}, "", "", False
        self._forget()
        await read_rail(self)
        await self._read()

    @background
    async def watch(self) -> None:
        """Seats are given and taken back meanwhile."""
        await follow(self, always("draws"), self._read)

    @rx.event
    async def preview(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Tell what closing the chosen Monday would do."""
        typed = {name: text_of(form.get(name)) for name in FIELDS}
        self._forget()
        self.done = ""
        made = await execute(self, preview_closure, CloseMonday, typed)
        if made is None:
            return None if self.errors else rx.set_focus("refused")
        self._looked_at, self.seen = typed, views.result(made, CloseMonday(**typed))
        return rx.set_focus("result")

    @rx.event
    async def close(self) -> Any:  # noqa: ANN401 (an event to follow)
        """Close exactly what was looked at."""
        if not self._looked_at or self.busy:
            return None
        self.busy = True
        typed = self._looked_at
        made = await execute(self, close_monday, CloseMonday, typed)
        self.busy = False
        self._forget()
        await self._read()
        if made is not None:
            self.done = views.done(made, typed["district"])
        return rx.set_focus("refused")

    def _forget(self) -> None:
        self._looked_at, self.seen = {}, views.Result()

    async def _read(self) -> None:
        found = await query(self, city_calendar, Nothing())
        if found is not None:
            self.lines, self.mondays = tuple(views.lines(found)), views.choices(found)
