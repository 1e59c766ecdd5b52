"""Sign-in forms: what stands in them after a route has led back here."""

import reflex as rx

from publicmeeting.domain.people import masked_mobile
from publicmeeting.text.refusals import REFUSALS, refusal
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.usecases.keys import cookie
from publicmeeting.usecases.pending import PENDING, Pending, pending_mobile

DIGITS_MOST = 7


async def waiting_mobile(state: Asking) -> str:
    """The masked mobile this visit has lately asked a code for, or nothing."""
    sealed = cookie(state.router.headers.cookie, PENDING)
    mobile = await look(state, pending_mobile, Pending(sealed=sealed)) if sealed else None
    return masked_mobile(mobile) if mobile else ""


def door_errors(state: rx.State) -> dict[str, str]:
    """The refusal that came back in the address, under its field.

    An address can be written by anybody: only our own sentences and whole numbers are shown.
    """
    query = state.router.url.query_parameters
    key = query.get("e", "")
    numbers: dict[str, object] = {
        name: int(value)
        for name, value in query.items()
        if value.isascii() and value.isdecimal() and len(value) < DIGITS_MOST
    }
    try:
        sentence = refusal(key, **numbers) if key in REFUSALS else ""
    except (KeyError, TypeError):
        return {}
    field = "mobile" if key.startswith("mobile") else "code"
    return {field: sentence} if sentence else {}


class EnterState(Asking, rx.State):
    """The doors of citizens and of officials."""

    sent_to: str = ""

    @rx.event
    async def load(self) -> None:
        """Which form stands open, and what was refused."""
        query = self.router.url.query_parameters
        self.sent_to = "" if query.get("other") else await waiting_mobile(self)
        self.errors = door_errors(self)
