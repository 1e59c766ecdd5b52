"""The state of `/verify/`: only the city's own figures; the sums are the browser's."""

import reflex as rx

from publicmeeting.ui.public.verify import views
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.trust import trust


class VerifyState(Asking, rx.State):
    """`/verify/`."""

    risks: list[views.RiskView] = []

    @rx.event
    async def load(self) -> None:
        """The figures of the last eight weeks."""
        seen = await look(self, trust, Nothing())
        if seen is not None:
            self.risks = views.risk_views(seen)
