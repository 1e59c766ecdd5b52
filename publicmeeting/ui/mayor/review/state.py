"""The review of the last weeks; which ones stands in the address."""

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.mayor.review import views
from publicmeeting.ui.mayor.views import Head, head
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.orders.weekly_review import WeeklyReview, weekly_review


class ReviewState(Asking, rx.State):
    """The screen of `/mayor/review/`."""

    head: Head = Head()
    page: views.Page = views.Page()
    _last: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the weeks that the address names."""
        self._last = self.router.url.query_parameters.get("last", "")
        self.refused = ""
        await self._read()

    @background
    async def watch(self) -> None:
        """A promise kept, broken or changed is seen here."""
        await follow(self, own, self._read)

    async def _read(self) -> None:
        seen = await query(self, weekly_review, WeeklyReview(last=self._last))
        if seen is None and self._last and self.refused:
            # An address nobody made: said, and the last weeks are shown instead.
            self._last, self.refused = "", orders_text.REVIEW_UNKNOWN
            seen = await query(self, weekly_review, WeeklyReview())
        if seen is None:
            return
        self.head = head(tehran_day(seen.now), seen.district, seen.now)
        self.page = views.page(seen)
