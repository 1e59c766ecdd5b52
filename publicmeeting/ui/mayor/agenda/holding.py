"""Who holds the coming Monday: chosen by the mayor, shown where there is anybody to choose."""

from dataclasses import dataclass

import reflex as rx

from publicmeeting.domain.roles import Role
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import select
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, try_query
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.deputies import Holder, NameHolder, holders, name_holder


@dataclass(frozen=True)
class Asked(ViewModel):
    """Of which Monday it is asked, who may be named, and who is."""

    title: str = ""
    people: tuple[Choice, ...] = ()
    holder: str = ""


class HoldingState(Asking, rx.State):
    """Part of `/mayor/`; a deputy, and a mayor without one, see nothing of it."""

    asked: Asked = Asked()

    title = VarField[str]("asked")
    people = VarField[tuple[Choice, ...]]("asked")
    holder = VarField[str]("asked")
    _on: str = ""

    @rx.event
    async def load(self) -> None:
        """Read who may hold the coming Monday."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def name(self, form: Form) -> None:
        """Name one of them, or take the day back."""
        chosen = text_of(form.get("account"))
        named = await execute(self, name_holder, NameHolder, account=chosen, monday=self._on)
        await self._read()
        if named is not None:
            who = next((_word(one) for one in named if one.holds), "")
            self.done = agenda_text.HOLDER_DONE.format(who=who)

    async def _read(self) -> None:
        found = await try_query(self, holders, ADay())
        if found is None or all(one.role is Role.MAYOR for one in found.people):
            self.asked = Asked()
            return
        self._on = found.on.isoformat()
        self.title = agenda_text.HOLDER_TITLE.format(day=weekday_day(found.on))
        self.people = tuple(Choice(one.account_id, _word(one)) for one in found.people)
        self.holder = next((one.account_id for one in found.people if one.holds), "")


def _word(one: Holder) -> str:
    return agenda_text.who(one.role, one.name)


def holding() -> rx.Component:
    S = HoldingState  # noqa: N806  (a page's state, as on every page)
    return shown(
        S.title,
        rx.el.form(
            select(
                S.title,
                "account",
                S.people,
                value=S.holder,
                hint=agenda_text.HOLDER_WHY,
                error=S.errors["account"],
                key=S.holder,
            ),
            spoken(
                shown(S.refused, notice(S.refused, tone="brick")), shown(S.done, notice(S.done))
            ),
            button(agenda_text.HOLDER_SEND, kind="secondary", size="sm", submit=True),
            on_submit=S.name,
            method="post",
            class_name="grid justify-items-start gap-3",
        ),
    )
