"""The state of a citizen's own page."""

from typing import Any

import reflex as rx

from publicmeeting.text import my_page as words
from publicmeeting.ui.citizen.mine import views
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.shell.act import Asking, act, look
from publicmeeting.ui.shell.live import follow, own
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.filing import SpeakFor, speak_for
from publicmeeting.usecases.my_page import my_page, read_notices


class MineState(Asking, rx.State):
    """`/mine/`."""

    open_rows: list[Row] = []
    past_rows: list[Row] = []
    notices: list[views.NoticeView] = []
    older: list[views.NoticeView] = []
    new_notices: str = ""
    persons: list[views.PersonView] = []
    name: str = ""
    identity: str = ""
    mobile: str = ""
    has_draft: bool = False
    says: str = ""

    @rx.event
    async def load(self) -> None:
        """Read everything; what was new is shown as new once, then it has been seen."""
        self.refused, self.says = "", ""
        await self._read()
        if self.new_notices:
            await act(self, read_notices, Nothing)

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow all that happens to this person's requests."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose(self, person: str) -> Any:  # noqa: ANN401 (an event to follow)
        """«For whom?»"""
        await act(self, speak_for, SpeakFor, {"person": str(person)})
        return [MineState.load, MineState.watch]

    async def _reread(self) -> None:
        await self._read()
        self.says = words.CHANGED

    async def _read(self) -> None:
        page = await look(self, my_page, Nothing())
        if page is None:
            self.open_rows, self.past_rows, self.notices, self.older = [], [], [], []
            self.persons = []
            self.name = self.identity = self.mobile = ""
            return
        self.open_rows, self.past_rows = views.request_rows(page.requests, page.now)
        told = views.notice_views(page.notices, page.now)
        self.notices, self.older = told[: views.IN_SIGHT], told[views.IN_SIGHT :]
        self.new_notices = views.new_words(page.notices)
        # One person alone is nothing to choose from.
        served = views.person_views(page.others, page.person_id)
        self.persons = served if len(served) > 1 else []
        self.name, self.identity, self.mobile = page.name, page.identity, page.mobile
        self.has_draft = page.has_draft
