"""The inbox: the tab and the open case stand in the address, so «back» and reload work."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.orders import unit_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.reflex.var_field import VarField, set_changed
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import Here, background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.staff.desk import views
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step
from publicmeeting.usecases.screening.cases import CasePage, case_page, open_case
from publicmeeting.usecases.screening.inbox import SUBMITTED, TABS, Inbox, inbox


@dataclass(frozen=True)
class Around(ViewModel):
    """What is listed, and why a case could not be opened."""

    which: str = ""
    """Empty until the address has been read: a blank view says nothing, no chosen tab either."""
    case_refused: str = ""


class DeskState(Narrowing, MasterDetailState, rx.State):
    """`/desk/?tab=…&case=…`."""

    title: str = inbox_text.TITLE
    around: Around = Around()
    which = VarField[str]("around")
    case_refused = VarField[str]("around")
    lines: views.Lines = views.Lines()
    case: views.Case = views.Case()
    _district: int = 0
    _in_other_hands: frozenset[str] = frozenset()
    """Addresses of cases that a colleague has lately opened."""

    @background
    async def watch(self) -> None:
        """Follow the work of this official until the page is left."""
        await follow(self, _own_and_case, self._reread)

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Another part of the inbox; an open case stays beside it."""
        if which == self.which:
            return None  # already there: a redirect would undo what is pressed next
        return rx.redirect(views.address(str(which), self.case.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        taken = await execute(self, take_step, TakeStep, typed, code=self.case.code, action=action)
        return self._sentence(taken) if taken is not None else None

    def _rows(self) -> tuple[Row, ...]:
        """Two officers who are done at the same time are not both sent to the same case."""
        free = tuple(row for row in self.lines.rows if row.href not in self._in_other_hands)
        return free if any(not row.chosen for row in free) else self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return inbox_text.NEXT, inbox_text.NO_NEXT

    def _about(self) -> str:
        return self.case.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return inbox_text.TEMPLATES.get(step.action, ())

    def _facts(self) -> dict[str, Any]:
        return {"own_district": self._district}

    def _sentence(self, request: Request) -> str:
        return inbox_text.SENT.format(stage=STAGE[request.stage])

    def _subject(self) -> str:
        return self.router.url.query_parameters.get("case", "")

    def _read_address(self) -> None:
        query = self.router.url.query_parameters
        which = query.get("tab", SUBMITTED)
        if which != self.which:
            self.sought = replace(self.sought, page=0)
        self.which = which if which in TABS else SUBMITTED
        self.case_refused = ""

    async def _read_frame(self) -> None:
        places = await read_rail(self)
        if places is not None:
            title = inbox_text.TITLE if Role.DESK in places.roles else unit_text.REQUESTS
            set_changed(self, title=title)

    async def _read_list(self, chosen: str) -> bool:
        seen = await query(self, inbox, Inbox(which=self.which, **self.sought.narrowed))
        if seen is None:
            return False
        self._show_pages(seen.page, seen.pages)
        self._in_other_hands = frozenset(
            views.address(self.which, one.line.code) for one in seen.lines if one.opened_by_others
        )
        self.lines = views.lines_view(seen, chosen, nothing=self.sought.nothing)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self.case.code)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page = (
            await execute(self, open_case, OneCase, code=key)
            if opening
            else await query(self, case_page, OneCase(code=key))
        )
        if page is not None:
            self._show_case(page)
        return page is not None

    def _gone(self) -> None:
        self.case = replace(self.case, preview="")
        self.done = inbox_text.SENT_AWAY if self.done else ""

    def _show_case(self, seen: CasePage) -> None:
        self.case = views.case_view(seen)
        self._district = seen.request.district
        self._show_steps(tuple(s for s in seen.steps if s.action not in OWN_USE_CASE))

    def _clear(self, refused: str = "") -> None:
        self.case, self.case_refused = views.Case(), refused


async def _own_and_case(here: Here) -> tuple[str, ...]:
    return (*await own(here), f"request:{here.query.get('case', '')}")
