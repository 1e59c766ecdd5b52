"""The administrator's security events; kind and page stand in the address."""

from typing import Any

import reflex as rx

from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.ui.city.security import views
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.usecases.oversight.security_events import PAGES_MOST, AskEvents, security_events

_DIGITS_MOST = 3


class SecurityState(Asking, rx.State):
    """`/city/security/`."""

    shown: views.Events = views.Events()

    @rx.event
    async def load(self) -> None:
        """Read the page that the address names."""
        await read_rail(self)
        sent = self.router.url.query_parameters
        kind = sent.get("kind", "")
        wanted = AskEvents(
            kind=kind if kind in set(SecurityKind) else "", page=_page(sent.get("page", ""))
        )
        seen = await query(self, security_events, wanted)
        self.shown = views.events(seen) if seen is not None else views.Events()

    @rx.event
    async def choose(self, kind: str) -> Any:  # noqa: ANN401 (an event to follow)
        """Only events of one kind, or all."""
        chosen = text_of(kind)
        return rx.redirect(views.address(chosen if chosen in set(SecurityKind) else ""))


def _page(typed: str) -> int:
    digits = ascii_digits(typed[:_DIGITS_MOST])
    return min(max(int(digits), 1), PAGES_MOST) if digits.isdecimal() else 1
