"""The state of the page of rules."""

import reflex as rx

from publicmeeting.ui.public.rules import views
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.line.lane_figures import lane_rates
from publicmeeting.usecases.line.rules import rules_page
from publicmeeting.usecases.public_record.open_risks import district_words


class RulesState(Asking, rx.State):
    """`/rules/`."""

    shelf: views.Shelf = views.Shelf()

    @rx.event
    async def load(self) -> None:
        """Read every version and what became of the asks for lanes."""
        await self._read()

    @background
    async def watch(self) -> None:
        """An announcement shows at once."""
        await follow(self, always("rules", "draws"), self._read)

    async def _read(self) -> None:
        page = await query(self, rules_page, Nothing())
        rates = await query(self, lane_rates, Nothing())
        said = await query(self, district_words, Nothing())
        if page is None or rates is None or said is None:
            return
        self.shelf = views.shelf(page, rates, said)
